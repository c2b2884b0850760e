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
OFFICE = "Chu Văn Bình, Chánh Văn phòng"
COURSE = "Hướng dẫn, tiếp nhận hồ sơ theo quy trình"
UNIT = "Bạch Đình Trường, Trưởng phòng"
LATE = "Hồ sơ quá hạn"


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
        """Open the item of this title: where a page leads on to it, else in one's work, which is
        where logging in leads."""
        onward = self.screen.page.locator("nav.note").get_by_role("link", name=title)
        if onward.count():
            self._clicked()
            onward.click()
            self.screen.page.wait_for_load_state("domcontentloaded")
            return
        if self.screen.page.url.endswith("/viec/"):
            self.screen.page.reload(wait_until="domcontentloaded")  # logged in before the item came
        else:
            self.go("/viec/")
        self.press(title)

    def press(self, name: str, *, exact: bool = False) -> None:
        """Press the first shown button or link of this name."""
        button = self.place.get_by_role("button", name=name, exact=exact)
        found = button.or_(self.place.get_by_role("link", name=name, exact=exact))
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

    def choose_begins(self, label: str, start: str) -> None:
        """Choose from a list the option that begins so."""
        options = self._field(label).locator("option").all_inner_texts()
        self.choose(label, next(one for one in options if one.startswith(start)))

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

    def on(self, moment: str, work: str, *, fed: tuple[int, int] | None = None) -> None:
        """Go on to a moment of the year ("2027-02-03T08:30") and begin a line of the table.

        `fed` are the first and the last month whose cases the one-stop system has told of by then.
        """
        self.moment = f"{moment}:00+07:00"
        self.clock.write_text(self.moment, encoding="ascii")
        self.work_through(*((world.WARD, *fed) if fed else ()))
        self.lines.append(Count(datetime.fromisoformat(moment).month, work))
        self.present.clear()

    def work_through(self, *fed: int) -> None:
        """Let the worker do what is due by now, the night's jobs too."""
        since = timedelta(seconds=time.time() - self.clock.stat().st_mtime + 1)
        now = datetime.fromisoformat(self.moment) + since
        made = self.site.python("-m", "tests.browser.day", now.isoformat(), *map(str, fed))
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
    def centre(self) -> Hand:
        return self.hand("sn.giamdoctt", "Giám đốc Trung tâm")

    @property
    def unit(self) -> Hand:
        return self.hand("sn.tpvhxh", "Trưởng phòng")

    @property
    def first_auditor(self) -> Hand:
        return self.hand("sn.hotich3", "trưởng đoàn")

    @property
    def second_auditor(self) -> Hand:
        return self.hand("sn.motcua", "đánh giá viên")


def january(story: Story) -> None:
    story.on("2027-01-12T08:30", "Mở năm ISO; danh mục hồ sơ")
    secretary, head = story.secretary, story.head
    secretary.press("Mở năm")
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

    story.on("2027-01-20T08:30", "Chứng chỉ của hai đánh giá viên")
    secretary = story.secretary
    secretary.go("/nang-luc/danh-gia-vien/")
    secretary.choose("Người được cấp", "Tống Mỹ Duyên, Công chức tư pháp – hộ tịch")
    secretary.type("Khóa học", "Đánh giá viên nội bộ TCVN ISO 9001:2015")
    secretary.type("Nơi cấp", "Chi cục Tiêu chuẩn Đo lường Chất lượng")
    secretary.type("Ngày cấp", "10/03/2026")
    secretary.choose("Người học cùng khóa", "Dương Khánh Ly, Công chức tiếp nhận")
    secretary.press("Lưu chứng chỉ")
    secretary.sees("2 người đủ năng lực đánh giá nội bộ")


