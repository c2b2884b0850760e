"""Which form do I need: told in an official's own words, the right form is among the first three."""

from datetime import timedelta

import pytest

from nep.apps.documents import queries
from nep.apps.documents.models import Document
from nep.apps.documents.tests.make import in_force, secretary
from nep.apps.documents.tests.test_search import word
from nep.apps.organization.tests.scene import NOW
from nep.foundation.search.following import follow_all
from nep.foundation.search.services import Found, put

pytestmark = pytest.mark.django_db
FORMS = (
    ("BM-01.01", "Phiếu đề nghị soạn thảo, sửa đổi tài liệu", "Tài liệu cần sửa, lý do, nội dung"),
    ("BM-01.02", "Danh mục tài liệu nội bộ", "Mã hiệu, tên tài liệu, lần ban hành, nơi lưu"),
    ("BM-01.03", "Danh mục tài liệu bên ngoài", "Số ký hiệu, trích yếu, hiệu lực"),
    ("BM-01.04", "Sổ phân phối và thu hồi tài liệu", "Người nhận, số bản, ngày thu hồi"),
    ("BM-02.01", "Danh mục hồ sơ", "Số và ký hiệu hồ sơ, tiêu đề, thời hạn lưu, người lập"),
    ("BM-02.02", "Biên bản bàn giao hồ sơ, công việc", "Người giao, người nhận, danh sách việc"),
    ("BM-02.03", "Danh mục tài liệu hết giá trị đề nghị tiêu hủy", "Lý do, hội đồng xét hủy"),
    ("BM-02.04", "Phiếu mượn hồ sơ lưu trữ", "Người mượn, ngày trả"),
    ("BM-03.01", "Chương trình đánh giá nội bộ", "Đợt, đơn vị, điều khoản, đoàn đánh giá"),
    ("BM-03.02", "Báo cáo đánh giá nội bộ", "Kết luận, điểm mạnh, điểm cần cải tiến"),
    ("BM-05.01", "Phiếu ghi nhận sự không phù hợp và hành động khắc phục", "Mô tả, nguyên nhân"),
    ("BM-05.02", "Sổ theo dõi sự không phù hợp", "Số phiếu, đơn vị, hạn, kết quả"),
    ("BM-06.01", "Bảng nhận diện rủi ro và cơ hội", "Rủi ro, mức, biện pháp xử lý"),
    ("BM-07.01", "Phiếu đề nghị đào tạo, bồi dưỡng", "Nội dung, thời gian, kinh phí"),
    ("BM-07.02", "Bản đánh giá hiệu quả đào tạo", "Người học, kết quả sau khóa"),
    ("BM-08.01", "Giấy tiếp nhận hồ sơ và hẹn trả kết quả", "Người nộp, ngày hẹn trả"),
    ("BM-08.02", "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ", "Giấy tờ còn thiếu, căn cứ"),
    ("BM-08.03", "Phiếu từ chối tiếp nhận giải quyết hồ sơ", "Lý do từ chối, hướng dẫn"),
    ("BM-08.04", "Phiếu xin lỗi và hẹn lại ngày trả kết quả", "Lý do quá hạn, ngày hẹn lại"),
    ("BM-08.05", "Phiếu kiểm soát quá trình giải quyết hồ sơ", "Bước, người nhận, giờ nhận"),
    ("BM-09.01", "Phiếu khảo sát sự hài lòng của tổ chức, cá nhân", "Mức hài lòng, góp ý"),
    ("BM-09.02", "Sổ theo dõi phản ánh, kiến nghị", "Người phản ánh, nội dung, trả lời"),
    ("BM-10.01", "Mục tiêu chất lượng và kế hoạch thực hiện", "Chỉ tiêu, cách đo, thời hạn"),
    ("BM-11.01", "Biên bản họp xem xét của lãnh đạo", "Nội dung họp, kết luận, phân công"),
    ("BM-12.01", "Giấy đề nghị nghỉ phép", "Từ ngày, đến ngày, người làm thay"),
    ("BM-12.02", "Phiếu đề xuất mua sắm văn phòng phẩm", "Tên hàng, số lượng"),
    ("BM-12.03", "Giấy đăng ký sử dụng xe công", "Nơi đến, thời gian, số người"),
    ("BM-12.04", "Phiếu đề nghị sửa chữa trang thiết bị", "Tên máy, tình trạng hỏng"),
)  # fmt: skip
NEEDS = (
    ("tôi muốn sửa một chỗ trong quy trình", "BM-01.01"),
    ("xin ban hành thêm một tài liệu mới", "BM-01.01"),
    ("phát bản giấy cho các phòng và ghi người nhận", "BM-01.04"),
    ("chị Lan sắp nghỉ hưu, phải bàn giao việc", "BM-02.02"),
    ("chuyển công tác thì giao lại hồ sơ cho ai", "BM-02.02"),
    ("hủy giấy tờ cũ đã hết hạn lưu", "BM-02.03"),
    ("mượn lại một hồ sơ năm ngoái trong kho", "BM-02.04"),
    ("lập lịch kiểm tra nội bộ năm nay", "BM-03.01"),
    ("viết kết quả sau đợt đánh giá nội bộ", "BM-03.02"),
    ("phát hiện làm sai quy trình thì ghi vào đâu", "BM-05.01"),
    ("ghi lại lỗi giấy hẹn in sai ngày", "BM-05.01"),
    ("những nguy cơ của phòng mình trong năm", "BM-06.01"),
    ("xin đi học lớp tập huấn", "BM-07.01"),
    ("người dân nộp thiếu giấy tờ", "BM-08.02"),
    ("hồ sơ không đủ điều kiện, không nhận", "BM-08.03"),
    ("trễ hẹn trả kết quả cho dân, phải xin lỗi", "BM-08.04"),
    ("nhận hồ sơ rồi in giấy hẹn cho công dân", "BM-08.01"),
    ("hỏi người dân có hài lòng không", "BM-09.01"),
    ("người dân gọi điện phàn nàn về thái độ", "BM-09.02"),
    ("ghi lại cuộc họp xem xét của giám đốc", "BM-11.01"),
    ("xin nghỉ hai ngày việc nhà", "BM-12.01"),
    ("mua giấy in và mực", "BM-12.02"),
    ("dang ky xe di cong tac xa", "BM-12.03"),
    ("máy in bị hỏng cần sửa", "BM-12.04"),
)


