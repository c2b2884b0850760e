"""What the administrator of a province records: the Ministry's guidance, titles not yet official."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from nep.apps.organization.rules import Actor, may
from nep.apps.standards import queries, rules
from nep.apps.standards.models import ClauseLabel, MinistryGuidance
from nep.foundation.journal import services as journal
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.text import clean
from nep.kernel.vietnamese import local


@transaction.atomic
def guidance_record(
    *, actor: Actor, edition: str, number: str, issued_on: date, title: str, now: datetime
) -> int:
    """Record a text of the Ministry that lets the agencies of the province go by an edition.

    Raises Forbidden; Refusal("edition_unknown", "text_missing", "issued_future",
    "guidance_known"). Source: Quyết định 19/2014/QĐ-TTg Điều 4.
    """
    require(may(actor, "province.manage"))
    if queries.edition_facts(edition) is None:
        raise Refusal("edition_unknown", f"Không có bản {edition}.", field="edition")
    shown, name = clean(number)[:80], clean(title)[:400]
    if not shown or not name:
        raise Refusal(
            "text_missing", "Ghi số và trích yếu của văn bản.", field="number" if name else "title"
        )
    if issued_on > local(now).date():
        raise Refusal("issued_future", "Ngày ban hành không được sau hôm nay.", field="issued_on")
    try:
        with transaction.atomic():
            row = MinistryGuidance.objects.create(
                province_id=actor.province_id or 0, edition=edition, number=shown, issued_on=issued_on,
                title=name, recorded_by_id=actor.person_id, recorded_at=now,
            )  # fmt: skip
    except IntegrityError:
        raise Refusal("guidance_known", "Văn bản này đã được ghi nhận.", field="number") from None
    journal.record(
        actor_id=actor.person_id, agency_id=actor.agency_id, action="standard.guidance_recorded",
        object_type="ministry_guidance", object_id=row.id, at=now,
        new={"edition": edition, "number": shown, "issued_on": issued_on},
    )  # fmt: skip
    return row.id


@transaction.atomic
def guidance_withdraw(*, actor: Actor, guidance_id: int, reason: str, now: datetime) -> None:
    """Take a recorded text out again, wrongly recorded or no longer in force.

    What was declared meanwhile stays. Raises Forbidden; NotFound; Refusal("reason_missing").
    """
    require(may(actor, "province.manage"))
    row = (
        MinistryGuidance.objects.select_for_update()
        .filter(pk=guidance_id, province_id=actor.province_id or 0, withdrawn_at=None)
        .first()
    )
    if row is None:
        raise NotFound()
    why = clean(reason)[:600]
    if not why:
        raise Refusal("reason_missing", "Ghi lý do rút văn bản.", field="reason")
    row.withdrawn_at, row.withdrawn_by_id, row.withdraw_reason = now, actor.person_id, why
    row.save()
    journal.record(
        actor_id=actor.person_id, agency_id=actor.agency_id, action="standard.guidance_withdrawn",
        object_type="ministry_guidance", object_id=row.id, at=now, old={"number": row.number},
        reason=why,
    )  # fmt: skip


@transaction.atomic
def label_set(*, actor: Actor, edition: str, number: str, label: str, now: datetime) -> None:
    """Set the Vietnamese title of a clause without an official one; empty takes ours again.

    Raises Forbidden; Refusal(`decide_label`).
    """
    require(may(actor, "province.manage"))
    facts = queries.shipped().editions.get(edition)
    clause = facts.numbers.get(number) if facts else None
    title = clean(label)
    require(rules.decide_label(clause, title), kind=Refusal)
    old = ClauseLabel.objects.filter(edition=edition, number=number).first()
    before = old.label if old else ""
    if title:
        ClauseLabel.objects.update_or_create(
            edition=edition, number=number,
            defaults={"label": title, "changed_by_id": actor.person_id, "changed_at": now},
        )  # fmt: skip
    elif old:
        old.delete()
    queries.forget()
    transaction.on_commit(queries.forget)
    journal.record(
        actor_id=actor.person_id, agency_id=actor.agency_id, action="standard.label_set",
        object_type="clause_label", object_id=f"{edition}:{number}", at=now,
        old={"label": before}, new={"label": title},
    )  # fmt: skip
