"""A department's whole ISO year, told chapter by chapter (see `docs/design/commune-year.md`).

What a department has and a commune has not: units that propose objectives and are audited by people
of other units, procedures of its own that another unit asks to be changed, cases that it runs itself
beside those it is fed, a secretary who leaves in the middle of the year.
"""

import re

from playwright.sync_api import expect

from tests import world
from tests.browser.story import Chapters, Hand, Story

LEGAL = "Đặng Văn Toàn, Trưởng phòng"
SPREAD = "Nông Thế Vinh, Trưởng phòng"
OFFICE = "Trịnh Bá Lộc, Chánh Văn phòng"
COURSE = "Thẩm định hồ sơ tư vấn viên pháp luật theo quy trình"
LAWYERS = "Trả lời vướng mắc của luật sư trong năm ngày"
ARTICLES = "Tin bài phổ biến pháp luật đăng đúng kế hoạch"
LATE = "Hồ sơ quá hạn"
CAST = {
    "secretary": ("stp.thukyiso", "thư ký ISO"),
    "head": ("stp.giamdoc", "Giám đốc"),
    "deputy": ("stp.phogiamdoc", "Phó Giám đốc"),
    "office": ("stp.chanhvp", "Chánh Văn phòng"),
    "legal": ("stp.tpbttp", "Trưởng phòng Bổ trợ"),
    "spread": ("stp.tppbpl", "Trưởng phòng Phổ biến"),
    "admin": ("stp.quantri", "quản trị cơ quan"),
    "counter": ("stp.motcua", "một cửa"),
    "first_auditor": ("stp.bttp3", "đánh giá viên"),
    "second_auditor": ("stp.pbpl1", "trưởng đoàn"),
    "specialist": ("stp.bttp1", "chuyên viên"),
}
chapter = Chapters()


def department() -> Story:
    """Return the year of the demonstration's department."""
    return Story(world.DEPARTMENT, dict(CAST), list(chapter.kept))


@chapter("2027-01-12T08:30", "Mở năm ISO; danh mục hồ sơ")
def the_year_is_opened(story: Story) -> None:
    secretary, head = story.secretary, story.head
    secretary.press("Mở năm")
    secretary.press("Mở danh mục hồ sơ")
    secretary.press("Mở danh mục")
    secretary.type("Số, ký hiệu", "ISO.01")
    secretary.type("Tiêu đề hồ sơ", "Hồ sơ hệ thống quản lý chất lượng")
    secretary.type("Thời hạn lưu", "5")
    secretary.press("Ghi dòng")
    head.go("/luu-tru/danh-muc/?nam=2027")
    head.type("Số quyết định", "05/QĐ-STP")
    head.press("Ban hành")
    head.sees("đã ban hành, 1 dòng")


@chapter("2027-01-20T08:30", "Chứng chỉ của hai đánh giá viên ở hai đơn vị")
def auditors_are_certified(story: Story) -> None:
    secretary = story.secretary
    secretary.go("/nang-luc/danh-gia-vien/")
    secretary.choose_begins("Người được cấp", "Vũ Hải Yến")
    secretary.type("Khóa học", "Đánh giá viên nội bộ TCVN ISO 9001:2015")
    secretary.type("Nơi cấp", "Chi cục Tiêu chuẩn Đo lường Chất lượng")
    secretary.type("Ngày cấp", "10/03/2026")
    secretary.choose_begins("Người học cùng khóa", "Quách Ngọc Diệp")
    secretary.press("Lưu chứng chỉ")
    secretary.sees("2 người đủ năng lực đánh giá nội bộ")


@chapter("2027-02-03T08:30", "Bối cảnh, bên quan tâm, phạm vi, chính sách")
def foundations_are_laid(story: Story) -> None:
    secretary, head = story.secretary, story.head
    secretary.press("Mở bối cảnh, phạm vi")
    secretary.press("Lưu và trình phê duyệt 4 phần")
    head.take("Bối cảnh của cơ quan")
    head.press("Phê duyệt cả 3 bản")
    story.office.take("Kiểm tra CS-01")
    story.office.press("Kiểm tra xong")
    story.deputy.take("CS-01")
    story.deputy.press("Phê duyệt")


