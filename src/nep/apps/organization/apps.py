from django.apps import AppConfig


class OrganizationConfig(AppConfig):
    """Agencies and the people in them."""

    name = "nep.apps.organization"
    label = "organization"
    verbose_name = "Tổ chức"
