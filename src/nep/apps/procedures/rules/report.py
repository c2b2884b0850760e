"""The values of the proof before publishing: what the checks need, and what they say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from nep.apps.procedures.rules.lint_book import RuleBook

ERROR, ADVICE, HINT = "err", "warn", "hint"


@dataclass(frozen=True, slots=True)
class Pace:
    """How past cases did a step: how often, and the working minutes every run took more than."""

    runs: int
    longer_than: int


@dataclass(frozen=True, slots=True)
class PackageForm:
    """A controlled form that belongs to the procedure."""

    document_id: int
    code: str
    title: str


@dataclass(frozen=True, slots=True)
class CalledVersion:
    """A version that a row runs: whether it is still in force, and what is in force in its place.

    `newer_id` is the revision in force of the same procedure, None where none is; `limit_hours`
    counts 8 hours a day, None where the version has no limit. `is_internal` is false where it
    needs an applicant.
    """

    revision_id: int
    code: str
    title: str
    number: str
    is_in_force: bool
    newer_id: int | None = None
    newer: str = ""
    limit_hours: Decimal | None = None
    is_internal: bool = False


@dataclass(frozen=True, slots=True)
class EndedLaw:
    """A legal text that holds no more and that the procedure names.

    `is_cited` by the register, in the steps `cited_in`; `is_symbol` says that `symbol` is a number
    as printed and not a title.
    """

    symbol: str
    ended_on: date | None
    replaced_by: str = ""
    is_symbol: bool = True
    is_cited: bool = False
    cited_in: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SharingTthc:
    """A TTHC that goes by the procedure of a similar one, with its own limit."""

    name: str
    amount: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What the checks need from the registers.

    `holders` counts the people in post of each role key used. What rules beyond the proof read:
    the `book`, the TTHC's `papers`, `paces` by step, names of others as (folded, shown), the names
    of the agency itself, forms of the procedure and those each step refers to (by document).
    `called` are the issued versions of the agency that rows run, by content hash; `begun` the codes
    of other internal procedures in force there that the same message opens; `shared_by` the TTHC that
    go by this procedure beside its own.
    """

    holders: Mapping[str, int]
    role_words: Mapping[str, str]
    tthc_code: str
    is_internal: bool
    tthc_amount: Decimal | None = None
    tthc_unit: str = ""
    book: RuleBook = field(default_factory=RuleBook)
    papers: tuple[str, ...] = ()
    paces: Mapping[str, Pace] = field(default_factory=dict)
    foreign_names: tuple[tuple[str, str], ...] = ()
    own_names: tuple[str, ...] = ()
    package_forms: tuple[PackageForm, ...] = ()
    step_forms: Mapping[str, frozenset[int]] = field(default_factory=dict)
    ended_laws: tuple[EndedLaw, ...] = ()
    tthc_abolished: str = ""
    called: Mapping[str, CalledVersion] = field(default_factory=dict)
    begun: tuple[str, ...] = ()
    shared_by: tuple[SharingTthc, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong or worth a look; `steps` are ids, `fix` names the way to mend it.

    `why` and `mend` explain it; `tap` is an edit that mends it safely with the `values`.
    """

    severity: str
    code: str
    title: str
    text: str
    steps: tuple[str, ...] = ()
    fix: str = ""
    value: str = ""
    why: str = ""
    mend: str = ""
    tap: str = ""
    tap_label: str = ""
    values: tuple[tuple[str, str], ...] = ()


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
        """Return what does not stop publishing: warnings and hints."""
        return tuple(one for one in self.findings if one.severity != ERROR)

    @property
    def slack(self) -> Decimal | None:
        """Return hours left of the limit on the worst path, negative when over."""
        if self.total is None or self.limit is None:
            return None
        return self.limit - self.total
