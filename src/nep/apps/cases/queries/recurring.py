"""What recurs in finished cases: steps late often, papers asked for again; counted over months."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Count, Q

from nep.apps.cases.models import CaseFact, StepRun
from nep.apps.cases.queries._rollups import STEP, counts
from nep.apps.cases.rules.figures import COUNTED_OUTCOMES
from nep.kernel.references import Reference

MOST_NAMED = 12
MOST_READ = 600


@dataclass(frozen=True, slots=True)
class LateStep:
    """A step of a TTHC: how often it was closed in finished cases, how often late.

    `content_hash` is that of the version with the most of them.
    """

    tthc_id: int
    node: str
    content_hash: str
    total: int
    late: int


@dataclass(frozen=True, slots=True)
class Supplemented:
    """A TTHC: its finished cases, and those whose papers were asked for more than once."""

    tthc_id: int
    total: int
    hit: int


def late_steps(*, agency_id: int, months: tuple[int, int]) -> tuple[LateStep, ...]:
    """Return the steps with a late one in the months (202609, 202611), the most often late first.

    One statement over the roll-ups and what is not folded yet.
    """
    names, sums = counts(
        STEP, by=("tthc_id", "node", "content_hash"), agencies=(agency_id,), months=months,
        measures=("steps", "late"),
    )  # fmt: skip
    steps_at, late_at = names.index("steps"), names.index("late")
    found: dict[tuple[int, str], LateStep] = {}
    largest: dict[tuple[int, str], int] = {}
    for (tthc_id, node, content_hash), row in sums.items():
        key, steps, late = (tthc_id, node), row[steps_at], row[late_at]
        known = found.get(key)
        hash_ = known.content_hash if known and largest[key] >= steps else content_hash
        largest[key] = max(largest.get(key, 0), steps)
        total, hit = (known.total, known.late) if known else (0, 0)
        found[key] = LateStep(tthc_id, node, hash_, total + steps, hit + late)
    late_ones = [one for one in found.values() if one.late]
    return tuple(sorted(late_ones, key=lambda one: (-one.late, one.tthc_id, one.node)))


def late_step_cases(
    *, agency_id: int, months: tuple[int, int], steps: Iterable[tuple[int, str]]
) -> dict[tuple[int, str], tuple[Reference, ...]]:
    """Return the cases in which each of some (TTHC, step) was late, at most twelve each; one query."""
    wanted = [Q(case__fact__tthc_id=tthc_id, node=node) for tthc_id, node in steps]
    if not wanted:
        return {}
    rows = StepRun.objects.filter(
        reduce(or_, wanted), late=True, outcome__in=COUNTED_OUTCOMES,
        case__fact__agency_id=agency_id, case__fact__month__gte=months[0],
        case__fact__month__lte=months[1],
    )  # fmt: skip
    named = rows.order_by("-closed_at", "-id").values_list(
        "case__fact__tthc_id", "node", "case_id", "case__code", "case__tthc_name"
    )
    found: dict[tuple[int, str], dict[int, Reference]] = {}
    for tthc_id, node, case_id, code, name in named[:MOST_READ]:
        kept = found.setdefault((tthc_id, node), {})
        if len(kept) < MOST_NAMED:
            kept[case_id] = _case(case_id, code, name)
    return {key: tuple(kept.values()) for key, kept in found.items()}


def supplemented(*, agency_id: int, months: tuple[int, int]) -> tuple[Supplemented, ...]:
    """Return the TTHC whose finished cases were asked for papers more than once; one query."""
    rows = _finished(agency_id, months).values("tthc_id").order_by()
    counted = rows.annotate(total=Count("pk"), hit=Count("pk", filter=Q(supplements__gt=1)))
    found = [
        Supplemented(one["tthc_id"], one["total"], one["hit"]) for one in counted if one["hit"]
    ]
    return tuple(sorted(found, key=lambda one: (-one.hit, one.tthc_id)))


def supplemented_cases(
    *, agency_id: int, months: tuple[int, int], tthc_ids: Iterable[int]
) -> dict[int, tuple[Reference, ...]]:
    """Return the cases behind each of some TTHC, at most twelve each; one query."""
    rows = _finished(agency_id, months).filter(tthc_id__in=list(tthc_ids), supplements__gt=1)
    named = rows.order_by("-month", "-case_id").values_list(
        "tthc_id", "case_id", "case__code", "case__tthc_name"
    )
    found: dict[int, list[Reference]] = {}
    for tthc_id, case_id, code, name in named[:MOST_READ]:
        kept = found.setdefault(tthc_id, [])
        if len(kept) < MOST_NAMED:
            kept.append(_case(case_id, code, name))
    return {key: tuple(kept) for key, kept in found.items()}


def _finished(agency_id: int, months: tuple[int, int]):
    rows = CaseFact.objects.filter(agency_id=agency_id, is_internal=False)
    return rows.filter(month__gte=months[0], month__lte=months[1]).exclude(word="rut")


def _case(case_id: int, code: str, name: str) -> Reference:
    return Reference("case", case_id, f"{code}, {name}"[:400], f"/ho-so/{case_id}/")
