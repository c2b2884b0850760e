"""The app's registration, its places in the menu and its ears in the worklist."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Cases and their steps."""

    name = "nep.apps.cases"
    label = "cases"
    verbose_name = "Hồ sơ"
