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


@dataclass(frozen=True, slots=True)
class Examination:
    """One run over checks, by their codes, and what some of them have found together by code."""

    codes: frozenset[str]
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


def examine(*, parts: tuple[str, ...] = ("",)) -> Iterator[tuple[str, list[Finding]]]:
    """Run every check, or those whose code begins with one of `parts`; yield title and findings."""
    chosen = {code: known for code, known in _checks.items() if code.startswith(parts)}
    run = Examination(frozenset(chosen))
    for title, check in chosen.values():
        token = _under_way.set(run)
        try:
            found = list(check())
        finally:
            _under_way.reset(token)
        yield title, found


def examination() -> Examination | None:
    """Return the run that asks a check now, None when the check is called by itself."""
    return _under_way.get()
