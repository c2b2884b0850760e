"""A risk whose treatment was too little, or was given up, waits for its owner."""

from datetime import timedelta

import pytest

from nep.apps.actions import services as actions
from nep.apps.organization.tests.scene import NOW
from nep.apps.planning import services
from nep.apps.planning.tests import scene
from nep.apps.work.models import WorkItem
from nep.foundation.outbox.worker import drain

pytestmark = pytest.mark.django_db


def asked(risk_id: int) -> list[tuple[str, int | None, str]]:
    """Return what is open for a risk as (step, person, note)."""
    found = WorkItem.objects.filter(source_type="risk", source_id=risk_id, state=WorkItem.OPEN)
    return list(found.values_list("step_label", "person_id", "note"))


def test_what_is_returned_comes_back_to_the_owner_with_the_reason(agency):
    risk_id = scene.opened(agency)
    scene.rated(agency, risk_id)
    scene.done_and_checked(agency, scene.acted(agency, risk_id))
    drain(now=NOW + timedelta(minutes=1))

    services.risk_return(
        actor=agency.actor("qmr"), risk_id=risk_id, reason="Làm thêm nữa.", now=NOW
    )

    owner = agency.scene.people["lan"]
    assert asked(risk_id) == [("Làm tiếp việc ứng phó rủi ro", owner, "Làm thêm nữa.")]


def test_a_risk_whose_actions_were_all_given_up_asks_for_another(agency):
    risk_id = scene.opened(agency)
    scene.rated(agency, risk_id)
    action_id = scene.acted(agency, risk_id)
    actions.action_cancel(
        actor=agency.actor("thu"), action_id=action_id, reason="Thôi không làm.", now=NOW
    )
    drain(now=NOW + timedelta(minutes=1))

    owner = agency.scene.people["lan"]
    assert asked(risk_id) == [("Lập hành động ứng phó rủi ro", owner, "")]
