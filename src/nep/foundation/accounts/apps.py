from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Accounts and what guards them."""

    name = "nep.foundation.accounts"
    label = "accounts"
    verbose_name = "Tài khoản"
