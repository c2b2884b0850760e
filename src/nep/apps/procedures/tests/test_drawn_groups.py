"""Groups of steps, waits for several things, ends and beginnings by message, drawn by hand."""

import re

import pytest

from nep.apps.procedures.rules.drawn import editor_file
from nep.apps.procedures.rules.edits import Changed, Edit, drawing_take
from nep.apps.procedures.rules.other_rows import group_names
from nep.apps.procedures.tests.scene import draft
from nep.bpmn import Trigger, prove_soundness, read_bpmn, write_bpmn
from nep.kernel.decisions import Refused

LASTS = (
    '<bpmn:timerEventDefinition id="D1" nep:unit="working_day"><bpmn:timeDuration '
    'xsi:type="bpmn:tFormalExpression">P2D</bpmn:timeDuration></bpmn:timerEventDefinition>'
)
HEARS = '<bpmn:messageEventDefinition id="D2" messageRef="Ten_1"/>'
FAILS = '<bpmn:errorEventDefinition id="D3" errorRef="Ten_2"/>'
INNER = (
    '<bpmn:startEvent id="Dau"/><bpmn:userTask id="Trong" name="Khảo sát" '
    'nep:role="PKH/specialist" nep:limit="2" nep:limitUnit="working_hour"/>'
    '<bpmn:endEvent id="Cuoi"/>'
)


def flow(name: str, source: str, target: str) -> str:
    return f'<bpmn:sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}"/>'


def group(inner: str = INNER, *flows: str, name: str = "Thực địa") -> str:
    ways = "".join(flows) or flow("G1", "Dau", "Trong") + flow("G2", "Trong", "Cuoi")
    return f'<bpmn:subProcess id="Nhom" name="{name}">{inner}{ways}</bpmn:subProcess>'


def file_of(one=None) -> str:
    one = one or draft()
    return editor_file(
        one.table, names={}, places=one.places, title="Thử", beside=one.beside
    ).decode()


def with_parts(*parts: str, led: str = "Nhom", start=None, between=("b3", "b4")) -> str:
    """Return the drawing with parts more; a step leads to one of them now."""
    xml = file_of(start).replace("</bpmn:process>", "".join(parts) + "</bpmn:process>")
    names = '<bpmn:message id="Ten_1" name="Kết quả thuế"/>'
    names += '<bpmn:error id="Ten_2" name="Mất mẫu" errorCode="Mất mẫu"/>'
    xml = xml.replace("</bpmn:process>", "</bpmn:process>" + names)
    source, target = (
        f'{end}Ref="{name}"' for end, name in zip(("source", "target"), between, strict=True)
    )
    return xml.replace(f"{source} {target}", f'{source} targetRef="{led}"')


def taken(xml: str, one=None):
    answer = drawing_take(one or draft(), Edit("draw", values={"xml": xml}))
    assert isinstance(answer, Changed), answer
    return answer.draft


def kept_whole(one) -> None:
    """Saved as it was opened the draft is the same, and its exported file says the same graph."""
    assert taken(file_of(one), one) == one
    read = read_bpmn(write_bpmn(one.process)).process
    assert (set(read.nodes), set(read.flows)) == (set(one.process.nodes), set(one.process.flows))


def refused(xml: str) -> Refused:
    answer = drawing_take(draft(), Edit("draw", values={"xml": xml}))
    assert isinstance(answer, Refused), answer
    return answer


def test_a_group_is_drawn_saved_shown_again_and_told_in_the_table():
    one = taken(with_parts(group(), flow("F1", "Nhom", "b4")))
    table = one.table

    assert [step.name for step in table.steps] == [
        "Tiếp nhận hồ sơ", "Thẩm định", "Ký giấy phép", "Khảo sát", "Trả kết quả",
    ]  # fmt: skip
    assert [step.parent for step in table.steps] == ["", "", "", "Nhom", ""]
    assert group_names(table) == {"Nhom": "Thực địa"}
    assert table.step("b3").after == "" and table.steps[3].after == ""
    assert prove_soundness(one.process).sound
    kept_whole(one)


