"""A year told in a browser: people with their hands, chapters in order of time, clicks counted.

A click is a button, a link, a box or a choice; going to a page by the menu is one. Logging in is not
counted. Everybody works at one browser in turn, each with their own session.
"""

import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from playwright._impl._api_structures import SetCookieParam
from playwright.sync_api import Browser, Locator, Page, Request

from tests.browser.conftest import WIDE, Screen, cookies_of
from tests.installation import ROOT, Installation

ON_WORK, NOTHING = "/viec/", "/healthz"
DONE = "done"  # as tests.browser.day answers
FIELDS = "input, select, textarea"
LEADS_ON = """element => {  // a link or the button of a form, sent by the browser itself
  if (element.closest("[hx-get], [hx-post]")) return false
  const link = element.closest("a[href]"), button = element.closest("button, input")
  return link ? !link.hash || link.pathname !== location.pathname
    : !!button && button.type === "submit" && !!button.form && button.form.method !== "dialog"
}"""
Tell = Callable[["Story"], None]


@dataclass
class Count:
    """One line of the table: what was done, by whom, with how many clicks and typed fields."""

    month: int
    work: str
    people: list[str] = field(default_factory=list)
    clicks: int = 0
    typed: int = 0

    def row(self) -> str:
        """Return the line as it stands in the document."""
        who = ", ".join(self.people)
        return f"| {self.month} | {self.work} | {who} | {self.clicks} | {self.typed} |"


@dataclass
class Hand:
    """One person's hand at the browser; `at` is the page they left, to be opened when they come back
    and look at it."""

    name: str
    browser: "Stage"
    count: Callable[[], Count]
    cookies: list[SetCookieParam]
    at: str = ON_WORK
    is_open: bool = False

    @property
    def page(self) -> Page:
        """The page before this person."""
        self.browser.turn_to(self)
        if not self.is_open:
            self._open(self.at)
        return self.browser.page

    @property
    def place(self) -> Locator:
        """Where the hand works: an open dialog, else the page without its frame."""
        page = self.page
        dialog = page.locator("dialog[open]")
        return dialog if dialog.count() else page.locator("main")

    @property
    def address(self) -> str:
        """The path of the page the hand is at."""
        return self.browser.path() if self.is_open else self.at

    def _open(self, path: str) -> None:
        self.is_open = True
        self.browser.open(path)

    def go(self, path: str) -> None:
        """Open a place of the menu."""
        self._clicked()
        self.browser.turn_to(self)
        self._open(path)

    def take(self, title: str) -> None:
        """Open the item of this title: where a page leads on to it, else in one's work, which is
        where logging in leads."""
        page = self.page
        onward = page.locator("nav.note").get_by_role("link", name=title)
        if onward.count():
            self._clicked()
            self._click(onward)
            return
        if self.address != ON_WORK:
            self.go(ON_WORK)
        elif not page.locator("main").get_by_role("link", name=title).count():
            page.reload(wait_until="domcontentloaded")  # logged in before the item came
        self.press(title)

    def press(self, name: str, *, exact: bool = False, within: str = "") -> None:
        """Press the first shown button or link of this name; `within` says in which row."""
        place = self.place
        if within:
            place = place.locator("tr, li").filter(has_text=within).first
        button = place.get_by_role("button", name=name, exact=exact)
        found = button.or_(place.get_by_role("link", name=name, exact=exact))
        self._clicked()
        self._click(found.locator("visible=true").first)

    def tick(self, box: Locator) -> None:
        """Tick a box or choose one of several."""
        self._clicked()
        box.click()

    def choose(self, label: str, option: str) -> None:
        """Choose from a list."""
        self._clicked()
        self._field(label).select_option(label=option)

    def choose_begins(self, label: str, start: str) -> None:
        """Choose from a list the option that begins so."""
        options = self._field(label).locator("option").all_inner_texts()
        self.choose(label, next(one for one in options if one.startswith(start)))

    def type(self, label: str, text: str, *, exact: bool = False) -> None:
        """Type into a field."""
        self.count().typed += 1
        self._field(label, exact=exact).fill(text)

    def sees(self, *words: str) -> None:
        """Read on the page what must stand there."""
        told = self.page.locator("main").inner_text()
        assert [one for one in words if one not in told] == [], (self.address, told[:3000])

    def _click(self, found: Locator) -> None:
        """Click, and wait for the page that it leads to: another's session must not be in the
        browser before. The mouse clicks where the element lies, whatever lies over it."""
        shown = found.element_handle()
        if not shown.evaluate(LEADS_ON):
            shown.click(force=True)
            return
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            shown.click(force=True)

    def _field(self, label: str, *, exact: bool = False) -> Locator:
        place = self.place
        fields = place.get_by_label(label, exact=exact).and_(place.locator(FIELDS))
        return fields.locator("visible=true").first

    def _clicked(self) -> None:
        line = self.count()
        line.clicks += 1
        if self.name not in line.people:
            line.people.append(self.name)


@dataclass(frozen=True)
class Chapter:
    """What happens at a moment of the year ("2027-02-03T08:30", or "{audit_day}T15:30" where an
    earlier chapter notes the day); `fed` are the first and the last
    month whose cases the one-stop system has told of by then."""

    moment: str
    work: str
    tell: Tell
    fed: tuple[int, int] | None = None


class Chapters:
    """Collects the chapters of a year, in the order they are written in."""

    def __init__(self) -> None:
        self.kept: list[Chapter] = []

    def __call__(
        self, moment: str, work: str, *, fed: tuple[int, int] | None = None
    ) -> Callable[[Tell], Tell]:
        """Mark what tells a chapter."""

        def keep(tell: Tell) -> Tell:
            self.kept.append(Chapter(moment, work, tell, fed))
            return tell

        return keep


