"""What every edit is made of: the typed values, the changed draft, a limit as typed."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from nep.apps.procedures.rules.condition_words import condition_of, labels_of
from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.table import GROUP, Step, Table
from nep.apps.procedures.rules.wording import UNIT_NAMES
from nep.bpmn import ConditionError, Limit, fields_of, parse_condition
from nep.kernel.decisions import Refused
from nep.kernel.text import clean
from nep.kernel.vietnamese import parse_number


@dataclass(frozen=True, slots=True)
class Edit:
    """What to do, to which step, with which typed values."""

    do: str
    step: str = ""
    values: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """Return a typed value on one line, without surplus blanks."""
        return clean(self.values.get(name, ""))


@dataclass(frozen=True, slots=True)
class Changed:
    """The draft after an edit, and what was done in words."""

    draft: Draft
    text: str


Answer = Changed | Refused


def label(table: Table, step: Step) -> str:
    """Return how a sentence names a step, or a group of steps."""
    if step.kind == GROUP:
        return f"nhóm “{step.name}”"
    return f"bước {table.label(step.id)} “{step.name}”"


def put(draft: Draft, step: Step, text: str) -> Changed:
    """Return the draft with a changed step."""
    steps = tuple(step if one.id == step.id else one for one in draft.table.steps)
    return Changed(replace(draft, table=replace(draft.table, steps=steps)), text)


def with_steps(draft: Draft, steps: tuple[Step, ...], text: str) -> Changed:
    """Return the draft with other rows, its groups put in order; what removed steps carried goes."""
    ids = {step.id for step in steps}
    carried = {step: one for step, one in draft.carried.items() if step in ids}
    table = replace(draft.table, steps=_regrouped(steps))
    return Changed(replace(draft, table=table, carried=carried), text)


def _regrouped(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """Dissolve side-by-side groups that lost their neighbours or were torn apart."""
    found: list[Step] = []
    closed: set[str] = set()
    for at, step in enumerate(steps):
        before = steps[at - 1].group if at else ""
        after = steps[at + 1].group if at + 1 < len(steps) else ""
        group = step.group
        alone = bool(group) and group not in (before, after)
        if group and (alone or (group in closed and group != before)):
            step = replace(step, group="")
        if before and before != step.group:
            closed.add(before)
        found.append(step)
    return tuple(found)


def typed_condition(draft: Draft, text: str) -> str:
    """Return a typed condition; one typed in words over the labels of fields as what they say."""
    labels = labels_of(draft.carried)
    try:
        found = condition_of(text, labels) if text else ""
        return found if fields_of(parse_condition(found)) <= labels.keys() else text
    except ConditionError:
        return text


def read_amount(typed: str, unit: str) -> Limit | Refused:
    """Read a typed limit, or say what is wrong with it."""
    amount = parse_number(typed)
    if amount is None or amount <= 0 or amount > 9999:
        return Refused(
            "amount_unreadable",
            f"Không đọc được thời gian “{typed}”. Hãy ghi số lớn hơn 0, ví dụ 4 hoặc 0,5.",
            field="amount",
        )
    if unit not in UNIT_NAMES:
        return Refused(
            "unit_missing", "Hãy chọn đơn vị: giờ làm việc, ngày làm việc, ngày lịch.", field="unit"
        )
    return Limit(Decimal(f"{amount.normalize():f}"), unit)


def bound_typed(edit: Edit) -> int | Refused | None:
    """Return how often a way leads back at most, None where nothing was typed."""
    typed = edit.text("bound")
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and len(typed) < 4) or not 1 <= int(typed) <= 20:
        return Refused("bound_unreadable", "Số lần quay lại là số từ 1 đến 20.", field="bound")
    return int(typed)
