"""Every change a person can make to a draft, as pure functions.

`apply(draft, edit)` answers with the changed draft and one sentence that says what changed, or
with a refusal. Values are the words typed into the form.
"""

from collections.abc import Callable

from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.edits._asked import opinions_put
from nep.apps.procedures.rules.edits._beside import with_beside
from nep.apps.procedures.rules.edits._carried import (
    field_put,
    field_raise,
    field_remove,
    form_attach,
    form_detach,
    record_put,
)
from nep.apps.procedures.rules.edits._drawn import (
    drawing_merge,
    drawing_take,
    lane_put,
    lane_remove,
    places_clear,
)
from nep.apps.procedures.rules.edits._either import either_add
from nep.apps.procedures.rules.edits._ends import DONE, HOWS, end_put
from nep.apps.procedures.rules.edits._events import event_add, event_remove
from nep.apps.procedures.rules.edits._ground import Answer, Changed, Edit, label
from nep.apps.procedures.rules.edits._groups import group_drop, group_make, group_name
from nep.apps.procedures.rules.edits._others import (
    MOST_WAITED,
    call_add,
    call_put,
    send_add,
    send_put,
    wait_add,
    wait_put,
)
from nep.apps.procedures.rules.edits._paper import paper_typed, paper_write
from nep.apps.procedures.rules.edits._readers import readers
from nep.apps.procedures.rules.edits._rows import (
    limit_cells,
    row_take,
    row_typed,
    step_add,
    step_forms,
    step_limit,
    step_move,
    step_remove,
    step_rename,
    step_role,
)
from nep.apps.procedures.rules.edits._threads import (
    thread_add,
    thread_in,
    thread_out,
    threads_when,
)
from nep.apps.procedures.rules.edits._ways import (
    branch_put,
    branch_remove,
    parallel_join,
    parallel_leave,
    question_put,
    step_after,
    supplement_add,
)
from nep.apps.procedures.rules.edits._whole import (
    begins_put,
    limit_set,
    merged_answer,
    policy_set,
    role_map,
    total_settle,
    unit_answer,
)
from nep.apps.procedures.rules.edits._wording import law_replace
from nep.apps.procedures.rules.other_rows import row_of_group
from nep.apps.procedures.rules.table import GROUP, Step
from nep.bpmn import check_structure
from nep.kernel.decisions import Refused

__all__ = [
    "DONE",
    "HOWS",
    "MOST_WAITED",
    "Answer",
    "Changed",
    "Edit",
    "apply",
    "drawing_merge",
    "drawing_take",
    "limit_cells",
    "typed_on",
]
StepChange = Callable[[Draft, Step, Edit], Answer]


def apply(draft: Draft, edit: Edit) -> Answer:
    """Return the draft after an edit, or why it cannot be done."""
    whole = _WHOLE.get(edit.do)
    if whole is not None:
        return with_beside(draft, _fed(draft, _standing(draft, whole(draft, edit))))
    change = _STEP.get(edit.do)
    if change is None:
        return Refused("edit_unknown", "Thao tác này không có trên bảng trình tự.")
    step = draft.table.step(edit.step) or row_of_group(draft.table, edit.step)
    if step is None or (step.kind == GROUP and edit.do not in _GROUP):
        return Refused(
            "step_gone", "Bước này không còn trong bảng. Hãy tải lại trang để xem bảng mới."
        )
    if not step.is_task and edit.do in _DONE:
        named = label(draft.table, step).capitalize()
        return Refused("row_nobodys", f"{named} không có người làm, nên không ghi được điều này.")
    return with_beside(draft, _fed(draft, _standing(draft, change(draft, step, edit))))


def typed_on(base: Draft, edit: Edit) -> Edit:
    """Return an edit that posts more than was typed without what `base`, the draft it was typed on,
    said already: it takes back nothing that was written since."""
    narrowed = {"paper": paper_typed, "row": row_typed}.get(edit.do)
    return narrowed(base, edit) if narrowed else edit


