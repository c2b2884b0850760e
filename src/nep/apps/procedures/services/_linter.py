"""How an agency sets the rules of the linter."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from nep.apps.organization.rules import Actor, may
from nep.apps.procedures import queries
from nep.apps.procedures.models import LinterSetting
from nep.apps.procedures.rules.lint import Rule, decide_setting
from nep.foundation.journal.services import record
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.text import clean


@transaction.atomic
def linter_rule_set(
    *,
    actor: Actor,
    code: str,
    severity: str,
    figures: Mapping[str, int],
    words: Mapping[str, Sequence[str]],
    now: datetime,
) -> None:
    """Set one rule beyond the proof for the agency. Raises Forbidden; NotFound; Refusal
    (`decide_setting`)."""
    require(may(actor, "procedure.rules"))
    rule = _rule(actor, code)
    words = {name: tuple(clean(text) for text in given) for name, given in words.items()}
    require(decide_setting(rule, severity=severity, figures=figures, words=words), kind=Refusal)
    known = {one.name for one in rule.figures}
    kept = {name: value for name, value in figures.items() if name in known}
    lists = {one.name: words[one.name] for one in rule.words if one.name in words}
    LinterSetting.objects.update_or_create(
        agency_id=actor.agency_id, code=code,
        defaults={
            "severity": severity, "figures": json.dumps(kept),
            "words": json.dumps(lists, ensure_ascii=False),
            "changed_by_id": actor.person_id, "changed_at": now,
        },
    )  # fmt: skip
    _note(actor, rule, "linter.rule_set", now, new={"severity": severity, **kept, **lists})


@transaction.atomic
def linter_rule_reset(*, actor: Actor, code: str, now: datetime) -> None:
    """Let one rule be again what it was shipped as. Raises Forbidden; NotFound."""
    require(may(actor, "procedure.rules"))
    rule = _rule(actor, code)
    gone, _each = LinterSetting.objects.filter(agency_id=actor.agency_id, code=code).delete()
    if gone:
        _note(actor, rule, "linter.rule_reset", now, new=None)


def _rule(actor: Actor, code: str) -> Rule:
    rule = queries.rule_book(agency_id=actor.agency_id).rules.get(code)
    if rule is None:
        raise NotFound("rule_unknown", "Không có luật soát này.")
    return rule


def _note(actor: Actor, rule: Rule, action: str, now: datetime, *, new: object) -> None:
    old = {"severity": rule.severity, **{one.name: one.value for one in rule.figures}}
    old |= {one.name: one.value for one in rule.words}
    record(
        actor_id=actor.person_id, agency_id=actor.agency_id, action=action,
        object_type="linter_rule", object_id=rule.code, at=now, old=old, new=new,
    )  # fmt: skip
