"""The app's registration and its place in the menu."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from nep.foundation.web import navigation


class LegalConfig(AppConfig):
    """External documents."""

    name = "nep.apps.legal"
    label = "legal"
    verbose_name = "Văn bản bên ngoài"

    def ready(self) -> None:
        """Add the register to the menu."""
        navigation.register(
            navigation.NavItem(
                group=navigation.ORDER,
                label=_("Văn bản bên ngoài"),
                url_name="legal:register",
                icon="landmark",
                permission="document.see",
                short=_("Văn bản"),
                order=40,
            )
        )
