from django.apps import AppConfig


class WorkConfig(AppConfig):
    """The worklist and its reminders."""

    name = "nep.apps.work"
    label = "work"
    verbose_name = "Việc"
