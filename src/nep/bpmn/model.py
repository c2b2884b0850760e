"""The graph of a process: steps, events, gateways, flows and lanes, as plain values."""

from dataclasses import dataclass
from decimal import Decimal

UNITS = ("working_hour", "working_day", "calendar_day")
KINDS = (
    "start", "end", "terminate", "error_end", "task", "send", "receive", "catch", "throw",
    "boundary", "exclusive", "parallel", "inclusive", "event_gateway", "subprocess", "call",
)  # fmt: skip
GATEWAYS = frozenset({"exclusive", "parallel", "inclusive", "event_gateway"})
ENDS = frozenset({"end", "terminate", "error_end"})
TRIGGERS = ("timer", "message", "error")
TIMER_FORMS = ("date", "duration", "cycle")


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit in the unit it was written in; never converted on its own."""

    amount: Decimal
    unit: str

    def hours(self, hours_per_day: int | Decimal = 8) -> Decimal:
        """Return the limit in hours, for sums only.

        A working day counts `hours_per_day`; a calendar day counts 24 hours of the clock and must
        not be added to working time (`prove_time` refuses the mix).
        """
        if self.unit == "working_day":
            return self.amount * hours_per_day
        if self.unit == "calendar_day":
            return self.amount * 24
        return self.amount


@dataclass(frozen=True, slots=True)
class Trigger:
    """What an event waits for, sends or raises.

    `kind` is one of TRIGGERS. A timer has a `form` of TIMER_FORMS and a `value`: an ISO 8601 date,
    duration ("P5D", "PT4H") or cycle ("R3/P1D"), or the name of a field of the case that holds one;
    `unit` "working_day" or "working_hour" counts the days or hours of its value by the agency's
    calendar, empty by the clock. A message or an error has its `name` (of an error: its code;
    empty catches every error).
    """

    kind: str
    form: str = ""
    value: str = ""
    unit: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Instances:
    """A step done several times: the opinions of N units.

    `over` names the field of the case that lists who is asked (the units chosen); else `count` says
    how many. `sequential`: one after the other. `until` is a condition over the case's fields and
    `done`, `total`; when it becomes true, what is still open is closed.
    """

    over: str = ""
    count: int | None = None
    sequential: bool = False
    until: str = ""


@dataclass(frozen=True, slots=True)
class Called:
    """The procedure a call activity runs: its code, and the content hash it is pinned to."""

    process: str
    version: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """One event, step, gateway or sub-process.

    `role` is the key of who is responsible; `untimed` says "không tính thời gian"; `outside` marks
    a step of another agency; `extra` holds foreign attributes as (name, value). `parent` is the
    sub-process the node stands in, empty at the top. `attached_to` is the step a boundary event
    stands on; `cancels` whether it ends that step.
    """

    id: str
    kind: str
    name: str = ""
    role: str = ""
    limit: Limit | None = None
    untimed: bool = False
    forms: tuple[str, ...] = ()
    default: str | None = None
    outside: bool = False
    manual: bool = False
    note: str = ""
    extra: tuple[tuple[str, str], ...] = ()
    service: bool = False
    parent: str = ""
    trigger: Trigger | None = None
    attached_to: str = ""
    cancels: bool = True
    instances: Instances | None = None
    called: Called | None = None


@dataclass(frozen=True, slots=True)
class Flow:
    """One sequence flow.

    `supplement` marks the return for supplement, which stops the clock; `bound` is how often at
    most a case may take this flow back.
    """

    id: str
    source: str
    target: str
    name: str = ""
    condition: str = ""
    supplement: bool = False
    bound: int | None = None


@dataclass(frozen=True, slots=True)
class Lane:
    """One responsible role and its nodes."""

    id: str
    name: str
    role: str
    nodes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Foreign:
    """XML of others that is kept and written back, not executed.

    `owner` is the id of the node or flow it stands in, "process" or "definitions".
    """

    owner: str
    xml: str


@dataclass(frozen=True, slots=True)
class Process:
    """A whole process; equal content means an equal value."""

    id: str
    name: str = ""
    nodes: tuple[Node, ...] = ()
    flows: tuple[Flow, ...] = ()
    lanes: tuple[Lane, ...] = ()
    foreign: tuple[Foreign, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is refused: a code, a full Vietnamese sentence, and where it is."""

    code: str
    message: str
    element: str | None = None
    line: int | None = None
    path: tuple[str, ...] = ()


def title(node: Node) -> str:
    """Return how a sentence names the node."""
    return f"“{node.name}”" if node.name else f"“{node.id}”"
