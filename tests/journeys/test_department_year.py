"""A department's whole ISO year in order, from an empty system to its declaration and its pack.

Every gate is met once while it is still shut, with the sentence that says why; then what it asks for
is done by who may do it. The clock of the web goes on from day to day with the story.
"""

import subprocess
import sys
import zipfile
from datetime import datetime, timedelta, tzinfo
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from nep.apps.audits.models import Audit, Finding, Session
from nep.apps.conformity.models import Declaration, EvidencePack
from nep.apps.conformity.services import declarations_watch
from nep.apps.improvement.models import Nonconformity
from nep.apps.organization.models import Person
from nep.apps.planning.models import Objective, Risk, Statement
from nep.apps.planning.services import objectives_measure
from nep.apps.reviews.models import Review
from nep.demonstration import facts
from nep.demonstration.procedures import bring_into_force
from nep.foundation.outbox.worker import drain
from nep.foundation.web import middleware
from nep.kernel.vietnamese import VN
from tests import world
from tests.finished_cases import feed
from tests.invariants import broken
from tests.standing import kept
from tests.visitor import Visitor, plain

pytestmark = pytest.mark.django_db
YEAR = world.BEGINNING.year
MOTTO, THREAT = "Đúng luật, đúng hẹn, thân thiện", "Hồ sơ luật sư tăng sau khi sáp nhập tỉnh"
ANSWERS = "Trả lời vướng mắc của tổ chức luật sư trong năm ngày"
ARTICLES = "Tin bài phổ biến pháp luật đăng đúng kế hoạch"
HELP = "Phân công người thứ hai thẩm định hồ sơ luật sư"
COURSE = "Thẩm định hồ sơ luật sư theo quy trình mới"
STAND_IN = "Giao người in phiếu thay khi nghỉ"
CERTIFICATE = {
    "course": "Đánh giá nội bộ ISO 9001", "given_on": f"15/03/{YEAR - 1}",
    "given_by": "Chi cục Tiêu chuẩn Đo lường Chất lượng",
}  # fmt: skip
EFFECTIVE = {"text": "Đã xem báo cáo đánh giá và biên bản; hệ thống có hiệu lực."}


def build_department() -> int:
    """Build the demonstration's department with two procedures in force and nothing of the year."""
    agency = world.agency_facts(world.DEPARTMENT)
    agency_id = world.build(agency, procedures=False)
    source = facts.procedures_source(agency)
    for content in facts.procedures(agency)[:2]:
        bring_into_force(agency, content, agency_id=agency_id, now=world.BEGINNING, source=source)
    drain(now=world.BEGINNING)
    return agency_id


department = kept(build_department)


class Calendar:
    """Stands where the middleware asks `datetime` for the moment; the day goes on by `on`."""

    def __init__(self) -> None:
        self.moment = world.BEGINNING
        self.people: dict[str, Visitor] = {}
        self.known: set[str] = set()

    def now(self, zone: tzinfo) -> datetime:
        """Return the moment of the story."""
        return self.moment.astimezone(zone)

    def on(self, day: int, month: int, hour: int = 9, *, year: int = YEAR) -> None:
        """Go on to a day; the worker does what fell due, and everybody has to log in again."""
        self.moment = datetime(year, month, day, hour, tzinfo=VN)
        self.people.clear()
        self.work()

    def work(self) -> None:
        """Let the worker do what is due."""
        drain(now=self.moment + timedelta(minutes=5))

    def who(self, login: str) -> Visitor:
        """Return a person's browser, logged in today; the first time through the page."""
        if login not in self.people:
            name = f"stp.{login}"
            again = login in self.known
            self.people[login] = (
                Visitor(world.signed_in(name)) if again else Visitor().sign_in(name)
            )
            self.known.add(login)
        return self.people[login]


@pytest.fixture
def year(department, monkeypatch) -> Calendar:
    """The clock of the story, which the web reads."""
    calendar = Calendar()
    monkeypatch.setattr(middleware, "datetime", calendar)
    return calendar


