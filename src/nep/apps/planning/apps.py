"""The app's registration and its places in the menu."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from nep.foundation.web import navigation


class PlanningConfig(AppConfig):
    """Context, scope, policy, risks, opportunities, objectives."""

    name = "nep.apps.planning"
    label = "planning"
    verbose_name = "Hoạch định"

    def ready(self) -> None:
        """Add the registers to the menu."""
        navigation.register(
            navigation.NavItem(
                group=navigation.PLAN,
                label=_("Bối cảnh, chính sách"),
                url_name="planning:context",
                icon="landmark",
                permission="context.see",
                short=_("Bối cảnh"),
                order=42,
            )
        )
        navigation.register(
            navigation.NavItem(
                group=navigation.PLAN,
                label=_("Rủi ro, cơ hội"),
                url_name="planning:risks",
                icon="shield-check",
                permission="risk.see",
                short=_("Rủi ro"),
                order=44,
                under=("/co-hoi/",),
            )
        )
        navigation.register(
            navigation.NavItem(
                group=navigation.PLAN,
                label=_("Mục tiêu chất lượng"),
                url_name="planning:objectives",
                icon="flag",
                permission="objective.see",
                short=_("Mục tiêu"),
                order=46,
            )
        )
