"""Times of procedures in the language of the page."""

from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import get_language, gettext, ngettext

from nep.kernel.vietnamese import number_text

register = template.Library()


@register.simple_tag
def limit(timed: Any) -> str:
    """Write the limit of a version or a step: "3 ngày làm việc", "3 working days"; "–" without."""
    if getattr(timed, "untimed", False):
        return gettext("không tính thời gian")
    if timed.limit_amount is None:
        return "–"
    amount: Decimal = timed.limit_amount
    count = 1 if amount == 1 else 2
    words = {
        "working_hour": ngettext("%(n)s giờ làm việc", "%(n)s giờ làm việc", count),
        "working_day": ngettext("%(n)s ngày làm việc", "%(n)s ngày làm việc", count),
        "calendar_day": ngettext("%(n)s ngày lịch", "%(n)s ngày lịch", count),
    }
    unknown = ngettext("%(n)s ngày", "%(n)s ngày", count)
    return words.get(timed.limit_unit, unknown) % {"n": _number(amount)}


def _number(amount: Decimal) -> str:
    text = number_text(amount)
    return text.replace(",", ".") if get_language() == "en" else text
