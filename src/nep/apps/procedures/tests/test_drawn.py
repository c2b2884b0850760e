"""What a person draws becomes the draft that the table's edits make."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings

from nep.apps.procedures.rules.by_hand import spare_lanes
from nep.apps.procedures.rules.draft import content_hash, places_text, read_place_text
from nep.apps.procedures.rules.drawn import editor_file, read_drawing
from nep.apps.procedures.rules.edits import Changed, Edit, apply, drawing_merge, drawing_take
from nep.apps.procedures.rules.table import (
    Meeting,
    from_process,
    meetings,
    node_rows,
    to_process,
    with_lanes,
)
from nep.apps.procedures.tests.scene import draft, hours
from nep.apps.procedures.tests.test_edits import do
from nep.apps.procedures.tests.test_table import tables
from nep.bpmn import layout, prove_soundness, read_bpmn
from nep.kernel.decisions import Refused


def drawn(start=None) -> str:
    start = start or draft()
    return editor_file(start.table, names={}, places=start.places, title="Thử").decode()


def taken(xml: str, start=None):
    answer = drawing_take(start or draft(), Edit("draw", values={"xml": xml}))
    assert isinstance(answer, Changed), answer
    return answer.draft


def refused(xml: str) -> Refused:
    answer = drawing_take(draft(), Edit("draw", values={"xml": xml}))
    assert isinstance(answer, Refused)
    return answer


def added(xml: str, *parts: str) -> str:
    return xml.replace("</bpmn:process>", "".join(parts) + "</bpmn:process>")


def task(name: str, words: str = "Việc mới") -> str:
    return f'<bpmn:userTask id="{name}" name="{words}" nep:role="PKH/specialist"/>'


def flow(name: str, source: str, target: str, more: str = "") -> str:
    return f'<bpmn:sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}"{more}/>'


def moved(xml: str, flow_id: str, end: str, old: str, new: str) -> str:
    start = xml.index(f'<bpmn:sequenceFlow id="{flow_id}"')
    rest = xml[start:].replace(f'{end}="{old}"', f'{end}="{new}"', 1)
    return xml[:start] + rest


def test_a_diagram_saved_as_it_was_opened_changes_nothing():
    for start in (draft(), do("parallel", "b4"), do("question_put", "b2", name="Đủ chưa?")):
        assert taken(drawn(start), start) == start


def test_a_step_drawn_between_two_becomes_the_row_between_them():
    xml = moved(drawn(), "f-b3", "targetRef", "b4", "Activity_0x")
    changed = taken(added(xml, task("Activity_0x"), flow("Flow_1", "Activity_0x", "b4")))

    assert changed.table.wiring is None
    assert [step.id for step in changed.table.steps] == ["b1", "b2", "b3", "b5", "b4"]
    assert changed.table.step("b5").role == "PKH/specialist"
    assert changed == do("role", "b5", start=do("rename", "b5", start=do("add_after", "b3"),
                         name="Việc mới"), role="PKH/specialist")  # fmt: skip


def test_what_the_words_of_a_step_say_is_read_off_the_diagram():
    xml = drawn().replace('name="Thẩm định"', 'name="Thẩm định kỹ" nep:outside="true"')
    xml = xml.replace(
        'nep:limit="4" nep:limitUnit="working_hour"', 'nep:limit="6" nep:limitUnit="working_hour"'
    )
    changed = taken(xml)

    assert changed.table.step("b2").name == "Thẩm định kỹ"
    assert not changed.table.step("b2").outside  # the role says who is outside
    assert changed.table.step("b1").limit == hours(6)


def test_threads_of_several_steps_stand_in_the_wiring_and_come_back():
    xml = moved(drawn(), "f-b3", "targetRef", "b4", "G1")
    changed = taken(
        added(
            xml, '<bpmn:parallelGateway id="G1"/><bpmn:parallelGateway id="G2"/>',
            task("A"), task("B"), task("C"), flow("F1", "G1", "A"), flow("F2", "A", "B"),
            flow("F3", "B", "G2"), flow("F4", "G1", "C"), flow("F5", "C", "G2"),
            flow("F6", "G2", "b4"),
        )
    )  # fmt: skip

    assert changed.table.wiring is not None
    assert [step.id for step in changed.table.steps] == ["b1", "b2", "b3", "b5", "b6", "b7", "b4"]
    assert prove_soundness(changed.process).sound
    assert taken(drawn(changed), changed) == changed
    assert changed.table.step("b2").branches[0].name == "Thiếu thành phần"


@pytest.fixture(scope="module")
def wired():
    """Two threads of two and one step between step 3 and step 4."""
    xml = moved(drawn(), "f-b3", "targetRef", "b4", "G1")
    return taken(
        added(
            xml, '<bpmn:parallelGateway id="G1"/><bpmn:parallelGateway id="G2"/>',
            task("A", "Một"), task("B", "Hai"), task("C", "Ba"), flow("F1", "G1", "A"),
            flow("F2", "A", "B"), flow("F3", "B", "G2"), flow("F4", "G1", "C"),
            flow("F5", "C", "G2"), flow("F6", "G2", "b4"),
        )
    )  # fmt: skip


def test_the_table_edits_what_only_the_diagram_could_draw(wired):
    grown = do("add_after", "b5", start=wired, name="Giữa")
    cut = do("remove", "b8", start=grown)
    branched = do("branch_put", "b7", start=wired, name="Sai", target="b1", bound="1")
    plain = do(
        "branch_remove", "b7", start=branched, branch=branched.table.step("b7").branches[0].id
    )

    assert ("b5", "b8") in {(f.source, f.target) for f in grown.process.flows}
    assert prove_soundness(grown.process).sound
    assert cut == wired
    assert branched.table.step("b7").branches[0].target == "b1"
    assert {(f.source, f.target) for f in plain.process.flows} == {
        (f.source, f.target) for f in wired.process.flows
    }
    assert do("rename", "b6", start=wired, name="Khác").table.step("b6").name == "Khác"
    assert [s.id for s in do("move_up", "b7", start=wired).table.steps][4:6] == ["b7", "b6"]


def test_rows_tell_where_threads_part_and_meet(wired):
    met = meetings(wired.table)

    assert met["b3"] == Meeting("parallel", ("b5", "b7"))
    assert met["b6"] == met["b7"] == Meeting("join", ("b4",))


def test_rows_that_can_say_it_all_again_lose_their_wiring(wired):
    assert do("remove", "b6", start=wired).table.wiring is None


def test_several_ends_and_an_inclusive_gateway_are_kept():
    xml = moved(drawn(), "f-b3", "targetRef", "b4", "G1")
    changed = taken(
        added(
            xml, '<bpmn:inclusiveGateway id="G1" default="F1"/>', flow("F1", "G1", "b4"),
            '<bpmn:sequenceFlow id="F2" sourceRef="G1" targetRef="E2"><bpmn:conditionExpression>'
            'ket_qua = "từ chối"</bpmn:conditionExpression></bpmn:sequenceFlow>',
            '<bpmn:endEvent id="E2" name="Từ chối"><bpmn:terminateEventDefinition/></bpmn:endEvent>',
        )
    )  # fmt: skip

    kinds = {node.id: node.kind for node in changed.process.nodes}
    assert kinds["G1"] == "inclusive"
    assert kinds["E2"] == "terminate"
    assert taken(drawn(changed), changed) == changed


def test_a_choice_drawn_without_a_default_gets_the_way_that_leads_on():
    xml = drawn().replace(' default="f-re-b2"', "")
    changed = taken(xml)

    assert changed == draft()


@pytest.mark.parametrize(
    ("part", "code", "where"),
    [
        ('<bpmn:scriptTask id="S" name="Chạy mã"/>', "drawing_refused", "S"),
        ('<bpmn:group id="T"/>', "drawing_foreign", "process"),
        ('<bpmn:startEvent id="S2"/>', "drawing_refused", "S2"),
        ('<bpmn:sequenceFlow id="F9" sourceRef="b3" targetRef="b99"/>', "drawing_refused", "F9"),
    ],
)  # fmt: skip
def test_what_cannot_stay_is_refused_by_name(part, code, where):
    answer = refused(added(drawn(), part))

    assert (answer.code, answer.field or "") == (code, where)
    assert answer.message.endswith(".")


def test_a_dragged_step_keeps_its_place_and_only_in_its_lane():
    xml = drawn()
    at = xml.index('bpmnElement="b3"')
    box = xml[at:].partition('y="')[2].partition('"')[0]
    low = xml[:at] + xml[at:].replace(f'y="{box}"', f'y="{float(box) + 12:g}"', 1)
    changed = taken(low)

    assert changed.places == {"b3": (0.0, 12.0)}
    assert taken(drawn(changed), changed) == changed
    assert do("add", start=changed).places == changed.places
    assert apply(changed, Edit("places_clear")).draft.places == {}


def test_two_drawings_of_different_steps_are_brought_together():
    base = draft()
    mine = drawn(base).replace('name="Thẩm định"', 'name="Thẩm định hồ sơ"')
    theirs = do(
        "add_after", "b3", start=do("rename", "b4", start=base, name="Trả"), name="Đóng dấu"
    )
    answer = drawing_merge(base, theirs, Edit("draw", values={"xml": mine}))

    assert [step.name for step in answer.draft.table.steps] == [
        "Tiếp nhận hồ sơ", "Thẩm định hồ sơ", "Ký giấy phép", "Đóng dấu", "Trả",
    ]  # fmt: skip


def test_new_steps_of_both_sides_stand_side_by_side_in_the_table():
    base = draft()
    xml = moved(drawn(base), "f-b1", "targetRef", "b2", "Activity_9")
    mine = added(xml, task("Activity_9", "Của tôi"), flow("Flow_9", "Activity_9", "b2"))
    theirs = do("add_after", "b3", start=base, name="Của bạn")
    answer = drawing_merge(base, theirs, Edit("draw", values={"xml": mine}))

    assert [step.name for step in answer.draft.table.steps] == [
        "Tiếp nhận hồ sơ", "Của tôi", "Thẩm định", "Ký giấy phép", "Của bạn", "Trả kết quả",
    ]  # fmt: skip
    assert len({step.id for step in answer.draft.table.steps}) == 6


def test_one_step_changed_by_both_is_refused_by_its_number():
    base = draft()
    mine = drawn(base).replace('name="Thẩm định"', 'name="Của tôi"')
    theirs = do("rename", "b2", start=base, name="Của bạn")
    answer = drawing_merge(base, theirs, Edit("draw", values={"xml": mine}))

    assert isinstance(answer, Refused)
    assert (answer.code, answer.field) == ("drawing_clash", "b2")
    assert "bước 2 “Của bạn”" in answer.message


def test_the_file_for_the_drawing_program_holds_the_whole_process():
    start = draft()
    read = read_bpmn(drawn(start).encode()).process

    assert {node.id for node in read.nodes} == {node.id for node in to_process(start.table).nodes}
    assert [lane.role for lane in read.lanes] == ["MC/reception", "PKH/specialist", "LD/leader"]
    assert isinstance(read_drawing(b"<x/>", table=start.table, places={}), Refused)
    assert replace(read, lanes=(), foreign=(), name="Cấp giấy phép") == to_process(start.table)


@settings(max_examples=20, deadline=None)
@given(tables())
def test_any_table_saved_as_drawn_is_the_same_table(one):
    """Also where a drawing program has named the gateways otherwise and left defaults out."""
    start = replace(draft(), table=from_process(to_process(one)))
    assert taken(drawn(start), start).process == start.process

    other = (
        drawn(start).replace("re-b", "Gateway_b").replace("tach-", "Split_").replace("gop-", "J_")
    )
    again = taken(other, start)
    assert [step.id for step in again.table.steps] == [step.id for step in start.table.steps]
    assert again.table.wiring is None
    assert again.process == start.process


def corners(xml: str, flow_id: str, *points: tuple[float, float]) -> str:
    """Return the drawing with a line led over other corners; its ends stay."""
    start = xml.index("<bpmndi:BPMNEdge", xml.index(f'bpmnElement="{flow_id}"') - 120)
    end = xml.index("</bpmndi:BPMNEdge>", start)
    edge = xml[start:end]
    spots = re.findall(r"<di:waypoint[^>]*/>", edge)
    middle = "".join(f'<di:waypoint x="{x:g}" y="{y:g}"/>' for x, y in points)
    led = edge[: edge.index(spots[0])] + spots[0] + middle + spots[-1]
    return xml[:start] + led + xml[end:]


def plan_of(start):
    return layout(with_lanes(start.process, {}), moved=start.places, rows=node_rows(start.table))


def test_a_line_led_by_hand_stays_where_it_was_drawn_and_goes_along_with_its_steps():
    plan = plan_of(draft())
    far = [(plan.boxes["b1"].right + 40, plan.boxes["b1"].level + 9),
           (plan.boxes["b1"].right + 40, plan.boxes["b2"].level - 9)]  # fmt: skip
    led = taken(corners(drawn(), "f-b1", *far))

    assert led.table == draft().table and content_hash(led) == content_hash(draft())
    points = plan_of(led).waypoints["f-b1"]
    assert [y for _x, y in points[1:-1]] == pytest.approx([y for _x, y in far])
    assert [x for x, _y in points[1:-1]] == [x for x, _y in far]
    assert points[0][0] == plan.boxes["b1"].right and points[-1][0] == plan.boxes["b2"].x
    assert taken(drawn(led), led) == led
    assert read_place_text(places_text(led.places)) == led.places
    lower = do("add_after", "b1", start=do("rename", "b3", start=led, name="Ký"), name="Giữa")
    assert plan_of(lower).waypoints["f-b1"] != points  # it leads to another step now
    renamed = replace(led, places={**led.places, "b1": (0.0, 30.0), "b2": (0.0, 30.0)})
    down = plan_of(renamed).waypoints["f-b1"]
    assert [y - 30 for _x, y in down[1:-1]] == pytest.approx([y for _x, y in far])
    assert do("places_clear", "", start=led) == draft()


def test_a_line_of_a_step_that_was_moved_is_led_by_the_table_again():
    plan = plan_of(draft())
    box = plan.boxes["b2"]
    xml = corners(drawn(), "f-b1", (box.x - 30, box.level))
    shape = f'<dc:Bounds x="{box.x:g}" y="{box.y:g}"'
    assert shape in xml

    led = taken(xml.replace(shape, f'<dc:Bounds x="{box.x:g}" y="{box.y + 40:g}"'))

    assert "f-b1" not in led.places and led.places["b2"] == (0.0, 40.0)


def test_an_empty_lane_is_kept_drawn_and_given_up():
    laned = do("lane_put", "", role="LD/leader2")
    lanes = with_lanes(laned.process, {}, spare=spare_lanes(laned.places)).lanes

    assert [one.role for one in lanes][-1] == "LD/leader2" and lanes[-1].nodes == ()
    assert 'nep:role="LD/leader2"' in drawn(laned)
    assert taken(drawn(laned), laned) == laned
    again = apply(laned, Edit("lane_put", values={"role": "LD/leader2"}))
    assert isinstance(again, Refused) and again.code == "lane_known"
    assert do("lane_remove", "", start=laned, role="LD/leader2") == draft()
