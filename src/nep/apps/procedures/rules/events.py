"""What may end or accompany an open step: too much time, a message, trouble. Words, and read back."""

import re

from nep.apps.procedures.rules.condition_words import Labels
from nep.apps.procedures.rules.other_rows import MESSAGE, TIMER, lasting, waiting_said
from nep.apps.procedures.rules.table import CALL, END, Event, Step, Table
from nep.apps.procedures.rules.wording import UNIT_NAMES, limit_text
from nep.bpmn import Trigger
from nep.bpmn.timers import longest_wait, timer_problem

ERROR = "error"
HOSTS = frozenset({"task", CALL, "receive"})
"""The kinds of rows that stay open, so that something may happen meanwhile."""
WHEN: dict[str, str] = {
    TIMER: "quá một khoảng thời gian",
    MESSAGE: "có thông điệp của hệ thống khác",
    ERROR: "người làm báo trở ngại",
}
ENDS, BESIDE = "ends", "beside"
EFFECTS: dict[str, str] = {ENDS: "dừng bước này, chuyển đến", BESIDE: "vẫn làm bước này, mở thêm"}
_ENDING, _ACCOMPANYING = "dừng bước này, đến ", "vẫn làm bước này, mở thêm "
_LINE = re.compile(
    r"(?P<when>.{1,200}): (?P<effect>dừng bước này, đến|vẫn làm bước này, mở thêm) "
    r"(?:bước (?P<step>\d{1,3}[a-z]{0,3})|(?P<end>kết thúc))"
)
_OVER = re.compile(r"quá (?P<amount>\d{1,4}) (?P<unit>giờ làm việc|ngày làm việc|ngày lịch)")
_COMES = re.compile(r"có thông điệp “(?P<name>[^“”]{1,120})” của hệ thống khác")
_TROUBLE = re.compile(r"báo trở ngại(?: “(?P<name>[^“”]{1,120})”)?")


def when_said(trigger: Trigger, labels: Labels) -> str:
    """Return what happens: "quá 2 ngày làm việc", "có thông điệp “Rút” của hệ thống khác"."""
    if trigger.kind == MESSAGE:
        return f"có thông điệp “{trigger.name}” của hệ thống khác"
    if trigger.kind == ERROR:
        return f"báo trở ngại “{trigger.name}”" if trigger.name else "báo trở ngại"
    lasts = longest_wait(trigger) if not timer_problem(trigger) else None
    if trigger.form == "duration" and lasts:
        return "quá " + " ".join(limit_text(one.amount, one.unit) for one in lasts)
    if trigger.form == "cycle" and lasts:
        return "cứ " + " ".join(limit_text(one.amount, one.unit) for one in lasts)
    return waiting_said(trigger, labels).removeprefix("chờ ")


def event_said(table: Table, event: Event, labels: Labels) -> str:
    """Return an event in words: "quá 2 ngày làm việc: dừng bước này, đến bước 4"."""
    label = table.label(event.target)
    target = f"bước {label}" if label and event.target != END else "kết thúc"
    effect = _ENDING if event.cancels else _ACCOMPANYING
    return f"{when_said(event.trigger, labels)}: {effect}{target}"


def event_read(said: str, *, id: str) -> tuple[Event, str] | None:
    """Return the event that words of `event_said` make and the label of its row ("" the end), or None."""
    found = _LINE.fullmatch(said)
    trigger = _trigger(found["when"]) if found is not None else None
    if found is None or trigger is None:
        return None
    cancels = found["effect"].startswith("dừng")
    name = found["when"][:1].upper() + found["when"][1:]
    return Event(id, trigger, END, cancels, name), found["step"] or ""


def _trigger(said: str) -> Trigger | None:
    if found := _OVER.fullmatch(said):
        units = {words: unit for unit, words in UNIT_NAMES.items()}
        return lasting(int(found["amount"]), units[found["unit"]]) if int(found["amount"]) else None
    if found := _COMES.fullmatch(said):
        return Trigger(MESSAGE, name=found["name"])
    if found := _TROUBLE.fullmatch(said):
        return Trigger(ERROR, name=found["name"] or "")
    return None


def event_id(step: Step) -> str:
    """Return an identifier for one more event of a step."""
    used, place = {one.id for one in step.events}, 1
    while f"{step.id}-q{place}" in used:
        place += 1
    return f"{step.id}-q{place}"
