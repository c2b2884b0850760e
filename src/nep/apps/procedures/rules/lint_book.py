"""The rules beyond the proof as data: severity, words, figures; and why and how of every finding."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from nep.kernel.decisions import ALLOWED, Decision, Refused
from nep.kernel.text import clean

BLOCKS, WARNS, HINTS, OFF = "blocks", "warns", "hints", "off"
SEVERITY_NAMES: dict[str, str] = {
    BLOCKS: "Chặn ban hành",
    WARNS: "Cảnh báo",
    HINTS: "Gợi ý",
    OFF: "Tắt",
}
MOST_WORDS = 40


@dataclass(frozen=True, slots=True)
class Figure:
    """A whole number that a check uses, with its bounds."""

    name: str
    label: str
    value: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class WordList:
    """Words that a check looks for."""

    name: str
    label: str
    value: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: `sentence` and `detail` are filled by its check, `tap` names a safe mending.

    `verified` says whether its source was read, or that the agency set it.
    """

    code: str
    label: str
    severity: str
    sentence: str
    why: str
    mend: str
    source: str
    verified: str
    detail: str = ""
    tap: str = ""
    figures: tuple[Figure, ...] = ()
    words: tuple[WordList, ...] = ()

    def figure(self, name: str) -> int:
        """Return one of its figures. Raises KeyError."""
        return {one.name: one.value for one in self.figures}[name]

    def word_list(self, name: str) -> tuple[str, ...]:
        """Return one of its lists of words. Raises KeyError."""
        return {one.name: one.value for one in self.words}[name]


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The rules in force by code, and (why, how to mend) of what the proof itself finds."""

    rules: Mapping[str, Rule] = field(default_factory=dict)
    proof: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def reasons(self, code: str) -> tuple[str, str]:
        """Return why a finding of the proof matters and how to mend it, by code or its family."""
        return self.proof.get(code) or self.proof.get(code.partition(".")[0]) or ("", "")


def read_book(shipped: Mapping[str, Mapping[str, Any]]) -> RuleBook:
    """Return the shipped rules. Raises KeyError for one without its words."""
    return RuleBook(
        rules={code: _rule(code, one) for code, one in shipped["rules"].items()},
        proof={code: (one["why"], one["mend"]) for code, one in shipped["proof"].items()},
    )


def _rule(code: str, one: Mapping[str, Any]) -> Rule:
    return Rule(
        code=code, label=one["label"], severity=one["severity"], sentence=one["sentence"],
        why=one["why"], mend=one["mend"], source=one["source"], verified=one["verified"],
        detail=one.get("detail", ""), tap=one.get("tap", ""),
        figures=tuple(
            Figure(name, its["label"], its["value"], its["least"], its["most"])
            for name, its in one.get("figures", {}).items()
        ),
        words=tuple(
            WordList(name, its["label"], tuple(its["value"]))
            for name, its in one.get("words", {}).items()
        ),
    )  # fmt: skip


def with_setting(
    rule: Rule,
    *,
    severity: str,
    figures: Mapping[str, int],
    words: Mapping[str, Sequence[str]],
) -> Rule:
    """Return a rule as an agency has set it; what it did not set stays as shipped."""
    return replace(
        rule,
        severity=severity,
        figures=tuple(replace(one, value=figures.get(one.name, one.value)) for one in rule.figures),
        words=tuple(
            replace(one, value=tuple(words.get(one.name, one.value))) for one in rule.words
        ),
        verified="cơ quan đặt",
    )


def decide_setting(
    rule: Rule, *, severity: str, figures: Mapping[str, int], words: Mapping[str, Sequence[str]]
) -> Decision:
    """Decide whether an agency may set a rule so."""
    if severity not in SEVERITY_NAMES:
        return Refused("severity_unknown", "Hãy chọn mức độ trong danh sách.", field="severity")
    for one in rule.figures:
        value = figures.get(one.name, one.value)
        if not one.least <= value <= one.most:
            return Refused(
                "figure_bounds", f"“{one.label}” từ {one.least} đến {one.most}.", field=one.name
            )
    for known in rule.words:
        given = words.get(known.name, known.value)
        if not given or any(len(clean(text)) < 2 for text in given) or len(given) > MOST_WORDS:
            return Refused(
                "words_missing",
                f"“{known.label}”: ghi từ 1 đến {MOST_WORDS} cụm chữ, mỗi dòng một cụm.",
                field=known.name,
            )
    return ALLOWED
