"""What happens to a case and what follows: the events `advance` takes, the effects it gives."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class EngineError(ValueError):
    """The event does not fit the state; nothing was changed."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class TaskDone:
    """A step was finished; `outcome` is the flow a person picked at the gateway after it."""

    token: int
    data: Mapping[str, Any]
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class Retried:
    """A stuck token is tried again, with corrected data or a way out picked by hand."""

    token: int
    data: Mapping[str, Any]
    outcome: str | None = None


@dataclass(frozen=True, slots=True)
class TimerFired:
    """The moment of an open timer has come.

    `node` is the event's own node; `last` says that a cycle has no further moment.
    """

    token: int
    node: str
    data: Mapping[str, Any]
    last: bool = False


@dataclass(frozen=True, slots=True)
class MessageArrived:
    """A message came for an open wait; `node` is the event's own node."""

    token: int
    node: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CallReturned:
    """The called procedure ended as it should."""

    token: int
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CallFailed:
    """The called procedure ended with an error."""

    token: int
    code: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TaskFailed:
    """A person or a port reports an error that a boundary event catches."""

    token: int
    code: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """One of those asked in a multi-instance step is asked no longer: the total falls by one."""

    token: int
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TaskOpened:
    """A step begins; the caller makes its work item.

    `instance` counts those asked from 1 in a multi-instance step, else it is 0.
    """

    token: int
    node: str
    instance: int = 0


@dataclass(frozen=True, slots=True)
class TaskClosed:
    """A step is over, finished or ended from outside."""

    token: int
    node: str


@dataclass(frozen=True, slots=True)
class WaitOpened:
    """The event at `node` is waited for from now on.

    `token` is the token that waits; for an event on the border of a sub-process or of a
    multi-instance step it is the id of the scope.
    """

    token: int
    node: str


@dataclass(frozen=True, slots=True)
class WaitClosed:
    """The event at `node` is waited for no longer: it came, or something else did."""

    token: int
    node: str


@dataclass(frozen=True, slots=True)
class CallOpened:
    """The caller starts the called procedure and links its case."""

    token: int
    node: str


@dataclass(frozen=True, slots=True)
class CallClosed:
    """The called procedure is ended from outside; not given when it returned or failed."""

    token: int
    node: str


@dataclass(frozen=True, slots=True)
class MessageSent:
    """The message of `node` goes out; `token` is a number of its own, never given out again."""

    token: int
    node: str


@dataclass(frozen=True, slots=True)
class ProcessEnded:
    """No token is left; `error` is the code of an error nobody caught."""

    error: str = ""


@dataclass(frozen=True, slots=True)
class Incident:
    """The case cannot go on by itself at `node`; its token stays there."""

    code: str
    message: str
    node: str


Event = (
    TaskDone | Retried | TimerFired | MessageArrived | CallReturned | CallFailed | TaskFailed
    | Withdrawn
)  # fmt: skip
Effect = (
    TaskOpened | TaskClosed | WaitOpened | WaitClosed | CallOpened | CallClosed | MessageSent
    | ProcessEnded | Incident
)  # fmt: skip
