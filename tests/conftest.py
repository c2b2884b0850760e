"""What the tests that cross apps share."""

import pytest
from django.db import connection
from django.template.backends.django import Template

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


@pytest.fixture
def asked_while_rendering(monkeypatch):
    """Collect the statements that were run while a template rendered."""
    asked: list[tuple[str, str]] = []
    render = Template.render

    def watched(self, context=None, request=None):
        def note(execute, sql, params, many, wrapped):
            asked.append((getattr(self.template, "name", "?"), sql[:120]))
            return execute(sql, params, many, wrapped)

        with connection.execute_wrapper(note):
            return render(self, context, request)

    monkeypatch.setattr(Template, "render", watched)
    return asked
