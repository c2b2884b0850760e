"""Cases of the province's one-stop system come in by file: the same page, slip and figures."""

import csv
import io
import re
from datetime import datetime
from typing import Any

import pytest
import time_machine

from nep.foundation.outbox.worker import drain
from nep.kernel.vietnamese import VN
from tests import world
from tests.standing import kept
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 19, 16, 0, tzinfo=VN)
HEADS = ["Mã hồ sơ", "Mã TTHC", "Tên bước", "Người xử lý", "Thời điểm nhận", "Thời điểm xong"]
TTHC = "1.004873"
UNKNOWN = {"Thời điểm nhận": "Bắt đầu", "Thời điểm xong": "Kết thúc"}
CHECK = "Kiểm tra, xác minh tình trạng hôn nhân"
SIGN = "Lãnh đạo UBND ký giấy xác nhận"
IN_TIME = [
    ["H99.132-261109-0007", TTHC, "Tiếp nhận, kiểm tra hồ sơ", "Từ Bảo Trâm", "09/11/2026 08:00", "09/11/2026 09:00"],
    ["H99.132-261109-0007", TTHC, CHECK, "Mạc Thiên Ân", "09/11/2026 09:00", "10/11/2026 10:00"],
    ["H99.132-261109-0007", TTHC, SIGN, "Hồ Sỹ Phúc", "10/11/2026 10:00", "10/11/2026 15:00"],
    ["H99.132-261109-0007", TTHC, "Trả kết quả", "Từ Bảo Trâm", "10/11/2026 15:00", "10/11/2026 16:00"],
]  # fmt: skip
LATE = [
    ["H99.132-261102-0003", TTHC, "Tiếp nhận, kiểm tra hồ sơ", "Từ Bảo Trâm", "02/11/2026 08:00", "02/11/2026 08:30"],
    ["H99.132-261102-0003", TTHC, CHECK, "Phí Ngọc Bảo", "02/11/2026 08:30", "12/11/2026 10:00"],
    ["H99.132-261102-0003", TTHC, SIGN, "Hồ Sỹ Phúc", "12/11/2026 10:00", "12/11/2026 15:00"],
    ["H99.132-261102-0003", TTHC, "Trả kết quả", "Từ Bảo Trâm", "12/11/2026 15:00", "12/11/2026 16:00"],
]  # fmt: skip
WRONG = ["", TTHC, CHECK, "Phí Ngọc Bảo", "02/11/2026 08:30", ""]


def build_commune() -> dict[str, Any]:
    """Build the demonstration's commune, whose cases are run by the province's system."""
    with time_machine.travel(NOW, tick=False):
        agency = world.agency_facts(world.COMMUNE)
        world.build(agency)
    return agency


kept_commune = kept(build_commune)


@pytest.fixture
def commune(kept_commune):
    """The commune while the clock stands still."""
    with time_machine.travel(NOW, tick=False):
        yield kept_commune


def as_csv(*rows) -> bytes:
    """Return rows as the one-stop system exports them."""
    out = io.StringIO()
    csv.writer(out).writerows([HEADS, *rows])
    return out.getvalue().encode("utf-8-sig")


def brought_in(data: bytes, name: str = "thang-11.csv", meant=UNKNOWN) -> Visitor:
    """Bring a file in as the secretary, who says what unknown columns mean; show the result."""
    secretary = Visitor().sign_in("dl.thukyiso").visit("/ho-so/nhap/")
    secretary.press("Tải lên", {"Tệp CSV, Excel, JSON hoặc XES": (name, data)})
    if "Xem thử, chưa ghi gì" not in secretary.text:
        secretary.press("Xem thử kết quả", meant)
    start = secretary.page.xpath("//form[contains(@action,'bat-dau')]")
    if start and "Tệp chưa có dòng nào" not in secretary.text:
        secretary.press("Nhập")
        drain(now=NOW)
        secretary.visit(secretary.path)
    return secretary


def test_a_file_becomes_cases_with_slip_and_figures_that_agree(commune):
    done = brought_in(as_csv(*IN_TIME, *LATE))
    done.sees("Đã nhập 8 lần xử lý của 2 hồ sơ")

    leader = Visitor().sign_in("dl.chutich").visit("/ho-so/?nguon=fed")
    leader.sees("H99.132-261109-0007", "H99.132-261102-0003")
    leader.follow("H99.132-261109-0007")
    leader.sees("Nạp từ hệ thống một cửa", "Mạc Thiên Ân")
    leader.visit(f"{leader.path}phieu-kiem-soat/").sees("Mạc Thiên Ân", "Hồ Sỹ Phúc")
    leader.visit("/dieu-hanh/").sees("1 trước hạn")
    link = leader.page.xpath("//div[@class='stat'][contains(., 'Xong, quá hạn')]//a")[0]
    assert link.text_content() == "1"
    leader.visit(link.get("href")).sees("H99.132-261102-0003")
    assert len(leader.links(r"^/ho-so/\d+/$")) == 1
    Visitor().visit("/tra-cuu/?ma=H99.132-261109-0007").sees("Đã trả kết quả")


def test_the_same_file_again_changes_nothing(commune):
    brought_in(as_csv(*IN_TIME, *LATE))
    before = Visitor().sign_in("dl.chutich").visit("/dieu-hanh/").text

    again = brought_in(as_csv(*IN_TIME, *LATE), name="thang-11-lai.csv", meant={})

    again.sees("Dòng đã có từ trước")
    assert re.search(r"Dòng đã có từ trước\s*8", again.text)
    assert Visitor().sign_in("dl.chutich").visit("/dieu-hanh/").text == before


def test_a_row_that_cannot_be_taken_is_named_with_its_reason(commune):
    done = brought_in(as_csv(*IN_TIME, WRONG))

    rows = done.page.xpath("//table[contains(., 'Vì sao không nhận')]/tbody/tr")
    assert [row.xpath("td")[0].text_content().strip() for row in rows] == ["6"]


def test_a_fed_case_has_no_step_to_be_done_here(commune):
    brought_in(as_csv(*IN_TIME[:2]))
    official = Visitor().sign_in("dl.hotich1").visit("/ho-so/?nguon=fed")
    official.follow("H99.132-261109-0007")

    assert not official.page.xpath("//form[@id='buoc']")
