"""The register of feedback, one piece of it, and its figures."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.conf import settings
from django.db.models import Count, F, Q

from nep.apps.improvement.models import Feedback, FeedbackLimit
from nep.apps.improvement.queries._register import SheetLine, about
from nep.apps.improvement.rules import feedback as rules
from nep.apps.organization.queries import person_names, units_of
from nep.apps.organization.rules import Actor, may
from nep.kernel.errors import NotFound
from nep.kernel.references import Reference
from nep.kernel.text import fold

PAGE = 50
MOST_EXPORTED = 20_000
SCOPES: dict[str, str] = {
    "": "Đang xử lý",
    "toi": "Của tôi",
    "qua-han": "Quá hạn",
    "da-xong": "Đã xong",
    "tat-ca": "Tất cả",
}


@dataclass(frozen=True, slots=True)
class FeedbackFilter:
    """What to list: `scope` is a key of SCOPES, `kind` of the limits; empty means any."""

    scope: str = ""
    query: str = ""
    kind: str = ""

    @classmethod
    def read(cls, values: Mapping[str, str]) -> "FeedbackFilter":
        """Return the filter of a query string: loc, q, loai."""
        scope = values.get("loc", "")
        return cls(
            scope=scope if scope in SCOPES else "",
            query=values.get("q", "")[:120].strip(),
            kind=values.get("loai", "")[:20],
        )

    def values(self) -> dict[str, str]:
        """Return the filter as a query string's values, without what means any."""
        found = {"loc": self.scope, "q": self.query, "loai": self.kind}
        return {name: value for name, value in found.items() if value}


@dataclass(frozen=True, slots=True)
class FeedbackLine:
    """A piece of feedback of the register; nothing of its sender."""

    id: int
    code: str
    kind: str
    kind_name: str
    channel_name: str
    title: str
    received_on: date
    case_id: int | None
    case_title: str
    unit: str
    owner_id: int | None
    owner: str
    state: str
    state_name: str
    chip: str
    due_on: date
    is_late: bool
    answered_at: datetime | None
    founded_name: str


@dataclass(frozen=True, slots=True)
class FeedbackRegister:
    """A page of the register with the counts of the whole."""

    lines: tuple[FeedbackLine, ...]
    found: int
    offset: int
    open_count: int
    late: int
    mine: int

    @property
    def headline(self) -> str:
        """Return the answer in words."""
        return rules.headline(open_count=self.open_count, late=self.late)


