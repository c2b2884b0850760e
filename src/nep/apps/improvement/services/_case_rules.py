"""Rules over cases: how an agency sets them, and the worker's round that opens nonconformities."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from nep.apps.cases.queries import troubles
from nep.apps.improvement import queries
from nep.apps.improvement.models import Nonconformity, RuleSetting
from nep.apps.improvement.rules import case_rules
from nep.apps.improvement.rules.case_rules import CaseRule, Counted
from nep.apps.improvement.services._opening import SheetValues, sheet_write
from nep.apps.organization.rules import Actor, may
from nep.apps.procedures import queries as procedures
from nep.apps.workcal import queries as workcal
from nep.foundation.journal import services as journal
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.references import Reference
from nep.kernel.vietnamese import local

ANALYSE_DAYS = 10


@transaction.atomic
def rule_set(
    *, actor: Actor, code: str, is_on: bool, share: int, least: int, now: datetime
) -> None:
    """Set a rule over cases for the agency. Raises Forbidden; NotFound; Refusal(`decide_rule`)."""
    require(may(actor, "improvement.set"))
    rules = {rule.code: rule for rule in queries.case_rules_of(agency_id=actor.agency_id)}
    if code not in rules:
        raise NotFound()
    require(case_rules.decide_rule(share=share, least=least), kind=Refusal)
    RuleSetting.objects.update_or_create(
        agency_id=actor.agency_id, code=code,
        defaults={"is_on": is_on, "share": share, "least": least,
                  "changed_by_id": actor.person_id, "changed_at": now},
    )  # fmt: skip
    old = rules[code]
    journal.record(
        actor_id=actor.person_id, agency_id=actor.agency_id, action="nonconformity.rule_set",
        object_type="nonconformity_rule", object_id=code, at=now,
        old={"is_on": old.is_on, "share": old.share, "least": old.least},
        new={"is_on": is_on, "share": share, "least": least},
    )  # fmt: skip


def nonconformities_of_cases(*, now: datetime) -> int:
    """Open what the rules ask for of the month that is over: one sheet a rule, procedure and month,
    with its cases. Repeating it changes nothing. Returns how many were opened.
    """
    month = case_rules.month_before(local(now).date())
    found = troubles.troubles(month=month)
    if not found:
        return 0
    rules = queries.case_rules_by_agency({one.agency_id for one in found})
    names = procedures.tthc_named({one.tthc_id for one in found})
    opened = 0
    for one in found:
        rule = rules[one.agency_id][one.measure]
        counted = Counted(one.agency_id, one.tthc_id, one.total, one.hit)
        if case_rules.is_too_much(rule, counted):
            name = names[one.tthc_id].name if one.tthc_id in names else ""
            opened += _open(rule, counted, procedure=name, month=month, now=now)
    return opened


def _open(rule: CaseRule, counted: Counted, *, procedure: str, month: int, now: datetime) -> bool:
    key = case_rules.rule_key(tthc_id=counted.tthc_id, month=month)
    agency_id, today = counted.agency_id, local(now).date()
    if Nonconformity.objects.filter(agency_id=agency_id, rule=rule.code, rule_key=key).exists():
        return False
    cases = troubles.troubled_cases(
        measure=rule.code, agency_id=agency_id, tthc_id=counted.tthc_id, month=month
    )
    limit = f"từ {rule.least} hồ sơ" + (f" và từ {rule.share}%" if rule.share else "")
    values = SheetValues(
        title=case_rules.title_of(rule, counted, procedure=procedure, month=month),
        detail=f"Mở theo luật “{rule.label}” ({limit}; ngưỡng {rule.verified}).",
        found_on=today, clause=rule.clause,
        due_on=workcal.working_day_from(
            agency_id=agency_id, day=today + timedelta(days=ANALYSE_DAYS)
        ),
    )  # fmt: skip
    origin = Reference("case", 0, f"{rule.label}, {case_rules.month_text(month)}", "/ho-so/")
    try:
        with transaction.atomic():
            sheet_write(
                None, agency_id=agency_id, origin=origin, values=values, unit_id=None, now=now,
                subjects=cases, rule=(rule.code, key),
            )  # fmt: skip
    except IntegrityError:  # another worker's round opened it in the same instant
        return False
    return True
