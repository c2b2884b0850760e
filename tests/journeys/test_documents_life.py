"""A document's whole life by its pages: written, checked, approved, amended, withdrawn."""

from datetime import datetime
from typing import Any

import pypdfium2
import pytest
import time_machine

from nep.apps.documents import jobs
from nep.apps.documents.tests.life_scene import sheet
from nep.foundation.outbox.worker import drain
from nep.kernel.vietnamese import VN
from tests import visitor, world
from tests.standing import kept

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=VN)
AUTHOR, CHECKER, APPROVER, SECRETARY = "stp.bttp1", "stp.tpbttp", "stp.giamdoc", "stp.thukyiso"
READER, STRANGER = "stp.motcua", "sn.thukyiso"
TITLE = "Hướng dẫn tiếp nhận hồ sơ công chứng"


class Visitor(visitor.Visitor):
    """A visitor who insists on what is said, and goes on."""

    def reads(self, *words: str) -> "Visitor":
        """Fail unless the page says all of these."""
        missing = [one for one in words if one not in self.text]
        assert not missing, (self.path, missing, self.text[:1500])
        return self


@pytest.fixture
def clock():
    """A clock that stands still until a test moves it."""
    with time_machine.travel(MONDAY, tick=False) as traveller:
        yield traveller


def build_department() -> dict[str, Any]:
    """Build the demonstration's department without documents."""
    agency = world.agency_facts(world.DEPARTMENT)
    with time_machine.travel(MONDAY, tick=False):
        world.build(agency, procedures=False)
    return agency


def at_document(login: str) -> Visitor:
    """Return a person before the document, found in the library."""
    visitor = Visitor().sign_in(login).visit("/tai-lieu/?q=HD-01")
    return visitor.follow(TITLE)


def approved(visitor: Visitor, **typed) -> Visitor:
    """Approve what waits, from the document's page."""
    visitor.follow("Xem và phê duyệt").reads("Đúng tệp này", "chưa phải chữ ký số")
    return visitor.press("Phê duyệt và ban hành", {"Số quyết định": "12/QĐ-STP", **typed})


def printed(visitor: Visitor, path: str) -> str:
    """Return what stands on the first page of a PDF that the person opens."""
    made = pypdfium2.PdfDocument(visitor.download(path).content)
    return made[0].get_textpage().get_text_bounded()


def build_in_force(department: dict[str, Any]) -> dict[str, Any]:
    """Write the first version and bring it into force by three people."""
    with time_machine.travel(MONDAY, tick=False):
        _bring_into_force()
    return department


def _bring_into_force() -> None:
    author = Visitor().sign_in(AUTHOR).visit("/tai-lieu/moi/")
    author.press("Mở bản thảo", {
        "Tên tài liệu": TITLE, "Mã hiệu": "HD-01", "Loại": "Hướng dẫn",
        "Tệp": ("huong-dan.pdf", sheet("lan 01")),
    })  # fmt: skip
    author.reads("Đang soạn lần 01").follow("Trình kiểm tra").reads("huong-dan.pdf")
    author.press("Trình kiểm tra", {
        "Người kiểm tra": "Đặng Văn Toàn, Trưởng phòng",
        "Người phê duyệt": "Đinh Quang Thạch, Giám đốc",
    })  # fmt: skip
    author.reads("Đang chờ Đặng Văn Toàn kiểm tra")
    checker = Visitor().sign_in(CHECKER).visit("/viec/").follow("Kiểm tra HD-01 lần 01")
    checker.press("Kiểm tra xong")
    approver = at_document(APPROVER).reads("Chờ bạn phê duyệt")
    approved(approver).reads("Đã ban hành, có hiệu lực từ hôm nay", "Đang hiệu lực")
    drain(now=datetime.now(VN))


kept_in_force = kept(build_in_force, on=build_department)


@pytest.fixture
def in_force(kept_in_force, clock):
    """The department with the first version in force."""
    return kept_in_force


