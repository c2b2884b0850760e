"""The whole ISO year of a commune in a real browser, every click and every typed field counted.

A click is a button, a link, a box or a choice; going to a page by the menu is one. Logging in is not
counted. The table in `docs/design/commune-year.md` is the one this story makes.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Locator

from tests import world
from tests.browser.conftest import WIDE, Screen, cookies_of
from tests.installation import Installation

LIMIT = 120
TABLE = Path(__file__).resolve().parents[2] / "docs" / "design" / "commune-year.md"
WORKER = """
import sys
from datetime import datetime
import nep.config.commands.django_ready
import nep.config.wiring
from nep.foundation.outbox.worker import drain
drain(now=datetime.fromisoformat(sys.argv[1]))
"""
ONCE = 0  # the month of what is done once and not every year


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
    """One person's hand on one screen."""

    name: str
    screen: Screen
    count: Callable[[], Count]

    @property
    def place(self) -> Locator:
        """Where the hand works: an open dialog, else the page without its frame."""
        dialog = self.screen.page.locator("dialog[open]")
        return dialog if dialog.count() else self.screen.page.locator("main")

    def go(self, path: str) -> None:
        """Open a place of the menu."""
        self._clicked()
        self.screen.page.goto(self.screen.address + path, wait_until="domcontentloaded")

    def take(self, title: str) -> None:
        """Open one's work, which is where logging in leads, and in it the item of this title."""
        if self.screen.page.url.endswith("/viec/"):
            self.screen.page.reload(wait_until="domcontentloaded")  # logged in before the item came
        else:
            self.go("/viec/")
        self.press(title)

    def press(self, name: str, *, within: Locator | None = None) -> None:
        """Press the first shown button or link of this name."""
        at = within or self.place
        found = at.get_by_role("button", name=name).or_(at.get_by_role("link", name=name))
        self._clicked()
        found.locator("visible=true").first.click()
        self.screen.page.wait_for_load_state("domcontentloaded")

    def tick(self, box: Locator) -> None:
        """Tick a box or choose one of several."""
        self._clicked()
        box.click()

    def choose(self, label: str, option: str) -> None:
        """Choose from a list."""
        self._clicked()
        self._field(label).select_option(label=option)

    def type(self, label: str, text: str) -> None:
        """Type into a field."""
        self.count().typed += 1
        self._field(label).fill(text)

    def sees(self, text: str) -> None:
        """Read on the page what must stand there."""
        assert text in self.screen.page.locator("main").inner_text(), self.screen.page.url

    def _field(self, label: str) -> Locator:
        return self.place.get_by_label(label).locator("visible=true").first

    def _clicked(self) -> None:
        line = self.count()
        line.clicks += 1
        if self.name not in line.people:
            line.people.append(self.name)


class Story:
    """The year: a clock that goes on, the people, and the table that grows."""

    def __init__(self, site: Installation, browser, clock: Path) -> None:
        self.site, self.browser, self.clock = site, browser, clock
        self.moment = ""
        self.lines: list[Count] = []
        self.open: dict[str, Hand] = {}
        self.present: set[str] = set()

    def on(self, moment: str, work: str) -> None:
        """Go on to a moment of the year ("2027-02-03T08:30") and begin a line of the table."""
        self.moment = f"{moment}:00+07:00"
        self.clock.write_text(self.moment, encoding="ascii")
        self.work_through()
        self.lines.append(Count(datetime.fromisoformat(moment).month, work))
        self.present.clear()

    def work_through(self) -> None:
        """Let the worker do what is due by now."""
        since = timedelta(seconds=time.time() - self.clock.stat().st_mtime + 1)
        now = datetime.fromisoformat(self.moment) + since
        made = self.site.python("-c", WORKER, now.isoformat())
        assert made.returncode == 0, made.stderr

    def hand(self, login: str, name: str) -> Hand:
        """Return a person's hand, logged in at this moment, with the work that stands there."""
        if login not in self.open:
            context = self.browser.new_context(
                locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", base_url=self.site.address,
                viewport={"width": WIDE[0], "height": WIDE[1]}, reduced_motion="reduce",
            )  # fmt: skip
            context.set_default_timeout(15_000)
            screen = Screen(context.new_page(), self.site.address)
            self.open[login] = Hand(name, screen, lambda: self.lines[-1])
        if login not in self.present:
            self.present.add(login)
            page = self.open[login].screen.page
            page.context.clear_cookies()
            page.context.add_cookies(cookies_of(self.site.address, login))
            self.open[login].screen.open("/viec/")
        return self.open[login]

    @property
    def secretary(self) -> Hand:
        return self.hand("sn.thukyiso", "thư ký ISO")

    @property
    def head(self) -> Hand:
        return self.hand("sn.chutich", "Chủ tịch")

    @property
    def deputy(self) -> Hand:
        return self.hand("sn.phochutich", "Phó Chủ tịch")

    @property
    def office(self) -> Hand:
        return self.hand("sn.chanhvp", "Chánh Văn phòng")

    @property
    def first_auditor(self) -> Hand:
        return self.hand("sn.hotich3", "trưởng đoàn")

    @property
    def second_auditor(self) -> Hand:
        return self.hand("sn.motcua", "đánh giá viên")


