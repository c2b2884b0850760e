"""The app's registration and its places in the menu."""

from django.apps import AppConfig


class ConformityConfig(AppConfig):
    """Matrix, evidence pack, guided year, declaration, adviser."""

    name = "nep.apps.conformity"
    label = "conformity"
    verbose_name = "Phù hợp"
