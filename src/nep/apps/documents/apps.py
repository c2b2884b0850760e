"""The app's registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from nep.foundation.web import navigation


class DocumentsConfig(AppConfig):
    """Controlled documents and their revisions."""

    name = "nep.apps.documents"
    label = "documents"
    verbose_name = "Tài liệu"

    def ready(self) -> None:
        """Add the library to the menu."""
        navigation.register(
            navigation.NavItem(
                group=navigation.ORDER,
                label=_("Tài liệu"),
                url_name="documents:library",
                icon="library",
                permission="document.see",
                order=20,
            )
        )
