"""The fact of a finished case, and percentiles read from counts between fixed bounds."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, datetime
from typing import Any, NamedTuple

from nep.apps.cases.rules.statuses import STOPPED, WITHDRAWN
from nep.apps.cases.rules.timing import working_minutes
from nep.kernel.vietnamese import VN, local
from nep.worktime import Calendar

# Upper bounds of the buckets in working minutes (8 hours a day); the last bucket has none.
BOUNDS = (
    120, 240, 480, 960, 1440, 1920, 2400, 3360, 4800, 7200, 9600, 14400, 19200, 28800, 43200,
)  # fmt: skip
BUCKETS = len(BOUNDS) + 1
COUNTED_OUTCOMES = ("done", "returned", "refused")
WORD_NAMES: dict[str, str] = {
    "truoc": "Trước hạn",
    "dung": "Đúng hạn",
    "khong": "Không có hạn",
    "tre": "Quá hạn",
    "rut": "Rút, dừng",
}
SUPPLEMENTS_ALLOWED = 1


class FinishedCase(NamedTuple):
    """A case at its finish; `field` is that of its TTHC."""

    id: int
    agency_id: int
    tthc_id: int
    field: str
    channel: str
    is_internal: bool
    received_month: int
    accepted_at: datetime | None
    finished_at: datetime
    status: int
    on_time: str
    indicator_due_at: datetime | None


class RunFact(NamedTuple):
    """One run of a step as it stands at the finish; minutes are working minutes.

    `outside` is a step that another agency did while somebody here followed it.
    """

    node: str
    person_id: int | None
    unit_id: int | None
    round: int
    carried: int
    used: int
    limit: int | None
    late: bool | None
    outcome: str
    closed_at: datetime | None
    outside: bool = False

    @property
    def over(self) -> int:
        """Return the minutes over the limit, 0 or less when there are none."""
        return self.carried + self.used - self.limit if self.limit is not None else 0


class PauseFact(NamedTuple):
    """One pause; an open one ends with the case."""

    kind: str
    charged: str
    started_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Span:
    """Between which working minutes a percentile lies: over `low`, at most `high` (None: open)."""

    low: int
    high: int | None


def bucket_of(minutes: int) -> int:
    """Return the bucket that counts so many minutes: the first whose bound is not below them."""
    return bisect_left(BOUNDS, minutes)


def percentile(counts: Sequence[int], percent: int) -> Span | None:
    """Return the bucket in which a percentile lies, by the nearest rank; None of nothing."""
    whole = sum(counts)
    if not whole:
        return None
    rank, seen, place = max(1, -(-whole * percent // 100)), counts[0], 0
    while seen < rank:
        place += 1
        seen += counts[place]
    low = BOUNDS[place - 1] if place else 0
    return Span(low, BOUNDS[place] if place < len(BOUNDS) else None)


def month_of(moment: datetime) -> int:
    """Return the month of a moment on Vietnam's clock, as 202611."""
    here = local(moment)
    return here.year * 100 + here.month


