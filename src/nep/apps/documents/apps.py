"""The app's registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from nep.foundation.web import hooks, navigation


class DocumentsConfig(AppConfig):
    """Controlled documents and their revisions."""

    name = "nep.apps.documents"
    label = "documents"
    verbose_name = "Tài liệu"

    def ready(self) -> None:
        """Add the library to the menu and the search to the top bar."""
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
        hooks.search_box(
            hooks.SearchBox(
                url_name="documents:search",
                placeholder=_("Tìm tài liệu, quy trình, văn bản"),
                suggest_url_name="documents:suggest",
            )
        )
