import pytest

from nep.apps.adoption.tests.scene import Pair, province
from nep.apps.organization import queries as organization
from tests.standing import kept

pair = kept(province)


@pytest.fixture(autouse=True)
def nothing_remembered():
    """Start and leave each test without remembered people."""
    organization.forget()
    yield
    organization.forget()


__all__ = ["Pair", "pair"]
