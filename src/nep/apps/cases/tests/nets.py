"""Procedures that wait, ask, send and call, in force in the small department."""

from dataclasses import replace

from nep.apps.cases.tests.scene import HOURS, PERMIT, Office, limit, with_procedure
from nep.apps.organization.tests.scene import Scene
from nep.apps.procedures.models import Definition
from nep.apps.procedures.rules.draft import graph_text, hash_of
from nep.bpmn import Called, Flow, Instances, Limit, Node, Process, Trigger

TAKE_IN = Node("b1", "task", "Tiếp nhận hồ sơ", "MC/reception", limit(4))
SIGN = Node("b9", "task", "Ký văn bản", "LD/leader", limit(4))
START, END = Node("bat-dau", "start", "Bắt đầu"), Node("ket-thuc", "end", "Kết thúc")


def task(name: str, title: str, role: str, hours: int | None = 8, **more) -> Node:
    span: Limit | None = limit(hours, HOURS) if hours else None
    return Node(name, "task", title, role, span, untimed=span is None, **more)


def net(*nodes: Node, flows: str, name: str = "qt-thu") -> Process:
    """Return a process of these nodes; `flows` reads "a b, b c": from, to."""
    pairs = [pair.split() for pair in flows.split(",")]
    return Process(
        name, "Quy trình thử",
        (START, *nodes, END),
        tuple(Flow(f"f{place}", one, two) for place, (one, two) in enumerate(pairs, start=1)),
    )  # fmt: skip


def in_force(scene: Scene, process: Process, *, code: str = "1.000900", **more) -> Office:
    """Bring a graph into force as the version of a procedure of the department."""
    made = with_procedure(scene, table=PERMIT, code=code, **more)
    row = Definition.objects.get(revision_id=made.revision_id)
    row.graph = graph_text(process)
    row.content_hash = hash_of(
        process=process, limit_amount=row.limit_amount, limit_unit=row.limit_unit,
        pause_policy=row.pause_policy,
    )  # fmt: skip
    row.save(update_fields=["graph", "content_hash"])
    return replace(made)


def pinned(office: Office) -> str:
    return Definition.objects.get(revision_id=office.revision_id).content_hash


def timer(form: str, value: str, unit: str = "") -> Trigger:
    return Trigger("timer", form, value, unit)


def message(name: str) -> Trigger:
    return Trigger("message", name=name)


