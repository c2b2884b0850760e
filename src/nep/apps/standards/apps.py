"""The app's registration and its place in the menu."""

from django.apps import AppConfig


class StandardsConfig(AppConfig):
    """Editions of the standard."""

    name = "nep.apps.standards"
    label = "standards"
    verbose_name = "Tiêu chuẩn"
