"""The sheet that goes with a folder of documents: its columns by their heads, its rows as data."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from nep.apps.documents.rules._kinds import (
    FORM,
    INSTRUCTION,
    INTERNAL,
    LEVEL_NAMES,
    MANUAL,
    OTHER,
    PLAN,
    POLICY,
    PROCEDURE,
    PUBLIC,
    RESTRICTED,
    SYSTEM_PROCEDURE,
    is_secret_level,
)
from nep.apps.documents.rules._library import read_clauses, read_tags
from nep.kernel.errors import Refusal
from nep.kernel.text import clean, fold

PAPER = "Nhập từ tài liệu giấy"
FIELD_NAMES: dict[str, str] = {
    "code": "Mã hiệu",
    "title": "Tên tài liệu",
    "kind": "Loại",
    "issue": "Lần ban hành",
    "amendment": "Lần sửa đổi",
    "effective": "Ngày hiệu lực",
    "unit": "Đơn vị giữ",
    "level": "Mức phổ biến",
    "approver": "Người phê duyệt",
    "file": "Tệp",
    "parent": "Kèm theo",
    "state": "Trạng thái",
    "clauses": "Điều khoản",
    "tags": "Nhãn",
}
_HEADS: dict[str, tuple[str, ...]] = {
    "code": ("ma hieu", "ma so", "ma tai lieu", "ma", "ky hieu", "so hieu", "code"),
    "title": ("ten tai lieu", "ten", "tieu de", "title"),
    "kind": ("loai tai lieu", "loai", "nhom", "kind"),
    "issue": ("lan ban hanh", "lan bh", "phien ban", "ban hanh lan", "issue"),
    "amendment": ("lan sua doi", "sua doi lan", "lan sd", "sua doi", "amendment"),
    "effective": ("ngay hieu luc", "hieu luc tu", "ngay ban hanh", "hieu luc", "effective"),
    "unit": ("don vi giu", "don vi soan thao", "don vi", "phong", "bo phan", "unit"),
    "level": ("muc pho bien", "muc do mat", "muc", "pham vi", "level"),
    "approver": ("nguoi phe duyet", "phe duyet", "nguoi ky", "nguoi duyet", "approver"),
    "file": ("tep", "ten tep", "file", "ten file", "duong dan"),
    "parent": ("kem theo", "tai lieu cha", "thuoc quy trinh", "thuoc tai lieu", "parent"),
    "state": ("trang thai", "tinh trang", "state"),
    "clauses": ("dieu khoan", "tieu chuan", "clauses"),
    "tags": ("nhan", "tu khoa", "tags"),
}
_KINDS: tuple[tuple[str, str], ...] = (
    ("bieu mau", FORM), ("mau", FORM), ("bm", FORM), ("phieu", FORM), ("so tay", MANUAL),
    ("mo ta", MANUAL), ("st", MANUAL), ("chinh sach", POLICY), ("cs", POLICY),
    ("huong dan", INSTRUCTION), ("hd", INSTRUCTION), ("ke hoach", PLAN), ("muc tieu", PLAN),
    ("kh", PLAN), ("quy trinh giai quyet", PROCEDURE), ("quy trinh noi bo", PROCEDURE),
    ("quy trinh tthc", PROCEDURE), ("quy trinh", SYSTEM_PROCEDURE), ("qt", SYSTEM_PROCEDURE),
    ("quy che", OTHER), ("quy dinh", OTHER), ("tai lieu khac", OTHER), ("khac", OTHER),
)  # fmt: skip
_CODE_KINDS = {"BM": FORM, "QT": SYSTEM_PROCEDURE, "HD": INSTRUCTION, "CS": POLICY, "ST": MANUAL,
               "KH": PLAN}  # fmt: skip
_LEVELS = {"cong khai": PUBLIC, "noi bo": INTERNAL, "noi bo co quan": INTERNAL,
           "han che": RESTRICTED, "": INTERNAL}  # fmt: skip
_DRAFTS = ("du thao", "ban thao", "dang soan", "draft")
_PAPERS = ("hieu luc", "dang hieu luc", "da ban hanh", "ban hanh", "con hieu luc", "in force")
_DATES = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%d/%m/%y")


@dataclass(frozen=True, slots=True)
class PaperFacts:
    """One row of the sheet as data. `is_draft` says that no paper copy is in force."""

    row: int
    path: str
    code: str
    title: str
    kind: str
    issue: str
    amendment: str
    effective_from: date | None
    unit: str
    level: str
    approver: str
    parent_code: str
    is_draft: bool
    tags: tuple[str, ...] = ()
    clauses: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row of the sheet before it is read: its number from 1 and its cells by field."""

    row: int
    cells: Mapping[str, Any] = field(default_factory=dict)

    @property
    def file(self) -> str:
        """Return the file that the row names, "" when it names none."""
        return _text(self.cells.get("file")).replace("\\", "/").removeprefix("./")


