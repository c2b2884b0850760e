"""How a risk or an opportunity is rated: two steps, their product, its level.

Source: TCVN ISO 9001:2015 điều 6.1 asks for no particular method; scales and thresholds are data
(`reference/risk_scales.toml`) and settings of the agency.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from nep.kernel.decisions import ALLOWED, Decision, Refused

QUANTITATIVE, QUALITATIVE = "quantitative", "qualitative"
METHODS = (QUANTITATIVE, QUALITATIVE)
LOW, MEDIUM, HIGH = "low", "medium", "high"
LEVEL_NAMES: dict[str, str] = {"": "chưa đánh giá", LOW: "Thấp", MEDIUM: "Trung bình", HIGH: "Cao"}
RISK, OPPORTUNITY = "risk", "opportunity"


@dataclass(frozen=True, slots=True)
class Scale:
    """A method: how many steps, what each means, from which product a level begins.

    `likelihood` and `impact` are words by step for risks, `feasible` and `benefit` for
    opportunities. `verified` says whether a source was read.
    """

    method: str
    label: str
    steps: int
    medium_from: int
    high_from: int
    likelihood: tuple[str, ...]
    impact: tuple[str, ...]
    feasible: tuple[str, ...]
    benefit: tuple[str, ...]
    source: str
    verified: str

    @property
    def most(self) -> int:
        """Return the greatest product."""
        return self.steps * self.steps

    def words(self, kind: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the words of both steps for a risk or an opportunity."""
        if kind == OPPORTUNITY:
            return self.feasible, self.benefit
        return self.likelihood, self.impact


@dataclass(frozen=True, slots=True)
class ProposalRule:
    """When finished cases propose a risk."""

    code: str
    label: str
    months: int
    share: int
    least: int
    clause: str
    source: str
    verified: str


def read_scales(shipped: Mapping[str, Any]) -> dict[str, Scale]:
    """Return the shipped methods. Raises KeyError for one that lacks something."""
    found = {}
    for method in METHODS:
        one = shipped[method]
        found[method] = Scale(
            method=method, label=one["label"], steps=one["steps"], medium_from=one["medium_from"],
            high_from=one["high_from"], likelihood=tuple(one["likelihood"]),
            impact=tuple(one["impact"]), feasible=tuple(one["feasible"]),
            benefit=tuple(one["benefit"]), source=one["source"], verified=one["verified"],
        )  # fmt: skip
    return found


def read_proposal_rules(shipped: Mapping[str, Any]) -> dict[str, ProposalRule]:
    """Return the rules by which cases propose risks."""
    return {code: ProposalRule(code=code, **one) for code, one in shipped["proposals"].items()}


def decide_scale(scale: Scale, *, medium_from: int, high_from: int) -> Decision:
    """Decide whether an agency may draw the thresholds so: every level can be reached."""
    if 2 <= medium_from < high_from <= scale.most:
        return ALLOWED
    return Refused(
        "thresholds",
        f"Mức trung bình từ 2, mức cao lớn hơn mức trung bình và không quá {scale.most}.",
        field="high_from",
    )


def set_by_agency(scale: Scale, *, medium_from: int, high_from: int) -> Scale:
    """Return a method with the agency's own thresholds."""
    return replace(scale, medium_from=medium_from, high_from=high_from, verified="cơ quan đặt")


def decide_steps(scale: Scale, *, likelihood: int, impact: int) -> Decision:
    """Decide whether two steps are of the scale."""
    for name, value in (("likelihood", likelihood), ("impact", impact)):
        if not 1 <= value <= scale.steps:
            return Refused("step_unknown", f"Hãy chọn bậc từ 1 đến {scale.steps}.", field=name)
    return ALLOWED


def level_of(scale: Scale, product: int) -> str:
    """Return the level of a product."""
    if product >= scale.high_from:
        return HIGH
    return MEDIUM if product >= scale.medium_from else LOW


def rating_text(scale: Scale, *, likelihood: int, impact: int) -> str:
    """Return a rating in words: "4 × 5 = 20, cao"."""
    product = likelihood * impact
    level = LEVEL_NAMES[level_of(scale, product)].lower()
    return f"{likelihood} × {impact} = {product}, {level}"


def months_until(today: date, count: int) -> tuple[int, int]:
    """Return the first and the last of so many months before this one and this one, as 202609."""
    first = today.year * 12 + today.month - 1 - count
    year, month = divmod(first, 12)
    return year * 100 + month + 1, today.year * 100 + today.month


def is_often(rule: ProposalRule, *, total: int, hit: int) -> bool:
    """Say whether so many of those counted are worth proposing a risk."""
    return hit >= rule.least and total > 0 and 100 * hit / total >= rule.share
