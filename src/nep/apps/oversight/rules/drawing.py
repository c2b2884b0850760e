"""Drawings of figures as places in an SVG: bars and lines that are told apart without colour."""

from collections.abc import Sequence
from dataclasses import dataclass

from nep.kernel.vietnamese import number_text

BAR_WIDTH, BAR_STEP, BAR_LEFT = 560.0, 30, 300
LINE_LEFT, LINE_TOP, LINE_BOTTOM, LINE_STEP = 44.0, 28.0, 196.0, 70.0


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what is in time first, then what is late; counts beside it."""

    title: str
    y: str
    text_y: str
    in_time: int
    late: int
    in_time_width: str
    late_x: str
    late_width: str
    end_x: str


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars over one scale; `height` is that of the drawing."""

    bars: tuple[Bar, ...]
    height: int
    label: str


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a line, with its value in words."""

    x: str
    y: str
    text: str


@dataclass(frozen=True, slots=True)
class Trend:
    """Two lines of percents by month: this year drawn through, the year before dashed."""

    now: tuple[Point, ...]
    before: tuple[Point, ...]
    now_path: str
    before_path: str
    names: tuple[Point, ...]
    lines: tuple[Point, ...]
    label: str


def bars(rows: Sequence[tuple[str, int, int]]) -> Bars:
    """Return bars of (title, in time, late) rows, over the largest of them."""
    most = max((in_time + late for _, in_time, late in rows), default=0) or 1
    made = []
    for place, (title, in_time, late) in enumerate(rows):
        first = BAR_WIDTH * in_time / most
        second = BAR_WIDTH * late / most
        y = place * BAR_STEP + 6
        short = title if len(title) <= 42 else f"{title[:40].rstrip()}…"
        made.append(
            Bar(
                short, str(y), str(y + 14), in_time, late, f"{first:.1f}",
                f"{BAR_LEFT + first:.1f}", f"{second:.1f}", f"{BAR_LEFT + first + second + 8:.1f}",
            )
        )  # fmt: skip
    said = "; ".join(f"{title}: {a} đúng hạn, {b} quá hạn" for title, a, b in rows)
    return Bars(tuple(made), len(rows) * BAR_STEP + 8, said)


def trend(now: Sequence[float | None], before: Sequence[float | None]) -> Trend:
    """Return the lines of twelve months of percents; a month without cases has no point."""
    values = [value for value in (*now, *before) if value is not None]
    floor = min(90.0, *(value // 10 * 10 for value in values)) if values else 90.0
    lines = tuple(
        Point(f"{LINE_LEFT - 8:.1f}", f"{_height(value, floor):.1f}", f"{value:.0f}%")
        for value in (floor, (floor + 100) / 2, 100.0)
    )
    names = tuple(
        Point(f"{LINE_LEFT + LINE_STEP * place:.1f}", f"{LINE_BOTTOM + 20:.1f}", str(place + 1))
        for place in range(12)
    )
    first, second = _points(now, floor), _points(before, floor)
    said = ", ".join(
        f"tháng {place + 1}: {_share(value)}%"
        for place, value in enumerate(now)
        if value is not None
    )
    return Trend(
        first, second, _path(first), _path(second), names, lines, f"Tỷ lệ đúng hạn: {said}"
    )


def _height(value: float, floor: float) -> float:
    return LINE_BOTTOM - (LINE_BOTTOM - LINE_TOP) * (value - floor) / (100 - floor)


def _points(values: Sequence[float | None], floor: float) -> tuple[Point, ...]:
    return tuple(
        Point(
            f"{LINE_LEFT + LINE_STEP * place:.1f}", f"{_height(value, floor):.1f}",
            _share(value),
        )
        for place, value in enumerate(values)
        if value is not None
    )  # fmt: skip


def _path(points: Sequence[Point]) -> str:
    return " ".join(f"{point.x},{point.y}" for point in points)


def heat(load: float | None) -> int:
    """Return how hot a step is, 0 to 4: nothing timed, within half its limit, within three
    quarters, up to the limit, over it."""
    if load is None:
        return 0
    return 1 if load <= 0.5 else 2 if load <= 0.75 else 3 if load <= 1 else 4


def _share(value: float) -> str:
    """Return a percent as `percent_text` writes it, never rounded up to the whole."""
    shown = min(int(value * 10 + 0.5) / 10, 99.9) if value < 100 else 100
    return number_text(shown, places=1).removesuffix(",0")
