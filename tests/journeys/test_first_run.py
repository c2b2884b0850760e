"""First run: an empty installation becomes an agency with people who can work."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from nep.apps.organization.queries import agency_by_code
from nep.config.commands.migrate import load_reference
from nep.foundation.journal.queries import verify
from nep.foundation.journal.services import link_rows
from tests.visitor import Visitor

pytestmark = pytest.mark.django_db
PASSWORD = "Mua-Thu-O-Lam-Son-26"


def filled_in(**changed: str) -> dict[str, str]:
    """Return what is typed into the first-run page."""
    return {
        "Tên cơ quan": "UBND xã Bình Lư", "Mã định danh": "H99.77", "Loại cơ quan": "xã",
        "Tỉnh, thành phố": "tỉnh Lam Sơn",
        "Tên nơi tiếp nhận": "Trung tâm Phục vụ hành chính công",
        "Họ và tên": "Lò Văn Quý", "Tên đăng nhập": "lovanquy", "Mật khẩu": PASSWORD,
        "Gõ lại mật khẩu": PASSWORD, **changed,
    }  # fmt: skip


def set_up() -> Visitor:
    """Set up the agency and log its administrator in, second factor included."""
    load_reference()
    visitor = Visitor().visit("/")
    visitor.press("Lập cơ quan", filled_in())
    visitor.press("Đăng nhập", {"Tên đăng nhập": "lovanquy", "Mật khẩu": PASSWORD})
    assert "hai lớp" in visitor.heading
    secret = shown_secret(visitor).replace(" ", "")
    visitor.press("Bật", {"Mã hai lớp": pyotp.TOTP(secret).at(datetime.now(UTC))})
    return visitor


def test_the_first_page_of_an_empty_installation_sets_up_the_agency_and_then_closes(client):
    visitor = Visitor().visit("/")
    assert visitor.path == "/cai-dat/"
    assert visitor.heading == "Lập cơ quan đầu tiên"

    visitor.press("Lập cơ quan", filled_in(**{"Gõ lại mật khẩu": "Khac-Han-O-Lam-Son-26"}),
                  expect=422)  # fmt: skip
    visitor.sees("Hai lần gõ không giống nhau.")
    visitor.press("Lập cơ quan", filled_in(**{"Mật khẩu": "ngan", "Gõ lại mật khẩu": "ngan"}),
                  expect=422)  # fmt: skip
    visitor.sees("cần ít nhất")
    visitor.press("Lập cơ quan", filled_in())

    assert visitor.path.startswith("/dang-nhap/")
    assert client.get("/cai-dat/").status_code == 404
    assert client.post("/cai-dat/", {}).status_code == 404
    assert agency_by_code("H99.77").name == "UBND xã Bình Lư"


def test_the_first_administrator_must_enrol_a_second_factor_before_anything_else():
    visitor = set_up()

    assert len(visitor.page.xpath("//main//li")) >= 10
    visitor.visit("/co-quan/")
    visitor.sees("Lò Văn Quý", "Trung tâm Phục vụ hành chính công")


def test_the_administrator_adds_a_person_who_logs_in_with_a_one_time_password():
    admin = set_up()
    admin.visit("/co-quan/don-vi/them/").press(
        "Thêm", {"Tên đơn vị": "Phòng Văn hóa – Xã hội", "Mã đơn vị": "VHXH"}
    )
    admin.visit("/co-quan/nguoi/them/").press("Thêm", {
        "Họ và tên": "Giàng Thị Mỷ", "Đơn vị": "Phòng Văn hóa – Xã hội",
        "Vai trò": "Chuyên viên", "Chức danh": "Công chức tư pháp – hộ tịch",
    })  # fmt: skip
    admin.press("Mở tài khoản", {"Tên đăng nhập": "giangthimy"})
    given = shown_secret(admin)

    official = Visitor().sign_in("giangthimy", given)
    assert official.path.startswith("/tai-khoan/mat-khau/")
    official.press("Đổi mật khẩu", {
        "Mật khẩu đang dùng": given, "Mật khẩu mới": "Nương-Ngô-Bản-Bo-2026",
        "Gõ lại mật khẩu mới": "Nương-Ngô-Bản-Bo-2026",
    })  # fmt: skip

    official.visit("/viec/")
    official.sees("Giàng Thị Mỷ", "Hôm nay bạn không còn việc nào")
    official.visit("/co-quan/thiet-lap/", expect=403)


def shown_secret(visitor: Visitor) -> str:
    """Return the password or key that the page shows this once."""
    return visitor.page.xpath("//*[@class='secret']")[0].text_content().strip()


def test_a_person_appointed_from_tomorrow_may_do_nothing_today():
    admin = set_up()
    tomorrow = datetime.now(UTC) + timedelta(days=2)
    admin.visit("/co-quan/don-vi/them/").press(
        "Thêm", {"Tên đơn vị": "Văn phòng", "Mã đơn vị": "VP"}
    )
    admin.visit("/co-quan/nguoi/them/").press("Thêm", {
        "Họ và tên": "Lý A Sình", "Đơn vị": "Văn phòng", "Vai trò": "Trưởng phòng",
        "Từ ngày": tomorrow.strftime("%d/%m/%Y"),
    })  # fmt: skip
    admin.press("Mở tài khoản", {"Tên đăng nhập": "lyasinh"})

    given = shown_secret(admin)
    official = Visitor().sign_in("lyasinh", given)
    official.press("Đổi mật khẩu", {
        "Mật khẩu đang dùng": given, "Mật khẩu mới": PASSWORD, "Gõ lại mật khẩu mới": PASSWORD,
    })  # fmt: skip
    official.visit("/viec/", expect=403).sees("chưa được bổ nhiệm")


def test_everything_done_in_the_first_run_stands_in_an_unbroken_journal():
    set_up()
    linked = link_rows()

    assert linked >= 5
    assert list(verify()) == []
