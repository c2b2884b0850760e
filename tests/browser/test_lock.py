"""A session that is locked while somebody writes: the page is covered, and nothing typed is lost."""

import re

import pytest
from playwright.sync_api import expect

from nep.demonstration import facts
from tests.browser.conftest import serious_findings

REFRESHED = """() => void htmx.ajax('GET', location.pathname + location.search + '&phan=han',
  {source: '#han', target: '#han', headers: {'X-Nep-Auto': '1'}})"""


@pytest.fixture
def counter(screen_of):
    """The counter's browser on the form by which a case is taken in."""
    screen = screen_of("sn.motcua")
    screen.open("/ho-so/tiep-nhan/")
    screen.open(screen.page.locator("#ds-tt a.b").first.get_attribute("href"))
    return screen


@pytest.fixture
def rest(site):
    """Let the session of a browser rest, and the page ask for its news as it does each minute."""

    def resting(screen) -> None:
        cookies = screen.page.context.cookies()
        key = next(one["value"] for one in cookies if one["name"] == "nep_session")
        done = site.python("-m", "tests.browser.rested", key)
        assert done.returncode == 0, done.stderr
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


def test_a_page_on_which_nothing_is_typed_goes_to_the_lock(counter, rest):
    rest(counter)
    expect(counter.page.get_by_role("heading", name="Phiên đang khóa")).to_be_visible()
    assert "/mo-khoa/" in counter.page.url
