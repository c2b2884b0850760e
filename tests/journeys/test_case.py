"""A case from the counter to its result: the slip, the figures and the public page agree."""

import io
import re
from datetime import datetime, timedelta
from typing import Any

import docx
import pypdfium2
import pytest
import time_machine

from nep.kernel.vietnamese import VN
from tests import world
from tests.standing import kept
from tests.visitor import Visitor, plain

pytestmark = pytest.mark.django_db
TUESDAY = datetime(2026, 11, 17, 9, 0, tzinfo=VN)
MARRIAGE = "Thủ tục cấp Giấy xác nhận tình trạng hôn nhân"
RECEPTION, SPECIALIST, OTHER, LEADER = "sn.motcua", "sn.hotich1", "sn.hotich2", "sn.chutich"


@pytest.fixture
def clock():
    """A clock that stands still until a test moves it."""
    with time_machine.travel(TUESDAY, tick=False) as traveller:
        yield traveller


def build_ward() -> dict[str, Any]:
    """Build the demonstration's ward with its procedures in force."""
    agency = world.agency_facts(world.WARD)
    with time_machine.travel(TUESDAY, tick=False):
        world.build(agency)
    return agency


kept_ward = kept(build_ward)


@pytest.fixture
def ward(kept_ward, clock):
    """The ward while the clock stands still."""
    return kept_ward


def accepted(**typed) -> Visitor:
    """Take a case in at the counter; the visitor stands before the receipt."""
    reception = Visitor().sign_in(RECEPTION)
    reception.visit("/ho-so/tiep-nhan/?q=tinh+trang+hon+nhan").follow(MARRIAGE)
    return reception.press(
        "Tiếp nhận và in giấy hẹn",
        {"Họ và tên": "Nguyễn Thị Hòa", "Điện thoại": "0999 123 456", "Địa chỉ": "Tổ 5", **typed},
    )


def case_address(visitor: Visitor) -> str:
    """Return the address of the case the page is about."""
    return re.match(r"/ho-so/\d+/", visitor.path).group(0)


def at_case(login: str, address: str) -> Visitor:
    """Return a person standing before the case's page."""
    return Visitor().sign_in(login).visit(address)


def finish(login: str, address: str, **typed) -> Visitor:
    """Take the open step when it waits for its role, and finish it."""
    visitor = at_case(login, address)
    if "Nhận việc này về tôi" in visitor.text:
        visitor.press("Nhận việc này về tôi")
        visitor.visit(address)
    form = visitor.page.get_element_by_id("buoc")
    button = plain(form.xpath(".//button")[0].text_content())
    return visitor.press(button, typed)


def pdf_text(data: bytes) -> str:
    """Return the words of a PDF."""
    document = pypdfium2.PdfDocument(data)
    return plain(" ".join(page.get_textpage().get_text_range() for page in document))


def docx_text(data: bytes) -> str:
    """Return the words of a Word file, its tables included."""
    document = docx.Document(io.BytesIO(data))
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    return plain(" ".join([p.text for p in document.paragraphs] + cells))


def test_the_counter_takes_a_case_in_and_hands_over_a_receipt_that_says_when(ward):
    reception = accepted()
    code = re.search(r"H99\.131-\d{6}-\d{4}", reception.text).group(0)
    reception.sees(code, "20/11/2026")

    address = case_address(reception)
    paper = pdf_text(reception.download(f"{address}giay-hen.pdf").content)
    for words in (code, "Nguyễn Thị Hòa", "20 tháng 11 năm 2026", "Sông Nhuận", MARRIAGE):
        assert words in paper, (words, paper)
    assert code in docx_text(reception.download(f"{address}giay-hen.docx").content)
    listed = reception.visit("/ho-so/")
    assert code in listed.text
    assert "Nguyễn Thị Hòa" not in listed.text


def test_a_missing_paper_makes_a_request_instead_of_a_receipt(ward):
    reception = Visitor().sign_in(RECEPTION)
    reception.visit("/ho-so/tiep-nhan/?q=tinh+trang+hon+nhan").follow(MARRIAGE)
    first = reception.page.xpath("//input[@type='radio'][starts-with(@name,'giay-')]/@name")[0]
    reception.press("Tiếp nhận và in giấy hẹn", {
        "Họ và tên": "Nguyễn Thị Hòa", first: "Thiếu",
        "Nội dung cần bổ sung": "Tờ khai chưa có chữ ký của người khai.",
    })  # fmt: skip

    waiting = reception.visit(case_address(reception))
    waiting.sees("Tờ khai chưa có chữ ký của người khai.", "Tính từ khi nhận đủ giấy tờ")
    assert "Tờ khai" in pdf_text(waiting.download(f"{waiting.path}phieu-bo-sung.pdf").content)
    waiting.follow("Đã nộp đủ, tiếp nhận").press("Tiếp nhận", {"Ghi chú": "Đã ký tại quầy."})
    waiting.visit(case_address(waiting)).sees("20/11")


