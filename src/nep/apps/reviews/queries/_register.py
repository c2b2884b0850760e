"""The reviews of an agency, and what is left of their decisions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from nep.apps.actions import queries as actions
from nep.apps.actions.queries import ActionLine
from nep.apps.organization.queries import person_names
from nep.apps.organization.rules import Actor
from nep.apps.reviews.models import FrozenInputs, Review
from nep.apps.reviews.rules import life
from nep.apps.reviews.rules.inputs import EDITION_NAMES

KIND = "review"


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A review of the list; `decided` of its actions `left` have not ended."""

    id: int
    code: str
    year: int
    edition: str
    edition_name: str
    starts_on: date
    ends_on: date
    state: str
    state_name: str
    chip: str
    meets_on: date
    held_on: date | None
    chair: str
    prepared_by: str
    approved_by: str
    approved_at: datetime | None
    decided: int
    left: int

    @property
    def is_done(self) -> bool:
        """Say whether the head has approved its minutes."""
        return self.state in life.DONE


@dataclass(frozen=True, slots=True)
class ReviewRegister:
    """Every review of an agency, the newest first, with what comes next."""

    lines: tuple[ReviewLine, ...]
    running: ReviewLine | None
    last: ReviewLine | None
    days: int | None

    @property
    def headline(self) -> str:
        """Return the answer in words."""
        state = self.running.state if self.running else ""
        return life.headline(state=state, days=self.days, left=self.last.left if self.last else 0)


def register(*, actor: Actor, today: date) -> ReviewRegister:
    """Return the reviews of the actor's agency; three queries, however many there are."""
    lines = _lines(Review.objects.filter(agency_id=actor.agency_id), actor.agency_id, today)
    done = [one for one in lines if one.is_done and one.held_on]
    last = max(done, key=lambda one: (one.held_on or one.meets_on, one.id), default=None)
    return ReviewRegister(
        lines=lines, running=next((one for one in lines if one.state in life.RUNNING), None),
        last=last, days=(today - last.held_on).days if last and last.held_on else None,
    )  # fmt: skip


def reviews_of(*, agency_id: int, year: int) -> tuple[ReviewLine, ...]:
    """Return the reviews of an agency that were not dropped and meet, or met, in a year."""
    rows = Review.objects.filter(agency_id=agency_id).exclude(state=life.DROPPED)
    found = [row for row in rows if (row.held_on or row.meets_on).year == year]
    return _lines(found, agency_id, date(year, 12, 31))


def newest_review(*, agency_id: int) -> ReviewLine | None:
    """Return the newest review whose minutes the head has approved, None before the first."""
    rows = Review.objects.filter(agency_id=agency_id, state__in=life.DONE)
    row = rows.order_by("-held_on", "-id").first()
    return _lines([row], agency_id, row.held_on or row.meets_on)[0] if row else None


def kept_sources(*, agency_id: int, year: int) -> list[int]:
    """Return under which ids the papers of a year's approved reviews are kept in the records."""
    rows = Review.objects.filter(agency_id=agency_id, state__in=life.DONE, held_on__year=year)
    frozen = FrozenInputs.objects.filter(review__in=rows)
    return [*rows.values_list("id", flat=True), *frozen.values_list("id", flat=True)]


def left_before(*, agency_id: int, previous_id: int | None, today: date) -> tuple[ActionLine, ...]:
    """Return the actions of the review before, and of earlier ones, that have not ended."""
    if previous_id is None:
        return ()
    ids = Review.objects.filter(
        agency_id=agency_id, state__in=life.DONE, pk__lte=previous_id
    ).values_list("id", flat=True)
    found = actions.of_origin(agency_id=agency_id, kind=KIND, ids=list(ids), today=today)
    return tuple(one for one in found if not one.is_ended)


def code_of(row: Review) -> str:
    """Return the number of a review as it is said: "XX 01/2026"."""
    return f"XX {row.number:02d}/{row.year}"


def chip_of(state: str) -> str:
    """Return the chip of a state."""
    return {
        life.PREPARED: "trong", life.HELD: "cho", life.RETURNED: "sap", life.DROPPED: "tam",
    }.get(state, "ok")  # fmt: skip


def _lines(rows: Iterable[Review], agency_id: int, today: date) -> tuple[ReviewLine, ...]:
    rows = sorted(rows, key=lambda row: (row.prepared_at, row.id), reverse=True)
    names = person_names(
        [id_ for row in rows for id_ in (row.chair_id, row.prepared_by_id, row.approved_by_id)]
    )
    own = actions.of_origins(
        agency_id=agency_id, kind=KIND, ids=[row.id for row in rows], today=today
    )
    return tuple(
        ReviewLine(
            id=row.id, code=code_of(row), year=row.year, edition=row.edition,
            edition_name=EDITION_NAMES.get(row.edition, row.edition), starts_on=row.starts_on,
            ends_on=row.ends_on, state=row.state, state_name=life.STATE_NAMES[row.state],
            chip=chip_of(row.state), meets_on=row.meets_on, held_on=row.held_on,
            chair=names.get(row.chair_id, ""), prepared_by=names.get(row.prepared_by_id, ""),
            approved_by=names.get(row.approved_by_id or 0, ""), approved_at=row.approved_at,
            decided=len(own.get(row.id, ())),
            left=sum(not one.is_ended for one in own.get(row.id, ())),
        )
        for row in rows
    )  # fmt: skip
