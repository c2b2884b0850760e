"""What a printed time means, and whether it has to be asked.

A day counts 8 hours. "ngày" and "ngày làm việc" stay apart, because only the document's authors
can tell whether "ngày" means calendar days.
"""

import itertools
import re
from dataclasses import dataclass
from decimal import Decimal

from nep.kernel.text import clean, fold

WORKING_DAY, DAY, HOUR = "ngày làm việc", "ngày", "giờ"
MINUTE = "phút"
HOURS_PER_DAY = 8
MAX_TEXT = 2_000
MAX_DAYS = 3_650

_FRACTIONS = {"½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3", "⅛": "1/8"}
_DIGITS = {
    "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "sáu": 6,
    "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9,
}  # fmt: skip
_NUMBER = r"\d{1,6}(?:[.,]\d{1,4})?"
_VALUE = rf"(?:\d{{1,3}}\s+(?=\d{{1,2}}\s?/))?{_NUMBER}(?:\s?/\s?\d{{1,3}})?"
_UNIT = (
    r"(?P<unit>ngay|nlv\b|gio|h\b|tieng|phut|p\b|buoi|tuan|thang|nam)"
    r"(?P<working>\s?(?:lam\s?viec|lam\s?vc|hanh chinh|l[./]?v\b))?"
)
_QUANTITY = re.compile(
    rf"(?<![\d.,/])(?P<value>{_VALUE})\s?(?:\((?P<words>[a-z ]{{2,20}})\)\s?)?{_UNIT}"
    r"(?P<half>\s?ruoi)?(?!\s?\d{1,2}\s?(?:/\s?\d|thang|-\s?\d))"
)
_DIGIT_WORDS = "|".join(_DIGITS)
_SPOKEN_QUANTITY = re.compile(
    rf"(?<!\w)(?:nửa|(?:(?:(?P<tens>{_DIGIT_WORDS})\s+mươi|mười)(?:\s+(?P<ones>{_DIGIT_WORDS}))?"
    rf"|(?P<one>{_DIGIT_WORDS})))(?=\s+(?:ngày|giờ|tiếng|phút|buổi|tuần|tháng)(?!\w))"
)
_CLOCK = re.compile(
    r"(?<![\d.,/])(\d{1,3})\s?(?:h|g|giờ)\s?([0-5]\d)(?:\s?(?:phút|p|'))?(?![\w/-])"
)
_MINUTES = re.compile(r"(?<=\d)\s?[’′'](?!\w)")
_RANGE = re.compile(
    rf"(?<![\d.,/]){_VALUE}\s?(?:{_UNIT.replace('?P<unit>', '').replace('?P<working>', '')}\s?)?"
    rf"(?:[-–—~]|den|toi|hoac|hay)\s?{_VALUE}\s?(?:ngay|nlv|gio|tieng|phut|buoi)"
)
_NO_TIME = re.compile(
    r"^(?:khong (?:tinh|quy dinh|ap dung|gioi han|xac dinh|co thoi)\b|khong$"
    r"|(?:trong |theo )?gio hanh chinh\b|theo (?:ngay |thoi gian )?(?:tren )?(?:ghi tren )?"
    r"(?:giay|lich|phieu)? ?hen\b|[-–—/.…]+$)"
)
_IN_HOURS = re.compile(r"\s*[x×*]\s*0?8\s*(?:giờ|h|tiếng)\b.*$", re.IGNORECASE | re.DOTALL)
_MADE_OF = re.compile(r"\btrong\s+đó\b", re.IGNORECASE)
_CLOCK_TIME = re.compile(
    r"\b(?:truoc|luc|hoi|cham nhat(?: la)?) \d{1,2} gio\b"
    r"|\bgio(?: \d{1,2} phut)? (?:cung ngay|hom sau|ngay hom sau|hang ngay)\b"
)
_BARE = re.compile(rf"^(?:(?:khong qua|toi da)\s|[<≤]=?\s?)?(?P<value>{_VALUE})$")
_POINTED = re.compile(r"[1-9]\d{0,2}\.\d{3}(?![\d.,/])")
_PARENTHESES = re.compile(r"\([^()]{0,400}\)")
_HEAD_UNITS = (
    (WORKING_DAY, r"(?:so )?ngay\s?(?:lam\s?viec|l[./]?v\b)|\bnlv\b"),
    (MINUTE, r"(?:so )?phut\b"),
    (HOUR, r"(?:so )?(?:gio\b(?! hanh chinh)|tieng\b|h\b)"),
    (DAY, r"(?:so )?ngay\b(?! (?:nhan|ban hanh|hieu luc|tiep nhan|nop))"),
)
_HEAD_BEFORE = (
    r"(?:^|[(:/,;\[]\s?|\b(?:bang|theo|tinh|dvt|don vi(?: tinh)?|la|so|gian|han|muc|tg|luong)"
    r"(?:\s?[:.]\s?|\s))"
)
_ONE_OR_THOUSAND = "dấu chấm trước ba chữ số: chưa rõ là hàng nghìn hay phần lẻ"


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
    scale: int = 0


def parse_time(text: str, *, head_unit: str | None = None) -> ParsedTime:
    """Read a time cell; `head_unit` is the unit its column head states for bare numbers.

    Never raises: what cannot be read comes back as uncertain with a reason.
    """
    spoken = _spoken(text)
    if not spoken or _NO_TIME.match(spoken):
        return NO_TIME
    if len(spoken) > MAX_TEXT:
        return _asked("đoạn chữ quá dài để đọc ra một thời gian")
    outside = clean(_PARENTHESES.sub(" ", spoken))
    for candidate in (outside, clean(spoken.replace("(", " ").replace(")", " "))):
        if _RANGE.search(candidate):
            return _asked("ghi một khoảng hoặc nhiều mức, chưa rõ lấy mức nào")
        if _CLOCK_TIME.search(candidate):
            return _asked("ghi giờ trong ngày, không phải một khoảng thời gian")
        if found := _quantities(candidate):
            return _judge(candidate, found)
    return _bare(outside, head_unit)


