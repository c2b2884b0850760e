"""What changed between two revisions, in the words of a revision sheet."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nep.kernel.difference import (
    ADDED,
    CHANGED,
    HEADING,
    ONLY,
    REMOVED,
    ROW,
    SAME,
    Block,
    Change,
    Comparison,
)
from nep.kernel.text import shorten

MOST_LINES, MOST_IN_A_SECTION = 30, 4
_NUMBERED = re.compile(
    r"^((?:Điều|Mục|Phần|Chương|Phụ lục|Bước)\s+[\dIVXLC]+(?:\.\d+)*|\d+(?:\.\d+)*)[.:)]?\s"
)
NEW_FORM, CHANGED_FORM, DEAD_FORM = "new", "changed", "withdrawn"
_FORM_WORDS = {NEW_FORM: "thêm mới", CHANGED_FORM: "sửa đổi", DEAD_FORM: "bãi bỏ"}


@dataclass(frozen=True, slots=True)
class FormChange:
    """A form of the package that came, changed or went with the newer revision."""

    code: str
    title: str
    number: str
    what: str

    @property
    def what_name(self) -> str:
        """Return what happened, in words."""
        return _FORM_WORDS[self.what]


def section_of(block: Block) -> str:
    """Return the name of the section that a block opens ("Mục 5.2", "Điều 3"), or nothing."""
    if block.kind == ROW:
        return ""
    text = f"{block.label} {block.text}".strip()
    if (found := _NUMBERED.match(text)) and (block.kind == HEADING or len(text) <= 140):
        number = found[1]
        return number if not number[0].isdigit() else f"Mục {number}"
    return shorten(text, 60) if block.kind == HEADING and text else ""


def summary_in_words(comparison: Comparison, forms: Sequence[FormChange] = ()) -> str:
    """Return the changes section by section, a line each, as a first draft of the summary."""
    sections: dict[str, list[str]] = {}
    section = ""
    for change in comparison.changes:
        block = comparison.block_of(change)
        if change.new is not None or change.mark == REMOVED:
            section = section_of(block) or section
        if change.mark != SAME:
            sections.setdefault(section, []).extend(_said(change, block))
    lines = [_line(section, said) for section, said in sections.items() if said]
    lines += [f"{form.code} {form.title}: {form.what_name} ({form.number})" for form in forms]
    if len(lines) > MOST_LINES:
        lines = [*lines[:MOST_LINES], f"và {len(lines) - MOST_LINES} mục khác"]
    return "\n".join(lines)


def changed_sections(comparison: Comparison) -> int:
    """Return in how many sections anything changed."""
    found, section = set(), ""
    for change in comparison.changes:
        section = section_of(comparison.block_of(change)) or section
        if change.mark != SAME:
            found.add(section)
    return len(found)


def _line(section: str, said: list[str]) -> str:
    shown = said[:MOST_IN_A_SECTION]
    if len(said) > len(shown):
        shown.append(f"và {len(said) - len(shown)} thay đổi khác")
    text = "; ".join(shown)
    return f"{section}: {text}" if section else text[:1].upper() + text[1:]


def _said(change: Change, block: Block) -> Iterator[str]:
    quoted = f"“{shorten(block.text, 80)}”"
    thing = "dòng " if block.kind == ROW else ""
    if change.moved is not None:
        if change.mark == ADDED:
            yield f"chuyển vị trí {thing}{quoted}"
    elif change.mark == ADDED:
        yield f"thêm {thing}{quoted}"
    elif change.mark == REMOVED:
        yield f"bỏ {thing}{quoted}"
    elif change.mark == CHANGED:
        yield from _words(change)


def _words(change: Change) -> Iterator[str]:
    for cell in change.cells:
        before = ""
        for piece in (*cell, None):
            if piece is not None and piece.mark == REMOVED:
                before = _shown(piece.text)
            elif piece is not None and piece.mark == ADDED and _shown(piece.text):
                now = _shown(piece.text)
                yield f"đổi “{before}” thành “{now}”" if before else f"thêm “{now}”"
                before = ""
            elif before:
                yield f"bỏ “{before}”"
                before = ""


def _shown(text: str) -> str:
    return shorten(text.replace(ONLY, "").strip(), 70)