def propose_columns(heads: Sequence[Any]) -> dict[str, int]:
    """Return the column of each field by the heads' words, the exact ones first."""
    folded = [re.sub(r"[^a-z0-9 ]+", " ", fold(str(head or ""))).strip() for head in heads]
    found: dict[str, int] = {}
    taken: set[int] = set()
    for exact in (True, False):
        for name, words in _HEADS.items():
            if name in found:
                continue
            for word in words:
                at = next(
                    (
                        place
                        for place, head in enumerate(folded)
                        if place not in taken and (head == word if exact else _begins(head, word))
                    ),
                    None,
                )
                if at is not None:
                    found[name] = at
                    taken.add(at)
                    break
    return found


def _begins(head: str, word: str) -> bool:
    return len(word) > 3 and (head.startswith(f"{word} ") or f" {word} " in f" {head} ")


def find_head(table: Sequence[Sequence[Any]], *, most: int = 15) -> tuple[int, dict[str, int]]:
    """Return the place of the row of heads (from 0) and its columns; (-1, {}) without one.

    A sheet needs at least a code, a title and a file column.
    """
    for place, cells in enumerate(table[:most]):
        columns = propose_columns(cells)
        if {"code", "title", "file"} <= columns.keys():
            return place, columns
    return -1, {}


def sheet_rows(table: Sequence[Sequence[Any]]) -> list[SheetRow]:
    """Return the rows below the heads that say anything, numbered as Excel shows them."""
    place, columns = find_head(table)
    rows = []
    for number, cells in enumerate(table[place + 1 :], start=place + 2):
        if any(_text(cell) for cell in cells):
            rows.append(
                SheetRow(
                    number,
                    {name: cells[at] for name, at in columns.items() if at < len(cells)},
                )
            )
    return rows


def read_row(row: SheetRow, *, path: str, today: date) -> PaperFacts:
    """Return a row as data. Raises Refusal with a sentence about the cell that is wrong."""
    cells = row.cells
    code, title = _text(cells.get("code")), _text(cells.get("title"))
    if not code:
        raise Refusal("code_missing", "Dòng này chưa ghi mã hiệu.")
    if not title:
        raise Refusal("title_missing", f"Dòng của {code[:60]} chưa ghi tên tài liệu.")
    issue, amendment = _number(cells.get("issue"), cells.get("amendment"))
    effective = _day(cells.get("effective"))
    is_draft = _is_draft(_text(cells.get("state")), effective)
    if not is_draft and effective is None:
        raise Refusal(
            "effective_missing",
            "Tài liệu đang hiệu lực phải có ngày hiệu lực. Hãy ghi ngày, hoặc ghi trạng thái là "
            "“dự thảo”.",
        )
    if not is_draft and effective is not None and effective > today:
        raise Refusal(
            "effective_future",
            f"Ngày hiệu lực {effective:%d/%m/%Y} chưa tới. Hãy ghi trạng thái là “dự thảo” rồi "
            "trình duyệt trên hệ thống.",
        )
    return PaperFacts(
        row=row.row,
        path=path,
        code=code[:60],
        title=title[:600],
        kind=_kind(_text(cells.get("kind")), code),
        issue=issue,
        amendment=amendment,
        effective_from=effective,
        unit=_text(cells.get("unit")),
        level=_level(_text(cells.get("level"))),
        approver=_text(cells.get("approver"))[:120],
        parent_code=_text(cells.get("parent")),
        is_draft=is_draft,
        tags=read_tags(_text(cells.get("tags"))),
        clauses=read_clauses(str(cells.get("clauses") or "")),
    )


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return clean(str("" if cell is None else cell))


