"""What the tests that cross apps share."""

import pytest

from nep.apps.organization import queries as organization
from nep.foundation.accounts import queries as accounts


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Hash the passwords of made-up people cheaply; the real hash is tested in `accounts`."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def nothing_remembered():
    """Start and leave each test without remembered people or values."""
    organization.forget()
    accounts.forget_policy()
    yield
    organization.forget()
    accounts.forget_policy()
