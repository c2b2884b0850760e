"""The rows of a process: steps, their ways out, and the wiring that no plain row can say."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from nep.bpmn import Called, Flow, Instances, Limit, Node, Trigger

START, END = "bat-dau", "ket-thuc"
NEXT = ""
DEFAULT_NAME = "Đạt"
START_NAME, END_NAME = "Bắt đầu", "Kết thúc"
SPLIT_NAME, JOIN_NAME = "Làm song song", "Chờ đủ các việc"
TASK = "task"
CALL, WAITS, SENDS = "call", frozenset({"catch", "receive"}), frozenset({"send", "throw"})
ROWS = frozenset({TASK, CALL}) | WAITS | SENDS
"""The kinds of nodes that stand in the table as rows."""
GROUP = "subprocess"
"""The kind of a group of rows that begin and end as one."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Branch:
    """A way out of a step besides its default one; `target` is a step id or END."""

    id: str
    target: str
    name: str
    condition: str = ""
    supplement: bool = False
    bound: int | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """What may happen while a step is open, and where it leads: a row id or END.

    `cancels` says that it ends the step; else the row it leads to opens beside it. `bound` is how
    often at most it leads back.
    """

    id: str
    trigger: Trigger
    target: str
    cancels: bool = True
    name: str = ""
    bound: int | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the table.

    `role` is a responsibility key ("PKH/specialist", or "ngoai/<agency>" for an outside step);
    `after` is NEXT, a step id or END, `after_bound` how often at most it leads back; `group` joins neighbouring rows that run side by side;
    `question` is what is decided where the step branches; `extra` keeps what was printed and what
    still has to be asked. `parent` is the sub-process the step stands in, `instances` says that it
    asks several for their opinion. `kind` is one of ROWS: what is no task is done by nobody here; it
    runs another procedure (`called`), or waits for or sends what `trigger` says. `events` are what may
    end or accompany it.
    """

    id: str
    name: str
    role: str = ""
    limit: Limit | None = None
    untimed: bool = False
    forms: tuple[str, ...] = ()
    note: str = ""
    outside: bool = False
    after: str = NEXT
    default_name: str = DEFAULT_NAME
    branches: tuple[Branch, ...] = ()
    group: str = ""
    extra: tuple[tuple[str, str], ...] = ()
    question: str = ""
    manual: bool = False
    service: bool = False
    parent: str = ""
    instances: Instances | None = None
    kind: str = TASK
    trigger: Trigger | None = None
    called: Called | None = None
    events: tuple[Event, ...] = ()
    after_bound: int | None = None

    @property
    def is_task(self) -> bool:
        """Say whether somebody does this row."""
        return self.kind == TASK

    def fact(self, name: str) -> str:
        """Return one of the extra facts, or nothing."""
        return next((value for key, value in self.extra if key == name), "")

    def with_fact(self, name: str, value: str) -> "Step":
        """Return the step with an extra fact set, or removed when the value is empty."""
        kept = [(key, old) for key, old in self.extra if key != name]
        if value:
            kept.append((name, value))
        return replace(self, extra=tuple(sorted(kept)))


@dataclass(frozen=True, slots=True)
class Wiring:
    """Events, gateways and flows of a process that rows alone cannot say.

    The ways out that stand in the rows are then read off it; edits change the wiring. `order` is that
    of all nodes in a stored graph that another order of rows was written by, until it is edited.
    """

    nodes: tuple[Node, ...]
    flows: tuple[Flow, ...]
    order: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a process, in order; `wiring` is None where the rows say everything.

    `begins` is the message that opens a case, empty where somebody does.
    """

    id: str
    name: str
    steps: tuple[Step, ...]
    wiring: Wiring | None = None
    begins: str = ""

    def index(self, step_id: str) -> int | None:
        """Return the place of a step from 0, or None."""
        return next((at for at, step in enumerate(self.steps) if step.id == step_id), None)

    def step(self, step_id: str) -> Step | None:
        """Return a step by its id, or None."""
        at = self.index(step_id)
        return None if at is None else self.steps[at]

    def number(self, step_id: str) -> int:
        """Return the number of a step that somebody does, from 1; 0 for every other row."""
        at = self.index(step_id)
        if at is None or not self.steps[at].is_task:
            return 0
        return sum(step.is_task for step in self.steps[: at + 1])

    def label(self, step_id: str) -> str:
        """Return what is printed before a row: "3"; "3a", "3b" for what nobody does after step 3.

        Nothing for what is no row.
        """
        at = self.index(step_id)
        if at is None:
            return ""
        number = sum(step.is_task for step in self.steps[: at + 1])
        if self.steps[at].is_task:
            return str(number)
        place = 0
        while place < at and not self.steps[at - place - 1].is_task:
            place += 1
        return f"{number}{_LETTERS[-1] * (place // 26)}{_LETTERS[place % 26]}"

    @property
    def tasks(self) -> tuple[Step, ...]:
        """Return the rows that somebody does."""
        return tuple(step for step in self.steps if step.is_task)


class NotATable(ValueError):
    """The process has a shape that no step table can show."""


def runs(steps: Iterable[Step]) -> Iterator[tuple[Step, ...]]:
    """Yield neighbouring steps that share a group together, every other step alone."""
    gathered: list[Step] = []
    for step in steps:
        if gathered and not (step.group and step.group == gathered[-1].group):
            yield tuple(gathered)
            gathered = []
        gathered.append(step)
    if gathered:
        yield tuple(gathered)


def gateway_id(step_id: str) -> str:
    """Return the id of the choice that stands after a step."""
    return f"re-{step_id}"


def node_of(step: Step) -> Node:
    """Return the node of a row."""
    return Node(
        id=step.id,
        kind=step.kind,
        name=step.name,
        role=step.role,
        limit=step.limit,
        untimed=step.untimed,
        forms=step.forms,
        outside=step.outside,
        manual=step.manual,
        note=step.note,
        extra=step.extra,
        service=step.service,
        parent=step.parent,
        instances=step.instances,
        trigger=step.trigger,
        called=step.called,
    )


def events_of(step: Step) -> tuple[Node, ...]:
    """Return the nodes of a row's events."""
    return tuple(
        Node(
            id=one.id, kind="boundary", name=one.name, parent=step.parent, trigger=one.trigger,
            attached_to=step.id, cancels=one.cancels,
        )
        for one in step.events
    )  # fmt: skip


def row_of(task: Node) -> Step:
    """Return the row of a node, its ways out not yet read."""
    return Step(
        id=task.id,
        name=task.name,
        role=task.role,
        limit=task.limit,
        untimed=task.untimed,
        forms=task.forms,
        note=task.note,
        outside=task.outside,
        extra=task.extra,
        manual=task.manual,
        service=task.service,
        parent=task.parent,
        instances=task.instances,
        kind=task.kind,
        trigger=task.trigger,
        called=task.called,
    )


def begin_of(table: Table) -> Node:
    """Return the start of plain rows."""
    trigger = Trigger("message", name=table.begins) if table.begins else None
    return Node(id=START, kind="start", name=START_NAME, trigger=trigger)


def begins_with(nodes: Iterable[Node]) -> str:
    """Return the message that a graph begins with, or nothing."""
    start = next((node for node in nodes if node.kind == "start" and not node.parent), None)
    return start.trigger.name if start is not None and start.trigger is not None else ""


def new_step_id(table: Table) -> str:
    """Return an identifier that no step of the table has."""
    used = {int(step.id[1:]) for step in table.steps if step.id[1:].isdigit()}
    return f"b{max(used, default=0) + 1}"
