"""What must hold of the figures at any moment; `nep doctor` asks."""

from collections.abc import Iterator

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from nep.apps.cases.models import Case, CaseFact, FactPending, FiguresState
from nep.apps.cases.queries import _rollups as rollups
from nep.apps.cases.queries._facts import facts_told
from nep.apps.cases.rules.statuses import FINISHED
from nep.foundation.db.doctor import Finding, invariant, went_through

PORTION = 500
# A later change of the calendar or of the TTHC leaves a fact as it was, so only what no such change
# can touch is held against the rows.
_HELD = (
    "agency_id", "month", "received_month", "tthc_id", "word", "supplements", "steps",
    "steps_late", "reworks", "returns",
)  # fmt: skip


@invariant("case_facts", "Mỗi hồ sơ đã kết thúc có đúng một dòng số liệu, khớp diễn biến của nó")
def facts() -> Iterator[Finding]:
    """Find finished cases without their fact, open ones with one, and facts that say otherwise."""
    state = FiguresState.objects.filter(pk=1).first()
    is_counted = state is None or state.counted_to is None
    for fact in CaseFact.objects.exclude(case__status__in=FINISHED).select_related("case"):
        yield _finding("case_facts", fact.case, "chưa kết thúc mà đã có dòng số liệu")
    last = 0
    while True:
        rows = Case.objects.filter(pk__gt=last, status__in=FINISHED).order_by("pk")
        cases = list(rows[:PORTION])
        if not cases:
            break
        last = cases[-1].pk
        went_through(len(cases))
        known = {fact.case_id: fact for fact in CaseFact.objects.filter(case__in=cases)}
        told = {columns["case_id"]: columns for columns in facts_told(cases)}
        for case in cases:
            kept = known.get(case.pk)
            if kept is None:
                if is_counted:
                    yield _finding("case_facts", case, "đã kết thúc mà chưa có dòng số liệu")
            elif wrong := [n for n in _HELD if getattr(kept, n) != told[case.pk][n]]:
                yield _finding("case_facts", case, f"dòng số liệu sai: {', '.join(wrong)}")


def _finding(code: str, case: Case, message: str) -> Finding:
    return Finding(code, f"hồ sơ {case.code}", message)


@invariant("case_rollups", "Số liệu cộng sẵn bằng đúng số đếm lại từ từng hồ sơ")
def sums() -> Iterator[Finding]:
    """Find roll-ups that are not the count of their facts, and pending marks of no fact."""
    with transaction.atomic():
        # One who folds waits meanwhile; nothing that finishes does.
        list(FiguresState.objects.select_for_update().filter(pk=1))
        for kind in rollups.KINDS:
            with connection.cursor() as cursor:
                cursor.execute(rollups.differences_sql(kind))
                rows = cursor.fetchall()
            for *keys, over in rows:
                named = ", ".join(f"{n} {v}" for n, v in zip(kind.keys, keys, strict=True))
                yield Finding(
                    "case_rollups", f"{kind.table} {named}", f"lệch {int(over)} so với đếm lại"
                )
    its_fact = CaseFact.objects.filter(pk=OuterRef("case_id"))
    for row in FactPending.objects.filter(~Exists(its_fact))[:20]:
        yield Finding("case_rollups", f"hồ sơ {row.case_id}", "chờ cộng mà không có dòng số liệu")
