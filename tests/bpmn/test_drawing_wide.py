"""Sub-processes, edge events and the signs of events: laid out, drawn, written as a diagram."""

import itertools

import pytest

from nep.bpmn import (
    Called,
    Flow,
    Instances,
    Lane,
    Node,
    Process,
    Trigger,
    layout,
    read_bpmn,
    read_places,
    render_svg,
    write_bpmn,
)
from nep.bpmn.drawing import path_marks
from nep.bpmn.lettering import text_width

FLOWS = (
    "s>b1 b1>b2 bt>nhac nhac>en be>ee b2>g g>c1 g>c2 c2>k c1>sp sp>ld spb>ld ld>call call>rc rc>th "
    "th>e is>i1 i1>ig ig>i2 ig>i1 i2>ie"
)
TIMER, PAID = Trigger("timer", "duration", "P5D"), Trigger("message", name="Đã nộp phí")
WRONG = Trigger("error", name="SAI_HO_SO")


def asking() -> Process:
    """Return a permit with opinions asked, a fee waited for and an inspection inside."""
    nodes = (
        Node("s", "start", "Hồ sơ nộp trên cổng", trigger=Trigger("message", name="Nộp hồ sơ")),
        Node("b1", "task", "Tiếp nhận hồ sơ", "mc"),
        Node("b2", "task", "Lấy ý kiến các đơn vị", "cm", instances=Instances("don_vi")),
        Node("bt", "boundary", "Quá 5 ngày", trigger=TIMER, attached_to="b2", cancels=False),
        Node("be", "boundary", "Hồ sơ sai", trigger=WRONG, attached_to="b2"),
        Node("nhac", "send", "Nhắc đơn vị", trigger=Trigger("message", name="Nhắc")),
        Node("en", "end"), Node("ee", "error_end", "Hồ sơ sai", trigger=WRONG),
        Node("g", "event_gateway", "Chờ nộp phí"), Node("c1", "catch", "Đã nộp phí", trigger=PAID),
        Node("c2", "catch", "Hết 10 ngày", trigger=TIMER),
        Node("sp", "subprocess", "Thẩm định thực địa"), Node("is", "start", parent="sp"),
        Node("i1", "task", "Lập đoàn kiểm tra", parent="sp"),
        Node("ig", "exclusive", "Đạt?", parent="sp"),
        Node("i2", "task", "Lập biên bản", parent="sp"), Node("ie", "end", parent="sp"),
        Node("spb", "boundary", "Quá hạn thẩm định", trigger=TIMER, attached_to="sp"),
        Node("ld", "task", "Lãnh đạo quyết định", "ld"),
        Node("call", "call", "Công bố trên cổng", called=Called("QT-02", "ab")),
        Node("rc", "receive", "Chờ xác nhận", trigger=PAID),
        Node("th", "throw", "Báo người dân", trigger=PAID), Node("e", "end", "Trả kết quả"),
        Node("k", "terminate", "Hủy"),
    )  # fmt: skip
    flows = [
        Flow(f"f{place}", *pair.split(">"), "Chưa đạt" if pair == "ig>i1" else "")
        for place, pair in enumerate(FLOWS.split())
    ]
    lanes = (
        Lane("l1", "Một cửa", "mc", ("s", "b1", "th", "e")),
        Lane("l2", "Chuyên môn", "cm", ("b2", "g", "c1", "c2", "sp", "nhac", "en")),
        Lane("l3", "Lãnh đạo", "ld", ("ld", "call", "rc")),
    )
    return Process("p", "Cấp phép", nodes, tuple(flows), lanes)


@pytest.fixture(scope="module")
def process():
    return asking()


def test_the_content_of_a_sub_process_stands_inside_its_frame_and_no_box_on_another(process):
    boxes = layout(process).boxes
    assert boxes.keys() == {node.id for node in process.nodes}
    frame = boxes["sp"]
    inner = {node.id for node in process.nodes if node.parent == "sp"}
    for name in inner:
        box = boxes[name]
        assert frame.x < box.x and box.right < frame.right
        assert frame.y + 24 < box.y and box.bottom < frame.bottom
    edges = {node.id for node in process.nodes if node.kind == "boundary"}
    for group in (inner, boxes.keys() - inner - edges):
        names = sorted(group)
        for place, one in enumerate(names):
            for other in names[place + 1 :]:
                a, b = boxes[one], boxes[other]
                apart = a.right <= b.x or b.right <= a.x or a.bottom <= b.y or b.bottom <= a.y
                assert apart, (one, other)


