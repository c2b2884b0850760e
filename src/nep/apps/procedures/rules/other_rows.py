"""Rows that nobody here does: another procedure run, a wait, a message sent. Words, and what is typed."""

import re
from dataclasses import replace
from itertools import pairwise

from nep.apps.procedures.rules.condition_words import Labels
from nep.apps.procedures.rules.table import CALL, GROUP, SENDS, WAITS, Step, Table, group_rows
from nep.apps.procedures.rules.wording import UNIT_NAMES, limit_text
from nep.bpmn import Called, Limit, Trigger
from nep.bpmn.timers import longest_wait, timer_problem
from nep.kernel.vietnamese import date_text, parse_date

TIMER, MESSAGE = "timer", "message"
FOR, UNTIL = "for", "until"
WAIT_WAYS: dict[str, str] = {
    FOR: "đủ một khoảng thời gian",
    UNTIL: "đến ngày ghi trong hồ sơ",
    MESSAGE: "đến khi hệ thống khác gửi thông điệp",
}
KIND_NAMES: dict[str, str] = {
    **dict.fromkeys(WAITS, "Chờ"),
    **dict.fromkeys(SENDS, "Gửi thông tin"),
    CALL: "Thực hiện quy trình khác",
}
NUMBER = "called_number"
"""The fact of a row that keeps which issue of the procedure it runs, as it was called when chosen."""
LONGEST = 120
UNNAMED = "Nhóm bước"
_SENT = "gửi thông điệp “{}” cho hệ thống khác"
_CALLED = re.compile(r"thực hiện quy trình (?P<code>[^,]{1,60}?)(?:, (?P<number>lần .{1,60}))?")
_FOR = re.compile(r"chờ (?P<amount>\d{1,4}) (?P<unit>giờ làm việc|ngày làm việc|ngày lịch)")
_UNTIL = re.compile(r"chờ đến ngày ghi ở ô (?:“.{1,200}” )?\((?P<field>[a-z_]\w{0,60})\)")
_DAY = re.compile(r"chờ đến ngày (?P<day>\d{1,2}/\d{1,2}/\d{4})")
_MESSAGE = re.compile(r"chờ thông điệp “(?P<name>[^“”]{1,120})” của hệ thống khác")
_SEND = re.compile(r"gửi thông điệp “(?P<name>[^“”]{1,120})” cho hệ thống khác")


def lasting(amount: int, unit: str) -> Trigger:
    """Return the timer that waits a whole number of a limit's unit."""
    value = f"PT{amount}H" if unit == "working_hour" else f"P{amount}D"
    return Trigger(TIMER, "duration", value, "" if unit == "calendar_day" else unit)


def waits_of(step: Step) -> tuple[Limit, ...]:
    """Return how long a row waits by itself, as limits to be added; () where its timer does not say."""
    trigger = step.trigger if step.kind in WAITS else None
    if trigger is None or trigger.kind != TIMER or timer_problem(trigger):
        return ()
    return longest_wait(trigger) or ()


def times_of(step: Step) -> tuple[Limit, ...]:
    """Return the time of a row, as limits to be added: its own limit, else that of its timer."""
    if step.untimed:
        return ()
    return (step.limit,) if step.limit is not None else waits_of(step)


def way_of(step: Step) -> str:
    """Return how a row waits: one of WAIT_WAYS, or nothing."""
    trigger = step.trigger
    if trigger is None or step.kind not in WAITS:
        return ""
    if trigger.kind == MESSAGE:
        return MESSAGE
    return UNTIL if trigger.form == "date" else FOR


def row_said(step: Step, labels: Labels) -> str:
    """Return what a row does that nobody does: "chờ 5 ngày làm việc"; "" for a step."""
    if step.kind == CALL:
        code = step.called.process if step.called is not None else ""
        number = step.fact(NUMBER)
        return f"thực hiện quy trình {code or '(chưa chọn)'}" + (f", {number}" if number else "")
    trigger = step.trigger
    if step.kind in SENDS:
        return _SENT.format(trigger.name) if trigger is not None else "đi qua, không gửi gì"
    return waiting_said(trigger, labels) if trigger is not None and not step.is_task else ""