def certified(story: Story) -> None:
    """Write down once who may audit; counted apart, for it is no work of every year."""
    story.on("2027-02-20T08:30", "Ghi chứng chỉ của hai đánh giá viên, một lần")
    story.lines[-1].month = ONCE
    secretary = story.secretary
    for name in (
        "Tống Mỹ Duyên, Công chức tư pháp – hộ tịch",
        "Dương Khánh Ly, Công chức tiếp nhận",
    ):
        secretary.go("/nang-luc/danh-gia-vien/")
        fold = secretary.place.locator("summary", has_text="Ghi chứng chỉ")
        if not secretary.place.get_by_label("Người được cấp").is_visible():
            secretary.tick(fold)
        secretary.choose("Người được cấp", name)
        secretary.type("Khóa học", "Đánh giá viên nội bộ TCVN ISO 9001:2015")
        secretary.type("Nơi cấp", "Chi cục Tiêu chuẩn Đo lường Chất lượng")
        secretary.type("Ngày cấp", "10/03/2026")
        secretary.press("Lưu chứng chỉ")


def january(story: Story) -> None:
    story.on("2027-01-12T08:30", "Mở năm ISO; danh mục hồ sơ")
    secretary, head = story.secretary, story.head
    secretary.go("/nam-iso/")
    secretary.press("Mở năm")
    secretary.go("/nam-iso/")
    secretary.press("Mở danh mục hồ sơ")
    secretary.press("Mở danh mục")
    secretary.type("Số, ký hiệu", "ISO.01")
    secretary.type("Tiêu đề hồ sơ", "Hồ sơ hệ thống quản lý chất lượng")
    secretary.type("Thời hạn lưu", "5")
    secretary.press("Ghi dòng")
    head.go("/luu-tru/danh-muc/?nam=2027")
    head.type("Số quyết định", "05/QĐ-UBND")
    head.press("Ban hành")
    head.sees("đã ban hành, 1 dòng")


def february(story: Story) -> None:
    story.on("2027-02-03T08:30", "Bối cảnh, bên quan tâm, phạm vi, chính sách")
    secretary, head = story.secretary, story.head
    secretary.go("/boi-canh/")
    for _part in range(4):
        secretary.press("Soạn từ gợi ý")
        secretary.press("Lưu và trình phê duyệt")
    head.go("/boi-canh/")
    head.press("Đọc và phê duyệt 3 bản")
    head.sees("Số hồ sơ tăng nhanh")
    head.press("Phê duyệt cả 3 bản")
    story.office.take("Kiểm tra CS-01")
    story.office.press("Xem và kiểm tra")
    story.office.press("Kiểm tra xong")
    story.deputy.take("CS-01")
    story.deputy.press("Xem và phê duyệt")
    story.deputy.press("Phê duyệt")

    story.on("2027-02-10T08:30", "Mục tiêu chất lượng")
    secretary, head = story.secretary, story.head
    secretary.go("/muc-tieu/")
    secretary.press("Xem mục tiêu mẫu")
    secretary.press("Lấy các mục tiêu đã chọn")
    secretary.press("Trình lãnh đạo phê duyệt")
    head.take("Mục tiêu chất lượng năm 2027")
    head.sees("chờ phê duyệt")
    head.press("Phê duyệt 5 mục tiêu")


def march(story: Story) -> None:
    story.on("2027-03-05T08:30", "Rủi ro: đưa vào sổ, đánh giá, ứng phó")
    secretary = story.secretary
    secretary.go("/rui-ro/")
    secretary.press("Xem gợi ý")
    secretary.press("Đưa vào sổ")
    secretary.go("/rui-ro/")
    secretary.press("Số hồ sơ tăng nhanh")
    rate(secretary, "3. Thỉnh thoảng, mỗi năm một lần", "3. Vừa, một số hồ sơ chậm")
    act(secretary, "Phân công thêm một người tiếp nhận giờ cao điểm", "15/04/2027")

    story.on("2027-03-20T08:30", "Chương trình đánh giá của năm")
    secretary, head = story.secretary, story.head
    secretary.go("/danh-gia/")
    secretary.press("Đề xuất chương trình năm 2027")
    secretary.press("Trình phê duyệt")
    head.take("Chương trình đánh giá")
    head.press("Phê duyệt chương trình")


