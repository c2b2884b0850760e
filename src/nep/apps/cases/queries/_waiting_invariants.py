"""What must hold of what cases wait for; `nep doctor` asks."""

from collections import defaultdict
from collections.abc import Iterator

from nep.apps.cases.models import CaseCall, CaseOpinion, CaseWait, StepRun
from nep.apps.cases.queries._plans import followed
from nep.apps.cases.queries._plans import plan as plan_for
from nep.apps.cases.queries._whole import WholeCase, case_invariant
from nep.apps.cases.rules.recall import RECALLED, TAKEN_BACK
from nep.bpmn import StateError, decode_state, open_calls, open_waits
from nep.foundation.db.doctor import Finding
from nep.kernel.errors import NotFound

_NOT_ASKED = frozenset({RECALLED, TAKEN_BACK, "moved"})


@case_invariant(
    "case_waits", "Chỗ chờ, thủ tục con và ý kiến của hồ sơ khớp trạng thái của quy trình"
)
def waits(cases: list[WholeCase]) -> Iterator[Finding]:
    """Find cases whose open waits, calls and opinions are not those of their process."""
    ids = [whole.case.pk for whole in cases]
    held: dict[int, set[tuple[int, str]]] = defaultdict(set)
    called: dict[int, set[tuple[int, str]]] = defaultdict(set)
    for found, model in ((held, CaseWait), (called, CaseCall)):
        rows = model._default_manager.filter(case_id__in=ids, closed_at=None)
        for case_id, token, node in rows.values_list("case_id", "token", "node"):
            found[case_id].add((token, node))
    for whole in cases:
        wanted = _wanted(whole)
        if wanted is None:
            continue
        if held[whole.case.pk] != wanted[0]:
            yield whole.finding("case_waits", "chỗ đang chờ không khớp trạng thái của quy trình")
        if called[whole.case.pk] != wanted[1]:
            yield whole.finding("case_waits", "thủ tục con đang chạy không khớp trạng thái")
    yield from _opinions(cases)


def _wanted(whole: WholeCase) -> tuple[set[tuple[int, str]], set[tuple[int, str]]] | None:
    """Return the waits and calls a case's state says are open; None where it cannot be read."""
    case = whole.case
    if not whole.is_own or not case.state:
        return set(), set()
    try:
        plan, state = plan_for(case.content_hash), decode_state(case.state)
    except (NotFound, StateError):
        return None
    if not plan.beyond:
        return set(), set()
    compiled = plan.compiled
    return set(open_waits(compiled, state)), set(open_calls(compiled, state))


def _opinions(cases: list[WholeCase]) -> Iterator[Finding]:
    """Find steps that ask several without a row of whom they ask, and answers that are missing."""
    asking = {}
    for whole in cases:
        try:
            versions = followed(whole.case)
            asks = any(one.beyond.opinions for one in versions.plans)
        except NotFound:
            continue
        if whole.is_own and asks:
            asking[whole.case.pk] = (whole, versions)
    if not asking:
        return
    rows = CaseOpinion.objects.filter(case_id__in=list(asking))
    answers = dict(rows.values_list("run_id", "answer"))
    for run in StepRun.objects.filter(case_id__in=list(asking)).order_by("pk"):
        whole, versions = asking[run.case_id]
        opinions = versions.at(run.pk).beyond.opinions
        if run.node not in opinions or run.outcome in _NOT_ASKED:
            continue
        if run.pk not in answers:
            yield whole.finding("case_waits", f"bước {run.number} hỏi ý kiến mà không ghi hỏi ai")
        elif run.outcome == "done" and not answers[run.pk] and whole.case.data != "{}":
            yield whole.finding("case_waits", f"ý kiến ở bước {run.number} không có nội dung")
