"""Officers' sheets as the person, the head of the unit and the head of the agency see them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.conf import settings

from nep.apps.cases.queries import finished
from nep.apps.cases.queries.joint_figures import JointFilter, joint_figures
from nep.apps.organization import queries as organization
from nep.apps.organization.queries import Member
from nep.apps.organization.rules import Actor
from nep.apps.oversight.models import (
    OfficerSheet,
    SheetEntry,
    SheetPeriodClosing,
    SheetTermsEdition,
)
from nep.apps.oversight.rules import sheets as rules
from nep.apps.oversight.rules.periods import Period
from nep.kernel.errors import NotFound
from nep.kernel.text import sort_key
from nep.kernel.vietnamese import local

_STEPS = ("steps", "in_time", "late", "untimed", "returns", "reworks")


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One thing written on a sheet, by whom and when; points are tenths by criterion."""

    act: str
    at: datetime
    by: str
    by_id: int
    points: Mapping[str, int]
    total: int | None
    band: str
    text: str
    evidence: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class SheetPage:
    """One sheet whole: what it is judged by, what the steps say, what everybody wrote.

    `is_top` is the head of the agency, judged above; `is_below` says that the sheet is of an agency
    below the reader's.
    """

    person_id: int
    person: str
    position: str
    units: tuple[str, ...]
    period: Period
    terms: rules.SheetTerms
    state: str
    version: int
    band: str
    points: int | None
    counts: Mapping[str, int]
    entries: tuple[EntryLine, ...]
    roles: frozenset[str]
    is_top: bool
    is_below: bool
    closed_at: datetime | None
    is_period_over: bool

    def newest(self, *acts: str) -> EntryLine | None:
        """Return the newest entry of these acts that gives points."""
        return next((e for e in reversed(self.entries) if e.act in acts and e.points), None)


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One person of the list; totals are tenths, None before they are given; no counts for the
    head of an agency below."""

    person_id: int
    person: str
    position: str
    units: tuple[str, ...]
    state: str
    own: int | None
    proposed: int | None
    decided: int | None
    band: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class SheetList:
    """The sheets of a period that the actor may see, by name, and how the best stand."""

    period: Period
    lines: tuple[SheetLine, ...]
    terms: rules.SheetTerms
    is_head: bool
    bands: tuple[tuple[str, int], ...]
    quota: rules.QuotaCheck
    closed_at: datetime | None
    closed_by: str
    exception: str
    note: str


@dataclass(frozen=True, slots=True)
class TermsChange:
    """One edition of an agency's criteria: since when, by whom, why."""

    since: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class TermsPage:
    """The criteria that sheets opened now are judged by, and how they came to be."""

    terms: rules.SheetTerms
    content: Mapping[str, Any]
    changes: tuple[TermsChange, ...]


def terms_content(*, agency_id: int, at: datetime) -> dict[str, Any]:
    """Return the criteria, bands and quota for sheets that an agency opens at a moment."""
    own = (
        SheetTermsEdition.objects.filter(agency_id=agency_id, since__lte=at)
        .order_by("-since")
        .values_list("content", flat=True)
        .first()
    )
    return own or settings.OFFICER_SHEET


def terms_page(*, actor: Actor, now: datetime) -> TermsPage:
    """Return the criteria of the actor's agency as they hold now."""
    rows = list(
        SheetTermsEdition.objects.filter(agency_id=actor.agency_id, since__lte=now).order_by(
            "-since"
        )
    )
    content = rows[0].content if rows else settings.OFFICER_SHEET
    names = organization.person_names([row.by_id for row in rows])
    changes = tuple(TermsChange(row.since, names.get(row.by_id, ""), row.reason) for row in rows)
    return TermsPage(rules.read_terms(content), content, changes)


def step_counts(
    *, agency_id: int, period: Period, person_id: int | None = None
) -> dict[int, dict[str, int]]:
    """Return the counts of steps and of joint answers by person, of one person or of all."""
    only = {"person_id": person_id} if person_id is not None else None
    done = finished.done_figures(
        agency_ids=[agency_id], months=period.months, by="person", only=only
    )
    joint = joint_figures(
        wanted=JointFilter(period.months, did=agency_id, person_id=person_id), by="person"
    )
    found: dict[int, dict[str, int]] = {}
    for (key,), row in done.items():
        if key:
            found[key] = {name: row[name] for name in _STEPS}
    for key, answers in joint.items():
        counts = found.setdefault(key, dict.fromkeys(_STEPS, 0))
        counts |= {"joint": answers.answered, "joint_late": answers.late}
    for counts in found.values():
        counts.setdefault("joint", 0)
        counts.setdefault("joint_late", 0)
    return found


