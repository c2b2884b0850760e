"""What a model says beside the table stays with the draft and comes back with its file."""

from dataclasses import replace

import pytest

from nep.apps.procedures.rules.beside import (
    NOTHING_BESIDE,
    beside_text,
    followed,
    notes_beside,
    notes_only,
    read_beside,
    undrawn,
)
from nep.apps.procedures.rules.draft import Draft, content_hash
from nep.apps.procedures.rules.drawn import editor_file
from nep.apps.procedures.rules.edits import Changed, Edit, apply, drawing_merge, drawing_take
from nep.apps.procedures.rules.figure import sheets_of
from nep.apps.procedures.rules.model_file import TakenOver, taken_over
from nep.apps.procedures.rules.restored import model_of
from nep.apps.procedures.rules.table import node_rows, with_lanes
from nep.apps.procedures.tests.scene import draft
from nep.apps.procedures.tests.test_edits import do
from nep.bpmn import Foreign, layout, notes_of, read_bpmn, render_svg, write_bpmn
from nep.bpmn.markup import BPMN, BPMNDI, DC, DI
from nep.kernel.decisions import Refused
from tests.bpmn.sameness import differences

NOTE = '<bpmn:textAnnotation id="N"><bpmn:text>Xem kỹ &lt;b&gt;</bpmn:text></bpmn:textAnnotation>'
TIE = '<bpmn:association id="A" sourceRef="N" targetRef="{}"/>'
FILE = f"""<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="{BPMN}" xmlns:bpmndi="{BPMNDI}" xmlns:dc="{DC}" xmlns:di="{DI}"
 xmlns:other="urn:other" targetNamespace="x">
 <bpmn:collaboration id="c"><bpmn:participant id="p1" processRef="p"/><bpmn:participant id="p2"
  name="Người nộp"/><bpmn:messageFlow id="m" sourceRef="p2" targetRef="t"/></bpmn:collaboration>
 <bpmn:process id="p" name="Cấp giấy phép" isExecutable="true">
  <bpmn:startEvent id="s"/>
  <bpmn:userTask id="t" name="Thẩm định"><bpmn:extensionElements><other:colour of="red"/>
   </bpmn:extensionElements><bpmn:property id="pr"/><bpmn:dataInputAssociation id="d">
   <bpmn:sourceRef>b1</bpmn:sourceRef><bpmn:targetRef>pr</bpmn:targetRef>
   </bpmn:dataInputAssociation></bpmn:userTask>
  <bpmn:userTask id="k" name="Ký"/>
  <bpmn:endEvent id="e"/>
  <bpmn:sequenceFlow id="f1" sourceRef="s" targetRef="t"/>
  <bpmn:sequenceFlow id="f2" sourceRef="t" targetRef="k"/>
  <bpmn:sequenceFlow id="f3" sourceRef="k" targetRef="e"/>
  <bpmn:dataObject id="o"/><bpmn:dataObjectReference id="b1" name="Đơn" dataObjectRef="o"/>
  {NOTE}{TIE.format("k")}
 </bpmn:process>
 <bpmndi:BPMNDiagram id="di"><bpmndi:BPMNPlane id="pl" bpmnElement="c">{{shapes}}</bpmndi:BPMNPlane>
 </bpmndi:BPMNDiagram>
</bpmn:definitions>"""
SHAPES = "".join(
    f'<bpmndi:BPMNShape id="{one}_di" bpmnElement="{one}"><dc:Bounds x="{at * 120}" y="40" '
    'width="100" height="60"/></bpmndi:BPMNShape>'
    for at, one in enumerate(("p1", "s", "t", "k", "e", "b1", "N"))
) + "".join(
    f'<bpmndi:BPMNEdge id="{one}_di" bpmnElement="{one}"><di:waypoint x="0" y="1"/>'
    '<di:waypoint x="9" y="1"/></bpmndi:BPMNEdge>'
    for one in ("f1", "f2", "f3", "A", "m")
)
MODEL = FILE.format(shapes=SHAPES).encode()


