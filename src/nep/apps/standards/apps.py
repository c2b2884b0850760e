"""The app's registration and its place in the menu."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from nep.foundation.web import navigation


class StandardsConfig(AppConfig):
    """Editions of the standard."""

    name = "nep.apps.standards"
    label = "standards"
    verbose_name = "Tiêu chuẩn"

    def ready(self) -> None:
        """Add the editions to the menu."""
        navigation.register(
            navigation.NavItem(
                group=navigation.YEAR,
                label=_("Tiêu chuẩn"),
                url_name="standards:tree",
                icon="library",
                permission="standard.set",
                short=_("Tiêu chuẩn"),
                order=95,
            )
        )
