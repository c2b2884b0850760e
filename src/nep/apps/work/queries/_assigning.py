"""Giving many items at once: who may take them all, with what each holds; and how far it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.apps.work import rules
from nep.apps.work.models import Assignment, WorkItem
from nep.apps.work.queries._rows import open_rows
from nep.apps.work.queries._tally import tally
from nep.kernel.errors import NotFound
from nep.kernel.vietnamese import local

SHOWN = 12


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who may take the items: open items held, those due by the end of the week, those late."""

    id: int
    name: str
    position: str
    open: int
    week: int
    late: int


@dataclass(frozen=True, slots=True)
class AssignmentPage:
    """The items asked for with everybody who holds the roles of all of them today.

    `away` names those of the agency who are away today and are not offered.
    """

    item_ids: tuple[int, ...]
    titles: tuple[tuple[str, str], ...]
    candidates: tuple[Candidate, ...]
    away: tuple[str, ...]
    roles: int

    @property
    def more(self) -> int:
        """Return how many items are not named."""
        return len(self.item_ids) - len(self.titles)


def assignment_page(*, actor: Actor, item_ids: Sequence[int], now: datetime) -> AssignmentPage:
    """Return the open items among these that the actor manages, and who may take them all.

    Loads come from the counts; the least loaded come first.
    """
    asked = list(dict.fromkeys(item_ids))[: rules.MOST_ASSIGNED]
    rows = open_rows().filter(pk__in=asked, agency_id=actor.agency_id).order_by("due_at", "id")
    items = [
        (id_, title, code, unit_id, role)
        for id_, title, code, unit_id, role in rows.values_list(
            "id", "title", "source_code", "unit_id", "role"
        )
        if rules.may_see_list(actor, scope=rules.UNIT, unit_id=unit_id)
    ]
    roles = {(unit_id, role) for *_, unit_id, role in items}
    people = _people_of_all(actor.agency_id, roles, now)
    owners = [("p", person_id) for person_id in people]
    loads = tally(agency_id=actor.agency_id, owners=owners, now=now)
    found = []
    for person_id, (name, position) in people.items():
        groups = loads["p", person_id].groups()
        late = groups.get(rules.LATE, 0)
        week = late + groups.get(rules.TODAY, 0) + groups.get(rules.WEEK, 0)
        found.append(Candidate(person_id, name, position, sum(groups.values()), week, late))
    return AssignmentPage(
        item_ids=tuple(item[0] for item in items),
        titles=tuple((title, code) for _, title, code, *_ in items[:SHOWN]),
        candidates=tuple(sorted(found, key=lambda one: (one.open, one.week, one.name))),
        away=_away(actor.agency_id, now),
        roles=len(roles),
    )


def _people_of_all(
    agency_id: int, roles: set[tuple[int | None, str]], now: datetime
) -> dict[int, tuple[str, str]]:
    codes = {unit.id: unit.code for unit in organization.units_of(agency_id)}
    found: dict[int, tuple[str, str]] | None = None
    for unit_id, role in sorted(roles, key=str):
        people = {
            person.id: (person.name, person.position)
            for person in organization.people_for(
                agency_id=agency_id,
                today=local(now).date(),
                unit_code=(codes.get(unit_id, "") if unit_id else "") if role else None,
                role=role or None,
            )
        }
        found = people if found is None else {k: v for k, v in found.items() if k in people}
    return found or {}


def _away(agency_id: int, now: datetime) -> tuple[str, ...]:
    away = organization.away_today(agency_id=agency_id, today=local(now).date())
    return tuple(
        sorted(f"{one.name} (đến {one.until:%d/%m})" for one in list(away.values())[:SHOWN])
    )


@dataclass(frozen=True, slots=True)
class AssignmentState:
    """How far an assignment has come, and how far it is taken back; `refused` and `kept` pair a
    title with the sentence why."""

    id: int
    total: int
    done: int
    receiver: str
    reason: str
    refused: tuple[tuple[str, str], ...]
    is_finished: bool
    is_undone: bool
    undo_left: int
    kept: tuple[tuple[str, str], ...]
    may_undo: bool

    @property
    def taken_back(self) -> int:
        """Return how many items went back to who held them."""
        return self.done - self.undo_left - len(self.kept)

    @property
    def handled(self) -> int:
        """Return how many items have been looked at."""
        return self.done + len(self.refused)


def assignment_state(*, actor: Actor, assignment_id: int, now: datetime) -> AssignmentState:
    """Return how far an assignment of the actor's has come. Raises NotFound."""
    row = Assignment.objects.filter(
        pk=assignment_id, agency_id=actor.agency_id, by_id=actor.person_id
    ).first()
    if row is None:
        raise NotFound()
    ids = [item_id for item_id, _ in [*row.refused, *row.undo_kept]]
    named = WorkItem.objects.filter(pk__in=ids, agency_id=actor.agency_id)
    titles = {
        id_: f"{title} {code}".strip()
        for id_, title, code in named.values_list("id", "title", "source_code")
    }
    may_undo = rules.decide_undo(
        is_undone=row.undo_at is not None,
        is_late=now - row.started_at > timedelta(hours=rules.UNDO_HOURS),
    )

    def named_of(pairs: list) -> tuple[tuple[str, str], ...]:
        return tuple((titles.get(id_, f"việc {id_}"), why) for id_, why in pairs)

    return AssignmentState(
        row.pk,
        row.total,
        row.done,
        organization.person_names([row.receiver_id]).get(row.receiver_id, ""),
        row.reason,
        named_of(row.refused),
        row.finished_at is not None,
        row.undo_at is not None,
        row.undo_left,
        named_of(row.undo_kept),
        bool(may_undo) and row.done > 0,
    )