@dataclass
class Story:
    """One agency's year: its people, what has been counted, what is still to come.

    `cast` names people by their part: (log-in name, what the table calls them). `notes` keeps what
    one chapter leaves to a later one.
    """

    agency: int
    cast: dict[str, tuple[str, str]]
    chapters: list[Chapter]
    stage: "Stage" = None  # type: ignore[assignment]
    lines: list[Count] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)

    def __getattr__(self, part: str) -> Hand:
        """Return the hand of who plays a part."""
        try:
            login, name = self.__dict__["cast"][part]
        except KeyError:
            raise AttributeError(part) from None
        return self.stage.hand(login, name, lambda: self.lines[-1])

    @property
    def moment(self) -> str:
        """When the next chapter happens."""
        return self.chapters[0].moment.format_map(self.notes)

    def work_through(self) -> None:
        """Let the worker do what came up since the chapter began."""
        self.stage.work()

    def counted(self) -> tuple[int, int, str]:
        """Return clicks, typed fields and the table of the year."""
        clicks, typed = (sum(getattr(one, w) for one in self.lines) for w in ("clicks", "typed"))
        rows = [line.row() for line in self.lines]
        table = "\n".join([*rows, f"| | **cả năm** | | **{clicks}** | **{typed}** |"])
        return clicks, typed, table


class Days:
    """A process that does what happens behind the pages, one line after the other."""

    def __init__(self, site: Installation) -> None:
        self.told = site.folder / "days.log"
        with self.told.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.browser.day"], cwd=ROOT, env=site.environment(),
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
            )  # fmt: skip

    def pass_by(self, *words: str) -> None:
        """Have done what `tests.browser.day` makes of these words."""
        with suppress(BrokenPipeError):  # what it died of is told below
            print(*words, file=self.process.stdin, flush=True)
        assert self.process.stdout.readline() == DONE + "\n", self.told.read_text(encoding="utf-8")

    def close(self) -> None:
        """End the process."""
        self.process.communicate()


class Stage:
    """The installation, the clock and the browser that the stories of a year share."""

    def __init__(self, site: Installation, browser: Browser, clock: Path) -> None:
        self.site, self.clock, self.moment, self.set_at = site, clock, "", time.monotonic()
        self.days = Days(site)
        self.context = browser.new_context(
            locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", base_url=site.address,
            viewport={"width": WIDE[0], "height": WIDE[1]}, reduced_motion="reduce",
        )  # fmt: skip
        self.context.set_default_timeout(15_000)
        self.screen = Screen(self.context.new_page(), site.address)
        self.under_way: set[Request] = set()
        self.page.on("request", lambda request: self.under_way.add(request))
        for ended in ("requestfinished", "requestfailed"):
            self.page.on(ended, lambda request: self.under_way.discard(request))
        self.hands: dict[str, Hand] = {}
        self.present: set[str] = set()
        self.current: Hand | None = None

    @property
    def page(self) -> Page:
        """The page before whoever sits there."""
        return self.screen.page

    def path(self) -> str:
        """Return the path of the page."""
        return self.page.url.removeprefix(self.site.address)

    def open(self, path: str) -> None:
        """Go to a page of the product."""
        self.page.goto(self.site.address + path, wait_until="domcontentloaded")

    def turn_to(self, hand: Hand) -> None:
        """Let another person sit down, once nothing is under way for who sat there."""
        if self.current is hand:
            return
        if self.current is not None:
            deadline = time.monotonic() + 30
            while self.under_way:
                assert time.monotonic() < deadline, [one.url for one in self.under_way]
                self.page.wait_for_timeout(10)
            if self.current.is_open:
                self.current.at, self.current.is_open = self.path(), False
            self.current.cookies = [
                {"name": one["name"], "value": one["value"], "url": self.site.address}
                for one in self.context.cookies()
            ]
        self.context.add_cookies(hand.cookies)
        self.current = hand

    def tell(self, *stories: Story) -> None:
        """Tell the stories side by side, always the chapter that comes first."""
        for one in stories:
            one.stage = self
        while left := [one for one in stories if one.chapters]:
            story = min(left, key=lambda one: one.moment)
            moment, chapter = story.moment, story.chapters.pop(0)
            self._go_on(moment, story.agency, chapter.fed)
            story.lines.append(Count(int(moment[5:7]), chapter.work))
            chapter.tell(story)

    def _go_on(self, moment: str, agency: int, fed: tuple[int, int] | None) -> None:
        is_new = moment != self.moment
        self.moment = moment
        if is_new:
            self.open(NOTHING)  # a page that asks by itself would find its session over
            self.clock.write_text(f"{moment}:00+07:00", encoding="ascii")
            self.set_at = time.monotonic()
            self.present.clear()
        if is_new or fed:
            self._day("night" if is_new else "drain", *((agency, *fed) if fed else ()))

    def work(self) -> None:
        """Let the worker do what is due by now."""
        self._day("drain")

    def _day(self, how: str, *fed: int) -> None:
        since = timedelta(seconds=time.monotonic() - self.set_at + 1)
        now = datetime.fromisoformat(f"{self.moment}:00+07:00") + since
        self.days.pass_by(how, now.isoformat(), *map(str, fed))

    def hand(self, login: str, name: str, count: Callable[[], Count]) -> Hand:
        """Return a person's hand, before the work that stands there at this moment."""
        if login not in self.hands:
            self.hands[login] = Hand(name, self, count, cookies_of(self.site.address, login))
        hand = self.hands[login]
        if login not in self.present:
            self.present.add(login)
            hand.at, hand.is_open = ON_WORK, False
        return hand

    def close(self) -> None:
        """Close the browser's window."""
        self.days.close()
        self.context.close()