def month_bounds(months: tuple[int, int]) -> tuple[datetime, datetime]:
    """Return the first moment of the first month and the first after the last, on Vietnam's clock.

    After 12/9999 comes nothing that a clock here can name: the bound is then its last moment.
    """
    first, (year, month) = months[0], divmod(months[1], 100)
    begin = datetime(first // 100, first % 100, 1, tzinfo=VN)
    if (year, month) == (MAXYEAR, 12):
        return begin, datetime.max.replace(tzinfo=VN)
    return begin, datetime(year + month // 12, month % 12 + 1, 1, tzinfo=VN)


def word_of(*, status: int, on_time: str) -> str:
    """Return how a finished case stands in the figures, a key of `WORD_NAMES`."""
    return "rut" if status in {WITHDRAWN, STOPPED} else on_time or "khong"


def is_late_by_indicator(
    *, word: str, finished_at: datetime, due_at: datetime | None, supplements: int
) -> bool:
    """Say whether the indicators count a case as late: past the date with every waiting taken
    off, or more than one request for supplement.

    Source: Quyết định 766/QĐ-TTg ngày 23/6/2022 (đặc tả chỉ số).
    """
    if word == "rut":
        return False
    return supplements > SUPPLEMENTS_ALLOWED or (due_at is not None and finished_at > due_at)


def counted(runs: Sequence[RunFact], *, finished_at: datetime) -> list[RunFact]:
    """Return the runs that figures count: done by somebody, not later than the finish."""
    return [
        run
        for run in runs
        if run.closed_at is not None
        and run.closed_at <= finished_at
        and run.outcome in COUNTED_OUTCOMES
    ]


def fact_of(
    *,
    case: FinishedCase,
    runs: Sequence[RunFact],
    pauses: Sequence[PauseFact],
    calendar: Calendar,
) -> dict[str, Any]:
    """Return the columns of a finished case's fact."""
    done = counted(runs, finished_at=case.finished_at)
    word = word_of(status=case.status, on_time=case.on_time)
    waited = _waited(case, pauses, calendar)
    whole = working_minutes(calendar, case.accepted_at, case.finished_at)
    used = max(0, whole - sum(waited.values()))
    supplements = sum(pause.kind == "supplement" for pause in pauses)
    charged = _charged(done) if word == "tre" else None
    return {
        "case_id": case.id,
        "agency_id": case.agency_id,
        "month": month_of(case.finished_at),
        "received_month": case.received_month,
        "tthc_id": case.tthc_id,
        "field": case.field,
        "channel": case.channel,
        "is_internal": case.is_internal,
        "unit_id": _main_unit(done),
        "word": word,
        "late_by_indicator": is_late_by_indicator(
            word=word, finished_at=case.finished_at, due_at=case.indicator_due_at,
            supplements=supplements,
        ),
        "used_minutes": used,
        "waited_applicant": waited["applicant"],
        "waited_agency": waited["agency"],
        "bucket": bucket_of(used),
        "supplements": supplements,
        "steps": len(done),
        "steps_late": sum(run.late is True for run in done),
        "reworks": sum(run.round > 1 for run in done),
        "returns": sum(run.outcome == "returned" for run in done),
        "charged_unit_id": charged.unit_id if charged and not charged.outside else None,
        "charged_person_id": charged.person_id if charged and not charged.outside else None,
        "charged_node": charged.node if charged else "",
    }  # fmt: skip


def _waited(case: FinishedCase, pauses: Sequence[PauseFact], calendar: Calendar) -> dict[str, int]:
    """Return the working minutes of waiting after acceptance, by who is charged."""
    found = {"applicant": 0, "agency": 0}
    if case.accepted_at is None:
        return found
    for pause in pauses:
        start = max(pause.started_at, case.accepted_at)
        end = min(pause.ended_at or case.finished_at, case.finished_at)
        who = "applicant" if pause.charged == "applicant" else "agency"
        found[who] += working_minutes(calendar, start, end)
    return found


def _main_unit(runs: Sequence[RunFact]) -> int | None:
    """Return the unit that used the most time; of equals the first to work on the case.

    Time that another agency used is no unit's.
    """
    spent: dict[int, int] = {}
    for run in runs:
        if run.unit_id is not None and not run.outside:
            spent[run.unit_id] = spent.get(run.unit_id, 0) + run.used
    return max(spent, key=lambda unit: spent[unit]) if spent else None


def _charged(runs: Sequence[RunFact]) -> RunFact | None:
    """Return the run that went most over its limit, where one did."""
    worst = max(runs, key=lambda run: run.over, default=None)
    return worst if worst is not None and worst.over > 0 else None


def total_of(rows: Iterable[Iterable[int]]) -> tuple[int, ...]:
    """Return the sums of rows of counts, place by place."""
    return tuple(map(sum, zip(*rows, strict=True)))