@chapter("2027-02-08T08:30", "Hai đơn vị đề xuất mục tiêu của mình")
def units_propose_objectives(story: Story) -> None:
    for hand, title in ((story.legal, LAWYERS), (story.spread, ARTICLES)):
        hand.go("/muc-tieu/")
        hand.press("Đề xuất mục tiêu")
        hand.type("Mục tiêu", title)
        hand.type("Chỉ tiêu", "95", exact=True)
        hand.type("Cách đo", "Đếm trong sổ theo dõi của phòng")
        hand.press("Gửi đề xuất")
    story.legal.sees("Đặng Văn Toàn, Phòng Bổ trợ tư pháp")


@chapter("2027-02-10T08:30", "Mục tiêu chất lượng: tổng hợp, phê duyệt")
def objectives_are_approved(story: Story) -> None:
    secretary, head = story.secretary, story.head
    secretary.press("Mở mục tiêu")
    secretary.press("Mục tiêu mẫu")
    secretary.choose("Người phụ trách", OFFICE)
    secretary.press("Lấy và trình lãnh đạo phê duyệt")
    head.take("Mục tiêu chất lượng năm 2027")
    head.sees("chờ phê duyệt", LAWYERS, ARTICLES)
    head.press("Phê duyệt 8 mục tiêu")


@chapter("2027-03-05T08:30", "Rủi ro: đưa vào sổ, đánh giá, ứng phó", fed=(1, 2))
def a_risk_is_rated(story: Story) -> None:
    secretary = story.secretary
    secretary.press("Mở rủi ro, cơ hội")
    secretary.press("Đưa vào sổ")
    for label, start in (("Khả năng xảy ra", "3."), ("Mức độ ảnh hưởng", "3.")):
        secretary.choose_begins(label, start)
    secretary.type("Việc phải làm", "Cử người theo dõi văn bản mới, báo các phòng hằng tháng")
    secretary.choose("Người làm", LEGAL)
    secretary.press("Tính mức, giao việc")
    secretary.sees("3 × 3 = 9")


@chapter("2027-03-08T08:30", "Phòng Phổ biến đề nghị sửa quy trình của phòng Bổ trợ")
def another_unit_asks_for_a_change(story: Story) -> None:
    spread, secretary = story.spread, story.secretary
    spread.go("/tai-lieu/?q=QT-TP-01")
    spread.press("Cấp thẻ tư vấn viên pháp luật")
    spread.press("Đề nghị sửa đổi")
    spread.type("Lý do", "Phòng Phổ biến cần biết thẻ mới cấp để mời tư vấn viên.")
    spread.press("Gửi đề nghị")
    secretary.take("Quyết định đề nghị")
    secretary.sees("Phòng Phổ biến cần biết thẻ mới cấp")
    secretary.press("Chấp nhận đề nghị")
    secretary.press("Mở quy trình để soạn lần sửa đổi")
    secretary.press("Mở bảng trình tự và lưu đồ")
    secretary.press("Soạn lần sửa đổi mới")
    secretary.type("Nội dung sửa đổi", "Phòng Phổ biến được báo thẻ mới cấp.")
    secretary.press("Mở bản thảo")
    version = secretary.page.locator("#phien-ban")
    before = version.input_value()
    secretary.type("Tên bước 6", "Trả kết quả, báo phòng Phổ biến")
    secretary.page.keyboard.press("Tab")
    expect(version).not_to_have_value(before)
    secretary.press("Gửi kiểm tra")
    secretary.choose_begins("Người kiểm tra", "Đặng Văn Toàn")
    secretary.press("Gửi kiểm tra")
    story.legal.take("Kiểm tra QT-TP-01")
    story.legal.sees("Trả kết quả, báo phòng Phổ biến")
    story.legal.press("Kiểm tra xong")
    story.legal.choose_begins("Người phê duyệt", "Đinh Quang Thạch")
    story.legal.press("Trình phê duyệt")
    story.head.take("QT-TP-01 lần 01, sửa đổi 01")
    story.head.press("Phê duyệt và ban hành")
    story.head.press("Ban hành", exact=True)
    expect(story.head.page.get_by_text("Đã ban hành.").first).to_be_visible()
    story.head.sees("Lần 01, sửa đổi 01")


