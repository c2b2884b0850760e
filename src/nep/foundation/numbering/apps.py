from django.apps import AppConfig


class NumberingConfig(AppConfig):
    """The numbering books."""

    name = "nep.foundation.numbering"
    label = "numbering"
    verbose_name = "Sổ cấp số"