@dataclass(frozen=True, slots=True)
class FeedbackStep:
    """One step in words."""

    name: str
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FeedbackPage:
    """Everything the page of a piece of feedback shows; the sender only to who answers feedback."""

    line: FeedbackLine
    text: str
    sender: str
    contact: str
    shows_sender: bool
    erased_at: datetime | None
    needs_acceptance: bool
    accept_due_on: date | None
    answer_due_on: date
    accepted_at: datetime | None
    limit_words: str
    limit_source: str
    limit_mark: str
    answer: str
    answer_number: str
    answered_by: str
    end_note: str
    added_by: str
    added_at: datetime
    steps: tuple[FeedbackStep, ...]
    sheets: tuple[SheetLine, ...]
    may: frozenset[str]

    @property
    def reference(self) -> Reference:
        """Return it as what a nonconformity comes from."""
        return Reference(
            "feedback", self.line.id, f"{self.line.code}: {self.line.title}"[:400],
            f"/phan-hoi/{self.line.id}/",
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class FeedbackTally:
    """Feedback received in a period: by kind (name, count), how it was answered."""

    received: int
    answered: int
    in_time: int
    late: int
    founded: int
    by_kind: tuple[tuple[str, int], ...]


def limits() -> dict[str, rules.Limit]:
    """Return the shipped limits by kind."""
    return rules.read_limits(settings.FEEDBACK_LIMITS)


def limits_of(agency_id: int) -> dict[str, rules.Limit]:
    """Return the limits by kind as an agency set them, the shipped ones where it did not; one
    query."""
    found = limits()
    for row in FeedbackLimit.objects.filter(agency_id=agency_id):
        if row.kind in found:
            found[row.kind] = replace(
                found[row.kind], accept=row.accept, answer=row.answer, unit=row.unit,
                source=row.source, verified="cơ quan đặt",
            )  # fmt: skip
    return found


def feedback_register(
    *, actor: Actor, filter: FeedbackFilter, today: date, offset: int = 0, limit: int = PAGE
) -> FeedbackRegister:
    """Return a page of the agency's feedback; what waits by its day, ended ones newest first."""
    own = Feedback.objects.filter(agency_id=actor.agency_id)
    rows = own.filter(_scope(filter.scope, actor, today))
    if filter.kind:
        rows = rows.filter(kind=filter.kind)
    for word in fold(filter.query).split():
        rows = rows.filter(folded__contains=word)
    ended = filter.scope in {"da-xong", "tat-ca"}
    order = ("-received_on", "-id") if ended else ("answer_due_on", "id")
    open_ = Q(state__in=rules.OPEN_STATES)
    counts = own.aggregate(
        open=Count("id", filter=open_), late=Count("id", filter=_late(today)),
        mine=Count("id", filter=open_ & Q(owner_id=actor.person_id)),
    )  # fmt: skip
    return FeedbackRegister(
        lines=_lines(rows.order_by(*order)[offset : offset + limit], actor.agency_id, today),
        found=rows.count(), offset=offset, open_count=counts["open"], late=counts["late"],
        mine=counts["mine"],
    )  # fmt: skip


def _late(today: date) -> Q:
    unaccepted = Q(state=rules.RECEIVED, accept_due_on__lt=today)
    return unaccepted | Q(state__in=rules.WAITING, answer_due_on__lt=today)


def _scope(scope: str, actor: Actor, today: date) -> Q:
    open_ = Q(state__in=rules.OPEN_STATES)
    return {
        "toi": open_ & Q(owner_id=actor.person_id),
        "qua-han": _late(today),
        "da-xong": ~open_,
        "tat-ca": Q(),
    }.get(scope, open_)


def _lines(rows, agency_id: int, today: date) -> tuple[FeedbackLine, ...]:
    rows, kinds = list(rows), limits()
    names = person_names([row.owner_id for row in rows])
    units = {unit.id: unit.name for unit in units_of(agency_id)}
    found = []
    for row in rows:
        due_on = row.answer_due_on
        if row.state == rules.RECEIVED and row.accept_due_on:
            due_on = row.accept_due_on
        late = row.state in rules.WAITING and due_on < today
        found.append(
            FeedbackLine(
                row.id, f"PH {row.number:02d}/{row.year}", row.kind,
                kinds[row.kind].label if row.kind in kinds else row.kind,
                rules.CHANNEL_NAMES[row.channel], row.title, row.received_on, row.case_id,
                row.case_title, units.get(row.unit_id or 0, ""), row.owner_id,
                names.get(row.owner_id or 0, ""), row.state, rules.STATE_NAMES[row.state],
                _chip(row.state, late), due_on, late, row.answered_at,
                rules.FOUNDED_NAMES.get(row.founded, ""),
            )
        )  # fmt: skip
    return tuple(found)


def _chip(state: str, late: bool) -> str:
    if late:
        return "qua"
    known = {
        rules.CLOSED: "ok",
        rules.ANSWERED: "cho",
        rules.REFUSED: "tam",
        rules.WITHDRAWN: "tam",
    }
    return known.get(state, "trong")


def feedback_page(*, actor: Actor, feedback_id: int, today: date) -> FeedbackPage:
    """Return one piece of feedback of the agency. Raises NotFound."""
    row = Feedback.objects.filter(pk=feedback_id, agency_id=actor.agency_id).first()
    if row is None:
        raise NotFound()
    steps = list(row.moves.order_by("at", "id"))
    names = person_names([row.added_by_id, row.answered_by_id, *(one.by_id for one in steps)])
    (line,) = _lines([row], row.agency_id, today)
    shows = row.owner_id == actor.person_id or bool(may(actor, "feedback.answer"))
    return FeedbackPage(
        line=line, text=row.text, sender=row.sender if shows else "",
        contact=row.contact if shows else "", shows_sender=shows, erased_at=row.erased_at,
        needs_acceptance=row.needs_acceptance, accept_due_on=row.accept_due_on,
        answer_due_on=row.answer_due_on, accepted_at=row.accepted_at,
        limit_words=row.limit_words, limit_source=row.limit_source, limit_mark=row.limit_mark,
        answer=row.answer, answer_number=row.answer_number,
        answered_by=names.get(row.answered_by_id or 0, ""), end_note=row.end_note,
        added_by=names.get(row.added_by_id, ""), added_at=row.added_at,
        steps=tuple(FeedbackStep(rules.MOVE_NAMES[one.move], one.text, names.get(one.by_id, ""), one.at)
                    for one in steps),
        sheets=about(agency_id=row.agency_id, kind="feedback", ref_id=row.id, today=today),
        may=_allowed(actor, row),
    )  # fmt: skip


def feedback_subjects(feedback_ids: Collection[int]) -> dict[int, str]:
    """Return the kinds of some feedback in words that may leave the house."""
    kinds = limits()
    rows = Feedback.objects.filter(pk__in=list(feedback_ids)).values_list("id", "kind")
    return {id_: kinds[kind].label if kind in kinds else "" for id_, kind in rows}


def _allowed(actor: Actor, row: Feedback) -> frozenset[str]:
    """Return the moves whose forms the reader is shown."""
    facts = rules.Facts(row.state, row.owner_id, row.needs_acceptance)
    said = "đã ghi bằng lời"
    found = {move for move in rules.MOVES if rules.decide_move(actor, facts, move, words=said)}
    if not may(actor, "feedback.answer"):
        found.discard(rules.ASSIGN)
    if row.erased_at is not None or not (row.sender or row.contact):
        found.discard(rules.ERASE)
    return frozenset(found)


def feedback_tally(*, agency_id: int, starts_on: date, ends_on: date, today: date) -> FeedbackTally:
    """Return what was received from one day to another and how it was answered; two queries."""
    rows = Feedback.objects.filter(
        agency_id=agency_id, received_on__gte=starts_on, received_on__lte=ends_on
    )
    counts = rows.aggregate(
        received=Count("id"),
        answered=Count("id", filter=Q(answered_at__isnull=False)),
        in_time=Count("id", filter=Q(answered_at__date__lte=F("answer_due_on"))),
        late=Count("id", filter=_late(today)),
        founded=Count("id", filter=Q(founded__in=["co", "mot-phan"])),
    )
    kinds = limits()
    by_kind = rows.values_list("kind").annotate(n=Count("id")).order_by("-n", "kind")
    named = tuple((kinds[kind].label if kind in kinds else kind, n) for kind, n in by_kind)
    return FeedbackTally(**counts, by_kind=named)