def rate(hand: Hand, likelihood: str, impact: str) -> None:
    """Rate a risk; the server multiplies."""
    for label, start in (("Khả năng xảy ra", likelihood), ("Mức độ ảnh hưởng", impact)):
        options = hand._field(label).locator("option").all_inner_texts()
        hand.choose(label, next(one for one in options if one.startswith(start)))
    hand.press("Tính mức")


def act(hand: Hand, title: str, due: str) -> None:
    """Give an action to the head of the office."""
    hand.type("Việc phải làm", title)
    hand.choose("Người làm", "Chu Văn Bình, Chánh Văn phòng")
    hand.type("Hạn hoàn thành", due)
    hand.press("Giao việc")


def april(story: Story) -> None:
    story.on("2027-04-12T09:00", "Rủi ro: làm xong, người khác kiểm tra")
    done(story, "Phân công thêm một người", "Lịch trực quầy tháng 4 đã có người thứ hai.")


def september(story: Story) -> None:
    story.on("2027-08-20T08:30", "Kế hoạch đánh giá, đoàn, thông báo")
    secretary, head = story.secretary, story.head
    secretary.go("/danh-gia/")
    secretary.press("Lập kế hoạch")
    secretary.press("Trình phê duyệt")
    head.take("ĐG 01/2027")
    head.press("Phê duyệt, thông báo")
    day = re.search(r"(\d\d)/(\d\d)/2027", head.place.inner_text())
    assert day is not None

    story.on(f"2027-{day[2]}-{day[1]}T15:30", "Đánh giá: hỏi, ghi, lập báo cáo")
    is_told = False
    for auditor in (story.first_auditor, story.second_auditor):
        auditor.screen.open("/viec/")
        todo = auditor.place.get_by_role("link", name=re.compile(r"^Đánh giá: [^\d]+$"))
        for title in todo.all_inner_texts():
            auditor.take(title)
            if not is_told:
                is_told = True
                question = auditor.place.locator("li.cl").first
                auditor.tick(question.get_by_text("KPH nhẹ"))
                auditor.count().typed += 1
                question.get_by_label("Đã thấy gì").fill("Danh mục dán ở quầy thiếu hai thủ tục.")
                auditor.screen.page.wait_for_timeout(900)
            auditor.press("Đã hỏi các câu còn lại, đều phù hợp")
    lead = story.second_auditor
    lead.press("ĐG 01/2027")
    lead.press("Kết thúc, gửi phát hiện")
    story.head.take("Xác nhận phát hiện đánh giá")
    story.head.sees("Danh mục dán ở quầy")
    story.head.press("Xác nhận các phát hiện đã đọc")
    lead.take("ĐG 01/2027: Lập báo cáo")
    lead.type("Kết luận của đoàn", "Hệ thống được duy trì, một điểm phải khắc phục.")
    lead.press("Lập báo cáo, mở 1 phiếu")


def october(story: Story) -> None:
    story.on("2027-09-14T08:30", "Khắc phục điểm không phù hợp")
    head = story.head
    head.take("Danh mục dán ở quầy")
    head.type("Đã xử lý ngay", "Dán bổ sung hai thủ tục ngay trong ngày.")
    head.press("Lưu sự khắc phục")
    head.type("Nguyên nhân", "Không ai được giao cập nhật danh mục dán ở quầy.")
    head.press("Lưu nguyên nhân")
    act(head, "Giao một người cửa soát danh mục đầu tháng.", "29/09/2027")
    head.tick(head.place.locator("summary", has_text="Không cần sửa tài liệu"))
    head.type("Lý do", "Quy trình đã nói về danh mục; chỉ thiếu người soát.")
    head.press("Ghi lý do")

    story.on("2027-09-28T08:30", "Khắc phục: làm xong, kiểm tra")
    done(story, "Giao một người cửa soát", "Danh mục tháng 9 đã soát, dán lại.")
    story.work_through()
    story.secretary.take("Danh mục dán ở quầy")
    story.secretary.press("Đạt, chờ xét hiệu lực")

    story.on("2027-12-01T08:30", "Khắc phục: xét hiệu lực, đóng; kết thúc đánh giá")
    secretary = story.secretary
    secretary.take("Danh mục dán ở quầy")
    secretary.tick(secretary.place.get_by_label("Có hiệu lực", exact=True))
    secretary.type("Đã xem gì", "Hai tháng nay danh mục ở quầy đủ thủ tục.")
    secretary.press("Ghi kết luận")
    secretary.sees("Đã đóng")
    secretary.take("ĐG 01/2027: Theo dõi khắc phục")
    secretary.press("Kết thúc cuộc đánh giá")


