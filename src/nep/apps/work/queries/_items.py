"""Single items."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from nep.apps.organization import queries as organization
from nep.apps.organization.queries import PersonRow
from nep.apps.organization.rules import Actor
from nep.apps.work import rules
from nep.apps.work.models import UrgentSource, WorkItem
from nep.apps.work.queries._counts import loads_of
from nep.apps.work.queries._rows import COLUMNS, WorkRow, open_rows, row_maker
from nep.kernel.errors import NotFound
from nep.kernel.vietnamese import local
from nep.worktime import Calendar


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """An item as other parts need it."""

    id: int
    agency_id: int
    title: str
    person_id: int | None
    unit_id: int | None
    role: str
    due_at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class Receiver:
    """A person an item may be handed to."""

    id: int
    name: str
    position: str
    load: int


@dataclass(frozen=True, slots=True)
class ItemPage:
    """One open item with those who may take it over."""

    row: WorkRow
    started_at: datetime
    limit_minutes: int | None
    holder: str
    unit: str
    receivers: tuple[Receiver, ...]
    may_hand_over: bool


def item(*, actor: Actor, item_id: int, now: datetime, calendar: Calendar) -> ItemPage:
    """Return an open item that the actor may see.

    Raises NotFound.
    """
    values = WorkItem.objects.filter(pk=item_id, agency_id=actor.agency_id).values_list(
        "state", *COLUMNS
    )
    found = values.first()
    if found is None or found[0] != WorkItem.OPEN:
        raise NotFound("item_closed", "Việc này đã xong hoặc không thuộc danh sách của bạn.")
    facts = dict(zip(COLUMNS, found[1:], strict=True))
    holding = rules.Holding(
        actor.agency_id, facts["person_id"], facts["unit_id"], facts["role"], True
    )
    if not rules.may_see_item(actor, holding):
        raise NotFound()
    make = row_maker(now=now, calendar=calendar, own_path=lambda id_: f"/viec/{id_}/cach-tinh/")
    units = {unit.id: unit for unit in organization.units_of(actor.agency_id)}
    unit = units.get(facts["unit_id"])
    people = able_to_hold(
        agency_id=actor.agency_id, unit_id=facts["unit_id"], role=facts["role"], now=now
    )
    others = [person for person in people if person.id != facts["person_id"]]
    names = organization.person_names([facts["person_id"]])
    return ItemPage(
        row=make(*found[1:]),
        started_at=facts["started_at"],
        limit_minutes=facts["limit_minutes"],
        holder=names.get(facts["person_id"], ""),
        unit=unit.name if unit else "",
        receivers=_receivers(actor.agency_id, others),
        may_hand_over=_may_hand_over(actor, holding, others),
    )


def able_to_hold(
    *, agency_id: int, unit_id: int | None, role: str, now: datetime
) -> tuple[PersonRow, ...]:
    """Return who may hold an item today: the holders of its role in its unit, or anybody of the
    agency where it asks for no role."""
    codes = {unit.id: unit.code for unit in organization.units_of(agency_id)}
    return organization.people_for(
        agency_id=agency_id,
        today=local(now).date(),
        unit_code=codes.get(unit_id or 0, "") if role else None,
        role=role or None,
    )


def _receivers(agency_id: int, people: list[PersonRow]) -> tuple[Receiver, ...]:
    loads = loads_of(agency_id=agency_id, person_ids=[person.id for person in people])
    found = [Receiver(p.id, p.name, p.position, loads[p.id]) for p in people]
    return tuple(sorted(found, key=lambda one: one.load))


def _may_hand_over(actor: Actor, holding: rules.Holding, others: list[PersonRow]) -> bool:
    if not others:
        return False
    decision = rules.decide_hand_over(
        actor, holding, receiver_id=others[0].id, receiver_fits=True, reason="đủ năm chữ"
    )
    return bool(decision)


def open_items_of(*, source_type: str, source_id: int) -> tuple[ItemFacts, ...]:
    """Return the open items of one source, oldest first."""
    rows = open_rows().filter(source_type=source_type, source_id=source_id).order_by("id")
    return tuple(
        ItemFacts(r.id, r.agency_id, r.title, r.person_id, r.unit_id, r.role, r.due_at, r.version)
        for r in rows
    )


def words_of(*, source_type: str, source_ids: Collection[int]) -> dict[int, list[str]]:
    """Return what people wrote beside the work of sources: notes, why it is urgent."""
    mine = {"source_type": source_type, "source_id__in": list(source_ids)}
    found: dict[int, list[str]] = {}
    for rows, column in ((WorkItem.objects.all(), "note"), (UrgentSource.objects.all(), "reason")):
        for source_id, text in (
            rows.filter(**mine).exclude(**{column: ""}).values_list("source_id", column)
        ):
            found.setdefault(source_id, []).append(text)
    return found


@dataclass(frozen=True, slots=True)
class HeldItem:
    """An open item of a person, as a hand-over of everything lists it."""

    id: int
    kind: str
    title: str
    source_code: str
    link: str
    unit_id: int | None
    role: str


def held_items(*, agency_id: int, person_id: int) -> tuple[HeldItem, ...]:
    """Return everything open that a person holds in an agency, oldest first."""
    rows = open_rows().filter(agency_id=agency_id, person_id=person_id).order_by("id")
    return tuple(
        HeldItem(r.id, r.kind, r.title, r.source_code, r.link, r.unit_id, r.role) for r in rows
    )
