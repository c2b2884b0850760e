"""The worklist as parts beside it see it: they know its port, not its tables."""

from datetime import datetime

from nep.apps.organization import queries as organization
from nep.apps.organization.rules import ROLE_NAMES
from nep.apps.records.ports import HandOver, Held, LeaverGroup
from nep.apps.work import queries
from nep.apps.work import services as work
from nep.kernel.vietnamese import local


class Worklist:
    """Open and close items for whoever holds a role of an agency today."""

    def open(
        self,
        *,
        agency_id: int,
        role: str,
        kind: str,
        title: str,
        detail: str,
        link: str,
        source_type: str,
        source_id: int,
        at: datetime,
        due_at: datetime | None,
    ) -> int | None:
        """Open an item for the unit whose people hold the role; None when nobody holds it."""
        directory = organization.directory(agency_id=agency_id, today=local(at).date())
        codes = [code for (code, held), people in directory.holders.items() if held == role]
        if not codes:
            return None
        unit = directory.unit(sorted(codes)[0])
        return work.item_open(
            batch=None, agency_id=agency_id, kind=kind, title=title, detail=detail, link=link,
            source_type=source_type, source_id=source_id, opened_at=at, due_at=due_at, role=role,
            unit_id=unit.id if unit else None,
        )  # fmt: skip

    def close(self, *, item_id: int, at: datetime, by_id: int | None, done: bool) -> None:
        """Close an item as done, or take it back."""
        finish = work.item_close if done else work.item_withdraw
        finish(batch=None, item_id=item_id, at=at, by_id=by_id)


def _held_work(agency_id: int, person_id: int, now: datetime) -> tuple[Held, ...]:
    """List the open items of a person by role and unit; readings end with the person."""
    units = {unit.id: unit.name for unit in organization.units_of(agency_id)}
    found = []
    for one in queries.held_items(agency_id=agency_id, person_id=person_id):
        if one.kind == "reading":
            continue
        part = ", ".join(
            filter(None, (ROLE_NAMES.get(one.role, ""), units.get(one.unit_id or 0, "")))
        )
        found.append(Held(one.id, one.source_code, one.title, one.link, part))
    return tuple(found)


def _move_work(hand_over: HandOver) -> None:
    for item_id in hand_over.ids:
        work.item_take_over(
            actor=hand_over.by, now=hand_over.at, item_id=item_id,
            receiver_id=hand_over.receiver_id, reason=hand_over.reason,
        )  # fmt: skip


LEAVERS_WORK = LeaverGroup("work", "Việc đang mở", 10, _held_work, _move_work)
