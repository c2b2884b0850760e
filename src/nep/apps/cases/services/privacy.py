"""The applicant's data: who sees it is written first; put right as asked; held back from erasing."""

import json
from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from nep.apps.cases.models import (
    Case,
    CaseApplicant,
    CaseCorrection,
    CaseErasure,
    CaseEvent,
    CaseHold,
    CaseLook,
    GivenPaper,
    JointStep,
)
from nep.apps.cases.rules import privacy
from nep.apps.cases.rules.form_fields import SLIP
from nep.apps.cases.rules.masks import mask_name
from nep.apps.cases.services._finding import case_of
from nep.apps.organization.rules import Actor, may
from nep.apps.work import services as work
from nep.foundation.db import new_id
from nep.foundation.journal import services as journal
from nep.kernel.decisions import require
from nep.kernel.errors import Forbidden, Refusal
from nep.kernel.text import clean, clean_lines, fold

_LENGTHS = {"name": 200, "identity": 30, "phone": 30, "email": 120, "address": 300}
_OF_THE_FORM = {"applicant_missing", "reason_missing", "applicant_erased"}


@transaction.atomic
def applicant_look(
    *, actor: Actor, now: datetime, case_id: int, reason: str, way: str = "page"
) -> None:
    """Record that the actor sees the applicant's data of a case in full.

    The same way within some minutes is one row. Raises NotFound; Forbidden;
    Refusal("reason_missing").
    """
    case = case_of(actor, case_id)
    require(may(actor, privacy.SEE))
    require(privacy.decide_look_reason(reason), kind=Refusal)
    _record(case, actor, way, reason, now)


@transaction.atomic
def given_look(*, actor: Actor, now: datetime, given_id: int) -> None:
    """Record that somebody printed a paper given out again, where it names an applicant.

    Whoever calls has asked whether that paper may be seen.
    """
    row = GivenPaper.objects.select_related("case").get(pk=given_id)
    if row.case is not None and row.form != SLIP:
        reason = privacy.WAY_REASONS["receipt"]
        applicant_look(actor=actor, now=now, case_id=row.case.pk, reason=reason, way="receipt")


@transaction.atomic
def joint_look(*, actor: Actor, now: datetime, joint_id: int) -> None:
    """Record that somebody opened a paper handed over with a joint step.

    Whoever calls has asked whether that paper may be seen.
    """
    row = JointStep.objects.select_related("case").get(pk=joint_id)
    _record(row.case, actor, "joint", f"Việc liên thông, {actor.agency_name}".rstrip(", "), now)


def _record(case: Case, actor: Actor, way: str, reason: str, now: datetime) -> None:
    known = CaseLook.objects.filter(case=case, person_id=actor.person_id, way=way)
    if known.filter(at__gt=now - privacy.SAME_LOOK, at__lte=now).exists():
        return
    pk = new_id()
    CaseLook.objects.create(
        id=pk, case=case, agency_id=case.agency_id, person_id=actor.person_id, way=way,
        reason=clean(reason)[:300], at=now,
    )  # fmt: skip
    journal.record(  # without the reason, in which a name may stand
        actor_id=actor.person_id, agency_id=case.agency_id, action=privacy.SEEN,
        object_type="case", object_id=case.pk, at=now, new={"look": pk, "way": way},
    )  # fmt: skip