def february(story: Story) -> None:
    story.on("2027-02-03T08:30", "Bối cảnh, bên quan tâm, phạm vi, chính sách")
    secretary, head = story.secretary, story.head
    secretary.press("Mở bối cảnh, phạm vi")
    secretary.press("Lưu và trình phê duyệt 4 phần")
    head.take("Bối cảnh của cơ quan")
    head.sees("Số hồ sơ tăng nhanh")
    head.press("Phê duyệt cả 3 bản")
    story.office.take("Kiểm tra CS-01")
    story.office.press("Kiểm tra xong")
    story.deputy.take("CS-01")
    story.deputy.press("Phê duyệt")

    story.on("2027-02-10T08:30", "Mục tiêu chất lượng")
    secretary, head = story.secretary, story.head
    secretary.press("Mở mục tiêu")
    secretary.choose("Người phụ trách", OFFICE)
    secretary.press("Lấy và trình lãnh đạo phê duyệt")
    head.take("Mục tiêu chất lượng năm 2027")
    head.sees("chờ phê duyệt")
    head.press("Phê duyệt 5 mục tiêu")


def march(story: Story) -> None:
    story.on("2027-03-05T08:30", "Rủi ro: đưa vào sổ, đánh giá, ứng phó", fed=(1, 2))
    secretary = story.secretary
    secretary.press("Mở rủi ro, cơ hội")
    secretary.press("Đưa vào sổ")
    for label, start in (
        ("Khả năng xảy ra", "3. Thỉnh thoảng, mỗi năm một lần"),
        ("Mức độ ảnh hưởng", "3. Vừa, một số hồ sơ chậm"),
    ):
        secretary.choose_begins(label, start)
    secretary.type("Việc phải làm", "Phân công thêm một người tiếp nhận giờ cao điểm")
    secretary.choose("Người làm", OFFICE)
    secretary.press("Tính mức, giao việc")
    secretary.sees("3 × 3 = 9")

    story.on("2027-03-10T08:30", "Chương trình đánh giá của năm")
    secretary, head = story.secretary, story.head
    secretary.press("Mở chương trình đánh giá")
    secretary.press("Đề xuất chương trình năm 2027")
    secretary.press("Trình phê duyệt")
    head.take("Chương trình đánh giá")
    head.press("Phê duyệt chương trình")

    story.on("2027-03-12T08:30", "Đào tạo: nhu cầu theo vị trí, kế hoạch")
    secretary, head = story.secretary, story.head
    secretary.press("Mở kế hoạch đào tạo")
    secretary.type("Năng lực cần có", COURSE)
    secretary.choose("Vị trí", "Bộ phận một cửa")
    secretary.press("Lưu, lập buổi đào tạo")
    secretary.choose("Người giảng của cơ quan", OFFICE)
    secretary.press("Trình lãnh đạo kế hoạch")
    head.take("Kế hoạch đào tạo")
    head.sees(COURSE)
    head.press("Phê duyệt 1 buổi đào tạo")

    story.on("2027-03-26T16:00", "Đào tạo: điểm danh")
    story.secretary.take(COURSE)
    story.secretary.press("Ghi đã mở lớp")
    story.secretary.sees("người có mặt")


def april(story: Story) -> None:
    story.on("2027-04-02T09:00", "Rủi ro: làm xong, người khác kiểm tra, mức còn lại")
    done(story, "Phân công thêm một người", "Lịch trực quầy tháng 4 đã có người thứ hai.")
    story.work_through()
    deputy = story.deputy
    deputy.take("Số hồ sơ tăng nhanh")
    deputy.type("Đã xem gì", "Một tháng nay giờ cao điểm không ai chờ quá 20 phút.")
    for label, start in (("Khả năng xảy ra", "2."), ("Mức độ ảnh hưởng", "3.")):
        deputy.choose_begins(label, start)
    deputy.press("Đã có tác dụng, ghi mức còn lại")


def june(story: Story) -> None:
    story.on("2027-06-25T08:30", "Đào tạo: xét hiệu quả")
    story.centre.take(COURSE)
    story.centre.type("Dựa vào đâu", "Ba tháng sau, hồ sơ phải trả lại giảm một nửa.")
    story.centre.press("Có hiệu quả")

    story.on(
        "2027-07-09T08:30", "Hồ sơ quá hạn tháng 6 tự mở một phiếu: giao, ghi cả phiếu", fed=(3, 6)
    )
    secretary, unit = story.secretary, story.unit
    secretary.take(LATE)
    secretary.choose("Người phụ trách", UNIT)
    secretary.press("Giao", exact=True)
    unit.take(LATE)
    solve(
        unit, "Đã trả hết kết quả, xin lỗi từng người bằng văn bản.",
        "Tháng 6 chỉ có một người thẩm tra, người kia đi học.",
        "Phân công người thẩm tra thay khi một người vắng.", "30/07/2027",
        "Quy trình đã đúng; chỉ thiếu người thay.",
    )  # fmt: skip

    story.on("2027-07-29T08:30", "Phiếu của hồ sơ quá hạn: làm xong, kiểm tra")
    done(story, "Phân công người thẩm tra thay", "Đã có bảng phân công người thay từ 26/7.")
    story.secretary.press("Đạt, chờ xét hiệu lực")