def test_a_step_goes_into_a_group_and_stands_where_its_drawing_puts_it():
    one = taken(with_parts(group(), flow("F1", "Nhom", "b4")))
    step = '<bpmn:userTask id="Sau" name="Lập biên bản"/>'
    xml = file_of(one).replace(
        "</bpmn:subProcess>", f"{step}{flow('G3', 'Sau', 'Cuoi')}</bpmn:subProcess>"
    )
    xml = xml.replace('sourceRef="b5" targetRef="Cuoi"', 'sourceRef="b5" targetRef="Sau"')
    names = [step.name for step in taken(xml, one).table.steps]

    assert names[2:] == ["Ký giấy phép", "Khảo sát", "Lập biên bản", "Trả kết quả"]


def shifted(xml: str, element: str, down: float, larger: float = 0) -> str:
    """Return the drawing with one shape put lower and made higher."""
    at = xml.index("<dc:Bounds", xml.index(f'bpmnElement="{element}"'))
    end = xml.index("/>", at)
    numbers = dict(re.findall(r'(\w+)="([-\d.]+)"', xml[at:end]))
    numbers["y"] = f"{float(numbers['y']) + down:g}"
    numbers["height"] = f"{float(numbers['height']) + larger:g}"
    told = " ".join(f'{name}="{value}"' for name, value in numbers.items())
    return f"{xml[:at]}<dc:Bounds {told}{xml[end:]}"


def test_a_dragged_group_takes_its_content_along_and_a_larger_one_stays():
    one = taken(with_parts(group(), flow("F1", "Nhom", "b4")))
    xml = file_of(one)
    for element in ("Nhom", "Dau", "b5", "Cuoi"):
        xml = shifted(xml, element, 30)
    moved = taken(xml, one)

    assert moved.places == {"Nhom": (0.0, 30.0)}
    assert taken(file_of(moved), moved) == moved
    assert taken(shifted(file_of(one), "Nhom", 0, 60), one).places == {}


ENDS = {
    ("error_end", Trigger("error", name="Mất mẫu")): FAILS,
    ("end", Trigger("message", name="Kết quả thuế")): HEARS,
    ("terminate", None): "<bpmn:terminateEventDefinition/>",
}


@pytest.mark.parametrize(("said", "inner"), ENDS.items(), ids=lambda one: str(one)[:30])
def test_other_ends_are_drawn_and_kept(said, inner):
    xml = with_parts(
        '<bpmn:exclusiveGateway id="R" name="Đủ chưa?" default="F1"/>', flow("F1", "R", "b4"),
        flow("F2", "R", "Ra"), f'<bpmn:endEvent id="Ra" name="Trả lại">{inner}</bpmn:endEvent>',
        led="R",
    )  # fmt: skip
    one = taken(xml)
    node = next(node for node in one.process.nodes if node.id == "Ra")

    assert (node.kind, node.trigger) == said
    assert prove_soundness(one.process).sound
    kept_whole(one)


def test_a_procedure_begins_with_a_message_and_no_group_does():
    xml = with_parts(group(), flow("F1", "Nhom", "b4"))
    one = taken(
        re.sub('(<bpmn:startEvent id="bat-dau"[^>]*>)', lambda found: found[0] + HEARS, xml)
    )
    begun = next(node for node in one.process.nodes if node.id == "bat-dau")

    assert begun.trigger == Trigger("message", name="Kết quả thuế")
    kept_whole(one)
    inner = INNER.replace(
        '<bpmn:startEvent id="Dau"/>',
        f'<bpmn:startEvent id="Dau" name="Vào">{HEARS}</bpmn:startEvent>',
    )
    said = refused(with_parts(group(inner), flow("F1", "Nhom", "b4")))
    assert "ở đầu quy trình con" in said.message and said.field == "Dau"


def first(*waits: str, onward: str = "b4") -> tuple[str, ...]:
    """Return a wait for what comes first, each way leading on to one step."""
    names = ("W1", "W2")[: len(waits)]
    ways = [flow(f"U-{name}", "Cho", name) + flow(f"V-{name}", name, onward) for name in names]
    return ('<bpmn:eventBasedGateway id="Cho"/>', *waits, *ways)


WAIT = (
    f'<bpmn:intermediateCatchEvent id="W1" name="Chờ 2 ngày">{LASTS}</bpmn:intermediateCatchEvent>'
)
HEAR = f'<bpmn:intermediateCatchEvent id="W2" name="Chờ thuế">{HEARS}</bpmn:intermediateCatchEvent>'


