"""What the figures say in one sentence, and the columns of their chart. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from nep.kernel.vietnamese import number_text

WIDTH = 900
LEFT, TOP, BOTTOM = 40, 26, 214


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a column: what it counts and where it stands; empty ones are left out.

    Places are texts with a decimal point, as SVG wants them in every language.
    """

    name: str
    count: int
    y: str
    height: str


@dataclass(frozen=True, slots=True)
class MonthColumn:
    """One month: its parts from the bottom up, its count above, its name below."""

    month: int
    name: str
    received: int
    x: str
    middle: str
    width: str
    above: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class ScaleLine:
    """One line of the scale with its count; `text_y` is where the count stands."""

    count: int
    y: str
    text_y: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Columns over a scale that begins at zero."""

    columns: tuple[MonthColumn, ...]
    lines: tuple[ScaleLine, ...]
    label: str


def headline(
    *, period: str, received: int, finished: int, late: int, overdue: int, overdue_ever: int
) -> str:
    """Return the page's heading: the answer to "are we on time".

    `overdue` counts the cases received in the period, as every other figure of the page does;
    `overdue_ever` those of all periods, which the heading names apart where it is another number.
    """
    if not received:
        return f"{period} chưa nhận hồ sơ nào"
    now = f"{overdue} hồ sơ đang quá hạn" if overdue else "không hồ sơ nào đang quá hạn"
    if overdue_ever > overdue:
        which = f"{overdue} hồ sơ" if overdue else "không hồ sơ nào"
        now = f"{which} của kỳ đang quá hạn, các kỳ khác {overdue_ever - overdue}"
    if not finished:
        return f"{period} chưa hồ sơ nào giải quyết xong, {now}"
    return f"{period} đạt {percent_text(finished - late, finished)} đúng hạn, {now}"


def percent_text(part: int, whole: int) -> str:
    """Return "93,8%", rounded as anybody would reckon it but never up to a whole hundred."""
    share = min((2000 * part + whole) // (2 * whole), 999) if part < whole else 1000
    text = number_text(share / 10, places=1).removesuffix(",0")
    return f"{text}%"


def period_text(month: int) -> str:
    """Return "Tháng 12/2026" of 202612, "Quý 4/2026" of 20264 and "Năm 2026" of 2026."""
    if month < 10_000:
        return f"Năm {month}"
    if month < 100_000:
        return f"Quý {month % 10}/{month // 10}"
    return f"Tháng {month % 100}/{month // 100}"


def chart(months: Sequence[tuple[int, Sequence[tuple[str, int]]]]) -> Chart:
    """Return the chart of (month, parts) pairs; parts are named counts from the bottom up."""
    totals = [sum(count for _, count in parts) for _, parts in months]
    most = scale_top(max(totals, default=0))
    step = (WIDTH - LEFT - 10) / max(12, len(months))
    columns = tuple(
        _column(month, parts, total, LEFT + step * place, step, most)
        for place, ((month, parts), total) in enumerate(zip(months, totals, strict=True))
    )
    said = ", ".join(f"tháng {column.name}: {column.received}" for column in columns)
    return Chart(columns, _scale(most), f"Hồ sơ nhận theo tháng: {said}")


def _column(
    month: int, parts: Sequence[tuple[str, int]], total: int, left: float, step: float, most: int
) -> MonthColumn:
    width = step * 0.62
    segments, base = [], float(BOTTOM)
    for name, count in parts:
        if count:
            height = (BOTTOM - TOP) * count / most
            base -= height
            segments.append(Segment(name, count, f"{base:.1f}", f"{height:.1f}"))
    x = left + (step - width) / 2
    return MonthColumn(
        month, str(month % 100), total, f"{x:.1f}", f"{x + width / 2:.1f}", f"{width:.1f}",
        f"{base - 6:.1f}", tuple(segments),
    )  # fmt: skip


def _scale(most: int) -> tuple[ScaleLine, ...]:
    lines = []
    for part in range(5):
        y = BOTTOM - (BOTTOM - TOP) * part / 4
        lines.append(ScaleLine(most * part // 4, f"{y:.1f}", f"{y + 4:.1f}"))
    return tuple(lines)


def scale_top(most: int) -> int:
    """Return the end of the scale: a round multiple of four not below the largest column."""
    if most <= 20:
        return max(4, -(-most // 4) * 4)
    unit = 20
    while unit * 5 < most:
        unit *= 10
    return -(-most // unit) * unit
