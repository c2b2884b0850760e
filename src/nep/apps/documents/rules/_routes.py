"""The route of an approval: steps in order, each waiting for all or for any of its people.

Source: ISO 9001:2015 điều 7.5.2 c); Nghị định 30/2020/NĐ-CP Điều 13.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from nep.apps.documents.rules._life import (
    AUTHOR_APPROVER,
    AUTHOR_CHECKER,
    CHECKER_APPROVER,
)
from nep.kernel.days import decide_day
from nep.kernel.decisions import ALLOWED, Decision, Refused

CONSULT, CHECK, APPROVE = "consult", "check", "approve"
PART_NAMES: dict[str, str] = {CONSULT: "Góp ý", CHECK: "Kiểm tra", APPROVE: "Phê duyệt"}
PART_PERMISSIONS: dict[str, str] = {
    CONSULT: "document.see",
    CHECK: "document.check",
    APPROVE: "document.approve",
}
ALL, ANY = "all", "any"
NEEDS_NAMES: dict[str, str] = {ALL: "Tất cả cùng đồng ý", ANY: "Một người là đủ"}
PLAIN_DAYS = 3
MOST_STEPS, MOST_PEOPLE, MOST_DAYS = 8, 20, 60


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a route; `days` are working days given to it, `due_on` its day when known."""

    part: str
    needs: str
    person_ids: tuple[int, ...]
    due_on: date | None = None
    days: int | None = None


def decide_steps(steps: Sequence[Step]) -> Decision:
    """Decide whether steps make a route: known parts, people in each, checked before approved."""
    if not steps:
        return ALLOWED
    if len(steps) > MOST_STEPS:
        return _bad(f"Tuyến duyệt có tối đa {MOST_STEPS} bước.")
    for number, step in enumerate(steps, start=1):
        if step.part not in PART_NAMES or step.needs not in NEEDS_NAMES:
            return _bad(f"Bước {number}: hãy chọn việc và cách tính ý kiến trong danh sách.")
        if not step.person_ids:
            return _bad(f"Bước {number} chưa có người. Hãy chọn ít nhất một người.")
        if len(step.person_ids) > MOST_PEOPLE:
            return _bad(f"Bước {number} có quá {MOST_PEOPLE} người.")
        if step.days is not None and not 1 <= step.days <= MOST_DAYS:
            return _bad(f"Bước {number}: thời gian từ 1 đến {MOST_DAYS} ngày làm việc.")
    parts = [step.part for step in steps]
    if CHECK not in parts or APPROVE not in parts:
        return _bad("Tuyến duyệt phải có ít nhất một bước kiểm tra và một bước phê duyệt.")
    if parts[-1] != APPROVE:
        return _bad("Bước cuối của tuyến duyệt phải là phê duyệt.")
    if CHECK in parts[parts.index(APPROVE) :]:
        return _bad("Mọi bước kiểm tra phải đứng trước bước phê duyệt đầu tiên.")
    return ALLOWED


def decide_route(
    steps: Sequence[Step],
    *,
    author_ids: Collection[int],
    exceptions: Collection[str],
    able: Mapping[str, Collection[int]],
    names: Mapping[int, str],
    today: date,
) -> Decision:
    """Decide whether a revision may be sent along these steps today.

    `able` names who holds the permission of each part. Author, checker and approver are three
    people unless an exception says otherwise.
    """
    shape = decide_steps(steps)
    if not shape:
        return shape
    for number, step in enumerate(steps, start=1):
        if step.due_on is not None and step.due_on < today:
            return _bad(f"Hạn của bước {number} đã qua. Hãy ghi lại hạn.")
        if step.due_on is not None and not decide_day(step.due_on, today=today, field=""):
            return _bad(f"Hạn của bước {number} xa quá. Hãy xem lại năm.")
        for person_id in step.person_ids:
            name = names.get(person_id, "Người được chọn")
            if person_id not in able.get(step.part, ()):
                return _bad(
                    f"Bước {number}: {name} hôm nay không có quyền "
                    f"{PART_NAMES[step.part].lower()}. Hãy thay người khác."
                )
            if step.part == CHECK and person_id in author_ids and AUTHOR_CHECKER not in exceptions:
                return _bad(f"Bước {number}: {name} đã soạn bản này nên không kiểm tra được nó.")
            if (
                step.part == APPROVE
                and person_id in author_ids
                and AUTHOR_APPROVER not in exceptions
            ):
                return _bad(f"Bước {number}: {name} đã soạn bản này nên không phê duyệt được nó.")
    both = _people(steps, CHECK) & _people(steps, APPROVE)
    if both and CHECKER_APPROVER not in exceptions:
        name = names.get(min(both), "Một người")
        return _bad(f"{name} vừa kiểm tra vừa phê duyệt. Hãy chọn hai người khác nhau.")
    return ALLOWED


def decide_answer(*, part: str, wanted: str, is_asked: bool, waiting: str) -> Decision:
    """Decide whether somebody may answer the step that waits now.

    `wanted` is what the person wants to do, `part` what the step asks; `is_asked` says whether the
    person, or somebody who lent the person a hat, is among those awaited; `waiting` names them.
    """
    if part != wanted:
        return Refused(
            "step_order",
            f"Bản này đang ở bước {PART_NAMES[part].lower()} nên chưa "
            f"{PART_NAMES[wanted].lower()} được. Đang chờ: {waiting}.",
        )
    if not is_asked:
        return Refused("not_asked", f"Bước này không chờ ý kiến của bạn. Đang chờ: {waiting}.")
    return ALLOWED


def _people(steps: Sequence[Step], part: str) -> set[int]:
    return {person for step in steps if step.part == part for person in step.person_ids}


def _bad(message: str) -> Refused:
    return Refused("route_unfit", message, "ISO 9001:2015, điều 7.5.2", field="route")
