"""What must always hold, checked on demand: each part registers its own invariants."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One record that is not as it must be; `record` names it ("case H99.18-261121-0042")."""

    code: str
    record: str
    message: str


Check = Callable[[], Iterable[Finding]]
_checks: dict[str, tuple[str, Check]] = {}


def invariant(code: str, title: str) -> Callable[[Check], Check]:
    """Register a function that yields a Finding for every record that breaks a rule."""

    def keep(check: Check) -> Check:
        _checks[code] = (title, check)
        return check

    return keep


def examine(*, parts: tuple[str, ...] = ("",)) -> Iterator[tuple[str, list[Finding]]]:
    """Run every check, or those whose code begins with one of `parts`; yield title and findings."""
    for code, (title, check) in list(_checks.items()):
        if code.startswith(parts):
            yield title, list(check())
