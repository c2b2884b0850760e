"""The diagram moves little: an edit of one row moves what stands in other rows by shifting only."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.edits import Changed, Edit, apply
from nep.apps.procedures.rules.table import (
    END,
    Branch,
    Step,
    Table,
    node_rows,
    to_process,
    with_lanes,
)
from nep.bpmn import layout

ROLES = ("MC/reception", "PKH/specialist", "PKH/unit_head", "LD/leader")


@st.composite
def tables(draw) -> Table:
    """Tables of four roles with side-by-side rows, branches to anywhere and ways on."""
    count = draw(st.integers(3, 9))
    ids = [f"b{place}" for place in range(1, count + 1)]
    steps = []
    for place, name in enumerate(ids):
        group = draw(st.sampled_from(["", "", "", f"g{place // 2}"]))
        branches, after = (), ""
        if not group:
            branches = tuple(
                Branch(f"{name}-n{k}", draw(st.sampled_from([*ids, END])), f"Nhánh {k}",
                       bound=draw(st.sampled_from([None, 1])))
                for k in range(draw(st.sampled_from([0, 0, 1, 2])))
            )  # fmt: skip
            after = draw(st.sampled_from(["", "", "", "", *ids, END]))
        role = draw(st.sampled_from(ROLES))
        words = draw(
            st.sampled_from(["Ký", "Thẩm định hồ sơ", "Lấy ý kiến của các đơn vị liên quan " * 2])
        )
        steps.append(Step(name, words, role, group=group, branches=branches, after=after))
    return Table("t", "Thử", tuple(steps))


EDITS = st.sampled_from(
    [
        Edit(
            "rename", values={"name": "Tên mới dài hơn nhiều so với tên cũ của bước này trong bảng"}
        ),
        Edit("rename", values={"name": "X"}),
        Edit("limit", values={"amount": "3", "unit": "working_day"}),
        Edit("forms", values={"forms": "Mẫu 01"}),
        Edit("add_after"),
        Edit("remove"),
        Edit("role", values={"role": "VT/specialist"}),
        Edit("branch_put", values={"name": "Không đạt", "target": END}),
        Edit("after", values={"target": END}),
    ]
)


def plan(table: Table):
    process = with_lanes(to_process(table), {})
    lane_of = {name: lane.role for lane in process.lanes for name in lane.nodes}
    return layout(process, rows=node_rows(table)), lane_of, [node.id for node in process.nodes]


@settings(max_examples=40, deadline=None)
@given(tables(), EDITS, st.integers(0, 8))
def test_an_edit_of_one_row_only_shifts_the_other_rows(table, edit, place):
    step = table.steps[place % len(table.steps)]
    answer = apply(Draft(table), replace(edit, step=step.id))
    if not isinstance(answer, Changed):
        return
    before, lanes_before, nodes = plan(table)
    after, lanes_after, _ = plan(answer.draft.table)
    near = {f"re-{step.id}", f"tach-{step.group}", f"gop-{step.group}", f"vao-{step.group}"}
    near |= {
        one.id for one in table.steps if one is step or (step.group and one.group == step.group)
    }
    stay = [name for name in nodes if name not in near and name in after.boxes]

    across: dict[str, set[float]] = {}
    for name in stay:
        if lanes_before[name] == lanes_after[name]:
            moved = after.boxes[name].middle - before.boxes[name].middle
            across.setdefault(lanes_before[name], set()).add(round(moved, 0))
    assert all(len(moves) == 1 for moves in across.values()), across

    order = sorted(stay, key=lambda name: before.boxes[name].level)
    for one, other in pairwise(order):
        was_level = before.boxes[one].level == before.boxes[other].level
        now_apart = after.boxes[other].level - after.boxes[one].level
        assert now_apart >= 0
        assert was_level <= (now_apart == 0)
