"""What kept files show for the clauses of the standard, folded for the matrix."""

from collections.abc import Iterable

from django.db.models import Count, Max

from nep.apps.records.models import FilePlan, RecordFile
from nep.kernel.references import Evidence
from nep.kernel.vietnamese import local


def evidence(agency_ids: Iterable[int]) -> tuple[Evidence, ...]:
    """Return files kept and file plans approved, for 7.5.3; two statements for any number."""
    wanted = list(agency_ids)
    files = (
        RecordFile.objects.filter(agency_id__in=wanted, destroyed_on=None)
        .values("agency_id")
        .annotate(n=Count("id"), newest=Max("changed_at"))
        .order_by()
    )
    plans = (
        FilePlan.objects.filter(agency_id__in=wanted, approved_at__isnull=False)
        .values("agency_id")
        .annotate(n=Count("id"), newest=Max("approved_at"), year=Max("year"))
        .order_by()
    )
    return (
        *(
            Evidence(one["agency_id"], "2015", "7.5.3", "record", one["n"],
                     local(one["newest"]).date(), "Hồ sơ lưu đang giữ", "/luu-tru/")
            for one in files
        ),
        *(
            Evidence(one["agency_id"], "2015", "7.5.3", "file_plan", one["n"],
                     local(one["newest"]).date(), f"Danh mục hồ sơ năm {one['year']}",
                     f"/luu-tru/danh-muc/?nam={one['year']}")
            for one in plans
        ),
    )  # fmt: skip
