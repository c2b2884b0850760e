"""A lock, a refusal or a lost line while somebody writes: nothing typed and no chosen file is lost."""

import re

import pytest
from playwright.sync_api import FilePayload, expect

from nep.demonstration import facts
from tests.browser.conftest import serious_findings

ACCEPT = "Tiếp nhận và in giấy hẹn"
PDF: FilePayload = {
    "name": "don-cua-ba-hoa.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n%%EOF",
}  # fmt: skip
REFRESHED = """() => void htmx.ajax('GET', location.pathname + location.search + '&phan=han',
  {source: '#han', target: '#han', headers: {'X-Nep-Auto': '1'}})"""


@pytest.fixture
def counter(screen_of):
    """The counter's browser on the form by which a case is taken in."""
    screen = screen_of("sn.motcua")
    screen.open("/ho-so/tiep-nhan/")
    screen.open(screen.page.locator("#ds-tt a.b").first.get_attribute("href"))
    return screen


def rested(screen, site) -> None:
    """Let the session of a browser have rested for an hour."""
    cookies = screen.page.context.cookies()
    key = next(one["value"] for one in cookies if one["name"] == "nep_session")
    done = site.python("-m", "tests.browser.rested", key)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def rest(site):
    """Let the session of a browser rest, and the page ask for its news as it does each minute."""

    def resting(screen) -> None:
        rested(screen, site)
        screen.page.evaluate(REFRESHED)

    return resting


def test_what_is_typed_stays_under_the_lock_and_its_owner_goes_on(counter, rest):
    page = counter.page
    name, lock = page.get_by_label("Họ và tên hoặc tên tổ chức"), page.locator("#khoa")
    name.fill("Nguyễn Thị Hòa")
    rest(counter)

    expect(lock).to_contain_text("Điều bạn đang nhập còn nguyên")
    expect(name).to_be_hidden()
    assert serious_findings(page) == []
    page.keyboard.press("Escape")
    password = lock.get_by_label("Mật khẩu")
    password.fill("Không-Phải-Mật-Khẩu-1")
    password.press("Enter")
    expect(lock).to_contain_text("mật khẩu không đúng")
    lock.get_by_label("Mật khẩu").fill(facts.password())
    lock.get_by_role("button", name="Mở khóa").click()

    expect(lock).to_have_count(0)
    expect(name).to_have_value("Nguyễn Thị Hòa")
    page.get_by_role("button", name="Tiếp nhận và in giấy hẹn").locator("visible=true").click()
    page.wait_for_url(re.compile(r"/ho-so/\d+/"))
    assert "Nguyễn Thị Hòa" in page.inner_text("main")
    assert counter.faults == []


def test_a_page_on_which_nothing_is_typed_goes_to_the_lock_and_comes_back(counter, rest):
    page, before = counter.page, counter.page.url
    rest(counter)
    expect(page.get_by_role("heading", name="Phiên đang khóa")).to_be_visible()
    assert "/mo-khoa/" in page.url
    page.get_by_label("Mật khẩu").fill(facts.password())
    page.get_by_role("button", name="Mở khóa").click()
    page.wait_for_url(before)


@pytest.fixture
def with_file(counter, site):
    """The counter's form with a name and a file."""
    page = counter.page
    page.get_by_label("Họ và tên hoặc tên tổ chức").fill("Nguyễn Thị Hòa")
    page.locator("input[type=file]").first.set_input_files(PDF)
    return counter


def accept(page) -> None:
    page.get_by_role("button", name=ACCEPT).locator("visible=true").click()


def assert_kept(page) -> None:
    """The case that was taken in has the file."""
    page.get_by_role("link", name="Mở hồ sơ").click()
    file = page.locator("main td a.b[href*='/giay-to/']").first
    assert page.request.get(file.get_attribute("href")).body() == PDF["buffer"]


def test_a_refused_form_keeps_the_files_that_were_chosen(with_file):
    page, chosen = with_file.page, with_file.page.locator("[data-file-name]").first
    page.get_by_label("Số định danh").fill("12")
    accept(page)

    expect(page.get_by_text("Số định danh cá nhân có 12 chữ số.")).to_be_visible()
    expect(page.get_by_label("Số định danh")).to_be_focused()
    expect(chosen).to_have_text(PDF["name"])
    expect(page.get_by_text("Hãy chọn lại tệp")).to_have_count(0)
    with_file.check()
    page.get_by_label("Số định danh").fill("")
    accept(page)
    page.wait_for_url(re.compile(r"/ho-so/\d+/"))
    assert_kept(page)


def test_a_lost_line_and_a_faulty_server_leave_the_page_as_it_is(with_file):
    page, chosen = with_file.page, with_file.page.locator("[data-file-name]").first
    sent = re.compile(r"/ho-so/tiep-nhan/")
    for fail, words in (
        (lambda route: route.abort(), "Mất kết nối"),
        (lambda route: route.fulfill(status=503, body="quá tải"), "Máy chủ đang gặp sự cố"),
    ):
        page.route(sent, fail)
        accept(page)
        expect(page.locator(".toast").filter(has_text=words)).to_be_visible()
        page.unroute(sent)
    token = page.locator("#tn input[name=csrfmiddlewaretoken]")
    held = token.get_attribute("value")
    token.evaluate("(field, other) => { field.value = other }", "x" * 64)
    accept(page)
    expect(page.locator("#tu-choi")).to_contain_text("Biểu mẫu này đã cũ")
    token.evaluate("(field, own) => { field.value = own }", held)
    expect(page.get_by_label("Họ và tên hoặc tên tổ chức")).to_have_value("Nguyễn Thị Hòa")
    expect(chosen).to_have_text(PDF["name"])
    accept(page)
    page.wait_for_url(re.compile(r"/ho-so/\d+/"))


def test_a_lock_while_a_file_is_sent_is_opened_on_the_page(with_file, site):
    page, lock = with_file.page, with_file.page.locator("#khoa")
    rested(with_file, site)
    accept(page)
    lock.get_by_label("Mật khẩu").fill(facts.password())
    lock.get_by_role("button", name="Mở khóa").click()
    expect(lock).to_have_count(0)
    accept(page)
    page.wait_for_url(re.compile(r"/ho-so/\d+/"))
    assert_kept(page)
