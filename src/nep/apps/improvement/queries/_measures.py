"""What objectives can be measured by from nonconformities, feedback and surveys."""

from datetime import date
from decimal import Decimal

from nep.apps.actions import queries as actions
from nep.apps.improvement.queries._feedback import feedback_tally
from nep.apps.improvement.queries._figures import tally
from nep.apps.improvement.queries._surveys import survey_satisfaction
from nep.apps.planning.services import Measured

_HUNDREDTH = Decimal("0.01")


def _share(part: int, of: int, url: str) -> Measured | None:
    return Measured((Decimal(100 * part) / of).quantize(_HUNDREDTH), of, url) if of else None


def closed_share(agency_id: int, since: date, until: date) -> Measured | None:
    """Return how many percent of the nonconformities found in a period are closed."""
    found = tally(agency_id=agency_id, starts_on=since, ends_on=until, today=until)
    return _share(found.closed, found.found - found.rejected, "/khong-phu-hop/?loc=tat-ca")


def actions_in_time(agency_id: int, since: date, until: date) -> Measured | None:
    """Return how many percent of the corrective actions of a period were done by their first day:
    of those accepted and those overdue."""
    found = actions.tally(
        agency_id=agency_id, starts_on=since, ends_on=until, today=until, kind="nonconformity"
    )
    place = "/hanh-dong/?loc=tat-ca&nguon=nonconformity"
    return _share(found.in_time, found.checked + found.late, place)


def answered_in_time(agency_id: int, since: date, until: date) -> Measured | None:
    """Return how many percent of the feedback of a period was answered in time: of what was
    answered and what is overdue."""
    found = feedback_tally(agency_id=agency_id, starts_on=since, ends_on=until, today=until)
    return _share(found.in_time, found.answered + found.late, "/phan-hoi/?loc=tat-ca")


def surveyed(agency_id: int, since: date, until: date) -> Measured | None:
    """Return how many percent of the answers to surveys in a period are satisfied."""
    answers, percent = survey_satisfaction(agency_id=agency_id, starts_on=since, ends_on=until)
    if percent is None:
        return None
    return Measured(Decimal(percent).quantize(_HUNDREDTH), answers, "/khao-sat/")