@pytest.fixture
def forms(agency):
    for number, (code, title, text) in enumerate(FORMS, start=1):
        put(
            Found(
                agency_id=agency.agency_id, kind="document", object_id=number, title=title,
                code=code, link=f"/tai-lieu/{number}/", sort="form", text=text, extra="Biểu mẫu",
            )
        )  # fmt: skip
    put(
        Found(
            agency_id=agency.agency_id, kind="document", object_id=99, code="QT-05",
            title="Quy trình nghỉ phép", link="/", sort="system_procedure",
        )
    )  # fmt: skip


def test_the_right_form_is_among_the_first_three(agency, forms):
    actor = agency.actor("lan")
    missed = {}
    for need, code in NEEDS:
        answers = [hit.code for hit in queries.forms_fitting(need, actor=actor)[:3]]
        if code not in answers:
            missed[need] = answers
    assert missed == {}


def test_words_that_say_nothing_find_nothing(agency, forms):
    assert queries.forms_fitting("tôi cần một cái mẫu để làm", actor=agency.actor("lan")) == ()


@pytest.mark.parametrize(
    "named",
    ["mẫu BM-20.01", "bm-20.01.", "Phiếu loại bảy", "lập Phiếu loại bảy; lưu sổ", "phieu loai bay"],
)
def test_a_form_is_found_by_the_step_that_names_it(agency, named):
    form, _ = in_force(agency, code="BM-20.01", title="Phiếu loại bảy", kind="form")
    in_force(agency, code="BM-20.02", title="Phiếu loại tám", kind="form")
    step = f"3 · Người dân rút hồ sơ giữa chừng thì trả lại giấy tờ đã nộp · Một cửa · {named}"
    procedure, _ = in_force(
        agency, code="QT-20", title="Một cửa", data=word("Trình tự", step, "4 · Lưu · BM-20.02"),
        name="qt-20.docx",
    )  # fmt: skip
    if named.endswith("bay"):
        Document.objects.filter(pk=form).update(parent_id=procedure)
    follow_all()
    hits = queries.forms_fitting("tôi cần mẫu để xin rút hồ sơ", actor=agency.actor("lan"))

    assert [hit.object_id for hit in hits] == [form]
    assert hits[0].snippet_html.startswith("QT-20: ") and "<mark>rút</mark>" in hits[0].snippet_html


def test_a_step_names_no_form_that_is_hidden_or_retired(agency):
    secretary(agency)
    hidden, _ = in_force(agency, code="BM-20.01", title="Phiếu loại bảy", kind="form")
    in_force(
        agency, code="QT-20", title="Một cửa", name="qt-20.docx",
        data=word("Người dân rút hồ sơ giữa chừng · BM-20.01"),
    )  # fmt: skip
    Document.objects.filter(pk=hidden).update(level="restricted")
    follow_all()

    def finding(who: str) -> list[int]:
        hits = queries.forms_fitting("rút hồ sơ giữa chừng", actor=agency.actor(who))
        return [hit.object_id for hit in hits]

    assert finding("tuan") == []
    assert finding("thuky") == [hidden]
    Document.objects.filter(pk=hidden).update(
        status="withdrawn", current_id=None, withdrawn_on=NOW.date(), withdraw_reason="Hết dùng",
        changed_at=NOW + timedelta(minutes=1),
    )  # fmt: skip
    follow_all()
    assert finding("thuky") == []
