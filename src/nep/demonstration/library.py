"""The quality documents an agency had on paper, brought in as a secretary would: files and sheet."""

import io
import zipfile
from datetime import date, datetime, timedelta
from typing import Any

import docx

from nep.apps.documents.services import archive_source, import_run
from nep.demonstration import facts
from nep.demonstration.procedures import actor_with
from nep.foundation.printing import SheetColumn, xlsx
from nep.kernel.vietnamese import date_text, local

HEADS = (
    "Mã hiệu", "Tên tài liệu", "Loại", "Lần ban hành", "Ngày hiệu lực", "Mức phổ biến",
    "Người phê duyệt", "Tệp", "Kèm theo", "Trạng thái", "Điều khoản", "Nhãn",
)  # fmt: skip


def build_library(agency: dict[str, Any], *, agency_id: int, now: datetime) -> None:
    """Bring the agency's quality documents in, in force since days before `now`."""
    actor = actor_with(agency, "iso_secretary", agency_id=agency_id, now=now)
    documents = [
        one
        for one in facts.read("library")["document"]
        if one.get("only", agency["kind"]) == agency["kind"]
    ]
    source = archive_source("Tài liệu ISO của cơ quan.zip", _archive(agency, documents, now))
    for _progress in import_run(actor=actor, source=source, is_dry=False, now=now):
        pass


def _archive(agency: dict[str, Any], documents: list[dict[str, Any]], now: datetime) -> io.BytesIO:
    leader = next(
        (one["name"] for one in agency["people"] if "leader" in one["roles"]), agency["name"]
    )
    rows = [_row(one, leader, local(now).date()) for one in documents]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        columns = [SheetColumn(head) for head in HEADS]
        archive.writestr("Danh mục tài liệu.xlsx", xlsx([("Danh mục", columns, rows)]))
        for one in documents:
            archive.writestr(_file(one), _word(agency, one))
    out.seek(0)
    return out


def _file(one: dict[str, Any]) -> str:
    return f"{one['code']} {one['title']}.docx"


def _row(one: dict[str, Any], leader: str, today: date) -> tuple[str, ...]:
    is_draft = "state" in one
    since = today - timedelta(days=30 * one["months"])
    return (
        one["code"], one["title"], one["kind"], one["issue"],
        "" if is_draft else date_text(since), one.get("level", "nội bộ"),
        "" if is_draft else leader, _file(one), one.get("parent", ""), one.get("state", ""),
        one.get("clauses", ""), one.get("tags", ""),
    )  # fmt: skip


def _word(agency: dict[str, Any], one: dict[str, Any]) -> bytes:
    """Return the document as Word, with its code and issue as the cover has them."""
    paper = docx.Document()
    paper.add_paragraph(agency["name"].upper())
    paper.add_heading(one["title"], level=1)
    paper.add_paragraph(f"Mã hiệu: {one['code']}   Lần ban hành: {one['issue']}")
    for number, text in enumerate(one["body"], start=1):
        paper.add_paragraph(f"{number}. {text}")
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()