def waiting_said(trigger: Trigger, labels: Labels) -> str:
    """Return what is waited for: "chờ đến ngày ghi ở ô “Ngày hẹn” (ngay_hen)"."""
    if trigger.kind == MESSAGE:
        return f"chờ thông điệp “{trigger.name}” của hệ thống khác"
    lasts = longest_wait(trigger) if not timer_problem(trigger) else None
    if trigger.form == "duration" and lasts:
        return "chờ " + " ".join(limit_text(one.amount, one.unit) for one in lasts)
    if trigger.form != "date":
        return f"chờ theo chu kỳ {trigger.value}"
    day = parse_date(trigger.value)
    if day is not None:
        return f"chờ đến ngày {date_text(day)}"
    if trigger.value[:1].isdigit():
        return f"chờ đến {trigger.value}"
    label = f"“{labels[trigger.value].label}” " if trigger.value in labels else ""
    return f"chờ đến ngày ghi ở ô {label}({trigger.value})"


def hashes_called(table: Table) -> frozenset[str]:
    """Return the content hashes of the versions that rows run."""
    return frozenset(step.called.version for step in table.steps if step.called) - {""}


def group_names(table: Table) -> dict[str, str]:
    """Return the names of the groups of steps by the identifier that their rows have as parent."""
    nodes = table.wiring.nodes if table.wiring is not None else ()
    return {node.id: node.name or UNNAMED for node in nodes if node.kind == GROUP}


def groups_around(table: Table) -> dict[str, tuple[Step, ...]]:
    """Return for each row in a group of steps its groups, as rows of their own kind, the widest first."""
    groups = {one.id: one for one in group_rows(table)}
    found: dict[str, tuple[Step, ...]] = {}
    for step in table.steps if groups else ():
        chain: list[Step] = []
        name = step.parent
        while name in groups:
            chain.append(groups[name])
            name = groups[name].parent
        if chain:
            found[step.id] = tuple(chain[::-1])
    return found


def groups_of(table: Table) -> dict[str, tuple[Step, ...]]:
    """Return for each row that begins groups of steps those groups, the widest first."""
    found: dict[str, tuple[Step, ...]] = {}
    seen: set[str] = set()
    for row, groups in groups_around(table).items():
        fresh = tuple(one for one in groups if one.id not in seen)
        seen |= {one.id for one in fresh}
        if fresh:
            found[row] = fresh
    return found


def groups_again(table: Table) -> dict[str, Step]:
    """Return for each row with which a group goes on after another group, or rows outside, that group."""
    around, begun = groups_around(table), groups_of(table)
    found: dict[str, Step] = {}
    for above, step in pairwise(table.steps):
        own = around.get(step.id, ())
        if own and step.id not in begun and around.get(above.id, ()) != own:
            found[step.id] = own[-1]
    return found


def row_of_group(table: Table, name: str) -> Step | None:
    """Return a group of steps as a row, or None."""
    return next((one for one in group_rows(table) if one.id == name), None)


def row_read(step: Step, said: str) -> Step | None:
    """Return the row that words of `row_said` make of a step, or None.

    A procedure read back has no version yet: which one stands in the register, not on paper.
    """
    if found := _CALLED.fullmatch(said):
        run = replace(step, kind=CALL, called=Called(found["code"]), trigger=None)
        return _nobodys(run).with_fact(NUMBER, found["number"] or "")
    if found := _SEND.fullmatch(said):
        return _nobodys(replace(step, kind="send", trigger=Trigger(MESSAGE, name=found["name"])))
    trigger = _trigger(said)
    return _nobodys(replace(step, kind="catch", trigger=trigger)) if trigger else None


def _trigger(said: str) -> Trigger | None:
    if found := _FOR.fullmatch(said):
        units = {words: unit for unit, words in UNIT_NAMES.items()}
        return lasting(int(found["amount"]), units[found["unit"]]) if int(found["amount"]) else None
    if found := _UNTIL.fullmatch(said):
        return Trigger(TIMER, "date", found["field"])
    if (found := _DAY.fullmatch(said)) and (day := parse_date(found["day"])):
        return Trigger(TIMER, "date", day.isoformat())
    if found := _MESSAGE.fullmatch(said):
        return Trigger(MESSAGE, name=found["name"])
    return None


def _nobodys(step: Step) -> Step:
    """Return the row without what only a step has; its timer says its time where it has one."""
    bare = replace(
        step, role="", outside=False, manual=False, service=False, instances=None, extra=()
    )
    is_timed = step.kind not in SENDS and not waits_of(step)
    return bare if is_timed else replace(bare, limit=None, untimed=False)
