from django.apps import AppConfig


class WebConfig(AppConfig):
    """The frame of every page."""

    name = "nep.foundation.web"
    label = "web"
    verbose_name = "Giao diện"
