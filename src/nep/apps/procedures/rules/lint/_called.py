"""What is wrong beside other procedures: rows that run one unknown, replaced or slower; one that begins alike."""

from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.lint_book import Rule
from nep.apps.procedures.rules.other_rows import times_of
from nep.apps.procedures.rules.report import ADVICE, ERROR, CalledVersion, Facts, Finding
from nep.apps.procedures.rules.table import Step
from nep.apps.procedures.rules.wording import HOURS_PER_DAY, hours_text


def calls_known(draft: Draft, facts: Facts) -> list[Finding]:
    """Find rows that run a version which the agency has never issued."""
    return [
        Finding(
            ERROR, "call_unknown",
            f"Cơ quan không có lần ban hành mà bước {draft.table.label(step.id)} thực hiện",
            f"Bước ghi quy trình {step.called.process}. Chọn một quy trình đang có hiệu lực.",
            (step.id,), "row",
        )
        for step in draft.table.steps
        if step.called is not None
        and step.called.version
        and step.called.version not in facts.called
    ]  # fmt: skip


def calls_joined(draft: Draft, facts: Facts) -> list[Finding]:
    """Find rows of an internal procedure that run one which needs an applicant."""
    return [
        Finding(
            ERROR, "call_applicant",
            f"Bước {draft.table.label(step.id)} thực hiện thủ tục cần có người nộp",
            f"{known.code} cần người nộp, mà hồ sơ của quy trình nội bộ không có ai nộp. "
            "Chọn một quy trình nội bộ.",
            (step.id,), "row",
        )
        for step, known in _called(draft, facts)
        if facts.is_internal and not known.is_internal
    ]  # fmt: skip


def begins_joined(draft: Draft, facts: Facts) -> list[Finding]:
    """Find a message that is to open cases which an applicant hands in."""
    if facts.is_internal or not draft.table.begins:
        return []
    return [
        Finding(
            ADVICE, "begins_applicant",
            f"Thông điệp “{draft.table.begins}” không tự mở được hồ sơ",
            "Thủ tục này có người nộp, nên hồ sơ vẫn tiếp nhận ở một cửa. Để trống thông điệp bắt "
            "đầu, hoặc dùng một quy trình nội bộ.",
        )
    ]  # fmt: skip


def begins_shared(draft: Draft, facts: Facts) -> list[Finding]:
    """Find other procedures in force that the message opening this one opens as well."""
    return [
        Finding(
            ADVICE, "begins_shared",
            f"Quy trình {code} đang có hiệu lực cũng bắt đầu bằng thông điệp “{draft.table.begins}”",
            "Một thông điệp chỉ mở một hồ sơ, theo quy trình có mã đứng trước; quy trình kia không "
            "tự mở. Đặt tên thông điệp khác cho một trong hai.",
        )
        for code in facts.begun
    ]  # fmt: skip


def call_retired(draft: Draft, facts: Facts, rule: Rule) -> list[Finding]:
    """Find rows that run a version which is no longer in force."""
    found = []
    for step, known in _called(draft, facts):
        if known.is_in_force:
            continue
        newer = f"Nay là {known.newer}." if known.newer_id else "Chưa có lần ban hành thay thế."
        values = (("step", step.id), ("procedure", str(known.newer_id)))
        found.append(
            _finding(draft, rule, step, newer=newer, code=known.code, number=known.number,
                     values=values if known.newer_id else ())
        )  # fmt: skip
    return found


def call_limit(draft: Draft, facts: Facts, rule: Rule) -> list[Finding]:
    """Find rows that give a procedure less time than it takes itself."""
    found = []
    for step, known in _called(draft, facts):
        given = sum(one.hours(HOURS_PER_DAY) for one in times_of(step))
        if known.limit_hours is not None and 0 < given < known.limit_hours:
            found.append(
                _finding(draft, rule, step, code=known.code, needed=hours_text(known.limit_hours))
            )
    return found


def _called(draft: Draft, facts: Facts) -> list[tuple[Step, CalledVersion]]:
    return [
        (step, facts.called[step.called.version])
        for step in draft.table.steps
        if step.called is not None and step.called.version in facts.called
    ]


def _finding(
    draft: Draft, rule: Rule, step: Step, *, values: tuple[tuple[str, str], ...] = (), **said: str
) -> Finding:
    said["steps"] = draft.table.label(step.id)
    return Finding(
        ADVICE, rule.code, rule.sentence.format(**said), rule.detail.format(**said).strip(),
        (step.id,), "row", why=rule.why, mend=rule.mend, tap="call_put" if values else "",
        tap_label=rule.tap if values else "", values=values,
    )  # fmt: skip
