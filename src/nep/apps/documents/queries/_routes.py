"""Routes of approval: whom a revision waits for, and the usual route of a kind."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from nep.apps.documents import rules
from nep.apps.documents.models import RoutePerson, RouteStep, RouteTemplate
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import PERMISSIONS, ROLE_NAMES
from nep.apps.work.queries import open_items_of

STEP_SOURCE = "document_route"


@dataclass(frozen=True, slots=True)
class AskedPerson:
    """Somebody asked at a step; `is_pending` while the answer is awaited now.

    `decided_at` is when the answer was given in this round, None without one.
    """

    id: int
    person_id: int
    name: str
    is_pending: bool
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RouteLine:
    """One step of a revision's route. Its state is done, now or next."""

    id: int
    position: int
    part: str
    needs: str
    due_on: date | None
    done_at: datetime | None
    people: tuple[AskedPerson, ...]
    state: str
    days: int | None = None

    @property
    def part_name(self) -> str:
        """Return what is asked, in words."""
        return rules.PART_NAMES[self.part]

    @property
    def needs_name(self) -> str:
        """Return how many answers it takes, in words; nothing for one person."""
        return rules.NEEDS_NAMES[self.needs] if len(self.people) > 1 else ""

    @property
    def pending_ids(self) -> frozenset[int]:
        """Return whose answer is awaited."""
        return frozenset(one.person_id for one in self.people if one.is_pending)

    @property
    def waiting(self) -> str:
        """Return the names of who is awaited."""
        return ", ".join(one.name for one in self.people if one.is_pending)


def route(*, revision_id: int, is_running: bool = True) -> tuple[RouteLine, ...]:
    """Return the steps of a revision's route in order; the first undone one is "now"."""
    steps = list(RouteStep.objects.filter(revision_id=revision_id).order_by("position"))
    people: dict[int, list[RoutePerson]] = {step.id: [] for step in steps}
    for asked in RoutePerson.objects.filter(step_id__in=list(people)).order_by("id"):
        people[asked.step_id].append(asked)
    names = organization.person_names(one.person_id for all_ in people.values() for one in all_)
    now = next((step.id for step in steps if step.done_at is None), None) if is_running else None
    return tuple(
        RouteLine(
            id=step.id,
            position=step.position,
            part=step.part,
            needs=step.needs,
            due_on=step.due_on,
            done_at=step.done_at,
            people=tuple(
                AskedPerson(
                    one.id, one.person_id, names.get(one.person_id, ""),
                    step.id == now and _is_pending(one.id), one.decided_at,
                )
                for one in people[step.id]
            ),
            state="done" if step.done_at else "now" if step.id == now else "next",
            days=step.days,
        )
        for step in steps
    )  # fmt: skip


def _is_pending(route_person_id: int) -> bool:
    return bool(open_items_of(source_type=STEP_SOURCE, source_id=route_person_id))


def route_template(*, agency_id: int, kind: str) -> tuple[rules.Step, ...]:
    """Return the usual route of a kind; empty when there is none."""
    row = RouteTemplate.objects.filter(agency_id=agency_id, kind=kind).first()
    return _steps(row.steps) if row else ()


def route_templates(agency_id: int) -> dict[str, tuple[tuple[rules.Step, ...], int]]:
    """Return steps and version by kind of every template of the agency."""
    rows = RouteTemplate.objects.filter(agency_id=agency_id)
    return {row.kind: (_steps(row.steps), row.version) for row in rows}


def _steps(stored: list) -> tuple[rules.Step, ...]:
    return tuple(
        rules.Step(
            part=one["part"],
            needs=one["needs"],
            person_ids=tuple(one["person_ids"]),
            days=one.get("days"),
        )
        for one in stored
    )


def people_who_may(
    *, agency_id: int, permission: str, today: date, without: Iterable[int] = ()
) -> tuple[tuple[int, str], ...]:
    """Return (id, "name, position") of who holds a permission today, some people left out."""
    skipped, found = set(without), {}
    for role in sorted(PERMISSIONS.get(permission, ())):
        for person in organization.people_for(agency_id=agency_id, today=today, role=role):
            if person.id not in skipped and person.id not in found:
                post = person.position or ROLE_NAMES.get(role, role)
                found[person.id] = f"{person.name}, {post}"
    return tuple(found.items())


def able_people(*, agency_id: int, today: date) -> dict[str, dict[int, str]]:
    """Return who may hold each part of a route today, with their posts."""
    return {
        part: dict(people_who_may(agency_id=agency_id, permission=permission, today=today))
        for part, permission in rules.PART_PERMISSIONS.items()
    }


def hat_of(
    person_id: int, *, permission: str, agency_id: int, today: date
) -> tuple[str, int | None]:
    """Return role and unit of the person's own hat that gives a permission, ("", None) if none."""
    known = organization.directory(agency_id=agency_id, today=today)
    for (code, role), people in sorted(known.holders.items()):
        if role not in PERMISSIONS.get(permission, ()):
            continue
        if any(one.id == person_id and not one.prefix for one in people):
            unit = known.unit(code)
            return role, unit.id if unit else None
    return "", None