def taken(data: bytes = MODEL) -> Draft:
    found = taken_over(data, process_id="qt-1", roles={})
    assert isinstance(found, TakenOver), found
    return Draft(found.table, beside=found.beside)


def file_of(one: Draft) -> bytes:
    return model_of(one, {step.role: step.role for step in one.table.steps})


def test_a_model_taken_over_and_written_again_is_the_model():
    one = taken()

    assert differences(MODEL, file_of(one)) == []
    assert read_beside(beside_text(one.beside)) == one.beside
    assert [(note.text, [tie.host for tie in note.ties]) for note in notes_beside(one.beside)] == [
        ("Đơn", ["b1"]), ("Xem kỹ <b>", ["b2"]),
    ]  # fmt: skip
    assert [note.id for note in notes_beside(one.beside)] == ["tep-b1", "N"]


def test_what_is_kept_without_being_drawn_is_named():
    one = taken()
    assert undrawn(one.process, one.beside) == ("phần mở rộng của phần mềm khác",)
    other = FILE.replace(
        "</bpmn:definitions>",
        '<bpmn:process id="q" name="Bên kia"><bpmn:task id="z"/></bpmn:process></bpmn:definitions>',
    ).replace("<bpmn:dataObject id", '<bpmn:group id="g"/><bpmn:dataObject id')
    one = taken(other.format(shapes="").encode())
    assert set(undrawn(one.process, one.beside)) == {
        "việc bên trong quy trình của bên khác", "phần mở rộng của phần mềm khác", "khung nhóm",
    }  # fmt: skip


def test_files_of_the_material_lose_nothing_and_one_cell_changes_one_thing(real_data):
    files = [
        *(real_data / "bpmn_miwg").glob("*.bpmn"),
        *(real_data / "mo_hinh/bpmn").glob("*.bpmn"),
    ]
    seen = 0
    for file in sorted(files):
        data = file.read_bytes()
        found = taken_over(data, process_id="qt-1", roles={})
        if not isinstance(found, TakenOver):
            continue
        one = Draft(found.table, beside=found.beside)
        assert differences(data, file_of(one)) == [], file.name
        step = next((row for row in one.table.steps if row.trigger is None), None)
        if step is not None:
            renamed = differences(data, file_of(do("rename", step.id, start=one, name="Tên mới")))
            assert len(renamed) == 2 and all("@name=" in line for line in renamed), file.name
        seen += 1
    assert seen >= 17


def test_a_new_step_leaves_everything_else_of_the_file_but_its_diagram():
    one = do("add_after", "b1", start=taken(), name="Giữa")
    lost = [line for line in differences(MODEL, file_of(one)) if line.startswith("- ")]

    assert {"BPMNDiagram" in line or "f2@targetRef" in line for line in lost} == {True}
    assert [node.name for node in read_bpmn(file_of(one)).process.nodes if node.kind == "task"] == [
        "Thẩm định", "Giữa", "Ký",
    ]  # fmt: skip


def test_what_is_about_a_removed_step_goes_with_it_and_the_edit_says_so():
    start = taken()
    answer = apply(start, Edit("remove", "b2"))

    assert answer.text.endswith(", cùng ghi chú “Xem kỹ <b>”")
    assert "Xem kỹ" not in file_of(answer.draft).decode()
    other = apply(start, Edit("remove", "b1"))
    assert other.text.endswith(", cùng dữ liệu “Đơn”")
    file = file_of(other.draft).decode()
    assert "other:colour" not in file and "messageFlow" not in file and "Xem kỹ" in file
    assert do("rename", "b1", start=start, name="Khác").beside == start.beside


def test_a_draft_drawn_here_keeps_a_note_at_the_gateway_that_the_table_names_anew():
    parts = (Foreign("process", NOTE), Foreign("process", TIE.format("G")))
    before = do("question_put", "b2", name="Đủ chưa?").process
    other = replace(
        before,
        nodes=tuple(replace(n, id="G") if n.id == "re-b2" else n for n in before.nodes),
        flows=tuple(
            replace(
                f,
                source="G" if f.source == "re-b2" else f.source,
                target="G" if f.target == "re-b2" else f.target,
            )
            for f in before.flows
        ),
    )
    found = followed(other, before, replace(NOTHING_BESIDE, parts=parts))

    assert found.gone == ()
    assert notes_beside(found.beside)[0].ties[0].host == "re-b2"


