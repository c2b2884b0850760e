"""An agency chooses its own figures within the law."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from nep.apps.cases.models import TimeRuleEdition
from nep.apps.cases.queries._time_rules import shipped_rules, time_rules
from nep.apps.cases.rules import acting
from nep.apps.cases.rules.time_rules import decide_value
from nep.apps.organization.rules import Actor, may
from nep.foundation.journal import services as journal
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.text import clean_lines


@transaction.atomic
def time_rules_set(*, actor: Actor, now: datetime, values: Mapping[str, int], reason: str) -> None:
    """Set the figures that cases received from now on are read by; earlier ones keep theirs.

    Raises Forbidden; Refusal("rule_unknown", "rule_out_of_bounds", "rules_unchanged",
    "reason_missing").
    """
    require(may(actor, "calendar.manage"))
    shipped = shipped_rules()
    for key, value in values.items():
        if key not in shipped:
            raise Refusal("rule_unknown", "Không có quy tắc thời gian này.")
        require(decide_value(shipped[key], value), kind=Refusal)
    present = time_rules(agency_id=actor.agency_id, at=now)
    old = {key: getattr(present, key) for key in shipped}
    new = old | dict(values)
    if new == old:
        raise Refusal("rules_unchanged", "Chưa có con số nào khác trước.")
    require(acting.decide_reason(reason), kind=Refusal)
    kept = {key: value for key, value in new.items() if value != shipped[key].value}
    TimeRuleEdition.objects.create(
        agency_id=actor.agency_id, since=now, values=kept, reason=clean_lines(reason),
        by_id=actor.person_id,
    )  # fmt: skip
    journal.record(
        actor_id=actor.person_id, agency_id=actor.agency_id, action="case.time_rules_set",
        object_type="agency", object_id=actor.agency_id, at=now, old=old, new=new,
        reason=clean_lines(reason),
    )  # fmt: skip
