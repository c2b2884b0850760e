"""What other systems wrote that means no step yet, what contradicts itself, and the deviations."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min

from nep.apps.cases.models import Case, FedDeviation, FedRow, FedWaiting
from nep.apps.cases.queries._plans import plan as plan_for
from nep.apps.cases.rules.fed_columns import row_kept
from nep.apps.cases.rules.fed_deviations import KIND_NAMES
from nep.apps.cases.rules.fed_joining import contradictions
from nep.apps.organization.rules import Actor
from nep.apps.procedures import queries as procedures
from nep.kernel.errors import NotFound
from nep.kernel.text import whole_number
from nep.kernel.vietnamese import local

PAGE = 50
MOST_WORDS = 100


@dataclass(frozen=True, slots=True)
class UnmatchedTthc:
    """How many rows of a TTHC mean no step."""

    tthc_id: int
    name: str
    rows: int


@dataclass(frozen=True, slots=True)
class UnmatchedWords:
    """Words that mean no step: as folded and as written, how often, in how many cases."""

    folded: str
    text: str
    rows: int
    cases: int
    case_id: int
    case_code: str


@dataclass(frozen=True, slots=True)
class Unmatched:
    """What an agency has to look at; `words` are those of one TTHC, with its steps."""

    tthc: tuple[UnmatchedTthc, ...]
    chosen: UnmatchedTthc | None
    words: tuple[UnmatchedWords, ...]
    steps: tuple[tuple[str, str], ...]
    waiting: int

    @property
    def total(self) -> int:
        """Return how many rows of the agency mean no step."""
        return sum(one.rows for one in self.tthc)


def unmatched(*, actor: Actor, tthc_id: int = 0) -> Unmatched:
    """Return the unmatched words of the actor's agency, those of one TTHC in full."""
    rows = FedRow.objects.exclude(unmatched="").filter(case__agency_id=actor.agency_id)
    counted = rows.values("case__tthc_id").annotate(
        n=Count("id"), name=Max("case__tthc_name")
    )  # fmt: skip
    lines = tuple(
        UnmatchedTthc(row["case__tthc_id"], row["name"], row["n"]) for row in counted.order_by("-n")
    )
    chosen = next((one for one in lines if one.tthc_id == tthc_id), lines[0] if lines else None)
    return Unmatched(
        tthc=lines, chosen=chosen,
        words=_words(rows, chosen.tthc_id) if chosen else (),
        steps=_steps(actor.agency_id, chosen.tthc_id) if chosen else (),
        waiting=FedWaiting.objects.filter(agency_id=actor.agency_id).count(),
    )  # fmt: skip


def _words(rows: Any, tthc_id: int) -> tuple[UnmatchedWords, ...]:
    grouped = list(
        rows.filter(case__tthc_id=tthc_id).values("unmatched")
        .annotate(n=Count("id"), cases=Count("case_id", distinct=True), first=Min("id"))
        .order_by("-n", "unmatched")[:MOST_WORDS]
    )  # fmt: skip
    firsts = FedRow.objects.filter(pk__in=[one["first"] for one in grouped])
    by_id = {
        pk: (data["step"] or data["status"], case_id, code)
        for pk, data, case_id, code in firsts.values_list("id", "data", "case_id", "case__code")
    }
    return tuple(
        UnmatchedWords(one["unmatched"], text, one["n"], one["cases"], case_id, code)
        for one in grouped
        for text, case_id, code in [by_id[one["first"]]]
    )


def _steps(agency_id: int, tthc_id: int) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    for version in procedures.versions_in_force(agency_id=agency_id, tthc_id=tthc_id):
        for step in plan_for(version.content_hash).order:
            found.setdefault(step.node, f"{step.label}: {step.name}")
    return tuple(found.items())


@dataclass(frozen=True, slots=True)
class DeviationLine:
    """One deviation in words; `case_id` opens the case."""

    kind: str
    kind_name: str
    text: str
    at: datetime
    actor: str
    case_id: int
    case_code: str
    tthc_name: str


