"""The app's registration and its places in the menu."""

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nep.apps.documents.ports import register_page
from nep.foundation.web import navigation


class ProceduresConfig(AppConfig):
    """Administrative procedures and their processes."""

    name = "nep.apps.procedures"
    label = "procedures"
    verbose_name = "Quy trình"

    def ready(self) -> None:
        """Add the list of procedures to the menu; lend the library the page of a revision."""
        register_page(
            "procedure",
            lambda revision_id: reverse("procedures:revision", args=[revision_id]),
        )
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
