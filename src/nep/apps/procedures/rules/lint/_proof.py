"""The proof: what must hold of a procedure before it can be approved.

Order: schema and subset, soundness, a default at every choice, a role and a limit at every step,
time on every path, people in post, the TTHC. A check whose register does not exist is not shown.
Errors stop publishing, advice does not. Source: Nghị định 118/2025/NĐ-CP Điều 36 và 38 (quy trình
nội bộ, quy trình điện tử đúng thời hạn giải quyết TTHC).
"""

from collections.abc import Iterator
from decimal import Decimal

from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.lint._words import numbers
from nep.apps.procedures.rules.other_rows import groups_of, times_of
from nep.apps.procedures.rules.report import (
    ERROR,
    Facts,
    Finding,
    Fold,
    PathLine,
)
from nep.apps.procedures.rules.table import SENDS, Step, Table, gateway_id
from nep.apps.procedures.rules.wording import (
    HOURS_PER_DAY,
    UNIT_NAMES,
    hours_text,
    is_longer,
    limit_text,
)
from nep.bpmn import (
    Process,
    Reason,
    TimeProof,
    prove_soundness,
)
from nep.bpmn.structure import FATAL
from nep.kernel.text import shorten


class Panel:
    """Gathers findings and passed checks while the checks run in order."""

    def __init__(self) -> None:
        self.findings: list[Finding] = []
        self.passed: list[str] = []
        self.failing: set[str] = set()

    def judge(self, passed: str, findings: list[Finding]) -> None:
        """Add findings, or the passed check when there is no error among them."""
        self.findings += findings
        if not any(one.severity == ERROR for one in findings):
            self.passed.append(passed)


def told(reason: Reason, table: Table, code: str) -> Finding:
    """Return what the proof of the graph found, with the step it belongs to."""
    step = _step_of(reason.element, table)
    return Finding(
        ERROR,
        f"{code}.{reason.code}",
        reason.message,
        "",
        (step.id,) if step else (),
        "row" if step else "",
    )


def _step_of(element: str | None, table: Table) -> Step | None:
    """Return the step that an element of the graph was made from."""
    if not element:
        return None
    for step in table.steps:
        made = {step.id, gateway_id(step.id), f"f-{step.id}", f"f-{gateway_id(step.id)}"}
        if step.group:
            made |= {f"tach-{step.group}", f"gop-{step.group}", f"f-gop-{step.group}"}
        made |= {name for one in step.events for name in (one.id, f"f-{one.id}")}
        if element in made or any(branch.id == element for branch in step.branches):
            return step
    for first, groups in groups_of(table).items():
        events = (one.id for group in groups for one in group.events)
        named = {group.id for group in groups} | {name for e in events for name in (e, f"f-{e}")}
        if element in named:
            return table.step(first)
    return None


def walks(panel: Panel, process: Process, table: Table) -> int:
    """Prove that every run comes to an end; return how many states were walked."""
    proof = prove_soundness(process)
    findings = []
    for reason in proof.reasons:
        path = reason.path or proof.path
        panel.failing.update(path)
        finding = told(reason, table, "soundness")
        walked = numbers(table, path)
        text = f"Đường đi dẫn tới lỗi: {walked}." if walked else ""
        findings.append(
            Finding(ERROR, finding.code, finding.title, text, finding.steps, finding.fix)
        )
    panel.judge("Mọi lượt chạy đều đi đến bước kết thúc, không bước nào bỏ không", findings)
    if any(step.branches for step in table.steps) and not findings:
        panel.passed.append("Mỗi chỗ rẽ nhánh đều có nhánh mặc định")
    return proof.states


def responsibilities(draft: Draft, facts: Facts) -> list[Finding]:
    """Find steps that nobody is responsible for, by what the file printed."""
    findings = []
    unmapped: dict[str, list[str]] = {}
    for step in draft.table.tasks:
        if step.role:
            continue
        unmapped.setdefault(step.fact("responsible"), []).append(step.id)
    for printed, ids in unmapped.items():
        where = numbers(draft.table, tuple(ids))
        if printed:
            title = f"Chưa rõ “{shorten(printed, 60)}” là đơn vị và vai trò nào"
            findings.append(
                Finding(
                    ERROR, "role_unmapped", title, f"Ở bước {where}.", tuple(ids), "map", printed
                )
            )
        else:
            title = f"Bước {where} chưa có người chịu trách nhiệm"
            findings.append(
                Finding(ERROR, "role_missing", title, "Chọn đơn vị và vai trò.", tuple(ids), "row")
            )
    return findings


