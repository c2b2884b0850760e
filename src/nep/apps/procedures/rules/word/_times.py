"""What a printed time means, and whether it has to be asked.

A day counts 8 hours. "ngày" and "ngày làm việc" stay apart, because only the document's authors
can tell whether "ngày" means calendar days.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from nep.kernel.text import clean, fold

WORKING_DAY, DAY, HOUR = "ngày làm việc", "ngày", "giờ"
HOURS_PER_DAY = 8
MAX_TEXT = 2_000
MAX_DAYS = 3_650

_FRACTIONS = {"½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3", "⅛": "1/8"}
_SPOKEN = {
    "nửa": "0,5", "một": "1", "hai": "2", "ba": "3", "bốn": "4", "năm": "5", "sáu": "6",
    "bảy": "7", "tám": "8", "chín": "9", "mười": "10", "mười lăm": "15", "hai mươi": "20",
    "ba mươi": "30",
}  # fmt: skip
_NUMBER = r"\d{1,6}(?:[.,]\d{1,4})?"
_VALUE = rf"(?:\d{{1,3}}\s+(?=\d{{1,2}}\s?/))?{_NUMBER}(?:\s?/\s?\d{{1,3}})?"
_UNIT = r"(?P<unit>ngay|gio|h\b|tieng|phut|buoi|tuan|thang|nam)(?P<working>\s?lam\s?viec|\s?lv\b)?"
_QUANTITY = re.compile(
    rf"(?<![\d.,/])(?P<value>{_VALUE})\s?(?:\((?P<words>[a-z ]{{2,20}})\)\s?)?{_UNIT}"
    r"(?P<half>\s?ruoi)?(?!\s?\d{1,2}\s?(?:/\s?\d|thang|-\s?\d))"
)
_SPOKEN_QUANTITY = re.compile(
    rf"(?<!\w)(?:{'|'.join(sorted(_SPOKEN, key=len, reverse=True))})"
    r"(?=\s+(?:ngày|giờ|tiếng|phút|buổi|tuần|tháng)(?!\w))"
)
_RANGE = re.compile(
    rf"(?<![\d.,/]){_VALUE}\s?(?:{_UNIT.replace('?P<unit>', '').replace('?P<working>', '')}\s?)?"
    rf"(?:-|den|toi|hoac|hay|~)\s?{_VALUE}\s?(?:ngay|gio|tieng|phut|buoi)"
)
_NO_TIME = re.compile(
    r"^(?:khong (?:tinh|quy dinh|ap dung|gioi han)\b|(?:trong |theo )?gio hanh chinh\b|theo (?:giay|lich) hen\b|[-–—/.…]+$)"
)
_IN_HOURS = re.compile(r"\s*[x×*]\s*0?8\s*(?:giờ|h|tiếng)\b.*$", re.IGNORECASE | re.DOTALL)
_BARE = re.compile(rf"^(?P<value>{_VALUE})$")
_PARENTHESES = re.compile(r"\([^()]{0,400}\)")


@dataclass(frozen=True, slots=True)
class ParsedTime:
    """Hours of 8-hour days and their printed unit; `reason` says in Vietnamese what to ask.

    `hours` is None where no time is counted (not `uncertain`) or none can be told (`uncertain`).
    """

    hours: Decimal | None = None
    unit: str | None = None
    uncertain: bool = False
    reason: str = ""


NO_TIME = ParsedTime()


@dataclass(frozen=True, slots=True)
class _Quantity:
    hours: Decimal | None
    unit: str
    start: int
    end: int


def parse_time(text: str, *, head_unit: str | None = None) -> ParsedTime:
    """Read a time cell; `head_unit` is the unit its column head states for bare numbers.

    Never raises: what cannot be read comes back as uncertain with a reason.
    """
    spoken = _spoken(text)
    if not spoken or _NO_TIME.match(spoken):
        return ParsedTime()
    if len(spoken) > MAX_TEXT:
        return _asked("đoạn chữ quá dài để đọc ra một thời gian")
    outside = clean(_PARENTHESES.sub(" ", spoken))
    for candidate in (outside, clean(spoken.replace("(", " ").replace(")", " "))):
        if _RANGE.search(candidate):
            return _asked("ghi một khoảng hoặc nhiều mức, chưa rõ lấy mức nào")
        if found := _quantities(candidate):
            return _judge(candidate, found)
    return _bare(outside, head_unit)


def parse_total(text: str, *, head_unit: str | None = None) -> ParsedTime:
    """Read a total: as `parse_time`, without what "trong đó" breaks it down into.

    "05 ngày x 8 giờ = 40 giờ" says the same twice: the first is read. A bare number has the unit
    of its column head.
    """
    whole = re.split(r"\btrong\s+đó\b", clean(text), maxsplit=1, flags=re.IGNORECASE)[0]
    return parse_time(_IN_HOURS.sub("", whole), head_unit=head_unit)


def head_unit(head: str) -> str | None:
    """Return the unit that a column head states for its bare numbers, or None."""
    spoken = fold(head)
    if re.search(r"\d", spoken):
        return None
    if re.search(r"ngay\s?lam\s?viec", spoken):
        return WORKING_DAY
    if re.search(r"\(.{0,20}\bgio\b|:\s?gio\b|\btinh bang gio\b|^gio\b", spoken):
        return HOUR
    if re.search(r"\(.{0,20}\bngay\b|:\s?ngay\b|\btinh bang ngay\b|^ngay\b", spoken):
        return DAY
    return None


def _spoken(text: str) -> str:
    for sign, digits in _FRACTIONS.items():
        text = text.replace(sign, f" {digits}")
    lower = clean(text).lower()
    return fold(_SPOKEN_QUANTITY.sub(lambda found: _SPOKEN[found[0]], lower)).strip(" .;:")


def _quantities(text: str) -> list[_Quantity]:
    return [
        quantity for found in _QUANTITY.finditer(text) if (quantity := _quantity(found)) is not None
    ]


def _quantity(found: re.Match[str]) -> _Quantity | None:
    value = _number(found["value"])
    if value is None:
        return None
    if found["half"]:
        value += Decimal("0.5")
    unit, start, end = found["unit"], found.start(), found.end()
    if unit == "ngay":
        named = WORKING_DAY if found["working"] else DAY
        return _Quantity(_days(value), named, start, end)
    if unit in ("gio", "h", "tieng"):
        return _Quantity(value if value <= MAX_DAYS * HOURS_PER_DAY else None, HOUR, start, end)
    if unit == "phut":
        return _Quantity((value / 60).quantize(Decimal("0.0001")), HOUR, start, end)
    return _Quantity(None, "", start, end)


def _number(text: str) -> Decimal | None:
    whole, _, rest = text.partition(" ") if re.match(r"\d{1,3} \d", text) else ("", "", text)
    above, slash, below = rest.replace(" ", "").replace(",", ".").partition("/")
    value = Decimal(above)
    if slash:
        if not int(below) or value > int(below):
            return None
        value = value / int(below)
    value += Decimal(whole or 0)
    return value.quantize(Decimal("0.0001")).normalize() if value else value


def _days(value: Decimal) -> Decimal | None:
    return _tidy(value * HOURS_PER_DAY) if value <= MAX_DAYS else None


def _tidy(hours: Decimal) -> Decimal:
    return hours.quantize(Decimal(1)) if hours == hours.to_integral_value() else hours.normalize()


def _judge(text: str, found: list[_Quantity]) -> ParsedTime:
    known = [quantity for quantity in found if quantity.hours is not None]
    if len(known) != len(found):
        return _asked("đơn vị không đổi được ra giờ làm việc")
    if len({quantity.hours for quantity in known}) == 1:
        hours = known[0].hours
        wordy = len(text) > 80 and (len(known) > 1 or known[0].start > 20)
        unit = known[0].unit if len(known) == 1 or known[0].unit != DAY else _clearest(known)
        reason = "thời gian nằm trong một câu, cần xác nhận" if wordy else ""
        return ParsedTime(_tidy(hours or Decimal(0)), unit, wordy, reason)
    if len(known) == 2 and _is_sum(text, known[0], known[1]):
        return ParsedTime(_tidy(sum((q.hours or Decimal(0) for q in known), Decimal(0))), HOUR)
    return _asked("ghi nhiều thời gian khác nhau, chưa rõ lấy mức nào")


def _clearest(known: list[_Quantity]) -> str:
    return next((quantity.unit for quantity in known if quantity.unit == WORKING_DAY), DAY)


def _is_sum(text: str, first: _Quantity, second: _Quantity) -> bool:
    """Tell "01 ngày 04 giờ" and "1 ngày và 4 giờ": days first, hours right after."""
    between = text[first.end : second.start].strip(" ,")
    return first.unit in (DAY, WORKING_DAY) and second.unit == HOUR and between in ("", "va")


def _bare(text: str, unit: str | None) -> ParsedTime:
    found = _BARE.match(text)
    value = _number(found["value"]) if found else None
    if value is None:
        return _asked("không đọc ra thời gian")
    if unit is None:
        return _asked("chỉ ghi số, không ghi giờ hay ngày")
    hours = value if unit == HOUR else _days(value)
    if hours is None:
        return _asked("số ngày lớn bất thường")
    return ParsedTime(_tidy(hours), unit)


def _asked(reason: str) -> ParsedTime:
    return ParsedTime(None, None, True, reason)
