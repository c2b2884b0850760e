"""A log of an unknown process: its procedure proposed from the events, drafted for people to settle."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from nep.apps.cases.models import FedImport
from nep.apps.cases.rules import fed_columns
from nep.apps.cases.rules.fed_discovery import Discovery, discover
from nep.apps.cases.services._fed_reading import (
    Groups,
    columns_of,
    groups_of,
    heads_of,
    read_any,
    table_of,
)
from nep.apps.organization.rules import Actor, may
from nep.apps.procedures import services as procedures
from nep.apps.procedures.rules.draft import Draft
from nep.foundation.journal import services as journal
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.text import clean


@dataclass(frozen=True, slots=True)
class DiscoveredDraft:
    """The draft made of a log, and what it was made of."""

    revision_id: int
    found: Discovery


def file_discovered(*, actor: Actor, import_id: int, now: datetime) -> Discovery:
    """Return the procedure that an uploaded file shows; nothing is written.

    Raises Forbidden; NotFound; Refusal when the columns are not known or no activity is told.
    """
    require(may(actor, "procedure.draft"))
    row = FedImport.objects.filter(pk=import_id, agency_id=actor.agency_id).first()
    if row is None:
        raise NotFound()
    groups, _ = groups_of(table_of(row), columns=_complete(row.columns), now=now)
    return _discovered(groups, row.name)


def file_discovery_draft(
    *,
    actor: Actor,
    now: datetime,
    import_id: int,
    name: str,
    tthc_id: int | None = None,
) -> DiscoveredDraft:
    """Make a procedure draft of what an uploaded file shows, for a TTHC there is or a new internal
    one of that name.

    Raises as `file_discovered`, and as the drafting of procedures does.
    """
    found = file_discovered(actor=actor, import_id=import_id, now=now)
    return _draft(actor, now, found, name, tthc_id)


def log_discovery_draft(
    *, actor: Actor, now: datetime, files: list[tuple[str, bytes]], name: str
) -> DiscoveredDraft:
    """Make a procedure draft of what files show, for the command line. Raises as above."""
    require(may(actor, "procedure.draft"))
    groups: Groups = []
    for file_name, data in files:
        read = read_any(data, name=file_name)
        columns = columns_of(agency_id=actor.agency_id, heads=heads_of(read.table))
        found, _ = groups_of(read.table, columns=_complete(columns), now=now)
        groups += found
    return _draft(actor, now, _discovered(groups, name), name, None)


def _complete(columns: dict[str, int]) -> dict[str, int]:
    if missing := fed_columns.missing_fields(columns):
        raise Refusal(
            "columns_missing", f"Chưa biết cột nào là: {', '.join(missing)}.", field="columns"
        )
    return columns


def _discovered(groups: Groups, name: str) -> Discovery:
    traces = [
        [row.step or row.status for row in sorted(rows, key=lambda row: row.first_at)]
        for _, rows in groups
    ]
    try:
        return discover(traces, name=clean(name)[:200])
    except ValueError as error:
        raise Refusal("no_activity", "Tệp không kể việc nào để dựng quy trình.") from error


def _draft(
    actor: Actor, now: datetime, found: Discovery, name: str, tthc_id: int | None
) -> DiscoveredDraft:
    name = clean(name)[:600]
    if tthc_id is None and not name:
        raise Refusal("name_missing", "Hãy đặt tên cho quy trình.", field="name")
    with transaction.atomic():
        if tthc_id is None:
            values = procedures.TthcValues(name=name, is_internal=True)
            tthc_id = procedures.tthc_create(actor=actor, values=values, now=now)
        made = procedures.procedure_create(
            actor=actor, tthc_id=tthc_id, now=now, draft=Draft(found.table), title=name,
        )  # fmt: skip
        journal.record(
            actor_id=actor.person_id, agency_id=actor.agency_id, action="procedure.discovered",
            object_type="revision", object_id=made.revision_id, at=now,
            new={"cases": found.cases, "events": found.events, "replayed": found.replayed},
        )  # fmt: skip
    return DiscoveredDraft(made.revision_id, found)
