"""What every service of a declaration needs: the row, its standing, its step, its work."""

import hashlib
import json
from datetime import date, datetime, timedelta
from typing import Any

from nep.apps.conformity import queries
from nep.apps.conformity.models import Declaration, DeclarationStep
from nep.apps.conformity.rules import declaration as law
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.apps.work import services as work
from nep.apps.workcal import queries as workcal
from nep.foundation.journal import services as journal
from nep.kernel.errors import NotFound
from nep.kernel.text import shorten
from nep.kernel.vietnamese import local

SOURCE = "declaration"
DAYS: dict[str, int] = {law.BUILDING: 90, law.APPLIED: 90, law.CONFIRMED: 10, law.DECLARED: 10}
ASKED: dict[str, tuple[str, str]] = {
    law.BUILDING: ("iso_secretary", "Hoàn thiện tài liệu rồi đưa vào áp dụng"),
    law.APPLIED: ("leader", "Xác nhận hiệu lực hệ thống quản lý chất lượng"),
    law.CONFIRMED: ("leader", "Ký quyết định công bố"),
    law.DECLARED: ("iso_secretary", "Gửi thông báo, niêm yết và đăng công bố"),
}
WAITING = "Hoàn thành đánh giá, khắc phục, xem xét để xác nhận hiệu lực"


def locked(actor: Actor, declaration_id: int) -> Declaration:
    """Return a declaration of the actor's agency, locked until the end. Raises NotFound."""
    row = (
        Declaration.objects.select_for_update(of=("self",))
        .filter(pk=declaration_id, agency_id=actor.agency_id)
        .first()
    )
    if row is None:
        raise NotFound()
    return row


def posted_of(row: Declaration) -> frozenset[str]:
    """Return which kinds of postings are written down."""
    return frozenset(row.postings.values_list("kind", flat=True))


def judged(row: Declaration, today: date) -> tuple[law.Declared, law.Standing]:
    """Return a declaration and what the agency has, as rules see them."""
    standing = queries.standing_of(agency_id=row.agency_id, edition=row.edition, today=today)
    return queries.facts_of(row, posted_of(row)), standing


def annex_rows(standing: law.Standing) -> list[dict[str, Any]]:
    """Return the TTHC of the scope as the annex keeps them, in the order of their codes."""
    return [
        {"key": one.key, "code": one.code, "name": one.name, "field": one.field,
         "procedures": list(one.procedures)}
        for one in sorted(standing.lines, key=lambda one: (one.field, one.code, one.name))
    ]  # fmt: skip


def seal_of(*, annex: list, gates: list, text: str, edition: str) -> str:
    """Return the SHA-256 of what was confirmed."""
    said = json.dumps(
        {"annex": annex, "gates": gates, "text": text, "edition": edition},
        sort_keys=True, ensure_ascii=False, separators=(",", ":"),
    )  # fmt: skip
    return hashlib.sha256(said.encode()).hexdigest()


def stepped(actor: Actor | None, row: Declaration, move: str, text: str, now: datetime) -> None:
    """Write a changed declaration with its step and its journal entry."""
    row.changed_at, row.version = now, row.version + 1
    row.save()
    by_id = actor.person_id if actor else None
    DeclarationStep.objects.create(
        declaration=row, move=move, state=row.state, text=text, by_id=by_id, at=now
    )
    journal.record(
        actor_id=by_id, agency_id=row.agency_id, action=f"declaration.{move}",
        object_type="declaration", object_id=row.id, at=now,
        new={"state": row.state, "edition": row.edition}, reason=shorten(text, 1000),
    )  # fmt: skip


def link_of(row: Declaration) -> str:
    """Return the address of a declaration."""
    return f"/cong-bo/{row.id}/"


def end_of(agency_id: int, day: date) -> datetime:
    """Return the moment at which a day's work is due."""
    return workcal.day_end(agency_id=agency_id, day=day)


def due_from(agency_id: int, day: date) -> datetime:
    """Return when work counted to a day is due: that day, or the next working day."""
    return end_of(agency_id, workcal.working_day_from(agency_id=agency_id, day=day))


def item_renew(
    row: Declaration, actor: Actor | None, now: datetime, note: str = "", *, ready: bool = True
) -> None:
    """Close the declaration's work item and put it before who has to do what comes next.

    `ready` False says that evidence is still missing before the head is asked.
    """
    by_id = actor.person_id if actor else None
    if row.item_id is not None:
        work.item_close(batch=None, item_id=row.item_id, at=now, by_id=by_id)
    row.item_id = None
    asked = ASKED.get(row.state)
    if asked is None:
        return
    role, step = asked if ready else ("iso_secretary", WAITING)
    due_on = local(now).date() + timedelta(days=DAYS[row.state])
    row.item_id = work.item_open(
        batch=None, agency_id=row.agency_id, kind="declaration",
        title=f"Công bố phù hợp TCVN ISO 9001:{row.edition}", detail=step, link=link_of(row),
        source_type=SOURCE, source_id=row.id, source_code=queries.code_of(row), opened_at=now,
        due_at=due_from(row.agency_id, due_on), role=role, unit_id=unit_of_role(row.agency_id, role, now),
        step_label=step, note=note[:500],
    )  # fmt: skip


def unit_of_role(agency_id: int, role: str, now: datetime) -> int | None:
    """Return the unit in which a role of the agency is worn today."""
    directory = organization.directory(agency_id=agency_id, today=local(now).date())
    for (code, held), people in sorted(directory.holders.items()):
        if held == role and people:
            unit = directory.unit(code)
            return unit.id if unit else None
    return None
