"""Code masks: how an agency writes its case and document codes.

A mask is text with fields in braces: {agency}, {yymmdd}, {ddmmyy}, {yyyy}, {yy}, {seq} and
{seq:04} (zero-padded to four), {kind}. Anything else in braces is refused.
Source: Nghị định 118/2025/NĐ-CP Điều 28 (agency identifier, date, daily sequence); the order of
the date is read from real codes and is therefore a setting.
"""

import re
from datetime import date

from nep.kernel.errors import Refusal

_FIELD = re.compile(r"\{([a-z]+)(?::0?(\d))?\}")
FIELDS = frozenset({"agency", "yymmdd", "ddmmyy", "yyyy", "yy", "seq", "kind"})
DOCUMENT_FIELDS = frozenset({"agency", "yyyy", "yy", "seq", "kind", "parent", "parentnumber"})
CASE_MASK = "{agency}-{yymmdd}-{seq:04}"
_LAST_NUMBER = re.compile(r"(\d+)(?!.*\d)")


def check_mask(mask: str) -> None:
    """Refuse a mask that names an unknown field or has no sequence.

    Raises Refusal("mask_invalid").
    """
    names = {found.group(1) for found in _FIELD.finditer(mask)}
    rest = _FIELD.sub("", mask)
    if "{" in rest or "}" in rest or names - FIELDS:
        raise Refusal(
            "mask_invalid",
            f"Mẫu mã “{mask}” có phần không hiểu được. Chỉ dùng {{agency}}, {{yymmdd}}, "
            "{ddmmyy}, {yyyy}, {yy}, {kind}, {seq:04}.",
        )
    if "seq" not in names:
        raise Refusal("mask_invalid", f"Mẫu mã “{mask}” thiếu số thứ tự {{seq:04}}.")


def check_document_mask(mask: str) -> None:
    """Refuse a mask of document codes that names an unknown field or has no sequence.

    {parent} is the code of the document above ("QT-01"), {parentnumber} the last number in it
    ("01"). Raises Refusal("mask_invalid").
    """
    names = {found.group(1) for found in _FIELD.finditer(mask)}
    rest = _FIELD.sub("", mask)
    if "{" in rest or "}" in rest or names - DOCUMENT_FIELDS:
        raise Refusal(
            "mask_invalid",
            f"Mẫu mã “{mask}” có phần không hiểu được. Chỉ dùng {{seq:02}}, {{yyyy}}, {{yy}}, "
            "{parent}, {parentnumber}, {agency}, {kind}.",
            field="mask",
        )
    if "seq" not in names:
        raise Refusal("mask_invalid", f"Mẫu mã “{mask}” thiếu số thứ tự {{seq:02}}.", field="mask")


def asks_parent(mask: str) -> bool:
    """Say whether the mask needs the code of the document above."""
    return "{parent}" in mask or "{parentnumber}" in mask


def render_code(
    mask: str, *, agency: str, on: date, seq: int, kind: str = "", parent: str = ""
) -> str:
    """Return the code that the mask gives, such as "H99.18-261121-0042"."""
    number = _LAST_NUMBER.search(parent)
    values = {
        "agency": agency,
        "yymmdd": f"{on:%y%m%d}",
        "ddmmyy": f"{on:%d%m%y}",
        "yyyy": f"{on.year:04d}",
        "yy": f"{on:%y}",
        "kind": kind,
        "parent": parent,
        "parentnumber": number.group(1) if number else parent,
    }

    def fill(found: re.Match[str]) -> str:
        name, width = found.group(1), found.group(2)
        if name == "seq":
            return f"{seq:0{int(width or 1)}d}"
        return values.get(name, found.group(0))

    return _FIELD.sub(fill, mask)


def sequence_book(mask: str, *, on: date) -> str:
    """Return the numbering book of a mask: one per day, per year, or one for ever."""
    if "{yymmdd}" in mask or "{ddmmyy}" in mask:
        return f"case:{on.isoformat()}"
    return f"case:{on.year}" if "{yy" in mask else "case"
