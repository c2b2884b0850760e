"""What higher parts tell this one: reasons why a person may not leave yet."""

from collections.abc import Callable
from dataclasses import dataclass

from nep.kernel.decisions import ALLOWED, Decision


@dataclass(frozen=True, slots=True)
class Leaving:
    """A person who is about to stop holding a role in a unit."""

    agency_id: int
    person_id: int
    unit_id: int | None
    role: str
    is_last_hat: bool


LeaveCheck = Callable[[Leaving], Decision]
_checks: list[LeaveCheck] = []


def register_leave_check(check: LeaveCheck) -> None:
    """Add a check that is asked before an appointment ends; once per function."""
    if check not in _checks:
        _checks.append(check)


def decide_leaving(leaving: Leaving) -> Decision:
    """Return the first refusal of the registered checks, or allow."""
    for check in _checks:
        decision = check(leaving)
        if not decision:
            return decision
    return ALLOWED
