"""What the cells of a column look like: labels, times, people, deeds.

Heads vary more than cells do, so a column whose head is unknown is known by what stands in it.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from nep.apps.procedures.rules.word._document import Table
from nep.apps.procedures.rules.word._names import code_in
from nep.apps.procedures.rules.word._times import NO_TIME, parse_time
from nep.kernel.text import fold

LOOKED_AT = 25
LONG = 200
LABEL = re.compile(
    r"^\(?(?:(?:buoc|b|so|viec)\s?[.:-]?\s?)?\d{1,2}(?:[.\-]\d{1,2}){0,2}\s?[a-z]?\s?[.:)]{0,2}$"
)
MARK = re.compile(r"^[xX✓✔√+●•]$")
_BARE = re.compile(r"^\d{1,4}(?:[.,/]\d{1,4})?$")
_UNIT = re.compile(r"^(?:(?:ngay|gio)(?:\s?lam\s?viec)?|phut|nlv|ngay lv)$")
_PEOPLE = re.compile(
    r"^[-+*•\s]*(?:cac |tap the )?(?:chuyen vien|bo|cong an|tro ly|thue|vien|chi huy|ngan hang|kho bac|bao hiem|"
    r"noi|cong chuc|vien chuc|can bo|nhan vien|lanh dao|truong|pho|giam doc|"
    r"chu tich|chi cuc|cuc|van thu|bo phan|phong|ban|so|ubnd|uy ban|hdnd|trung tam|mot cua|van phong|"
    r"to chuc|ca nhan|cong dan|nguoi|ttpvhcc|tthcc|hoi dong|thanh tra|vu|co quan|don vi|ke toan|"
    r"thu truong|thu ky|hat|doi|to|tt pvhcc|tthc|bpmc|pgd|qlnn|thanh vien|giam sat|doanh nghiep|ho)\b"
)
_DEED = re.compile(
    r"^(?:[-+*•\s]|buoc \d+\s?[:.)-]|\d+[.)])*(?:tiep nhan|kiem tra|chuyen (?!vien)|tham dinh|"
    r"phan cong|xem xet|trinh|ky|phe duyet|duyet|dong dau|phat hanh|vao so|tra|luu|thong bao|cap|in|"
    r"nop|xac minh|tham tra|xu ly|giai quyet|du thao|soat|huong dan|lap|gui|ban hanh|hoan|nhan|"
    r"bao cao|to chuc (?:hop|tham|kiem|thuc)|lay y kien|xac nhan|ra soat|thu|hop|giao|dang|"
    r"cong khai|niem yet|so hoa|quet|cap nhat|de xuat|tong hop|nghien cuu|cho|ban giao|doi chieu|"
    r"tra cuu|thuc hien|ghi|scan|tham muu|quyet dinh|y kien|nghe|don tiep)\b"
)
_NO_LENGTH = re.compile(
    r"\bquy (?:[ivx]+|\d)\b|\bthang \d|\bnam \d{4}|\d\s?/\s?\d{4}|\b\d{1,3} nam\b|lau dai|vinh vien|"
    r"thuong xuyen|\bhang (?:nam|quy|thang|tuan|ngay)\b|…gio|\.{3,} ?gio|\d ?(?:h|gio)\d{0,2} ?[-–]|"
    r"^truoc ngay|sang|chieu"
)
_KINDS = ("code", "label", "time", "number", "unit", "who", "deed", "other_time", "mark")


@dataclass(frozen=True, slots=True)
class Evidence:
    """How many cells of a column are filled and the share of them that is of a kind, 0 to 1."""

    filled: int = 0
    code: float = 0.0
    label: float = 0.0
    time: float = 0.0
    number: float = 0.0
    unit: float = 0.0
    who: float = 0.0
    deed: float = 0.0
    other_time: float = 0.0
    mark: float = 0.0
    length: float = 0.0


def evidence(table: Table, below: int, spans: tuple[tuple[int, int], ...]) -> tuple[Evidence, ...]:
    """Return the evidence of each column, from the first rows below the head."""
    texts: list[list[str]] = [[] for _ in spans]
    for row in table.rows[below : below + LOOKED_AT]:
        for cell, above in zip(row.cells, row.above, strict=True):
            if above or not cell.text:
                continue
            under = [at for at, (first, after) in enumerate(spans)
                     if cell.first < after and first < cell.after]  # fmt: skip
            if len(under) == 1:
                texts[under[0]].append(cell.text)
    return tuple(_evidence(column) for column in texts)


def _evidence(texts: list[str]) -> Evidence:
    if not texts:
        return Evidence()
    found = [kinds_of(text[:LONG]) for text in texts]
    shares = {kind: sum(kind in one for one in found) / len(texts) for kind in _KINDS}
    return Evidence(
        filled=len(texts), length=sum(len(text) for text in texts) / len(texts), **shares
    )


@lru_cache(maxsize=8192)
def kinds_of(text: str) -> frozenset[str]:
    """Return what one cell may be, out of label, time, number, unit, who, deed, mark …"""
    bare = fold(text.replace("\n", " "))
    kinds = {"code"} if code_in(text) else set()
    if LABEL.match(bare):
        kinds.add("label")
    if _BARE.match(bare):
        kinds.add("number")
    if MARK.match(text.strip()):
        kinds.add("mark")
    if _UNIT.match(bare):
        kinds.add("unit")
    if _PEOPLE.match(bare):
        kinds.add("who")
    if _DEED.match(bare):
        kinds.add("deed")
    time = parse_time(text)
    if (time.hours is not None and len(bare) < 90) or (time == NO_TIME and len(bare) > 3):
        kinds.add("time")
    elif _NO_LENGTH.search(bare) and len(bare) < 90:
        kinds.add("other_time")
    return frozenset(kinds)
