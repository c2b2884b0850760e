"""The answer of a rule: allowed, or refused with a reason."""

from dataclasses import dataclass

from nep.kernel.errors import Forbidden, Refusal


@dataclass(frozen=True, slots=True)
class Allowed:
    """The rule lets it pass."""

    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Refused:
    """The rule stops it; `message` is a full Vietnamese sentence."""

    code: str
    message: str
    clause: str = ""
    field: str = ""

    def __bool__(self) -> bool:
        return False


ALLOWED = Allowed()
Decision = Allowed | Refused


def require(decision: Decision, *, kind: type[Refusal] = Forbidden) -> None:
    """Raise the refusal of a decision, or return when it allows.

    Raises `kind` with the decision's code, message, clause and field.
    """
    if isinstance(decision, Refused):
        raise kind(decision.code, decision.message, decision.clause, decision.field)
