"""Place and day at the head of an official paper.

Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, Phần I, mục II.4 (địa danh và thời gian ban hành).
"""

from datetime import datetime

from nep.kernel.vietnamese import date_long, local

_PLACES = ("xã ", "phường ", "thị trấn ", "đặc khu ", "huyện ", "quận ", "thị xã ", "thành phố ")
_PROVINCES = ("tỉnh ", "thành phố ")
_OWN_PLACE = frozenset({"xa", "phuong", "dac_khu"})


def locality(*, agency_name: str, kind: str, province: str) -> str:
    """Return the place name before a paper's date: the commune's own, else the province's.

    `kind` is the agency's ("so", "xa", "phuong", "dac_khu").
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
