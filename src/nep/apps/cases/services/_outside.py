"""A step of another agency: its sender records the hand-over and the return."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from nep.apps.cases.rules import acting, statuses
from nep.apps.cases.services._asking import Asked
from nep.apps.cases.services._finding import require_doer
from nep.apps.cases.services._opening import CASE_TABLE, RUN_TABLE, log
from nep.apps.cases.services._standing import lost, standing
from nep.apps.cases.services._steps import StepDone, step_complete
from nep.apps.organization.rules import Actor
from nep.foundation.db import Batch
from nep.foundation.journal import services as journal
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.text import clean_lines


def outside_handed(*, actor: Actor, now: datetime, run_id: int, note: str = "") -> None:
    """Record that the file was handed to the other agency; the step's clock goes on.

    Raises NotFound; Forbidden; Conflict; Refusal("not_outside", "already_handed").
    """
    at = standing(actor=actor, run_id=run_id)
    if at.closed_at is not None:
        raise lost(at)
    signed = require_doer(actor, at)
    require(acting.decide_moving(at.status), kind=Refusal)
    if not at.outside:
        raise Refusal("not_outside", "Bước này do cơ quan mình làm, không phải bước ngoài.")
    if at.handed_at is not None:
        raise Refusal("already_handed", "Đã ghi nhận giao hồ sơ cho cơ quan ngoài rồi.")
    text = clean_lines(note)
    batch = Batch()
    batch.guard(
        CASE_TABLE,
        where={"id": at.case_id, "version": at.version},
        set={"version": at.version + 1, "status": statuses.RUNNING},
    )
    batch.update(RUN_TABLE, where={"id": at.run_id}, set={"handed_at": now})
    log(
        batch, case_id=at.case_id, kind="outside_handed", at=now, actor_id=actor.person_id,
        node=at.node, data={"run": at.run_id, "note": text, **signed},
    )  # fmt: skip
    journal.record(
        actor_id=actor.person_id, agency_id=at.agency_id, action="case.outside_handed",
        object_type="case", object_id=at.case_id, at=now, new={"run": at.run_id}, reason=text,
        batch=batch,
    )  # fmt: skip
    if not batch.flush():
        raise lost(at)


def outside_returned(
    *,
    actor: Actor,
    now: datetime,
    run_id: int,
    outcome: str | None = None,
    note: str = "",
    receiver_id: int | None = None,
    typed: Mapping[str, str] | None = None,
    uploads: Mapping[str, tuple[str, bytes]] | None = None,
    asked: Sequence[Asked] = (),
) -> StepDone:
    """Record that the other agency has answered, and give the case on.

    Raises as `step_complete`; Refusal("not_outside", "not_handed").
    """
    at = standing(actor=actor, run_id=run_id)
    if not at.outside:
        raise Refusal("not_outside", "Bước này do cơ quan mình làm, không phải bước ngoài.")
    if at.handed_at is None and at.closed_at is None:
        raise Refusal("not_handed", "Hãy ghi nhận đã giao hồ sơ cho cơ quan ngoài trước.")
    return step_complete(
        actor=actor, now=now, run_id=run_id, outcome=outcome, note=note, receiver_id=receiver_id,
        typed=typed, uploads=uploads, asked=asked,
    )  # fmt: skip