def _fed(draft: Draft, answer: Answer) -> Answer:
    """Return an edit's answer, refused where a step takes away a data field that a condition reads."""
    if isinstance(answer, Refused) or answer.draft.carried == draft.carried:
        return answer
    kept = {one.name for carried in answer.draft.carried.values() for one in carried.fields}
    for carried in draft.carried.values():
        for one in carried.fields:
            if one.name not in kept and (user := next(readers(answer.draft, one.name), "")):
                return Refused(
                    "field_in_use",
                    f"Ô dữ liệu “{one.label}” của bước này đang dùng trong điều kiện của {user}. "
                    "Hãy sửa điều kiện đó trước.",
                )
    return answer


def _standing(draft: Draft, answer: Answer) -> Answer:
    """Return an edit's answer, refused where it brings a fault that cases cannot run with.

    A row that no way leads to any more is no such fault: the table waits for its new way.
    """
    if isinstance(answer, Refused) or answer.draft.table == draft.table:
        return answer
    first = next(iter(answer.draft.table.tasks), None)
    if first is not None and first.instances is not None and first.id != _first_asked(draft):
        return Refused(
            "asked_first",
            f"Như vậy thì {label(answer.draft.table, first)} là bước đầu, mà bước đầu không hỏi ý "
            "kiến được: nơi được hỏi chọn khi xong bước trước. Hãy bỏ hỏi ý kiến ở bước đó trước.",
        )
    faults = [one for one in check_structure(answer.draft.process) if one.code != "node_loose"]
    known = {(one.code, one.element) for one in check_structure(draft.process)} if faults else ()
    fresh = next((one for one in faults if (one.code, one.element) not in known), None)
    if fresh is None:
        return answer
    return Refused(fresh.code, f"Đổi như vậy thì quy trình không chạy được: {fresh.message}")


def _first_asked(draft: Draft) -> str:
    """Return the first row where it asks several already, as what is drawn or read may say."""
    first = next(iter(draft.table.tasks), None)
    return first.id if first is not None and first.instances is not None else ""


_DONE = frozenset({"role", "opinions", "supplement", "form_attach", "record_put", "field_put"})
"""Edits of what only somebody who does a step needs."""
_GROUP = frozenset(
    {"event_add", "event_remove", "group_make", "group_name", "group_drop", "after", "end_put"}
)
"""Edits of a group of steps as one."""
_STEP: dict[str, StepChange] = {
    "move_up": step_move,
    "move_down": step_move,
    "remove": step_remove,
    "row": row_take,
    "rename": step_rename,
    "role": step_role,
    "limit": step_limit,
    "forms": step_forms,
    "after": step_after,
    "end_put": end_put,
    "branch_put": branch_put,
    "branch_remove": branch_remove,
    "supplement": supplement_add,
    "question_put": question_put,
    "opinions": opinions_put,
    "call_put": call_put,
    "wait_put": wait_put,
    "send_put": send_put,
    "either_add": either_add,
    "group_make": group_make,
    "group_name": group_name,
    "group_drop": group_drop,
    "event_add": event_add,
    "event_remove": event_remove,
    "parallel": parallel_join,
    "leave": parallel_leave,
    "thread_add": thread_add,
    "thread_in": thread_in,
    "thread_out": thread_out,
    "threads_when": threads_when,
    "form_attach": form_attach,
    "form_detach": form_detach,
    "record_put": record_put,
    "field_put": field_put,
    "field_up": field_raise,
    "field_remove": field_remove,
}
_WHOLE: dict[str, Callable[[Draft, Edit], Answer]] = {
    "places_clear": places_clear,
    "lane_put": lane_put,
    "lane_remove": lane_remove,
    "add": step_add,
    "add_after": step_add,
    "add_call": call_add,
    "add_wait": wait_add,
    "add_send": send_add,
    "whole_limit": limit_set,
    "policy": policy_set,
    "begins_put": begins_put,
    "answer_unit": unit_answer,
    "answer_merged": merged_answer,
    "settle_total": total_settle,
    "paper": paper_write,
    "map_role": role_map,
    "law_replace": law_replace,
}
