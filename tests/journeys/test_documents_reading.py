"""A document in everybody's hands: read, asked, answered, reminded, filled in, reviewed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from nep.demonstration.reading import build_reading
from nep.foundation.outbox.worker import drain
from tests import world
from tests.standing import kept
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db
SECRETARY, SPECIALIST, OTHER = "stp.thukyiso", "stp.bttp1", "stp.pbpl1"
STRANGER = "sn.thukyiso"


def build_department() -> dict[str, Any]:
    """The demonstration's department with its policy, objectives and form, since yesterday."""
    now = datetime.now(UTC) - timedelta(days=1)
    agency = world.agency_facts(world.DEPARTMENT)
    agency_id = world.build(agency, procedures=False)
    build_reading(agency, agency_id=agency_id, now=now)
    drain(now=datetime.now(UTC))
    return agency


department = kept(build_department)


def document(visitor: Visitor, code: str) -> str:
    """Return the address of a document, found in the library by its code."""
    visitor.visit(f"/tai-lieu/?q={code}")
    row = visitor.page.xpath("//tr[contains(., $code)]", code=code)[0]
    (link, *_) = row.xpath(".//a[contains(@href, '/tai-lieu/')]/@href")
    return link.partition("?")[0]


def test_a_specialist_reads_answers_wrongly_reads_again_and_confirms(department):
    lan = Visitor().sign_in(SPECIALIST).visit("/viec/")
    lan.sees("Đọc Chính sách chất lượng phục vụ", "Cần đọc")
    lan.follow("Đọc Chính sách chất lượng phục vụ").sees("Bạn chưa xác nhận đã đọc")
    policy = lan.path
    lan.follow("Trả lời và xác nhận đã đọc").press(
        "Tôi đã đọc và hiểu", {"Hồ sơ trả chậm": "Trả lại hồ sơ"}, expect=422
    )
    lan.sees("Còn câu trả lời chưa đúng", "Hãy đọc lại nội dung này")
    lan.press("Tôi đã đọc và hiểu", {"Hồ sơ trả chậm": "Báo trước và xin lỗi người dân"})
    lan.sees("Đã ghi nhận bạn đọc và hiểu CSPV-01", "Bạn đã đọc và hiểu bản này")
    lan.visit("/viec/")
    assert "Đọc Chính sách chất lượng phục vụ" not in lan.text

    secretary = Visitor().sign_in(SECRETARY).visit(policy)
    secretary.sees("1/12", "người đã xác nhận")
    secretary.follow("Xem ai chưa đọc").sees("11 người chưa xác nhận đã đọc", "Trần Thị Mai Lan")
    row = secretary.page.xpath("//tr[contains(., 'Trần Thị Mai Lan')]")[0].text_content()
    assert "Chưa" not in row
    assert secretary.download(secretary.links(r"nguoi-doc\.xlsx$")[0]).content[:2] == b"PK"


def test_the_missing_are_reminded_in_one_line_for_all_documents(department):
    secretary = Visitor().sign_in(SECRETARY)
    for code in ("CSPV-01", "MTCL"):
        secretary.visit(document(secretary, code)).press("Nhắc những người chưa đọc")
        secretary.sees("Đã nhắc", "Hôm nay đã nhắc những người chưa đọc")

    diep = Visitor().sign_in(OTHER).visit("/viec/thong-bao/")
    diep.sees("Bạn còn 2 tài liệu cần đọc và xác nhận")
    assert diep.text.count("tài liệu cần đọc và xác nhận") == 1


def test_a_form_is_filled_from_the_version_in_force_and_kept(department):
    lan = Visitor().sign_in(SPECIALIST)
    lan.visit(document(lan, "BMPV-01")).follow("Điền biểu mẫu").press("Lưu phiếu và tạo tệp Word", {
        "Đơn vị phát hiện": "Phòng Bổ trợ tư pháp", "Ngày phát hiện": "5/1/2026",
        "Mức độ": "Nặng", "Mô tả": "Thiếu chữ ký ở phiếu kiểm soát.",
    })  # fmt: skip
    lan.sees("Phiếu ghi nhận sự không phù hợp số 002/", "giữ nguyên, không sửa và không xóa")
    assert lan.download(lan.links(r"/tep/$")[0]).content[:2] == b"PK"

    stranger = Visitor()
    world.build(world.agency_facts(world.WARD), procedures=False)
    stranger.sign_in(STRANGER).visit(lan.path, expect=404)


def test_the_policy_is_public_and_the_rest_is_not(department):
    secretary = Visitor().sign_in(SECRETARY)
    policy, form = document(secretary, "CSPV-01"), document(secretary, "BMPV-01")
    citizen = Visitor().visit("/tra-cuu/tai-lieu/?q=chinh sach")
    citizen.sees("1 tài liệu công khai đang hiệu lực")
    citizen.follow("Chính sách chất lượng phục vụ").sees("Sở Tư pháp", "Mở bản PDF")
    pdf = citizen.download(citizen.links(r"tep\.pdf$")[0])
    assert pdf.content[:5] == b"%PDF-"
    citizen.visit(f"/tra-cuu{form}", expect=404)

    secretary.visit(policy).press("Rút khỏi cổng").sees("Đã rút tài liệu khỏi cổng")
    citizen.visit(f"/tra-cuu{policy}", expect=404)


def test_last_years_objectives_are_carried_forward_with_what_must_change(department):
    secretary = Visitor().sign_in(SECRETARY)
    year = datetime.now(UTC).year
    secretary.visit(document(secretary, f"MTCL-{year}")).follow(f"Chuyển sang năm {year + 1}")
    secretary.sees(f"3 chỗ còn nêu năm {year} phải sửa", f"30/6/{year + 1}")
    secretary.press("Mở bản thảo năm mới").sees(
        f"Đã mở bản thảo cho năm {year + 1}", f"Mục tiêu chất lượng năm {year + 1}"
    )
