"""The app's registration and its place in the menu."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from nep.foundation.web import navigation


class RecordsConfig(AppConfig):
    """Records and their retention."""

    name = "nep.apps.records"
    label = "records"
    verbose_name = "Hồ sơ lưu"

    def ready(self) -> None:
        """Add files to the menu."""
        navigation.register(
            navigation.NavItem(
                group=navigation.ORDER,
                label=_("Hồ sơ lưu"),
                url_name="records:files",
                icon="layers",
                permission="record.see",
                short=_("Lưu trữ"),
                order=50,
            )
        )