def test_from_the_counter_to_the_result_every_page_tells_the_same_truth(ward, clock):
    reception = accepted()
    address = case_address(reception)
    code = re.search(r"H99\.131-\d{6}-\d{4}", reception.text).group(0)
    finish(RECEPTION, address)

    clock.shift(timedelta(hours=5))
    asked = finish(
        SPECIALIST, address, outcome="Cần bổ sung", note="Thiếu bản sao quyết định ly hôn.",
        papers="Bản sao quyết định ly hôn",
    )  # fmt: skip
    asked.visit(address).sees("Hồ sơ đang dừng", "Thiếu bản sao quyết định ly hôn.")
    public = Visitor().visit(f"/tra-cuu/?ma={code}")
    assert "bổ sung" in public.text
    assert "Hòa" not in public.text

    clock.shift(timedelta(days=1))
    supplied = at_case(RECEPTION, address).follow("Đã nhận bổ sung")
    supplied.press("Đã nhận đủ, chạy tiếp", {"Ghi chú": "Đã nộp bản sao."})
    finish(SPECIALIST, address, outcome="Đạt")
    clock.shift(timedelta(hours=1))
    finish(LEADER, address)
    done = finish(RECEPTION, address)

    done.visit(address).sees("Đã trả kết quả")
    slip = done.visit(f"{address}phieu-kiem-soat/")
    slip.sees(code, "Nghiêm Thùy Dung", "Lê Thanh Sơn", "Dương Khánh Ly")
    printed = pdf_text(slip.download(f"{address}phieu-kiem-soat.pdf").content)
    assert code in printed
    assert "Nghiêm Thùy Dung" in printed
    figures = at_case(LEADER, "/dieu-hanh/")
    figures.sees("1 trước hạn", "0 đúng hạn")
    figures.follow("1 trước hạn")
    assert len(figures.links(r"^/ho-so/\d+/$")) == 1
    assert code in figures.text
    Visitor().visit(f"/tra-cuu/?ma={code}").sees("Đã trả kết quả")


def test_the_receipts_qr_address_shows_the_promised_date_and_no_name(ward):
    reception = accepted()
    paper = docx_text(reception.download(f"{case_address(reception)}giay-hen.docx").content)
    key = re.search(r"/tra-cuu/k/[\w-]+/", paper + reception.answer.content.decode())
    assert key, paper

    public = Visitor().visit(key.group(0))
    public.sees("20/11/2026")
    for secret in ("Hòa", "0999 123 456", "Tổ 5", "Dương Khánh Ly"):
        assert secret not in public.text
    Visitor().visit("/tra-cuu/k/khong-co-khoa-nay/", expect=404)


def test_a_handed_over_step_tells_its_receiver_why(ward):
    address = case_address(accepted())
    finish(RECEPTION, address)
    at_case(SPECIALIST, address).press("Nhận việc này về tôi")
    holder = Visitor().sign_in(SPECIALIST).visit("/viec/")
    holder.visit(holder.links(r"/viec/\d+/ban-giao/")[0])
    holder.press("Bàn giao", {"Người nhận": "Kiều Anh Tú", "Lý do": ""}, expect=422)
    holder.sees("Chưa có lý do")
    holder.press("Bàn giao", {"Người nhận": "Kiều Anh Tú", "Lý do": "Đi tập huấn hai ngày."})

    Visitor().sign_in(OTHER).visit("/viec/").sees("Đi tập huấn hai ngày.")
    receiver = at_case(OTHER, address).sees("Bạn đang giữ hồ sơ này", "Đi tập huấn hai ngày.")
    assert receiver
    left = at_case(SPECIALIST, address)
    assert not left.page.xpath("//form[@id='buoc']")


def test_a_step_finished_twice_by_an_impatient_hand_is_finished_once(ward):
    address = case_address(accepted())
    reception = at_case(RECEPTION, address)
    button = plain(reception.page.get_element_by_id("buoc").xpath(".//button")[0].text_content())
    reception.press(button, repeat=3)

    slip = reception.visit(f"{address}phieu-kiem-soat/")
    assert slip.text.count("Tiếp nhận, kiểm tra hồ sơ") == 1
    at_case(SPECIALIST, address).sees("Việc đang chờ: Kiểm tra, xác minh tình trạng hôn nhân")


def test_who_comes_second_to_take_a_step_is_told_so(ward):
    address = case_address(accepted())
    finish(RECEPTION, address)
    first, second = at_case(SPECIALIST, address), at_case(OTHER, address)
    first.press("Nhận việc này về tôi")
    second.press("Nhận việc này về tôi", expect=409)
    second.sees("Nghiêm Thùy Dung đang giữ việc này")
    second.visit(address).sees("Nghiêm Thùy Dung đang giữ hồ sơ này")


def test_a_withdrawn_case_is_closed_everywhere(ward):
    address = case_address(accepted())
    at_case(RECEPTION, address).follow("Rút hồ sơ").press(
        "Ghi nhận rút hồ sơ", {"Lý do": "Người nộp xin rút để nộp nơi khác."}
    )

    closed = at_case(RECEPTION, address)
    closed.sees("Người nộp xin rút để nộp nơi khác.", "rút hồ sơ")
    assert not closed.page.xpath("//form[@id='buoc']")
    Visitor().sign_in(RECEPTION).visit("/viec/").sees("Hôm nay bạn không còn việc nào")


def test_a_running_case_keeps_the_version_it_began_with(ward, clock):
    address = case_address(accepted())
    at_case(RECEPTION, address).sees("QT-HT-03 lần 01")
    secretary = Visitor().sign_in("sn.thukyiso").visit("/quy-trinh/?q=QT-HT-03")
    secretary.visit(secretary.links(r"/quy-trinh/(ban/)?\d+/$")[0])
    secretary.follow("Soạn lần sửa đổi mới").press("Mở", {"Nội dung sửa đổi": "Rà soát năm 2026."})
    draft = secretary.path
    secretary.press("Gửi kiểm tra", {"Người kiểm tra": "Chu Văn Bình"})
    Visitor().sign_in("sn.chanhvp").visit(draft).press(
        "Trình phê duyệt", {"Người phê duyệt": "Lê Thanh Sơn"}
    )
    Visitor().sign_in(LEADER).visit(draft).press("Ban hành")

    clock.shift(timedelta(minutes=5))
    assert "QT-HT-03 lần 01, sửa đổi 01" not in at_case(RECEPTION, address).text
    at_case(RECEPTION, case_address(accepted())).sees("QT-HT-03 lần 01, sửa đổi 01")
