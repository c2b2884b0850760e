"""What kept files show for the clauses of the standard, folded for the matrix."""

from collections.abc import Iterable, Iterator

from django.db.models import Max, QuerySet

from nep.apps.records.models import FilePlan, RecordFile
from nep.foundation.db.counting import Counted, counted, read_counted
from nep.kernel.references import Evidence

RECORD, PLAN = "record", "file_plan"


def evidence_counts(agency_ids: Iterable[int]) -> tuple[QuerySet, ...]:
    """Return files kept and file plans approved, counted by agency."""
    wanted = list(agency_ids)
    files = RecordFile.objects.filter(agency_id__in=wanted, destroyed_on=None)
    plans = FilePlan.objects.filter(agency_id__in=wanted, approved_at__isnull=False)
    return (
        counted(files, RECORD, moment="changed_at"),
        counted(plans, PLAN, moment="approved_at", note=Max("year")),
    )


def evidence_told(rows: Iterable[Counted]) -> Iterator[Evidence]:
    """Yield files kept and file plans approved, for 7.5.3."""
    for one in rows:
        if one.kind == RECORD:
            yield Evidence(one.agency_id, "2015", "7.5.3", RECORD, one.n, one.newest_on,
                           "Hồ sơ lưu đang giữ", "/luu-tru/")  # fmt: skip
        elif one.kind == PLAN:
            yield Evidence(one.agency_id, "2015", "7.5.3", PLAN, one.n, one.newest_on,
                           f"Danh mục hồ sơ năm {one.note}",
                           f"/luu-tru/danh-muc/?nam={one.note}")  # fmt: skip


def evidence(agency_ids: Iterable[int]) -> tuple[Evidence, ...]:
    """Return files kept and file plans approved, for 7.5.3; one statement for any number."""
    return tuple(evidence_told(read_counted(evidence_counts(agency_ids))))
