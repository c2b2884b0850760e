"""Covers and stamps on pages of every size and turn; the original is never touched."""

import io
import zlib
from datetime import UTC, datetime

import pypdfium2
import pytest

from nep.foundation.printing import Paper, paper_pdf
from nep.foundation.printing.cover import Cover, RevisionRow, Signer, cover_pdf
from nep.foundation.printing.office_bounds import NotMade
from nep.foundation.printing.stamp import VOID, Stamp, joined, page_count, stamped

AT = datetime(2026, 12, 10, 3, tzinfo=UTC)
VALID = Stamp(
    "BẢN KIỂM SOÁT", "QT-01 · lần 02, sửa đổi 01", note="Hiệu lực từ 15/12/2026",
    link="https://example.vn/tra-cuu/tai-lieu/kiem-tra/AbCd/",
)  # fmt: skip

COVER = Cover(
    above="Ủy ban nhân dân tỉnh Lam Sơn", issuer="Sở Tư pháp", kind="Quy trình hệ thống",
    title="Kiểm soát tài liệu", facts=(("Mã hiệu", "QT-01"),),
    signers=tuple(
        Signer(part, name, "Chuyên viên", "01/12/2026", "Đã ký")
        for part, name in (("Soạn thảo", "Trần Thị Mai Lan"), ("Xem xét", "Đặng Văn Toàn"),
                           ("Phê duyệt", "Nguyễn Thị Thu Hà"))
    ),
    revisions=(RevisionRow("02/01", "15/12/2026", "Mục 5.2: đổi thời hạn", "Thu Hà"),),
    recipients=("Phòng Kế hoạch",), place="Lam Sơn, tháng 12 năm 2026",
)  # fmt: skip


def blank(*sizes: tuple[int, int, int]) -> bytes:
    """Return a PDF of empty pages: width, height in points, turn in degrees."""
    made = pypdfium2.PdfDocument.new()
    for wide, high, turn in sizes:
        made.new_page(wide, high).set_rotation(turn)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def texts(data: bytes) -> list[str]:
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(data)]


def darkest(page, left: float, top: float, right: float, bottom: float) -> int:
    """Return the darkest point of a part of the page as seen, given in shares of its sides."""
    bitmap = page.render(scale=1, grayscale=True)
    points, stride = bytes(bitmap.buffer), bitmap.stride
    return min(
        points[row * stride + column]
        for row in range(int(top * bitmap.height), int(bottom * bitmap.height))
        for column in range(int(left * bitmap.width), int(right * bitmap.width))
    )


def test_every_page_says_state_code_revision_and_its_number():
    original = blank((595, 842, 0), (842, 595, 0), (420, 595, 0))
    made = stamped(original, VALID, made_at=AT)

    for number, said in enumerate(texts(made), start=1):
        assert "BẢN KIỂM SOÁT" in said
        assert "Hiệu lực từ 15/12/2026" in said
        assert "QT-01 · lần 02, sửa đổi 01" in said
        assert f"Trang {number}/3" in said
    assert page_count(made) == page_count(original) == 3


@pytest.mark.usefixtures("programs_forked")
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_the_frame_stands_at_the_upper_right_and_the_code_at_the_lower_left_as_seen(turn):
    page = pypdfium2.PdfDocument(stamped(blank((595, 842, turn)), VALID, made_at=AT))[0]

    assert darkest(page, 0.7, 0.0, 1.0, 0.08) < 140
    assert darkest(page, 0.0, 0.9, 0.15, 1.0) < 60
    assert darkest(page, 0.0, 0.0, 0.5, 0.5) > 250


@pytest.mark.usefixtures("programs_forked")
def test_a_retired_version_says_so_over_its_earlier_frame():
    once = stamped(blank((595, 842, 0)), VALID, made_at=AT)
    void = Stamp("HẾT HIỆU LỰC", "", look=VOID, note="từ 20/12/2026")
    (said,) = texts(stamped(once, void, made_at=AT))

    assert said.count("HẾT HIỆU LỰC") == 2  # in the frame and across the page
    assert "từ 20/12/2026" in said
    assert said.count("Trang 1/1") == 1


def test_the_cover_names_the_three_and_the_revisions_and_comes_first():
    first, second, last = texts(joined(cover_pdf(COVER, made_at=AT), blank((595, 842, 0))))

    for said in ("SỞ TƯ PHÁP", "KIỂM SOÁT TÀI LIỆU", "QT-01", "Đặng Văn Toàn", "Phê duyệt"):
        assert said in first
    assert "BẢNG THEO DÕI SỬA ĐỔI" in second
    assert "Mục 5.2: đổi thời hạn" in second
    assert "Phòng Kế hoạch" in second
    assert last == ""


@pytest.mark.parametrize("data", [b"%PDF-1.4 hong", b"%PDF-1.7\n" + zlib.compress(b"x" * 5000)])
def test_a_broken_pdf_is_refused_with_a_sentence(data):
    with pytest.raises(NotMade) as refused:
        stamped(data, VALID, made_at=AT)
    assert refused.value.code == "pdf_broken"


@pytest.mark.usefixtures("programs_forked")
def test_what_is_fit_for_archives_stays_so_under_cover_and_stamp():
    paper = paper_pdf(Paper(title="Quy trình", issuer="Sở Tư pháp", blocks=()), made_at=AT)
    plain = blank((595, 842, 0))
    sheet = cover_pdf(COVER, made_at=AT)

    made = stamped(paper, VALID, made_at=AT, cover=sheet)
    assert b"<pdfaid:part>2</pdfaid:part>" in made
    assert b"/OutputIntents" in made
    assert page_count(made) == page_count(sheet) + page_count(paper)
    # what a stranger's PDF is not, it is not said to be
    assert b"pdfaid" not in stamped(plain, VALID, made_at=AT, cover=sheet)
