"""A model file of others: judged with its drawing, or taken over as the draft of a procedure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from nep.apps.procedures.rules.beside import Beside, beside_of_model
from nep.apps.procedures.rules.drawn import FOREIGN_WORDS, refused_reading, tidied, unusable
from nep.apps.procedures.rules.table import NotATable, Table, table_of_graph, to_process
from nep.bpmn import (
    ModelError,
    Process,
    check_model,
    compile_process,
    draw_verdict,
    kept_elements,
    layout,
    read_bpmn,
)
from nep.kernel.decisions import Refused
from nep.kernel.text import clean, fold

LARGEST = 1_000_000
MOST_NODES, MOST_FLOWS = 400, 800
"""More than any procedure has; what is larger would take seconds to lay out."""
PRINTED = 280
_MARK = "tep"
_NAMED_ANEW = frozenset({"task", "call", "catch", "receive", "send", "throw"})


TOO_LARGE = Refused("model_large", "Tệp mô hình lớn hơn 1 MB; hãy tách thành nhiều quy trình.")


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one file, its drawing as SVG, and the failing path in words."""

    verdict: Mapping[str, Any]
    drawing: str
    path: tuple[str, ...]


def judged(data: bytes, *, file: str) -> Judgement | Refused:
    """Return the verdict on a file. Codes: `model_large`."""
    sketch = read_bpmn(data).sketch if len(data) <= LARGEST else None
    refused = _too_large(data, sketch)
    if refused is not None:
        return refused
    verdict = check_model(data, file=file)
    names = {node.id: clean(node.name) or node.id for node in sketch.nodes} if sketch else {}
    path = tuple(names.get(name, name) for name in verdict["path"])
    return Judgement(verdict, draw_verdict(data, verdict), path)


@dataclass(frozen=True, slots=True)
class TakenOver:
    """A table read from a model file, and what stands beside it; `kept` says that in words."""

    table: Table
    beside: Beside
    kept: tuple[str, ...]


def taken_over(data: bytes, *, process_id: str, roles: Mapping[str, str]) -> TakenOver | Refused:
    """Return the table of a model; `roles` gives the key of a role by its folded words.

    A responsible nobody knows stays as the printed words of the step, to be answered. What rows do
    not say (notes, data, pools of others) stands beside the table. Codes: `drawing_refused`,
    `model_large`, `last_step`, `too_many_steps`.
    """
    if len(data) > LARGEST:
        return TOO_LARGE
    reading = read_bpmn(data)
    if reading.process is None:
        return refused_reading(reading.reasons)
    refused = _too_large(data, reading.process)
    if refused is None:
        refused = unusable(reading.process)
    if refused is not None:
        return refused
    name = clean(reading.process.name)[:600] or "Quy trình từ mô hình"
    empty = Table(process_id, name, ())
    process = _as_read(tidied(_known_roles(reading.process, roles), empty))
    try:
        compile_process(process)
        table = table_of_graph(_marked(process), empty, Process(process_id, name))
    except ModelError as error:
        return Refused("drawing_refused", error.message)
    except NotATable as error:
        return Refused("drawing_refused", f"Mô hình chưa chạy được ở “{error}”.", field=str(error))
    table, called = _unmarked(table)
    table = _with_printed_roles(table, roles)
    beside = beside_of_model(reading.process, to_process(table), called)
    return TakenOver(table, beside, _kept(reading.process))


def _marked(process: Process) -> Process:
    """Return the graph with what may become a row saying what its file calls it."""
    return replace(
        process,
        nodes=tuple(
            replace(node, extra=((_MARK, node.id),)) if node.kind in _NAMED_ANEW else node
            for node in process.nodes
        ),
    )


def _unmarked(table: Table) -> tuple[Table, dict[str, str]]:
    """Return a table without the marks, and the file's name of each of its rows."""
    called = {step.id: step.fact(_MARK) for step in table.steps}
    steps = tuple(step.with_fact(_MARK, "") for step in table.steps)
    wiring = table.wiring
    if wiring is not None:
        nodes = tuple(replace(one, extra=()) if one.extra else one for one in wiring.nodes)
        wiring = replace(wiring, nodes=nodes)
    return replace(table, steps=steps, wiring=wiring), called


def _too_large(data: bytes, process: Process | None) -> Refused | None:
    if len(data) > LARGEST:
        return TOO_LARGE
    if process is None:
        return None
    if len(process.nodes) <= MOST_NODES and len(process.flows) <= MOST_FLOWS:
        return None
    return Refused(
        "model_large",
        f"Mô hình có hơn {MOST_NODES} phần tử hoặc {MOST_FLOWS} đường nối; hãy tách thành nhiều "
        "quy trình.",
    )


def _known_roles(process: Process, roles: Mapping[str, str]) -> Process:
    return replace(
        process,
        nodes=tuple(
            replace(node, role=roles.get(fold(node.role), node.role)) for node in process.nodes
        ),
    )


def _as_read(process: Process) -> Process:
    """Return the graph with its nodes as an eye goes over the drawing: from above, from the left."""
    boxes = layout(process, lanes=False).boxes
    place = {node.id: (boxes[node.id].y, boxes[node.id].x) for node in process.nodes}
    return replace(process, nodes=tuple(sorted(process.nodes, key=lambda node: place[node.id])))


def _with_printed_roles(table: Table, roles: Mapping[str, str]) -> Table:
    """Keep a responsible that is no role of the agency as what was printed."""
    known = set(roles.values())
    steps = tuple(
        step
        if not step.role or step.role in known
        else replace(step, role="", outside=False).with_fact("responsible", step.role[:PRINTED])
        for step in table.steps
    )
    return replace(table, steps=steps)


def _kept(process: Process) -> tuple[str, ...]:
    """Return in words what stands beside the table of a file, each once."""
    found = dict.fromkeys(
        FOREIGN_WORDS[local] for _, local in kept_elements(process) if local in FOREIGN_WORDS
    )
    return tuple(found)
