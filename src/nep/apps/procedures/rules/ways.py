"""The ways out of a step as lines of the printed table, and the same lines read back from Word."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from nep.apps.procedures.rules.beginning import begins_said
from nep.apps.procedures.rules.condition_words import Labels, condition_of, printed_condition
from nep.apps.procedures.rules.either import FIRST_DECIDES, WAITS_WITH
from nep.apps.procedures.rules.events import OF_GROUP, event_read, event_said
from nep.apps.procedures.rules.opinions import asked_printed, asked_read
from nep.apps.procedures.rules.other_rows import row_read, row_said
from nep.apps.procedures.rules.table import DEFAULT_NAME, NEXT, Branch, Step, Table
from nep.apps.procedures.rules.targets import ENDING, end_read, target_said
from nep.apps.procedures.rules.wiring_lines import is_said, wiring_lines
from nep.bpmn import ConditionError

MARK = "→"
_TOGETHER = re.compile(r"^→ Làm song song với bước (\d{1,3}[a-z]{0,3})$")
_WAITING = re.compile(rf"^→ Cùng chờ với bước (\d{{1,3}}[a-z]{{0,3}}): {FIRST_DECIDES}$")
_ASKED = re.compile(r"^→ Xét: (.+)$")
_USUAL = re.compile(
    r"^→ Bình thường, “(?P<name>.{1,200})”: "
    rf"(?:bước (?P<step>\d{{1,3}}[a-z]{{0,3}})|(?P<end>{ENDING})|bước tiếp theo)$"
)
_WAY = re.compile(
    rf"^→ (?P<name>.{{1,200}}?): (?:bước (?P<step>\d{{1,3}}[a-z]{{0,3}})|(?P<end>{ENDING}))"
    r"(?: \[(?P<condition>.{1,1600})\])?(?: \(tối đa (?P<bound>\d{1,3}) lần\))?"
    r"(?P<supplement> \(chờ người nộp bổ sung\))?$"
)


def way_lines(table: Table, step: Step, labels: Labels) -> tuple[str, ...]:
    """Return how a step leaves the order of the rows, a line a way; () where it does not.

    `labels` gives the fields that conditions read, so that they are said in words.
    """
    lines = list(wiring_lines(table, labels).get(step.id, ()))
    lines[:0] = [
        f"{MARK} {said[0].upper()}{said[1:]}"
        for said in (
            event_said(table, one, labels, is_whole=one.id.startswith(OF_GROUP))
            for one in step.events
        )
    ]
    if said := row_said(step, labels):
        lines.insert(0, f"{MARK} {said[0].upper()}{said[1:]}")
    if said := asked_printed(step.instances):
        lines.insert(0, f"{MARK} {said[0].upper()}{said[1:]}")
    if table.begins and table.steps[0].id == step.id:
        lines.insert(0, f"{MARK} Bắt đầu {begins_said(table)}")
    if above := step.fact(WAITS_WITH):
        lines.append(f"{MARK} Cùng chờ với bước {table.label(above)}: {FIRST_DECIDES}")
    if table.wiring is not None and is_said(table):
        return tuple(lines)
    if step.group:
        first = next(one for one in table.steps if one.group == step.group)
        if first.id != step.id:
            lines.append(f"{MARK} Làm song song với bước {table.label(first.id)}")
    if step.question:
        lines.append(f"{MARK} Xét: {step.question}")
    if step.after or (step.branches and step.default_name != DEFAULT_NAME):
        target = _target(table, step.after)
        lines.append(f"{MARK} Bình thường, “{step.default_name}”: {target}")
    for branch in step.branches:
        bound = f" (tối đa {branch.bound} lần)" if branch.bound is not None else ""
        wait = " (chờ người nộp bổ sung)" if branch.supplement else ""
        condition = f" [{printed_condition(branch.condition, labels)}]" if branch.condition else ""
        target = _target(table, branch.target)
        lines.append(f"{MARK} {branch.name}: {target}{condition}{bound}{wait}")
    return tuple(lines)


def _target(table: Table, target: str) -> str:
    return target_said(table, target) if target else "bước tiếp theo"


def parted(note: str) -> tuple[str, tuple[str, ...]]:
    """Return (note, way lines) of a cell's text."""
    lines = note.split("\n")
    ways = tuple(line for line in lines if line.startswith(MARK))
    return "\n".join(line for line in lines if not line.startswith(MARK)).strip(), ways


def with_ways(steps: Sequence[Step], ways: Sequence[Sequence[str]]) -> tuple[Step, ...]:
    """Return rows read from Word with the ways that their way lines say.

    A line that points at no row, or that says nothing known, goes back into the step's note.
    """
    made = [_with_kind(step, lines) for step, lines in zip(steps, ways, strict=True)]
    table = Table("", "", tuple(made))
    places = {table.label(step.id): place for place, step in enumerate(made)}
    for place, lines in enumerate(ways):
        for line in lines:
            if _row_line(made[place], line) is not None:
                continue
            made[place] = _with_way(made, place, line, places)
            together = _TOGETHER.match(line)
            if together and places.get(together[1], place) < place:
                first = places[together[1]]
                group = made[first].group or f"ss-{made[first].id}"
                made[first] = replace(made[first], group=group)
                made[place] = replace(made[place], group=group)
    return tuple(made)


def _row_line(step: Step, line: str) -> Step | None:
    """Return the row that a line makes of a step which says what nobody does, else None."""
    return row_read(step, _words_of(line))


def _words_of(line: str) -> str:
    """Return a line as it is said within a sentence."""
    said = line.removeprefix(MARK).strip()
    return said[:1].lower() + said[1:]


def _with_kind(step: Step, lines: Sequence[str]) -> Step:
    return next(filter(None, (_row_line(step, line) for line in lines)), step)


def _with_way(steps: Sequence[Step], place: int, line: str, places: Mapping[str, int]) -> Step:
    step = steps[place]
    if found := event_read(_words_of(line), step=step):
        event, label = found
        if label and label not in places:
            return replace(step, note=f"{step.note}\n{line}".strip())
        target = steps[places[label]].id if label else event.target
        return replace(step, events=(*step.events, replace(event, target=target)))
    if opinions := asked_read(_words_of(line), step.id):
        return replace(step, instances=opinions)
    if asked := _ASKED.match(line):
        return replace(step, question=asked[1])
    together = _TOGETHER.match(line)
    if together and places.get(together[1], place) < place:
        return step
    waits = _WAITING.match(line)
    if waits and places.get(waits[1], place) < place:
        return step.with_fact(WAITS_WITH, steps[places[waits[1]]].id)
    way = _USUAL.match(line) or _WAY.match(line)
    if way is None or (way["step"] and way["step"] not in places):
        return replace(step, note=f"{step.note}\n{line}".strip())
    target = (
        end_read(way["end"])
        if way["end"]
        else steps[places[way["step"]]].id
        if way["step"]
        else NEXT
    )
    if way.re is _USUAL:
        return replace(step, after=target, default_name=way["name"])
    branch = Branch(
        id=f"{step.id}-n{len(step.branches) + 1}",
        target=target,
        name=way["name"],
        condition=_condition(way["condition"] or ""),
        supplement=bool(way["supplement"]),
        bound=int(way["bound"]) if way["bound"] else None,
    )
    return replace(step, branches=(*step.branches, branch))


def _condition(said: str) -> str:
    """Return the condition that a line says; one that nobody can read stays to be mended."""
    try:
        return condition_of(said, {}) if said else ""
    except ConditionError:
        return said
