"""A one-page form as PDF: ours beside WeasyPrint and LibreOffice, in one run.

`python3 dev.py bench printing` prints milliseconds a page, ratios, and one line of JSON. The same
form (receipt with ten papers, a QR code, two signatures) is set three times: by Typst with its
compiler kept, by WeasyPrint from HTML, by LibreOffice from our own DOCX, one process a file.
Goals: ≥ 5 × WeasyPrint, ≥ 80 × LibreOffice. A rival that is not installed is left out; WeasyPrint
is `pip install "weasyprint>=70,<71"` and needs Pango.
"""

import html
import json
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime

from nep.foundation.printing import (
    Code,
    Column,
    Paper,
    Signature,
    Signatures,
    Table,
    line,
    paper_docx,
    paper_pdf,
    qr_svg,
)
from nep.foundation.printing.fonts import FOLDER
from nep.foundation.printing.office import office_pdf, office_program

try:
    import weasyprint
except (ImportError, OSError):  # OSError: Pango is missing
    weasyprint = None

AT = datetime(2026, 11, 21, 3, tzinfo=UTC)
LINK = "https://example.vn/tra-cuu/k/AbCdEfGhIj{}/"
PAPERS = [(str(n), f"Giấy tờ thứ {n}: bản sao có chứng thực", "1") for n in range(1, 11)]
LINES = (
    "Bộ phận Tiếp nhận và Trả kết quả đã nhận hồ sơ của bà Nguyễn Thị Hường.",
    "Nội dung yêu cầu giải quyết: cấp bản sao trích lục hộ tịch.",
    "Thời gian giải quyết theo quy định: 02 ngày làm việc.",
)


def form(number: int) -> Paper:
    """Return one receipt; each has its own number, so that nothing can be kept from the last."""
    return Paper(
        title="Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
        above="Ủy ban nhân dân tỉnh Lam Sơn",
        issuer="Sở Tư pháp",
        number=f"Số: {number}/TNHS",
        place_date="Lam Sơn, ngày 21 tháng 11 năm 2026",
        blocks=(
            Code(LINK.format(number), 22, (line(f"Mã hồ sơ: H99-{number:06d}"),)),
            *(line(text) for text in LINES),
            Table((Column("TT", 0.5), Column("Tên giấy tờ", 4), Column("Số lượng")), PAPERS),
            Signatures((Signature("Người nộp hồ sơ"), Signature("Người tiếp nhận hồ sơ"))),
        ),
    )


def page(number: int) -> str:
    """Return the same receipt as HTML: the same words, faces and ruled lines."""
    head = "".join(f"<th>{one}</th>" for one in ("TT", "Tên giấy tờ", "Số lượng"))
    rows = "".join(
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>"
        for row in PAPERS
    )
    text = "".join(f"<p>{html.escape(one)}</p>" for one in LINES)
    faces = "".join(
        f"@font-face{{font-family:T;font-weight:{weight};font-style:{style};"
        f"src:url(file://{FOLDER}/Tinos_{file}.ttf)}}"
        for weight, style, file in (
            (400, "normal", "400Regular"), (700, "normal", "700Bold"),
            (400, "italic", "400Regular_Italic"),
        )
    )  # fmt: skip
    return f"""<html lang="vi"><style>@page{{size:A4;margin:20mm 15mm 20mm 30mm}}{faces}
    body{{font:13pt T;margin:0}}p{{margin:0 0 2mm;text-align:justify}}table{{width:100%}}
    .r{{border-collapse:collapse;font-size:12pt}}.r td,.r th{{border:.5pt solid;padding:1mm 1.6mm}}
    .c td{{text-align:center;font-size:12pt;vertical-align:top;width:50%}}
    u{{text-underline-offset:3pt}}h1{{font-size:14pt;text-align:center;text-transform:uppercase}}
    svg{{width:27mm}}</style>
    <table class="c"><tr><td>ỦY BAN NHÂN DÂN TỈNH LAM SƠN<br><b><u>SỞ TƯ PHÁP</u></b><br>
    Số: {number}/TNHS</td><td><b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<br>
    <u>Độc lập - Tự do - Hạnh phúc</u></b><br><i>Lam Sơn, ngày 21 tháng 11 năm 2026</i></td></tr>
    </table><h1>Giấy tiếp nhận hồ sơ và hẹn trả kết quả</h1>
    <table><tr><td style="width:28mm">{qr_svg(LINK.format(number))}</td>
    <td>Mã hồ sơ: H99-{number:06d}</td></tr></table>{text}
    <table class="r"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>
    <table class="c"><tr><td><b>NGƯỜI NỘP HỒ SƠ</b></td><td><b>NGƯỜI TIẾP NHẬN HỒ SƠ</b></td></tr>
    </table></html>"""


def by_weasyprint() -> Callable[[int], bytes]:
    """Return WeasyPrint with its font settings kept, as a careful user would."""
    fonts = weasyprint.text.fonts.FontConfiguration()
    return lambda number: weasyprint.HTML(string=page(number)).write_pdf(font_config=fonts)


def milliseconds(work: Callable[[int], bytes], number: int) -> float:
    """Return how long one form took; the result is a PDF."""
    start = time.perf_counter()
    made = work(number)
    spent = (time.perf_counter() - start) * 1000
    if made[:5] != b"%PDF-":
        raise SystemExit("no PDF was made")
    return spent


def turn_about(works: dict[str, Callable[[int], bytes]], times: dict[str, int]) -> dict[str, float]:
    """Return the median of each, taken in turns so that a busy machine slows all alike."""
    found: dict[str, list[float]] = {name: [] for name in works}
    for number in range(max(times.values()) + 2):
        for name, work in works.items():
            if number < times[name] + 2:
                found[name].append(milliseconds(work, number))
    return {name: statistics.median(spent[2:]) for name, spent in found.items()}


def main() -> None:
    """Measure, print and judge."""
    works: dict[str, Callable[[int], bytes]] = {"ours": lambda n: paper_pdf(form(n), made_at=AT)}
    if weasyprint is not None:
        works["weasyprint"] = by_weasyprint()
    if office_program() is not None:
        works["libreoffice"] = lambda n: office_pdf(paper_docx(form(n)), kind="docx")
    found = turn_about(works, {"ours": 60, "weasyprint": 60, "libreoffice": 5})
    for name, goal in (("weasyprint", 5), ("libreoffice", 80)):
        if name not in found:
            print(f"{name}: not installed, left out")
            continue
        ratio = found[name] / found["ours"]
        kept = "kept" if ratio >= goal else "MISSED"
        print(f"{name}: {found[name]:.1f} ms, {ratio:.0f} × ours (goal ≥ {goal} ×: {kept})")
    print(f"ours: {found['ours']:.2f} ms a page")
    print(json.dumps({name: round(value, 2) for name, value in found.items()}))


if __name__ == "__main__":
    main()
