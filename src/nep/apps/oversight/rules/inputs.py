"""Figures entered by hand: which period they stand for, and who may enter them. Pure."""

from collections.abc import Mapping

from nep.apps.organization.rules import Actor
from nep.apps.oversight.rules.periods import Period
from nep.kernel.decisions import ALLOWED, Decision, Refused

# What the figures count from finished cases; every other input is entered by hand.
COUNTED = ("resolved", "late_by_indicator", "ended", "online", "supplemented")
# What Nếp measures of a figure that other places count as well: proposed, used once it is entered.
PROPOSED = ("complained",)
MOST = 10**12


def resolve(period: Period, values: Mapping[int, int], *, upto: int) -> int | None:
    """Return the figure of a period from what was entered for it or for all its parts.

    `values` are by period; `upto` is the present month: a part that has not begun needs no figure.
    None while a part lacks one: a sum of some months is not the sum of the quarter.
    """
    if period.value in values:
        return values[period.value]
    found = [resolve(part, values, upto=upto) for part in period.parts if part.months[0] <= upto]
    return sum(one for one in found if one is not None) if found and None not in found else None


def proposal_source(displeased: int, total: int, when: str) -> str:
    """Return where a proposed number of the displeased comes from, as the source of a figure."""
    return f"Nếp đếm: {displeased} đánh giá không hài lòng trong {total} đánh giá của người dân, {when}"


def may_enter(actor: Actor) -> Decision:
    """Decide whether the actor may enter figures of the own agency."""
    if {"leader", "qmr", "iso_secretary"} & actor.roles:
        return ALLOWED
    return Refused(
        "not_permitted",
        "Số liệu đầu vào do lãnh đạo, đại diện lãnh đạo về chất lượng hoặc thư ký ISO nhập.",
    )


def decide_value(name: str, value: int | None) -> Decision:
    """Decide whether a figure may be entered; None takes it back."""
    if value is None or 0 <= value <= MOST:
        return ALLOWED
    return Refused("value_out_of_bounds", "Số liệu là số nguyên từ 0 trở lên.", field=name)


def decide_source(source: str) -> Decision:
    """Decide whether it is said where figures come from."""
    if len(source.strip()) >= 5:
        return ALLOWED
    return Refused(
        "source_missing",
        "Hãy ghi nguồn của số liệu, ví dụ “Báo cáo số 45/BC-VP ngày 05/12/2026”.",
        field="source",
    )
