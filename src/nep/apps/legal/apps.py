"""The app's registration."""

from django.apps import AppConfig


class LegalConfig(AppConfig):
    """External documents."""

    name = "nep.apps.legal"
    label = "legal"
    verbose_name = "Văn bản bên ngoài"
