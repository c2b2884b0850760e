"""How evidence answers to clauses: complete, thin, stale or missing; what may be left out.

What is asked of a clause is data (`reference/evidence_rules.toml`), written for the edition of
2015 and read for others through the mapping.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from nep.kernel.decisions import ALLOWED, Decision, Refused
from nep.kernel.references import Evidence
from nep.kernel.vietnamese import date_text

COMPLETE, THIN, STALE, MISSING, LEFT_OUT = "complete", "thin", "stale", "missing", "left_out"
STATES = (MISSING, THIN, STALE, COMPLETE, LEFT_OUT)
STATE_NAMES = {
    COMPLETE: "Đủ",
    THIN: "Mỏng",
    STALE: "Cũ",
    MISSING: "Thiếu",
    LEFT_OUT: "Không áp dụng",
}
CHIPS = {COMPLETE: "ok", THIN: "sap", STALE: "cho", MISSING: "tre", LEFT_OUT: "tam"}
BACKBONE = "2015"
LEAST_REASON = 20
KIND_NAMES = {
    "document": "Tài liệu",
    "procedure": "Quy trình",
    "reading": "Đã đọc",
    "document_review": "Soát xét tài liệu",
    "change": "Thay đổi",
    "appointment": "Vị trí",
    "record": "Hồ sơ lưu",
    "file_plan": "Danh mục hồ sơ",
    "legal": "Văn bản",
    "legal_review": "Rà soát văn bản",
    "case": "Hồ sơ",
    "rating": "Đánh giá",
    "survey": "Khảo sát",
    "feedback": "Phản hồi",
    "nonconformity": "Không phù hợp",
    "preventive": "Phòng ngừa",
    "action": "Hành động",
    "context": "Bối cảnh",
    "parties": "Bên quan tâm",
    "scope": "Phạm vi",
    "policy": "Chính sách",
    "risk": "Rủi ro",
    "opportunity": "Cơ hội",
    "objective": "Mục tiêu",
    "objective_value": "Kết quả đo",
    "audit": "Đánh giá nội bộ",
    "review": "Xem xét",
    "training": "Đào tạo",
    "qualification": "Chứng chỉ",
}


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing a clause asks for: `least` of some kinds, the newest within `months` (0: any age).

    `rule` is the clause whose rule it is; `clauses` says under which clauses of 2015 it is looked
    for; `mend` names the way to make it; `part` is the part of the row that asks, "" for the row.
    """

    rule: str
    label: str
    kinds: frozenset[str]
    least: int
    months: int
    mend: str
    clauses: tuple[str, ...]
    source: str
    verified: str
    part: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceRules:
    """What is asked, by clause of 2015 or by "edition:number"; what may not, what may be left out.

    `proposals` are (clauses, reason, source) of what agencies often leave out.
    """

    asks: Mapping[str, tuple[Ask, ...]]
    never_left_out: frozenset[str]
    never_source: str
    proposals: tuple[tuple[tuple[str, ...], str, str], ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """How a clause stands, why in words, and which way mends it ("" where nothing is asked)."""

    state: str
    reason: str
    mend: str = ""


def read_evidence_rules(shipped: Mapping[str, Any]) -> EvidenceRules:
    """Return the shipped rules. Raises ValueError for a clause twice or without an ask."""
    asks: dict[str, tuple[Ask, ...]] = {}
    for one in shipped["rule"]:
        clause = one["clause"]
        if clause in asks or not one["asks"]:
            raise ValueError(f"rule of the matrix twice or empty: {clause}")
        asks[clause] = tuple(
            Ask(
                rule=clause, label=ask["label"], kinds=frozenset(ask["kinds"]), least=ask["least"],
                months=ask["months"], mend=ask["mend"],
                clauses=tuple(ask.get("from", [clause.partition(":")[2] or clause])),
                source=ask["source"], verified=ask["verified"], part=ask.get("part", ""),
            )
            for ask in one["asks"]
        )  # fmt: skip
    return EvidenceRules(
        asks=asks,
        never_left_out=frozenset(shipped["never_left_out"]["clauses"]),
        never_source=shipped["never_left_out"]["source"],
        proposals=tuple(
            (tuple(one["clauses"]), one["reason"], one["source"])
            for one in shipped["not_applicable"]
        ),
    )


def asks_of(
    rules: EvidenceRules, *, edition: str, number: str, backbone: Sequence[str]
) -> tuple[Ask, ...]:
    """Return what is asked of a row of an edition; `backbone` are its rows of 2015.

    An edition's own rule ("2026:6.1.2") goes before what comes through the mapping.
    """
    own = rules.asks.get(f"{edition}:{number}")
    if own is not None:
        return own
    found: dict[str, Ask] = {}
    for clause in backbone if edition != BACKBONE else (number,):
        for ask in rules.asks.get(clause, ()):
            found.setdefault(ask.label, ask)
    return tuple(found.values())


def with_settings(
    asks: tuple[Ask, ...], settings: Mapping[tuple[str, str], tuple[int, int]]
) -> tuple[Ask, ...]:
    """Return asks as an agency set them: (least, months) by (rule, label)."""
    if not settings:
        return asks
    found = []
    for one in asks:
        least, months = settings.get((one.rule, one.label), (one.least, one.months))
        is_own = (one.rule, one.label) in settings
        said = "cơ quan đặt" if is_own else one.verified
        found.append(replace(one, least=least, months=months, verified=said))
    return tuple(found)


def gathered(lines: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """Return lines without what says the same: of one kind and title the most, the newest first."""
    found: dict[tuple[str, str], Evidence] = {}
    for one in lines:
        known = found.get((one.kind, one.title))
        if known is None or one.count > known.count:
            found[one.kind, one.title] = one
    return tuple(
        sorted(found.values(), key=lambda one: (one.newest_on or date.min, one.title), reverse=True)
    )


def judge(
    asks: Sequence[Ask],
    under: Callable[[str], Sequence[Evidence]],
    *,
    today: date,
    has_other: bool = False,
) -> Judged:
    """Return how a clause stands; `under` gives the evidence under a clause of 2015.

    `has_other` says that something stands there, though nothing of what is asked: a procedure for
    audits is not an audit, yet the clause is not empty.
    """
    if not asks:
        return Judged(MISSING, "Chưa có luật cho điều khoản này.")
    counted = [(ask, *_count(ask, under)) for ask in asks]
    if not any(n for _, n, _ in counted):
        state = THIN if has_other else MISSING
        return Judged(state, f"Chưa có {_listed(ask.label for ask in asks)}.", asks[0].mend)
    for ask, n, _ in counted:
        if n < ask.least:
            reason = f"Chưa có {ask.label}." if not n else f"Mới có {n}/{ask.least} {ask.label}."
            return Judged(THIN, reason, ask.mend)
    for ask, _, newest in counted:
        if ask.months and (newest is None or newest < months_before(today, ask.months)):
            when = f"mới nhất ngày {date_text(newest)}" if newest else "không có ngày"
            return Judged(STALE, f"{_first(ask.label)}: {when}, quá {ask.months} tháng.", ask.mend)
    ask, n, newest = counted[0]
    day = f", mới nhất ngày {date_text(newest)}" if newest else ""
    return Judged(COMPLETE, f"Có {ask.label}{day}.", ask.mend)


def _count(ask: Ask, under: Callable[[str], Sequence[Evidence]]) -> tuple[int, date | None]:
    lines = gathered(asked_for([ask], under))
    days = [one.newest_on for one in lines if one.newest_on]
    return sum(one.count for one in lines), max(days, default=None)


def asked_for(
    asks: Sequence[Ask], under: Callable[[str], Sequence[Evidence]]
) -> tuple[Evidence, ...]:
    """Return the evidence that meets what is asked, wherever it is looked for."""
    return tuple(
        one
        for ask in asks
        for clause in ask.clauses
        for one in under(clause)
        if one.kind in ask.kinds
    )


def months_before(day: date, months: int) -> date:
    """Return the day so many months before; the last of the month where it has no such day."""
    place = day.year * 12 + day.month - 1 - months
    year, month = divmod(place, 12)
    last = [31, 29 if year % 4 == 0 and (year % 100 or year % 400 == 0) else 28, 31, 30, 31, 30,
            31, 31, 30, 31, 30, 31][month]  # fmt: skip
    return date(year, month + 1, min(day.day, last))


def _first(text: str) -> str:
    return text[:1].upper() + text[1:]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(names))


def decide_left_out(
    rules: EvidenceRules, *, rows: Sequence[str], backbone: Sequence[str], reason: str
) -> Decision:
    """Decide whether rows may be said not to apply; `backbone` are the same in 2015's numbers.

    Source: TCVN ISO 9001:2015 điều 4.3; Quyết định 19/2014/QĐ-TTg Điều 4.
    """
    if not rows:
        return Refused("clause_unknown", "Không có điều khoản này.", field="clause")
    kept = sorted(set(backbone) & rules.never_left_out)
    if kept:
        return Refused(
            "always_applies",
            f"Điều {', '.join(kept)} không ghi là không áp dụng được: {rules.never_source}.",
            "TCVN ISO 9001:2015, điều 4.3",
            field="clause",
        )
    if len(reason.strip()) < LEAST_REASON:
        return Refused(
            "reason_short",
            "Ghi lý do vì sao không áp dụng được, như trong phạm vi (4.3).",
            "TCVN ISO 9001:2015, điều 4.3",
            field="reason",
        )
    return ALLOWED


def decide_ask(*, least: int, months: int) -> Decision:
    """Decide whether an agency may ask so."""
    if not 1 <= least <= 1000:
        return Refused("least_bounds", "Số lượng ít nhất từ 1 đến 1000.", field="least")
    if not 0 <= months <= 120:
        return Refused("months_bounds", "Số tháng từ 0 (mọi lúc) đến 120.", field="months")
    return ALLOWED
