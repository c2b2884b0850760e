"""The table and the graph are two views of one model."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nep.apps.procedures.rules.draft import content_hash, graph_text, read_table
from nep.apps.procedures.rules.table import (
    AT_ONCE,
    END,
    SENDING,
    TROUBLE,
    Branch,
    NotATable,
    Step,
    Table,
    from_process,
    to_process,
    with_lanes,
)
from nep.apps.procedures.tests.scene import draft, table
from nep.bpmn import Node, Process, check_structure, prove_soundness, read_bpmn, write_bpmn


def flows(process: Process) -> set[tuple[str, str]]:
    return {(flow.source, flow.target) for flow in process.flows}


def test_rows_become_steps_in_order_with_a_choice_after_the_branching_one():
    process = to_process(table())

    assert flows(process) == {
        ("bat-dau", "b1"),
        ("b1", "b2"),
        ("b2", "re-b2"),
        ("re-b2", "b3"),
        ("re-b2", "b1"),
        ("b3", "b4"),
        ("b4", "ket-thuc"),
    }
    back = next(flow for flow in process.flows if flow.id == "b2-n1")
    assert back.supplement


def test_side_by_side_rows_stand_between_a_split_and_a_join():
    steps = (Step("b1", "A"), Step("b2", "B", group="g"), Step("b3", "C", group="g"))
    process = to_process(Table("t", "", steps))

    assert ("tach-g", "b2") in flows(process)
    assert ("b3", "gop-g") in flows(process)
    assert prove_soundness(process).sound


def test_a_way_back_into_side_by_side_rows_meets_the_normal_way_before_the_split():
    steps = (
        Step("b1", "A"),
        Step("b2", "B", group="g"),
        Step("b3", "C", group="g"),
        Step("b4", "D", branches=(Branch("b4-n1", "b3", "Chưa đạt", bound=1),)),
    )
    process = to_process(Table("t", "", steps))

    assert ("re-b4", "vao-g") in flows(process)
    assert prove_soundness(process).sound
    assert from_process(process).steps[3].branches[0].target == "b2"


def test_the_graph_survives_its_json_text():
    text = graph_text(to_process(table()))

    assert read_table(text) == table()


def test_the_graph_survives_a_bpmn_file():
    process = with_lanes(to_process(table()), {"MC/reception": "Bộ phận Một cửa"})

    assert read_bpmn(write_bpmn(process)).process == process


def test_a_graph_of_another_shape_keeps_its_wiring_beside_the_rows():
    process = to_process(table())
    bent = replace(process, flows=process.flows[:-1])
    read = from_process(bent)

    assert read.wiring is not None
    assert to_process(read) == bent
    assert [step.after for step in read.steps] == ["", "", "", ""]


def test_a_graph_that_cannot_run_is_no_table():
    process = to_process(table())
    twice = replace(process, nodes=(*process.nodes, Node("s2", "start")))

    with pytest.raises(NotATable):
        from_process(twice)


def test_every_lane_holds_the_steps_of_its_role():
    lanes = {lane.role: lane.nodes for lane in with_lanes(to_process(table()), {}).lanes}

    assert lanes["PKH/specialist"] == ("b2", "re-b2")
    assert "b4" in lanes["MC/reception"]


@pytest.mark.parametrize(
    "change",
    [
        {"limit_amount": None},
        {"limit_unit": "calendar_day"},
        {"pause_policy": "stop"},
        {"table": replace(table(), steps=table().steps[:3])},
    ],
)
def test_the_hash_changes_with_graph_limit_and_policy(change):
    assert content_hash(draft(**change)) != content_hash(draft())


def test_the_hash_does_not_change_with_answers_about_the_file():
    assert content_hash(draft(declared_settled=True)) == content_hash(draft())


ENDS = (END, AT_ONCE, f"{TROUBLE}Mất mẫu", f"{SENDING}Đã xong")


@st.composite
def tables(draw) -> Table:
    """Tables with groups, branches to anywhere and explicit ways on."""
    count = draw(st.integers(1, 8))
    ids = [f"b{place}" for place in range(1, count + 1)]
    steps = []
    for place, name in enumerate(ids):
        group = draw(st.sampled_from(["", "", f"g{place // 2}"]))
        branches = ()
        after = ""
        if not group:
            branches = tuple(
                Branch(f"{name}-n{k}", draw(st.sampled_from([*ids, *ENDS])), f"Nhánh {k}")
                for k in range(draw(st.integers(0, 2)))
            )
            after = draw(st.sampled_from(["", "", *ids, *ENDS]))
        steps.append(Step(name, f"Bước {name}", group=group, branches=branches, after=after))
    return Table("t", "Thử", tuple(steps), begins=draw(st.sampled_from(["", "", "Có đơn"])))


def test_a_way_named_like_the_following_rows_is_the_plain_way_on():
    steps = (
        Step("b1", "A", after="b3"),
        Step("b2", "B", group="g"),
        Step("b3", "C", group="g"),
    )
    plain = tuple(replace(step, after="") for step in steps)

    assert to_process(Table("t", "", steps)) == to_process(Table("t", "", plain))


@given(tables())
def test_any_table_comes_back_as_a_table_of_the_same_graph(one):
    """Groups of one dissolve and ways into a group lead to its first row; the graph is equal."""
    process = to_process(one)

    assert to_process(from_process(process)) == process
    assert not [r for r in check_structure(process) if r.code in {"id_twice", "flow_dangling"}]
