"""The demonstration's work that waits, asks three units and calls a sub-procedure."""

from datetime import datetime

import pytest

from nep.apps.cases.models import Case, CaseCall, CaseOpinion, CaseWait, StepRun
from nep.apps.cases.tests.scene import broken as doctor
from nep.demonstration.asking import build_asking
from nep.foundation.outbox.worker import drain
from nep.kernel.vietnamese import VN
from tests import world
from tests.invariants import broken

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 18, 10, 0, tzinfo=VN)


def test_cases_wait_ask_and_call_as_their_drawings_say():
    facts = world.agency_facts(world.DEPARTMENT)
    agency_id = world.build(facts, now=world.BEGINNING, procedures=False)
    build_asking(facts, agency_id=agency_id, now=NOW)
    drain(now=NOW)

    asked = CaseOpinion.objects.filter(case__agency_id=agency_id)
    assert asked.count() == 6 and asked.exclude(answer="").count() == 4
    assert CaseWait.objects.filter(outcome="fired").count() == 1
    assert sorted(CaseCall.objects.values_list("outcome", flat=True)) == ["", "returned"]
    open_runs = StepRun.objects.filter(
        case__agency_id=agency_id, case__internal=True, closed_at=None
    )
    assert sorted(open_runs.values_list("node", flat=True)) == ["b1", "b2", "b2"]
    assert Case.objects.filter(internal=True, finished_at__isnull=False).count() == 3
    assert list(broken()) == [] and doctor() == []