def september(story: Story) -> None:
    story.on("2027-08-20T08:30", "Kế hoạch đánh giá, đoàn, thông báo")
    secretary, head = story.secretary, story.head
    secretary.press("Mở đánh giá")
    secretary.press("Lập kế hoạch")
    secretary.press("Trình phê duyệt")
    head.take("ĐG 01/2027")
    head.press("Phê duyệt, thông báo")
    day = re.search(r"(\d\d)/(\d\d)/2027", head.place.inner_text())
    assert day is not None

    story.on("2027-08-31T08:30", "Phiếu của hồ sơ quá hạn: xét hiệu lực, đóng", fed=(7, 7))
    story.secretary.take(LATE)
    story.secretary.type("Đã xem gì", "Hồ sơ tháng 7 đều đúng hạn.")
    story.secretary.press("Có hiệu lực")
    story.secretary.sees("Đã đóng")

    story.on(f"2027-{day[2]}-{day[1]}T15:30", "Đánh giá: hỏi, ghi, lập báo cáo")
    is_told = False
    for auditor in (story.first_auditor, story.second_auditor):
        title = auditor.place.get_by_role("link", name=re.compile(r"^Đánh giá: [^\d]+$")).first
        auditor.take(title.inner_text())
        while "/danh-gia/phien/" in auditor.screen.page.url:
            if not is_told:
                is_told = True
                question = auditor.place.locator("li.cl").first
                auditor.tick(question.get_by_text("KPH nhẹ"))
                auditor.count().typed += 1
                question.get_by_label("Đã thấy gì").fill("Danh mục dán ở quầy thiếu hai thủ tục.")
                auditor.screen.page.wait_for_timeout(900)
            auditor.press("Đã hỏi các câu còn lại, đều phù hợp")
    lead = story.second_auditor
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
    solve(
        head, "Dán bổ sung hai thủ tục ngay trong ngày.",
        "Không ai được giao cập nhật danh mục dán ở quầy.",
        "Giao một người cửa soát danh mục đầu tháng.", "29/09/2027",
        "Quy trình đã nói về danh mục; chỉ thiếu người soát.",
    )  # fmt: skip

    story.on("2027-09-28T08:30", "Khắc phục: làm xong, kiểm tra")
    done(story, "Giao một người cửa soát", "Danh mục tháng 9 đã soát, dán lại.")
    story.secretary.press("Đạt, chờ xét hiệu lực")

    story.on("2027-10-12T08:30", "Soát xét tài liệu đến hạn")
    secretary = story.secretary
    secretary.press("Mở tài liệu đến hạn")
    secretary.type(
        "Đã xem gì", "Đã đọc lại từng quy trình, đối chiếu danh mục thủ tục đang công bố."
    )
    secretary.press("Ghi vẫn phù hợp cho các dòng đã chọn")

    story.on("2027-10-29T08:30", "Khắc phục: xét hiệu lực, đóng; kết thúc đánh giá")
    secretary = story.secretary
    secretary.take("Danh mục dán ở quầy")
    secretary.type("Đã xem gì", "Một tháng nay danh mục ở quầy đủ thủ tục.")
    secretary.press("Có hiệu lực")
    secretary.sees("Đã đóng")
    secretary.take("ĐG 01/2027: Theo dõi khắc phục")
    secretary.press("Kết thúc cuộc đánh giá")


def solve(hand: Hand, correction: str, cause: str, act: str, due: str, document: str) -> None:
    """Write a whole sheet and give its action to the head of the office."""
    for label, text in (
        ("Đã xử lý ngay", correction), ("Nguyên nhân gốc", cause), ("Việc phải làm", act),
        ("Hạn hoàn thành", due), ("Sửa gì, hoặc vì sao", document),
    ):  # fmt: skip
        hand.type(label, text)
    hand.choose("Người làm", OFFICE)
    hand.press("Ghi cả phiếu, giao việc")


