"""What reads a data field of a procedure: conditions of ways, of opinions, of fields shown."""

from collections.abc import Iterator

from nep.apps.procedures.rules.draft import Draft
from nep.bpmn import ConditionError, fields_of, parse_condition, values_of


def conditions(draft: Draft) -> Iterator[tuple[str, str]]:
    """Yield (what reads, condition) of everything that goes by the data of a case, each once."""
    seen = set()
    for step in draft.table.steps:
        for branch in step.branches:
            if branch.condition:
                seen.add(branch.condition)
                yield f"nhánh “{branch.name}”", branch.condition
    process = draft.process
    for flow in process.flows:
        if flow.condition and flow.condition not in seen:
            yield f"nhánh “{flow.name}”" if flow.name else "một nhánh", flow.condition
    for node in process.nodes:
        if node.instances is not None and node.instances.until:
            yield f"bước lấy ý kiến “{node.name}”", node.instances.until
    for carried in draft.carried.values():
        for one in carried.fields:
            if one.shown_if:
                yield f"ô “{one.label}”", one.shown_if


def readers(draft: Draft, name: str) -> Iterator[str]:
    """Yield what reads a field: conditions, and timers that wait for the day it holds."""
    yield from (who for who, condition in conditions(draft) if name in read_by(condition))
    for node in draft.process.nodes:
        if node.trigger is not None and node.trigger.kind == "timer" and node.trigger.value == name:
            yield f"chỗ chờ “{node.name}”" if node.name else "một chỗ chờ"


def values_read(draft: Draft, name: str) -> dict[object, str]:
    """Return what a field is compared with, and what compares."""
    found: dict[object, str] = {}
    for who, condition in conditions(draft):
        try:
            values = values_of(parse_condition(condition), name)
        except ConditionError:
            continue
        found = {**dict.fromkeys(values, who), **found}
    return found


def read_by(condition: str) -> frozenset[str]:
    """Return the names of the fields that a condition reads; none where it cannot be read."""
    try:
        return fields_of(parse_condition(condition))
    except ConditionError:
        return frozenset()
