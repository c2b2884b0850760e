"""Ways to hand in, their time and fee, out of the portal's glued text.

The portal's page is a table; its stored text has lost the borders: "Trực tuyến1Miễn phíDịch vụ bưu
chính1100,000 VNĐ". What cannot be told apart surely is kept as written and marked.
"""

import re
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from nep.apps.catalogue.rules._letters import LOWER
from nep.apps.catalogue.rules._values import (
    CALENDAR_DAY,
    WORKING_DAY,
    WORKING_HOUR,
    Channel,
    Doubt,
)
from nep.kernel.text import clean
from nep.kernel.vietnamese import number_text

_HEAD = re.compile(r"^Hình thức nộp\s*Thời gian\s*Phí, lệ phí\s*Mô tả")
_NONE = "Không có thông tin"
_START = re.compile(
    r"(Trực tiếp|Trực tuyến|Dịch vụ bưu chính)"
    r"(?=\s*(?:\d|Không có thông tin|Không phải trả|Miễn phí|Trực tiếp|Trực tuyến|Dịch vụ bưu|$))"
)
_TIME = re.compile(
    r"^(?P<amount>\d+(?:[.,]\d+)?)\s*"
    r"(?P<unit>Ngày làm việc|Giờ làm việc|Ngày|Giờ|Tháng|Tuần|Phút|Năm)(?![" + LOWER + "])"
)
_BARE = re.compile(r"^(\d{1,3})(?=Miễn phí|Không có thông tin|Không phải trả|$)")
_GLUED = re.compile(r"^\d[\d.,]*(?=\s*(?:VNĐ|VND|Việt Nam Đồng|USD|Đồng|đồng|%))")
_FEE = re.compile(
    r"^(?:Miễn phí|Không có thông tin|Không phải trả[^.;\n]{0,40}?phí|"
    r"\d[\d.,]*\s*(?:VNĐ|VND|Việt Nam Đồng|USD|EUR|Đồng|đồng|%))"
)
_DONG = re.compile(r"^(\d[\d.,]*)\s*(?:VNĐ|VND|Việt Nam Đồng|Đồng|đồng)$")
_UNITS = {
    "Ngày làm việc": WORKING_DAY,
    "Ngày": CALENDAR_DAY,
    "Giờ": WORKING_HOUR,
    "Giờ làm việc": WORKING_HOUR,
}
Read = tuple[tuple[Channel, ...], tuple[Doubt, ...]]


def read_channels(text: str) -> Read:
    """Return the ways to hand in of a glued text, and what is uncertain about them."""
    body = _HEAD.sub("", text.strip())
    if clean(body) in {"", _NONE}:
        return (), ()
    pieces = _START.split(body)
    channels: list[Channel] = []
    doubts: list[Doubt] = []
    before = clean(pieces[0])
    if before:
        doubts.append(
            _doubt("channel_text", f"Đoạn đầu không rõ hình thức nộp nào: “{before[:80]}”")
        )
    bare = {
        found.group(1)
        for piece in pieces[2::2]
        if (found := _BARE.match(piece.strip())) is not None
    }
    for name, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        channel, more = _channel(name, piece.strip(), bare)
        channels.append(channel)
        doubts += more
    return tuple(channels), tuple(dict.fromkeys(doubts))


def _channel(name: str, piece: str, bare: set[str]) -> tuple[Channel, list[Doubt]]:
    channel, rest, doubts = _time(Channel(name), piece, bare)
    fees: list[str] = []
    while found := _FEE.match(rest):
        fee, rest = found.group(0), rest[found.end() :].lstrip()
        inside, rest = _bracket(rest)
        words, more = fee_words(fee)
        doubts += more
        if words:
            fees.append(f"{words} {inside}".strip())
    return replace(channel, fee_text="; ".join(fees), note=clean(rest)), doubts


