"""Work of the agency itself under ISO: a case without applicant, asked for by a unit."""

import json
import secrets
from datetime import datetime

from django.db import transaction

from nep.apps.cases.models import Case
from nep.apps.cases.queries._plans import plan as plan_for
from nep.apps.cases.rules import statuses
from nep.apps.cases.rules.plan import progress_start
from nep.apps.cases.services._intake import CaseMade, begin, put_in, set_clocks, tell_accepted
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor, may
from nep.apps.procedures import queries as procedures
from nep.apps.procedures.queries import VersionFacts
from nep.foundation.db import new_id
from nep.foundation.numbering.services import take_number
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.text import clean
from nep.kernel.vietnamese import local


def internal_start(
    *,
    actor: Actor,
    now: datetime,
    tthc_id: int,
    subject: str,
    unit_id: int | None = None,
    variant: str | None = None,
) -> CaseMade:
    """Open a case of an internal procedure in force, asked for by a unit of the actor.

    `subject` says what it is about. Its code is of a book of its own; it has no applicant, no
    receipt, never stands on the portal, and is counted apart. Raises Forbidden;
    Refusal("subject_missing", "procedure_missing", "not_internal", "unit_unfit").
    Source: ISO 9001:2015 điều 4.4, 8.1.
    """
    require(may(actor, "case.step"))
    text = clean(subject)
    if len(text) < 5:
        raise Refusal("subject_missing", "Hãy ghi việc cần làm trong một câu.", field="subject")
    version = procedures.version_in_force(
        agency_id=actor.agency_id, tthc_id=tthc_id, on=local(now).date(), variant=variant
    )
    if version is None:
        raise Refusal(
            "procedure_missing", "Quy trình này chưa có hiệu lực. Hãy ban hành trước.",
            field="tthc",
        )  # fmt: skip
    if not version.is_internal:
        raise Refusal(
            "not_internal", "Thủ tục này có người nộp. Hãy mở ở trang Tiếp nhận.", field="tthc"
        )
    unit = _unit(actor, unit_id)
    with transaction.atomic():
        case = internal_row(actor, version, now, unit)
        set_clocks(case, accepted_at=now, by_id=actor.person_id)
        made = begin(
            case, actor=actor, now=now, kind="accepted",
            kept={"channel": "internal", "note": text, "asked_unit": unit[1]},
        )  # fmt: skip
        put_in(case, made)
        tell_accepted(case, actor, now, "case.internal_started")
    return CaseMade(case.pk, case.code, True, case.result_due_at)


def _unit(actor: Actor, unit_id: int | None) -> tuple[int | None, str]:
    """Return (id, name) of the asking unit: the one named among the actor's, or the first."""
    own = [hat.unit_id for hat in actor.hats if hat.unit_id is not None]
    if unit_id is not None and unit_id not in own:
        raise Refusal("unit_unfit", "Hãy chọn một đơn vị bạn đang làm việc.", field="unit")
    wanted = unit_id if unit_id is not None else next(iter(own), None)
    names = {unit.id: unit.name for unit in organization.units_of(actor.agency_id)}
    return wanted, names.get(wanted or 0, organization.agency(actor.agency_id).short_name)


def internal_row(
    actor: Actor, version: VersionFacts, now: datetime, unit: tuple[int | None, str]
) -> Case:
    """Return the row of an internal case asked for by a unit (id, name), numbered in its own book."""
    agency, here = organization.agency(actor.agency_id), local(now)
    number = take_number(agency_id=agency.id, book="internal", year=here.year)
    return Case(
        id=new_id(), agency_id=agency.id, code=f"{agency.code}-NB-{here:%y}-{number:05d}",
        lookup_key=secrets.token_urlsafe(15), tthc_id=version.tthc_id, tthc_code="",
        tthc_name=version.tthc_name, revision_id=version.revision_id,
        procedure_text=f"{version.code} {version.number}".strip()[:120],
        content_hash=version.content_hash, channel="counter", internal=True,
        asked_unit_id=unit[0], applicant_mask=unit[1][:160], received_at=now,
        received_month=here.year * 100 + here.month, limit_amount=version.limit_amount,
        limit_unit=version.limit_unit if version.limit_amount is not None else "",
        pause_policy=version.pause_policy, status=statuses.ACCEPTED, data=json.dumps({}),
        progress=progress_start(plan_for(version.content_hash)),
    )  # fmt: skip
