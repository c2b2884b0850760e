"""What the adviser looks at, and what it asks an agency's own people to look at again."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings

from nep.apps.actions import queries as actions
from nep.apps.audits import queries as audits
from nep.apps.cases.queries import finished
from nep.apps.conformity.rules import adviser as rules
from nep.apps.documents import queries as documents
from nep.apps.improvement import queries as improvement
from nep.apps.organization.rules import Actor
from nep.apps.planning import queries as planning
from nep.apps.reviews import queries as reviews
from nep.kernel.references import Approval, Wording
from nep.kernel.vietnamese import VN, local

SINCE = timedelta(days=365)
MOST = 300
AUDIT_YEARS = 3
WHOLE = frozenset({"leader", "iso_secretary", "qmr", "auditor"})


@dataclass(frozen=True, slots=True)
class AdviserPage:
    """What asks to be looked at again, and the rules looked by."""

    headline: str
    hints: tuple[rules.Hint, ...]
    known: tuple[tuple[str, str, str], ...]
    is_whole: bool


def adviser_page(*, actor: Actor, today: date) -> AdviserPage:
    """Return the questions of the agency; who leads a unit sees those of the unit and the common
    ones, who keeps the system all of them."""
    shipped = settings.ISO_YEAR["adviser"]
    found = rules.hints(facts_of(actor=actor, today=today), shipped)
    is_whole = bool(actor.roles & WHOLE)
    if not is_whole:
        found = tuple(one for one in found if one.unit_id is None or one.unit_id in actor.unit_ids)
    return AdviserPage(
        rules.headline(len(found)), found,
        tuple((one["label"], one["source"], one["verified"]) for one in shipped.values()), is_whole,
    )  # fmt: skip


def facts_of(*, actor: Actor, today: date) -> rules.Facts:
    """Return what the adviser looks at: the last year of documents, plans, sheets, actions, audits and
    reviews."""
    sheets = improvement.sheets_since(
        agency_id=actor.agency_id, since=today - SINCE, today=today, limit=MOST
    )
    since = datetime.combine(today - SINCE, time(), VN)
    own: dict[str, Any] = {"agency_id": actor.agency_id, "since": since}
    written = [
        Wording(place, text, f"/khong-phu-hop/{one.id}/", one.unit_id)
        for one in sheets
        for place, text in (("nguyên nhân", one.cause), ("sự khắc phục", one.correction))
        if text
    ]
    decided, concluded = reviews.signs_of(**own)
    return rules.Facts(
        approved=(
            *_approved(actor.agency_id, today), *planning.approvals_of(**own),
            *audits.approvals_of(**own), *decided,
        ),
        written=(
            *written, *planning.wordings_of(**own), *audits.wordings_of(**own),
            *concluded,
        ),
        ended=_ended(actor, today), audits=_audits(actor.agency_id, today),
    )  # fmt: skip


def _approved(agency_id: int, today: date) -> tuple[Approval, ...]:
    return tuple(
        Approval(one.title, one.url, one.submitted_at, one.approved_at, one.unit_id)
        for one in documents.approvals_of(agency_id=agency_id, since=today - SINCE)
    )


def _ended(actor: Actor, today: date) -> tuple[rules.Ended, ...]:
    found = actions.done_since(agency_id=actor.agency_id, since=today - SINCE, today=today)
    return tuple(
        rules.Ended("hành động", one.due_on, local(one.done_at).date(), one.unit_id)
        for one in found
        if one.done_at
    )


def _audits(agency_id: int, today: date) -> tuple[rules.AuditYear, ...]:
    years = range(today.year, today.year - AUDIT_YEARS, -1)
    held = audits.held_years(agency_id=agency_id, since=years[-1])
    late: Counter[int] = Counter()
    months = finished.ended_figures(
        agency_ids=[agency_id], months=(years[-1] * 100 + 1, years[0] * 100 + 12), by="month",
        light=True,
    )  # fmt: skip
    for (month,), ended in months.items():
        late[month // 100] += ended["late"]
    return tuple(_audit_year(year, held.get(year), late[year]) for year in years)


def _audit_year(year: int, held: audits.HeldYear | None, late: int) -> rules.AuditYear:
    return rules.AuditYear(
        year=year, starts=held.starts if held else (), findings=held.findings if held else 0,
        late=late, held=held is not None,
    )  # fmt: skip