def _time(channel: Channel, piece: str, bare: set[str]) -> tuple[Channel, str, list[Doubt]]:
    found = _TIME.match(piece)
    if found is not None:
        amount, unit = found["amount"].replace(",", "."), found["unit"]
        words = f"{number_text(Decimal(amount))} {unit.lower()}"
        rest = piece[found.end() :].lstrip()
        if unit not in _UNITS:
            text = f"{channel.name}: “{words}” không đổi được ra ngày hoặc giờ làm việc."
            return replace(channel, time_text=words), rest, [_doubt("limit_unit", text)]
        doubts = []
        if unit in {"Ngày", "Giờ"}:
            text = f"Ghi “{unit.lower()}”, chưa rõ có phải {unit.lower()} làm việc không."
            doubts.append(_doubt("limit_kind", text))
        known = replace(channel, amount=amount, unit=_UNITS[unit], time_text=words)
        return known, rest, doubts
    alone = _BARE.match(piece)
    if alone is not None:
        text = f"{channel.name}: thời gian “{alone.group(1)}” không ghi đơn vị."
        known = replace(channel, time_text=f"{alone.group(1)} (không ghi đơn vị)")
        return known, piece[alone.end() :].lstrip(), [_doubt("limit_no_unit", text)]
    if piece.startswith(_NONE):
        return channel, piece[len(_NONE) :].lstrip(), []
    glued = _GLUED.match(piece)
    if glued is not None:
        return _unglued(channel, piece, glued.group(0), bare)
    return channel, piece, []


def _unglued(
    channel: Channel, piece: str, number: str, bare: set[str]
) -> tuple[Channel, str, list[Doubt]]:
    """Part a time without unit from the fee it is glued to, where another way names that time."""
    fits = [time for time in bare if number.startswith(time) and number[len(time) :][:1].isdigit()]
    if len(fits) != 1:
        text = f"{channel.name}: thời gian và phí dính liền “{number}”, không tách được."
        return channel, piece, [_doubt("glued", text)]
    time = fits[0]
    text = f"{channel.name}: “{number}” hiểu là thời gian {time} và phí {number[len(time) :]}."
    known = replace(channel, time_text=f"{time} (không ghi đơn vị)")
    return known, piece[len(time) :], [_doubt("glued", text)]


def _bracket(rest: str) -> tuple[str, str]:
    """Return a leading bracketed remark, brackets inside it included, and what follows."""
    if not rest.startswith("("):
        return "", rest
    depth = 0
    for place, char in enumerate(rest):
        depth += (char == "(") - (char == ")")
        if depth == 0:
            return clean(rest[: place + 1]), rest[place + 1 :].lstrip()
    return clean(rest), ""


def fee_words(text: str) -> tuple[str, list[Doubt]]:
    """Return a fee as offices write it ("100.000 đồng", "miễn phí"); "" where none is told."""
    said = clean(text)
    if said == _NONE:
        return "", []
    if said.startswith(("Miễn phí", "Không phải trả")):
        return "miễn phí", []
    found = _DONG.match(said)
    if found is None:
        return said, []
    amount = _amount(found.group(1))
    if amount is None:
        return said, [_doubt("fee", f"Mức phí “{said}” không đọc được số tiền.")]
    doubts = []
    if 0 < amount < 1000:
        doubts.append(_doubt("fee", f"Mức phí “{said}” nhỏ bất thường, có thể thiếu hàng nghìn."))
    return f"{number_text(amount)} đồng", doubts


def _amount(text: str) -> Decimal | None:
    """Read "100,000" and "100.000" as a hundred thousand; None when groups do not fit."""
    groups = re.split(r"[.,]", text.strip(".,"))
    if len(groups) > 1 and any(len(group) != 3 for group in groups[1:]):
        return None
    try:
        return Decimal("".join(groups))
    except InvalidOperation:
        return None


def common_limit(channels: tuple[Channel, ...]) -> tuple[str, str, str, tuple[Doubt, ...]]:
    """Return (amount, unit, text, doubts) of the whole: the one of handing in in person where they
    differ, and then a mark."""
    timed = [one for one in channels if one.time_text]
    if not timed:
        return "", "", "", ()
    shown = next((one for one in timed if one.name == "Trực tiếp"), timed[0])
    said = list(dict.fromkeys(one.time_text for one in timed))
    if len(said) == 1:
        return shown.amount, shown.unit, shown.time_text, ()
    each = "; ".join(f"{one.name}: {one.time_text}" for one in timed)
    text = f"Thời hạn khác nhau theo hình thức nộp ({each}); đang lấy theo {shown.name.lower()}."
    return shown.amount, shown.unit, shown.time_text, (_doubt("limit_differs", text),)


def common_fee(channels: tuple[Channel, ...]) -> str:
    """Return the fees in one line: once where every way asks the same, else by way."""
    told = [one for one in channels if one.fee_text]
    words = list(dict.fromkeys(one.fee_text for one in told))
    if len(words) == 1:
        return words[0]
    return "; ".join(f"{one.name}: {one.fee_text}" for one in told)


def _doubt(code: str, text: str) -> Doubt:
    return Doubt(code, "fee" if code == "fee" else "limit", text)
