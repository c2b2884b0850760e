"""What apps above tell procedures: how past cases went, which cases are open, what must not change."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.report import Pace
from nep.kernel.decisions import ALLOWED, Decision


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case under way: its page, code, the step it is at and the day promised, in words."""

    link: str
    code: str
    at: str
    due: str


@dataclass(frozen=True, slots=True)
class OpenCases:
    """The cases under way on a version: how many, and the first of them by result date."""

    count: int = 0
    first: tuple[OpenCase, ...] = ()
    link: str = ""


PaceReader = Callable[[int, int, date], Mapping[str, Pace]]
CasesReader = Callable[[int, int], OpenCases]
ContentGuard = Callable[[int, int, Draft], Decision]
_paces: list[PaceReader] = []
_cases: list[CasesReader] = []
DropListener = Callable[[int], None]
_guards: list[ContentGuard] = []
_drops: list[DropListener] = []


def register_paces(reader: PaceReader) -> None:
    """Name who tells how past cases did the steps of a TTHC: f(agency_id, tthc_id, today)."""
    _paces[:] = [reader]


def paces_of(agency_id: int, tthc_id: int, today: date) -> Mapping[str, Pace]:
    """Return how past cases did each step of a TTHC, nothing where nobody tells."""
    return _paces[0](agency_id, tthc_id, today) if _paces else {}


def register_open_cases(reader: CasesReader) -> None:
    """Name who tells which cases run on a version: f(agency_id, revision_id)."""
    _cases[:] = [reader]


def open_cases_of(agency_id: int, revision_id: int) -> OpenCases:
    """Return the cases under way on a version, none where nobody tells."""
    return _cases[0](agency_id, revision_id) if _cases else OpenCases()


def register_content_guard(guard: ContentGuard) -> None:
    """Add somebody to be asked before a draft is written: f(agency_id, procedure_id, new draft)."""
    _guards.append(guard)


def decide_content(agency_id: int, procedure_id: int, draft: Draft) -> Decision:
    """Decide whether a procedure's draft may say this; the first refusal counts."""
    for guard in _guards:
        decision = guard(agency_id, procedure_id, draft)
        if not decision:
            return decision
    return ALLOWED


def register_drop_listener(listener: DropListener) -> None:
    """Add somebody to be told, in its transaction, which draft of a procedure is dropped: f(revision)."""
    _drops.append(listener)


def tell_dropped(revision_id: int) -> None:
    """Tell that a draft of a procedure is dropped."""
    for listener in _drops:
        listener(revision_id)