def done(story: Story, title: str, proof: str) -> None:
    """The head of the office tells an action done; the secretary looks at it."""
    story.office.take(title)
    story.office.type("kết quả thế nào", proof)
    story.office.press("Báo xong")
    story.secretary.take(title)
    story.secretary.press("Đạt, kết thúc việc này")


def november(story: Story) -> None:
    story.on("2027-11-02T08:30", "Xem xét của lãnh đạo: chốt đầu vào, mời", fed=(8, 10))
    story.secretary.press("Mở xem xét")
    story.secretary.press("Chốt đầu vào và mời họp")

    story.on("2027-11-09T10:00", "Xem xét của lãnh đạo: họp, phê duyệt biên bản")
    secretary, head = story.secretary, story.head
    secretary.take("XX 01/2027")
    for answer in ("Mọi người được mời đều có mặt", "Hệ thống phù hợp, đầy đủ", "Mục nào để trống"):
        secretary.tick(secretary.place.get_by_label(answer))
    secretary.type("Việc phải làm", "Bổ sung một máy in ở quầy")
    secretary.choose("Người làm", OFFICE)
    secretary.type("Hạn", "15/01/2028")
    secretary.press("Ghi biên bản, chuyển phê duyệt")
    head.take("XX 01/2027")
    head.sees("Bổ sung một máy in ở quầy")
    head.press("Phê duyệt biên bản")

    story.on("2027-11-18T08:30", "Báo cáo năm cho đơn vị chủ trì")
    secretary = story.secretary
    secretary.sees("Gửi báo cáo năm cho đơn vị chủ trì")
    secretary.press("Ghi đã làm xong")
    secretary.type("Số, ngày văn bản", "Báo cáo số 212/BC-UBND ngày 18/11/2027")
    secretary.press("Ghi đã làm xong")


def december(story: Story) -> None:
    story.on("2027-12-06T08:30", "Đánh giá kết quả các mục tiêu", fed=(11, 11))
    secretary = story.secretary
    secretary.press("Đánh giá các mục tiêu")
    secretary.sees("Kỳ chưa có nguyên nhân: Quý 2.")
    for label, text in (
        ("Nguyên nhân", "Tháng 6 chỉ có một người thẩm tra, người kia đi học."),
        ("Biện pháp", "Lập bảng phân công người thay cho cả năm sau."),
        ("Hạn hoàn thành", "31/01/2028"),
    ):
        secretary.type(label, text)
    secretary.choose("Người làm", OFFICE)
    secretary.press("Kết luận 5 mục tiêu theo số liệu")

    story.on("2027-12-15T08:30", "Công bố phù hợp tiêu chuẩn")
    secretary, head = story.secretary, story.head
    secretary.press("Mở công bố")
    secretary.press("Bắt đầu, đưa vào áp dụng luôn")
    story.work_through()
    head.take("Công bố phù hợp")
    head.type("Kết luận về hiệu lực", "Hệ thống có hiệu lực; đã đánh giá, xem xét trong năm.")
    head.press("Ký xác nhận hiệu lực")
    head.type("Số quyết định", "310/QĐ-UBND")
    head.press("Ký quyết định công bố")
    address = head.screen.page.url.removeprefix(head.screen.address)
    secretary.go(address)
    secretary.type("Địa chỉ trang", "https://songnhuan.lamson.gov.vn/iso")
    secretary.press("Ghi các nơi đã gửi, niêm yết")
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
    for month in (
        january, february, march, april, june, september, october, november, december
    ):  # fmt: skip
        month(story)
    clicks, typed = (sum(getattr(one, name) for one in story.lines) for name in ("clicks", "typed"))
    rows = [line.row() for line in story.lines]
    table = "\n".join([*rows, f"| | **cả năm** | | **{clicks}** | **{typed}** |"])

    assert clicks <= LIMIT
    assert table in TABLE.read_text(encoding="utf-8"), table
    secretary = story.secretary
    secretary.go("/nam-iso/")
    secretary.sees("Năm ISO 2027: đã xong cả 14 việc")
    assert story.site.python("-m", "tests.invariants").returncode == 0