@dataclass(frozen=True, slots=True)
class DeviationPage:
    """Deviations of a time: counts by kind, one page of lines, `after` continues them."""

    counts: tuple[tuple[str, str, int], ...]
    cases: int
    lines: tuple[DeviationLine, ...]
    after: str


@dataclass(frozen=True, slots=True)
class ContradictionLine:
    """Two or more tellings of the same work: what, of which words, the different tellings."""

    words: str
    what: str
    tellings: tuple[str, ...]


def deviation_page(
    *, actor: Actor, month: int = 0, kind: str = "", tthc_id: int = 0, after: str = ""
) -> DeviationPage:
    """Return the deviations of cases received in a month (202611) or year (2026), newest first."""
    rows = FedDeviation.objects.filter(case__agency_id=actor.agency_id)
    if month > 9999:
        rows = rows.filter(case__received_month=month)
    elif month:
        rows = rows.filter(
            case__received_month__gte=month * 100 + 1, case__received_month__lte=month * 100 + 12
        )
    if tthc_id:
        rows = rows.filter(case__tthc_id=tthc_id)
    counted = dict(rows.values_list("kind").annotate(n=Count("id")).order_by())
    cases = rows.values("case_id").distinct().count()
    if kind in KIND_NAMES:
        rows = rows.filter(kind=kind)
    if last := whole_number(after):
        rows = rows.filter(pk__lt=last)
    found = list(rows.select_related("case").order_by("-pk")[: PAGE + 1])
    lines = tuple(_line(row) for row in found[:PAGE])
    counts = tuple((one, name, counted.get(one, 0)) for one, name in KIND_NAMES.items())
    return DeviationPage(counts, cases, lines, str(found[PAGE - 1].pk) if len(found) > PAGE else "")


def case_deviations(*, actor: Actor, case_id: int) -> tuple[DeviationLine, ...]:
    """Return the deviations of one case, in their order. Raises NotFound."""
    case = _case(actor, case_id)
    rows = FedDeviation.objects.filter(case=case).order_by("at", "number", "id")
    return tuple(_line(row, case) for row in rows)


def case_contradictions(*, actor: Actor, case_id: int) -> tuple[ContradictionLine, ...]:
    """Return what the other system told differently at different times. Raises NotFound."""
    case = _case(actor, case_id)
    found = []
    for key, data in FedRow.objects.filter(case=case, conflict=True).values_list("key", "data"):
        row = row_kept(key, data)
        for what, values in contradictions(row):
            tellings = tuple(_readable(value) for value in values)
            found.append(ContradictionLine(row.step or row.status, what, tellings))
    return tuple(found)


def _case(actor: Actor, case_id: int) -> Case:
    case = Case.objects.filter(pk=case_id, agency_id=actor.agency_id).first()
    if case is None:
        raise NotFound("not_found", "Không tìm thấy hồ sơ này trong cơ quan của bạn.")
    return case


def _line(row: FedDeviation, case: Case | None = None) -> DeviationLine:
    case = case or row.case
    step = plan_for(case.content_hash).steps.get(row.node)
    name = f"bước {row.number} “{step.name}”" if step else f"bước {row.number}"
    texts: Mapping[str, str] = {
        "skipped": f"không có {name}", "repeated": f"làm lại {name} khi chưa trả về",
        "order": f"làm {name} trước lượt", "role": f"{name} do người không giữ vai trò của bước làm",
    }  # fmt: skip
    return DeviationLine(
        row.kind, KIND_NAMES[row.kind], texts[row.kind], row.at, row.actor, case.pk, case.code,
        case.tthc_name,
    )  # fmt: skip


def _readable(value: str) -> str:
    try:
        moment = local(datetime.fromisoformat(value))
    except ValueError:
        return value
    return f"{moment:%H:%M %d/%m/%Y}"
