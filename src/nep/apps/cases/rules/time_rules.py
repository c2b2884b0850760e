"""The time rules of the one-stop shop as data: value, bounds, clause, mark. Pure.

Source: Nghị định 118/2025/NĐ-CP Điều 11, 17–19, 23; the figures stand in reference/time_rules.toml.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from nep.kernel.decisions import ALLOWED, Decision, Refused


@dataclass(frozen=True, slots=True)
class TimeRule:
    """One figure of the law; an agency may choose between `least` and `most`."""

    key: str
    label: str
    unit: str
    value: int
    least: int
    most: int
    since: date
    source: str
    mark: str

    @property
    def is_fixed(self) -> bool:
        """Say whether the law leaves no choice."""
        return self.least == self.most


@dataclass(frozen=True, slots=True)
class TimeRules:
    """The figures that hold for one agency at one moment."""

    answer_hours: int
    transfer_hour: int
    supplement_ask_days: int
    supplement_times: int
    close_days: int
    close_notice_days: int
    extension_before_days: int
    correction_days: int


def read_rules(content: Mapping[str, Mapping[str, Any]]) -> dict[str, TimeRule]:
    """Return the rules of the shipped file by their keys, in its order."""
    return {
        key: TimeRule(
            key, one["label"], one["unit"], one["value"], one["min"], one["max"], one["since"],
            one["source"], one["verified"],
        )
        for key, one in content.items()
    }  # fmt: skip


def rules_with(shipped: Mapping[str, TimeRule], own: Mapping[str, Any]) -> TimeRules:
    """Return the figures with an agency's own ones in place; what lies outside is not taken."""
    values = {}
    for key, rule in shipped.items():
        chosen = own.get(key, rule.value)
        fits = isinstance(chosen, int) and rule.least <= chosen <= rule.most
        values[key] = chosen if fits else rule.value
    return TimeRules(**values)


def decide_value(rule: TimeRule, value: int) -> Decision:
    """Decide whether an agency may choose a figure."""
    if rule.least <= value <= rule.most:
        return ALLOWED
    if rule.is_fixed:
        text = f"“{rule.label}” do pháp luật ấn định {rule.value} {rule.unit}, không đổi được."
    else:
        text = f"“{rule.label}” chỉ được chọn từ {rule.least} đến {rule.most} {rule.unit}."
    return Refused("rule_out_of_bounds", text, rule.source, field=rule.key)
