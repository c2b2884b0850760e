"""The words of a line never lie on a line, a step, its number or other words."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from nep.apps.procedures.rules.importing import draft_of
from nep.apps.procedures.rules.table import (
    Branch,
    Event,
    Step,
    Table,
    node_rows,
    to_process,
    with_lanes,
)
from nep.apps.procedures.rules.word import read_flow
from nep.apps.procedures.tests.test_table import tables
from nep.bpmn import Trigger, layout, read_bpmn
from tests.bpmn.overlaps import overlaps

NAMES = (
    "Đạt", "Chưa đạt yêu cầu", "Thiếu thành phần hồ sơ", "Trả lại",
    "Từ chối tiếp nhận hồ sơ vì không đủ điều kiện theo quy định",
)  # fmt: skip


def named(table: Table) -> Table:
    """Return the table with long names and roles, so that its diagram is as full as a real one."""
    return replace(
        table,
        steps=tuple(
            replace(
                step,
                name="Thẩm định hồ sơ và trình lãnh đạo phòng",
                role=f"P{place % 4}",
                branches=tuple(
                    replace(way, name=NAMES[(place + at) % len(NAMES)])
                    for at, way in enumerate(step.branches)
                ),
            )
            for place, step in enumerate(table.steps)
        ),
    )


def found_in(table: Table) -> list[str]:
    process = with_lanes(to_process(table), {})
    return [
        one
        for lanes in (True, False)
        for one in overlaps(process, layout(process, lanes=lanes, rows=node_rows(table)))
    ]


@settings(max_examples=25, deadline=None)
@given(tables())
def test_words_of_any_table_keep_clear_of_everything(table):
    assert found_in(named(table)) == []


def test_five_ways_out_of_every_step_find_room():
    steps = tuple(
        Step(
            f"b{n}", "Thẩm định", role=f"P{n % 3}",
            branches=tuple(
                Branch(f"b{n}-{at}", f"b{1 + (n + at) % 6}", name, bound=2)
                for at, name in enumerate(NAMES)
            ),
        )
        for n in range(1, 7)
    )  # fmt: skip
    assert found_in(Table("t", "", steps)) == []


@pytest.mark.parametrize("name", NAMES)
def test_words_of_a_way_back_keep_clear_of_the_words_of_the_steps_events(name):
    late = Trigger("timer", "duration", "P5D", "working_day")
    steps = tuple(
        Step(
            f"b{n}", "Thẩm định", role=f"P{n % 2}",
            branches=tuple(Branch(f"b{n}-{to}", f"b{to}", name, bound=2) for to in range(1, n)),
            events=tuple(
                Event(f"b{n}-q{at}", late, f"b{n + 1}", True, "Quá 5 ngày làm việc")
                for at in range(2 if n < 4 else 0)
            ),
        )
        for n in range(1, 5)
    )  # fmt: skip
    assert found_in(Table("t", "", steps)) == []


def test_words_of_the_real_models_and_flows_keep_clear_of_everything(real_data):
    told = {}
    for path in sorted(real_data.glob("bpmn_miwg/*.bpmn")) + sorted(
        real_data.glob("mo_hinh/bpmn/*.bpmn")
    ):
        process = read_bpmn(path.read_bytes()).process
        if process is not None:
            told[path.name] = overlaps(process, layout(process))
    for path in sorted(real_data.glob("mo_hinh/yenbai_mot_cua/*_workflow.xml")):
        for place, one in enumerate(read_flow(path.read_bytes(), file=path.name).procedures):
            draft = draft_of(one, process_id="q", mapping={})
            told[f"{path.name} {place}"] = found_in(draft.table)

    assert len(told) > 20
    assert {name: found for name, found in told.items() if found} == {}


@pytest.mark.parametrize("name", ["Đạt", NAMES[-1]])
def test_words_stand_where_the_line_begins_while_there_is_room(name):
    steps = (
        Step("b1", "Tiếp nhận"),
        Step("b2", "Thẩm định", branches=(Branch("n1", "b4", name),)),
        Step("b3", "Ký"),
        Step("b4", "Trả kết quả"),
    )
    table = Table("t", "", steps)
    plan = layout(to_process(table), lanes=False, rows=node_rows(table))
    label, (start, *_rest) = plan.words["n1"], plan.waypoints["n1"]

    assert abs(label.x - start[0]) < 60 and abs(label.y - start[1]) < 40