def refused(who: Visitor, path: str, data: dict[str, Any], *words: str) -> None:
    """Send what the page does not offer; the server refuses it with these words."""
    answer = who.client.post(path, data)
    told = plain(html.fromstring(answer.content.decode()).xpath("//main")[0].text_content())
    assert answer.status_code == 422, (path, answer.status_code, told[:500])
    assert [one for one in words if one not in told] == [], told[:1500]


def test_a_department_leads_its_system_through_a_year_to_its_declaration(year, tmp_path):
    missing = clauses_missing(year)
    foundations_are_laid(year)
    objectives_are_approved(year)
    a_risk_is_met(year)
    people_are_trained(year)
    half_a_year_is_measured(year)
    the_audit_is_planned_by_who_may(year)
    the_audit_is_held_and_reported(year)
    the_finding_is_put_right(year)
    the_head_reviews_before_he_declares(year)
    the_department_declares(year)
    the_pack_proves_itself(year, tmp_path)
    left = clauses_missing(year)
    the_year_is_judged(year)

    assert missing >= 50
    assert left <= 1
    assert Declaration.objects.get().state == "maintained"
    assert Risk.objects.get().left_product == 8
    assert list(broken()) == []


def clauses_missing(year: Calendar) -> int:
    """Return how many clauses of the matrix have no evidence at all."""
    page = year.who("thukyiso").visit("/phu-hop/ma-tran/").page
    told = page.xpath("//a[contains(@href, 'tt=missing')]")
    return int(plain(told[0].text_content()).split()[-1]) if told else 0


def foundations_are_laid(year: Calendar) -> None:
    """Open the year; the head approves what others wrote, the policy as a controlled document."""
    year.on(8, 1)
    secretary, head, deputy = (year.who(one) for one in ("thukyiso", "giamdoc", "phogiamdoc"))
    secretary.visit("/nam-iso/").press("Mở năm").sees("Việc tiếp theo: Ban hành danh mục")
    secretary.visit("/boi-canh/soan/context/").press("Lưu và trình phê duyệt", {"threats": THREAT})
    deputy.visit("/boi-canh/soan/parties/").press("Lưu và trình phê duyệt")
    secretary.visit("/boi-canh/soan/scope/").press("Lưu và trình phê duyệt")
    secretary.visit("/boi-canh/soan/policy/").press("Lưu và trình phê duyệt", {
        "motto": MOTTO, "checker_id": "Trịnh Bá Lộc", "approver_id": "Đinh Quang Thạch",
    })  # fmt: skip
    own = Statement.objects.get(part="parties")
    refused(deputy, f"/boi-canh/{own.pk}/duyet/", {"content_hash": own.content_hash},
            "Người soạn không tự phê duyệt. Cần lãnh đạo khác.")  # fmt: skip
    head.visit("/boi-canh/phe-duyet/").sees(THREAT)
    head.press("Phê duyệt cả 3 bản")
    checker = year.who("chanhvp")
    checker.visit("/viec/").follow("Kiểm tra CS-01").press("Kiểm tra xong")
    head.visit("/viec/").follow("CS-01").press("Phê duyệt")
    head.sees("Lần 01: đang hiệu lực")
    year.work()
    assert Statement.objects.get(part="policy").state == "in_force"


def objectives_are_approved(year: Calendar) -> None:
    """Two units propose, the secretary gathers, the head approves all of them in one act."""
    year.on(3, 2)
    for login, unit, owner, title in (
        ("tpbttp", "Phòng Bổ trợ", "Đặng Văn Toàn", ANSWERS),
        ("tppbpl", "Phòng Phổ biến", "Nông Thế Vinh", ARTICLES),
    ):
        year.who(login).visit("/muc-tieu/moi/").press("Gửi đề xuất", {
            "title": title, "target": "95", "method": "Đếm trong sổ theo dõi của phòng",
            "unit": unit, "owner": owner, "frequency": "6 tháng",
        })  # fmt: skip
    secretary, head = year.who("thukyiso"), year.who("giamdoc")
    secretary.visit("/muc-tieu/mau/").press("Lấy các mục tiêu đã chọn")
    secretary.press("Trình lãnh đạo phê duyệt")
    head.visit("/viec/").follow("Mục tiêu chất lượng năm").sees(ANSWERS, ARTICLES)
    head.press("Phê duyệt 8 mục tiêu").sees("Đinh Quang Thạch, lần 1")


