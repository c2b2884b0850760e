"""Messages that cases sent, for the systems that fetch them by their key."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from nep.apps.cases.models import CaseMessage, FedSource

MOST = 200
SETTLES = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class SentMessage:
    """One message of a case, with the plain data the case had then."""

    id: int
    case_code: str
    name: str
    at: datetime
    data: dict[str, Any]


def messages_sent(*, source_id: int, after: int = 0, now: datetime) -> tuple[SentMessage, ...]:
    """Return what the cases of a source's agency sent after a message, oldest first.

    Keys are made before the row is committed: only what is older than half a minute is handed
    out, up to the first younger one, so that nobody asks on from behind a message still on its way.
    """
    agency_id = FedSource.objects.values_list("agency_id", flat=True).get(pk=source_id)
    rows = CaseMessage.objects.filter(agency_id=agency_id, way="out", pk__gt=after)
    found = rows.order_by("pk").values_list("pk", "case__code", "name", "at", "data")[:MOST]
    return tuple(
        SentMessage(pk, code or "", name, at, json.loads(data))
        for pk, code, name, at, data in takewhile(lambda row: row[3] <= now - SETTLES, found)
    )