def test_notes_are_no_part_of_the_hash_and_are_drawn_and_written_beside_the_steps():
    parts = (Foreign("process", NOTE), Foreign("process", TIE.format("b2")))
    one = replace(draft(), beside=replace(NOTHING_BESIDE, parts=parts))

    assert content_hash(one) == content_hash(draft())
    svg = render_svg(one.drawn)
    assert 'data-note="N"' in svg and "Xem kỹ &lt;b&gt;" in svg and "bp-assoc" in svg
    assert "bp-note" not in render_svg(draft().drawn)
    plan, plain = layout(one.drawn), layout(draft().process)
    assert plan.boxes == plain.boxes and plan.notes[0].box.x >= plain.width
    file = write_bpmn(one.drawn)
    assert b'bpmnElement="N"' in file and b'bpmnElement="A"' in file
    assert notes_of(read_bpmn(file).process.foreign)[0].text == "Xem kỹ <b>"


@pytest.mark.parametrize("name", ["t", "N", "m"])
def test_a_new_step_never_takes_a_name_of_the_file(name):
    start = taken()
    fresh = replace(start.table.steps[0], id=name, name="Mới")
    table = replace(start.table, steps=(*start.table.steps, fresh), wiring=None)
    read = read_bpmn(file_of(replace(start, table=table))).process

    ids = [node.id for node in read.nodes] + [note.id for note in notes_of(read.foreign)]
    assert len(ids) == len(set(ids))


def drawing(start: Draft) -> str:
    return editor_file(
        start.table, names={}, places=start.places, title="Thử", beside=start.beside
    ).decode()


def drawn(xml: str, start: Draft) -> Changed:
    answer = drawing_take(start, Edit("draw", values={"xml": xml}))
    assert isinstance(answer, Changed), answer
    return answer


def with_note(xml: str, host: str, text: str = "Nhớ đóng dấu") -> str:
    parts = (
        f'<bpmn:textAnnotation id="T1"><bpmn:text>{text}</bpmn:text></bpmn:textAnnotation>'
        f'<bpmn:association id="A1" sourceRef="{host}" targetRef="T1"/></bpmn:process>'
    )
    shape = (
        '<bpmndi:BPMNShape id="T1_di" bpmnElement="T1"><dc:Bounds x="40" y="90" width="120" '
        'height="50"/></bpmndi:BPMNShape></bpmndi:BPMNPlane>'
    )
    return xml.replace("</bpmn:process>", parts).replace("</bpmndi:BPMNPlane>", shape)


def test_a_diagram_with_notes_saved_as_it_was_opened_changes_nothing():
    for start in (taken(), drawn(with_note(drawing(draft()), "b2"), draft()).draft):
        assert drawn(drawing(start), start).draft == start


def test_a_note_that_is_drawn_is_told_stays_where_it_was_put_and_follows_its_step():
    changed = drawn(with_note(drawing(draft()), "b2"), draft())
    one = changed.draft

    assert changed.text == "trên lưu đồ: thêm ghi chú “Nhớ đóng dấu” ở bước “Thẩm định”"
    assert one.table == draft().table and content_hash(one) == content_hash(draft())
    box = layout(one.drawn, moved=one.places).notes[0].box
    lanes = with_lanes(one.drawn, {})
    placed = layout(lanes, moved=one.places, rows=node_rows(one.table)).notes[0].box
    assert (placed.x, placed.y, placed.width, placed.height) == (40, 90, 120, 50)
    assert box.lines == ("Nhớ đóng dấu",)
    lower = do("add_after", "b1", start=one, name="Giữa")
    moved = layout(with_lanes(lower.drawn, {}), moved=one.places, rows=node_rows(lower.table))
    assert moved.notes[0].box.y > placed.y
    assert b"Nh\xe1\xbb\x9b" in file_of(lower)


