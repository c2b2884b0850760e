"""Pools of others, messages with them and frames of a model are drawn around the steps."""

import re
from dataclasses import replace

from nep.apps.procedures.rules.beside import around_beside, undrawn
from nep.apps.procedures.rules.edits import Edit, drawing_take
from nep.apps.procedures.rules.figure import sheets_of
from nep.apps.procedures.tests.test_beside import FILE, SHAPES, drawing, drawn, file_of, taken
from nep.apps.procedures.tests.test_edits import do
from nep.bpmn import layout, render_svg
from nep.bpmn.around import Frame, Message, Pool
from nep.kernel.decisions import Refused
from tests.bpmn.sameness import differences

GROUP = '<bpmn:group id="g" categoryValueRef="v"/>'
NAMED = '<bpmn:category id="ca"><bpmn:categoryValue id="v" value="Tại trụ sở"/></bpmn:category>'
ROUND = (
    '<bpmndi:BPMNShape id="g_di" bpmnElement="g"><dc:Bounds x="230" y="20" width="240" '
    'height="120"/></bpmndi:BPMNShape>'
)
THEIRS = '<bpmn:process id="q" name="Cơ quan thuế"><bpmn:task id="z"/></bpmn:process>' + NAMED
MODEL = (
    FILE.format(shapes=SHAPES + ROUND)
    .replace("<bpmn:dataObject id", f"{GROUP}<bpmn:dataObject id")
    .replace("</bpmn:definitions>", f"{THEIRS}</bpmn:definitions>")
    .replace(
        "</bpmn:collaboration>",
        '<bpmn:participant id="p3" processRef="q"/><bpmn:messageFlow id="m2" name="Hỏi nợ thuế" '
        'sourceRef="k" targetRef="z"/><bpmn:messageFlow id="m3" sourceRef="p1" targetRef="p2"/>'
        "</bpmn:collaboration>",
    )
    .encode()
)


def model():
    return taken(MODEL)


def test_what_others_do_is_known_under_the_names_of_the_draft():
    around = around_beside(model().process, model().beside)

    assert around.pools == (Pool("p2", "Người nộp"), Pool("p3", "Cơ quan thuế"))
    assert around.messages == (
        Message("m", "", "p2", "b1"), Message("m2", "Hỏi nợ thuế", "b2", "p3"),
        Message("m3", "", "", "p2"),
    )  # fmt: skip
    assert around.frames == (Frame("g", "Tại trụ sở", ("b1", "b2")),)
    assert undrawn(model().process, model().beside) == (
        "việc bên trong quy trình của bên khác", "phần mở rộng của phần mềm khác",
    )  # fmt: skip


def test_pools_stand_beside_the_lanes_and_messages_lead_to_their_steps():
    plan = layout(model().drawn)
    (_one, first), (_other, second) = plan.around.pools
    frame = plan.around.frames[0][1]

    assert first.x > max(one.box.right for one in plan.notes) and second.x > first.right
    assert second.right < plan.width and first.height == plan.height
    assert all(
        frame.x < box.x
        and box.right < frame.right
        and frame.y < box.y
        and box.bottom < frame.bottom
        for box in (plan.boxes["b1"], plan.boxes["b2"])
    )
    ends = {one.message.id: (one.points[0], one.points[-1]) for one in plan.around.messages}
    below = [
        (box.middle + box.width / 4, box.bottom) for box in (plan.boxes["b1"], plan.boxes["b2"])
    ]
    assert ends["m"][0][0] == first.x and ends["m"][1] == below[0]  # a sheet is in the level way
    assert ends["m2"][0] == below[1] and ends["m2"][1][0] == second.x
    bare = layout(replace(model().drawn, foreign=model().drawn.foreign[-6:])).around.messages
    assert bare[0].points[-1] == (plan.boxes["b1"].right, bare[0].points[0][1])
    assert len({one.points[-1][1] for one in plan.around.messages}) == 3


def test_screen_and_paper_draw_them_in_black_and_white_too():
    svg, sheet = render_svg(model().drawn), sheets_of(model().drawn, {})[0].svg

    for drawn_as in (svg, sheet):
        assert drawn_as.count('class="bp-pool"') == 2 and "Cơ quan thuế" in drawn_as
        assert drawn_as.count("bp-flow bp-msg") == 3 and "<title>Hỏi nợ thuế</title>" in drawn_as
        assert 'class="bp-group"' in drawn_as and "Tại trụ sở" in drawn_as
    assert ".bp-msg{" in sheet and ".bp-group rect" in sheet
    assert "bp-pool" not in render_svg(model().process)


def test_the_drawing_program_gets_them_and_a_save_leaves_them_as_they_were():
    one = model()
    xml = drawing(one)

    assert '<bpmn:participant id="p3" name="Cơ quan thuế"/>' in xml
    assert '<bpmn:messageFlow id="m2" name="Hỏi nợ thuế" sourceRef="b2" targetRef="p3"/>' in xml
    assert 'sourceRef="nep-pool" targetRef="p2"' in xml and 'value="Tại trụ sở"' in xml
    assert {"p2", "p3", "m", "m2", "m3", "g"} <= set(re.findall(r'bpmnElement="([^"]+)"', xml))
    assert drawn(xml, one).draft == one
    less = re.sub(r"<bpmn:(group|messageFlow)[^>]*/>", "", xml)
    assert differences(MODEL, file_of(drawn(less, one).draft)) == []


def test_another_pool_or_message_drawn_anew_is_refused_by_its_shape():
    for part in ('<bpmn:participant id="Moi"/>',
                 '<bpmn:messageFlow id="Moi" sourceRef="p2" targetRef="b2"/>'):  # fmt: skip
        xml = drawing(model()).replace("</bpmn:collaboration>", f"{part}</bpmn:collaboration>")
        said = drawing_take(model(), Edit("draw", values={"xml": xml}))
        assert isinstance(said, Refused) and (said.code, said.field) == ("drawing_foreign", "Moi")


def test_a_message_goes_with_its_step_and_a_frame_closes_round_those_that_stay():
    left = do("remove", "b2", start=model())
    around = around_beside(left.process, left.beside)

    assert [one.id for one in around.messages] == ["m", "m3"]
    assert around.frames[0].members == ("b1",)