def asked_by_somebody(draft: Draft) -> list[Finding]:
    """Find a step that asks several where nobody has finished one before: who is asked is chosen then."""
    first = next(iter(draft.table.tasks), None)
    if first is None or first.instances is None or not first.instances.over:
        return []
    return [
        Finding(
            ERROR, "asked_first", "Bước đầu hỏi ý kiến nhiều nơi nhưng chưa ai chọn hỏi nơi nào",
            "Nơi được hỏi chọn khi xong bước trước. Thêm một bước ở trước, hoặc để một người làm.",
            (first.id,), "row",
        )
    ]  # fmt: skip


def step_times(draft: Draft) -> list[Finding]:
    """Find steps whose time is open."""
    table, findings = draft.table, []
    asked = tuple(step.id for step in table.steps if step.fact("ask") == "unit")
    if asked or (draft.limit_amount is not None and not draft.limit_unit):
        where = f" ở bước {numbers(table, asked)}" if asked else " ở thời hạn giải quyết"
        findings.append(
            Finding(
                ERROR,
                "unit_ambiguous",
                "“Ngày” là ngày làm việc hay ngày lịch?",
                f"Văn bản chỉ ghi “ngày”{where}. Chọn một lần cho cả quy trình.",
                asked,
                "unit",
            )
        )
    merged = tuple(step.id for step in table.steps if step.fact("ask") == "merged")
    if merged:
        findings.append(
            Finding(
                ERROR,
                "merged_time",
                f"Bước {numbers(table, merged)} chung một ô thời gian với bước trên",
                "Tính cả vào bước đầu của ô, hoặc ghi riêng thời hạn từng bước.",
                merged,
                "merged",
            )
        )
    findings.extend(_missing_times(table, merged))
    return findings


def _missing_times(table: Table, merged: tuple[str, ...]) -> Iterator[Finding]:
    """Yield one finding for all steps that lack a time for the same reason."""
    missing: dict[str, list[str]] = {}
    for step in table.tasks:
        if not (step.limit or step.untimed or step.id in merged):
            missing.setdefault(step.fact("time"), []).append(step.id)
    for printed, ids in missing.items():
        text = f"Văn bản ghi “{shorten(printed, 80)}”." if printed else "Ghi số giờ hoặc số ngày."
        yield Finding(
            ERROR,
            "limit_missing",
            f"Bước {numbers(table, tuple(ids))} chưa có thời hạn",
            f"{text} Nếu không tính, chọn “không tính thời gian”.",
            tuple(ids),
            "row",
        )


def people_in_post(table: Table, facts: Facts) -> list[Finding]:
    """Find roles that nobody holds today."""
    findings = []
    by_role: dict[str, list[str]] = {}
    for step in table.tasks:
        if step.role and not step.outside:
            by_role.setdefault(step.role, []).append(step.id)
    for role, ids in by_role.items():
        words, where = facts.role_words.get(role, role), numbers(table, tuple(ids))
        if role not in facts.role_words:
            title = f"Vai trò “{role}” không có trong cơ quan"
        elif not facts.holders.get(role):
            title = f"Chưa ai giữ vai trò {words}"
        else:
            continue
        findings.append(
            Finding(
                ERROR, "role_empty", title,
                f"Dùng ở bước {where}. Bổ nhiệm người hoặc chọn vai trò khác.", tuple(ids), "row",
            )
        )  # fmt: skip
    return findings


_SAID_ELSEWHERE = FATAL | {"over_limit", "step_without_limit"}


def whole_time(panel: Panel, draft: Draft, time: TimeProof) -> list[Finding]:
    """Find ways through that cannot be added up, or take longer than the limit."""
    findings = []
    if draft.limit_amount is None:
        findings.append(
            Finding(
                ERROR, "limit_unknown", "Chưa có thời hạn giải quyết của thủ tục",
                "Ghi thời hạn để tính được tổng thời gian còn dư hay vượt.", (), "whole_limit",
            )
        )  # fmt: skip
    for reason in time.reasons:
        if reason.code not in _SAID_ELSEWHERE:
            panel.failing.update(reason.path)
            findings.append(told(reason, draft.table, "time"))
    if time.fits is False:
        panel.failing.update(time.worst_path)
        over = time.worst - (time.limit_hours or 0)
        walked = numbers(draft.table, time.worst_path)
        findings.append(
            Finding(
                ERROR,
                "over_limit",
                f"Tổng thời gian vượt thời hạn {hours_text(over, unit=draft.limit_unit)}",
                f"Đường dài nhất (bước {walked}) cộng lại "
                f"{hours_text(time.worst, unit=draft.limit_unit)}, thủ tục cho "
                f"{limit_text(draft.limit_amount, draft.limit_unit)}. Bớt thời gian ở một bước.",
                tuple(node for node in time.worst_path if draft.table.step(node)),
                "row",
            )
        )
    return findings


