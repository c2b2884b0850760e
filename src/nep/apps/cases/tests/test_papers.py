"""The legal papers hold the fields of their forms, the same in PDF and Word, and nothing else."""

import io
import re
from datetime import datetime, timedelta

import pypdfium2
import pytest
from django.conf import settings
from docx import Document

from nep.apps.cases import services
from nep.apps.cases.models import GivenPaper
from nep.apps.cases.queries.given import given_facts
from nep.apps.cases.rules.papers import file_name
from nep.apps.cases.services import papers
from nep.apps.cases.tests.scene import NOW
from nep.kernel.errors import NotFound
from nep.kernel.places import locality, place_and_date
from nep.kernel.vietnamese import VN

ADDRESS = settings.NEP.public_address
GIVEN = (
    services.PaperGiven("Đơn đề nghị cấp giấy phép theo mẫu"),
    services.PaperGiven("Giấy chứng nhận đăng ký doanh nghiệp", 0, 2),
)


def printed(at, case_id, form, ending="pdf", *, by="lan", now=NOW, number=None) -> bytes:
    """Return a paper of a case as its bytes."""
    return papers.case_paper(
        actor=at.actor(by), now=now, case_id=case_id, form=form, ending=ending, number=number
    ).data


def text_of(data: bytes) -> str:
    if data.startswith(b"%PDF-"):
        document = pypdfium2.PdfDocument(data)
        text = "".join(
            document[page].get_textpage().get_text_range() for page in range(len(document))
        )
    else:
        text = "".join(Document(io.BytesIO(data)).element.body.itertext())
    return re.sub(r"\s+", "", text)


def holds(data: bytes, *texts: str) -> list[str]:
    """Return the texts that are missing."""
    there = text_of(data)
    return [text for text in texts if re.sub(r"\s+", "", text) not in there]


@pytest.mark.parametrize("ending", ["pdf", "docx"])
def test_the_receipt_has_every_field_of_its_form(at, ending):
    case = at.accept(papers=GIVEN)

    data = printed(at, case.pk, "01", ending)

    assert holds(
        data,
        "Mẫu số 01", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc",
        "SỞ KHOA HỌC VÀ CÔNG NGHỆ", "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
        f"Số: {case.code}/TNHS", "Lam Sơn, ngày 10 tháng 12 năm 2026", "Nguyễn Văn An",
        "Địa chỉ: xã Tân Lập", "Số điện thoại: 0900 000 118", "Cấp giấy phép",
        "Đơn đề nghị cấp giấy phép theo mẫu", "Giấy chứng nhận đăng ký doanh nghiệp",
        "2. Số lượng hồ sơ: 01 bộ", "10 ngày làm việc",
        "10 giờ 20 phút, ngày 10 tháng 12 năm 2026", "17 giờ 30 phút, ngày 24 tháng 12 năm 2026",
        "NGƯỜI NỘP HỒ SƠ", "NGƯỜI TIẾP NHẬN HỒ SƠ", "Hoàng Minh Tuấn",
        f"{ADDRESS}/tra-cuu/k/{case.lookup_key}/",
    ) == []  # fmt: skip
    assert holds(data, "Phí, lệ phí", "Thư điện tử", "Quyển số", "None") == [
        "Phí, lệ phí", "Thư điện tử", "Quyển số", "None",
    ]  # fmt: skip


def test_the_code_of_the_receipt_is_at_least_twenty_millimetres(at):
    case = at.accept(papers=GIVEN)
    facts = given_facts(actor=at.actor("lan"), given_id=GivenPaper.objects.get(case=case).pk)

    (code,) = [block for block in papers.given_sheet(facts).blocks if hasattr(block, "millimetres")]

    assert code.millimetres >= 20
    assert code.text == f"{ADDRESS}/tra-cuu/k/{case.lookup_key}/"


