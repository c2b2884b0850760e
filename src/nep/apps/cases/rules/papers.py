"""Wording of the legal papers of a case. Pure.

Source: Thông tư 03/2025/TT-VPCP, Phụ lục I (Mẫu số 01, 02, 06); Nghị định 30/2020/NĐ-CP, Phụ lục I
(địa danh, thời gian, thể thức).
"""

from datetime import datetime

from nep.kernel.vietnamese import date_long, local

_PLACES = ("xã ", "phường ", "thị trấn ", "đặc khu ", "huyện ", "quận ", "thị xã ", "thành phố ")
_PROVINCES = ("tỉnh ", "thành phố ")
_OWN_PLACE = frozenset({"xa", "phuong", "dac_khu"})


def locality(*, agency_name: str, kind: str, province: str) -> str:
    """Return the place name before a paper's date: the commune's own, else the province's.

    Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, Phần I, mục II.4.
    """
    if kind in _OWN_PLACE:
        folded = agency_name.casefold()
        for word in _PLACES:
            at = folded.rfind(f" {word}")
            if at >= 0:
                return agency_name[at + 1 + len(word) :].strip()
    for word in _PROVINCES:
        if province.casefold().startswith(word):
            return province[len(word) :].strip()
    return province


def place_and_date(*, place: str, at: datetime) -> str:
    """Return "Tân Lập, ngày 05 tháng 02 năm 2026"."""
    day = date_long(local(at).date())
    return f"{place}, {day}" if place else day.capitalize()


def file_name(*, form: str, code: str, ending: str) -> str:
    """Return a file name of plain letters: "giay-hen-H99.18-261121-0042.pdf"."""
    bare = "".join(char if char.isascii() and (char.isalnum() or char in ".-_") else "-"
                   for char in code)  # fmt: skip
    return f"{form}-{bare}.{ending}"