@chapter("2027-03-10T08:30", "Chương trình đánh giá của năm")
def the_programme_is_approved(story: Story) -> None:
    secretary, head = story.secretary, story.head
    secretary.press("Mở chương trình đánh giá")
    secretary.press("Đề xuất chương trình năm 2027")
    secretary.press("Trình phê duyệt")
    head.take("Chương trình đánh giá")
    head.press("Phê duyệt chương trình")


@chapter("2027-03-12T08:30", "Đào tạo: nhu cầu theo vị trí, kế hoạch")
def training_is_planned(story: Story) -> None:
    secretary, head = story.secretary, story.head
    secretary.press("Mở kế hoạch đào tạo")
    secretary.type("Năng lực cần có", COURSE)
    secretary.choose("Vị trí", "Chuyên viên")
    secretary.press("Lưu, lập buổi đào tạo")
    secretary.choose("Người giảng của cơ quan", LEGAL)
    secretary.press("Trình lãnh đạo kế hoạch")
    head.take("Kế hoạch đào tạo")
    head.sees(COURSE)
    head.press("Phê duyệt 1 buổi đào tạo")


@chapter("2027-03-26T16:00", "Đào tạo: điểm danh")
def a_class_is_held(story: Story) -> None:
    story.secretary.take(COURSE)
    story.secretary.press("Ghi đã mở lớp")
    story.secretary.sees("người có mặt")


@chapter("2027-04-02T09:00", "Rủi ro: làm xong, người khác kiểm tra, mức còn lại")
def the_risk_is_met(story: Story) -> None:
    done(
        story.legal,
        story,
        "Cử người theo dõi",
        "Đã phân công, tháng 3 có bảng văn bản mới.",
    )
    story.work_through()
    deputy = story.deputy
    deputy.take("Văn bản pháp luật thay đổi nhanh")
    deputy.type("Đã xem gì", "Ba văn bản mới đều đến phòng trước ngày có hiệu lực.")
    for label, start in (("Khả năng xảy ra", "2."), ("Mức độ ảnh hưởng", "3.")):
        deputy.choose_begins(label, start)
    deputy.press("Đã có tác dụng, ghi mức còn lại")


@chapter("2027-05-11T08:30", "Một hồ sơ chạy trên hệ thống: tiếp nhận đến trả kết quả")
def a_case_is_run(story: Story) -> None:
    counter = story.counter
    counter.go("/ho-so/tiep-nhan/")
    counter.press("Cấp lại thẻ tư vấn viên pháp luật")
    counter.type("Họ và tên", "Nguyễn Thị Hòa")
    counter.press("Tiếp nhận và in giấy hẹn")
    case = re.match(r"/ho-so/[0-9]+/", counter.address)
    assert case is not None
    for hand in (counter, story.specialist, story.legal, story.head, counter):
        hand.go(case[0])
        step(hand)


@chapter("2027-06-25T08:30", "Đào tạo: xét hiệu quả")
def training_has_had_its_effect(story: Story) -> None:
    story.spread.take(COURSE)
    story.spread.type("Dựa vào đâu", "Ba tháng sau, hồ sơ phải trả lại giảm một nửa.")
    story.spread.press("Có hiệu quả")


@chapter(
    "2027-07-09T08:30", "Hồ sơ quá hạn tháng 6 tự mở một phiếu: giao, ghi cả phiếu", fed=(3, 6)
)
def late_cases_open_a_sheet(story: Story) -> None:
    story.secretary.take(LATE)
    story.secretary.choose("Người phụ trách", LEGAL)
    story.secretary.press("Giao", exact=True)
    story.legal.take(LATE)
    solve(
        story.legal, "Đã trả hết kết quả, xin lỗi từng người bằng văn bản.",
        "Tháng 6 chỉ có một người thẩm định, người kia đi học.",
        "Phân công người thẩm định thay khi một người vắng", "30/07/2027",
        "Quy trình đã đúng; chỉ thiếu người thay.",
    )  # fmt: skip


@chapter("2027-07-15T08:30", "Kết quả sáu tháng của mục tiêu hai đơn vị")
def units_tell_what_they_reached(story: Story) -> None:
    tell(story.legal, LAWYERS, "97", "96")
    spread = story.spread
    tell(spread, ARTICLES, "96", "80")
    spread.type("Nguyên nhân", "Ba bài chờ duyệt quá lâu.")
    spread.type("Biện pháp", "Giao người duyệt bài thay")
    spread.choose_begins("Người làm", "Quách Ngọc Diệp")
    spread.type("Hạn hoàn thành", "13/08/2027")
    spread.press("Lưu nguyên nhân, biện pháp")


