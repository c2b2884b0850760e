"""Edits of the words of the controlled paper around the steps."""

from dataclasses import replace

from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.edits._ground import Answer, Changed, Edit
from nep.apps.procedures.rules.paper import HEADS, MAX_SECTION, TYPED, paper_of
from nep.kernel.decisions import Refused
from nep.kernel.text import clean_lines

_COLUMNS = {"recipients": 2, "changes": 4}
_NAMES = {"recipients": "danh sách phân phối", "changes": "bảng sửa đổi trước đây"}


def section_write(draft: Draft, edit: Edit) -> Answer:
    """Write one section of the paper; an empty text takes it away."""
    key, text = edit.values.get("key", ""), clean_lines(edit.values.get("text", ""))
    if key not in TYPED:
        return Refused("section_unknown", "Mục này không soạn được ở đây.", field="key")
    if len(text) > MAX_SECTION:
        return Refused(
            "section_long",
            f"Mục này dài tối đa {MAX_SECTION:,} chữ.".replace(",", "."),
            field="text",
        )
    old = draft.paper
    changed = paper_of(
        {**old.sections, key: text},
        changes=old.changes, recipients=old.recipients, signers=old.signers,
    )  # fmt: skip
    return Changed(replace(draft, paper=changed), f"mục {HEADS[key].printed}")


def sheet_write(draft: Draft, edit: Edit) -> Answer:
    """Write the distribution list or the revision sheet, a row a line, cells parted by "|"."""
    sheet = edit.text("sheet")
    if sheet not in _COLUMNS:
        return Refused("sheet_unknown", "Trang này không có trong quy trình.", field="sheet")
    wide = _COLUMNS[sheet]
    lines = clean_lines(edit.values.get("text", "")).split("\n")
    rows = tuple(
        tuple((*(cell.strip() for cell in line.split("|")), *[""] * wide)[:wide])
        for line in lines
        if line.strip()
    )
    old = draft.paper
    sheets = {"changes": old.changes, "recipients": old.recipients, sheet: rows}
    changed = paper_of(old.sections, signers=old.signers, **sheets)  # type: ignore[arg-type]
    return Changed(replace(draft, paper=changed), _NAMES[sheet])
