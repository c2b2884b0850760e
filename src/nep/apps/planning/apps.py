"""The app's registration and its places in the menu."""

from django.apps import AppConfig


class PlanningConfig(AppConfig):
    """Context, scope, policy, risks, opportunities, objectives."""

    name = "nep.apps.planning"
    label = "planning"
    verbose_name = "Hoạch định"
