"""The controlled paper as Word holds all that was read: written out and in again, nothing is lost."""

import io
from dataclasses import replace
from decimal import Decimal

import docx
import pytest

from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.edits import Edit, apply
from nep.apps.procedures.rules.grouping import NOT_GROUPED, regrouped
from nep.apps.procedures.rules.importing import Origin
from nep.apps.procedures.rules.other_rows import group_names
from nep.apps.procedures.rules.table import (
    END,
    Branch,
    Step,
    Table,
    Wiring,
    rewired,
    to_process,
)
from nep.apps.procedures.rules.ways import way_lines
from nep.apps.procedures.rules.wiring_lines import (
    NOT_READ,
    NOT_SAID,
    wiring_lines,
    with_wiring,
)
from nep.apps.procedures.rules.word import read_procedures
from nep.bpmn import Flow, Limit, Node, Process, parse_condition
from nep.bpmn.model import Instances, Trigger
from tests.word.measure import data_folder
from tests.word.round_trip import drafted, lost, written

FOLDER = data_folder()
SAMPLE = (
    "QT-12_1.009645", "QT-03_1.013814", "QD-1594-TTPVHCC-Ha-Noi", "QD-2904-UBND-Ha-Tinh",
    "QD-2811-UBND-Dong-Nai",
)  # fmt: skip


@pytest.mark.skipif(not FOLDER.is_dir(), reason="no test data; set NEP_TEST_DATA to its folder")
@pytest.mark.parametrize("name", SAMPLE)
def test_real_procedures_written_out_are_read_as_they_were(name):
    read = read_procedures((FOLDER / f"{name}.docx").read_bytes(), file=f"{name}.docx")

    told = {place: lost(read, place) for place in range(len(read.procedures))}

    assert told == {place: [] for place in told} and told


def test_ways_out_of_steps_are_written_in_the_table_and_read_back():
    steps = (
        Step("b1", "Tiếp nhận hồ sơ", limit=Limit(Decimal(4), "working_hour")),
        Step(
            "b2",
            "Thẩm định",
            limit=Limit(Decimal("2.5"), "working_day"),
            question="Hồ sơ đạt yêu cầu?",
            note="Kiểm tra thực địa nếu cần.",
            branches=(
                Branch("b2-n1", "b1", "Thiếu thành phần", supplement=True),
                Branch("b2-n2", "b1", "Làm lại", "lan < 2", bound=2),
                Branch("b2-n3", END, "Từ chối"),
            ),
        ),
        Step("b3", "Lấy ý kiến sở ngành", limit=Limit(Decimal(7), "calendar_day"), group="ss-b3"),
        Step("b4", "Khảo sát", limit=Limit(Decimal(3), "working_day"), group="ss-b3"),
        Step("b5", "Trả kết quả", untimed=True, after=END, default_name="Xong"),
    )
    told = tuple(step.with_fact("responsible", f"Phòng số {step.id[1:]}") for step in steps)
    draft = Draft(Table("qt-1", "Cấp phép", told), Decimal(15), "working_day")
    origin = Origin("1.009645", "Cấp giấy phép xây dựng nhà ở", "", "QT-01", "01", "00", (), "")

    _origin, again = drafted(read_procedures(written(origin, draft), file="x.docx"), 0)

    bare = tuple(step.with_fact("label", "").with_fact("time", "") for step in again.table.steps)
    assert bare == told
    assert (again.limit_amount, again.limit_unit) == (15, "working_day")


def wired_draft() -> Draft:
    """Return a draft whose gateways rows cannot say: threads of several steps, two ends, a loop."""
    responsible = {n: f"Phòng số {n}" for n in range(1, 7)}
    steps = tuple(
        Step(f"b{n}", name, limit=Limit(Decimal(n), "working_hour")).with_fact(
            "responsible", responsible[n]
        )
        for n, name in enumerate(
            ("Tiếp nhận hồ sơ", "Phân công", "Thẩm định nội dung", "Kiểm tra thực địa",
             "Lấy ý kiến", "Trả kết quả"), start=1,
        )
    )  # fmt: skip
    nodes = (
        Node("bd", "start", name="Bắt đầu"),
        Node("du", "exclusive", name="Hồ sơ đủ chưa?", default="f-du"),
        Node("tach", "parallel", name="Làm song song"),
        Node("gop", "parallel"),
        Node("chon", "inclusive", default="f-tra"),
        Node("kt", "end", name="Kết thúc"),
        Node("dung", "terminate", name="Từ chối “tiếp nhận”"),
    )
    flows = (
        Flow("f1", "bd", "b1"),
        Flow("f2", "b1", "du"),
        Flow("f-du", "du", "b2", name="Đủ"),
        Flow("f-tra-lai", "du", "b1", name="Thiếu: giấy tờ", supplement=True),
        Flow(
            "f-tu-choi", "du", "dung", name="Từ chối", condition='ket_qua in ("Trái luật", "Sai")'
        ),
        Flow("f3", "b2", "tach"),
        Flow("f4", "tach", "b3"),
        Flow("f5", "tach", "b5"),
        Flow("f6", "b3", "b4"),
        Flow("f7", "b4", "gop"),
        Flow("f8", "b5", "gop"),
        Flow("f9", "gop", "chon"),
        Flow("f-tra", "chon", "b6", name="Trả kết quả"),
        Flow("f-lai", "chon", "b3", name="Làm lại", condition="dien_tich > 500", bound=2),
        Flow("f10", "b6", "kt"),
    )
    table = rewired(Table("qt-1", "Cấp phép", steps, Wiring(nodes, flows)))
    return Draft(table, Decimal(15), "working_day")


ORIGIN = Origin("1.009645", "Cấp giấy phép xây dựng nhà ở", "", "QT-01", "01", "00", (), "")


