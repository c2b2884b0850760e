"""The series of an objective as a drawing: a line over its periods, its target as a stroke. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from nep.apps.planning.rules.measuring import UP
from nep.kernel.vietnamese import number_text

LEFT, RIGHT, TOP, BOTTOM = 56.0, 764.0, 24.0, 160.0


@dataclass(frozen=True, slots=True)
class Mark:
    """A point with its words; `is_met` None is not judged, `is_label` has a shape beside it."""

    x: str
    y: str
    text: str
    is_met: bool | None = None
    text_y: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """The drawing: points, the line through them, the target, the names below, a sentence."""

    marks: tuple[Mark, ...]
    path: str
    target_y: str
    target_text_y: str
    target: str
    names: tuple[Mark, ...]
    label: str


def series(
    names: Sequence[str], values: Sequence[Decimal | None], met: Sequence[bool | None], *,
    target: Decimal, target_said: str, better: str, unit: str,
) -> Series | None:  # fmt: skip
    """Return the drawing of a series; None while nothing was measured.

    The axis does not begin at nought: the drawing is a line, never a bar.
    """
    known = [value for value in values if value is not None]
    if not known:
        return None
    low, high = min(*known, target), max(*known, target)
    room = (high - low) * Decimal("0.15") or Decimal(1)
    low, high = low - room, high + room

    def across(place: int) -> float:
        return LEFT + (RIGHT - LEFT) * (place + 0.5) / len(names)

    def down(value: Decimal) -> float:
        return BOTTOM - (BOTTOM - TOP) * float((value - low) / (high - low))

    marks = tuple(
        Mark(f"{across(place):.1f}", f"{down(value):.1f}", _said(value, unit), met[place],
             f"{down(value) + (22 if value < target else -10):.1f}")
        for place, value in enumerate(values)
        if value is not None
    )  # fmt: skip
    said = "; ".join(
        f"{name} {_said(value, unit)}"
        for name, value in zip(names, values, strict=True)
        if value is not None
    )
    return Series(
        marks, " ".join(f"{one.x},{one.y}" for one in marks), f"{down(target):.1f}",
        f"{down(target) + 5:.1f}", f"{'≥' if better == UP else '≤'} {_said(target, unit)}",
        tuple(Mark(f"{across(place):.1f}", f"{BOTTOM + 48:.1f}", _short(name))
              for place, name in enumerate(names)),
        f"Chỉ tiêu {target_said}. {said}.",
    )  # fmt: skip


def _said(value: Decimal, unit: str) -> str:
    text = number_text(value.quantize(Decimal("0.1")))
    return f"{text}%" if unit == "%" else text


def _short(name: str) -> str:
    return name.removeprefix("Tháng ") if name.startswith("Tháng ") else name