def test_a_note_is_said_otherwise_and_taken_away_on_the_diagram():
    start = taken()
    xml = drawing(start)
    other = drawn(xml.replace("Xem kỹ &lt;b&gt;", "Xem qua"), start)
    said = "trên lưu đồ: ghi chú “Xem qua” ở bước “Ký”: nay là “Xem qua”, trước là “Xem kỹ <b>”"
    gone = drawn(xml.replace(NOTE, "").replace(TIE.format("b2"), ""), start)

    assert other.text == said
    assert [one[2:] for one in differences(MODEL, file_of(other.draft)) if one[0] == "+"] != []
    assert "Xem qua" in file_of(other.draft).decode()
    assert "other:colour" in file_of(other.draft).decode()
    assert gone.text == "trên lưu đồ: bỏ ghi chú “Xem kỹ <b>” ở bước “Ký”"
    lost = differences(MODEL, file_of(gone.draft))
    assert lost and all("#N" in one or "#A" in one for one in lost)


def test_a_note_drawn_on_a_model_of_others_stands_in_its_own_diagram():
    one = drawn(with_note(drawing(taken()), "b1"), taken()).draft
    file = file_of(one)

    assert differences(MODEL, file) and not [
        line for line in differences(MODEL, file) if line.startswith("- ")
    ]
    assert b'sourceRef="t" targetRef="T1"' in file and b'bpmnElement="T1"' in file


def test_a_note_drawn_outside_the_pool_and_one_at_a_step_that_is_new_are_kept():
    xml = with_note(drawing(draft()), "Activity_9")
    xml = xml.replace(
        "</bpmn:process>",
        '<bpmn:userTask id="Activity_9" name="Mới"/>'
        '<bpmn:sequenceFlow id="F9" sourceRef="Activity_9" targetRef="b4"/></bpmn:process>',
    ).replace('sourceRef="b3" targetRef="b4"', 'sourceRef="b3" targetRef="Activity_9"')
    outside = '<bpmn:textAnnotation id="T2"><bpmn:text>Ngoài</bpmn:text></bpmn:textAnnotation>'
    xml = xml.replace("</bpmn:collaboration>", f"{outside}</bpmn:collaboration>")
    one = drawn(xml, draft()).draft

    assert [(note.text, [tie.host for tie in note.ties]) for note in notes_beside(one.beside)] == [
        ("Ngoài", []), ("Nhớ đóng dấu", ["b5"]),
    ]  # fmt: skip


def test_what_two_people_drew_beside_is_brought_together_and_one_note_only_once():
    base = drawn(with_note(drawing(draft()), "b2"), draft()).draft
    mine = drawing(base).replace("Nhớ đóng dấu", "Của tôi")
    renamed = do("rename", "b3", start=base, name="Ký")
    both = drawing_merge(base, renamed, Edit("draw", values={"xml": mine}))
    theirs = drawn(drawing(base).replace("Nhớ đóng dấu", "Của bạn"), base).draft
    clash = drawing_merge(base, theirs, Edit("draw", values={"xml": mine}))

    assert [note.text for note in notes_beside(both.draft.beside)] == ["Của tôi"]
    assert both.draft.table.step("b3").name == "Ký"
    assert isinstance(clash, Refused) and (clash.code, clash.field) == ("drawing_clash", "T1")


def test_too_many_notes_and_too_long_ones_are_refused():
    long = drawing_take(
        draft(), Edit("draw", values={"xml": with_note(drawing(draft()), "b2", "x" * 9000)})
    )
    assert isinstance(long, Refused) and (long.code, long.field) == ("drawing_notes", "T1")


def test_notes_are_printed_and_go_along_without_the_parts_of_other_tools():
    one = drawn(with_note(drawing(taken()), "b1"), taken()).draft
    sheet = sheets_of(one.drawn, {})[0].svg
    given = notes_only(one.beside)

    assert "Nhớ đóng dấu" in sheet and ".bp-note path" in sheet
    assert "other:colour" not in beside_text(given) and given.origin is None
    assert {note.text for note in notes_beside(given)} == {"Nhớ đóng dấu", "Xem kỹ <b>", "Đơn"}
