"""What the appointments of an agency show for the clauses of the standard."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Count, Max, Q

from nep.apps.organization.models import Appointment
from nep.kernel.references import Evidence


def evidence(agency_ids: Iterable[int], *, today: date) -> tuple[Evidence, ...]:
    """Return the appointments of the day for 5.3 and 7.1.2; one statement for any number."""
    rows = (
        Appointment.objects.filter(agency_id__in=list(agency_ids), starts_on__lte=today)
        .filter(Q(ends_on=None) | Q(ends_on__gte=today))
        .values("agency_id")
        .annotate(n=Count("id"), newest=Max("starts_on"))
        .order_by()
    )
    return tuple(
        Evidence(one["agency_id"], "2015", clause, "appointment", one["n"], one["newest"],
                 "Đơn vị, vị trí và người được giao", "/co-quan/")
        for one in rows
        for clause in ("5.3", "7.1.2")
    )  # fmt: skip
