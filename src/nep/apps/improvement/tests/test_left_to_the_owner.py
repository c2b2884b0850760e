"""A sheet whose actions were too little, or were all given up, waits for who answers for it."""

from datetime import timedelta

import pytest

from nep.apps.actions import services as actions
from nep.apps.improvement import services
from nep.apps.improvement.tests import scene
from nep.apps.organization.tests.scene import NOW
from nep.apps.work.models import WorkItem
from nep.foundation.outbox.worker import drain

pytestmark = pytest.mark.django_db


def asked(sheet_id: int) -> list[tuple[str, int | None, str]]:
    """Return what is open for a sheet as (step, person, note)."""
    found = WorkItem.objects.filter(
        source_type="nonconformity", source_id=sheet_id, state=WorkItem.OPEN
    )
    return list(found.values_list("step_label", "person_id", "note"))


def test_what_is_returned_comes_back_to_the_owner_with_the_reason(agency):
    sheet_id = scene.opened(agency)
    scene.brought(agency, sheet_id, "acting")
    drain(now=NOW + timedelta(minutes=1))

    services.nonconformity_return(
        actor=agency.actor("thu"), nonconformity_id=sheet_id, reason="Chưa thấy máy in.", now=NOW
    )

    owner = agency.scene.people["toan"]
    assert asked(sheet_id) == [("Làm tiếp hành động khắc phục", owner, "Chưa thấy máy in.")]


def test_a_sheet_whose_actions_were_all_given_up_asks_for_another(agency):
    sheet_id = scene.opened(agency)
    scene.brought(agency, sheet_id, "analysed")
    actions.action_cancel(
        actor=agency.actor("thu"), action_id=scene.acted(agency, sheet_id),
        reason="Không mua máy in nữa.", now=NOW,
    )  # fmt: skip
    drain(now=NOW + timedelta(minutes=1))

    owner = agency.scene.people["toan"]
    assert asked(sheet_id) == [("Lập hành động khắc phục", owner, "")]
