"""The whole panel: the proof first, then the rules an agency has on, each finding with its why."""

from collections.abc import Callable
from dataclasses import replace

from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.lint import _proof as proof
from nep.apps.procedures.rules.lint._called import (
    begins_joined,
    begins_shared,
    calls_joined,
    calls_known,
)
from nep.apps.procedures.rules.lint._checks import CHECKS
from nep.apps.procedures.rules.lint_book import BLOCKS, OFF, WARNS, Rule
from nep.apps.procedures.rules.report import ADVICE, ERROR, HINT, Facts, Finding, Report
from nep.apps.procedures.rules.wording import HOURS_PER_DAY
from nep.bpmn import check_structure, prove_time

_SEVERITIES = {BLOCKS: ERROR, WARNS: ADVICE}
_ORDER = {ERROR: 0, ADVICE: 1, HINT: 2}
Check = Callable[[Draft, Facts, Rule], list[Finding]]


def lint(draft: Draft, facts: Facts) -> Report:
    """Run every check on a draft."""
    panel, process, table = proof.Panel(), draft.process, draft.table
    structure = check_structure(process)
    panel.judge(
        "Bảng đọc được thành mô hình BPMN, chỉ dùng thành phần máy chạy được",
        [proof.told(reason, table, "structure") for reason in structure],
    )
    states = 0 if structure else proof.walks(panel, process, table)
    panel.judge(
        "Mỗi bước có người chịu trách nhiệm và thời hạn",
        [
            *proof.responsibilities(draft, facts),
            *proof.asked_by_somebody(draft),
            *proof.step_times(draft),
        ],
    )
    if any(step.called for step in table.steps):
        panel.judge(
            "Mọi quy trình được thực hiện đều đã ban hành và mở được từ quy trình này",
            [*calls_known(draft, facts), *calls_joined(draft, facts)],
        )
    panel.findings += [*begins_joined(draft, facts), *begins_shared(draft, facts)]
    panel.judge("Mọi vai trò đều có người đảm nhiệm", proof.people_in_post(table, facts))
    time = prove_time(process, limit=draft.limit, hours_per_day=HOURS_PER_DAY)
    panel.judge("Mọi đường đi đều trong thời hạn giải quyết", proof.whole_time(panel, draft, time))
    panel.judge(
        "Thời hạn khớp với thủ tục và với tổng ghi trong văn bản",
        proof.stated_totals(draft, facts),
    )
    panel.judge(
        "Mã thủ tục có trong bảng thủ tục của cơ quan"
        if not facts.is_internal
        else "Quy trình nội bộ, không gắn mã thủ tục",
        proof.tthc_code(facts),
    )
    proven = [_explained(one, facts) for one in panel.findings]
    found = sorted([*proven, *_ruled(draft, facts)], key=lambda one: _ORDER[one.severity])
    total = None if any(one.code != "over_limit" for one in time.reasons) else time.worst
    return Report(
        findings=tuple(found),
        passed=tuple(panel.passed),
        total=total,
        limit=time.limit_hours,
        folds=proof.folds_of(table, time),
        paths=proof.paths_of(table, time),
        failing=frozenset(panel.failing),
        states=states,
    )


def _explained(finding: Finding, facts: Facts) -> Finding:
    why, mend = facts.book.reasons(finding.code)
    return replace(finding, why=why, mend=mend)


def _ruled(draft: Draft, facts: Facts) -> list[Finding]:
    """Return what the rules beyond the proof find, each at the severity the agency gave it."""
    found: list[Finding] = []
    for code, check in CHECKS.items():
        rule = facts.book.rules.get(code)
        if rule is None or rule.severity == OFF:
            continue
        severity = _SEVERITIES.get(rule.severity, HINT)
        found += [replace(one, severity=severity) for one in check(draft, facts, rule)]
    return found
