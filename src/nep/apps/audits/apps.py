"""The app's registration and its place in the menu."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from nep.foundation.web import navigation


class AuditsConfig(AppConfig):
    """Internal audits of the QMS."""

    name = "nep.apps.audits"
    label = "audits"
    verbose_name = "Đánh giá nội bộ"

    def ready(self) -> None:
        """Add the programme to the menu."""
        navigation.register(
            navigation.NavItem(
                group=navigation.CHECK,
                label=_("Đánh giá nội bộ"),
                url_name="audits:programme",
                icon="clipboard-check",
                permission="audit.see",
                short=_("Đánh giá"),
                order=56,
            )
        )
