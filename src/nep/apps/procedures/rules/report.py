"""The values of the proof before publishing: what the checks need, and what they say."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

ERROR, ADVICE = "err", "warn"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the checks need from the registers.

    `holders` counts the people in post of each role key used; `units` names known unit codes.
    """

    holders: Mapping[str, int]
    role_words: Mapping[str, str]
    tthc_code: str
    is_internal: bool
    tthc_amount: Decimal | None = None
    tthc_unit: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong or worth a look; `steps` are ids, `fix` names the way to mend it."""

    severity: str
    code: str
    title: str
    text: str
    steps: tuple[str, ...] = ()
    fix: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class PathLine:
    """One way through the process: the steps' numbers, its hours and what is left of the limit."""

    numbers: str
    hours: Decimal
    slack: Decimal | None


@dataclass(frozen=True, slots=True)
class Fold:
    """One step of the ruler: hours on the worst path, and whether it lies past the limit.

    Number 0 gathers what bounded loops repeat.
    """

    number: int
    hours: Decimal
    is_over: bool


@dataclass(frozen=True, slots=True)
class Report:
    """The whole panel. Hours count 8 to a day; `total` is the worst path."""

    findings: tuple[Finding, ...]
    passed: tuple[str, ...]
    total: Decimal | None
    limit: Decimal | None
    folds: tuple[Fold, ...]
    paths: tuple[PathLine, ...]
    failing: frozenset[str]
    states: int

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Return what stops publishing."""
        return tuple(one for one in self.findings if one.severity == ERROR)

    @property
    def advice(self) -> tuple[Finding, ...]:
        """Return what does not stop publishing."""
        return tuple(one for one in self.findings if one.severity == ADVICE)

    @property
    def slack(self) -> Decimal | None:
        """Return hours left of the limit on the worst path, negative when over."""
        if self.total is None or self.limit is None:
            return None
        return self.limit - self.total