def done(story: Story, title: str, proof: str) -> None:
    """The head of the office tells an action done; the secretary looks at it."""
    story.office.take(title)
    story.office.type("Kết quả", proof)
    story.office.press("Báo xong")
    story.secretary.take(title)
    story.secretary.tick(story.secretary.place.get_by_label("Đạt, kết thúc việc này"))
    story.secretary.press("Ghi kết luận")


def december(story: Story) -> None:
    story.on("2027-12-02T08:30", "Xem xét của lãnh đạo: chốt đầu vào, mời")
    story.secretary.go("/xem-xet/")
    story.secretary.press("Chuẩn bị lần xem xét")
    story.secretary.press("Chốt đầu vào và mời họp")

    story.on("2027-12-09T10:00", "Xem xét của lãnh đạo: họp, phê duyệt biên bản")
    secretary, head = story.secretary, story.head
    secretary.take("XX 01/2027")
    secretary.press("Ghi biên bản")
    for answer in ("Mọi người được mời đều có mặt", "Hệ thống phù hợp, đầy đủ", "Mục nào để trống"):
        secretary.tick(secretary.place.get_by_label(answer))
    secretary.type("Việc phải làm", "Bổ sung một máy in ở quầy")
    secretary.choose("Người làm", "Chu Văn Bình, Chánh Văn phòng")
    secretary.type("Hạn", "15/01/2028")
    secretary.press("Ghi biên bản, chuyển phê duyệt")
    head.take("XX 01/2027")
    head.sees("Bổ sung một máy in ở quầy")
    head.press("Phê duyệt biên bản")

    story.on("2027-12-15T08:30", "Công bố phù hợp tiêu chuẩn")
    secretary, head = story.secretary, story.head
    secretary.go("/cong-bo/")
    secretary.press("Bắt đầu công bố")
    secretary.press("Bắt đầu xây dựng")
    secretary.press("Đưa vào áp dụng")
    story.work_through()
    head.take("Công bố phù hợp")
    head.type("Kết luận về hiệu lực", "Hệ thống có hiệu lực; đã đánh giá, xem xét trong năm.")
    head.press("Ký xác nhận hiệu lực")
    head.type("Số quyết định", "310/QĐ-UBND")
    head.press("Ký quyết định công bố")
    address = head.screen.page.url.removeprefix(head.screen.address)
    secretary.go(address)
    secretary.press("Ghi vào sổ gửi, niêm yết")
    secretary.press("Ghi vào sổ gửi, niêm yết")
    secretary.type("Địa chỉ trang", "https://songnhuan.lamson.gov.vn/iso")
    secretary.press("Ghi vào sổ gửi, niêm yết")
    secretary.sees("Đang duy trì")


@pytest.fixture
def story(chromium, tmp_path_factory):
    """The demonstration's ward before a web server whose clock the story sets."""
    folder = tmp_path_factory.mktemp("năm ISO")
    with Installation(folder / "site") as site:
        site.prepare(world.WARD)
        clock = folder / "clock"
        clock.write_text("2027-01-12T08:30:00+07:00", encoding="ascii")
        site.start_clocked(clock)
        told = Story(site, chromium, clock)
        yield told
        for hand in told.open.values():
            hand.screen.page.context.close()


def test_a_communes_year_takes_few_clicks_and_ends_in_a_declaration(story):
    for month in (january, february, certified, march, april, september, october, december):
        month(story)
    rows = [line.row() for line in story.lines if line.month != ONCE]
    clicks = sum(line.clicks for line in story.lines if line.month != ONCE)
    typed = sum(line.typed for line in story.lines if line.month != ONCE)

    assert clicks <= LIMIT
    table = "\n".join([*rows, f"| | **cả năm** | | **{clicks}** | **{typed}** |"])
    assert table in TABLE.read_text(encoding="utf-8"), table
    story.hand("sn.thukyiso", "thư ký ISO").go("/nam-iso/")
    assert story.site.python("-m", "tests.invariants").returncode == 0
