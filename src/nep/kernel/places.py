"""Place and day at the head of an official paper.

Source: Nghị định 30/2020/NĐ-CP, Phụ lục I, Phần I, mục II.4 (địa danh và thời gian ban hành).
"""

import re
from datetime import datetime

from nep.kernel.vietnamese import date_long, local

_PLACES = ("xã ", "phường ", "thị trấn ", "đặc khu ", "huyện ", "quận ", "thị xã ", "thành phố ")
_PROVINCES = ("tỉnh ", "thành phố ")
_OWN_PLACE = frozenset({"xa", "phuong", "dac_khu"})
_COMMITTEE = re.compile(r"^(?:UBND|Ủy ban nhân dân)\b")
_OF_COMMITTEE = re.compile(r"\s+(?:UBND|Ủy ban nhân dân)\b.*$")


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


def post_in(post: str, agency_name: str) -> str:
    """Return a post as its holder signs in an agency: the head of a committee signs "Chủ tịch", not
    "Chủ tịch UBND"."""
    is_committee = _COMMITTEE.match(agency_name) is not None
    return _OF_COMMITTEE.sub("", post) if is_committee else post


def authority(post: str, agency_name: str) -> str:
    """Return who decides, in capitals as above the grounds of a decision: the post, without "KT.",
    and the agency's full name. Source: Nghị định 30/2020/NĐ-CP, Phụ lục III mẫu 1.2."""
    bare = post_in(post, agency_name).split(". ")[-1]
    return f"{bare} {_COMMITTEE.sub('Ủy ban nhân dân', agency_name)}".upper()
