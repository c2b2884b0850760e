"""Every page people meet is accessible, fits a phone, and calls nobody outside."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import serious_findings

PUBLIC = ["/dang-nhap/", "/khong-co-trang-nay/"]
BY_PERSON = {
    "sn.chutich": [
        "/viec/", "/viec/thong-bao/", "/viec/thong-bao/cach-nhan/", "/co-quan/", "/lich/",
        "/quy-trinh/",
    ],
    "sn.thukyiso": [
        "/quy-trinh/thu-tuc/", "/quy-trinh/thu-tuc/moi/", "/quy-trinh/moi/",
        "/quy-trinh/nhap-tu-word/", "/tai-lieu/ngoai-le/", "/quy-trinh/luat-soat/",
        "/quy-trinh-mau/",
    ],
    "sn.quantri": [
        "/co-quan/", "/co-quan/don-vi/them/", "/co-quan/nguoi/them/", "/co-quan/thiet-lap/",
        "/tai-khoan/", "/tai-khoan/mat-khau/", "/co-quan/uy-quyen/",
    ],
}  # fmt: skip
CASES = [(login, path) for login, paths in BY_PERSON.items() for path in paths]


@pytest.mark.parametrize("path", PUBLIC)
def test_a_stranger_meets_an_accessible_page(screen_of, path):
    screen = screen_of()
    screen.open(path)
    screen.check()


def test_text_grown_pale_on_a_page_found_readable_is_found(screen_of):
    screen = screen_of()
    screen.open("/dang-nhap/")
    screen.check()
    screen.page.evaluate("document.querySelector('h1').style.color = '#c4c4c4'")
    pale = serious_findings(screen.page)
    screen.page.evaluate("document.querySelector('h1').style.color = ''")
    screen.page.evaluate("document.querySelector('main').style.opacity = '.3'")
    through = serious_findings(screen.page)

    assert [one.partition(":")[0] for one in pale] == ["color-contrast"]
    assert "color-contrast" in {one.partition(":")[0] for one in through}


@pytest.mark.parametrize("login", BY_PERSON)
def test_the_pages_of_a_person_are_accessible_and_fit_a_phone(screen_of, login):
    screen = screen_of(login)
    for path in BY_PERSON[login]:
        screen.open(path)
        screen.check()


def test_a_value_beside_a_long_name_stays_in_one_piece_on_a_phone(screen_of):
    screen = screen_of()
    screen.open("/dang-nhap/")
    screen.page.set_viewport_size({"width": 390, "height": 844})
    lines = screen.page.evaluate("""() => {
      const list = document.createElement("dl"), told = document.createRange()
      list.className = "kv"
      list.innerHTML = "<dt>Phòng Bổ trợ tư pháp và Phổ biến, giáo dục pháp luật</dt><dd>Cao</dd>"
      document.querySelector("main").append(list)
      told.selectNodeContents(list.querySelector("dd"))
      return told.getClientRects().length
    }""")

    assert lines == 1


def test_a_phone_reaches_every_place_of_the_menu_and_the_way_out(screen_of):
    screen = screen_of("sn.thukyiso")
    screen.page.set_viewport_size({"width": 390, "height": 640})
    screen.open("/viec/")
    screen.page.get_by_role("button", name="Thêm").click()
    menu = screen.page.locator("#m-all")
    menu.get_by_role("link").last.scroll_into_view_if_needed()
    expect(menu.get_by_role("link").last).to_be_in_viewport()
    menu.get_by_role("button", name="Tài khoản").click()
    expect(screen.page.get_by_role("button", name="Đăng xuất")).to_be_in_viewport()


def test_a_procedure_shows_table_beside_diagram(screen_of):
    screen = screen_of("sn.thukyiso")
    screen.open("/quy-trinh/")
    screen.page.get_by_role("link", name="Thủ tục đăng ký lại khai sinh").first.click()

    expect(screen.page.locator("svg[role=img], figure svg, .flow svg").first).to_be_visible()
    assert screen.page.locator("table tbody tr").count() >= 6
    screen.check()


def test_on_a_phone_the_name_of_a_row_just_added_lies_under_nothing(screen_of):
    screen = screen_of("sn.thukyiso")
    screen.open("/quy-trinh/")
    screen.page.get_by_role("link", name="Đăng ký lại kết hôn").first.click()
    screen.page.get_by_role("link", name="Soạn lần sửa đổi mới").click()
    screen.page.get_by_label("Nội dung sửa đổi").fill("Thêm một bước.")
    screen.page.locator("main form button[type=submit]").first.click()
    screen.page.wait_for_url(re.compile(r"/quy-trinh/ban/\d+/"))
    screen.page.set_viewport_size({"width": 390, "height": 640})
    button = screen.page.get_by_role("button", name="Thêm bước")
    button.evaluate(
        """(button, above) => window.scrollBy(
          0, button.getBoundingClientRect().bottom - (window.innerHeight - above))""",
        150,  # just above the two bars at the bottom, where a thumb reaches it
    )
    button.click()

    expect(screen.page.locator(".toast").last).to_contain_text("Bước mới")
    expect(screen.page.locator("#ban [name=name]:focus")).to_be_in_viewport()
    on_top = screen.page.evaluate("""() => {
      const field = document.activeElement, box = field.getBoundingClientRect()
      return [box.top + 2, box.bottom - 2].every(
        y => document.elementFromPoint(box.left + box.width / 2, y) === field)
    }""")
    assert on_top


def test_a_cell_typed_in_is_proven_at_once_and_dialogs_of_rows_stay_as_they_were(screen_of):
    screen = screen_of("sn.thukyiso")
    screen.open("/quy-trinh/")
    screen.page.get_by_role("link", name="Đăng ký lại khai tử").first.click()
    screen.page.get_by_role("link", name="Soạn lần sửa đổi mới").click()
    screen.page.get_by_label("Nội dung sửa đổi").fill("Rà soát năm 2026.")
    screen.page.locator("main form button[type=submit]").first.click()
    screen.page.wait_for_url(re.compile(r"/quy-trinh/ban/\d+/"))

    amount = screen.page.get_by_label("Thời gian bước 2")
    amount.fill("400")
    amount.blur()
    expect(screen.page.locator("#kiem-tra")).to_contain_text("vượt thời hạn")
    expect(screen.page.locator("#nut-gui button")).to_be_disabled()
    screen.page.get_by_role("link", name="Chi tiết bước 2").click()
    panel = screen.page.get_by_role("dialog", name=re.compile("^Bước 2"))
    expect(panel).to_be_visible()
    expect(panel.get_by_role("heading", name="Vị trí trong bảng")).to_be_visible()
    screen.check()

    panel.get_by_role("link", name="Thêm chờ, gửi, quy trình khác").click()
    lasting = screen.page.locator("dialog[open] details", has_text="Chờ hết một khoảng thời gian")
    lasting.locator("summary").click()
    lasting.get_by_label("Bao lâu").fill("3")
    lasting.get_by_role("button", name="Thêm bước chờ").click()
    screen.page.get_by_role("link", name="Chi tiết bước 2a").click()
    sent = screen.page.locator("#cung-cho details", has_text="Có thông điệp của hệ thống khác")
    sent.locator("summary").click()
    sent.get_by_label("Tên thông điệp").fill("tra_loi")
    sent.get_by_label("Việc này đến trước").select_option(index=1)
    sent.get_by_role("button", name="Thêm việc cùng chờ").click()
    expect(screen.page.locator("#cung-cho")).to_contain_text("Cùng chờ với")
    expect(lasting.get_by_label("Bao lâu")).to_have_value("3")
    expect(lasting.get_by_label("Bao lâu")).to_be_visible()  # how it waits is not folded away
    screen.check()
    screen.page.keyboard.press("Escape")
    handle = screen.page.get_by_role("link", name="Chi tiết bước 2a")
    expect(handle).to_be_focused()
    screen.page.keyboard.press("Control+z")
    expect(screen.page.locator("#lui [value=redo]")).to_be_enabled()
    expect(handle).to_be_focused()
    expect(handle).to_be_in_viewport()


def test_a_citizen_reads_the_public_pages_in_english(screen_of):
    screen = screen_of()
    screen.open("/tra-cuu/")
    screen.check()
    screen.page.get_by_role("link", name="English").click()
    assert screen.heading() == "Where is your application?"
    screen.check()
    screen.page.get_by_role("link", name="UBND phường Sông Nhuận").click()
    expect(screen.page.get_by_text(re.compile(r"\d+ procedures in force"))).to_be_visible()
    screen.check()
    screen.page.get_by_role("link", name="Thủ tục đăng ký giám hộ").click()
    expect(screen.page.get_by_text("3 working days").first).to_be_visible()
    screen.check()