@chapter("2027-07-29T08:30", "Phiếu của hồ sơ quá hạn: làm xong, kiểm tra")
def the_sheets_work_is_done(story: Story) -> None:
    done(
        story.office,
        story,
        "Phân công người thẩm định thay",
        "Đã có bảng phân công người thay từ 26/7.",
    )
    story.secretary.press("Đạt, chờ xét hiệu lực")


@chapter("2027-08-02T08:30", "Thư ký ISO chuyển việc: bổ nhiệm người thay, bàn giao")
def the_secretary_hands_over(story: Story) -> None:
    admin, secretary = story.admin, story.secretary
    admin.go("/co-quan/")
    admin.press("Cao Thị Thu Ngân")
    admin.tick(admin.place.get_by_text("Bổ nhiệm thêm vai trò"))
    admin.choose("Vai trò", "Thư ký ISO")
    admin.press("Bổ nhiệm", exact=True)
    secretary.go("/nam-iso/ban-giao/")
    secretary.choose_begins("Người nhận", "Cao Thị Thu Ngân")
    secretary.type("Điều cần dặn thêm", "Báo cáo năm gửi Sở Khoa học và Công nghệ trước 25/11.")
    secretary.press("Lập biên bản")
    story.cast["secretary"] = ("stp.ketoan", "thư ký ISO mới")
    story.secretary.take("Nhận bàn giao thư ký ISO")
    story.secretary.press("Xác nhận đã nhận")


@chapter("2027-08-20T08:30", "Kế hoạch đánh giá, đoàn, thông báo")
def the_audit_is_planned(story: Story) -> None:
    secretary, head = story.secretary, story.head
    secretary.press("Mở đánh giá")
    secretary.press("Lập kế hoạch")
    secretary.press("Sửa phiên", within="Phòng Bổ trợ tư pháp")
    for name in ("Quách Ngọc Diệp", "Vũ Hải Yến"):
        secretary.tick(secretary.place.get_by_label(name))
    secretary.press("Lưu phiên")
    secretary.press("Trình phê duyệt", exact=True)
    secretary.sees("Vũ Hải Yến không đánh giá được Phòng Bổ trợ tư pháp: Đang làm việc tại")
    secretary.press("Đổi sang Quách Ngọc Diệp")
    secretary.press("Trình phê duyệt", exact=True)
    head.take("ĐG 01/2027")
    head.press("Phê duyệt, thông báo")
    day = re.search(r"([0-9]{2})/([0-9]{2})/2027", head.place.inner_text())
    assert day is not None
    story.notes["audit_day"] = f"2027-{day[2]}-{day[1]}"


@chapter("2027-08-31T08:30", "Phiếu của hồ sơ quá hạn: xét hiệu lực, đóng", fed=(7, 7))
def the_sheet_is_closed(story: Story) -> None:
    story.secretary.take(LATE)
    story.secretary.type("Đã xem gì", "Hồ sơ tháng 7 đều đúng hạn.")
    story.secretary.press("Có hiệu lực")
    story.secretary.sees("Đã đóng")


@chapter("{audit_day}T16:00", "Đánh giá năm đơn vị: hỏi, ghi, xác nhận phát hiện")
def the_audit_is_held(story: Story) -> None:
    is_told = False
    for auditor in (story.first_auditor, story.second_auditor):
        title = auditor.place.get_by_role("link", name=re.compile(r"^Đánh giá: [^0-9]+$")).first
        auditor.take(title.inner_text())
        while "/danh-gia/phien/" in auditor.address:
            if not is_told and "Phòng Bổ trợ" in auditor.place.inner_text():
                is_told = True
                question = auditor.place.locator("li.cl").first
                auditor.tick(question.get_by_text("KPH nhẹ"))
                auditor.count().typed += 1
                with auditor.page.expect_response(lambda answer: "/danh-gia/cau/" in answer.url):
                    question.get_by_label("Đã thấy gì").fill("Hai hồ sơ thiếu phiếu kiểm soát.")
            auditor.press("Đã hỏi các câu còn lại, đều phù hợp")
    assert is_told
    lead = story.second_auditor
    lead.press("Kết thúc, gửi phát hiện")
    story.legal.take("Xác nhận phát hiện đánh giá")
    story.legal.sees("Hai hồ sơ thiếu phiếu kiểm soát")
    story.legal.press("Xác nhận các phát hiện đã đọc")


