from django.apps import AppConfig


class FilesConfig(AppConfig):
    """The stored files."""

    name = "nep.foundation.files"
    label = "files"
    verbose_name = "Tệp"
