from django.apps import AppConfig


class JournalConfig(AppConfig):
    """The journal's tables and jobs."""

    name = "nep.foundation.journal"
    label = "journal"
    verbose_name = "Nhật ký"
