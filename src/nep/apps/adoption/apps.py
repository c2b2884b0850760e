"""The app's registration and its place in the menu."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from nep.foundation.web import navigation


class AdoptionConfig(AppConfig):
    """Model procedures."""

    name = "nep.apps.adoption"
    label = "adoption"
    verbose_name = "Quy trình mẫu"

    def ready(self) -> None:
        """Add the library to the menu."""
        navigation.register(
            navigation.NavItem(
                group=navigation.ORDER,
                label=_("Quy trình mẫu"),
                url_name="adoption:library",
                icon="copy",
                permission="model.see",
                short=_("Mẫu"),
                order=14,
            )
        )
