"""The app's registration."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Controlled documents and their revisions."""

    name = "nep.apps.documents"
    label = "documents"
    verbose_name = "Tài liệu"
