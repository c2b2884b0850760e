"""What a person is told outside the system: lines of a letter, entries of a calendar.

Letters and calendars leave the house, so their words hold codes, steps and procedures only: never
an item's note, and of a case never its detail, which begins with the applicant.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import F, Max, Q, QuerySet

from nep.apps.organization import queries as organization
from nep.apps.organization.queries import Reachable, StandIn
from nep.apps.work import ports, rules
from nep.apps.work.models import WorkItem
from nep.apps.work.queries._rows import open_rows
from nep.foundation.db import Lookup
from nep.foundation.notify import queries as notify
from nep.foundation.notify.queries import WaitingLine
from nep.foundation.notify.rules import AFTER, NEW, ON, Values, line_key, occasion
from nep.kernel.vietnamese import local
from nep.worktime import OutsideCalendar, due_words, duration_words, remaining

MOST = 500
RETURNED = "Bị trả lại"
SECTIONS: dict[str, tuple[str, str]] = {
    "late": ("Đã quá hạn", "việc quá hạn"),
    "today": ("Đến hạn hôm nay", "việc đến hạn hôm nay"),
    "soon": ("Sắp đến hạn", "việc sắp đến hạn"),
    "handed": ("Mới bàn giao cho bạn", "việc mới bàn giao"),
    "returned": ("Bản thảo bị trả lại", "bản thảo bị trả lại"),
    "reading": ("Tài liệu cần đọc", "tài liệu cần đọc"),
    "new": ("Việc mới", "việc mới"),
}
_COLUMNS = (
    "id", "agency_id", "kind", "title", "detail", "link", "source_type", "source_id",
    "source_code", "step_label", "unit_id", "role", "opened_at", "due_at", "paused",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OutsideRow:
    """An open item as it may be told outside; `about` is its subject, `acting` whom one replaces."""

    id: int
    agency_id: int
    kind: str
    what: str
    about: str
    acting: str
    link: str
    step_label: str
    opened_at: datetime
    due_at: datetime | None
    paused: bool


@dataclass(frozen=True, slots=True)
class TellLine:
    """One line of a letter under one of `SECTIONS`, with every key that it tells."""

    section: str
    keys: tuple[str, ...]
    what: str
    about: str
    when: str
    link: str
    due_at: datetime | None


def lines_for(
    person: Reachable,
    *,
    now: datetime,
    kinds: Set[str],
    values: Values,
    lent: Iterable[StandIn] = (),
    waiting: Iterable[WaitingLine] = (),
    resting: Set[int] = frozenset(),
) -> tuple[TellLine, ...]:
    """Return what of these kinds a letter has not told the person yet, the most urgent first.

    `lent` are the hats of people who are away today: theirs is told to who acts for them, or who
    can hand it over. `resting` are the agencies from which the person is away.
    """
    handed = {line.item_id: line.key for line in waiting if line.kind == "handed"}
    reasons: list[tuple[OutsideRow, list[tuple[str, str]]]] = []
    for row in _rows(person, now, kinds, values, tuple(lent), tuple(handed)):
        if row.agency_id in resting:
            continue
        found = list(_reasons(row, now, kinds, values, handed.get(row.id)))
        if found:
            reasons.append((row, found))
    told = notify.told_keys(person.person_id, [key for _row, keys in reasons for _s, key in keys])
    order = list(SECTIONS)
    lines = []
    for row, found in reasons:
        fresh = [(section, key) for section, key in found if key not in told]
        if fresh:
            section = min((section for section, _key in fresh), key=order.index)
            lines.append(_line(row, section, tuple(key for _s, key in fresh), person, now))
    late = datetime.max.replace(tzinfo=now.tzinfo)
    return tuple(sorted(lines, key=lambda one: (order.index(one.section), one.due_at or late)))


def _rows(
    person: Reachable,
    now: datetime,
    kinds: Set[str],
    values: Values,
    lent: tuple[StandIn, ...],
    handed: tuple[int, ...],
) -> list[OutsideRow]:
    """Return a person's items, those of their roles that nobody took, and of whom they replace."""
    near = Q(due_at__lte=now + timedelta(days=2 * values.before_days + 14), paused=False)
    since = now - timedelta(days=values.new_days)
    given = {
        (one.agency_id, one.unit_id, one.role) for one in lent if one.giver_id == person.person_id
    }
    wanted = near if kinds & {"late", "soon", "reading"} else Q(pk__in=())
    if kinds & {"returned", "reading", "new"}:
        wanted |= Q(opened_at__gte=since)
    mine = open_rows().filter(person_id=person.person_id)
    found = [
        (values_, "")
        for values_ in _read(mine.filter(wanted | Q(pk__in=handed)))
        if (values_["agency_id"], values_["unit_id"], values_["role"]) not in given
    ]
    if kinds & {"late", "soon"}:
        for agency_id, unit_id, role in person.hats:
            if (agency_id, unit_id, role) not in given:
                rows = open_rows().filter(near, person_id=None, agency_id=agency_id)
                found += [(one, "") for one in _read(rows.filter(unit_id=unit_id, role=role))]
        for one in lent:
            if one.receiver_id == person.person_id:
                rows = open_rows().filter(near, person_id=one.giver_id, agency_id=one.agency_id)
                rows = rows.exclude(kind__in=rules.PERSONAL_KINDS)
                words = _acting_words(one)
                found += [
                    (v, words) for v in _read(rows.filter(unit_id=one.unit_id, role=one.role))
                ]
    return _outside(found)


