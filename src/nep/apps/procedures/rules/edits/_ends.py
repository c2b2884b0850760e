"""The edit that lets a way end the process otherwise than plainly: in trouble, with a message, at once."""

from dataclasses import replace

from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.edits._ground import Answer, Edit, label, put
from nep.apps.procedures.rules.edits._others import message_typed
from nep.apps.procedures.rules.edits._ways import branch_put, step_after
from nep.apps.procedures.rules.edits._wired import event_led
from nep.apps.procedures.rules.table import AT_ONCE, END, SENDING, TROUBLE, Step
from nep.apps.procedures.rules.targets import end_said
from nep.kernel.decisions import Refused

HOWS: dict[str, str] = {
    "plain": "kết thúc bình thường",
    "sending": "kết thúc và gửi thông điệp cho hệ thống khác",
    "trouble": "kết thúc do trở ngại",
    "at_once": "kết thúc ngay, dừng mọi bước đang làm",
}
NAMELESS = Refused(
    "trouble_name", "Hãy ghi tên trở ngại, tối đa 120 chữ, không có ngoặc kép.", field="message"
)
DONE = "xong"
"""The way of a step that is no branch and no event: what follows when it is done."""


def end_put(draft: Draft, step: Step, edit: Edit) -> Answer:
    """Let a way out of a step or group, named by `way`, end the process as `how` says."""
    target = _typed(edit)
    if isinstance(target, Refused):
        return target
    way, said = edit.text("way"), end_said(target)
    if way == DONE:
        answer = step_after(draft, step, Edit("after", step.id, {"target": target}))
        named = label(draft.table, step)
        return answer if isinstance(answer, Refused) else replace(answer, text=f"{named}: {said}")
    branch = next((one for one in step.branches if one.id == way), None)
    if branch is not None:
        values = {
            "branch": branch.id, "target": target, "name": branch.name,
            "condition": branch.condition, "supplement": "1" if branch.supplement else "",
            "bound": "" if branch.bound is None else str(branch.bound),
        }  # fmt: skip
        return branch_put(draft, step, Edit("branch_put", step.id, values))
    event = next((one for one in step.events if one.id == way), None)
    if event is None:
        return Refused("end_way", "Hãy chọn đường đi dẫn đến kết thúc ấy.", field="way")
    text = f"{label(draft.table, step)}: {event.name or 'việc xen vào'}: {said}"
    if draft.table.wiring is not None:
        return event_led(draft, step, replace(event, target=target), text)
    events = tuple(replace(one, target=target) if one is event else one for one in step.events)
    return put(draft, replace(step, events=events), text)


def _typed(edit: Edit) -> str | Refused:
    """Return the end that was typed, or what is wrong with it."""
    how = edit.text("how")
    if how not in HOWS:
        return Refused("end_how", "Hãy chọn cách kết thúc.", field="how")
    if how == "plain":
        return END
    if how == "at_once":
        return AT_ONCE
    found = message_typed(edit)
    if isinstance(found, Refused):
        return NAMELESS if how == "trouble" else found
    return (SENDING if how == "sending" else TROUBLE) + found.name