@chapter("2027-09-13T15:00", "Đánh giá: lập báo cáo")
def the_audit_is_reported(story: Story) -> None:
    lead = story.second_auditor
    lead.take("ĐG 01/2027: Lập báo cáo")
    lead.type("Kết luận của đoàn", "Hệ thống được duy trì, một điểm phải khắc phục.")
    lead.press("Lập báo cáo, mở 1 phiếu")


@chapter("2027-09-14T08:30", "Khắc phục điểm không phù hợp")
def the_finding_is_taken_up(story: Story) -> None:
    story.legal.take("Hai hồ sơ thiếu phiếu")
    solve(
        story.legal, "Lập lại phiếu kiểm soát cho hai hồ sơ.",
        "Người in phiếu nghỉ, không ai được giao làm thay.",
        "Giao người in phiếu thay khi nghỉ", "29/09/2027",
        "Quy trình đã ghi rõ phiếu kiểm soát; chỉ thiếu người thay.",
    )  # fmt: skip


@chapter("2027-09-28T08:30", "Khắc phục: làm xong, kiểm tra")
def the_findings_work_is_done(story: Story) -> None:
    done(story.office, story, "Giao người in phiếu", "Bảng phân công ngày 20/9 có người thay.")
    story.secretary.press("Đạt, chờ xét hiệu lực")


@chapter("2027-10-12T08:30", "Soát xét tài liệu đến hạn")
def documents_are_reviewed(story: Story) -> None:
    secretary = story.secretary
    secretary.press("Mở tài liệu đến hạn")
    secretary.type(
        "Đã xem gì", "Đã đọc lại từng quy trình, đối chiếu danh mục thủ tục đang công bố."
    )
    secretary.tick(secretary.place.get_by_label("đều vẫn phù hợp"))
    secretary.press("Ghi vẫn phù hợp cho các dòng đã chọn")


@chapter("2027-10-29T08:30", "Khắc phục: xét hiệu lực, đóng; kết thúc đánh giá")
def the_finding_is_closed(story: Story) -> None:
    secretary = story.secretary
    secretary.take("Hai hồ sơ thiếu phiếu")
    secretary.type("Đã xem gì", "Xem 20 hồ sơ tháng 10, hồ sơ nào cũng đủ phiếu.")
    secretary.press("Có hiệu lực")
    secretary.sees("Đã đóng")
    secretary.take("ĐG 01/2027: Theo dõi khắc phục")
    secretary.press("Kết thúc cuộc đánh giá")


@chapter("2027-11-02T08:30", "Xem xét của lãnh đạo: chốt đầu vào, mời", fed=(8, 10))
def the_review_is_prepared(story: Story) -> None:
    story.secretary.press("Mở xem xét")
    story.secretary.press("Chốt đầu vào và mời họp")


@chapter("2027-11-04T08:30", "Xem xét của lãnh đạo: hai đơn vị ghi ý kiến trước cuộc họp")
def units_say_what_they_think(story: Story) -> None:
    for hand, item, text in (
        (story.legal, "Nguồn lực có đủ không", "Phòng thiếu một người thẩm định từ tháng 6."),
        (story.spread, "Mục tiêu chất lượng đạt đến đâu", "Bài chờ duyệt lâu vì một người duyệt."),
    ):
        hand.take("XX 01/2027")
        hand.choose_begins("Về mục", item)
        hand.type("Ý kiến của bạn", text)
        hand.press("Ghi ý kiến")
        hand.sees(text)


@chapter("2027-11-09T10:00", "Xem xét của lãnh đạo: họp, phê duyệt biên bản")
def the_leaders_meet(story: Story) -> None:
    secretary, head = story.secretary, story.head
    secretary.take("XX 01/2027")
    for answer in ("Mọi người được mời đều có mặt", "Hệ thống phù hợp, đầy đủ", "Mục nào để trống"):
        secretary.tick(secretary.place.get_by_label(answer))
    secretary.type("Việc phải làm", "Thêm người duyệt tin bài")
    secretary.choose("Người làm", SPREAD)
    secretary.type("Hạn (không bắt buộc)", "15/01/2028")
    secretary.press("Ghi biên bản, chuyển phê duyệt")
    head.take("XX 01/2027")
    head.sees("Thêm người duyệt tin bài", "Phòng thiếu một người thẩm định từ tháng 6.")
    head.press("Phê duyệt biên bản")


