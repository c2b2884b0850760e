"""What may end or accompany an open step or group: too much time, a message, trouble. Words, read back."""

import re

from nep.apps.procedures.rules.condition_words import Labels
from nep.apps.procedures.rules.other_rows import MESSAGE, TIMER, lasting, waiting_said
from nep.apps.procedures.rules.table import CALL, END, GROUP, Event, Step, Table
from nep.apps.procedures.rules.targets import ENDING, end_read, target_said
from nep.apps.procedures.rules.wording import UNIT_NAMES, limit_text
from nep.bpmn import Trigger
from nep.bpmn.timers import longest_wait, timer_problem

ERROR = "error"
HOSTS = frozenset({"task", CALL, "receive", GROUP})
"""The kinds of rows that stay open, so that something may happen meanwhile."""
OF_GROUP = "nhom-"
"""How the identifier of an event begins on paper that is one of the group which the row begins."""
WHEN: dict[str, str] = {
    TIMER: "quá một khoảng thời gian",
    MESSAGE: "có thông điệp của hệ thống khác",
    ERROR: "người làm báo trở ngại",
}
ENDS, BESIDE = "ends", "beside"
_STEP, _WHOLE = "bước này", "cả nhóm"
_LINE = re.compile(
    r"(?P<when>.{1,200}): (?P<effect>dừng|vẫn làm) (?P<host>bước này|cả nhóm), (?:đến|mở thêm) "
    rf"(?:bước (?P<step>\d{{1,3}}[a-z]{{0,3}})|(?P<end>{ENDING}))"
    r"(?: \(tối đa (?P<bound>\d{1,2}) lần\))?"
)
_OVER = re.compile(r"quá (?P<amount>\d{1,4}) (?P<unit>giờ làm việc|ngày làm việc|ngày lịch)")
_EVERY = re.compile(
    r"cứ (?P<amount>\d{1,4}) (?P<unit>giờ làm việc|ngày làm việc|ngày lịch)(?:, (?P<times>\d{1,2}) lần)?"
)
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
        return _every_said(trigger, " ".join(limit_text(one.amount, one.unit) for one in lasts))
    return waiting_said(trigger, labels).removeprefix("chờ ")


def _every_said(trigger: Trigger, round_: str) -> str:
    """Return how often and how many times a timer comes again: "cứ 2 ngày làm việc, 3 lần"."""
    repeats, *begins = trigger.value.split("/")[:-1]
    times = f", {repeats[1:]} lần" if repeats[1:] else ""
    return f"cứ {round_}{times}" + (f", từ {begins[0]}" if begins else "")


def coming_again(once: Trigger, times: int | None) -> Trigger:
    """Return the timer that comes again every time it has passed, so many times or without an end."""
    return Trigger(TIMER, "cycle", f"R{times or ''}/{once.value}", once.unit)


def effects_of(step: Step) -> dict[str, str]:
    """Return what an event does to a step or a group of steps, in words."""
    host = _WHOLE if step.kind == GROUP else _STEP
    return {ENDS: f"dừng {host}, chuyển đến", BESIDE: f"vẫn làm {host}, mở thêm"}


def event_said(table: Table, event: Event, labels: Labels, *, is_whole: bool = False) -> str:
    """Return an event in words: "quá 2 ngày làm việc: dừng bước này, đến bước 4".

    `is_whole` for one of a group: "dừng cả nhóm".
    """
    target = target_said(table, event.target)
    host = _WHOLE if is_whole else _STEP
    effect = f"dừng {host}, đến" if event.cancels else f"vẫn làm {host}, mở thêm"
    most = f" (tối đa {event.bound} lần)" if event.bound is not None else ""
    return f"{when_said(event.trigger, labels)}: {effect} {target}{most}"


def event_read(said: str, *, step: Step) -> tuple[Event, str] | None:
    """Return the event that words of `event_said` make and the label of its row ("" the end), or None.

    The identifier of one of a whole group says so (`OF_GROUP`).
    """
    found = _LINE.fullmatch(said)
    trigger = _trigger(found["when"]) if found is not None else None
    if found is None or trigger is None:
        return None
    cancels = found["effect"] == "dừng"
    name = found["when"][:1].upper() + found["when"][1:]
    host = f"{OF_GROUP}{step.id}" if found["host"] == _WHOLE else step.id
    target = end_read(found["end"]) if found["end"] else END
    bound = int(found["bound"]) if found["bound"] else None
    return Event(event_id(step, host), trigger, target, cancels, name, bound), found["step"] or ""


def _trigger(said: str) -> Trigger | None:
    if found := _OVER.fullmatch(said) or _EVERY.fullmatch(said):
        units = {words: unit for unit, words in UNIT_NAMES.items()}
        once = lasting(int(found["amount"]), units[found["unit"]])
        if found.re is _EVERY:
            once = coming_again(once, int(found["times"]) if found["times"] else None)
        return None if timer_problem(once) else once
    if found := _COMES.fullmatch(said):
        return Trigger(MESSAGE, name=found["name"])
    if found := _TROUBLE.fullmatch(said):
        return Trigger(ERROR, name=found["name"] or "")
    return None


def event_id(step: Step, host: str = "") -> str:
    """Return an identifier for one more event of a step, or of the group `host` that it begins."""
    used, place, name = {one.id for one in step.events}, 1, host or step.id
    while f"{name}-q{place}" in used:
        place += 1
    return f"{name}-q{place}"
