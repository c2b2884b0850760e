"""The demonstration's play: every turn a case may take is taken through the services, and holds."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from nep.apps.adoption.models import Adoption
from nep.apps.cases.models import (
    Case,
    CaseCorrection,
    CaseExtension,
    CaseLink,
    CaseRating,
    CaseReport,
    FedImport,
    JointStep,
    StepRun,
)
from nep.apps.cases.rules.statuses import DONE, RETURNED, STOPPED, WITHDRAWN
from nep.apps.organization.models import Absence, Person
from nep.apps.procedures.models import Definition
from nep.apps.procedures.queries import procedure_page, proof
from nep.demonstration import build, drawing, fed, turns
from nep.demonstration.internal import build_internal_procedures
from nep.demonstration.year import Year, beginning_of, place_of
from nep.foundation.outbox.worker import drain
from nep.kernel.vietnamese import VN
from tests import world
from tests.invariants import broken

pytestmark = pytest.mark.django_db
ASKS_THE_WARD = "1.002032"  # where the seat moved, the ward looks at it
SMALL = {"finished": 50, "open_now": 20}


def quiet(_: str) -> None:
    """Tell nobody how far it is."""


@pytest.fixture
def now() -> datetime:
    """A working morning of this year."""
    return datetime(2026, 11, 18, 10, 0, tzinfo=VN)


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what befalls few cases of a year befall many of a small one."""
    for name in ("REFUSED", "WITHDRAWN", "EXTENDED"):
        monkeypatch.setattr(turns, name, 0.15)
    for name in ("CORRECTED", "EXTENDED_WHEN_LATE", "TIED", "URGENT"):
        monkeypatch.setattr(turns, name, 0.6)
    for name in ("SKIPPED_SHARE", "REPEATED_SHARE", "OTHER_HANDS_SHARE", "OWN_WORDS_SHARE"):
        monkeypatch.setattr(fed, name, 0.2)


def played(now: datetime) -> dict[str, Any]:
    """Return the three agencies after a small year, by the last part of their code."""
    since, places = beginning_of(now), []
    for number in (world.DEPARTMENT, world.WARD, world.COMMUNE):
        facts = world.agency_facts(number)
        agency_id = world.build(facts, now=since)
        build_internal_procedures(facts, agency_id=agency_id, now=since)
        places.append(place_of(agency_id, facts))
    department = places[0]
    department.procedures = [line for line in department.procedures if line.code == ASKS_THE_WARD]
    commune = places[2]
    export = fed.OneStopExport(commune.facts, commune.calendar, now=now)
    actor = build.actor_with(commune.facts, "reception", agency_id=commune.id, now=now)
    fed.feed(export, actor=actor, since=since, count=24, tell=quiet)
    year = Year(places, now=now, tell=quiet)
    year.plan_arrivals(since=since, **SMALL)
    year.play()
    for place in places:
        build.away(place.facts, agency_id=place.id, now=now)
        build.build_voices(place.facts, agency_id=place.id, now=now)
        build.build_drawing(place.facts, agency_id=place.id, now=now)
    first, *others = [(place.facts, place.id) for place in places]
    build.build_models(first, others, now=now)
    drain(now=now + timedelta(minutes=1))
    return {place.facts["code"]: place for place in places}


def test_a_small_year_meets_every_turn_and_stays_whole(often, now):
    places = played(now)
    followed = Adoption.objects.order_by("id").values_list("number", "model__number")
    assert list(followed) == [(1, 1), (2, 2), (1, 1), (1, 2)]  # one commune has drift to answer
    ours = Case.objects.filter(origin="run", internal=False)
    assert 30 < ours.count() < sum(SMALL.values())  # the commune's share comes from its system
    assert {WITHDRAWN, DONE, RETURNED} <= set(ours.values_list("status", flat=True))
    assert ours.filter(status=STOPPED).exists() or ours.filter(outcome="refused").exists()
    assert ours.filter(urgent=True).exists()
    assert CaseExtension.objects.exists()
    assert CaseLink.objects.exists()
    assert CaseCorrection.objects.exclude(closed_at=None).exists()
    assert JointStep.objects.filter(agency_id=places["H99.131"].id).exists()
    inside = Case.objects.filter(internal=True)
    assert {case.agency_id for case in inside} == {places["H99.12"].id, places["H99.131"].id}
    assert not inside.filter(status=RETURNED).exists()
    assert Absence.objects.count() == 3
    addresses = Person.objects.filter(user__isnull=False).values_list("email", flat=True)
    assert all(address.endswith("@lam-son.example") for address in addresses)
    delivery = FedImport.objects.get(way="api")
    assert (delivery.state, delivery.report["refused"]) == ("done", [])
    assert StepRun.objects.filter(case__origin="fed").exists()
    assert CaseRating.objects.count() > 5
    assert CaseReport.objects.filter(closed_at=None).exists()
    assert CaseReport.objects.exclude(closed_at=None).exists()
    assert [drawn_whole(place, now) for place in places.values()] == [True] * len(places)
    assert list(broken()) == []


def drawn_whole(place: Any, now: datetime) -> bool:
    """Say whether the draft made by drawing has its paper, its dragged place, and no error."""
    drawn = Definition.objects.get(agency_id=place.id, graph__contains=drawing.WORK)
    page = procedure_page(revision_id=drawn.revision_id, agency_id=place.id)
    report = proof(agency_id=place.id, draft=page.draft, tthc=page.tthc, today=now.date())
    return bool(page.draft.paper and page.draft.places) and report.errors == ()
