"""A nonconformity is written down: by a person, or by a rule over cases."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from nep.apps.improvement.models import Nonconformity, Subject
from nep.apps.improvement.rules import life
from nep.apps.improvement.services._ground import item_renew, stepped
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor, may
from nep.apps.standards import queries as standards
from nep.foundation.numbering.services import take_number
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.references import Reference
from nep.kernel.text import clean, clean_lines, fold
from nep.kernel.vietnamese import local


@dataclass(frozen=True, slots=True)
class SheetValues:
    """What is written down of a nonconformity.

    `level` is major, minor or empty; `clause` an edition and a number, "2015:8.5.1". `owner_id`
    answers for it, None waits for the ISO secretary to say who. `due_on` is the day until which its
    cause is sought and its actions are laid down.
    """

    title: str
    found_on: date
    due_on: date
    detail: str = ""
    clause: str = ""
    level: str = ""
    unit_id: int | None = None
    owner_id: int | None = None
    potential: bool = False


@transaction.atomic
def nonconformity_open(
    *,
    actor: Actor,
    origin: Reference,
    values: SheetValues,
    now: datetime,
    subjects: Iterable[Reference] = (),
) -> int:
    """Write a nonconformity down with what it comes from and is about; return its id.

    `values.potential` makes it a preventive action of the 2008 edition. Raises Forbidden;
    Refusal(see `decide_open`, "owner_unknown", "unit_unknown", "level_unknown",
    "clause_unknown").
    Source: TCVN ISO 9001:2015 điều 10.2.1; TCVN ISO 9001:2008 điều 8.5.2, 8.5.3.
    """
    require(may(actor, "improvement.report"))
    today = local(now).date()
    require(
        life.decide_open(
            title=values.title, found_on=values.found_on, due_on=values.due_on, today=today
        ),
        kind=Refusal,
    )
    if origin.kind != "audit":  # a finding keeps the clause that it was asked under
        require(standards.decide_clause(values.clause), kind=Refusal)
    unit_id = known_unit(actor.agency_id, values.owner_id, values.unit_id, today)
    if values.level not in life.LEVEL_NAMES:
        raise Refusal("level_unknown", "Hãy chọn mức trong danh sách.", field="level")
    return sheet_write(
        actor, agency_id=actor.agency_id, origin=origin, values=values, unit_id=unit_id, now=now,
        subjects=subjects,
    )  # fmt: skip


def known_unit(
    agency_id: int, owner_id: int | None, unit_id: int | None, today: date
) -> int | None:
    """Return the unit of a sheet: the one chosen, else the owner's first.

    Raises Refusal("owner_unknown", "unit_unknown") for who and what is not of the agency.
    """
    members = {one.id: one for one in organization.members(agency_id=agency_id, today=today)}
    if owner_id is not None and owner_id not in members:
        raise Refusal("owner_unknown", "Hãy chọn người phụ trách trong danh sách.", field="owner")
    if unit_id is not None:
        if unit_id not in {unit.id for unit in organization.units_of(agency_id)}:
            raise Refusal("unit_unknown", "Hãy chọn đơn vị trong danh sách.", field="unit")
        return unit_id
    return min(members[owner_id].unit_ids, default=None) if owner_id is not None else None


def sheet_write(
    actor: Actor | None,
    *,
    agency_id: int,
    origin: Reference,
    values: SheetValues,
    unit_id: int | None,
    now: datetime,
    subjects: Iterable[Reference] = (),
    rule: tuple[str, str] = ("", ""),
) -> int:
    """Write the rows of a new sheet; part of another action or of the worker's round."""
    year = local(now).year
    row = Nonconformity.objects.create(
        agency_id=agency_id, year=year,
        number=take_number(agency_id=agency_id, book="sự không phù hợp", year=year),
        potential=values.potential, level=values.level, clause=clean(values.clause)[:40],
        origin_kind=origin.kind[:20], origin_id=origin.id, origin_title=clean(origin.title)[:400],
        origin_url=origin.url[:200], rule=rule[0], rule_key=rule[1],
        title=clean(values.title)[:400], detail=clean_lines(values.detail),
        folded=fold(values.title)[:500], found_on=values.found_on, due_on=values.due_on,
        unit_id=unit_id, owner_id=values.owner_id,
        reported_by_id=actor.person_id if actor else None, reported_at=now, round_since=now,
        changed_at=now, version=0,
    )  # fmt: skip
    Subject.objects.bulk_create(
        [
            Subject(nonconformity=row, kind=one.kind[:20], ref_id=one.id, title=one.title[:400],
                    url=one.url[:200])
            for one in {(one.kind, one.id): one for one in subjects}.values()
        ],
        batch_size=200,
    )  # fmt: skip
    item_renew(row, actor, now)
    stepped(actor, row, "open", row.title, now)
    return row.id
