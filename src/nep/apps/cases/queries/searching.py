"""Open cases found by words, for the worklist."""

from django.db.models import Q

from nep.apps.cases.models import Case
from nep.apps.cases.rules.acting import may_see_case
from nep.apps.organization.rules import Actor
from nep.apps.procedures import queries as procedures
from nep.kernel.text import fold


def open_case_ids(actor: Actor, text: str, limit: int) -> list[int]:
    """Return open cases of the actor's agency that a text names, the newest first.

    By a part of the code, by every word of the applicant's name, or by every word of the TTHC's
    name or code; marks are ignored. Empty for who may not see cases.
    """
    words = fold(text).split()
    if not words or not may_see_case(actor, agency_id=actor.agency_id):
        return []
    names = Q()
    for word in words:
        names &= Q(applicant__folded__contains=word)
    lines = procedures.tthc_lines(agency_id=actor.agency_id, query=text)
    found = Q(code__icontains=text.strip()) | names | Q(tthc_id__in=[line.id for line in lines])
    rows = Case.objects.filter(found, agency_id=actor.agency_id, finished_at=None)
    return list(rows.order_by("-received_at", "-id").values_list("id", flat=True)[:limit])