def parse_total(text: str, *, head_unit: str | None = None) -> ParsedTime:
    """Read a total: as `parse_time`, without what "trong đó" breaks it down into.

    "05 ngày x 8 giờ = 40 giờ" says the same twice: the first is read. A bare number has the unit
    of its column head.
    """
    whole = _MADE_OF.split(clean(text), maxsplit=1)[0]
    return parse_time(_IN_HOURS.sub("", whole), head_unit=head_unit)


def is_bare(text: str) -> bool:
    """Tell a number without a unit."""
    return bool(_BARE.match(_spoken(text)))


def with_unit(text: str, unit: str) -> str:
    """Return a bare number with its unit behind it, any other text as it is."""
    return f"{clean(text)} {unit}" if is_bare(text) and clean(unit) else text


def head_unit(head: str) -> str | None:
    """Return the unit that a column head states for its bare numbers, or None.

    "phút" comes back for minutes; a head that states two units states none.
    """
    spoken = fold(head)
    if re.search(r"\d", spoken):
        return None
    stated = [unit for unit, words in _HEAD_UNITS if re.search(_HEAD_BEFORE + words, spoken)]
    if WORKING_DAY in stated and DAY in stated:
        stated.remove(DAY)
    return stated[0] if len(stated) == 1 else None


def _spoken(text: str) -> str:
    for sign, digits in _FRACTIONS.items():
        text = text.replace(sign, f" {digits}")
    lower = _MINUTES.sub(" phút", clean(text).lower())
    lower = _CLOCK.sub(lambda found: f"{found[1]} giờ {found[2]} phút", lower)
    return fold(_SPOKEN_QUANTITY.sub(_in_figures, lower)).strip(" .;:")


def _in_figures(found: re.Match[str]) -> str:
    """Return "hai mươi lăm" as "25", "nửa" as "0,5"."""
    if found[0] == "nửa":
        return "0,5"
    if found["one"]:
        return str(_DIGITS[found["one"]])
    tens = _DIGITS[found["tens"]] if found["tens"] else 1
    return str(10 * tens + (_DIGITS[found["ones"]] if found["ones"] else 0))


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
    if unit in ("ngay", "nlv"):
        named = WORKING_DAY if found["working"] or unit == "nlv" else DAY
        return _Quantity(_days(value), named, start, end, 3)
    if unit in ("gio", "h", "tieng"):
        return _Quantity(value if value <= MAX_DAYS * HOURS_PER_DAY else None, HOUR, start, end, 2)
    if unit in ("phut", "p"):
        return _Quantity(_minutes(value), HOUR, start, end, 1)
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


def _minutes(value: Decimal) -> Decimal:
    return (value / 60).quantize(Decimal("0.0001"))


def _tidy(hours: Decimal) -> Decimal:
    return hours.quantize(Decimal(1)) if hours == hours.to_integral_value() else hours.normalize()


def _judge(text: str, found: list[_Quantity]) -> ParsedTime:
    if any(_POINTED.match(text, quantity.start) for quantity in found):
        return _asked(_ONE_OR_THOUSAND)
    known = [quantity for quantity in found if quantity.hours is not None]
    if len(known) != len(found):
        return _asked("đơn vị không đổi được ra giờ làm việc")
    if len({quantity.hours for quantity in known}) == 1:
        hours = known[0].hours
        wordy = len(text) > 80 and (len(known) > 1 or known[0].start > 20)
        unit = known[0].unit if len(known) == 1 or known[0].unit != DAY else _clearest(known)
        reason = "thời gian nằm trong một câu, cần xác nhận" if wordy else ""
        return ParsedTime(_tidy(hours or Decimal(0)), unit, wordy, reason)
    if _is_sum(text, known):
        whole = sum((q.hours or Decimal(0) for q in known), Decimal(0))
        return ParsedTime(_tidy(whole), HOUR)
    return _asked("ghi nhiều thời gian khác nhau, chưa rõ lấy mức nào")


def _clearest(known: list[_Quantity]) -> str:
    return next((quantity.unit for quantity in known if quantity.unit == WORKING_DAY), DAY)


def _is_sum(text: str, parts: list[_Quantity]) -> bool:
    """Tell "01 ngày 04 giờ" and "1 giờ 30 phút": the larger first, the smaller right after."""
    for first, second in itertools.pairwise(parts):
        between = text[first.end : second.start].strip(" ,")
        smaller = first.scale > second.scale
        if not smaller or between not in ("", "va", "+"):
            return False
    return len(parts) > 1


def _bare(text: str, unit: str | None) -> ParsedTime:
    found = _BARE.match(text)
    value = _number(found["value"]) if found else None
    if found is None or value is None:
        return _asked("không đọc ra thời gian")
    if _POINTED.match(found["value"]):
        return _asked(_ONE_OR_THOUSAND)
    if unit is None:
        return _asked("chỉ ghi số, không ghi giờ hay ngày")
    if unit == MINUTE:
        return ParsedTime(_tidy(_minutes(value)), HOUR)
    hours = value if unit == HOUR else _days(value)
    if hours is None:
        return _asked("số ngày lớn bất thường")
    return ParsedTime(_tidy(hours), unit)


def _asked(reason: str) -> ParsedTime:
    return ParsedTime(None, None, True, reason)
