"""When cases of one procedure open a nonconformity by themselves; thresholds are data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from nep.kernel.decisions import ALLOWED, Decision, Refused
from nep.kernel.text import named_once

LATE, RETURNED, SUPPLEMENTS, DEVIATIONS, RATINGS = (
    "late", "returned", "supplements", "deviations", "ratings"
)  # fmt: skip
CODES = (LATE, RETURNED, SUPPLEMENTS, DEVIATIONS, RATINGS)


@dataclass(frozen=True, slots=True)
class CaseRule:
    """A rule: the share of cases in percent that is too much, and how many make it worth asking.

    `share` 0 asks for the number alone. `verified` says whether a source was read.
    """

    code: str
    label: str
    told: str
    share: int
    least: int
    clause: str
    source: str
    verified: str
    is_on: bool = True


@dataclass(frozen=True, slots=True)
class Counted:
    """Cases of one procedure in one month: all that were counted, and those the rule asks about."""

    agency_id: int
    tthc_id: int
    total: int
    hit: int

    @property
    def share(self) -> float:
        """Return the share in percent."""
        return 100 * self.hit / self.total if self.total else 0.0


def read_case_rules(shipped: Mapping[str, Mapping[str, Any]]) -> dict[str, CaseRule]:
    """Return the shipped rules by code. Raises ValueError for a rule nobody knows how to count."""
    found = {}
    for code, one in shipped.items():
        if code not in CODES:
            raise ValueError(f"unknown rule of nonconformities: {code}")
        found[code] = CaseRule(
            code=code, label=one["label"], told=one["told"], share=one["share"], least=one["least"],
            clause=one["clause"], source=one["source"], verified=one["verified"],
        )  # fmt: skip
    return found


def decide_rule(*, share: int, least: int) -> Decision:
    """Decide whether an agency may set a rule so."""
    if not 0 <= share <= 100:
        return Refused("share_bounds", "Tỷ lệ từ 0 đến 100%.", field="share")
    if not 1 <= least <= 1000:
        return Refused("least_bounds", "Số hồ sơ ít nhất từ 1 đến 1000.", field="least")
    return ALLOWED


def is_too_much(rule: CaseRule, counted: Counted) -> bool:
    """Say whether so many cases ask for a nonconformity: enough of them, and at least the share."""
    return rule.is_on and counted.hit >= rule.least and counted.share >= rule.share


def month_before(today: date) -> int:
    """Return the month that is over, as 202610."""
    year, month = (today.year, today.month - 1) if today.month > 1 else (today.year - 1, 12)
    return year * 100 + month


def month_text(month: int) -> str:
    """Return "tháng 10/2026"."""
    return f"tháng {month % 100}/{month // 100}"


def rule_key(*, tthc_id: int, month: int) -> str:
    """Return the key under which a rule opens one nonconformity of a procedure and month."""
    return f"{tthc_id}:{month}"


def title_of(rule: CaseRule, counted: Counted, *, procedure: str, month: int) -> str:
    """Return what such a nonconformity says."""
    share = f"{counted.share:.0f}%, " if rule.share else ""
    return (
        f"{rule.told}: {share}{counted.hit}/{counted.total} hồ sơ của "
        f"{named_once('thủ tục', procedure)}, "
        f"{month_text(month)}"
    )