def test_from_writing_to_force_to_a_new_version_that_retires_the_old_one(in_force, clock):
    at_document(SECRETARY).press("Thêm vào danh sách", {"Nơi nhận": "Toàn cơ quan"})
    drain(now=datetime.now(VN))
    reader = Visitor().sign_in(READER).visit("/viec/").follow(f"Đọc {TITLE}")
    reader.reads("Lần 01 đang có hiệu lực", "Bạn chưa xác nhận đã đọc")
    reader.press("Tôi đã đọc và hiểu").reads("Đã ghi nhận bạn đọc và hiểu HD-01 lần 01")
    assert "BẢN KIỂM SOÁT" in printed(reader, reader.links(r"/in/$")[0])
    first = reader.path

    author = at_document(AUTHOR).follow("Soạn lần sửa đổi mới")
    author.press("Mở bản thảo", {"Lý do và nội dung": "Thêm bước đối chiếu bản chính"})
    author.press("Thay tệp", {"Tệp": ("huong-dan-2.pdf", sheet("lan 01 sua doi 01"))})
    author.follow("Trình kiểm tra").press("Trình kiểm tra", {
        "Người kiểm tra": "Đặng Văn Toàn, Trưởng phòng",
        "Người phê duyệt": "Đinh Quang Thạch, Giám đốc",
    })  # fmt: skip
    checker = at_document(CHECKER).follow("Trả lại")
    checker.press("Trả lại người soạn", {"Lý do": "Thiếu mục 5"}).reads("Đã trả lại người soạn")
    author = Visitor().sign_in(AUTHOR).visit("/viec/").follow("Sửa HD-01 lần 01, sửa đổi 01")
    author.reads("bị trả lại để sửa", "Thiếu mục 5").follow("Trình kiểm tra")
    author.reads("Tuyến duyệt của bản này").press("Trình kiểm tra")
    at_document(CHECKER).follow("Xem và kiểm tra").press("Kiểm tra xong")
    approved(at_document(APPROVER), **{"Ngày hiệu lực": "20/11/2026"})
    at_document(READER).reads("Lần 01, từ 16/11/2026".lower(), "có hiệu lực từ 20/11/2026")

    clock.move_to(datetime(2026, 11, 23, 8, 0, tzinfo=VN))  # a weekend of missed nights
    jobs.take_effect(datetime.now(VN))
    drain(now=datetime.now(VN))
    reader = at_document(READER).reads("Lần 01, sửa đổi 01 đang có hiệu lực", "từ 20/11/2026")
    assert reader.path.partition("?")[0] == first.partition("?")[0]
    reader.follow("Lần 01").reads(
        "Bản này không còn dùng để làm việc", "Hết hiệu lực từ 20/11/2026"
    )
    reader.reads("Đặng Văn Toàn, Trưởng phòng", "12/QĐ-STP").follow("huong-dan.pdf")
    reader.reads("đã hết hiệu lực", "Xem bản đang hiệu lực")
    old = reader.path.partition("?")[0]
    assert "HẾT HIỆU LỰC" in printed(reader, reader.links(r"/pdf/$")[0])
    reader.visit(f"{old}tep-goc/", expect=403)  # the untouched old file is nobody's to use
    library = Visitor().sign_in(READER).visit("/tai-lieu/").reads("sửa đổi 01")
    assert old not in library.links(r"/toan-van/") + library.links(r"/tai-lieu/\d+/")
    Visitor().sign_in(READER).visit("/viec/").reads(f"Đọc {TITLE}")
    log = at_document(CHECKER)
    log.reads("Nhật ký truy cập", "Mở xem", "Tải xuống", "In")


def test_a_request_leads_to_the_withdrawal_of_a_document(in_force):
    reader = at_document(READER).follow("Đề nghị sửa đổi").press("Gửi đề nghị", {
        "Bạn đề nghị": "Thu hồi tài liệu", "Lý do": "Thông tư mới đã bãi bỏ hướng dẫn này",
    })  # fmt: skip
    request = reader.reads("Thu hồi tài liệu: chờ quyết định").path
    secretary = Visitor().sign_in(SECRETARY).visit("/viec/").follow("Quyết định đề nghị")
    secretary.press("Chấp nhận đề nghị")
    approver = Visitor().sign_in(APPROVER).visit(request).follow("Thu hồi tài liệu")
    approver.press("Thu hồi tài liệu", {
        "Số quyết định": "30/QĐ-STP", "Lý do thu hồi": "Thông tư mới bãi bỏ",
    })  # fmt: skip
    approver.reads("Tài liệu đã thu hồi")
    reader.visit(request).reads("đã thực hiện")
    assert TITLE not in Visitor().sign_in(READER).visit("/tai-lieu/").text


def test_nobody_of_another_agency_sees_any_of_it(in_force):
    page = at_document(READER).path.partition("?")[0]
    world.build(world.agency_facts(world.WARD), procedures=False)

    stranger = Visitor().sign_in(STRANGER)
    stranger.visit(page, expect=404)
    stranger.visit(f"{page}soan-lai/", expect=404)
