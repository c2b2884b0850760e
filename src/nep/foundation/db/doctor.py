"""What must always hold, checked on demand: each part registers its own invariants."""

from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Finding:
    """One record that is not as it must be; `record` names it ("case H99.18-261121-0042")."""

    code: str
    record: str
    message: str


Progress = Callable[[str, int], None]  # (what is looked at, how many records so far)


@dataclass(slots=True)
class Examination:
    """One run over checks, by their codes, and what some of them have found together by code."""

    codes: frozenset[str]
    tell: Progress
    title: str = ""
    seen: int = 0
    found: dict[str, list[Finding]] = field(default_factory=dict)


Check = Callable[[], Iterable[Finding]]
_checks: dict[str, tuple[str, Check]] = {}
_under_way: ContextVar[Examination | None] = ContextVar("examination", default=None)


def invariant(code: str, title: str) -> Callable[[Check], Check]:
    """Register a function that yields a Finding for every record that breaks a rule."""

    def keep(check: Check) -> Check:
        _checks[code] = (title, check)
        return check

    return keep


def examine(
    *, parts: tuple[str, ...] = ("",), tell: Progress = lambda _title, _seen: None
) -> Iterator[tuple[str, list[Finding]]]:
    """Run every check, or those whose code begins with one of `parts`; yield title and findings.

    `tell` hears what is begun, and of checks that read in portions how far they are.
    """
    chosen = {code: known for code, known in _checks.items() if code.startswith(parts)}
    run = Examination(frozenset(chosen), tell)
    for title, check in chosen.values():
        run.title, run.seen = title, 0
        tell(title, 0)
        token = _under_way.set(run)
        try:
            found = list(check())
        finally:
            _under_way.reset(token)
        yield title, found


def examination() -> Examination | None:
    """Return the run that asks a check now, None when the check is called by itself."""
    return _under_way.get()


def went_through(count: int) -> None:
    """Tell the run that asks now that a check has read so many more records."""
    run = _under_way.get()
    if run is not None:
        run.seen += count
        run.tell(run.title, run.seen)
