"""The time rules of an agency: the law's figures with the agency's own in place."""

from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from nep.apps.cases.models import TimeRuleEdition
from nep.apps.cases.rules.time_rules import TimeRule, TimeRules, read_rules, rules_with
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor


@dataclass(frozen=True, slots=True)
class TimeRuleLine:
    """One rule on the page: the law's figure, the agency's, who may change it."""

    key: str
    label: str
    unit: str
    value: int
    shipped: int
    least: int
    most: int
    since: date
    source: str
    mark: str
    is_fixed: bool


@dataclass(frozen=True, slots=True)
class RuleChange:
    """One edition of an agency: since when, by whom, why, what."""

    since: datetime
    by: str
    reason: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TimeRulePage:
    """The rules that hold now, and how they came to be."""

    lines: tuple[TimeRuleLine, ...]
    changes: tuple[RuleChange, ...]


def shipped_rules() -> dict[str, TimeRule]:
    """Return the law's figures as shipped."""
    return read_rules(settings.TIME_RULES)


def time_rules(*, agency_id: int, at: datetime, has_own: bool = True) -> TimeRules:
    """Return the figures for cases that an agency received at a moment. One query, or none where
    the agency is known to have no edition of its own."""
    own = has_own and (
        TimeRuleEdition.objects.filter(agency_id=agency_id, since__lte=at)
        .order_by("-since")
        .values_list("values", flat=True)
        .first()
    )
    return rules_with(shipped_rules(), own or {})


def time_rule_page(*, actor: Actor, now: datetime) -> TimeRulePage:
    """Return the rules of the actor's agency as they hold now."""
    shipped = shipped_rules()
    rows = list(
        TimeRuleEdition.objects.filter(agency_id=actor.agency_id, since__lte=now).order_by("-since")
    )
    present = rules_with(shipped, rows[0].values if rows else {})
    names = organization.person_names([row.by_id for row in rows])
    lines = tuple(
        TimeRuleLine(
            key, rule.label, rule.unit, getattr(present, key), rule.value, rule.least, rule.most,
            rule.since, rule.source, "" if rule.mark == "S" else rule.mark, rule.is_fixed,
        )
        for key, rule in shipped.items()
    )  # fmt: skip
    changes = tuple(
        RuleChange(
            row.since, names.get(row.by_id or 0, ""), row.reason,
            tuple(
                f"{shipped[key].label}: {value} {shipped[key].unit}"
                for key, value in row.values.items()
                if key in shipped
            ),
        )
        for row in rows
    )  # fmt: skip
    return TimeRulePage(lines, changes)
