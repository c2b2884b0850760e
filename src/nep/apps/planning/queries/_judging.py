"""The objectives of a year that can be concluded on, all on one page with their computed verdicts."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from nep.apps.organization.rules import Actor
from nep.apps.planning.models import Objective
from nep.apps.planning.queries._objectives import ObjectiveLine, facts_of, objective_lines
from nep.apps.planning.rules import objectives as rules


@dataclass(frozen=True, slots=True)
class JudgeLine:
    """An objective with the conclusion that its figures lead to, and what stands against it.

    `untold` are the periods that missed the target without a cause; `lacking` is why this reader
    cannot conclude on it now, empty where they can (once the cause is told).
    """

    line: ObjectiveLine
    verdict: str
    chip: str
    untold: tuple[str, ...]
    lacking: str

    @property
    def seen(self) -> str:
        """Return what the reader is shown: the objective and its value."""
        return f"{self.line.id}:{seen_value(self.line.value)}"


@dataclass(frozen=True, slots=True)
class JudgingPage:
    """The approved objectives of a year that nobody has concluded on, and how many are done."""

    year: int
    ready: tuple[JudgeLine, ...]
    waiting: tuple[JudgeLine, ...]
    judged: int

    @property
    def missed(self) -> int:
        """Return how many of those that can be concluded on did not reach their target."""
        return sum(one.line.met is False for one in self.ready)


def seen_value(value: Decimal | None) -> str:
    """Return a value as the page carries it, "-" for none."""
    return "-" if value is None else str(value.normalize())


def judging_page(*, actor: Actor, year: int, today: date) -> JudgingPage:
    """Return the objectives of a year as they would be concluded on today."""
    rows = list(
        Objective.objects.filter(
            agency_id=actor.agency_id, year=year, state__in=rules.IN_FORCE
        ).order_by("number")
    )
    open_rows = [row for row in rows if row.state == rules.APPROVED]
    lines = objective_lines(open_rows, agency_id=actor.agency_id, today=today)
    found = [_line(actor, row, line, today) for row, line in zip(open_rows, lines, strict=True)]
    return JudgingPage(
        year, tuple(one for one in found if not one.lacking),
        tuple(one for one in found if one.lacking), len(rows) - len(open_rows),
    )  # fmt: skip


def _line(actor: Actor, row: Objective, line: ObjectiveLine, today: date) -> JudgeLine:
    told = [one.told for one in line.periods if one.has_begun]
    lacking = rules.missing(
        told, year=row.year, periods=len(line.periods), today=today, is_automatic=line.is_automatic
    )
    if lacking is not None and lacking.code == "cause_missing":
        lacking = None  # the page asks for it
    decided = rules.decide_judge(actor, facts_of(row), lacking)
    untold = tuple(one.name for one in told if one.is_met is False and not one.is_explained)
    chip = {True: "ok", False: "tre", None: "tam"}[row.met]
    why = "" if decided else getattr(decided, "message", "")
    return JudgeLine(line, rules.verdict_name(row.met), chip, untold, why)