def _acting_words(one: StandIn) -> str:
    """Return whose work it is, and whether it is still to be handed over."""
    if one.prefix or one.until is None:
        return f"làm thay {one.giver}"
    return f"{one.giver} vắng đến hết {one.until:%d/%m}, chưa có người làm thay"


def _read(rows: QuerySet[WorkItem]) -> Iterator[dict]:
    return iter(rows.order_by(F("due_at").asc(nulls_last=True), "id").values(*_COLUMNS)[:MOST])


def _outside(found: Iterable[tuple[dict, str]]) -> list[OutsideRow]:
    """Return each item once, in words that may leave the house."""
    once = {values["id"]: (values, acting) for values, acting in found}
    by_source: dict[str, set[int]] = {}
    for values, _acting in once.values():
        by_source.setdefault(values["source_type"], set()).add(values["source_id"])
    subjects = {kind: ports.subjects(kind, ids) for kind, ids in by_source.items()}
    return [
        OutsideRow(
            values["id"], values["agency_id"], values["kind"],
            _what(values["title"], values["source_code"]),
            _about(
                values["kind"], values["detail"], subjects[values["source_type"]],
                values["source_id"],
            ),
            acting,
            values["link"], values["step_label"], values["opened_at"], values["due_at"],
            values["paused"],
        )
        for values, acting in once.values()
    ]  # fmt: skip


def _what(title: str, code: str) -> str:
    return title if not code or code in title else f"{title} · {code}"


def _about(kind: str, detail: str, known: Mapping[int, str] | None, source_id: int) -> str:
    """Return what an item is about; of a case nothing rather than a detail with the applicant."""
    if known is not None:
        return known.get(source_id, "")
    return "" if kind == "case" else detail


def _reasons(
    row: OutsideRow, now: datetime, kinds: Set[str], values: Values, handed: str | None
) -> Iterator[tuple[str, str]]:
    """Yield (section, key) for everything there is to say of an item today."""
    if row.due_at is not None and not row.paused:
        calendar = ports.calendar_for(row.agency_id)
        said = occasion(calendar=calendar, now=now, due_at=row.due_at, values=values)
        kind = "late" if said.startswith(AFTER) else "soon"
        section = "late" if kind == "late" else "today" if said == ON else "soon"
        if row.kind == "reading":
            kind = section = "reading"
        if said and kind in kinds:
            yield section, line_key(row.id, said, row.due_at)
    if handed and "handed" in kinds:
        yield "handed", handed
    kind = _kind_of_new(row)
    is_new = row.opened_at >= now - timedelta(days=values.new_days)
    if kind in kinds and is_new and not row.acting:
        yield kind, line_key(row.id, NEW)


