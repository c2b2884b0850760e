"""Two agencies side by side: a ward, and a commune whose every text carries a mark."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from tests import world
from tests.programs import programs_forked as programs_forked
from tests.security import library
from tests.standing import kept

MARK = "ĐÀOHOAKÍN"


@pytest.fixture(autouse=True)
def quick_programs(programs_forked):
    """Fork our own programs; how they are bound is proven where they are kept."""


@pytest.fixture(autouse=True)
def nothing_kept_of_pages(monkeypatch):
    """Keep no copy of what each template was given: nobody here reads it."""
    monkeypatch.setattr("django.test.client.store_rendered_templates", lambda *_, **__: None)


@dataclass(frozen=True)
class Neighbours:
    """What was built: each agency's facts and id."""

    ward: dict[str, Any]
    ward_id: int
    commune: dict[str, Any]
    commune_id: int


def build_neighbours() -> Neighbours:
    """Build both, with people, procedures in force, cases and whatever else an agency holds."""
    ward = world.agency_facts(world.WARD)
    commune = world.marked(world.agency_facts(world.COMMUNE), MARK)
    ward_id = world.build(ward)
    commune_id = world.build(commune, now=world.BEGINNING + timedelta(minutes=1))
    for agency, agency_id in ((ward, ward_id), (commune, commune_id)):
        mark = MARK if agency is commune else ""
        world.fill(agency, agency_id, mark=mark)
        library.stock(agency_id, mark=mark)
    return Neighbours(ward, ward_id, commune, commune_id)


neighbours = kept(build_neighbours)
