"""The words of the controlled paper around the step table: sections 1–7, revision sheet, recipients.

What is a fact elsewhere (code, limit, papers of the TTHC, the steps) is not repeated here.
Source: ISO 9001:2015 điều 7.5.2; cấu trúc bảy mục của quy trình ISO trong cơ quan hành chính.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nep.kernel.text import clean, clean_lines

MAX_SECTION, MAX_ROWS, MAX_CELL = 20_000, 200, 600
ROW = "- "


@dataclass(frozen=True, slots=True)
class SectionHead:
    """One section of the paper: its key, its number and its printed title."""

    key: str
    number: str
    title: str

    @property
    def printed(self) -> str:
        """Return "1. MỤC ĐÍCH" or "5.1. Cơ sở pháp lý"."""
        return f"{self.number}. {self.title}"


SECTIONS: tuple[SectionHead, ...] = (
    SectionHead("purpose", "1", "MỤC ĐÍCH"),
    SectionHead("scope", "2", "PHẠM VI"),
    SectionHead("references", "3", "TÀI LIỆU VIỆN DẪN"),
    SectionHead("definitions", "4", "ĐỊNH NGHĨA/VIẾT TẮT"),
    SectionHead("basis", "5.1", "Cơ sở pháp lý"),
    SectionHead("papers", "5.2", "Thành phần hồ sơ"),
    SectionHead("copies", "5.3", "Số lượng hồ sơ"),
    SectionHead("time", "5.4", "Thời gian xử lý"),
    SectionHead("place", "5.5", "Nơi tiếp nhận và trả kết quả"),
    SectionHead("fee", "5.6", "Lệ phí"),
    SectionHead("forms", "6", "BIỂU MẪU"),
    SectionHead("records", "7", "HỒ SƠ LƯU"),
)
HEADS: dict[str, SectionHead] = {one.key: one for one in SECTIONS}
CONTENT_HEAD = "5. NỘI DUNG QUY TRÌNH"
STEPS_HEAD = SectionHead("steps", "5.7", "Quy trình xử lý công việc")
TYPED = tuple(one.key for one in SECTIONS if one.key not in {"papers", "time"})
PARTS = ("Soạn thảo", "Xem xét", "Phê duyệt")


@dataclass(frozen=True, slots=True)
class Paper:
    """What the paper says around the steps.

    `sections` are texts by key of SECTIONS, a paragraph a line; a line that begins with "- " is a
    row of the section's list, its cells parted by " | ". `changes` are the rows of the revision
    sheet from before (part, change, number, day), `recipients` those of the distribution list
    (place, note), `signers` who signed the paper that was read (name, position) in the order of
    PARTS.
    """

    sections: Mapping[str, str] = field(default_factory=dict, hash=False)
    changes: tuple[tuple[str, ...], ...] = ()
    recipients: tuple[tuple[str, str], ...] = ()
    signers: tuple[tuple[str, str], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.sections or self.changes or self.recipients or self.signers)

    def text(self, key: str) -> str:
        """Return the text of a section, "" where nothing is written."""
        return self.sections.get(key, "")


NO_PAPER = Paper()


def paper_of(
    sections: Mapping[str, str],
    *,
    changes: tuple[tuple[str, ...], ...] = (),
    recipients: tuple[tuple[str, str], ...] = (),
    signers: tuple[tuple[str, str], ...] = (),
) -> Paper:
    """Return a paper with its texts cleaned and bounded; unknown keys and empty texts left out."""
    kept = {key: clean_lines(sections.get(key, ""))[:MAX_SECTION] for key in HEADS}
    return Paper(
        {key: text for key, text in kept.items() if text},
        tuple(row for row in map(_cells, changes[:MAX_ROWS]) if any(row)),
        tuple((place, note) for place, note in map(_cells, recipients[:MAX_ROWS]) if place),
        tuple((name, post) for name, post in map(_cells, signers[: len(PARTS)])),
    )


def _cells(row: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(clean(cell)[:MAX_CELL] for cell in row)


def paper_content(paper: Paper) -> dict[str, Any]:
    """Return what a paper says as plain values, empty parts left out."""
    content: dict[str, Any] = {}
    if paper.sections:
        content["sections"] = dict(sorted(paper.sections.items()))
    for name in ("changes", "recipients", "signers"):
        if rows := getattr(paper, name):
            content[name] = [list(row) for row in rows]
    return content


def paper_text(paper: Paper) -> str:
    """Return a paper as canonical JSON text, "" for one that says nothing."""
    content = paper_content(paper)
    if not content:
        return ""
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read_paper(text: str) -> Paper:
    """Return a paper from its JSON text."""
    if not text:
        return NO_PAPER
    content = json.loads(text)
    rows = {
        name: tuple(tuple(row) for row in content.get(name, ()))
        for name in ("changes", "recipients", "signers")
    }
    return Paper(content.get("sections", {}), **rows)


def listed(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the rows of a section's list, each as its cells."""
    return tuple(
        tuple(cell.strip() for cell in line[len(ROW) :].split(" | "))
        for line in text.split("\n")
        if line.startswith(ROW)
    )


def first_words(*, title: str) -> dict[str, str]:
    """Return what sections 1, 2, 3 and 4 say until somebody writes them."""
    return {
        "purpose": f"Quy định trình tự, trách nhiệm và thời gian thực hiện thủ tục “{title}” nhằm "
        "bảo đảm việc giải quyết đúng quy định của pháp luật, công khai, minh bạch, đúng thời hạn "
        "và phù hợp với Tiêu chuẩn quốc gia TCVN ISO 9001:2015.",
        "scope": "Áp dụng đối với tổ chức, cá nhân có yêu cầu giải quyết thủ tục này và các đơn vị, "
        "cá nhân có trách nhiệm thực hiện các bước ở mục 5.7.",
        "references": "- Tiêu chuẩn quốc gia TCVN ISO 9001:2015;\n"
        "- Các văn bản quy phạm pháp luật nêu tại mục 5.1.",
        "definitions": "- TTHC | Thủ tục hành chính",
        "copies": "01 bộ.",
    }
