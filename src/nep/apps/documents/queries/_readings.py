"""Proof of reading: what a person still has to read, who has not, the questions."""

from dataclasses import dataclass
from datetime import date, datetime

from nep.apps.documents import rules
from nep.apps.documents.models import Question, Reading
from nep.apps.organization import queries as organization
from nep.foundation.journal.queries import history
from nep.kernel.text import sort_key
from nep.kernel.vietnamese import local

AGENCY_WIDE = "Lãnh đạo và người không thuộc phòng nào"


@dataclass(frozen=True, slots=True)
class ToRead:
    """One document that a person has to read and acknowledge."""

    document_id: int
    revision_id: int
    code: str
    title: str
    number: str
    change_note: str
    asked_at: datetime
    due_on: date
    is_late: bool


@dataclass(frozen=True, slots=True)
class QuestionFacts:
    """A question with its options as (number from 0, text)."""

    id: int
    position: int
    text: str
    options: tuple[tuple[int, str], ...]
    right: int


@dataclass(frozen=True, slots=True)
class MyReading:
    """How the reading of one revision stands for one person; `ended` says why it is over."""

    revision_id: int
    due_on: date
    is_late: bool
    first_seen_at: datetime | None
    acknowledged_at: datetime | None
    wrong_answers: int
    ended: str
    questions: tuple[QuestionFacts, ...]

    @property
    def is_open(self) -> bool:
        """Say whether the person still has to acknowledge."""
        return self.acknowledged_at is None and not self.ended


@dataclass(frozen=True, slots=True)
class ReaderLine:
    """One person who was asked to read a revision."""

    person_id: int
    name: str
    unit: str
    asked_at: datetime
    due_on: date
    first_seen_at: datetime | None
    downloaded_at: datetime | None
    acknowledged_at: datetime | None
    wrong_answers: int
    ended: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class UnitProgress:
    """How many of a unit's readers have acknowledged."""

    unit: str
    done: int
    total: int

    @property
    def percent(self) -> float:
        """Return the share from 0 to 100."""
        return 100 * self.done / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class ReadingProgress:
    """The readers of a revision: by unit, and who is still missing (the overdue first)."""

    done: int
    total: int
    late: int
    units: tuple[UnitProgress, ...]
    missing: tuple[ReaderLine, ...]
    readers: tuple[ReaderLine, ...]


def to_read(*, person_id: int, agency_id: int, today: date) -> tuple[ToRead, ...]:
    """Return what a person still has to read in an agency, the earliest due first."""
    rows = (
        Reading.objects.filter(
            person_id=person_id, agency_id=agency_id, acknowledged_at=None, ended_at=None
        )
        .select_related("document", "revision")
        .order_by("due_on", "id")
    )
    return tuple(
        ToRead(
            row.document_id,
            row.revision_id,
            row.document.code,
            row.document.title,
            rules.revision_text(row.revision.issue, row.revision.amendment),
            row.revision.change_note,
            row.asked_at,
            row.due_on,
            row.due_on < today,
        )
        for row in rows
    )


def to_read_count(*, person_id: int, agency_id: int) -> int:
    """Return how many documents a person still has to read."""
    rows = Reading.objects.filter(
        person_id=person_id, agency_id=agency_id, acknowledged_at=None, ended_at=None
    )
    return rows.count()


def my_reading(*, revision_id: int, person_id: int, today: date) -> MyReading | None:
    """Return how the reading of a revision stands for a person, or None when not asked."""
    row = Reading.objects.filter(revision_id=revision_id, person_id=person_id).first()
    if row is None:
        return None
    is_open = row.acknowledged_at is None and row.ended_at is None
    return MyReading(
        revision_id,
        row.due_on,
        is_open and row.due_on < today,
        row.first_seen_at,
        row.acknowledged_at,
        row.wrong_answers,
        row.end_reason,
        questions_of(revision_id) if is_open else (),
    )


def reading_progress(*, revision_id: int, agency_id: int, today: date) -> ReadingProgress:
    """Return who has read a revision and who has not; readings that ended do not count."""
    rows = list(
        Reading.objects.filter(revision_id=revision_id, agency_id=agency_id).select_related("unit")
    )
    names = organization.person_names(row.person_id for row in rows)
    readers = sorted(
        (_reader(row, names.get(row.person_id, ""), today) for row in rows),
        key=lambda one: sort_key(one.name.rpartition(" ")[2] + " " + one.name),
    )
    counted = [one for one in readers if not one.ended]
    missing = [one for one in counted if one.acknowledged_at is None]
    by_unit: dict[str, list[ReaderLine]] = {}
    for one in counted:
        by_unit.setdefault(one.unit, []).append(one)
    units = tuple(
        UnitProgress(unit, sum(1 for one in some if one.acknowledged_at), len(some))
        for unit, some in sorted(by_unit.items(), key=lambda pair: sort_key(pair[0]))
    )
    return ReadingProgress(
        done=len(counted) - len(missing),
        total=len(counted),
        late=sum(1 for one in missing if one.is_late),
        units=units,
        missing=tuple(sorted(missing, key=lambda one: one.due_on)),
        readers=tuple(readers),
    )


def questions_of(revision_id: int) -> tuple[QuestionFacts, ...]:
    """Return the questions of a revision in order."""
    rows = Question.objects.filter(revision_id=revision_id).order_by("position")
    return tuple(
        QuestionFacts(row.id, row.position, row.text, tuple(enumerate(row.options)), row.right)
        for row in rows
    )


def asked_questions(revision_id: int) -> tuple[rules.Asked, ...]:
    """Return the questions of a revision as the rules judge answers."""
    return tuple(
        rules.Asked(one.id, len(one.options), one.right) for one in questions_of(revision_id)
    )


def nudged_on(*, document_id: int) -> date | None:
    """Return the day on which the missing readers of a document were last reminded by hand."""
    found = [
        entry.at
        for entry in history(object_type="document", object_id=document_id)
        if entry.action == "readings.nudged"
    ]
    return local(max(found)).date() if found else None


def _reader(row: Reading, name: str, today: date) -> ReaderLine:
    is_open = row.acknowledged_at is None and row.ended_at is None
    return ReaderLine(
        row.person_id,
        name,
        row.unit.name if row.unit else AGENCY_WIDE,
        row.asked_at,
        row.due_on,
        row.first_seen_at,
        row.downloaded_at,
        row.acknowledged_at,
        row.wrong_answers,
        row.end_reason,
        is_open and row.due_on < today,
    )
