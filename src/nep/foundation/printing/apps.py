"""The app's registration."""

from django.apps import AppConfig


class PrintingConfig(AppConfig):
    """Papers, sheets and QR codes."""

    name = "nep.foundation.printing"
    label = "printing"
    verbose_name = "In ấn"
