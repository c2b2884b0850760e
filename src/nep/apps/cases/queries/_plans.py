"""The plan of a version, kept per process: a content hash never changes its meaning."""

import threading
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from nep.apps.cases.models import Case, CaseMove
from nep.apps.cases.rules.plan import Plan, plan_of
from nep.apps.procedures import queries as procedures

_MOST = 2000
_lock = threading.Lock()
_plans: dict[str, Plan] = {}


def plan(content_hash: str) -> Plan:
    """Return the plan of a version. Raises NotFound."""
    known = _plans.get(content_hash)
    if known is not None:
        return known
    order = [row.node for row in procedures.steps_by_hash(content_hash)]
    made = plan_of(procedures.compiled(content_hash), order)
    with _lock:
        if len(_plans) >= _MOST:
            _plans.clear()
        _plans[content_hash] = made
    return made


@dataclass(frozen=True, slots=True)
class Followed:
    """The versions a case followed: `hashes` in order, each but the last until the move `until`.

    `pairs` holds of each move the numbers (old, new) of the steps that mean the same, `moments` when
    it was.
    """

    hashes: tuple[str, ...]
    until: tuple[int, ...] = ()
    pairs: tuple[Mapping[int, int], ...] = ()
    moments: tuple[datetime, ...] = ()

    def hash_at(self, row_id: int) -> str:
        """Return the version that a row of the case (run, event, data) belongs to, by its id."""
        return self.hashes[bisect_right(self.until, row_id)]

    @property
    def plan(self) -> Plan:
        """Return the plan the case follows now. Raises NotFound."""
        return plan(self.hashes[-1])

    @property
    def plans(self) -> tuple[Plan, ...]:
        """Return the plans the case followed, in order. Raises NotFound."""
        return tuple(plan(one) for one in self.hashes)

    def at(self, row_id: int) -> Plan:
        """Return the plan that a row of the case belongs to. Raises NotFound."""
        return plan(self.hash_at(row_id))

    def then(self, moment: datetime | None) -> Plan:
        """Return the plan the case followed at a moment, now without one. Raises NotFound.

        What goes along from version to version (a wait, a call) has the node of the last one.
        """
        place = len(self.moments) if moment is None else bisect_right(self.moments, moment)
        return plan(self.hashes[place])

    def meant(self, row_id: int, node: str) -> str:
        """Return the step of the present version that a row's step means, "" where none does.

        Every move since must have said so: an id used again for another step says nothing.
        """
        for place in range(bisect_right(self.until, row_id), len(self.until)):
            step = plan(self.hashes[place]).steps.get(node)
            number = self.pairs[place].get(step.number) if step else None
            if number is None:
                return ""
            node = plan(self.hashes[place + 1]).order[number - 1].node
        return node


def followed(case: Case) -> Followed:
    """Return the versions a case followed; no query for one that never moved."""
    if not case.moved:
        return Followed((case.content_hash,))
    return _through(CaseMove.objects.filter(case_id=case.pk).order_by("id"), case.content_hash)


def followed_by(moved: Mapping[int, str]) -> dict[int, Followed]:
    """Return by id the versions that cases which moved followed; `moved` names the present ones.

    One query, whatever their number.
    """
    moves: dict[int, list[CaseMove]] = {case_id: [] for case_id in moved}
    for move in CaseMove.objects.filter(case__pk__among=list(moved)).order_by("id"):
        moves[move.case_id].append(move)
    return {case_id: _through(found, moved[case_id]) for case_id, found in moves.items()}


def _through(moves: Iterable[CaseMove], content_hash: str) -> Followed:
    known = list(moves)
    return Followed(
        (*(move.from_hash for move in known), content_hash),
        tuple(move.pk for move in known),
        tuple(dict(move.steps) for move in known),
        tuple(move.at for move in known),
    )