@chapter("2027-11-18T08:30", "Báo cáo năm cho đơn vị chủ trì")
def the_year_is_reported(story: Story) -> None:
    secretary = story.secretary
    secretary.sees("Gửi báo cáo năm cho đơn vị chủ trì")
    secretary.press("Ghi đã làm xong")
    secretary.type("Số, ngày văn bản", "Báo cáo số 212/BC-STP ngày 18/11/2027")
    secretary.press("Ghi đã làm xong")


@chapter("2027-12-03T08:30", "Kết quả hai quý sau của mục tiêu hai đơn vị")
def units_tell_the_rest(story: Story) -> None:
    tell(story.legal, LAWYERS, "98", "98")
    tell(story.spread, ARTICLES, "97", "100")


@chapter("2027-12-06T08:30", "Đánh giá kết quả các mục tiêu", fed=(11, 11))
def objectives_are_judged(story: Story) -> None:
    secretary = story.secretary
    secretary.press("Đánh giá các mục tiêu")
    secretary.sees("Kỳ chưa có nguyên nhân: Quý 2.", ARTICLES)
    for label, text in (
        ("Nguyên nhân", "Tháng 6 chỉ có một người thẩm định, người kia đi học."),
        ("Biện pháp", "Lập bảng phân công người thay cho cả năm sau."),
        ("Hạn hoàn thành", "31/01/2028"),
    ):
        secretary.type(label, text)
    secretary.choose("Người làm", LEGAL)
    secretary.press("Kết luận 8 mục tiêu theo số liệu")


@chapter("2027-12-15T08:30", "Công bố phù hợp tiêu chuẩn")
def the_department_declares(story: Story) -> None:
    secretary, head = story.secretary, story.head
    secretary.press("Mở công bố")
    secretary.press("Bắt đầu, đưa vào áp dụng luôn")
    story.work_through()
    head.take("Công bố phù hợp")
    head.type("Kết luận về hiệu lực", "Hệ thống có hiệu lực; đã đánh giá, xem xét trong năm.")
    head.press("Ký xác nhận hiệu lực")
    head.type("Số quyết định", "310/QĐ-STP")
    head.press("Ký quyết định công bố")
    secretary.go(head.address)
    secretary.type("Địa chỉ trang", "https://stp.lamson.gov.vn/iso")
    secretary.press("Ghi các nơi đã gửi, niêm yết")
    secretary.sees("Đang duy trì")


def tell(hand: Hand, title: str, *values: str) -> None:
    """Write what an objective came to, one period after the other."""
    hand.take(title)
    for value in values:
        hand.type("Kết quả", value)
        hand.type("Số liệu lấy từ đâu", "Sổ theo dõi của phòng, 20 việc trong quý")
        hand.press("Lưu kết quả")


def solve(hand: Hand, correction: str, cause: str, act: str, due: str, document: str) -> None:
    """Write a whole sheet and give its action to the head of the office."""
    for label, text in (
        ("Đã xử lý ngay", correction), ("Nguyên nhân gốc", cause), ("Việc phải làm", act),
        ("Hạn hoàn thành", due), ("Sửa gì, hoặc vì sao", document),
    ):  # fmt: skip
        hand.type(label, text)
    hand.choose("Người làm", OFFICE)
    hand.press("Ghi cả phiếu, giao việc")


def step(hand: Hand) -> None:
    """Take the open step of a case where it waits for its role, and finish it."""
    take = hand.place.get_by_role("button", name="Nhận việc này về tôi")
    if take.count():
        hand.press("Nhận việc này về tôi")
    hand.press(hand.page.locator("#buoc button").first.inner_text().strip())


def done(doer: Hand, story: Story, title: str, proof: str) -> None:
    """Somebody tells an action done; the secretary looks at it."""
    doer.take(title)
    doer.type("kết quả thế nào", proof)
    doer.press("Báo xong")
    story.secretary.take(title)
    story.secretary.press("Đạt, kết thúc việc này")
