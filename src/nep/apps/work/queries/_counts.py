"""How many open items somebody holds."""

from collections.abc import Iterable
from datetime import datetime

from django.db import connection
from django.db.models import Count, Q

from nep.apps.organization.rules import AGENCY_ROLES, Actor
from nep.apps.work import rules
from nep.apps.work.queries._rows import open_rows


def late_count(*, person_id: int, agency_id: int, now: datetime) -> int:
    """Return how many items of a person are past their due date."""
    rows = open_rows().filter(
        person_id=person_id, agency_id=agency_id, due_at__lt=now, paused=False
    )
    return rows.count()


_FRAME = (
    "SELECT (SELECT COUNT(*) FROM work_workitem WHERE listed AND state = 0 AND person_id = %s "
    "AND agency_id = %s AND due_at < %s AND NOT paused), (SELECT COUNT(*) FROM (SELECT 1 "
    "FROM work_notice WHERE person_id = %s AND agency_id = %s AND read_at IS NULL LIMIT 99) AS n)"
)


def frame_counts(*, actor: Actor, now: datetime) -> tuple[int, int]:
    """Return (late items, unread notices up to 99) of the actor in this agency, in one statement."""
    who = (actor.person_id, actor.agency_id)
    moment = connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.execute(_FRAME, (*who, moment, *who))
        late, unread = cursor.fetchone()
    return late, unread


def loads_of(*, agency_id: int, person_ids: Iterable[int]) -> dict[int, int]:
    """Return how many open items each person holds in the agency; none is 0."""
    ids = list(person_ids)
    rows = open_rows().filter(agency_id=agency_id, person_id__in=ids).values("person_id")
    counts = dict(rows.annotate(n=Count("id")).values_list("person_id", "n"))
    return {id_: counts.get(id_, 0) for id_ in ids}


def open_count_of_role(
    *, agency_id: int, person_id: int, unit_id: int | None = None, role: str = ""
) -> int:
    """Return how many items a person holds in the agency, in one role of one unit when given.

    What only this person can do, such as reading, is not counted: nobody can take it over.
    """
    rows = open_rows().filter(agency_id=agency_id, person_id=person_id)
    rows = rows.exclude(kind__in=rules.PERSONAL_KINDS)
    if role:
        of_agency = Q(unit_id=None) if role in AGENCY_ROLES else Q(pk__in=())
        rows = rows.filter(Q(unit_id=unit_id) | of_agency, role=role)
    return rows.count()


def open_count_of_unit(*, agency_id: int, unit_id: int) -> int:
    """Return how many open items stand in a unit, taken or not."""
    return open_rows().filter(agency_id=agency_id, unit_id=unit_id).count()