def _number(issue: Any, amendment: Any) -> tuple[str, str]:
    first = re.findall(r"\d+", _text(issue))
    second = re.findall(r"\d+", _text(amendment))
    one = first[0] if first else "1"
    two = second[0] if second else (first[1] if len(first) > 1 else "0")
    if len(one) > 6 or len(two) > 6:
        raise Refusal("issue_unread", f"Chưa đọc được lần ban hành “{_text(issue)[:40]}”.")
    return one.zfill(2), two.zfill(2)


def _day(cell: Any) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = _text(cell)
    if not text:
        return None
    for form in _DATES:
        try:
            found = datetime.strptime(text, form).date()  # a day, not a moment
        except ValueError:
            continue
        if 1976 <= found.year <= 2100:
            return found
    raise Refusal("effective_unread", f"Chưa đọc được ngày “{text[:40]}”. Hãy ghi như 05/01/2026.")


def _is_draft(state: str, effective: date | None) -> bool:
    word = fold(state)
    if not word:
        return effective is None
    if any(word.startswith(one) for one in _DRAFTS):
        return True
    if any(word.startswith(one) for one in _PAPERS):
        return False
    raise Refusal(
        "state_unread",
        f"Chưa hiểu trạng thái “{state[:40]}”. Hãy ghi “hiệu lực” hoặc “dự thảo”; tài liệu hết "
        "hiệu lực không nhập vào đây.",
    )


def _kind(text: str, code: str) -> str:
    word = fold(text)
    found = next((kind for name, kind in _KINDS if _names_kind(word, name)), "") if word else ""
    if not word:
        head = re.match(r"[A-Za-z]+", code)
        found = _CODE_KINDS.get(head.group(0).upper() if head else "", OTHER)
    if found == PROCEDURE:
        raise Refusal(
            "kind_has_own_page",
            "Quy trình giải quyết thủ tục được nhập ở trang Quy trình, cùng bảng các bước.",
        )
    if not found:
        raise Refusal(
            "kind_unread",
            f"Chưa hiểu loại “{text[:40]}”. Hãy ghi như Chính sách, Sổ tay, Quy trình hệ thống, "
            "Hướng dẫn, Biểu mẫu, Kế hoạch hoặc Khác.",
        )
    return found


def _names_kind(word: str, name: str) -> bool:
    """Say whether a cell names a kind; the short forms ("KH") only when they stand alone."""
    return word == name if len(name) <= 3 else word.startswith(name)


def _level(text: str) -> str:
    if is_secret_level(text):
        raise Refusal(
            "level_secret",
            "Tài liệu bí mật nhà nước không được đưa vào hệ thống nối mạng.",
            "Luật Bảo vệ bí mật nhà nước",
        )
    found = _LEVELS.get(fold(text))
    if found is None:
        names = ", ".join(name.lower() for name in LEVEL_NAMES.values())
        raise Refusal("level_unknown", f"Chưa hiểu mức “{text[:40]}”. Hãy ghi một trong: {names}.")
    return found


def later_number(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Say whether an (issue, amendment) comes after another one."""
    return _order(one) > _order(other)


def _order(pair: tuple[str, str]) -> tuple[tuple[int, str], ...]:
    return tuple(
        (int(digits), text)
        if (digits := "".join(char for char in text if char.isdigit()))
        else (0, text)
        for text in pair
    )
