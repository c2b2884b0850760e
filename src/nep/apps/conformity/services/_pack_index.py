"""The index of an evidence pack, readable without the server: one page for a browser, one PDF."""

from collections.abc import Sequence

from django.template.loader import render_to_string

from nep.apps.conformity.rules import pack as law
from nep.apps.conformity.rules.pack import Entry, Head, Points, Said
from nep.foundation.printing import Column, Paper, Table, bold, italic, line, paper_pdf
from nep.kernel.vietnamese import date_text, datetime_text, number_text

STYLE = """\
body{font:16px/1.5 "Times New Roman",Tinos,serif;max-width:960px;margin:24px auto;padding:0 16px;color:#111}
h1{font-size:26px;margin:0 0 8px}
h2{font-size:18px;margin:28px 0 6px}
table{border-collapse:collapse;width:100%}
td,th{border:1px solid #777;padding:6px 8px;text-align:left;vertical-align:top}
td.n{text-align:right;white-space:nowrap}
code{font:13px monospace;overflow-wrap:anywhere}
.mut{color:#555}
"""

_WITHOUT = (Column("TT", 0.5, "center"), Column("Tài liệu, hồ sơ", 5), Column("Vì sao", 4))


def index_html(head: Head, points: Points, said: Said, entries: Sequence[Entry]) -> bytes:
    """Return the index as one HTML page with no outside part."""
    rows = [
        {
            "point": one,
            "statement": said.statements.get(one.key, ""),
            "without": said.without(one.key),
            "files": [entry for entry in entries if entry.point == one.key],
        }
        for one in points.points
    ]
    context = {"head": head, "points": points, "rows": rows, "checker": law.CHECKER,
               "manifest": law.MANIFEST, "style": law.INDEX_STYLE}  # fmt: skip
    return render_to_string("conformity/pack_index.html", context).encode()


def index_pdf(head: Head, points: Points, said: Said, entries: Sequence[Entry]) -> bytes:
    """Return the index as PDF."""
    blocks: list = [
        line(
            f"Kỳ: {date_text(head.starts_on)} – {date_text(head.ends_on)}. Lập lúc "
            f"{datetime_text(head.made_at)} bởi {head.made_by}. Xếp theo {points.source}."
        ),
        line(
            f"Kiểm tra gói không cần máy chủ: chạy {law.CHECKER} trong thư mục đã giải nén; mã băm của "
            f"từng tệp nằm trong {law.MANIFEST}."
        ),
    ]
    columns = (Column("TT", 0.5, "center"), Column("Tệp", 5), Column("Dạng", 0.8),
               Column("KB", 0.7, "right"), Column("SHA-256 (đầu)", 2.3))  # fmt: skip
    for one in points.points:
        files = [entry for entry in entries if entry.point == one.key]
        blocks.append(line(bold(f"{one.number} {one.title}")))
        if said.statements.get(one.key):
            blocks.append(line(italic("Cơ quan ghi: "), said.statements[one.key]))
        if files:
            rows = tuple(
                (str(place), entry.title, entry.ending, number_text(max(1, round(entry.size / 1024))),
                 entry.sha256[:16])
                for place, entry in enumerate(files, start=1)
            )  # fmt: skip
            blocks.append(Table(columns, rows))
        elif not said.statements.get(one.key) and not said.without(one.key):
            blocks.append(line("Chưa có tệp nào."))
        if said.without(one.key):
            blocks.append(line(italic("Không có trong gói:")))
            told = tuple(
                (str(place), left.title, left.why)
                for place, left in enumerate(said.without(one.key), start=1)
            )
            blocks.append(Table(_WITHOUT, told))
    paper = Paper(
        title="Mục lục gói bằng chứng", subtitle=f"{head.agency}, năm {head.year}",
        issuer=head.agency, number=f"Mã: {head.code}", blocks=tuple(blocks),
    )  # fmt: skip
    return paper_pdf(paper, made_at=head.made_at)
