from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The citizens' pages."""

    name = "nep.apps.portal"
    label = "portal"
    verbose_name = "Cổng công dân"