def stated_totals(draft: Draft, facts: Facts) -> list[Finding]:
    """Find totals that contradict the file or the TTHC."""
    findings = []
    total = sum_hours(draft.table)
    if (
        draft.declared_hours is not None
        and not draft.declared_settled
        and total is not None
        and total != draft.declared_hours
    ):
        findings.append(
            Finding(
                ERROR,
                "total_mismatch",
                "Tổng ghi trong văn bản không khớp các bước",
                f"Văn bản ghi {draft.declared_text or hours_text(draft.declared_hours)}, các bước "
                f"cộng lại {hours_text(total)}. Sửa bước sai, hoặc giữ thời gian từng bước.",
                (),
                "total",
            )
        )
    if (
        facts.tthc_unit in UNIT_NAMES
        and facts.tthc_amount is not None
        and draft.limit_amount is not None
        and is_longer(draft.limit_amount, draft.limit_unit, facts.tthc_amount, facts.tthc_unit)
    ):
        findings.append(
            Finding(
                ERROR,
                "limit_above_tthc",
                "Thời hạn của quy trình dài hơn của thủ tục",
                f"Thủ tục cho {limit_text(facts.tthc_amount, facts.tthc_unit)}, quy trình ghi "
                f"{limit_text(draft.limit_amount, draft.limit_unit)}.",
                (),
                "whole_limit",
            )
        )
    return findings + _above_shared(draft, facts)


def _above_shared(draft: Draft, facts: Facts) -> list[Finding]:
    """Find TTHC that go by this procedure too and have less time. Source: Thông tư
    26/2014/TT-BKHCN Điều 41 khoản 6."""
    if draft.limit_amount is None:
        return []
    return [
        Finding(
            ERROR,
            "limit_above_shared",
            "Thời hạn của quy trình dài hơn của thủ tục dùng chung",
            f"“{one.name}” dùng chung quy trình này và chỉ có {limit_text(one.amount, one.unit)}, "
            f"quy trình ghi {limit_text(draft.limit_amount, draft.limit_unit)}.",
            (),
            "whole_limit",
        )
        for one in facts.shared_by
        if is_longer(draft.limit_amount, draft.limit_unit, one.amount, one.unit)
    ]


def sum_hours(table: Table) -> Decimal | None:
    """Return the sum of all steps' limits, 8 hours for a day of either kind; None when one is open.

    The way a Word table adds up: every row once, branches and loops not followed.
    """
    total = Decimal(0)
    for step in table.steps:
        for limit in times_of(step):
            hours = 1 if limit.unit == "working_hour" else HOURS_PER_DAY
            total += limit.amount * hours
        if times_of(step) or step.kind in SENDS:
            continue
        if not step.untimed and step.fact("ask") != "merged":
            return None
    return total


def tthc_code(facts: Facts) -> list[Finding]:
    """Find a TTHC without its code, or one that is abolished."""
    if facts.tthc_abolished:
        return [
            Finding(
                ERROR,
                "tthc_abolished",
                "Thủ tục đã bị bãi bỏ",
                f"Bãi bỏ theo {facts.tthc_abolished}.",
                (),
                "tthc",
            )
        ]
    if facts.is_internal or facts.tthc_code:
        return []
    return [
        Finding(
            ERROR,
            "tthc_code_missing",
            "Thủ tục chưa có mã",
            "Ghi mã theo quyết định công bố, hoặc đánh dấu đây là quy trình nội bộ.",
            (),
            "tthc",
        )
    ]


def folds_of(table: Table, time: TimeProof) -> tuple[Fold, ...]:
    """Return the steps of the longest way as the ruler shows them."""
    folds: list[Fold] = []
    walked = Decimal(0)
    for node in time.worst_path:
        step = table.step(node)
        times = times_of(step) if step is not None else ()
        if not times:
            continue
        hours = sum((one.hours(HOURS_PER_DAY) for one in times), Decimal(0))
        walked += hours
        over = time.limit_hours is not None and walked > time.limit_hours
        folds.append(Fold(table.number(node), hours, over))
    again = time.worst - walked  # bounded loops, walked as often as they may be
    if folds and again > 0:
        folds.append(Fold(0, again, time.limit_hours is not None and time.worst > time.limit_hours))
    return tuple(folds)


def paths_of(table: Table, time: TimeProof) -> tuple[PathLine, ...]:
    """Return every way through with its hours and what is left of the limit."""
    return tuple(
        PathLine(numbers(table, path.nodes), path.hours, path.slack) for path in time.paths
    )