def test_a_wiring_that_rows_cannot_say_is_written_and_read_back_as_the_same_graph():
    draft = wired_draft()

    _origin, again = drafted(read_procedures(written(ORIGIN, draft), file="x.docx"), 0)

    assert again.table.wiring is not None
    assert wiring_lines(again.table, {}) == wiring_lines(draft.table, {})
    assert [step.name for step in again.table.steps] == [step.name for step in draft.table.steps]
    assert shape(to_process(again.table)) == shape(to_process(draft.table))
    assert not any(step.note for step in again.table.steps)


def test_a_wiring_mistyped_in_word_is_told_in_its_row_and_never_lost():
    draft = wired_draft()
    lines = [list(wiring_lines(draft.table, {}).get(step.id, ())) for step in draft.table.steps]
    lines[0] = [line.replace("đến bước 2", "đến bước 77") for line in lines[0]]
    plain = replace(draft.table, wiring=None, steps=tuple(map(bare, draft.table.steps)))

    told = with_wiring(plain, lines)

    assert told.wiring is None
    said = "\n".join(step.note for step in told.steps)
    assert said.count(NOT_READ) == sum(map(len, lines))
    assert f"{NOT_READ}: Nối từ nút N2 đến bước 77, “Đủ”, mặc định" in said


def test_a_wiring_with_an_event_says_that_the_table_does_not_hold_it():
    table = wired_draft().table
    event = Node("cho", "catch", name="Chờ 5 ngày", trigger=Trigger("timer", "duration", "P5D"))
    whole = replace(table, wiring=replace(table.wiring, nodes=(*table.wiring.nodes, event)))

    assert wiring_lines(whole, {}) == {"b1": (NOT_SAID,)}


@pytest.mark.parametrize(
    ("asked", "said", "read"),
    [
        (
            Instances(over="hoi_b9", until="done >= 2"),
            "Hỏi nhiều nơi cùng lúc, nơi được hỏi chọn khi xong bước trước, "
            "đủ 2 ý kiến thì đi tiếp",
            Instances(over="hoi_b5", until="done >= 2"),
        ),
        (
            Instances(over="don_vi", sequential=True, until="done >= 2 and total > 3"),
            "Hỏi lần lượt từng nơi, nơi được hỏi ghi ở ô (don_vi), đến khi done >= 2 and total > 3",
            None,
        ),
        (Instances(count=3), "Hỏi nhiều nơi cùng lúc, 3 nơi", None),
    ],
)
def test_a_step_that_asks_several_says_whom_and_how_and_is_read_back(asked, said, read):
    draft = wired_draft()
    steps = tuple(
        replace(step, instances=asked) if step.id == "b5" else step for step in draft.table.steps
    )
    asking = replace(draft, table=replace(draft.table, steps=steps))

    assert f"→ {said}" in way_lines(asking.table, asking.table.steps[4], {})
    _origin, again = drafted(read_procedures(written(ORIGIN, asking), file="x.docx"), 0)

    assert again.table.step("b5").instances == (read or asked)
    assert not any(step.note for step in again.table.steps)
    assert again.table.wiring is not None


@pytest.mark.parametrize("is_wired", [False, True])
def test_groups_are_headings_over_their_rows_and_are_read_back(is_wired):
    draft = wired_draft()
    if not is_wired:
        rows = tuple(map(bare, draft.table.steps))
        draft = replace(draft, table=replace(draft.table, steps=rows, wiring=None))
    one = apply(draft, Edit("group_make", "b3", {"name": "Trường hợp khó: xét", "last": "b4"}))
    both = apply(one.draft, Edit("group_make", "b5", {"name": "Hỏi ý kiến", "last": "b5"}))
    table = both.draft.table

    texts = table_texts(written(ORIGIN, both.draft))
    assert [text for text in texts if "hóm bước" in text] == [
        "Nhóm bước “Trường hợp khó: xét”", "Nhóm bước “Hỏi ý kiến”", "Hết nhóm bước",
    ]  # fmt: skip
    _origin, again = drafted(read_procedures(written(ORIGIN, both.draft), file="x.docx"), 0)

    assert group_names(again.table) == group_names(table)
    assert [step.parent for step in again.table.steps] == [step.parent for step in table.steps]
    assert len(again.process.flows) == len(both.draft.process.flows)
    assert not any(step.note or step.fact("section") for step in again.table.steps)


def test_a_group_that_cannot_be_made_again_keeps_its_rows_and_says_so():
    rows = tuple(Step(f"b{n}", f"Việc {n}").with_fact("section", "Nhóm bước “X”") for n in (1, 2))
    away = replace(rows[0], branches=(Branch("n", "b4", "Gấp"),))

    read = regrouped(Table("qt", "", (away, rows[1], Step("b3", "Hết"), Step("b4", "Cuối"))))

    assert [step.name for step in read.steps] == ["Việc 1", "Việc 2", "Hết", "Cuối"]
    assert NOT_GROUPED in read.steps[0].note


def table_texts(data: bytes) -> list[str]:
    rows = [row for one in docx.Document(io.BytesIO(data)).tables for row in one.rows]
    return [row.cells[0].text for row in rows]


def bare(step: Step) -> Step:
    return replace(step, branches=(), after="", question="", default_name=Step("", "").default_name)


def shape(process: Process) -> set[tuple]:
    """Return the ways of a graph by the names of their ends, gateways by what leads to them."""
    kinds = {node.id: (node.kind, node.name) for node in process.nodes}
    defaults = {node.default for node in process.nodes}
    return {
        (kinds[one.source], kinds[one.target], one.name, one.supplement, one.bound,
         one.id in defaults, parse_condition(one.condition) if one.condition else None)
        for one in process.flows
    }  # fmt: skip