def _kind_of_new(row: OutsideRow) -> str:
    if row.kind == "reading":
        return "reading"
    returned = row.step_label == RETURNED and row.kind in {"document", "procedure"}
    return "returned" if returned else "new"


def _line(
    row: OutsideRow, section: str, keys: tuple[str, ...], person: Reachable, now: datetime
) -> TellLine:
    about = ["" if row.about in row.what else row.about, row.acting]
    if row.agency_id != person.agency_id:
        about.append(organization.agency(row.agency_id).name)
    when = ""
    if row.due_at is not None and not row.paused:
        when = f"Hạn {due_words(row.due_at, today=local(now).date())}"
        if row.due_at < now:
            calendar = ports.calendar_for(row.agency_id)
            with suppress(OutsideCalendar):
                over = -remaining(calendar=calendar, now=now, due_at=row.due_at)
                when += f", quá {duration_words(over)}" if over > 0 else ""
    return TellLine(
        section, keys, row.what, " · ".join(filter(None, about)), when, row.link, row.due_at
    )


def letter_heading(lines: Iterable[TellLine]) -> str:
    """Return the first line of a letter: "2 việc quá hạn, 1 việc sắp đến hạn"."""
    counts = dict.fromkeys(SECTIONS, 0)
    for line in lines:
        counts[line.section] += 1
    return ", ".join(f"{n} {SECTIONS[section][1]}" for section, n in counts.items() if n)


class DueEntry(NamedTuple):
    """An open item in a person's calendar; `at` is a day where it is due at the office's close."""

    item_id: int
    at: date | datetime
    what: str
    about: str
    link: str


_DUE = Lookup(
    'SELECT "id", "agency_id", "kind", "title", "detail", "link", "source_type", "source_id", '
    '"source_code", {"due_at"} FROM "work_workitem" WHERE "listed" AND "state" = 0 '
    'AND "person_id" = %s AND NOT "paused" AND "due_at" IS NOT NULL ORDER BY "due_at", "id" LIMIT %s',
    times=(9,),
)


def due_entries(*, person_id: int, limit: int) -> tuple[DueEntry, ...]:
    """Return the running due dates that a person holds, in all their agencies, nearest first."""
    found = _DUE.all(person_id, limit)
    by_source: dict[str, set[int]] = {}
    for row in found:
        by_source.setdefault(row[6], set()).add(row[7])
    subjects = {kind: ports.subjects(kind, ids) for kind, ids in by_source.items()}
    closes: dict[tuple[int, date], datetime | None] = {}
    entries = []
    for id_, agency_id, kind, title, detail, link, source_type, source_id, code, due_at in found:
        place = (agency_id, local(due_at).date())
        if place not in closes:
            closes[place] = _close(*place)
        at = place[1] if closes[place] == due_at else due_at
        about = _about(kind, detail, subjects[source_type], source_id)
        entries.append(DueEntry(id_, at, _what(title, code), about, link))
    return tuple(entries)


def _close(agency_id: int, day: date) -> datetime | None:
    try:
        return ports.calendar_for(agency_id).day_close(day)
    except OutsideCalendar:
        return None


def taken_at(*, item_id: int, person_id: int) -> datetime | None:
    """Return when a person took an open item, or None when it is not theirs."""
    rows = open_rows().filter(pk=item_id, person_id=person_id)
    return rows.values_list("claimed_at", flat=True).first()


def newest_item() -> int:
    """Return the newest item's key, 0 before the first."""
    return WorkItem.objects.aggregate(last=Max("id"))["last"] or 0


def opened_since(item_id: int, *, person_ids: Collection[int]) -> tuple[tuple[int, int, str], ...]:
    """Return (item, person, kind of news) of what was opened after a key for some people."""
    rows = open_rows().filter(id__gt=item_id, person_id__in=person_ids).order_by("id")
    return tuple(
        (row.id, row.person_id, _kind_of_new(row))
        for row in rows[:5000]  # type: ignore[arg-type]
    )
