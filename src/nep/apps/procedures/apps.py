"""The app's registration and its places in the menu."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from nep.foundation.web import navigation


class ProceduresConfig(AppConfig):
    """Administrative procedures and their processes."""

    name = "nep.apps.procedures"
    label = "procedures"
    verbose_name = "Quy trình"

    def ready(self) -> None:
        """Add the list of procedures to the menu."""
        navigation.register(
            navigation.NavItem(
                group=navigation.ORDER,
                label=_("Quy trình"),
                url_name="procedures:list",
                icon="workflow",
                permission="procedure.see",
                order=10,
            )
        )
