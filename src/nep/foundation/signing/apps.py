from django.apps import AppConfig


class SigningConfig(AppConfig):
    """Digital signatures."""

    name = "nep.foundation.signing"
    label = "signing"
    verbose_name = "Chữ ký số"