def member_of(agency_id: int, person_id: int, *, today: date) -> Member | None:
    """Return a person who holds an appointment of the agency today, or None."""
    known = organization.members(agency_id=agency_id, today=today)
    return next((one for one in known if one.id == person_id), None)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person's sheet is kept, and as what the actor stands to it."""

    agency_id: int
    agency: str
    member: Member | None
    roles: frozenset[str]
    is_below: bool


def place_of(actor: Actor, person_id: int, *, period: Period, today: date) -> Place:
    """Return where a person's sheet of a period is kept: in the actor's agency, or for the head of an
    agency directly below it in that one. Raises NotFound where the actor has nothing to do with it.
    """
    member = member_of(actor.agency_id, person_id, today=today)
    agency_id, name, is_below = actor.agency_id, "", False
    is_of_agency = member is not None or _has_sheet(actor.agency_id, person_id, period)
    if not is_of_agency and "leader" in actor.roles:
        for below, title, head in organization.heads_below(agency_id=agency_id, today=today):
            if head.id == person_id and _is_top(head):
                agency_id, name, member, is_below = below, title, head, True
                break
    roles = rules.roles_over(
        actor, person_id=person_id, unit_ids=member.unit_ids if member else (),
        is_of_agency=is_of_agency, is_top=_is_top(member), is_below=is_below,
        has_above=organization.agency(agency_id).parent_id is not None,
    )  # fmt: skip
    if not roles:
        raise NotFound("not_found", "Không tìm thấy phiếu đánh giá này.")
    return Place(agency_id, name, member, roles, is_below)


def _has_sheet(agency_id: int, person_id: int, period: Period) -> bool:
    return OfficerSheet.objects.filter(
        agency_id=agency_id, person_id=person_id, period=period.value
    ).exists()


def _is_top(member: Member | None) -> bool:
    return member is not None and rules.is_top(member.roles, position=member.position)


def sheet_page(*, actor: Actor, person_id: int, period: Period, now: datetime) -> SheetPage:
    """Return a person's sheet of a period, empty before anything was written. Raises NotFound."""
    today = local(now).date()
    place = place_of(actor, person_id, period=period, today=today)
    member, agency_id = place.member, place.agency_id
    sheet = OfficerSheet.objects.filter(
        agency_id=agency_id, person_id=person_id, period=period.value
    ).first()
    content = sheet.terms if sheet else terms_content(agency_id=agency_id, at=now)
    terms = rules.read_terms(content)
    counts = step_counts(agency_id=agency_id, period=period, person_id=person_id)
    closing = SheetPeriodClosing.objects.filter(agency_id=agency_id, period=period.value).first()
    return SheetPage(
        person_id=person_id,
        person=member.name if member else organization.person_names([person_id])[person_id],
        position=member.position if member else "",
        units=(place.agency,) if place.is_below else member.units if member else (),
        period=period,
        terms=terms,
        state=sheet.state if sheet else rules.NEW,
        version=sheet.version if sheet else 0,
        band=_band(terms, sheet.band if sheet else ""),
        points=sheet.points if sheet else None,
        counts=counts.get(person_id, dict.fromkeys(rules.COUNTS, 0)),
        entries=_entries(sheet, terms) if sheet else (),
        roles=place.roles,
        is_top=_is_top(member),
        is_below=place.is_below,
        closed_at=closing.at if closing else None,
        is_period_over=period.months[1] < today.year * 100 + today.month,
    )


def _band(terms: rules.SheetTerms, code: str) -> str:
    band = terms.band(code)
    return band.label if band else code


def _entries(sheet: OfficerSheet, terms: rules.SheetTerms) -> tuple[EntryLine, ...]:
    rows = list(SheetEntry.objects.filter(sheet=sheet).order_by("id"))
    names = organization.person_names([row.by_id for row in rows])
    return tuple(
        EntryLine(
            row.act, row.at, names.get(row.by_id, ""), row.by_id, row.points, row.total,
            _band(terms, row.band), row.text, row.evidence,
        )
        for row in rows
    )  # fmt: skip


