"""A commune's whole ISO year, told chapter by chapter (see `docs/design/commune-year.md`)."""

import re

from tests import world
from tests.browser.story import Chapters, Hand, Story

OFFICE = "Chu Văn Bình, Chánh Văn phòng"
COURSE = "Hướng dẫn, tiếp nhận hồ sơ theo quy trình"
UNIT = "Bạch Đình Trường, Trưởng phòng"
LATE = "Hồ sơ quá hạn"
CAST = {
    "secretary": ("sn.thukyiso", "thư ký ISO"),
    "head": ("sn.chutich", "Chủ tịch"),
    "deputy": ("sn.phochutich", "Phó Chủ tịch"),
    "office": ("sn.chanhvp", "Chánh Văn phòng"),
    "centre": ("sn.giamdoctt", "Giám đốc Trung tâm"),
    "unit": ("sn.tpvhxh", "Trưởng phòng"),
    "first_auditor": ("sn.hotich3", "trưởng đoàn"),
    "second_auditor": ("sn.motcua", "đánh giá viên"),
}
chapter = Chapters()


def commune() -> Story:
    """Return the year of the demonstration's ward."""
    return Story(world.WARD, CAST, list(chapter.kept))


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
    head.type("Số quyết định", "05/QĐ-UBND")
    head.press("Ban hành")
    head.sees("đã ban hành, 1 dòng")


@chapter("2027-01-20T08:30", "Chứng chỉ của hai đánh giá viên")
def auditors_are_certified(story: Story) -> None:
    secretary = story.secretary
    secretary.go("/nang-luc/danh-gia-vien/")
    secretary.choose("Người được cấp", "Tống Mỹ Duyên, Công chức tư pháp – hộ tịch")
    secretary.type("Khóa học", "Đánh giá viên nội bộ TCVN ISO 9001:2015")
    secretary.type("Nơi cấp", "Chi cục Tiêu chuẩn Đo lường Chất lượng")
    secretary.type("Ngày cấp", "10/03/2026")
    secretary.choose("Người học cùng khóa", "Dương Khánh Ly, Công chức tiếp nhận")
    secretary.press("Lưu chứng chỉ")
    secretary.sees("2 người đủ năng lực đánh giá nội bộ")


@chapter("2027-02-03T08:30", "Bối cảnh, bên quan tâm, phạm vi, chính sách")
def foundations_are_laid(story: Story) -> None:
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


@chapter("2027-02-10T08:30", "Mục tiêu chất lượng")
def objectives_are_approved(story: Story) -> None:
    secretary, head = story.secretary, story.head
    secretary.press("Mở mục tiêu")
    secretary.choose("Người phụ trách", OFFICE)
    secretary.press("Lấy và trình lãnh đạo phê duyệt")
    head.take("Mục tiêu chất lượng năm 2027")
    head.sees("chờ phê duyệt")
    head.press("Phê duyệt 5 mục tiêu")


@chapter("2027-03-05T08:30", "Rủi ro: đưa vào sổ, đánh giá, ứng phó", fed=(1, 2))
def a_risk_is_rated(story: Story) -> None:
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
    secretary.choose("Vị trí", "Bộ phận một cửa")
    secretary.press("Lưu, lập buổi đào tạo")
    secretary.choose("Người giảng của cơ quan", OFFICE)
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
    done(story, "Phân công thêm một người", "Lịch trực quầy tháng 4 đã có người thứ hai.")
    story.work_through()
    deputy = story.deputy
    deputy.take("Số hồ sơ tăng nhanh")
    deputy.type("Đã xem gì", "Một tháng nay giờ cao điểm không ai chờ quá 20 phút.")
    for label, start in (("Khả năng xảy ra", "2."), ("Mức độ ảnh hưởng", "3.")):
        deputy.choose_begins(label, start)
    deputy.press("Đã có tác dụng, ghi mức còn lại")


@chapter("2027-06-25T08:30", "Đào tạo: xét hiệu quả")
def training_has_had_its_effect(story: Story) -> None:
    story.centre.take(COURSE)
    story.centre.type("Dựa vào đâu", "Ba tháng sau, hồ sơ phải trả lại giảm một nửa.")
    story.centre.press("Có hiệu quả")


@chapter(
    "2027-07-09T08:30", "Hồ sơ quá hạn tháng 6 tự mở một phiếu: giao, ghi cả phiếu", fed=(3, 6)
)
def late_cases_open_a_sheet(story: Story) -> None:
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


@chapter("2027-07-29T08:30", "Phiếu của hồ sơ quá hạn: làm xong, kiểm tra")
def the_sheets_work_is_done(story: Story) -> None:
    done(story, "Phân công người thẩm tra thay", "Đã có bảng phân công người thay từ 26/7.")
    story.secretary.press("Đạt, chờ xét hiệu lực")


@chapter("2027-08-20T08:30", "Kế hoạch đánh giá, đoàn, thông báo")
def the_audit_is_planned(story: Story) -> None:
    secretary, head = story.secretary, story.head
    secretary.press("Mở đánh giá")
    secretary.press("Lập kế hoạch")
    secretary.press("Trình phê duyệt")
    head.take("ĐG 01/2027")
    head.press("Phê duyệt, thông báo")
    day = re.search(r"(\d\d)/(\d\d)/2027", head.place.inner_text())
    assert day is not None
    story.notes["audit_day"] = f"2027-{day[2]}-{day[1]}"


