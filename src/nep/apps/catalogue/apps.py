"""The app's registration and its place in the menu."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from nep.foundation.web import navigation


class CatalogueConfig(AppConfig):
    """The published TTHC."""

    name = "nep.apps.catalogue"
    label = "catalogue"
    verbose_name = "Danh mục thủ tục"

    def ready(self) -> None:
        """Add the catalogue to the menu."""
        navigation.register(
            navigation.NavItem(
                group=navigation.ORDER,
                label=_("Danh mục thủ tục"),
                url_name="catalogue:entries",
                icon="file-check",
                permission="catalogue.see",
                short=_("Thủ tục"),
                order=12,
            )
        )
