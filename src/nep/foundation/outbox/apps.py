from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class OutboxConfig(AppConfig):
    """The queue; at start it finds every app's subscribers and jobs."""

    name = "nep.foundation.outbox"
    label = "outbox"
    verbose_name = "Hàng đợi"

    def ready(self):
        autodiscover_modules("subscribers", "jobs")
