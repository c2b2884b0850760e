"""Erasing by rule as its pages show it: what would go, what must wait, what was done."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from nep.apps.cases.models import Case, CaseErasure, ErasureRun
from nep.apps.cases.queries._eligible import eligible, erasure_rules, spared
from nep.apps.cases.rules import blackening, erasure
from nep.apps.cases.rules.erasure import ErasureRule
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.kernel.errors import NotFound
from nep.kernel.vietnamese import local

SHOWN, MOST_LOOKED, _CHUNK = 50, 20_000, 1000


@dataclass(frozen=True, slots=True)
class ErasureLine:
    """One case that a run takes, or would take; `why` says why it must wait."""

    id: int
    code: str
    tthc_name: str
    finished_at: datetime | None
    why: str


@dataclass(frozen=True, slots=True)
class ErasurePreview:
    """What a rule would erase today. `looked` is below `total` where only the first were judged."""

    total: int
    looked: int
    goes: int
    waits: tuple[tuple[str, int], ...]
    lines: tuple[ErasureLine, ...]
    before: date


@dataclass(frozen=True, slots=True)
class RunLine:
    """One proposal or run in the list."""

    id: int
    label: str
    parts: str
    state: str
    state_name: str
    months: int
    expected: int
    erased: int
    spared: int
    asked_at: datetime
    asked_by: str
    approver: str


@dataclass(frozen=True, slots=True)
class RunPage:
    """One run in full, with its rule, and whether the actor is to decide."""

    line: RunLine
    rule: ErasureRule
    before: date
    reason: str
    decided_at: datetime | None
    decision: str
    finished_at: datetime | None
    seen: int
    files: int
    percent: int
    preview: ErasurePreview | None
    lines: tuple[ErasureLine, ...]
    may_decide: bool
    may_mark: bool


def erasure_preview(
    *, agency_id: int, rule: ErasureRule, before: datetime, today: date
) -> ErasurePreview:
    """Return which cases a rule would take and which of them must wait; the first 20,000 judged."""
    rows = eligible(agency_id=agency_id, rule=rule, parts=rule.parts, before=before)
    total = rows.count()
    ids = list(rows.values_list("pk", flat=True)[:MOST_LOOKED])
    waits: dict[int, str] = {}
    for start in range(0, len(ids), _CHUNK):
        waits |= spared(
            ids[start : start + _CHUNK], agency_id=agency_id, waits=rule.waits_for_record,
            today=today,
        )  # fmt: skip
    counts = Counter(waits.values())
    shown = Case.objects.filter(pk__in=ids[:SHOWN]).order_by("pk")
    return ErasurePreview(
        total=total, looked=len(ids), goes=len(ids) - len(waits),
        waits=tuple(
            (erasure.SPARED_NAMES[why], count) for why, count in sorted(counts.items())
        ),
        lines=tuple(
            ErasureLine(
                case.pk, case.code, case.tthc_name, case.finished_at,
                erasure.SPARED_NAMES.get(waits.get(case.pk, ""), ""),
            )
            for case in shown
        ),
        before=local(before).date(),
    )  # fmt: skip


def run_lines(*, actor: Actor) -> tuple[RunLine, ...]:
    """Return the proposals and runs of the actor's agency, newest first."""
    rows = list(ErasureRun.objects.filter(agency_id=actor.agency_id).order_by("-id")[:100])
    names = organization.person_names(
        [row.asked_by_id for row in rows] + [row.approver_id for row in rows]
    )
    return tuple(_line(row, names) for row in rows)


def run_page(*, actor: Actor, run_id: int, now: datetime) -> RunPage:
    """Return one run of the actor's agency; before its decision with a fresh preview.

    Raises NotFound.
    """
    row = ErasureRun.objects.filter(pk=run_id, agency_id=actor.agency_id).first()
    if row is None:
        raise NotFound("not_found", "Không tìm thấy đề nghị xóa này trong cơ quan của bạn.")
    rule = erasure_rules()[row.rule]
    preview = None
    if row.state == "asked":
        preview = erasure_preview(
            agency_id=row.agency_id, rule=rule, before=row.before, today=local(now).date()
        )
    names = organization.person_names([row.asked_by_id, row.approver_id])
    done = row.state == "done"
    return RunPage(
        line=_line(row, names), rule=rule, before=local(row.before).date(), reason=row.reason,
        decided_at=row.decided_at, decision=row.decision, finished_at=row.finished_at,
        seen=row.seen, files=row.files,
        percent=100 if done else min(99, 100 * row.seen // max(1, row.expected)),
        preview=preview, lines=_erased(row),
        may_decide=bool(
            erasure.decide_erasure_deciding(
                actor, state=row.state, approver_id=row.approver_id,
                asked_by_id=row.asked_by_id, refuses=False, reason="",
            )
        ),
        may_mark=bool(
            blackening.decide_marking(
                actor, people={row.asked_by_id, row.approver_id}, state=row.state,
                takes_words=bool(blackening.PARTS & set(row.parts)),
            )
        ),
    )  # fmt: skip


def _line(row: ErasureRun, names: dict[int, str]) -> RunLine:
    rule = erasure_rules()[row.rule]
    return RunLine(
        row.pk, rule.label, "; ".join(erasure.PART_NAMES[part] for part in row.parts), row.state,
        erasure.STATE_NAMES[row.state], row.months, row.expected, row.erased, row.spared,
        row.asked_at, names.get(row.asked_by_id, ""), names.get(row.approver_id, ""),
    )  # fmt: skip


def _erased(row: ErasureRun) -> tuple[ErasureLine, ...]:
    """Return the first cases that a run has erased something of."""
    if row.state not in {"running", "done"}:
        return ()
    ids = CaseErasure.objects.filter(run=row).order_by("case_id").values("case_id").distinct()
    cases = Case.objects.filter(pk__in=[one["case_id"] for one in ids[:SHOWN]]).order_by("pk")
    return tuple(
        ErasureLine(case.pk, case.code, case.tthc_name, case.finished_at, "") for case in cases
    )
