"""Cases that nobody hands in: opened by a message or by the procedure of another case."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from nep.apps.cases.events import CaseAccepted
from nep.apps.cases.models import Case, CaseApplicant
from nep.apps.cases.services._giving import receipt_give
from nep.apps.cases.services._intake import (
    Applicant,
    Intake,
    begin,
    case_row,
    people_and_papers_put,
    put_in,
    set_clocks,
)
from nep.apps.cases.services._internal import internal_row
from nep.apps.cases.services._waking import system_actor
from nep.apps.organization import queries as organization
from nep.apps.procedures.queries import VersionFacts
from nep.foundation.outbox import services as outbox


def internal_open(
    *,
    agency_id: int,
    version: VersionFacts,
    now: datetime,
    data: Mapping[str, Any],
    note: str,
    unit: tuple[int | None, str] | None = None,
) -> Case:
    """Open a case of an internal procedure by itself, asked for by `unit` (id, name) or the agency.

    Within the caller's transaction, which journals why.
    """
    actor = system_actor(agency_id)
    asking = unit or (None, organization.agency(agency_id).short_name)
    case = internal_row(actor, version, now, asking)
    case.data = json.dumps(dict(data), ensure_ascii=False)
    set_clocks(case, accepted_at=now, by_id=None)
    made = begin(
        case, actor=actor, now=now, kind="accepted",
        kept={"channel": "internal", "note": note, "asked_unit": asking[1]},
    )  # fmt: skip
    put_in(case, made)
    _tell(case, now)
    return case


def applicants_open(
    *, version: VersionFacts, now: datetime, data: Mapping[str, Any], parent: Case
) -> Case:
    """Open a case for the applicant of another one, as the sub-procedure of it.

    Within the caller's transaction, which journals why.
    """
    actor = system_actor(parent.agency_id)
    who = CaseApplicant.objects.filter(pk=parent.pk).first()
    given = Applicant(
        who.name if who else parent.applicant_mask, who.identity if who else "",
        who.phone if who else "", who.email if who else "", who.address if who else "",
    )  # fmt: skip
    intake = Intake(actor, now, now, version, given, (), parent.channel, dict(data))
    case = case_row(intake, accepted=True)
    made = begin(
        case, actor=actor, now=now, kind="accepted",
        kept={"channel": case.channel, "note": f"Thủ tục con của hồ sơ {parent.code}"},
    )  # fmt: skip
    put_in(case, made)
    people_and_papers_put(case, intake)
    receipt_give(case=case, now=now)
    _tell(case, now)
    return case


def _tell(case: Case, now: datetime) -> None:
    outbox.publish(
        CaseAccepted(case.pk, case.agency_id, case.code), agency_id=case.agency_id, at=now
    )
