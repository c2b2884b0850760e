"""An officer's sheet as a paper to sign and as an Excel file."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from nep.apps.oversight import queries
from nep.apps.oversight.rules import period_text
from nep.apps.oversight.rules import sheets as rules
from nep.foundation.files.kinds import CONTENT_TYPES
from nep.foundation.printing import (
    Column,
    Paper,
    SheetColumn,
    Signature,
    Signatures,
    Table,
    bold,
    line,
    paper_pdf,
    xlsx,
)
from nep.kernel.vietnamese import datetime_text, local

ACTS = {
    rules.SELF: "Tự chấm",
    rules.PROPOSED: "Đề xuất",
    rules.DECIDED: "Quyết định",
    rules.CONTESTED: "Kiến nghị",
    rules.ANSWERED: "Trả lời kiến nghị",
}


def sheet_file(
    request: HttpRequest, page: queries.SheetPage, rows: Sequence[Any]
) -> HttpResponse | None:
    """Return the sheet as the file that `dang` asks for (pdf, xlsx), or None."""
    wanted = request.GET.get("dang", "")
    if wanted == "pdf":
        data = paper_pdf(_paper(request, page, rows), made_at=request.now)
    elif wanted == "xlsx":
        data = xlsx(_sheets(page, rows))
    else:
        return None
    answer = HttpResponse(data, content_type=CONTENT_TYPES[wanted])
    name = f"phieu-danh-gia-{page.person_id}-{page.period.value}.{wanted}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _counted(page: queries.SheetPage) -> list[tuple[str, int]]:
    return [(label, page.counts.get(name, 0)) for name, label in rules.COUNTS.items()]


def _at(entry: queries.EntryLine) -> str:
    return datetime_text(local(entry.at))


def _paper(request: HttpRequest, page: queries.SheetPage, rows: Sequence[Any]) -> Paper:
    columns = (
        Column(_("Tiêu chí"), 4), Column(_("Tối đa"), 0.9, "right"),
        Column(_("Tự chấm"), 0.9, "right"), Column(_("Đề xuất"), 0.9, "right"),
        Column(_("Quyết định"), 1, "right"),
    )  # fmt: skip
    cells = [(one.criterion.label, one.most, one.own, one.proposed, one.decided) for one in rows]
    decided = rules.points_text(page.points) if page.points is not None else "–"
    cells.append(
        (_("Cộng"), rules.points_text(page.terms.whole), _sum(page, rules.SELF),
         _sum(page, rules.PROPOSED), decided)
    )  # fmt: skip
    who = ", ".join(part for part in (page.position, *page.units) if part)
    blocks: list[Any] = [
        line(bold(_("Họ và tên: ")), page.person),
        line(bold(_("Chức vụ, đơn vị: ")), who or "–"),
        line(bold(_("Kỳ đánh giá: ")), period_text(page.period.value)),
        Table(columns, tuple(cells)),
        line(bold(_("Xếp loại: ")), page.band or _("chưa quyết định")),
        line(bold(_("Số liệu từ các bước đã làm: ")), "; ".join(
            f"{label.lower()} {number}" for label, number in _counted(page)
        ) + "."),
    ]  # fmt: skip
    for entry in page.entries:
        total = f", {rules.points_text(entry.total)} điểm" if entry.total is not None else ""
        band = f", {entry.band}" if entry.band else ""
        said = f": {entry.text}" if entry.text else ""
        blocks.append(line(f"{_at(entry)}, {ACTS[entry.act]}, {entry.by}{total}{band}{said}"))
    blocks.append(line(_("Xếp loại do người đứng đầu cơ quan quyết định; số liệu chỉ là căn cứ.")))
    blocks.append(
        Signatures(
            (
                Signature("NGƯỜI ĐƯỢC ĐÁNH GIÁ", name=page.person),
                Signature("TRƯỞNG ĐƠN VỊ"),
                Signature("NGƯỜI ĐỨNG ĐẦU"),
            )
        )
    )
    return Paper(
        title=_("Phiếu đánh giá, xếp loại chất lượng"), issuer=request.actor.agency_name,
        subtitle=period_text(page.period.value), blocks=tuple(blocks),
    )  # fmt: skip


def _sum(page: queries.SheetPage, act: str) -> str:
    entry = page.newest(act)
    return rules.points_text(entry.total) if entry and entry.total is not None else "–"


def _sheets(page: queries.SheetPage, rows: Sequence[Any]) -> list[tuple[str, list, list]]:
    def value(text: str) -> float | str:
        return float(text.replace(",", ".")) if text not in ("", "–") else ""

    points = [
        [rules.GROUPS[one.criterion.group], one.criterion.label, value(one.most), value(one.own),
         value(one.proposed), value(one.decided), value(one.suggested), one.criterion.source,
         one.criterion.verified]
        for one in rows
    ]  # fmt: skip
    heads = [
        SheetColumn(_("Nhóm"), width=22), SheetColumn(_("Tiêu chí"), width=50),
        *(SheetColumn(name, "number", 12) for name in (
            _("Tối đa"), _("Tự chấm"), _("Đề xuất"), _("Quyết định"), _("Số liệu gợi ý"))),
        SheetColumn(_("Nguồn"), width=50), SheetColumn(_("Kiểm chứng"), width=18),
    ]  # fmt: skip
    history = [
        [_at(e), ACTS[e.act], e.by, e.total / 10 if e.total is not None else "", e.band, e.text]
        for e in page.entries
    ]
    return [
        (_("Điểm"), heads, points),
        (_("Số liệu"), [SheetColumn(_("Số liệu"), width=40), SheetColumn(_("Số đếm"), "number")],
         [list(pair) for pair in _counted(page)]),
        (_("Diễn biến"), [
            SheetColumn(_("Lúc"), width=20), SheetColumn(_("Việc"), width=22),
            SheetColumn(_("Người ghi"), width=26), SheetColumn(_("Điểm"), "number"),
            SheetColumn(_("Xếp loại"), width=30), SheetColumn(_("Nội dung"), width=60),
        ], history),
    ]  # fmt: skip
