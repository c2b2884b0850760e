"""Edits of the words of the controlled paper around the steps."""

from dataclasses import replace

from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.edits._ground import Answer, Changed, Edit
from nep.apps.procedures.rules.paper import HEADS, MAX_SECTION, TYPED, Paper, paper_of
from nep.kernel.decisions import Refused
from nep.kernel.text import clean_lines

Rows = tuple[tuple[str, ...], ...]
_SHEETS = {"recipients": (2, "danh sách phân phối"), "changes": (4, "bảng sửa đổi trước đây")}


def paper_write(draft: Draft, edit: Edit) -> Answer:
    """Write the sections and sheets that are given; an empty text takes one away.

    Values are sections by their key; "recipients" (place | note) and "changes" (part | change |
    number | day) hold a row a line.
    """
    old = draft.paper
    sections, told = dict(old.sections), []
    for key in TYPED:
        text = clean_lines(edit.values.get(key, old.text(key)))
        if len(text) > MAX_SECTION:
            return section_long(key)
        if text != old.text(key):
            told.append(f"mục {HEADS[key].number}")
        sections[key] = text
    sheets: dict[str, Rows] = {"recipients": old.recipients, "changes": old.changes}
    for name, (wide, words) in _SHEETS.items():
        if name in edit.values and (rows := _rows(edit.values[name], wide)) != sheets[name]:
            sheets[name] = rows
            told.append(words)
    changed = _paper(sections, sheets, old)
    return Changed(replace(draft, paper=changed), f"văn bản quy trình: {', '.join(told)}")


def paper_typed(base: Draft, edit: Edit) -> Edit:
    """Return the edit of the paper with only what differs from the draft it was typed on."""
    shown = {key: base.paper.text(key) for key in TYPED}
    sheets = {"recipients": base.paper.recipients, "changes": base.paper.changes}

    def is_left(key: str, text: str) -> bool:
        if key in sheets:
            return _rows(text, _SHEETS[key][0]) == sheets[key]
        return key in shown and clean_lines(text) == shown[key]

    values = {key: text for key, text in edit.values.items() if not is_left(key, text)}
    return replace(edit, values=values)


def section_long(key: str) -> Refused:
    """Return the refusal of a section that says too much."""
    most = f"{MAX_SECTION:,}".replace(",", ".")
    head = HEADS[key].printed
    return Refused("section_long", f"Mục {head} dài tối đa {most} chữ.", field=key)


def _paper(sections: dict[str, str], sheets: dict[str, Rows], old: Paper) -> Paper:
    recipients = tuple((row[0], row[1]) for row in sheets["recipients"])
    return paper_of(sections, changes=sheets["changes"], recipients=recipients, signers=old.signers)


def _rows(text: str, wide: int) -> Rows:
    lines = [line for line in clean_lines(text).split("\n") if line.strip()]
    cells = ([cell.strip() for cell in line.split("|")] for line in lines)
    return tuple(tuple((*row, *[""] * wide)[:wide]) for row in cells)
