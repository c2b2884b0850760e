"""Times and responsibilities of steps as the controlled paper prints them."""

from collections.abc import Mapping
from decimal import Decimal

from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.table import Step
from nep.apps.procedures.rules.wording import OUTSIDE, amount_text, limit_text

UNTIMED = "Không tính thời gian"


def time_said(step: Step) -> str:
    """Return the time of a step; what is still to be asked stands as it was printed."""
    if step.untimed:
        return UNTIMED
    if step.limit is None:
        return step.fact("time")
    if step.fact("ask") == "unit":
        return f"{amount_text(step.limit.amount)} ngày"
    return limit_text(step.limit.amount, step.limit.unit)


def limit_said(draft: Draft) -> str:
    """Return the limit of the whole, as printed while nobody answered what "ngày" means."""
    return amount_said(draft.limit_amount, draft.limit_unit)


def amount_said(amount: Decimal | None, unit: str) -> str:
    """Return "17 ngày" while the unit is open, "17 ngày làm việc" once it is known, "" unknown."""
    if amount is None:
        return ""
    return limit_text(amount, unit) if unit else f"{amount_text(amount)} ngày"


def role_said(step: Step, roles: Mapping[str, str]) -> str:
    """Return who does a step: the role in words, else what the file it came from printed."""
    return roles.get(step.role, "") or step.role.removeprefix(OUTSIDE) or step.fact("responsible")