def a_risk_is_met(year: Calendar) -> None:
    """A threat of the context becomes a risk: rated, treated, judged by somebody else."""
    year.on(10, 2)
    secretary = year.who("thukyiso")
    secretary.visit("/rui-ro/goi-y/").press("Đưa vào sổ").sees(THREAT)
    secretary.press("Tính mức", {"likelihood": "4", "impact": "4"}).sees("4 × 4 = 16")
    secretary.press("Giao việc", {
        "title": HELP, "due_on": f"10/04/{YEAR}", "owner_id": "Đặng Văn Toàn",
    })  # fmt: skip
    year.on(8, 4)
    year.who("tpbttp").visit("/viec/").follow(HELP)
    year.who("tpbttp").press("Báo xong", {"evidence": "Bảng phân công tháng 4 đã ban hành."})
    year.who("thukyiso").visit("/viec/").follow(HELP).press("Đạt, kết thúc việc này")
    year.work()
    year.who("phogiamdoc").visit(f"/rui-ro/{Risk.objects.get().pk}/").press("Đã có tác dụng", {
        "note": "Hai tháng không hồ sơ nào chờ người.", "likelihood": "2", "impact": "4",
    })  # fmt: skip


def people_are_trained(year: Calendar) -> None:
    """What a position lacks becomes a plan, a session, and an effect that somebody else sees."""
    year.on(15, 4)
    secretary, head = year.who("thukyiso"), year.who("giamdoc")
    secretary.visit("/nang-luc/vi-tri/")
    secretary.press("Lưu yêu cầu", {"title": COURSE, "role": "Chuyên viên"})
    secretary.press("Đưa các dòng đã chọn", {"chosen": True}).sees("1 nhu cầu chưa có lớp")
    secretary.follow("Lập buổi đào tạo").press("Đưa vào kế hoạch", {
        "day": f"15/05/{YEAR}", "trainer_person": "Đặng Văn Toàn", "organiser": "Tạ Minh Châu",
    })  # fmt: skip
    secretary.press("Trình lãnh đạo 1 buổi")
    head.visit("/viec/").visit(head.links("nang-luc/ke-hoach")[0]).sees(COURSE)
    head.press("Phê duyệt 1 buổi đào tạo")
    year.on(15, 5, 16)
    secretary = year.who("thukyiso")
    secretary.visit("/viec/").follow(COURSE).press("Ghi đã mở lớp")
    secretary.sees("7/7 người có mặt", "Người không dự xét hiệu quả")
    session = secretary.path
    secretary.visit("/nang-luc/danh-gia-vien/")
    for name, kind in (
        ("Vũ Hải Yến", "Đánh giá viên"), ("Quách Ngọc Diệp", "Đánh giá viên"),
        ("Cao Thị Thu Ngân", "Trưởng đoàn"),
    ):  # fmt: skip
        secretary.press("Lưu chứng chỉ", {"person": name, "kind": kind, **CERTIFICATE})
    secretary.sees("3 người đủ năng lực đánh giá nội bộ")
    year.on(20, 7)
    year.who("phogiamdoc").visit(session).press("Có hiệu quả", {
        "note": "Hai tháng sau, hồ sơ phải trả lại giảm một nửa.",
    })  # fmt: skip


