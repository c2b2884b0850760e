"""The app's registration and its places in the menu."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from nep.foundation.web import navigation


class ImprovementConfig(AppConfig):
    """Nonconformity, corrective action, feedback, surveys."""

    name = "nep.apps.improvement"
    label = "improvement"
    verbose_name = "Cải tiến"

    def ready(self) -> None:
        """Add the registers to the menu."""
        navigation.register(
            navigation.NavItem(
                group=navigation.CHECK,
                label=_("Sự không phù hợp"),
                url_name="improvement:register",
                icon="triangle-alert",
                permission="improvement.see",
                short=_("Khắc phục"),
                order=62,
            )
        )
        navigation.register(
            navigation.NavItem(
                group=navigation.CHECK,
                label=_("Phản hồi, khảo sát"),
                url_name="improvement:feedbacks",
                icon="message-square",
                permission="feedback.see",
                short=_("Phản hồi"),
                order=66,
                under=("/khao-sat/",),
            )
        )
