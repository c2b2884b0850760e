"""Headless Chromium before a real web server and worker, and a page that notices every fault."""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright._impl._api_structures import SetCookieParam
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from nep.demonstration import facts
from tests import world
from tests.http_client import HttpClient
from tests.installation import Installation
from tests.visitor import Visitor
from tests.whole import IS_WHOLE

WIDE, NARROW = (1440, 900), (390, 844)
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--no-first-run",
]  # fmt: skip
SERIOUS = {"serious", "critical"}
LOADED = "() => 'axe' in window"
SCHEMES = ("light", "dark")
FRAME = "() => new Promise(requestAnimationFrame)"  # what was resized has been laid out
VIOLATIONS = """known => {  // what cannot find anything serious need not be looked for
  const slight = axe._audit.rules.filter(one => ["minor", "moderate"].includes(one.impact))
  const rules = Object.fromEntries(slight.map(one => [one.id, {enabled: false}]))
  const check = axe._audit.checks["color-contrast"], judge = window.nepJudge ??= check.evaluate
  const judged = new Set(known), before = judged.size, grounds = new Map()
  const ground = element => {  // all that lies behind and over an element: it and what holds it
    if (!element) return ""
    if (!grounds.has(element)) {
      const s = getComputedStyle(element)
      const own = [s.backgroundColor, s.backgroundImage, s.opacity, s.filter, s.mixBlendMode,
        s.position].join()
      const plain = own === "rgba(0, 0, 0, 0),none,1,none,normal,static"
      grounds.set(element, ground(element.parentElement) + (plain ? "" : own + "/"))
    }
    return grounds.get(element)
  }
  check.evaluate = known === null ? judge : function (element, ...rest) {
    const s = getComputedStyle(element)
    const look = ground(element)
      + [element.localName, s.color, s.fontSize, s.fontWeight, s.textShadow].join()
    if (judged.has(look)) return true
    const verdict = judge.call(this, element, ...rest)
    if (verdict === true) judged.add(look)
    return verdict
  }
  return axe.run({rules, resultTypes: ["violations"]})
    .then(found => ({found: found.violations, judged: [...judged].slice(before)}))
}"""
OVERFLOW = """() => {
  const width = document.documentElement.clientWidth
  if (document.documentElement.scrollWidth <= width) return []
  return [...document.querySelectorAll('body *')]
    .filter(e => e.getBoundingClientRect().right > width + 1)
    .slice(0, 5).map(e => e.tagName + '.' + e.className + ' ' + e.textContent.slice(0, 40))
}"""


DROPPED = re.compile(r"status of 4|^htmx:(afterRequest|sendAbort),")
_readable: set[str] = set()  # looks of text, as VIOLATIONS writes them


def pytest_collection_modifyitems(items):
    """Mark every test of this folder, so that `-m "not browser"` leaves them out; those that look
    at the same site stay together."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if "site" in item.fixturenames:
                item.add_marker(pytest.mark.together("site"))


@dataclass
class Screen:
    """One tab of one person: what was shown, and every fault it met."""

    page: Page
    address: str
    faults: list[str] = field(default_factory=list)
    checked: int = 0

    def __post_init__(self) -> None:
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.faults.append(f"lỗi kịch bản: {error}"))
        self.page.on("request", self._asked)
        self.page.on("response", self._answered)
        self.page.on("requestfailed", self._dropped)
        self.page.on("dialog", self._stopped)

    def _heard(self, message) -> None:
        """Keep what the browser complains of; what was dropped is judged by `_dropped`."""
        if message.type == "error" and not DROPPED.search(message.text):
            self.faults.append(f"{message.text} ({message.location.get('url', '')})")

    def _dropped(self, request) -> None:
        """A page left may drop what it was reading, never what it was saving."""
        if request.method != "GET" and not request.is_navigation_request():
            self.faults.append(f"lưu dở: {request.method} {request.url}: {request.failure}")

    def _stopped(self, dialog) -> None:
        """No page asks by the browser's own windows; nor whether to leave, with all that is typed saved."""
        self.faults.append(f"hỏi bằng hộp của trình duyệt: {dialog.type} ở {self.page.url}")
        dialog.accept()

    def _asked(self, request) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.faults.append(f"gọi ra ngoài: {request.url}")

    def _answered(self, response) -> None:
        if response.status >= 500:
            self.faults.append(f"{response.status} {response.url}")

    def open(self, path: str) -> None:
        """Go to a page of the product."""
        self.page.goto(self.address + path, wait_until="load")

    def sign_in(self, login: str) -> None:
        """Log in as a person of the demonstration."""
        self.open("/dang-nhap/")
        self.page.get_by_label("Tên đăng nhập").fill(login)
        self.page.get_by_label("Mật khẩu").fill(facts.password())
        self.page.get_by_role("button", name="Đăng nhập").click()
        self.page.wait_for_url(lambda url: "/dang-nhap/" not in url)

    def heading(self) -> str:
        """Return the page's only first-level heading."""
        return self.page.locator("h1").inner_text()

    def check(self) -> None:
        """Look at the page: accessible, nothing cut off, nothing complained.

        Axe sees it wide and narrow, one of them light and the other dark, by turns from page to
        page; all four with `NEP_TEST_WHOLE`.
        """
        for place, (width, height) in enumerate((WIDE, NARROW)):
            self.page.set_viewport_size({"width": width, "height": height})
            schemes = SCHEMES if IS_WHOLE else (SCHEMES[(self.checked + place) % 2],)
            for scheme in schemes:
                self.page.emulate_media(color_scheme=scheme)
                self.page.evaluate(FRAME)
                found = serious_findings(self.page)
                assert found == [], f"{self.page.url} ở {width} px, {scheme}"
            if width == NARROW[0]:
                assert self.page.evaluate(OVERFLOW) == [], f"{self.page.url} tràn ngang"
        self.page.set_viewport_size({"width": WIDE[0], "height": WIDE[1]})
        self.page.emulate_media(color_scheme="light")
        self.checked += 1
        assert self.page.locator("h1").count() == 1, self.page.url
        assert self.faults == [], self.page.url


