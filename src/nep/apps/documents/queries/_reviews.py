"""Reviews that are due and were done; intervals; what a new year must change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Min, QuerySet

from nep.apps.documents import rules
from nep.apps.documents.models import Document, Review, ReviewInterval, Revision
from nep.apps.documents.queries._access import visible
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.foundation.db import Mark, Prepared
from nep.foundation.db.counting import counted
from nep.foundation.files.queries import facts, read
from nep.foundation.printing.office_bounds import NotMade
from nep.foundation.printing.texts import text_of
from nep.kernel.errors import NotFound

PAGE = 50
MOST_DUE = 300
REVIEW_LATE, REVIEW_SOON = "document_review_late", "document_review_soon"


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A document whose review comes within 90 days, or is open; `id` only for an open one."""

    id: int | None
    document_id: int
    code: str
    title: str
    kind_name: str
    owner_unit: str
    owner_unit_id: int | None
    due_on: date
    state: str
    version: int


@dataclass(frozen=True, slots=True)
class ReviewsDue:
    """A page of what is due; `late` and `soon` count no further than MOST_DUE + 1."""

    lines: tuple[ReviewLine, ...]
    after: str
    late: int
    soon: int


@dataclass(frozen=True, slots=True)
class ReviewDone:
    """A review that has ended."""

    result: str
    note: str
    due_on: date
    done_at: datetime
    by: str
    number: str
    request_id: int | None

    @property
    def result_name(self) -> str:
        """Return the result in words."""
        return rules.RESULT_NAMES[self.result]


@dataclass(frozen=True, slots=True)
class IntervalLine:
    """After how many months a kind is reviewed; `is_default` marks a proposal nobody confirmed."""

    kind: str
    kind_name: str
    months: int
    is_default: bool
    version: int


@dataclass(frozen=True, slots=True)
class ForwardProposal:
    """What the next year's document would be, and the places of the text that must change."""

    document_id: int
    code: str
    title: str
    old_code: str
    old_title: str
    year: int
    to: int
    places: tuple[rules.YearPlace, ...]
    unread: str


def review_months(agency_id: int, kind: str) -> int:
    """Return after how many months a kind is reviewed in an agency."""
    row = ReviewInterval.objects.filter(agency_id=agency_id, kind=kind).first()
    return row.months if row else rules.DEFAULT_MONTHS.get(kind, 24)


def review_intervals(agency_id: int) -> tuple[IntervalLine, ...]:
    """Return the interval of every kind."""
    rows = {row.kind: row for row in ReviewInterval.objects.filter(agency_id=agency_id)}
    return tuple(
        IntervalLine(
            kind, rules.KIND_NAMES[kind],
            rows[kind].months if kind in rows else months, kind not in rows,
            rows[kind].version if kind in rows else 0,
        )
        for kind, months in rules.DEFAULT_MONTHS.items()
    )  # fmt: skip


def reviews_due(*, actor: Actor, today: date, after: str = "", limit: int = PAGE) -> ReviewsDue:
    """Return a page of what the actor may see and is to be reviewed within 90 days.

    The earliest first, continued by keyset; `after` is what the page before returned.
    """
    rows = Document.objects.filter(visible(actor), status="in_force")
    due = rows.filter(next_review_on__lte=today + rules.LISTED)
    late = rows.filter(next_review_on__lt=today)
    soon = rows.filter(next_review_on__gte=today, next_review_on__lte=today + rules.AHEAD)
    found = list(
        _behind(due, after)
        .select_related("owner_unit")
        .order_by("next_review_on", "code")[: limit + 1]
    )
    shown = found[:limit]
    open_ = {
        row.document_id: row
        for row in Review.objects.filter(document_id__in=[one.id for one in shown], result="")
    }
    return ReviewsDue(
        lines=tuple(_line(row, open_.get(row.id), today) for row in shown),
        after=f"{shown[-1].next_review_on}_{shown[-1].code}" if len(found) > limit else "",
        late=late.values("pk")[: MOST_DUE + 1].count(),
        soon=soon.values("pk")[: MOST_DUE + 1].count(),
    )