def half_a_year_is_measured(year: Calendar) -> None:
    """A target is missed, told by whom it concerns, with its cause and what is done about it."""
    year.on(21, 7)
    feed(world.DEPARTMENT, range(2, 7), now=year.moment)  # thirty cases, three of June are late
    year.work()
    assert objectives_measure(now=year.moment) > 0
    head_of_unit = year.who("tppbpl")
    head_of_unit.visit(f"/muc-tieu/{Objective.objects.get(title=ARTICLES).pk}/")
    head_of_unit.press("Lưu kết quả", {
        "period": "6 tháng đầu", "value": "80", "evidence": "Sổ đăng tin: 16 trên 20 bài.",
    })  # fmt: skip
    head_of_unit.sees("Chưa đạt")
    head_of_unit.press("Lưu nguyên nhân, biện pháp", {
        "cause": "Ba bài chờ duyệt quá lâu.", "title": "Giao người duyệt thay",
        "owner": "Quách Ngọc Diệp", "due_on": f"15/09/{YEAR}",
    })  # fmt: skip
    year.who("pbpl1").visit("/viec/").follow("Giao người duyệt thay").press(
        "Báo xong", {"evidence": "Có lịch duyệt bài hai người."}
    )


def the_audit_is_planned_by_who_may(year: Calendar) -> None:
    """The programme and the plan are approved; nobody audits the unit they work in."""
    year.on(20, 8)
    secretary, head = year.who("thukyiso"), year.who("giamdoc")
    secretary.visit("/danh-gia/").press("Đề xuất chương trình").press("Trình phê duyệt")
    head.visit("/viec/").follow("Chương trình đánh giá").press("Phê duyệt chương trình")
    year.on(21, 9)
    secretary, head = year.who("thukyiso"), year.who("giamdoc")
    secretary.visit("/danh-gia/").press("Lập kế hoạch tháng")
    session = Session.objects.get(unit__code="BTTP")
    works_there = Person.objects.get(name="Vũ Hải Yến").pk
    answer = secretary.client.post(f"/danh-gia/phien/{session.pk}/nguoi/", {"person": works_there})
    secretary.visit(answer["Location"]).press("Trình phê duyệt", expect=422)
    secretary.sees("Vũ Hải Yến không đánh giá được Phòng Bổ trợ tư pháp: Đang làm việc tại")
    secretary.press("Đổi sang Cao Thị Thu Ngân")
    secretary.press("Trình phê duyệt").sees("chờ phê duyệt kế hoạch")
    head.visit("/viec/").follow("ĐG 01/").press("Phê duyệt, thông báo", {"decision": "31/QĐ-STP"})
    head.sees("đã thông báo")


def the_audit_is_held_and_reported(year: Calendar) -> None:
    """Each session is asked by its own auditor; one minor finding, agreed to by the unit."""
    audit = Audit.objects.get()
    sessions = list(Session.objects.filter(audit=audit).order_by("starts_at"))
    held_on = sessions[-1].ends_at.astimezone(VN)
    year.on(held_on.day, held_on.month, 17)
    for session in sessions:
        auditor, page = year.who(login_of(session)), f"/danh-gia/phien/{session.pk}/"
        if session.unit.code != "BTTP":  # as by the button of the page
            assert auditor.client.post(f"{page}con-lai/").status_code == 302
            continue
        first = Finding.objects.filter(session=session).order_by("position")[0]
        auditor.client.post(f"/danh-gia/cau/{first.pk}/", {
            "level": "minor", "text": "Hai hồ sơ thiếu phiếu kiểm soát ở bước thẩm định.",
        })  # fmt: skip
        auditor.visit(page).press("Đã hỏi các câu còn lại, đều phù hợp")
    lead, place = year.who(leader_of(audit)), audit.pk
    lead.visit(f"/danh-gia/{place}/").press("Kết thúc, gửi phát hiện").sees("1 điểm không phù hợp")
    told_on = held_on + timedelta(days=3)
    year.on(told_on.day, told_on.month)
    unit = year.who("tpbttp")
    unit.visit("/viec/").follow("Xác nhận phát hiện đánh giá").sees("Không phù hợp nhẹ")
    unit.press("Xác nhận các phát hiện đã đọc").sees("chờ báo cáo")
    lead = year.who(leader_of(audit))
    lead.visit(f"/danh-gia/{place}/").press("Lập báo cáo, mở 1 phiếu", {
        "conclusion": "Hệ thống được duy trì; một điểm không phù hợp nhẹ phải khắc phục.",
    })  # fmt: skip


def login_of(session: Session) -> str:
    """Return the log-in name of who audits a session, without the department's prefix."""
    return _short(session.auditors.get().person_id)


