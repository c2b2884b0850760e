"""The app's registration."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Records and their retention."""

    name = "nep.apps.records"
    label = "records"
    verbose_name = "Hồ sơ lưu"
