"""What a new ISO secretary has to know: what is open, what was done, whom to ask."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists

from nep.apps.actions import queries as actions
from nep.apps.conformity.models import IsoYear, SecretaryHandover
from nep.apps.conformity.queries._declaration import register
from nep.apps.conformity.queries._look import Look
from nep.apps.conformity.queries._year import year_page
from nep.apps.conformity.rules import handover as rules
from nep.apps.improvement import queries as improvement
from nep.apps.organization import queries as organization
from nep.apps.organization.queries import person_names
from nep.apps.organization.rules import ROLE_NAMES, Actor
from nep.apps.work import queries as work
from nep.kernel.errors import NotFound
from nep.kernel.vietnamese import date_text

CONTACTS = ("leader", "qmr", "iso_secretary", "auditor", "unit_head", "agency_admin")
MOST = 60


@dataclass(frozen=True, slots=True)
class HandoverLine:
    """A hand-over of the register."""

    id: int
    code: str
    giver: str
    receiver: str
    receiver_id: int
    made_at: datetime
    received_at: datetime | None


@dataclass(frozen=True, slots=True)
class HandoverPage:
    """One hand-over as it was frozen."""

    line: HandoverLine
    content: dict[str, Any]
    remark: str
    seal: str


def handover_content(*, actor: Actor, giver_id: int, today: date) -> dict[str, Any]:
    """Return what would be handed over now, as plain lists of texts and links."""
    look = Look(actor.agency_id, year=today.year, today=today)
    year = year_page(agency_id=actor.agency_id, year=today.year, today=today, look=look)
    declared = register(actor=actor, stand=look)
    return {
        "year": today.year,
        "headline": year.headline,
        "next": year.next.title if year.next else "Không còn việc nào của năm",
        "items": _items(actor, giver_id),
        "open_lines": [
            {"title": one.title, "due": date_text(one.due_on), "state": one.state_name,
             "told": one.told, "url": one.url}
            for one in year.lines if one.state not in {"done", "excluded"}
        ],
        "done_lines": [
            {"title": one.title, "on": date_text(one.done_on) if one.done_on else "",
             "told": one.told}
            for one in year.lines if one.state == "done"
        ],
        "sheets": _sheets(actor, today),
        "actions": _actions(actor, today),
        "declaration": declared.headline,
        "contacts": _contacts(actor.agency_id, today),
        "tour": [{"name": name, "url": url, "why": why} for name, url, why in rules.TOUR],
    }  # fmt: skip


def _items(actor: Actor, giver_id: int) -> list[dict[str, str]]:
    held = work.held_items(agency_id=actor.agency_id, person_id=giver_id)
    return [{"title": one.title, "code": one.source_code, "url": one.link} for one in held[:MOST]]


def _sheets(actor: Actor, today: date) -> list[dict[str, str]]:
    found = improvement.open_sheets(agency_id=actor.agency_id, today=today, limit=MOST)
    return [
        {"title": one.title, "code": one.code, "due": date_text(one.due_on),
         "state": one.state_name, "url": f"/khong-phu-hop/{one.id}/"}
        for one in found
    ]  # fmt: skip


def _actions(actor: Actor, today: date) -> list[dict[str, str]]:
    found = actions.open_of(agency_id=actor.agency_id, today=today, limit=MOST)
    return [
        {"title": one.title, "owner": one.owner, "due": date_text(one.due_on),
         "url": f"/hanh-dong/{one.id}/"}
        for one in found
    ]  # fmt: skip


def _contacts(agency_id: int, today: date) -> list[dict[str, str]]:
    members = organization.members(agency_id=agency_id, today=today)
    found = []
    for role in CONTACTS:
        for one in members:
            if role in one.roles:
                found.append(
                    {"role": ROLE_NAMES[role], "name": one.name,
                     "post": ", ".join(filter(None, (one.position, *one.units[:1])))}
                )  # fmt: skip
    return found


def handovers(*, actor: Actor) -> tuple[HandoverLine, ...]:
    """Return the hand-overs of the agency, newest first."""
    rows = list(SecretaryHandover.objects.filter(agency_id=actor.agency_id).order_by("-made_at"))
    names = person_names(id_ for row in rows for id_ in (row.giver_id, row.receiver_id))
    return tuple(_line(row, names) for row in rows)


def is_new_secretary(*, actor: Actor, year: int) -> bool:
    """Say whether the actor keeps a year that somebody else opened and was never handed over."""
    if "iso_secretary" not in actor.roles:
        return False
    opened = IsoYear.objects.filter(agency_id=actor.agency_id, year=year)
    received = SecretaryHandover.objects.filter(receiver_id=actor.person_id)
    return opened.exclude(opened_by_id=actor.person_id).filter(~Exists(received)).exists()


def handover_page(*, actor: Actor, handover_id: int) -> HandoverPage:
    """Return one hand-over of the agency. Raises NotFound."""
    row = SecretaryHandover.objects.filter(pk=handover_id, agency_id=actor.agency_id).first()
    if row is None:
        raise NotFound()
    names = person_names([row.giver_id, row.receiver_id])
    return HandoverPage(_line(row, names), row.content, row.remark, row.seal)


def _line(row: SecretaryHandover, names: dict[int, str]) -> HandoverLine:
    return HandoverLine(
        row.id, f"BG {row.number:02d}/{row.year}", names.get(row.giver_id, ""),
        names.get(row.receiver_id, ""), row.receiver_id, row.made_at, row.received_at,
    )  # fmt: skip
