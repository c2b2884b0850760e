"""A certificate is entered, or taken out of use."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from nep.apps.competence.models import Qualification
from nep.apps.competence.rules import qualifications as rules
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor, may
from nep.foundation.files.services import store
from nep.foundation.journal import services as journal
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.text import clean
from nep.kernel.vietnamese import local

FILE_KINDS = ("pdf", "png", "jpg", "docx")


@dataclass(frozen=True, slots=True)
class QualificationValues:
    """A certificate as it is told; no last day means that it holds on."""

    person_id: int
    kind: str
    course: str
    given_by: str
    given_on: date
    valid_until: date | None = None
    number: str = ""
    file_name: str = ""
    file_data: bytes = b""


@transaction.atomic
def qualification_add(*, actor: Actor, values: QualificationValues, now: datetime) -> int:
    """Enter a certificate of a person of the agency, with its file; return its id.

    Raises Forbidden; Refusal(see `decide_add`, "person_unknown", of the file).
    Source: TCVN ISO 9001:2015 điều 7.2 d.
    """
    require(may(actor, "competence.manage"))
    today = local(now).date()
    require(
        rules.decide_add(
            actor, kind=values.kind, course=values.course, given_by=values.given_by,
            given_on=values.given_on, valid_until=values.valid_until, today=today,
        ),
        kind=Refusal,
    )  # fmt: skip
    known = {one.id for one in organization.members(agency_id=actor.agency_id, today=today)}
    if values.person_id not in known:
        raise Refusal("person_unknown", "Hãy chọn người trong danh sách.", field="person")
    file_id = None
    if values.file_data:
        file_id = store(
            data=values.file_data, name=values.file_name, agency_id=actor.agency_id,
            actor_id=actor.person_id, at=now, kinds=FILE_KINDS,
        ).id  # fmt: skip
    row = Qualification.objects.create(
        agency_id=actor.agency_id, person_id=values.person_id, kind=values.kind,
        course=clean(values.course)[:300], given_by=clean(values.given_by)[:200],
        number=clean(values.number)[:80], given_on=values.given_on,
        valid_until=values.valid_until, file_id=file_id, added_by_id=actor.person_id, added_at=now,
    )  # fmt: skip
    journal.record(
        actor_id=actor.person_id, agency_id=actor.agency_id, action="qualification.add",
        object_type="qualification", object_id=row.id, at=now, old=None,
        new={"person": row.person_id, "kind": row.kind, "course": row.course,
             "valid_until": row.valid_until},
    )  # fmt: skip
    return row.id


@transaction.atomic
def qualification_end(*, actor: Actor, qualification_id: int, reason: str, now: datetime) -> None:
    """Take a certificate out of use from today on, with a reason.

    Raises Forbidden; NotFound; Refusal(see `decide_end`).
    """
    require(may(actor, "competence.manage"))
    row = (
        Qualification.objects.select_for_update(of=("self",))
        .filter(pk=qualification_id, agency_id=actor.agency_id)
        .first()
    )
    if row is None:
        raise NotFound()
    require(rules.decide_end(actor, is_ended=row.ended_on is not None, reason=reason), kind=Refusal)
    row.ended_on, row.ended_by_id = local(now).date(), actor.person_id
    row.end_reason = clean(reason)[:600]
    row.save()
    journal.record(
        actor_id=actor.person_id, agency_id=actor.agency_id, action="qualification.end",
        object_type="qualification", object_id=row.id, at=now, old=None,
        new={"ended_on": row.ended_on}, reason=row.end_reason,
    )  # fmt: skip
