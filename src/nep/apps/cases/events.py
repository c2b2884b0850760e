"""Facts that cases announce after the commit."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CaseAccepted:
    """A case was taken in."""

    case_id: int
    agency_id: int
    code: str


@dataclass(frozen=True, slots=True)
class StepCompleted:
    """A step of a case is over; `late` is frozen, minutes are working time.

    `others` says that something outside the case's own line of steps may hang on it: it was done
    by another agency, or ended further steps with it. `keeps` says that it leaves a record.
    """

    case_id: int
    agency_id: int
    run_id: int
    node: str
    person_id: int
    used_minutes: int
    late: bool
    others: bool = True  # unknown of events written before it was kept
    keeps: bool = False


@dataclass(frozen=True, slots=True)
class CasePaused:
    """A case waits, and its clocks stop as the version's policy says."""

    case_id: int
    agency_id: int
    code: str
    kind: str


@dataclass(frozen=True, slots=True)
class CaseResumed:
    """A case goes on."""

    case_id: int
    agency_id: int
    code: str


@dataclass(frozen=True, slots=True)
class CaseFinished:
    """A case has its result, or was stopped; `on_time` is truoc, dung, tre or empty."""

    case_id: int
    agency_id: int
    code: str
    outcome: str
    on_time: str


@dataclass(frozen=True, slots=True)
class StepRecalled:
    """A finished step was taken back by its doer; `told_ids` held the steps it had opened."""

    case_id: int
    agency_id: int
    code: str
    run_id: int
    person_id: int
    told_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CaseExtended:
    """The applicant was given a later date, with an apology."""

    case_id: int
    agency_id: int
    code: str


@dataclass(frozen=True, slots=True)
class CaseReported:
    """The holder of a receipt reports a deviation; `kind` is a key of `citizens.REPORT_NAMES`."""

    case_id: int
    agency_id: int
    code: str
    report_id: int
    kind: str


@dataclass(frozen=True, slots=True)
class CaseWoken:
    """A case went on without anybody finishing a step; `ended` says that steps ended with it."""

    case_id: int
    agency_id: int
    ended: bool


@dataclass(frozen=True, slots=True)
class MessagesWanted:
    """A case waits for a message from now on: one that came early may be there already."""

    case_id: int
    agency_id: int


@dataclass(frozen=True, slots=True)
class MessageSentOut:
    """A case sent a message, kept as a row of its own."""

    message_id: int
    agency_id: int
    case_id: int


@dataclass(frozen=True, slots=True)
class CallsWanted:
    """A case has come to a sub-procedure, whose case is to be opened."""

    case_id: int
    agency_id: int


@dataclass(frozen=True, slots=True)
class ReturnsWanted:
    """A case goes on after a pause: a sub-procedure may have finished meanwhile."""

    case_id: int
    agency_id: int


@dataclass(frozen=True, slots=True)
class CallDropped:
    """A case no longer wants a sub-procedure that it had called."""

    call_id: int
    case_id: int
    agency_id: int
