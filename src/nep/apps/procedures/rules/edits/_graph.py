"""Edits made on the graph: the rows that a changed graph gives."""

from dataclasses import replace

from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.edits._ground import Answer, Changed
from nep.apps.procedures.rules.table import NotATable, from_process, unwired
from nep.bpmn import Process
from nep.kernel.decisions import Refused

NOT_RUN = Refused(
    "graph_broken", "Đổi như vậy thì quy trình không chạy được nữa. Hãy nối lại đường đi trước."
)


def with_process(
    draft: Draft, process: Process, text: str, *, refused: Refused = NOT_RUN
) -> Answer:
    """Return the draft with the rows of a graph, or `refused` where it cannot run at all.

    What removed steps carried goes.
    """
    try:
        table = unwired(from_process(process))
    except NotATable:
        return refused
    ids = {step.id for step in table.steps}
    carried = {step: one for step, one in draft.carried.items() if step in ids}
    return Changed(replace(draft, table=table, carried=carried), text)
