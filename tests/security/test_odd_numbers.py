"""Numbers that are no key, in every parameter of every page: an answer, never a fault."""

import re
from pathlib import Path

import pytest

from nep.apps.organization.rules import ROLE_NAMES
from nep.foundation.web.access import addresses
from tests import world
from tests.standing import kept

pytestmark = pytest.mark.django_db
SOURCE = Path(__file__).parents[2] / "src" / "nep"
ASKED = re.compile(r"""(?:GET|values|filter|asked|request)\.get(?:list)?\("([a-z0-9_-]+)\"""")
LOGIN = "thu.moiviec"


def build_ward() -> int:
    """Build a ward with cases, and somebody who holds every role."""
    agency = world.agency_facts(world.WARD)
    agency["people"].append(
        {
            "login": LOGIN, "name": "Người Mọi Việc", "unit": agency["people"][0]["unit"],
            "position": "Chuyên viên", "roles": sorted(ROLE_NAMES),
        }
    )  # fmt: skip
    agency_id = world.build(agency)
    world.fill(agency, agency_id)
    return agency_id


ward = kept(build_ward)


def parameters() -> list[str]:
    """Return every name that the product reads from a query string."""
    read = (path.read_text() for path in SOURCE.rglob("*.py") if "tests" not in path.parts)
    return sorted({name for text in read for name in ASKED.findall(text)})


def pages() -> list[str]:
    """Return the addresses without arguments."""
    return sorted(
        {f"/{place}" for place, pattern in addresses()
         if "<" not in place and hasattr(pattern.callback, "permission")}
    )  # fmt: skip


@pytest.mark.parametrize("number", ["9" * 19, "²"], ids=["19 digits", "²"])
def test_a_number_that_is_no_key_is_answered(ward, number):
    client = world.signed_in(LOGIN)
    client.raise_request_exception = False
    names, places = parameters(), pages()
    faults = [
        place
        for place in places
        if client.get(place, dict.fromkeys(names, number)).status_code >= 500
    ]

    assert len(names) > 30 and len(places) > 100
    assert faults == []