WAITING = net(
    TAKE_IN,
    Node("cho", "catch", "Niêm yết công khai", trigger=timer("duration", "P3D", "working_day")),
    task("b2", "Tổng hợp ý kiến", "PKH/unit_head"),
    SIGN,
    flows="bat-dau b1, b1 cho, cho b2, b2 b9, b9 ket-thuc",
)
RACE = net(
    TAKE_IN,
    Node("chon", "event_gateway", "Chờ trả lời hoặc hết hạn"),
    Node("tl", "catch", "Có trả lời", trigger=message("ket-qua-tham-tra")),
    Node("het", "catch", "Hết hạn trả lời", trigger=timer("date", "han_cho")),
    task("b2", "Xử lý trả lời", "PKH/unit_head"),
    task("b3", "Nhắc cơ quan kia", "PKH/unit_head"),
    flows="bat-dau b1, b1 chon, chon tl, chon het, tl b2, het b3, b2 ket-thuc, b3 ket-thuc",
)
GUARDED = net(
    TAKE_IN,
    task("b2", "Thẩm định thực địa", "PKH/unit_head", 16),
    Node("nhac", "boundary", "Nhắc mỗi ngày", attached_to="b2", cancels=False,
         trigger=timer("cycle", "R2/PT4H", "working_hour")),
    Node("loi", "boundary", "Không vào được hiện trường", attached_to="b2",
         trigger=Trigger("error", name="KHONG_VAO_DUOC")),
    task("b3", "Nhận lời nhắc", "MC/reception", None),
    task("b4", "Lập biên bản", "PKH/unit_head"),
    SIGN,
    flows="bat-dau b1, b1 b2, b2 b9, nhac b3, b3 ket-thuc, loi b4, b4 b9, b9 ket-thuc",
)  # fmt: skip
ASKING = net(
    TAKE_IN,
    task("b2", "Cho ý kiến", "PKH/specialist", 16, instances=Instances(over="noi_hoi")),
    SIGN,
    flows="bat-dau b1, b1 b2, b2 b9, b9 ket-thuc",
)
ASKING_THEN_WAITING = net(
    TAKE_IN,
    task("b2", "Cho ý kiến", "PKH/specialist", 16, instances=Instances(over="noi_hoi")),
    Node("cho", "catch", "Chờ phản hồi cuối", trigger=timer("duration", "P1D", "working_day")),
    SIGN,
    flows="bat-dau b1, b1 b2, b2 cho, cho b9, b9 ket-thuc",
)
ASKING_IN_TURN = net(
    TAKE_IN,
    task("b2", "Cho ý kiến", "PKH/specialist", 16,
         instances=Instances(over="noi_hoi", sequential=True, until="done >= 2")),
    SIGN,
    flows="bat-dau b1, b1 b2, b2 b9, b9 ket-thuc",
)  # fmt: skip
ASKING_UNTIL_ONE = net(
    TAKE_IN,
    task("b2", "Cho ý kiến", "PKH/specialist", 16,
         instances=Instances(over="noi_hoi", until="done >= 1")),
    Node("cho", "catch", "Chờ phản hồi cuối", trigger=timer("duration", "P1D", "working_day")),
    SIGN,
    flows="bat-dau b1, b1 b2, b2 cho, cho b9, b9 ket-thuc",
)  # fmt: skip
ASKING_FURTHER = net(
    TAKE_IN,
    task("b2", "Cho ý kiến", "PKH/specialist", 16, instances=Instances(over="noi_hoi")),
    Node("re", "exclusive", "Đã đủ ý kiến chưa", default="f-du"),
    task("b3", "Cho ý kiến thêm", "PKH/unit_head", 16, instances=Instances(over="hoi_them")),
    SIGN,
    flows="bat-dau b1, b1 b2, b2 re, b3 b9, b9 ket-thuc",
)
ASKING_FURTHER = replace(
    ASKING_FURTHER,
    flows=(
        *ASKING_FURTHER.flows, Flow("f-du", "re", "b9", "Đủ"), Flow("f-hoi", "re", "b3", "Hỏi thêm")
    ),
)  # fmt: skip
CATCHING_ALL = net(
    TAKE_IN,
    task("b2", "Thẩm định thực địa", "PKH/unit_head", 16),
    Node("loi", "boundary", "Không làm được", attached_to="b2", trigger=Trigger("error")),
    task("b4", "Lập biên bản", "PKH/unit_head"),
    SIGN,
    flows="bat-dau b1, b1 b2, b2 b9, loi b4, b4 b9, b9 ket-thuc",
)
FAILING = net(
    TAKE_IN,
    Node("con", "subprocess", "Kiểm tra hiện trường"),
    Node("vao", "start", "Bắt đầu kiểm tra", parent="con"),
    task("b2", "Khảo sát", "PKH/unit_head", parent="con"),
    Node("re", "exclusive", "Đạt không", parent="con", default="fx"),
    Node(
        "hong", "error_end", "Không đạt", parent="con", trigger=Trigger("error", name="KHONG_DAT")
    ),
    Node("ra", "end", "Đạt", parent="con"),
    flows="bat-dau b1, b1 con, con ket-thuc, vao b2, b2 re",
)
FAILING = replace(
    FAILING,
    flows=(*FAILING.flows, Flow("fx", "re", "ra", "Đạt"), Flow("fy", "re", "hong", "Không đạt")),
)


def calling(content_hash: str) -> Process:
    """Return a process that calls a version, with a time limit and a way for what fails."""
    made = net(
        TAKE_IN,
        Node("goi", "call", "Thẩm định giá", called=Called("qt-con", content_hash)),
        Node("qua", "boundary", "Quá 10 ngày", attached_to="goi",
             trigger=timer("duration", "P10D", "working_day")),
        task("b3", "Báo cáo chậm", "PKH/unit_head"),
        Node("re", "exclusive", "Giá được duyệt không", default="f-duyet"),
        task("b4", "Làm lại phương án", "PKH/unit_head"),
        SIGN,
        flows="bat-dau b1, b1 goi, goi re, qua b3, b3 b9, b4 b9, b9 ket-thuc",
        name="qt-goi",
    )  # fmt: skip
    ways = (
        Flow("f-duyet", "re", "b9", "Được duyệt"),
        Flow("f-lai", "re", "b4", "Phải làm lại", condition="gia_duyet = 'Không'"),
    )
    return replace(made, flows=(*made.flows, *ways))


SENDING = net(
    TAKE_IN,
    Node("gui", "send", "Chuyển phòng kế hoạch", trigger=message("de-nghi-tham-tra")),
    Node("doi", "receive", "Chờ kết quả thẩm tra", trigger=message("ket-qua-tham-tra")),
    SIGN,
    flows="bat-dau b1, b1 gui, gui doi, doi b9, b9 ket-thuc",
    name="qt-gui",
)
_BEGUN = net(
    task("d1", "Thẩm tra", "PKH/unit_head"),
    Node("tra", "throw", "Trả kết quả thẩm tra", trigger=message("ket-qua-tham-tra")),
    flows="bat-dau d1, d1 tra, tra ket-thuc",
    name="qt-tham-tra",
)
BEGUN = replace(
    _BEGUN,
    nodes=tuple(
        replace(node, trigger=message("de-nghi-tham-tra")) if node.kind == "start" else node
        for node in _BEGUN.nodes
    ),
)