@chapter("2027-08-31T08:30", "Phiếu của hồ sơ quá hạn: xét hiệu lực, đóng", fed=(7, 7))
def the_sheet_is_closed(story: Story) -> None:
    story.secretary.take(LATE)
    story.secretary.type("Đã xem gì", "Hồ sơ tháng 7 đều đúng hạn.")
    story.secretary.press("Có hiệu lực")
    story.secretary.sees("Đã đóng")


@chapter("{audit_day}T15:30", "Đánh giá: hỏi, ghi, xác nhận phát hiện")
def the_audit_is_held(story: Story) -> None:
    is_told = False
    for auditor in (story.first_auditor, story.second_auditor):
        title = auditor.place.get_by_role("link", name=re.compile(r"^Đánh giá: [^\d]+$")).first
        auditor.take(title.inner_text())
        while "/danh-gia/phien/" in auditor.address:
            if not is_told:
                is_told = True
                question = auditor.place.locator("li.cl").first
                auditor.tick(question.get_by_text("KPH nhẹ"))
                auditor.count().typed += 1
                question.get_by_label("Đã thấy gì").fill("Danh mục dán ở quầy thiếu hai thủ tục.")
                auditor.page.wait_for_timeout(900)
            auditor.press("Đã hỏi các câu còn lại, đều phù hợp")
    lead = story.second_auditor
    lead.press("Kết thúc, gửi phát hiện")
    story.head.take("Xác nhận phát hiện đánh giá")
    story.head.sees("Danh mục dán ở quầy")
    story.head.press("Xác nhận các phát hiện đã đọc")


@chapter("2027-09-13T15:00", "Đánh giá: lập báo cáo")
def the_audit_is_reported(story: Story) -> None:
    lead = story.second_auditor
    lead.take("ĐG 01/2027: Lập báo cáo")
    lead.type("Kết luận của đoàn", "Hệ thống được duy trì, một điểm phải khắc phục.")
    lead.press("Lập báo cáo, mở 1 phiếu")


@chapter("2027-09-14T08:30", "Khắc phục điểm không phù hợp")
def the_finding_is_taken_up(story: Story) -> None:
    head = story.head
    head.take("Danh mục dán ở quầy")
    solve(
        head, "Dán bổ sung hai thủ tục ngay trong ngày.",
        "Không ai được giao cập nhật danh mục dán ở quầy.",
        "Giao một người cửa soát danh mục đầu tháng.", "29/09/2027",
        "Quy trình đã nói về danh mục; chỉ thiếu người soát.",
    )  # fmt: skip


@chapter("2027-09-28T08:30", "Khắc phục: làm xong, kiểm tra")
def the_findings_work_is_done(story: Story) -> None:
    done(story, "Giao một người cửa soát", "Danh mục tháng 9 đã soát, dán lại.")
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
    secretary.take("Danh mục dán ở quầy")
    secretary.type("Đã xem gì", "Một tháng nay danh mục ở quầy đủ thủ tục.")
    secretary.press("Có hiệu lực")
    secretary.sees("Đã đóng")
    secretary.take("ĐG 01/2027: Theo dõi khắc phục")
    secretary.press("Kết thúc cuộc đánh giá")


@chapter("2027-11-02T08:30", "Xem xét của lãnh đạo: chốt đầu vào, mời", fed=(8, 10))
def the_review_is_prepared(story: Story) -> None:
    story.secretary.press("Mở xem xét")
    story.secretary.press("Chốt đầu vào và mời họp")


@chapter("2027-11-09T10:00", "Xem xét của lãnh đạo: họp, phê duyệt biên bản")
def the_leaders_meet(story: Story) -> None:
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


@chapter("2027-11-18T08:30", "Báo cáo năm cho đơn vị chủ trì")
def the_year_is_reported(story: Story) -> None:
    secretary = story.secretary
    secretary.sees("Gửi báo cáo năm cho đơn vị chủ trì")
    secretary.press("Ghi đã làm xong")
    secretary.type("Số, ngày văn bản", "Báo cáo số 212/BC-UBND ngày 18/11/2027")
    secretary.press("Ghi đã làm xong")


@chapter("2027-12-06T08:30", "Đánh giá kết quả các mục tiêu", fed=(11, 11))
def objectives_are_judged(story: Story) -> None:
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


@chapter("2027-12-15T08:30", "Công bố phù hợp tiêu chuẩn")
def the_commune_declares(story: Story) -> None:
    secretary, head = story.secretary, story.head
    secretary.press("Mở công bố")
    secretary.press("Bắt đầu, đưa vào áp dụng luôn")
    story.work_through()
    head.take("Công bố phù hợp")
    head.type("Kết luận về hiệu lực", "Hệ thống có hiệu lực; đã đánh giá, xem xét trong năm.")
    head.press("Ký xác nhận hiệu lực")
    head.type("Số quyết định", "310/QĐ-UBND")
    head.press("Ký quyết định công bố")
    secretary.go(head.address)
    secretary.type("Địa chỉ trang", "https://songnhuan.lamson.gov.vn/iso")
    secretary.press("Ghi các nơi đã gửi, niêm yết")
    secretary.sees("Đang duy trì")


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
