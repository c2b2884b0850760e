"""The library by its pages: paper documents come in, one is made, found, kept, and given out."""

import io
from datetime import datetime
from typing import Any

import pytest
import time_machine
from python_calamine import load_workbook

from nep.apps.documents.tests.importing import PDF, row, sheet, word, zipped
from nep.foundation.outbox.worker import drain
from nep.kernel.vietnamese import VN
from tests import world
from tests.standing import kept
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=VN)
SECRETARY, AUTHOR, READER, STRANGER = "stp.thukyiso", "stp.bttp1", "stp.motcua", "sn.thukyiso"
FILES = {
    "Danh mục tài liệu.xlsx": sheet(
        row("QT-05", "Kiểm soát sự không phù hợp", "QT-05.docx", unit="Văn phòng Sở"),
        row("BM-05.01", "Phiếu ghi nhận", "BM-05.01.pdf", parent="QT-05"),
        row("HC-01", "Nội quy tiếp công dân", "HC-01.docx", level="hạn chế", unit="Ban Giám đốc"),
        row("MAT-01", "Phương án bảo vệ", "MAT-01.docx", level="Mật"),
    ),
    "QT-05.docx": word("Kiểm soát sự không phù hợp"),
    "BM-05.01.pdf": PDF,
    "HC-01.docx": word("Nội quy"),
    "MAT-01.docx": word("Phương án"),
}


def build_department() -> dict[str, Any]:
    """Build the demonstration's department without documents, and its neighbour."""
    with time_machine.travel(MONDAY, tick=False):
        world.build(world.agency_facts(world.WARD), procedures=False)
        agency = world.agency_facts(world.DEPARTMENT)
        world.build(agency, procedures=False)
    return agency


kept_department = kept(build_department)


@pytest.fixture
def department(kept_department):
    """The department on that Monday."""
    with time_machine.travel(MONDAY, tick=False):
        yield kept_department


def brought_in() -> None:
    """Try the paper documents, read the report, bring them in."""
    secretary = Visitor().sign_in(SECRETARY).visit("/tai-lieu/")
    secretary.sees("Cơ quan chưa có tài liệu nào")
    secretary.follow("Nhập tài liệu có sẵn")
    secretary.press("Chạy thử, chưa ghi gì", {"Tệp ZIP": ("kho.zip", zipped(FILES))})
    drain(now=MONDAY)
    secretary.visit(secretary.path).sees("Chạy thử xong: 3 tài liệu sẽ vào, 1 bị từ chối")
    secretary.sees("MAT-01.docx", "bí mật nhà nước", "chưa ghi gì vào thư viện")
    secretary.press("Nhập vào thư viện")
    drain(now=MONDAY)
    secretary.visit(secretary.path).sees("Đã nhập 3 tài liệu, 1 bị từ chối")


def test_paper_documents_come_in_and_a_new_one_stands_beside_them(department):
    brought_in()
    reader = Visitor().sign_in(READER).visit("/tai-lieu/")
    assert reader.heading == "2 tài liệu đang hiệu lực"
    assert "HC-01" not in reader.text
    reader.visit("/tai-lieu/?q=phieu+ghi").sees("BM-05.01", "1 tài liệu khớp")
    reader.follow("Phiếu ghi nhận").sees("Phê duyệt trên giấy", "Lê Quang Vinh", "QT-05")

    author = Visitor().sign_in(AUTHOR).visit("/tai-lieu/").follow("Soạn tài liệu mới")
    author.press(
        "Mở bản thảo",
        {
            "Loại tài liệu": "Biểu mẫu",
            "Kèm theo tài liệu": "qt-05",
            "Tên tài liệu": "Sổ theo dõi hành động khắc phục",
            "Tiêu chuẩn, điều khoản": "ISO 9001:2015: 10.2",
            "Tệp bản thảo": ("so.docx", word("Sổ theo dõi")),
        },
    )
    author.sees("Đã mở bản thảo BM-05.02.", "Sổ theo dõi hành động khắc phục", "Dự thảo")
    author.visit("/tai-lieu/theo-dieu-khoan/").follow("Điều 10.2").sees("BM-05.02")
    author.press("Lưu bộ lọc", {"Lưu bộ lọc đang xem": "Điều 10.2"})
    author.visit("/tai-lieu/").sees("Điều 10.2")


def test_the_register_holds_what_its_reader_may_see(department):
    brought_in()
    listed = {}
    for login in (SECRETARY, READER, STRANGER):
        answer = Visitor().sign_in(login).download("/tai-lieu/danh-muc.xlsx")
        book = load_workbook(io.BytesIO(answer.content))
        listed[login] = [line[1] for line in book.get_sheet_by_index(0).to_python()[1:]]

    assert listed[SECRETARY] == ["BM-05.01", "HC-01", "QT-05"]
    assert listed[READER] == ["BM-05.01", "QT-05"]
    assert listed[STRANGER] == []
