"""The app's registration and its place in the menu."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from nep.foundation.web import navigation


class ActionsConfig(AppConfig):
    """Actions of every origin."""

    name = "nep.apps.actions"
    label = "actions"
    verbose_name = "Hành động"

    def ready(self) -> None:
        """Add the register to the menu."""
        navigation.register(
            navigation.NavItem(
                group=navigation.CHECK,
                label=_("Hành động"),
                url_name="actions:register",
                icon="circle-check",
                permission="action.see",
                order=64,
            )
        )
