"""A finished case leaves a record in the file plan, as the agency set."""

from datetime import datetime

from nep.apps.cases.models import Case
from nep.apps.records import services as records
from nep.kernel.vietnamese import local


def case_deposit(*, case_id: int, now: datetime) -> int | None:
    """Deposit a finished case; None when the agency set no series. Repeating changes nothing.

    The record leads back to the case, where its papers and its control slip stay.
    """
    case = Case.objects.filter(pk=case_id, finished_at__isnull=False).first()
    if case is None or case.finished_at is None:
        return None
    return records.record_collect(
        agency_id=case.agency_id, title=f"Hồ sơ {case.code}: {case.tthc_name}",
        source_type="case", source_id=case.pk, file_id=None,
        made_on=local(case.finished_at).date(), now=now, source_code=case.code,
        link=f"/ho-so/{case.pk}/",
    )  # fmt: skip
