"""What cases wait for, as a move to another version reads it: few statements for many cases."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from nep.apps.cases.models import Case, CaseCall, CasePause, CaseWait
from nep.apps.cases.rules.landing import Held, HeldCall, HeldWait
from nep.worktime import Calendar


def held_by(
    cases: Iterable[Case], *, now: datetime, calendar: Calendar, beyond: bool
) -> dict[int, Held]:
    """Return by id what cases wait for; no statement where neither version waits (`beyond` False)."""
    known = list(cases)
    ids = [case.pk for case in known] if beyond else []
    waits: Mapping[int, list[HeldWait]] = _waits(ids)
    calls: Mapping[int, list[HeldCall]] = _calls(ids)
    stops = _stops(list(waits))
    return {
        case.pk: Held(
            now, calendar, _data(case, beyond), tuple(waits.get(case.pk, ())),
            tuple(calls.get(case.pk, ())), tuple(stops.get(case.pk, ())),
        )
        for case in known
    }  # fmt: skip


def _data(case: Case, beyond: bool) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(case.data) if beyond else {}
    return found


def _waits(ids: list[int]) -> dict[int, list[HeldWait]]:
    found: dict[int, list[HeldWait]] = defaultdict(list)
    if ids:
        rows = CaseWait.objects.filter(case__pk__among=ids, closed_at=None).order_by("id")
        for row in rows:
            found[row.case_id].append(
                HeldWait(row.pk, row.token, row.node, row.due_at, row.left, row.opened_at)
            )
    return found


def _calls(ids: list[int]) -> dict[int, list[HeldCall]]:
    found: dict[int, list[HeldCall]] = defaultdict(list)
    if ids:
        rows = CaseCall.objects.filter(case__pk__among=ids, closed_at=None).order_by("id")
        for row in rows:
            found[row.case_id].append(
                HeldCall(row.pk, row.token, row.node, row.child_id is not None)
            )
    return found


def _stops(ids: list[int]) -> dict[int, list[tuple[datetime, datetime]]]:
    """Return the pauses of cases that stopped their clocks and are over."""
    found: dict[int, list[tuple[datetime, datetime]]] = defaultdict(list)
    if ids:
        rows = CasePause.objects.filter(case__pk__among=ids).exclude(policy="none")
        for row in rows.exclude(ended_at=None).order_by("started_at"):
            if row.ended_at is not None:
                found[row.case_id].append((row.started_at, row.ended_at))
    return found