@pytest.mark.parametrize("ending", ["pdf", "docx"])
def test_the_supplement_request_says_what_and_why(at, ending):
    made = services.case_receive_incomplete(
        actor=at.actor("tuan"), now=NOW, tthc_id=at.tthc_id,
        applicant=services.Applicant("Trần Thị Bưởi"),
        papers=(services.PaperGiven("Bản vẽ mặt bằng", state="thieu", note="có dấu"),),
        reason="Thiếu bản vẽ mặt bằng.",
    )  # fmt: skip

    data = printed(at, made.id, "02", ending)

    assert holds(
        data,
        "Mẫu số 02", "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ", "Số: 01/HDHS", "Trần Thị Bưởi",
        "Bản vẽ mặt bằng", "có dấu", "Lý do: Thiếu bản vẽ mặt bằng.", "NGƯỜI HƯỚNG DẪN",
        "Hoàng Minh Tuấn",
    ) == []  # fmt: skip


@pytest.mark.parametrize("ending", ["pdf", "docx"])
def test_the_control_slip_shows_each_giving_and_receiving(at, ending):
    case = at.accept()
    now = at.walk(case, "b4")

    data = printed(at, case.pk, "06", ending, now=now)

    assert holds(
        data,
        "Mẫu số 06", "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ", case.code,
        "1. Giao: 10 giờ 40 phút, ngày 10 tháng 12 năm 2026",
        "2. Nhận: 10 giờ 40 phút, ngày 10 tháng 12 năm 2026",
        "Tiếp nhận hồ sơ", "Thẩm định hồ sơ", "Đặng Văn Toàn", "Trần Thị Mai Lan", "Trước hạn",
        "Định mức 16 giờ; đã dùng 20 phút",
    ) == []  # fmt: skip
    assert holds(data, "Kết quả giải quyết hồ sơ:") == ["Kết quả giải quyết hồ sơ:"]


def test_the_slip_of_a_finished_case_gives_the_word_of_the_law(at):
    case = at.accept()
    now = at.walk(case, "end", now=NOW + timedelta(days=30))

    data = printed(at, case.pk, "06", now=now)

    assert holds(data, "Kết quả giải quyết hồ sơ: quá hạn", "Thời gian giải quyết xong:") == []


def test_a_hostile_name_stays_plain_text_on_paper(at):
    name = '#import "x" $x$ <b> \\ *đậm* _nghiêng_ @a'
    case = at.accept(name=name)

    for ending in ("pdf", "docx"):
        assert holds(printed(at, case.pk, "01", ending), name) == []


def test_another_agency_gets_no_paper(at, other_agency):
    case = at.accept()
    given = GivenPaper.objects.get(case=case).pk
    stranger = other_agency.actor("lan")

    for form in ("01", "02", "03", "04", "05", "06"):
        with pytest.raises(NotFound):
            papers.case_paper(actor=stranger, now=NOW, case_id=case.pk, form=form, ending="pdf")
    with pytest.raises(NotFound):
        papers.given_file(actor=stranger, given_id=given, ending="pdf")


@pytest.mark.parametrize(
    ("name", "kind", "province", "place"),
    [
        ("Ủy ban nhân dân xã Tân Lập", "xa", "tỉnh Lam Sơn", "Tân Lập"),
        ("UBND phường Đông Hải", "phuong", "tỉnh Lam Sơn", "Đông Hải"),
        ("Sở Tư pháp", "so", "tỉnh Lam Sơn", "Lam Sơn"),
        ("Sở Tư pháp", "so", "thành phố Huế", "Huế"),
        ("Trung tâm xã hội", "trung_tam", "", ""),
    ],
)
def test_the_place_of_a_paper_is_the_communes_or_the_provinces(name, kind, province, place):
    assert locality(agency_name=name, kind=kind, province=province) == place


def test_dates_take_leading_zeros_and_names_of_files_are_plain():
    at = datetime(2026, 2, 5, 0, 30, tzinfo=VN)

    assert place_and_date(place="Tân Lập", at=at) == "Tân Lập, ngày 05 tháng 02 năm 2026"
    assert place_and_date(place="", at=at) == "Ngày 05 tháng 02 năm 2026"
    assert file_name(form="giay-hen", code="H9/á b", ending="pdf") == "giay-hen-H9---b.pdf"