@transaction.atomic
def applicant_correct(
    *, actor: Actor, now: datetime, case_id: int, values: Mapping[str, str], reason: str
) -> tuple[str, ...]:
    """Put the applicant's data right as the applicant asks; return which fields changed.

    History and journal name the fields, never what they held.
    Raises NotFound; Forbidden; Refusal("applicant_erased", "applicant_missing", "reason_missing").
    Source: Luật Bảo vệ dữ liệu cá nhân số 91/2025/QH15 (quyền chỉnh sửa của chủ thể dữ liệu).
    """
    case = case_of(actor, case_id)
    row = CaseApplicant.objects.select_for_update().filter(pk=case.pk).first()
    decision = privacy.decide_applicant_change(
        actor, is_erased=row is None, name=values.get("name", ""), reason=reason
    )
    said = getattr(decision, "code", "")
    require(decision, kind=Refusal if said in _OF_THE_FORM else Forbidden)
    assert row is not None
    given = {key: clean(values.get(key, ""))[:most] for key, most in _LENGTHS.items()}
    changed = tuple(key for key, value in given.items() if getattr(row, key) != value)
    if not changed:
        return ()
    if {*changed} - {"name"} and CaseErasure.objects.filter(case=case, part="contact").exists():
        raise Refusal(
            "contact_erased",
            "Số định danh, cách liên hệ của người nộp đã xóa theo quy tắc. Chỉ sửa được họ tên.",
        )
    held = {getattr(row, key) for key in _LENGTHS}
    for key in changed:
        setattr(row, key, given[key])
    row.folded = fold(row.name)[:200]
    row.save()
    mask = mask_name(row.name)[:160]
    if mask != case.applicant_mask:
        Case.objects.filter(pk=case.pk).update(applicant_mask=mask, version=F("version") + 1)
        describe_items(case, mask)
    why = clean_lines(reason)
    CaseEvent.objects.create(
        id=new_id(), case=case, kind="applicant_put_right", at=now, actor_id=actor.person_id,
        data=json.dumps({"fields": changed}),
    )  # fmt: skip
    journal.record(
        actor_id=actor.person_id, agency_id=case.agency_id, action="case.applicant_corrected",
        object_type="case", object_id=case.pk, at=now, new={"fields": changed},
        reason=_without(why, held | {*given.values()}),
    )  # fmt: skip
    return changed


def describe_items(case: Case, mask: str) -> None:
    """Let the lines of the worklist say this of the applicant, or nothing."""
    detail = " · ".join(filter(None, (mask, case.tthc_name)))
    corrections = CaseCorrection.objects.filter(case=case).values_list("pk", flat=True)
    work.items_describe(source_type="case", source_ids=[case.pk], detail=detail)
    work.items_describe(source_type="case_correction", source_ids=list(corrections), detail=detail)


def _without(text: str, values: set[str]) -> str:
    """Return a reason with the applicant's own data taken out, for a journal that keeps for ever."""
    for value in sorted(values, key=len, reverse=True):
        if len(value) > 2:
            text = text.replace(value, "…")
    return text


@transaction.atomic
def hold_place(*, actor: Actor, now: datetime, case_id: int, reason: str) -> None:
    """Hold a case back from every erasure: inspection, court, complaint.

    Raises NotFound; Forbidden; Refusal("reason_missing", "held_already").
    """
    case = case_of(actor, case_id)
    require(may(actor, privacy.LOOKS))
    require(privacy.decide_hold_reason(reason), kind=Refusal)
    Case.objects.select_for_update().get(pk=case.pk)  # an erasure has it, or waits for us
    try:
        with transaction.atomic():
            CaseHold.objects.create(
                id=new_id(), case=case, reason=clean_lines(reason)[:600], placed_at=now,
                placed_by_id=actor.person_id,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refusal("held_already", "Hồ sơ này đang được giữ lại rồi.") from error
    journal.record(
        actor_id=actor.person_id, agency_id=case.agency_id, action="case.held",
        object_type="case", object_id=case.pk, at=now, reason=clean_lines(reason)[:600],
    )  # fmt: skip


@transaction.atomic
def hold_lift(*, actor: Actor, now: datetime, case_id: int, reason: str) -> None:
    """Let a held case go on under the rules of erasure.

    Raises NotFound; Forbidden; Refusal("reason_missing", "not_held").
    """
    case = case_of(actor, case_id)
    require(may(actor, privacy.LOOKS))
    require(privacy.decide_hold_reason(reason), kind=Refusal)
    rows = CaseHold.objects.filter(case=case, lifted_at=None)
    if not rows.update(
        lifted_at=now, lifted_by_id=actor.person_id, lift_reason=clean_lines(reason)[:600]
    ):
        raise Refusal("not_held", "Hồ sơ này không được giữ lại.")
    journal.record(
        actor_id=actor.person_id, agency_id=case.agency_id, action="case.hold_lifted",
        object_type="case", object_id=case.pk, at=now, reason=clean_lines(reason)[:600],
    )  # fmt: skip
