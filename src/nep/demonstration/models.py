"""The province's model procedures: two held out, followed by both communes, one with drift."""

from datetime import datetime, timedelta
from typing import Any

from nep.apps.adoption import services as models
from nep.apps.adoption.services import ModelValues
from nep.apps.organization.rules import Actor
from nep.apps.procedures import queries as procedures
from nep.apps.procedures import services as drafts
from nep.apps.procedures.rules.edits import Edit
from nep.demonstration.procedures import actor_of, actor_with, publish_revision

PUBLISHER = "tinh.quantri"
HELD_OUT = ("QT-NB-01", "QT-NB-02")
CHANGED, STEP, HOURS = "QT-NB-02", "b1", "16"
NOTE = "Sở rút thời gian tổng hợp còn 16 giờ để kế hoạch có trước ngày 28 hằng tháng."
ROLES = {
    "VP/specialist": "VPHD/specialist",
    "VP/unit_head": "VPHD/unit_head",
    "BGD/leader": "LD/leader",
}


def build_models(
    department: tuple[dict[str, Any], int],
    communes: list[tuple[dict[str, Any], int]],
    *,
    now: datetime,
) -> None:
    """Hold two internal procedures of the department out; the communes follow them.

    The second changes: the first commune takes the change over, the other has not answered yet.
    Each agency is given as (facts, id).
    """
    begun = now - timedelta(days=60)
    publisher = actor_of(PUBLISHER, agency_id=department[1], now=begun)
    ids = [_hold_out(publisher, department[1], code, begun) for code in HELD_OUT]
    followed: dict[int, int] = {}
    for facts, agency_id in communes:
        for model_id in ids:
            moment = begun + timedelta(days=2)
            secretary = actor_with(facts, "iso_secretary", agency_id=agency_id, now=moment)
            made = models.model_adopt(actor=secretary, model_id=model_id, roles=ROLES, now=moment)
            _into_force(facts, agency_id, made.revision_id, moment)
            followed[agency_id] = made.adoption_id
    _change(department, now - timedelta(days=6))
    changed_at = now - timedelta(days=5)
    models.edition_publish(
        actor=actor_of(PUBLISHER, agency_id=department[1], now=changed_at), model_id=ids[1],
        note=NOTE, now=changed_at,
    )  # fmt: skip
    facts, agency_id = communes[0]
    answered = now - timedelta(days=3)
    revision_id = models.drift_accept(
        actor=actor_with(facts, "iso_secretary", agency_id=agency_id, now=answered),
        adoption_id=followed[agency_id], now=answered,
    )  # fmt: skip
    _into_force(facts, agency_id, revision_id, answered)


def _hold_out(publisher: Actor, agency_id: int, code: str, now: datetime) -> int:
    version = next(one for one in procedures.procedures_in_force(agency_id) if one.code == code)
    return models.model_publish(
        actor=publisher, source_agency_id=agency_id, revision_id=version.revision_id,
        values=ModelValues(audience="communes", note="Viết một lần cho các xã, phường."), now=now,
    )  # fmt: skip


def _change(department: tuple[dict[str, Any], int], now: datetime) -> None:
    """Bring a shorter step into force where the model comes from."""
    facts, agency_id = department
    version = next(one for one in procedures.procedures_in_force(agency_id) if one.code == CHANGED)
    author = actor_with(facts, "iso_secretary", agency_id=agency_id, now=now)
    revision_id = drafts.procedure_revise(
        actor=author, procedure_id=version.procedure_id, is_new_issue=False, change_note=NOTE,
        now=now,
    )  # fmt: skip
    page = procedures.procedure_page(revision_id=revision_id, agency_id=agency_id)
    drafts.definition_edit(
        actor=author, revision_id=revision_id, expected_version=page.version, now=now,
        edit=Edit("limit", STEP, {"amount": HOURS, "unit": "working_hour"}),
    )  # fmt: skip
    _into_force(facts, agency_id, revision_id, now)


def _into_force(facts: dict[str, Any], agency_id: int, revision_id: int, now: datetime) -> None:
    author, checker, approver = (
        actor_with(facts, role, agency_id=agency_id, now=now)
        for role in ("iso_secretary", "unit_head", "leader")
    )
    publish_revision(revision_id, author, checker, approver, now)
