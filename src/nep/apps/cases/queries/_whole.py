"""Every case with its rows, in portions, for the examinations of `nep doctor`."""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from nep.apps.cases.models import Case, CaseEvent, CasePause, StepRun
from nep.apps.cases.queries._log import events_of
from nep.apps.work.queries import ItemState, item_states
from nep.foundation.db.doctor import Finding, examination, invariant, went_through

PORTION = 500
SOURCE = "case"


@dataclass(slots=True)
class WholeCase:
    """One case with the rows that were asked for, each list by id."""

    case: Case
    runs: list[StepRun] = field(default_factory=list)
    events: list[CaseEvent] = field(default_factory=list)
    pauses: list[CasePause] = field(default_factory=list)
    items: list[ItemState] = field(default_factory=list)

    @property
    def is_own(self) -> bool:
        """Say whether the case is run here, not fed by another system."""
        return self.case.origin == "run"

    @property
    def open_runs(self) -> list[StepRun]:
        """Return the runs that are not closed."""
        return [run for run in self.runs if run.closed_at is None]

    def finding(self, code: str, message: str) -> Finding:
        """Return a finding that names this case."""
        return Finding(code, f"hồ sơ {self.case.code}", message)


Check = Callable[[list[WholeCase]], Iterable[Finding]]
_checks: dict[str, tuple[Check, tuple[str, ...]]] = {}


def case_invariant(code: str, title: str, *wanted: str) -> Callable[[Check], Check]:
    """Register a check over portions of cases; `wanted` are the rows it reads of each.

    The checks of one examination read the cases once, together.
    """

    def keep(check: Check) -> Check:
        _checks[code] = (check, wanted)
        invariant(code, title)(lambda: _found_by(code))
        return check

    return keep


def _found_by(code: str) -> list[Finding]:
    run = examination()
    kept = run.found if run is not None else {}
    if code not in kept:
        together = [one for one in _checks if run is not None and one in run.codes] or [code]
        rows = {name for one in together for name in _checks[one][1]}
        kept |= {one: [] for one in together}
        for portion in _portions(rows):
            for one in together:
                kept[one] += _checks[one][0](portion)
    return kept[code]


def _portions(wanted: Collection[str]) -> Iterator[list[WholeCase]]:
    """Yield all cases in portions with the wanted rows: "runs", "events", "pauses", "items"."""
    last = 0
    while True:
        portion = list(Case.objects.filter(pk__gt=last).order_by("pk")[:PORTION])
        if not portion:
            return
        last = portion[-1].pk
        held = {case.pk: WholeCase(case) for case in portion}
        for name, model in (("runs", StepRun), ("pauses", CasePause)):
            if name in wanted:
                _hang(held, name, model)
        if "events" in wanted:
            for event in events_of(list(held)):
                held[event.case_id].events.append(event)
        if "items" in wanted:
            for item in item_states(source_type=SOURCE, source_ids=list(held)):
                held[item.source_id].items.append(item)
        yield list(held.values())
        went_through(len(portion))
        if len(portion) < PORTION:
            return


def codes_in_portions() -> Iterator[dict[int, str]]:
    """Yield the code of every case by its key, in portions, by key."""
    codes, last = Case.objects.order_by("pk").values_list("pk", "code"), 0
    while portion := dict(codes.filter(pk__gt=last)[:PORTION]):
        yield portion
        went_through(len(portion))
        last = max(portion)


def _hang(held: dict[int, WholeCase], name: str, model: type[Model]) -> None:
    rows = model._default_manager.filter(case_id__in=list(held)).order_by("pk")
    for row in rows:
        getattr(held[row.case_id], name).append(row)  # type: ignore[attr-defined]


def told(events: Iterable[CaseEvent]) -> tuple[dict[int, list], dict[int, list]]:
    """Return by run what the events tell of its opening and of its closing: (event, fact)."""
    opened: dict[int, list[tuple[CaseEvent, dict[str, Any]]]] = defaultdict(list)
    closed: dict[int, list[tuple[CaseEvent, dict[str, Any]]]] = defaultdict(list)
    for event in events:
        data = json.loads(event.data)
        for fact in data.get("opened", ()):
            opened[fact["run"]].append((event, fact))
        if "closed" in data:
            closed[data["closed"]["run"]].append((event, data["closed"]))
    return opened, closed