def serious_findings(page: Page) -> list[str]:
    """Return what axe calls serious or critical, with the elements.

    Whether text can be read on its ground follows from their colours and sizes: those that were
    found readable in this run are not judged again on every page (they are with `NEP_TEST_WHOLE`).
    """
    if not page.evaluate(LOADED):
        page.evaluate(AXE_SCRIPT)
    told = page.evaluate(VIOLATIONS, None if IS_WHOLE else sorted(_readable))
    _readable.update(told["judged"])
    return [
        f"{one['id']}: {node['target']} {node['html'][:160]}"
        for one in told["found"]
        if one["impact"] in SERIOUS
        for node in one["nodes"][:4]
    ]


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """Chromium, without its windows where that is installed: the same pages for three fifths of
    the processor; absent it is a skip on a desk and a failure in CI.

    Its driver keeps a loop running in this thread, so it ends with the last test of this folder:
    Django keeps other connections where a loop runs, and what signs begins one of its own.
    """
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        message = "máy này không có chromium"
        if os.environ.get("CI", "").lower() in {"1", "true"}:
            pytest.fail(message)
        pytest.skip(message)
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright keeps a loop running
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def site(chromium, tmp_path_factory) -> Iterator[Installation]:
    """The demonstration's ward with web server and worker running."""
    with Installation(tmp_path_factory.mktemp("trình duyệt")) as installation:
        installation.prepare(world.WARD)
        installation.start_served()
        installation.start_worker()
        yield installation


@pytest.fixture
def screens(chromium, site) -> Iterator[list[BrowserContext]]:
    """The contexts opened by a test, closed after it."""
    opened: list[BrowserContext] = []
    yield opened
    for context in opened:
        context.close()


@pytest.fixture(scope="package")
def signed_in() -> dict[str, dict]:
    """The cookies of who has logged in already."""
    return {}


def cookies_of(address: str, login: str) -> list[SetCookieParam]:
    """Return the cookies of a person who has logged in without a browser."""
    client = HttpClient(address)
    Visitor(client).sign_in(login)
    return [{"name": one.name, "value": one.value or "", "url": address} for one in client.cookies]


@pytest.fixture
def screen_of(chromium, site, screens, signed_in):
    """Open a browser of its own for each person: `screen_of("sn.motcua")`, or None for a citizen.

    The first goes through the page of logging in, others come with a session of their own; who has
    logged in before comes back with the same one.
    """

    def open_screen(login: str | None = None) -> Screen:
        context = chromium.new_context(
            locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", base_url=site.address,
            viewport={"width": WIDE[0], "height": WIDE[1]}, reduced_motion="reduce",
            storage_state=signed_in.get(login),
        )  # fmt: skip
        context.set_default_timeout(15_000)
        screens.append(context)
        screen = Screen(context.new_page(), site.address)
        if login and login not in signed_in:
            if signed_in:  # the page of logging in has been gone through
                context.add_cookies(cookies_of(site.address, login))
            else:
                screen.sign_in(login)
            signed_in[login] = context.storage_state()
        return screen

    return open_screen
