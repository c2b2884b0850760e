"""A small department that other systems send cases to."""

from datetime import date

import pytest

from nep.apps.cases.services.sources import SourceKey, source_create
from nep.apps.cases.tests.scene import Office, office
from nep.apps.cases.tests.test_fed_import import NOW, in_force_since


@pytest.fixture
def at(db) -> Office:
    """The department with the permit in force all year."""
    found = office()
    in_force_since(date(2026, 1, 5))
    return found


@pytest.fixture
def key(at) -> SourceKey:
    """A source that sends over HTTP, with its key."""
    return source_create(actor=at.actor("admin"), now=NOW, name="Một cửa tỉnh", way="api")
