"""Reviews of what the law changed."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Min, QuerySet

from nep.apps.legal import rules
from nep.apps.legal.models import LegalReview
from nep.apps.organization.queries import person_names
from nep.apps.organization.rules import Actor
from nep.foundation.db.counting import counted
from nep.kernel.errors import NotFound
from nep.kernel.vietnamese import VN

WAITING, DONE = "legal_review_waiting", "legal_review_done"


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """One review, waiting or with its result."""

    id: int
    kind: str
    title: str
    external_id: int | None
    opened_at: datetime
    due_on: date
    is_open: bool
    is_late: bool
    result: str
    result_name: str
    note: str
    done_by: str
    done_at: datetime | None

    @property
    def chip(self) -> str:
        """Return the state as the chip draws it."""
        if not self.is_open:
            return "ok"
        return "qua" if self.is_late else "trong"


def reviews(*, actor: Actor, today: date) -> tuple[ReviewLine, ...]:
    """Return the agency's reviews: waiting ones by their day, then the latest fifty results."""
    rows = LegalReview.objects.filter(agency_id=actor.agency_id)
    waiting = list(rows.filter(result="").order_by("due_on", "id"))
    done = list(rows.exclude(result="").order_by("-done_at", "-id")[:50])
    return _lines([*waiting, *done], today)


def year_counts(*, agency_id: int, year: int) -> tuple[QuerySet, ...]:
    """Return the reviews that wait, counted, with the nearest day as their note, and those done in a
    year with the newest day."""
    rows = LegalReview.objects.filter(agency_id=agency_id)
    begins, ends = (datetime(each, 1, 1, tzinfo=VN) for each in (year, year + 1))
    done = rows.exclude(result="").filter(done_at__gte=begins, done_at__lt=ends)
    return (
        counted(rows.filter(result=""), WAITING, note=Min("due_on")),
        counted(done, DONE, moment="done_at"),
    )


def review(*, actor: Actor, review_id: int, today: date) -> ReviewLine:
    """Return one review of the agency. Raises NotFound."""
    found = _lines(LegalReview.objects.filter(pk=review_id, agency_id=actor.agency_id), today)
    if not found:
        raise NotFound()
    return found[0]


def reviews_of(*, external_id: int, today: date) -> tuple[ReviewLine, ...]:
    """Return the reviews that a text has caused, newest first."""
    return _lines(LegalReview.objects.filter(external_id=external_id).order_by("-id"), today)


def _lines(rows, today: date) -> tuple[ReviewLine, ...]:
    found = list(rows)
    names = person_names(row.done_by_id for row in found)
    return tuple(
        ReviewLine(
            id=row.id, kind=row.kind, title=row.title, external_id=row.external_id,
            opened_at=row.opened_at, due_on=row.due_on, is_open=not row.result,
            is_late=not row.result and row.due_on < today, result=row.result,
            result_name=rules.RESULT_NAMES.get(row.result, ""), note=row.note,
            done_by=names.get(row.done_by_id or 0, ""), done_at=row.done_at,
        )
        for row in found
    )  # fmt: skip
