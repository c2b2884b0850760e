"""The log of a case: everything that happened to it, in order.

A finished step stands once, as its entry of the journal, sealed with it. Everything else, and steps
that were finished before the journal told them whole, are events of the case.
"""

import json
from collections.abc import Collection

from nep.apps.cases.models import CaseEvent
from nep.apps.cases.rules.slip import LoggedEvent, standing
from nep.foundation.db import Mark, Prepared
from nep.foundation.journal import queries as journal

STEP_FINISHED = "case.step_completed"
_EVENTS = Prepared(
    lambda: (
        CaseEvent.objects.filter(case_id=Mark("case"))
        .order_by("id")
        .values_list("id", "kind", "at", "actor_id", "node", "data")
    )
)


def logged_events(case_id: int) -> tuple[LoggedEvent, ...]:
    """Return the events of a case that stand, in order, their data read."""
    rows = _EVENTS.rows(case=case_id)
    events = [
        LoggedEvent(id_, kind, at, by, node, json.loads(data))
        for id_, kind, at, by, node, data in rows
    ]
    told = journal.acts_upon(object_type="case", object_ids=[case_id], action=STEP_FINISHED)
    if finished := [event for one in told if (event := _finished(one)) is not None]:
        events = sorted([*events, *finished], key=lambda event: event.id)
    return standing(events)


def events_of(case_ids: Collection[int]) -> list[CaseEvent]:
    """Return every event of some cases by its key, a finished step as if it were a row as well."""
    rows = list(CaseEvent.objects.filter(case_id__in=case_ids))
    told = journal.acts_upon(object_type="case", object_ids=case_ids, action=STEP_FINISHED)
    for one in told:
        event = _finished(one)
        if event is not None:
            rows.append(
                CaseEvent(
                    id=event.id, case_id=int(one.object_id), kind=event.kind, at=event.at,
                    actor_id=event.actor_id, node=event.node, data=json.dumps(event.data),
                )
            )  # fmt: skip
    return sorted(rows, key=lambda row: row.pk)


def last_event(case_id: int) -> LoggedEvent | None:
    """Return what happened last to a case."""
    return max(logged_events(case_id), key=lambda event: event.id, default=None)


def _finished(entry: journal.Told) -> LoggedEvent | None:
    """Return the finishing of a step as an event; None for one that has an event of its own."""
    data = json.loads(entry.new)
    if "closed" not in data:
        return None
    if entry.reason:
        data["note"] = entry.reason
    kind = data.get("kind", "step_completed")
    return LoggedEvent(entry.id, kind, entry.at, entry.actor_id, data["node"], data)
