"""What checked actions show for the clauses of the standard."""

from collections.abc import Iterable, Iterator

from django.db.models import QuerySet

from nep.apps.actions import rules
from nep.apps.actions.models import Action
from nep.foundation.db.counting import Counted, counted, read_counted
from nep.kernel.references import Evidence

KIND = "action"


def evidence_counts(agency_ids: Iterable[int]) -> tuple[QuerySet, ...]:
    """Return actions done and checked by another, counted by agency."""
    rows = Action.objects.filter(agency_id__in=list(agency_ids), state=rules.CHECKED)
    return (counted(rows, KIND, moment="done_at"),)


def evidence_told(rows: Iterable[Counted]) -> Iterator[Evidence]:
    """Yield actions done and checked by another, for 10.1 and 10.2."""
    for one in rows:
        if one.kind == KIND:
            for clause in ("10.1", "10.2"):
                yield Evidence(one.agency_id, "2015", clause, KIND, one.n, one.newest_on,
                               "Hành động đã làm và được kiểm tra",
                               "/hanh-dong/?loc=tat-ca")  # fmt: skip


def evidence(agency_ids: Iterable[int]) -> tuple[Evidence, ...]:
    """Return actions done and checked by another, for 10.1 and 10.2; one statement."""
    return tuple(evidence_told(read_counted(evidence_counts(agency_ids))))
