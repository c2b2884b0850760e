"""Days that people may have meant: a slip in the year is asked about before it is believed."""

from datetime import date

from nep.kernel.decisions import ALLOWED, Decision, Refused
from nep.kernel.vietnamese import date_text

AHEAD, BACK = 5, 20  # years; the product's own proposal


def decide_day(
    day: date, *, today: date, field: str, ahead: int = AHEAD, back: int = BACK
) -> Decision:
    """Decide whether a day lies at most so many years after or before today."""
    if day.year > today.year + ahead:
        return Refused(
            "day_far", f"Ngày {date_text(day)} xa quá {ahead} năm tới. Hãy xem lại năm.",
            field=field,
        )  # fmt: skip
    if day.year < today.year - back:
        return Refused(
            "day_old", f"Ngày {date_text(day)} đã qua hơn {back} năm. Hãy xem lại năm.", field=field
        )
    return ALLOWED
