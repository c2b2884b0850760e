"""What an agency says of a TTHC beside what is published of it, and which entries are likely its own.

Source: Thông tư 26/2014/TT-BKHCN Điều 4 (danh mục thủ tục hành chính của cơ quan), Điều 41 khoản 6
(thủ tục tương tự dùng chung một quy trình); ISO 9001:2015 điều 7.5.3.2.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from nep.apps.catalogue.rules import Published
from nep.apps.procedures.rules.wording import is_longer, limit_text
from nep.kernel.decisions import ALLOWED, Decision, Refused
from nep.kernel.text import clean, fold, likeness, shorten, words

LEVEL_OF_KIND: Mapping[str, str] = {
    "so": "province", "chi_cuc": "province", "trung_tam": "province", "ubnd_tinh": "province",
    "xa": "commune", "phuong": "commune", "dac_khu": "commune", "bo": "ministry",
    "nganh_doc": "province", "khac": "",
}  # fmt: skip
_COMMUNE_WORDS = ("uy ban nhan dan cap xa", "ubnd cap xa", "uy ban nhan dan xa", "cong chuc cap xa")
_PROVINCE_WORDS = ("uy ban nhan dan cap tinh", "ubnd cap tinh", "ubnd tinh")
NAMED, FIELD, LEVEL = "named", "field", "level"
PART_NAMES: Mapping[str, str] = {
    "name": "Tên thủ tục", "field": "Lĩnh vực", "limit": "Thời hạn", "fee": "Phí, lệ phí",
    "result": "Kết quả", "papers": "Thành phần hồ sơ", "legal_basis": "Căn cứ pháp lý",
}  # fmt: skip
LEAST_ALIKE = 0.45


@dataclass(frozen=True, slots=True)
class OwnPaper:
    """One paper in the agency's table."""

    name: str
    originals: int = 1
    copies: int = 0
    is_required: bool = True


@dataclass(frozen=True, slots=True)
class Own:
    """What an agency's table says of a TTHC; the limit's unit is "" where the kind of day is open."""

    name: str = ""
    field: str = ""
    limit_amount: Decimal | None = None
    limit_unit: str = ""
    fee: str = ""
    result: str = ""
    legal_basis: str = ""
    papers: tuple[OwnPaper, ...] = ()


@dataclass(frozen=True, slots=True)
class PartDifference:
    """One part that differs, both sides in words; `is_open` when the published is itself unsure."""

    part: str
    name: str
    own: str
    published: str
    is_open: bool = False


def own_of(published: Published) -> Own:
    """Return what a table would say that took everything published over.

    A limit in "ngày" whose kind of day the list does not tell keeps its amount with the kind open;
    one without a readable unit is left out: neither is converted silently.
    """
    unit = published.limit_unit
    amount = Decimal(published.limit_amount) if published.limit_amount and unit else None
    if unit == "calendar_day" and _is_doubted(published, "limit_kind"):
        unit = ""
    return Own(
        name=shorten(published.name, 600),
        field=shorten(published.field, 200),
        limit_amount=amount,
        limit_unit=unit if amount is not None else "",
        fee=shorten(published.fee, 400),
        result=shorten("; ".join(published.results), 400),
        legal_basis=published.basis_lines,
        papers=tuple(
            OwnPaper(shorten(_paper_name(one.name, one.group), 1000), one.originals, one.copies)
            for one in published.papers
        ),
    )


def _paper_name(name: str, group: str) -> str:
    return f"{name} ({group})" if group and len(group) < 160 else name


def _is_doubted(published: Published, *codes: str) -> bool:
    return any(one.code in codes for one in published.doubts)


def differences(own: Own, published: Published) -> tuple[PartDifference, ...]:
    """Return what the agency's table says otherwise; a part that is not published differs never."""
    told = own_of(published)
    found = []
    for part, name in PART_NAMES.items():
        mine, theirs = part_words(own, part), part_words(told, part)
        if theirs and _plain(mine) != _plain(theirs):
            codes = ("limit_kind", "limit_differs", "limit_no_unit", "glued")
            is_open = part == "limit" and _is_doubted(published, *codes)
            found.append(PartDifference(part, name, mine, theirs, is_open))
    return tuple(found)


def part_words(own: Own, part: str) -> str:
    """Return one part of a table in words."""
    if part == "limit":
        return limit_text(own.limit_amount, own.limit_unit)
    if part == "papers":
        return "\n".join(
            f"{one.name} ({one.originals} bản chính, {one.copies} bản sao)" for one in own.papers
        )
    return str(getattr(own, part))


def _plain(text: str) -> str:
    return " ".join(words(text))


def likely(*, kind: str, name: str, fields: frozenset[str], agencies: str, field: str) -> str:
    """Return why an entry of the agency's level is likely its own: named, field or level.

    `agencies` and `field` are the entry's in search form, `fields` the folded fields in which the
    agency handles something already.
    """
    if _names(kind, name, agencies):
        return NAMED
    return FIELD if field in fields else LEVEL


def _names(kind: str, name: str, agencies: str) -> bool:
    level = LEVEL_OF_KIND.get(kind, "")
    if level == "commune":
        return any(sign in agencies for sign in _COMMUNE_WORDS)
    if kind == "ubnd_tinh":
        return any(sign in agencies for sign in _PROVINCE_WORDS)
    return bool(name) and fold(name) in agencies


def best_entries(
    name: str, entries: Mapping[int, str], *, most: int = 3
) -> tuple[tuple[int, float], ...]:
    """Return the entries whose names are most alike (id, likeness), best first."""
    asked = set(words(name))
    if not asked:
        return ()
    scored = []
    for entry_id, entry_name in entries.items():
        if asked.isdisjoint(fold(entry_name).split()):
            continue
        score = likeness(name, entry_name)
        if score >= LEAST_ALIKE:
            scored.append((entry_id, round(score, 2)))
    return tuple(sorted(scored, key=lambda one: (-one[1], one[0]))[:most])


def decide_share(
    *,
    is_own: bool,
    is_internal: bool,
    procedure_amount: Decimal | None,
    procedure_unit: str,
    tthc_amount: Decimal | None,
    tthc_unit: str,
) -> Decision:
    """Decide whether a TTHC may go by a procedure written for another one.

    Source: Thông tư 26/2014/TT-BKHCN Điều 41 khoản 6.
    """
    if is_own:
        return Refused("share_own", "Quy trình này vốn của chính thủ tục đó.", field="procedure")
    if is_internal:
        return Refused(
            "share_internal", "Quy trình nội bộ không dùng chung cho thủ tục hành chính.",
            field="procedure",
        )  # fmt: skip
    known = procedure_amount is not None and tthc_amount is not None
    if known and is_longer(procedure_amount, procedure_unit, tthc_amount, tthc_unit):  # type: ignore[arg-type]
        return Refused(
            "share_too_long",
            f"Thời hạn của quy trình ({limit_text(procedure_amount, procedure_unit)}) dài hơn thời "
            f"hạn của thủ tục ({limit_text(tthc_amount, tthc_unit)}).",
            "Thông tư 26/2014/TT-BKHCN Điều 41",
            field="procedure",
        )
    return ALLOWED


def decide_reason(reason: str) -> Decision:
    """Decide whether a reason says enough."""
    if len(clean(reason)) < 5:
        return Refused("reason_missing", "Hãy ghi lý do bằng một câu.", field="reason")
    return ALLOWED