def sheet_list(*, actor: Actor, period: Period, now: datetime) -> SheetList:
    """Return the sheets of a period that the actor may see, by name and never by points."""
    today = local(now).date()
    known = {
        sheet.person_id: sheet
        for sheet in OfficerSheet.objects.filter(agency_id=actor.agency_id, period=period.value)
    }
    members = {one.id: one for one in organization.members(agency_id=actor.agency_id, today=today)}
    gone = organization.person_names(known.keys() - members.keys())
    order = [*members, *sorted(gone, key=lambda key: sort_key(gone[key]))]
    counts = step_counts(agency_id=actor.agency_id, period=period)
    totals = _totals([sheet.pk for sheet in known.values()])
    lines = []
    has_above = organization.agency(actor.agency_id).parent_id is not None
    for person_id in order:
        member = members.get(person_id)
        if rules.roles_over(
            actor, person_id=person_id, unit_ids=member.unit_ids if member else (),
            is_of_agency=True, is_top=_is_top(member), has_above=has_above,
        ):  # fmt: skip
            lines.append(
                _line(
                    person_id, member.name if member else gone[person_id], member,
                    known.get(person_id), counts.get(person_id, {}), totals,
                )
            )  # fmt: skip
    if "leader" in actor.roles:
        lines += _below(actor, period, today, known=set(order))
    return _listed(actor, period, now, tuple(lines), list(known.values()))


def _below(actor: Actor, period: Period, today: date, *, known: set[int]) -> list[SheetLine]:
    """Return the heads of the agencies directly below, whom the actor's agency judges."""
    heads = [
        (agency_id, name, head)
        for agency_id, name, head in organization.heads_below(
            agency_id=actor.agency_id, today=today
        )
        if _is_top(head) and head.id not in known
    ]
    rows = OfficerSheet.objects.filter(
        agency_id__in={agency_id for agency_id, _name, _head in heads}, period=period.value
    )
    sheets = {(row.agency_id, row.person_id): row for row in rows}
    totals = _totals([row.pk for row in sheets.values()])
    return [
        replace(
            _line(head.id, head.name, head, sheets.get((agency_id, head.id)), {}, totals),
            units=(name,), counts={},
        )
        for agency_id, name, head in heads
    ]  # fmt: skip


def _line(
    person_id: int, name: str, member: Member | None, sheet: OfficerSheet | None,
    counts: Mapping[str, int], totals: Mapping[tuple[int, str], int],
) -> SheetLine:  # fmt: skip
    key = sheet.pk if sheet else 0
    band = ""
    if sheet is not None and sheet.band:
        found = next((row for row in sheet.terms["band"] if row["code"] == sheet.band), None)
        band = found["label"] if found else sheet.band
    return SheetLine(
        person_id, name, member.position if member else "", member.units if member else (),
        sheet.state if sheet else rules.NEW, totals.get((key, rules.SELF)),
        totals.get((key, rules.PROPOSED)), sheet.points if sheet else None, band,
        {name: counts.get(name, 0) for name in rules.COUNTS},
    )  # fmt: skip


def _totals(sheet_ids: Sequence[int]) -> dict[tuple[int, str], int]:
    rows = SheetEntry.objects.filter(
        sheet_id__in=sheet_ids, act__in=[rules.SELF, rules.PROPOSED]
    ).order_by("id")
    told = rows.values_list("sheet_id", "act", "total")
    return {(key, act): total or 0 for key, act, total in told}  # the newest last


def band_counts(sheets: Sequence[OfficerSheet]) -> Counter[str]:
    """Return how many decided sheets stand in each band."""
    return Counter(sheet.band for sheet in sheets if sheet.state in rules.STANDS)


def _listed(
    actor: Actor, period: Period, now: datetime, lines: tuple[SheetLine, ...],
    sheets: Sequence[OfficerSheet],
) -> SheetList:  # fmt: skip
    terms = rules.read_terms(terms_content(agency_id=actor.agency_id, at=now))
    bands = band_counts(sheets)
    closing = SheetPeriodClosing.objects.filter(
        agency_id=actor.agency_id, period=period.value
    ).first()
    by = organization.person_names([closing.by_id]) if closing else {}
    return SheetList(
        period, lines, terms, "leader" in actor.roles,
        tuple((band.label, bands[band.code]) for band in terms.bands),
        rules.quota_check(terms, bands), closing.at if closing else None,
        by.get(closing.by_id, "") if closing else "", closing.exception if closing else "",
        closing.note if closing else "",
    )  # fmt: skip