def review_counts(*, agency_id: int, today: date) -> tuple[QuerySet, ...]:
    """Return the documents of an agency whose review is late, and those due within 30 days, counted;
    the note is the nearest day."""
    rows = Document.objects.filter(agency_id=agency_id, status="in_force")
    late = rows.filter(next_review_on__lt=today)
    soon = rows.filter(next_review_on__gte=today, next_review_on__lte=today + rules.AHEAD)
    first = Min("next_review_on")
    return (counted(late, REVIEW_LATE, note=first), counted(soon, REVIEW_SOON, note=first))


def _behind(rows: QuerySet[Document], after: str) -> QuerySet[Document]:
    day, _line, code = after.partition("_")
    try:
        on = date.fromisoformat(day)
    except ValueError:
        return rows
    return rows.filter(next_review_on__gte=on).exclude(next_review_on=on, code__lte=code)


def review(*, actor: Actor, review_id: int, today: date) -> ReviewLine:
    """Return an open review. Raises NotFound, also for one that has ended."""
    row = (
        Review.objects.filter(visible(actor, at="document__"), pk=review_id, result="")
        .select_related("document__owner_unit")
        .first()
    )
    if row is None:
        raise NotFound("review_closed", "Đợt soát xét này đã có kết quả hoặc không thuộc cơ quan.")
    return _line(row.document, row, today)


_OPEN = Prepared(
    lambda: (
        Review.objects.filter(document_id=Mark("document"), result="")
        .select_related("document__owner_unit")
        .order_by("pk")[:1]
    )
)
_DONE = Prepared(
    lambda: (
        Review.objects.filter(document_id=Mark("document"), agency_id=Mark("agency"))
        .exclude(result="")
        .select_related("revision")
        .order_by("-done_at")
    )
)


def open_review(*, document_id: int, today: date) -> ReviewLine | None:
    """Return the open review of a document, or None."""
    row = _OPEN.first(document=document_id)
    return _line(row.document, row, today) if row else None


def reviews_done(*, document_id: int, agency_id: int) -> tuple[ReviewDone, ...]:
    """Return the reviews of a document that have ended, newest first."""
    rows = _DONE.objects(document=document_id, agency=agency_id)
    names = organization.person_names(row.done_by_id for row in rows)
    return tuple(
        ReviewDone(
            row.result, row.note, row.due_on, row.done_at or row.opened_at,
            names.get(row.done_by_id or 0, ""),
            rules.revision_text(row.revision.issue, row.revision.amendment), row.request_id,
        )
        for row in rows
    )  # fmt: skip


def forward_proposal(*, actor: Actor, document_id: int, to: int | None = None) -> ForwardProposal:
    """Return what a yearly document would be in the next year.

    Raises NotFound for a document that is not of a year.
    """
    row = Document.objects.filter(visible(actor), pk=document_id).first()
    if row is None or row.year is None:
        raise NotFound("not_yearly", "Tài liệu này không theo năm nên không chuyển sang năm mới.")
    year, target = row.year, to or row.year + 1
    revision = (
        Revision.objects.filter(document_id=row.id)
        .exclude(state=rules.DROPPED)
        .order_by("-drafted_at", "-id")
        .first()
    )
    lines, unread = _text_lines(revision.original_file_id if revision else None)
    code = rules.in_next_year(row.code, year=year, to=target)
    return ForwardProposal(
        row.id,
        code if code != row.code else f"{row.code}/{target}",
        rules.in_next_year(row.title, year=year, to=target),
        row.code,
        row.title,
        year,
        target,
        rules.year_places(lines, year=year, to=target),
        unread,
    )


def _text_lines(file_id: int | None) -> tuple[Iterable[str], str]:
    if file_id is None:
        return (), "Bản năm trước không có tệp nên chưa tìm được chỗ phải sửa."
    try:
        return text_of(read(file_id), name=facts(file_id).name).split("\n"), ""
    except (NotMade, NotFound) as error:
        return (), getattr(error, "message", "Không đọc được chữ trong tệp năm trước.")


def _line(row: Document, review_: Review | None, today: date) -> ReviewLine:
    due_on = review_.due_on if review_ else row.next_review_on
    if due_on is None:
        raise NotFound()
    return ReviewLine(
        review_.id if review_ else None,
        row.id,
        row.code,
        row.title,
        rules.KIND_NAMES.get(row.kind, row.kind),
        row.owner_unit.name if row.owner_unit else "",
        row.owner_unit_id,
        due_on,
        "qua" if due_on < today else "sap" if due_on <= today + rules.AHEAD else "trong",
        review_.version if review_ else 0,
    )