def leader_of(audit: Audit) -> str:
    """Return the log-in name of who leads an audit."""
    return _short(audit.members.get(part="leader").person_id)


def _short(person_id: int) -> str:
    login = Person.objects.values_list("user__username", flat=True).get(pk=person_id)
    return str(login).removeprefix("stp.")


def the_finding_is_put_right(year: Calendar) -> None:
    """Nothing closes without a cause; then correction, cause, action, check, effect."""
    year.on(15, 10)
    place = f"/khong-phu-hop/{Nonconformity.objects.get().pk}/"
    unit, secretary = year.who("tpbttp"), year.who("thukyiso")
    refused(
        secretary, f"{place}dong/", {"note": "Xong."}, "Chưa đóng được phiếu", "đã ghi nguyên nhân"
    )
    unit.visit(place).press("Lưu sự khắc phục", {"correction": "Lập lại phiếu cho hai hồ sơ."})
    unit.press("Lưu nguyên nhân", {
        "why_1": "Phiếu in trước khi giao hồ sơ", "cause": "Người in phiếu nghỉ, không ai thay.",
    })  # fmt: skip
    unit.press("Giao việc", {
        "title": STAND_IN, "due_on": f"22/10/{YEAR}", "owner": "Trần Thị Mai Lan",
    })  # fmt: skip
    unit.press("Ghi lý do", {"reason": "Quy trình đã ghi rõ phiếu kiểm soát."})
    year.on(20, 10)
    year.who("bttp1").visit("/viec/").follow(STAND_IN)
    year.who("bttp1").press("Báo xong", {"evidence": "Bảng phân công ngày 19/10 có người thay."})
    secretary = year.who("thukyiso")
    secretary.visit("/viec/").follow(STAND_IN).press("Đạt, kết thúc việc này")
    year.work()
    secretary.visit(place).press("Đạt, chờ xét hiệu lực", {"effect_on": f"20/11/{YEAR}"})
    year.on(23, 11)
    year.who("thukyiso").visit(place).press("Có hiệu lực", {
        "close": True, "note": "Xem 20 hồ sơ tháng 11, hồ sơ nào cũng đủ phiếu.",
    })  # fmt: skip
    year.who("thukyiso").sees("Đã đóng: Hai hồ sơ thiếu phiếu kiểm soát")
    audit = Audit.objects.get()
    lead = year.who(leader_of(audit))
    lead.visit(f"/danh-gia/{audit.pk}/").press("Kết thúc cuộc đánh giá").sees("đã kết thúc")


def the_head_reviews_before_he_declares(year: Calendar) -> None:
    """The system is applied, but confirmed only after an approved review; editions stay locked."""
    year.on(24, 11)
    secretary, head = year.who("thukyiso"), year.who("giamdoc")
    secretary.visit("/tieu-chuan/").press(
        "Ghi bản áp dụng", {"edition": "ISO 9001:2026"}, expect=422
    )
    secretary.sees("chưa ghi nhận văn bản hướng dẫn áp dụng của Bộ Khoa học và Công nghệ")
    secretary.visit("/cong-bo/moi/").press("Bắt đầu xây dựng").press("Đưa vào áp dụng")
    secretary.sees("Đang áp dụng: còn thiếu 1 điều kiện")
    refused(head, f"{secretary.path}xac-nhan/", EFFECTIVE,
            "Chưa có cuộc xem xét của lãnh đạo nào được phê duyệt.")  # fmt: skip
    secretary.visit("/xem-xet/moi/")
    secretary.press("Chốt đầu vào và mời họp", {"meets_on": f"30/11/{YEAR}"})
    secretary.sees("Đã chốt đầu vào", "Đây là lần xem xét đầu tiên ghi trên hệ thống")
    secretary.sees("Đã trả kết quả 30 hồ sơ, 90% không quá hạn")
    review = secretary.path
    year.on(30, 11, 14)
    secretary, head = year.who("thukyiso"), year.who("giamdoc")
    secretary.visit(review).sees("chốt lần 1")
    secretary.follow("Ghi biên bản")
    secretary.press("Ghi biên bản, chuyển phê duyệt", {
        "all_present": True, "verdict": "effective", "nothing_else": True,
        "title_1": "Thêm người duyệt tin bài", "owner_1": "Nông Thế Vinh",
        "due_1": f"31/01/{YEAR + 1}", "output_1": "Nguồn lực",
    })  # fmt: skip
    head.visit("/viec/").visit(head.links("xem-xet/.+")[0]).press("Phê duyệt biên bản", {})
    head.sees("Đã phê duyệt, đang theo dõi quyết định: còn 1 việc")
    year.who("tppbpl").visit("/viec/").sees("Thêm người duyệt tin bài")
    assert Review.objects.get().state == "approved"


