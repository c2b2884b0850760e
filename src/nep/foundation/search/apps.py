"""The app's registration."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """The index that every part may fill and ask."""

    name = "nep.foundation.search"
    label = "search"
    verbose_name = "Tìm kiếm"
