from django.apps import AppConfig

from nep.foundation.web import field_words

field_words.speak()  # before any form is declared


class WebConfig(AppConfig):
    """The frame of every page."""

    name = "nep.foundation.web"
    label = "web"
    verbose_name = "Giao diện"
