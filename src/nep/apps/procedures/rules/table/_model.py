"""The rows of a process: steps, their ways out, and the wiring that no plain row can say."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from nep.bpmn import Flow, Instances, Limit, Node

START, END = "bat-dau", "ket-thuc"
NEXT = ""
DEFAULT_NAME = "Đạt"
START_NAME, END_NAME = "Bắt đầu", "Kết thúc"
SPLIT_NAME, JOIN_NAME = "Làm song song", "Chờ đủ các việc"


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
class Step:
    """One row of the table.

    `role` is a responsibility key ("PKH/specialist", or "ngoai/<agency>" for an outside step);
    `after` is NEXT, a step id or END; `group` joins neighbouring rows that run side by side;
    `question` is what is decided where the step branches; `extra` keeps what was printed and what
    still has to be asked. `parent` is the sub-process the step stands in, `instances` says that it
    asks several for their opinion.
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

    The ways out that stand in the rows are then read off it; edits change the wiring.
    """

    nodes: tuple[Node, ...]
    flows: tuple[Flow, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a process, in order; `wiring` is None where the rows say everything."""

    id: str
    name: str
    steps: tuple[Step, ...]
    wiring: Wiring | None = None

    def index(self, step_id: str) -> int | None:
        """Return the place of a step from 0, or None."""
        return next((at for at, step in enumerate(self.steps) if step.id == step_id), None)

    def step(self, step_id: str) -> Step | None:
        """Return a step by its id, or None."""
        at = self.index(step_id)
        return None if at is None else self.steps[at]

    def number(self, step_id: str) -> int:
        """Return the number printed before a step, from 1; 0 for what is no step."""
        at = self.index(step_id)
        return 0 if at is None else at + 1


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
    """Return the task of a row."""
    return Node(
        id=step.id,
        kind="task",
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
    )


def row_of(task: Node) -> Step:
    """Return the row of a task, its ways out not yet read."""
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
    )


def new_step_id(table: Table) -> str:
    """Return an identifier that no step of the table has."""
    used = {int(step.id[1:]) for step in table.steps if step.id[1:].isdigit()}
    return f"b{max(used, default=0) + 1}"
