"""What happens beside the steps, in the users' words: recall, urgency, a later date, a new calendar."""

import re
from datetime import datetime, timedelta

import pytest

from nep.foundation.outbox.worker import drain
from nep.kernel.vietnamese import VN
from tests.journeys.test_case import (
    LEADER,
    RECEPTION,
    SPECIALIST,
    accepted,
    at_case,
    case_address,
    clock,  # noqa: F401
    finish,
    kept_ward,  # noqa: F401
    ward,  # noqa: F401
)
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db
SECRETARY = "sn.thukyiso"


def test_a_mistake_is_taken_back_a_date_moved_once_and_a_result_put_right(ward, clock):  # noqa: F811
    reception = accepted()
    address = case_address(reception)
    key = re.search(r"/tra-cuu/k/[\w-]+/", reception.answer.content.decode())
    finish(RECEPTION, address)
    at_case(RECEPTION, address).follow("Thu hồi bước").press(
        "Thu hồi, làm tiếp", {"Lý do": "Chưa kẹp bản sao căn cước vào hồ sơ"}
    ).sees("Đã thu hồi", "Bạn đang giữ hồ sơ này", "thu hồi bước 1")
    finish(RECEPTION, address)

    at_case(LEADER, address).follow("Ghi hồ sơ khẩn").press(
        "Ghi hồ sơ khẩn", {"Lý do": "Người nộp ra nước ngoài tuần sau"}
    ).sees("Khẩn:", "Người nộp ra nước ngoài tuần sau")
    Visitor().sign_in(SPECIALIST).visit("/viec/").sees("Khẩn")

    clock.shift(timedelta(hours=5))
    asking = {"Ngày hẹn trả mới": "25/11/2026", "Lý do chậm": "Chờ xác minh nơi cư trú cũ"}
    moved = (
        at_case(SPECIALIST, address).follow("Gia hạn và xin lỗi").press("Hẹn lại ngày trả", asking)
    )
    moved.sees("Đã hẹn lại ngày 25/11/2026", "ngày hẹn đầu 20/11/2026", "Chỉ được hẹn lại một lần")
    moved.visit(f"{address}gia-han/").press("Hẹn lại ngày trả", asking, expect=422).sees(
        "Chỉ được hẹn lại một lần"
    )
    if key:
        Visitor().visit(key.group(0)).sees("25/11/2026")

    finish(SPECIALIST, address, outcome="Đạt")
    finish(LEADER, address)
    finish(RECEPTION, address)
    at_case(RECEPTION, address).follow("Đính chính kết quả").press(
        "Mở việc đính chính", {"Sai sót": "Ghi sai ngày sinh của người nộp"}
    ).sees("Đã mở việc đính chính, hạn 20/11/2026")
    at_case(LEADER, address).press(
        "Đính chính xong", {"Đã đính chính": "Cấp lại giấy xác nhận số 15 thay số 12"}
    ).sees("Đã ghi đính chính xong kết quả", "Đã trả kết quả")
    at_case(LEADER, f"{address}phieu-kiem-soat/").sees("Thu hồi")


def test_a_late_notice_moves_open_dates_after_a_look(ward, clock):  # noqa: F811
    address = case_address(accepted())
    secretary = Visitor().sign_in(SECRETARY).visit("/lich/")
    secretary.press("Ghi vào lịch", {
        "Ngày": "19/11/2026", "Tên gọi": "Nghỉ bão", "Căn cứ": "Công điện số 5 của tỉnh",
    })  # fmt: skip
    secretary.follow("Xem hạn sẽ đổi").sees("1 trong 1 hồ sơ đang mở sẽ đổi hạn", "23/11/2026")
    at_case(RECEPTION, address).sees("20/11/2026")

    secretary.press("Tính lại hạn", {"Căn cứ": "Công điện số 5 của tỉnh"})
    secretary.sees("Đang tính lại hạn")
    clock.shift(timedelta(seconds=2))
    drain(now=datetime.now(VN))

    at_case(RECEPTION, address).sees("23/11/2026", "tính lại theo lịch làm việc mới")
    secretary.visit("/ho-so/tinh-lai-han/").sees("đều khớp lịch làm việc", "1 hồ sơ đổi hạn")
    Visitor().sign_in(RECEPTION).visit("/viec/thong-bao/").sees("đổi hạn theo lịch làm việc mới")


def test_an_agency_chooses_its_figures_within_the_law(ward):  # noqa: F811
    secretary = Visitor().sign_in(SECRETARY).visit("/ho-so/quy-tac-thoi-gian/")
    secretary.sees("Nghị định 118/2025/NĐ-CP, Điều 19 khoản 6", "ấn định, không đổi được")
    label = "Đính chính kết quả có sai sót trong"
    secretary.press(
        "Áp dụng cho hồ sơ nhận từ nay", {label: "5", "Căn cứ": "Quyết định số 7"}, expect=422
    ).sees("chỉ được chọn từ 1 đến 3")
    secretary.press("Áp dụng cho hồ sơ nhận từ nay", {label: "2", "Căn cứ": "Quyết định số 7"})
    secretary.sees("cơ quan đổi lần cuối 17/11/2026", f"{label}: 2 ngày làm việc")
    reception = Visitor().sign_in(RECEPTION).visit("/ho-so/quy-tac-thoi-gian/")
    assert not reception.page.xpath("//button[contains(., 'Áp dụng')]")
