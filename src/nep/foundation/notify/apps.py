"""The app's registration."""

from django.apps import AppConfig


class NotifyConfig(AppConfig):
    """Letters, what was told in them, and calendars by address."""

    name = "nep.foundation.notify"
    label = "notify"
    verbose_name = "Thư báo"
