"""PDF with a text layer are read like Word files; scans and forms of old software are refused."""

from datetime import UTC, datetime

import pytest

from nep.apps.procedures.rules.word import read_flow, read_pages, read_procedures
from nep.foundation.printing.controlled import controlled_pdf
from nep.foundation.printing.texts import page_marks
from tests.word.measure import data_folder
from tests.word.round_trip import drafted, printed

FOLDER = data_folder()
FLOWS = FOLDER.parent / "mo_hinh" / "yenbai_mot_cua"
NOON = datetime(2026, 2, 5, 5, tzinfo=UTC)
SAMPLE = ("QT-12_1.009645", "QD-1594-TTPVHCC-Ha-Noi", "QT-03_1.013814")


@pytest.mark.skipif(not FOLDER.is_dir(), reason="no test data; set NEP_TEST_DATA to its folder")
@pytest.mark.parametrize("name", SAMPLE)
def test_the_printed_paper_is_read_from_its_pdf_with_every_step(name):
    read = read_procedures((FOLDER / f"{name}.docx").read_bytes(), file=f"{name}.docx")
    origin, draft = drafted(read, 0)

    pages = page_marks(controlled_pdf(printed(origin, draft), made_at=NOON))
    again = read_pages(pages, file=f"{name}.pdf")

    _origin, found = drafted(again, 0)
    assert [told(step) for step in found.table.steps] == [told(step) for step in draft.table.steps]
    assert found.limit_amount == draft.limit_amount
    assert again.procedures[0].tthc_code == origin.tthc_code or None
    assert again.document.code == (origin.document_code or "QT-01")


def told(step):
    """Return what has to be read alike of a step, line breaks apart."""
    role = " ".join(step.fact("responsible").split())
    return " ".join(step.name.split())[:60].casefold(), role, step.limit, step.untimed


def test_a_table_cut_by_the_page_is_one_table_and_a_cut_row_one_row():
    rules = [[50, y, 500, y] for y in (100, 120, 160)] + [
        [x, 100, x, 160] for x in (50, 90, 300, 420, 500)
    ]
    head = words(105, "TT", "Trình tự", "Trách nhiệm", "Thời gian")
    first = {
        "width": 595, "height": 842, "rules": rules,
        "words": [*head, *words(125, "B1", "Thẩm định hồ sơ,", "Chuyên viên Phòng", "02 ngày")],
    }  # fmt: skip
    more = [[50, 180, 500, 180], *([x, 160, x, 180] for x in (50, 90, 300, 420, 500))]
    second = {
        "width": 595, "height": 842, "rules": rules + more,
        "words": [
            *head, *words(125, "", "lập báo cáo", "Kế hoạch", ""),
            *words(165, "B2", "Ký duyệt", "Lãnh đạo Sở", "04 giờ"),
            *words(300, "Hồ", "sơ được lưu tại Phòng chuyên môn", "trong năm năm", "theo quy định"),
            *words(320, "Hết", "hạn thì nộp vào lưu trữ cơ quan", "của Sở Tư pháp", "tỉnh Lam Sơn"),
        ],
    }  # fmt: skip

    read = read_pages([first, second], file="cat-trang.pdf")

    assert [(s.content, s.responsible, s.time_hours) for s in read.procedures[0].steps] == [
        ("Thẩm định hồ sơ, lập báo cáo", "Chuyên viên Phòng Kế hoạch", 16),
        ("Ký duyệt", "Lãnh đạo Sở", 4),
    ]


def words(top, *cells):
    """Return the words of a row of four cells at a height."""
    lefts = (52, 92, 302, 422)
    return [
        [left + 32 * at, top, left + 32 * at + 28, top + 10, word]
        for left, cell in zip(lefts, cells, strict=True)
        for at, word in enumerate(cell.split())
    ]


def test_a_scan_is_refused_with_what_to_do():
    page = {"width": 595, "height": 842, "rules": [], "words": [[50, 50, 60, 60, "3"]]}

    read = read_pages([page] * 4, file="quet.pdf")

    assert not read.accepted and read.reasons[0].code == "pdf_scanned"
    assert "bản quét" in read.reasons[0].message and "tệp Word" in read.reasons[0].message


FLOW = """<?xml version="1.0"?>
<process code="DT02" name="Cấp phép xây dựng" totaltime="20" version="1" fee="50.000">
 <step order="1" group="BP_MOT_CUA" name="Tiếp nhận" time="1">
  <task code="a" name="Tiếp nhận hồ sơ" time="0.5" next="b"/>
  <task code="b" name="Bàn giao hồ sơ" time="0.5" next="c"/></step>
 <step order="2" group="PHONG_QUAN_LY_DO_THI" name="Phòng QLĐT" time="16">
  <task code="c" name="Thụ lý" time="10" next="e"/>
  <task code="d" name="Xét duyệt" time="1" next="x"/></step>
 <step order="4" group="LANH_DAO_DON_VI" name="Ký duyệt" time="-1">
  <task code="e" name="Ký duyệt" time="-1" next="NULL"/></step>
</process>"""


def test_a_flow_of_the_former_software_is_read_and_its_traps_are_told():
    read = read_flow(b"\xef\xbb\xbf" + FLOW.encode(), file="DT02_workflow.xml")

    found = read.procedures[0]
    assert [(s.responsible, s.time_hours) for s in found.steps] == [
        ("Bộ phận Một cửa", 4), ("Bộ phận Một cửa", 4), ("Phòng Quản lý đô thị", 80),
        ("Phòng Quản lý đô thị", 8), ("Lãnh đạo đơn vị", None),
    ]  # fmt: skip
    told = {caution.code: caution.message for caution in read.warnings}
    assert told["total_mismatch"] == "Tổng ghi 20 ngày, các bước cộng lại 12 ngày."
    assert "16 ngày" in told["station_mismatch"] and "11 ngày" in told["station_mismatch"]
    assert {"time_negative", "way_unknown", "station_order", "unit_inferred"} <= told.keys()
    assert read.document.paper.text("fee") == "50.000 đồng"
    _origin, draft = drafted(read, 0)
    assert [step.after for step in draft.table.steps] == ["", "", "b5", "", ""]


@pytest.mark.skipif(not FLOWS.is_dir(), reason="no test data; set NEP_TEST_DATA to its folder")
def test_every_real_flow_is_read_and_every_form_of_them_refused():
    read = [read_flow(path.read_bytes(), file=path.name) for path in sorted(FLOWS.glob("*.xml"))]

    accepted = [one for one in read if one.accepted]
    assert len(accepted) == 74 and sum(len(one.procedures[0].steps) for one in accepted) == 590
    assert {one.reasons[0].code for one in read if not one.accepted} == {"flow_is_form"}
    codes = {caution.code for one in accepted for caution in one.warnings}
    assert {"total_mismatch", "total_unread", "fee_read", "fee_missing", "pause_told"} <= codes