def the_department_declares(year: Calendar) -> None:
    """The worker tells the head that nothing is missing; he confirms, declares, it is posted."""
    year.on(2, 12)
    assert declarations_watch(now=year.moment) == 1
    secretary, head, today = year.who("thukyiso"), year.who("giamdoc"), f"02/12/{YEAR}"
    head.visit("/viec/").follow("Công bố phù hợp TCVN ISO 9001:2015")
    head.press("Ký xác nhận hiệu lực", EFFECTIVE)
    head.press("Ký quyết định công bố", {"on": today, "number": "45/QĐ-STP"})
    secretary.visit(f"/cong-bo/{Declaration.objects.get().pk}/")
    for kind, where, url in (
        ("notice", "Sở Khoa học và Công nghệ", ""),
        ("office", "Bảng niêm yết tại trụ sở", ""),
        ("web", "Trang thông tin điện tử của Sở", "https://stp.example.vn/iso"),
    ):
        secretary.press(
            "Ghi vào sổ gửi, niêm yết", {"kind": kind, "place": where, "url": url, "on": today}
        )
    secretary.sees("Đang duy trì")
    Visitor().visit("/tra-cuu/cong-bo/").sees("1 cơ quan đã công bố", "Sở Tư pháp", "45/QĐ-STP")


def the_pack_proves_itself(year: Calendar, folder: Path) -> None:
    """The evidence pack is made by the worker and checked by its own program, without Nếp."""
    year.on(3, 12)
    secretary = year.who("thukyiso")
    secretary.visit("/bang-chung/goi/").press("Lập gói bằng chứng", {})
    year.work()
    place = f"/bang-chung/goi/{EvidencePack.objects.get().pk}/"
    secretary.visit(place).sees("Chính sách chất lượng lần 01", "36.1 (5)", "Tải gói")
    answer = secretary.download(f"{place}tai/")
    data = b"".join(answer) if answer.streaming else answer.content
    with zipfile.ZipFile(BytesIO(data)) as packed:
        packed.extractall(folder / "goi")
    checker = next((folder / "goi").rglob("kiem_tra.py"))
    done = subprocess.run(
        [sys.executable, "-I", "-S", checker.name], cwd=checker.parent, capture_output=True,
        encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def the_year_is_judged(year: Calendar) -> None:
    """In January the year's targets are judged: what the data tells, and what was missed."""
    year.on(6, 1, year=YEAR + 1)
    assert objectives_measure(now=year.moment) > 0
    missed = f"/muc-tieu/{Objective.objects.get(title=ARTICLES).pk}/"
    year.who("tppbpl").visit(missed).press("Lưu kết quả", {
        "period": "6 tháng cuối", "value": "98", "evidence": "Sổ đăng tin: 49 trên 50 bài.",
    })  # fmt: skip
    secretary = year.who("thukyiso")
    secretary.visit(missed).sees("Đánh giá cả năm: 89%, Chưa đạt")
    secretary.press("Kết luận theo số liệu")
    secretary.visit(f"/muc-tieu/{Objective.objects.get(measure='cases.on_time').pk}/")
    secretary.sees("83,33%", "trong 18", "Kỳ chưa đạt: nguyên nhân và biện pháp")
    secretary.visit(f"/muc-tieu/{Objective.objects.get(measure='improvement.in_time').pk}/")
    secretary.sees("100%")
    assert Objective.objects.get(title=ARTICLES).state == "judged"
