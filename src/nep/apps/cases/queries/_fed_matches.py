"""What another system wrote of a case, which steps it was taken to mean, and what was corrected."""

import json
from dataclasses import dataclass
from datetime import datetime

from nep.apps.cases.models import Case, CaseEvent, FedRow
from nep.apps.cases.queries._plans import plan as plan_for
from nep.apps.cases.rules.fed_columns import row_kept
from nep.apps.cases.rules.fed_steps import status_of
from nep.apps.cases.rules.fed_timeline import nodes_of
from nep.apps.cases.rules.plan import Plan
from nep.apps.cases.rules.slip import CORRECTED
from nep.apps.cases.rules.statuses import STATUS_NAMES
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.kernel.errors import NotFound
from nep.kernel.text import fold

NOTHING = "Không phải bước nào"


@dataclass(frozen=True, slots=True)
class MatchLine:
    """Rows of the same words that mean the same step; `row_id` is the first of them.

    `state` names the state that the words mean where they mean no step.
    """

    row_id: int
    text: str
    actors: tuple[str, ...]
    count: int
    first_at: datetime
    node: str
    step: str
    state: str

    @property
    def is_matched(self) -> bool:
        """Say whether the words mean anything."""
        return bool(self.node or self.state)


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """One correction or undo: what the words meant before and after, and why."""

    event_id: int
    at: datetime
    who: str
    text: str
    old: str
    new: str
    reason: str
    is_undo: bool
    may_undo: bool


@dataclass(frozen=True, slots=True)
class FedMatches:
    """A case of another system with its matches; `steps` are (node, words) to choose from."""

    case_id: int
    code: str
    tthc_name: str
    version: int
    lines: tuple[MatchLine, ...]
    steps: tuple[tuple[str, str], ...]
    corrections: tuple[CorrectionLine, ...]

    @property
    def unmatched(self) -> int:
        """Return how many rows mean neither a step nor a state."""
        return sum(line.count for line in self.lines if not line.is_matched)

    @property
    def total(self) -> int:
        """Return how many rows there are."""
        return sum(line.count for line in self.lines)


def fed_matches(*, actor: Actor, case_id: int) -> FedMatches:
    """Return the matches of a fed case of the actor's agency. Raises NotFound."""
    case = Case.objects.filter(pk=case_id, agency_id=actor.agency_id, origin="fed").first()
    if case is None:
        raise NotFound("not_found", "Không tìm thấy hồ sơ này trong cơ quan của bạn.")
    plan = plan_for(case.content_hash)
    return FedMatches(
        case_id=case.pk,
        code=case.code,
        tthc_name=case.tthc_name,
        version=case.version,
        lines=_lines(case, plan),
        steps=tuple((step.node, f"{step.label}: {step.name}") for step in plan.order),
        corrections=_corrections(case, plan),
    )


def _lines(case: Case, plan: Plan) -> tuple[MatchLine, ...]:
    kept = FedRow.objects.filter(case=case).order_by("id").values_list("id", "key", "data")
    rows = [(row_id, row_kept(key, data)) for row_id, key, data in kept]
    nodes = nodes_of([row for _, row in rows], plan=plan)
    groups: dict[tuple[str, str], list] = {}
    for row_id, row in sorted(rows, key=lambda one: one[1].first_at):
        text = row.step or row.status
        groups.setdefault((fold(text), nodes[row.key]), []).append((row_id, row, text))
    lines = []
    for (_, node), found in groups.items():
        row_id, first, text = found[0]
        state = "" if node else STATUS_NAMES.get(_state(first.step, first.status) or 0, "")
        actors = tuple(dict.fromkeys(row.actor for _, row, _ in found if row.actor))
        lines.append(
            MatchLine(
                row_id, text, actors, len(found), first.first_at, node, _step(plan, node), state
            )
        )
    return tuple(lines)


def _state(step: str, status: str) -> int | None:
    return status_of(status) or (status_of(step) if step else None)


def _step(plan: Plan, node: str) -> str:
    step = plan.steps.get(node)
    return f"{step.label}: {step.name}" if step else NOTHING


def _corrections(case: Case, plan: Plan) -> tuple[CorrectionLine, ...]:
    events = list(CaseEvent.objects.filter(case=case, kind=CORRECTED).order_by("-id"))
    names = organization.person_names([event.actor_id for event in events])
    changed: set[str] = set()  # rows that a later correction has changed again
    lines = []
    for event in events:
        data = json.loads(event.data)
        is_undo, keys = "undo" in data, set(data["keys"])
        lines.append(
            CorrectionLine(
                event.pk, event.at, names.get(event.actor_id or 0, ""), data["text"],
                _step(plan, data["old"]), _step(plan, data["new"]), data["reason"], is_undo,
                may_undo=not is_undo and not keys & changed,
            )
        )  # fmt: skip
        changed |= keys
    return tuple(lines)