def test_what_comes_first_of_several_is_drawn_with_its_waits():
    one = taken(with_parts(*first(WAIT, HEAR), led="Cho"))

    assert {node.id: node.kind for node in one.process.nodes}["Cho"] == "event_gateway"
    assert [step.name for step in one.table.steps][3:] == ["Chờ 2 ngày", "Chờ thuế", "Trả kết quả"]
    assert prove_soundness(one.process).sound
    kept_whole(one)


@pytest.mark.parametrize(("inner", "trigger"), [
    (LASTS, Trigger("timer", "duration", "P2D", "working_day")),
    (FAILS, Trigger("error", name="Mất mẫu")),
], ids=["time", "error"])  # fmt: skip
def test_an_event_stands_on_the_edge_of_a_group(inner, trigger):
    edge = f'<bpmn:boundaryEvent id="Vien" name="Xen" attachedToRef="Nhom">{inner}</bpmn:boundaryEvent>'
    one = taken(with_parts(group(), edge, flow("F1", "Nhom", "b4"), flow("F2", "Vien", "b4")))
    node = next(node for node in one.process.nodes if node.id == "Vien")

    assert (node.attached_to, node.trigger) == ("Nhom", trigger)
    kept_whole(one)


BARE = INNER.replace("<bpmn:startEvent", "<bpmn:manualTask").replace(
    'id="Dau"', 'id="Dau" name="Đầu"'
)
WRONG = {
    "Nhóm bước “Thực địa” phải có đúng một điểm bắt đầu, chưa có điểm nào.": (
        "Nhom", (group(BARE), flow("F1", "Nhom", "b4"))),
    "Nhóm bước “chưa đặt tên” chưa có điểm kết thúc.": (
        "Nhom", (group(INNER.replace('<bpmn:endEvent id="Cuoi"/>', ""), flow("G1", "Dau", "Trong"),
                       name=""), flow("F1", "Nhom", "b4"))),
    "Đường nối từ “Khảo sát” đến “Trả kết quả” đi qua viền của một nhóm bước; hãy nối vào hoặc ra "
    "khỏi chính nhóm ấy.": (
        "G3", (group(INNER, flow("G1", "Dau", "Trong"), flow("G2", "Trong", "Cuoi"),
                     flow("G3", "Trong", "b4")), flow("F1", "Nhom", "b4"))),
    "Sau điểm rẽ nhánh theo sự kiện “chưa đặt tên” phải có từ hai nhánh, mỗi nhánh đi thẳng tới một sự "
    "kiện chờ, không kèm điều kiện.": ("Cho", first(WAIT)),
    "Hãy ghi tên trở ngại của điểm kết thúc vì trở ngại chưa đặt tên ở ô bên phải, tối đa 120 chữ, "
    "không có ngoặc kép.": (
        "Ra", (group(INNER.replace('<bpmn:endEvent id="Cuoi"/>',
                                   '<bpmn:endEvent id="Cuoi"/><bpmn:endEvent id="Ra">'
                                   '<bpmn:errorEventDefinition/></bpmn:endEvent>'),
                     flow("G1", "Dau", "Trong"), flow("G2", "Trong", "Cuoi"),
                     flow("G4", "Trong", "Ra")), flow("F1", "Nhom", "b4"))),
    "Hãy ghi tên thông điệp của điểm kết thúc chưa đặt tên ở ô bên phải, tối đa 120 chữ, không có "
    "ngoặc kép; hai hệ thống gọi nó bằng cùng tên ấy.": (
        "Ra", ('<bpmn:endEvent id="Ra"><bpmn:messageEventDefinition/></bpmn:endEvent>',
               group(), flow("F1", "Nhom", "Ra"))),
}  # fmt: skip


@pytest.mark.parametrize("said", WRONG)
def test_what_cannot_run_is_refused_at_its_element_without_a_code(said):
    where, parts = WRONG[said]
    led = "Cho" if where == "Cho" else "Nhom"
    answer = refused(with_parts(*parts, led=led))

    assert (answer.message, answer.field) == (said, where)
