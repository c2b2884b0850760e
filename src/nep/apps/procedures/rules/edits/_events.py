"""Edits of what may end or accompany an open step: too much time, a message, trouble."""

from dataclasses import replace

from nep.apps.procedures.rules.condition_words import labels_of
from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.edits._ground import Answer, Edit, bound_typed, label, put
from nep.apps.procedures.rules.edits._others import message_typed, time_typed
from nep.apps.procedures.rules.edits._rows import MAX_STEPS
from nep.apps.procedures.rules.edits._wired import (
    event_dropped,
    event_placed,
    new_step,
    row_beside,
)
from nep.apps.procedures.rules.either import together
from nep.apps.procedures.rules.events import (
    BESIDE,
    ENDS,
    ERROR,
    HOSTS,
    WHEN,
    coming_again,
    effects_of,
    event_id,
    event_said,
    when_said,
)
from nep.apps.procedures.rules.other_rows import MESSAGE, TIMER
from nep.apps.procedures.rules.table import END, GROUP, Event, Step, is_end
from nep.bpmn import Trigger
from nep.kernel.decisions import Refused

NEW_SEND, NEW_STEP = "gui-moi", "buoc-moi"
MOST_EVENTS = 6
MOST_ROUNDS = 99
NO_END = Refused("target_missing", "Nhóm này chưa có điểm kết thúc riêng.", field="target")


def event_add(draft: Draft, step: Step, edit: Edit) -> Answer:
    """Let something end or accompany a step; a row it opens may be made at the end of the table."""
    if step.kind not in HOSTS:
        return Refused("event_host", "Bước này xong ngay khi đến, không có gì xen vào được.")
    if step.id in together(draft.table):
        return Refused(
            "event_either", "Bước cùng chờ với bước khác không có việc xen vào; thêm việc cùng chờ."
        )
    if len(step.events) >= MOST_EVENTS:
        return Refused("too_many_events", f"Một bước có tối đa {MOST_EVENTS} việc xen vào.")
    trigger, effect = _trigger(edit), edit.text("effect")
    if isinstance(trigger, Refused):
        return trigger
    if effect not in effects_of(step):
        return Refused("event_effect", "Hãy chọn dừng bước hay vẫn làm bước.", field="effect")
    if trigger.kind == ERROR and effect == BESIDE:
        return Refused("error_goes_on", "Báo trở ngại thì bước dừng.", field="effect")
    if trigger.kind == ERROR and any(one.trigger == trigger for one in step.events):
        return Refused("event_twice", "Trở ngại này đã có việc xen vào ở đây rồi.", field="message")
    bound = bound_typed(edit) if effect == ENDS else None
    if isinstance(bound, Refused):
        return bound
    made = _with_target(draft, step, edit)
    if isinstance(made, Refused):
        return made
    changed, target = made
    words = when_said(trigger, labels_of(draft.carried))
    name = words[:1].upper() + words[1:]
    event = Event(event_id(step), trigger, target, effect == ENDS, name, bound)
    host = changed.table.step(step.id) or step
    said = event_said(changed.table, event, labels_of(draft.carried), is_whole=step.kind == GROUP)
    text = f"{label(draft.table, step)}: {said}"
    if changed.table.wiring is not None:
        return event_placed(changed, host, event, text)
    return put(changed, replace(host, events=(*host.events, event)), text)


def event_remove(draft: Draft, step: Step, edit: Edit) -> Answer:
    """Take what may end or accompany a step away; the row it led to stays."""
    gone = next((one for one in step.events if one.id == edit.text("event")), None)
    if gone is None:
        return Refused("event_gone", "Điều này không còn ở bước. Hãy tải lại trang.")
    named = when_said(gone.trigger, labels_of(draft.carried))
    text = f"bỏ “{named}” ở {label(draft.table, step)}"
    if draft.table.wiring is not None:
        return event_dropped(draft, gone.id, text)
    return put(draft, replace(step, events=tuple(e for e in step.events if e is not gone)), text)


def _trigger(edit: Edit) -> Trigger | Refused:
    when = edit.text("when")
    if when == TIMER:
        return _time(edit)
    if when == MESSAGE:
        return message_typed(edit)
    if when not in WHEN:
        return Refused("event_when", "Hãy chọn điều xảy ra.", field="when")
    if not edit.text("message"):
        return Trigger(ERROR)
    found = message_typed(edit)
    return found if isinstance(found, Refused) else Trigger(ERROR, name=found.name)


def _time(edit: Edit) -> Trigger | Refused:
    """Return a time passed once, or every time anew where the step goes on."""
    once = time_typed(edit)
    if isinstance(once, Refused) or not edit.text("again"):
        return once
    if edit.text("effect") == ENDS:
        return Refused(
            "cycle_ends", "Dừng bước thì chỉ một lần; lặp lại được khi vẫn làm.", field="effect"
        )
    times = edit.text("times")
    if times and not (times.isascii() and times.isdigit() and 1 <= int(times) <= MOST_ROUNDS):
        return Refused(
            "cycle_times", f"Số lần là số từ 1 đến {MOST_ROUNDS}; để trống thì đến khi xong.",
            field="times",
        )  # fmt: skip
    return coming_again(once, int(times) if times else None)


def _with_target(draft: Draft, step: Step, edit: Edit) -> tuple[Draft, str] | Refused:
    """Return the draft with the row that an event leads to, made where it is asked for, and its id."""
    target = edit.text("target")
    if is_end(target) or (draft.table.step(target) and target != step.id):
        return draft, target
    if target not in (NEW_SEND, NEW_STEP):
        return Refused("target_missing", "Hãy chọn bước mà nó dẫn tới.", field="target")
    if len(draft.table.steps) >= MAX_STEPS:
        return Refused("too_many_steps", f"Một quy trình có tối đa {MAX_STEPS} bước.")
    fresh = new_step(draft.table, edit.text("name")[:400] or "Bước mở thêm")
    fresh = replace(fresh, parent=step.parent)
    if target == NEW_SEND:
        sent = message_typed(edit, "sent")
        if isinstance(sent, Refused):
            return sent
        fresh = replace(fresh, kind="send", name=f"Gửi thông điệp “{sent.name}”", trigger=sent)
    made = row_beside(draft, fresh, len(draft.table.steps), END)
    return (made, fresh.id) if made is not None else NO_END