def test_events_stand_on_the_lower_edge_of_their_step_and_their_ways_begin_there(process):
    plan = layout(process)
    for node in process.nodes:
        if node.kind == "boundary":
            box, host = plan.boxes[node.id], plan.boxes[node.attached_to]
            assert (
                box.level == pytest.approx(host.bottom)
                and host.x <= box.x
                and box.right <= host.right
            )
            flow = next(flow for flow in process.flows if flow.source == node.id)
            assert plan.waypoints[flow.id][0] == (box.middle, box.bottom)
    assert plan.boxes["bt"].x > plan.boxes["be"].right


def test_words_beside_edge_events_lie_on_no_line(process):
    plan = layout(process)
    for name in ("bt", "be", "spb"):
        box, host = plan.boxes[name], plan.boxes[next(
            node.attached_to for node in process.nodes if node.id == name
        )]  # fmt: skip
        wide = max(text_width(line, 12) for line in box.lines)
        left = box.right + 4 if box.middle > host.middle else box.x - 4 - wide
        top, foot = host.bottom + 3, host.bottom + 4 + 14 * len(box.lines)
        for flow, points in plan.waypoints.items():
            for (x0, y0), (x1, y1) in itertools.pairwise(points):
                beside = max(x0, x1) < left or min(x0, x1) > left + wide
                assert beside or max(y0, y1) < top or min(y0, y1) > foot, (name, flow)


def test_each_construct_is_told_by_its_sign(process):
    drawn = render_svg(process, tokens={"b2": "Đang xin ý kiến"})
    shapes = {
        name: drawn.partition(f'data-node="{name}">')[2].partition('<g class="bp-')[0:3]
        for name in ("s", "b2", "g", "call", "rc")
    }
    assert drawn.count("data-node=") == len(process.nodes)
    assert all(shapes.values())
    assert drawn.count("bp-ring") == sum(
        n.kind in ("catch", "throw", "boundary") for n in process.nodes
    )
    assert drawn.count("bp-event--side") == 1 and drawn.count('class="bp-frame"') == 1
    assert drawn.index('class="bp-frame"') < drawn.index('data-node="i1"')
    assert drawn.count("bp-ico--full") == 3  # what is sent or raised: nhac, ee, th
    assert "Đang xin ý kiến" in drawn and "bp-task--call" in drawn


def test_a_path_to_a_failure_is_marked_on_nodes_and_lines(process):
    marks = path_marks(process, ["s", "b1", "b2", "g", "c2", "k"])
    ends = {flow.id: f"{flow.source}>{flow.target}" for flow in process.flows}
    assert {ends[name] for name in marks if name in ends} == {
        "s>b1", "b1>b2", "b2>g", "g>c2", "c2>k",
    }  # fmt: skip
    drawn = render_svg(process, marks=marks)
    assert drawn.count("bp-flow bp-path") == 5 and "trên đường lỗi" in drawn


def test_the_written_diagram_shows_frames_open_and_events_on_the_edge(process):
    written = write_bpmn(process)
    assert read_bpmn(written).process == process
    assert b'bpmnElement="sp" isExpanded="true"' in written
    places = read_places(written)
    boxes = layout(process).boxes
    assert places.keys() >= {node.id for node in process.nodes}
    assert places["bt"] == pytest.approx((boxes["bt"].middle, boxes["bt"].level), abs=0.2)


def test_lost_and_turning_parents_are_drawn_at_the_top():
    nodes = (
        Node("a", "subprocess", parent="b"), Node("b", "subprocess", parent="a"),
        Node("c", "task", parent="mất"), Node("d", "boundary", attached_to="mất", trigger=TIMER),
    )  # fmt: skip
    broken = Process("p", "", nodes, (Flow("f", "a", "c"), Flow("g", "c", "d")))
    assert layout(broken).boxes.keys() == {"a", "b", "c", "d"}
    assert render_svg(broken).count("data-node=") == 4
    assert read_bpmn(write_bpmn(broken)).process is not None
