"""Cases of the province's one-stop system come in by file, in a real browser."""

import contextlib
import csv
import io
import re

import pytest
from playwright.sync_api import Error, expect

HEADS = ["Mã hồ sơ", "Mã TTHC", "Tên bước", "Người xử lý", "Thời điểm nhận", "Thời điểm xong"]
CODE, TTHC = "H99.131-261109-0907", "1.004873"
ROWS = (
    [CODE, TTHC, "Tiếp nhận, kiểm tra hồ sơ", "Dương Khánh Ly", "09/11/2026 08:00", "09/11/2026 09:00"],
    [CODE, TTHC, "Kiểm tra, xác minh tình trạng hôn nhân", "Kiều Anh Tú", "09/11/2026 09:00", "10/11/2026 10:00"],
    [CODE, TTHC, "Lãnh đạo UBND ký giấy xác nhận", "Lê Thanh Sơn", "10/11/2026 10:00", "10/11/2026 15:00"],
    [CODE, TTHC, "Trả kết quả", "Dương Khánh Ly", "10/11/2026 15:00", "10/11/2026 16:00"],
    ["", TTHC, "Trả kết quả", "Dương Khánh Ly", "10/11/2026 15:00", "10/11/2026 16:00"],
)  # fmt: skip
MEANT = {"Thời điểm nhận": "Bắt đầu", "Thời điểm xong": "Kết thúc"}


@pytest.fixture(scope="module")
def export(tmp_path_factory):
    """A month's export on the secretary's desk, one of its rows without a case code."""
    out = io.StringIO()
    csv.writer(out).writerows([HEADS, *ROWS])
    path = tmp_path_factory.mktemp("xuất từ một cửa") / "tháng 11.csv"
    path.write_bytes(out.getvalue().encode("utf-8-sig"))
    return path


def test_a_file_is_mapped_tried_brought_in_and_becomes_a_case(screen_of, export):
    secretary = screen_of("sn.thukyiso")
    uploaded(secretary, export)
    assert secretary.heading() == "Cột nào là gì?"
    secretary.check()

    for column, meaning in MEANT.items():
        secretary.page.get_by_label(column, exact=True).select_option(label=meaning)
    secretary.page.get_by_role("button", name="Xem thử kết quả").click()
    expect(secretary.page.get_by_role("heading", level=1)).to_have_text(
        "Nhập được 4 lần xử lý của 1 hồ sơ"
    )
    expect(secretary.page.get_by_role("heading", name="Xem thử, chưa ghi gì")).to_be_visible()
    refused = secretary.page.locator("table").filter(has_text="Vì sao không nhận").locator("tbody")
    assert refused.locator("tr td").first.inner_text() == "6"
    secretary.check()

    secretary.page.get_by_role("button", name="Nhập 1 hồ sơ").click()
    finished = secretary.page.get_by_role("heading", name="Đã nhập 4 lần xử lý của 1 hồ sơ")
    brought_in(secretary, finished)
    secretary.check()

    secretary.page.get_by_role("link", name="Xem hồ sơ đã nhập").click()
    secretary.page.wait_for_url(re.compile("nguon=fed"))
    secretary.check()
    secretary.page.get_by_role("link", name=CODE).first.click()
    expect(secretary.page.get_by_text("Nạp từ hệ thống một cửa").first).to_be_visible()
    expect(secretary.page.get_by_text("Kiều Anh Tú").first).to_be_visible()
    assert secretary.page.locator("form#buoc").count() == 0
    secretary.check()


def test_the_same_file_again_is_said_to_hold_nothing_new(screen_of, export):
    secretary = screen_of("sn.thukyiso")
    uploaded(secretary, export)
    assert chosen(secretary, "Thời điểm nhận") == "Bắt đầu"
    secretary.page.get_by_role("button", name="Xem thử kết quả").click()

    known = secretary.page.get_by_text("Dòng đã có từ trước")
    expect(known.locator("xpath=following-sibling::dd[1]")).to_have_text("4")
    assert secretary.heading() == "Tệp chưa có dòng nào nhập được"
    secretary.check()


def uploaded(secretary, export) -> None:
    """Bring the file to the page of its columns."""
    secretary.open("/ho-so/nhap/")
    secretary.check()
    secretary.page.locator("input[type=file]").set_input_files(str(export))
    secretary.page.get_by_role("button", name="Tải lên và xem cột").click()
    secretary.page.wait_for_url(re.compile(r"/ho-so/nhap/\d+/"))


def chosen(secretary, column) -> str:
    """Return the meaning that stands chosen for a column."""
    box = secretary.page.get_by_label(column, exact=True)
    return box.evaluate("one => one.selectedOptions[0].text")


def brought_in(secretary, finished) -> None:
    """Wait until the worker has brought the file in; the page follows it without being asked."""
    for _ in range(20):
        secretary.page.wait_for_timeout(500)
        if finished.count():
            return
        if not secretary.page.locator("#tien-do").count():
            with contextlib.suppress(Error):  # the page may be loading itself anew just then
                secretary.page.reload()
    expect(finished).to_be_visible()
