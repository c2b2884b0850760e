"""Editions of ISO 9001, how they answer to one another, what may be declared; no text of the standard.

Source: Quyết định 19/2014/QĐ-TTg Điều 4 (bản áp dụng theo hướng dẫn của Bộ KH&CN).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from nep.kernel.decisions import ALLOWED, Decision, Refused

READ, KNOWN, UNSURE = "S", "K", "?"
MARK_NAMES = {READ: "đã đọc nguồn", KNOWN: "kiến thức chung", UNSURE: "chưa xác minh"}
OWN = "own"
MARK_NAMES_ALL = {**MARK_NAMES, OWN: "quản trị đặt"}
INFO_NAMES = {"M": "duy trì", "R": "lưu giữ", "MR": "duy trì, lưu giữ", "A": "có sẵn"}
SAME, NEW, STRONGER, MOVED, RENAMED, MERGED, SPLIT = (
    "same", "new", "stronger", "moved", "renamed", "merged", "split"
)  # fmt: skip
CHANGE_NAMES = {
    SAME: "như cũ",
    NEW: "mới",
    STRONGER: "yêu cầu thêm",
    MOVED: "chuyển chỗ",
    RENAMED: "đổi tiêu đề",
    MERGED: "gộp",
    SPLIT: "tách",
}
DEFAULT_EDITION = "2015"
_NUMBER = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,3}")
_NAMED = re.compile(r"(?:tcvn\s+)?(?:iso\s*)?9001\s*:\s*(\d{4})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Clause:
    """One numbered clause with its titles, their marks and what must be documented for it.

    `row` is the number it is counted with: its own, or of the clause above for a `part`; empty for
    a heading. `info` is "", "M", "R", "MR" or "A"; `doc` says in our words what that is.
    """

    edition: str
    number: str
    vi: str
    en: str
    vi_mark: str
    vi_source: str
    en_mark: str
    en_source: str
    info: str
    info_mark: str
    doc: str
    is_part: bool
    is_heading: bool
    row: str
    full_vi: str

    @property
    def chapter(self) -> str:
        """Return the number of its chapter."""
        return self.number.partition(".")[0]

    @property
    def depth(self) -> int:
        """Return how deep it stands; a chapter is 0."""
        return self.number.count(".")

    @property
    def is_official(self) -> bool:
        """Say whether the Vietnamese title was read in a source."""
        return self.vi_mark == READ

    @property
    def mark_name(self) -> str:
        """Return the mark of the Vietnamese title in words."""
        return MARK_NAMES_ALL.get(self.vi_mark, self.vi_mark)

    @property
    def info_name(self) -> str:
        """Return what is asked of documented information, in words."""
        return INFO_NAMES.get(self.info, "")


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition of the standard with its clauses in their order."""

    code: str
    name: str
    international: str
    issued: str
    is_declarable: bool
    basis: str
    clauses: tuple[Clause, ...]
    numbers: Mapping[str, Clause] = field(repr=False, compare=False)

    @property
    def rows(self) -> tuple[Clause, ...]:
        """Return the clauses that evidence is counted for."""
        return tuple(one for one in self.clauses if not one.is_heading and not one.is_part)

    def below(self, number: str) -> tuple[str, ...]:
        """Return the rows under a heading, the row of a clause otherwise; nothing when unknown."""
        one = self.numbers.get(number)
        if one is None:
            return ()
        if not one.is_heading:
            return (one.row,)
        return tuple(row.number for row in self.rows if row.number.startswith(number + "."))


@dataclass(frozen=True, slots=True)
class Link:
    """Clauses of an older edition that answer to clauses of a newer one, and what changed."""

    older: tuple[str, ...]
    newer: tuple[str, ...]
    change: str
    mark: str
    note: str


@dataclass(frozen=True, slots=True)
class Pair:
    """How two neighbouring editions answer to one another."""

    older: str
    newer: str
    keeps_numbers: bool
    source: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Standards:
    """All that is shipped: editions oldest first, pairs, what the sources are."""

    editions: Mapping[str, Edition]
    pairs: tuple[Pair, ...]
    sources: Mapping[str, str]

    def pair(self, a: str, b: str) -> Pair | None:
        """Return the pair of two neighbouring editions, in whichever order they are named."""
        return next((one for one in self.pairs if {one.older, one.newer} == {a, b}), None)


@dataclass(frozen=True, slots=True)
class Guidance:
    """A text of the Ministry that lets agencies go by an edition."""

    id: int
    edition: str
    number: str
    issued_on: date
    title: str


def clause_order(number: str) -> tuple[int, ...]:
    """Return the place of a clause among others: 10 after 9.3."""
    return tuple(int(part) for part in number.split(".") if part.isdigit())


def read_standards(shipped: Mapping[str, Any]) -> Standards:
    """Return the shipped editions. Raises ValueError for a number twice, or one unknown in a link."""
    editions = {one["edition"]: _edition(one) for one in shipped["editions"]}
    pairs = tuple(_pair(one, editions) for one in shipped["pairs"])
    return Standards(editions, pairs, dict(shipped["sources"]))


def _edition(raw: Mapping[str, Any]) -> Edition:
    rows = raw["clauses"]
    numbers = [one["number"] for one in rows]
    if len(set(numbers)) != len(numbers):
        raise ValueError(f"a clause stands twice in {raw['edition']}")
    proper = {one["number"] for one in rows if not one.get("part")}
    titles = {one["number"]: one["vi"] for one in rows}
    clauses = []
    for one in sorted(rows, key=lambda row: clause_order(row["number"])):
        number, is_part = one["number"], bool(one.get("part"))
        is_heading = any(other.startswith(number + ".") for other in proper)
        above = number.rpartition(".")[0]
        general = one["vi"] == "Khái quát" and above in titles
        clauses.append(
            Clause(
                edition=raw["edition"], number=number, vi=one["vi"], en=one.get("en", ""),
                vi_mark=one["vi_mark"], vi_source=one.get("vi_source", ""),
                en_mark=one.get("en_mark", ""), en_source=one.get("en_source", ""),
                info=one.get("info", ""), info_mark=one.get("info_mark", ""),
                doc=one.get("doc", ""), is_part=is_part, is_heading=is_heading,
                row="" if is_heading else above if is_part else number,
                full_vi=f"{titles[above]} – Khái quát" if general else one["vi"],
            )
        )  # fmt: skip
    return Edition(
        raw["edition"], raw["name"], raw["international"], raw["issued"], raw["declarable"],
        raw["basis"], tuple(clauses), {one.number: one for one in clauses},
    )  # fmt: skip


def _pair(raw: Mapping[str, Any], editions: Mapping[str, Edition]) -> Pair:
    older, newer = editions[raw["older"]], editions[raw["newer"]]
    links = []
    for one in raw["links"]:
        for edition, numbers in ((older, one["older"]), (newer, one["newer"])):
            unknown = set(numbers) - set(edition.numbers)
            if unknown:
                raise ValueError(f"clauses unknown in {edition.code}: {sorted(unknown)}")
        links.append(
            Link(tuple(one["older"]), tuple(one["newer"]), one["change"], one["mark"],
                 one.get("note", ""))
        )  # fmt: skip
    return Pair(raw["older"], raw["newer"], bool(raw.get("keeps_numbers")), raw["source"],
                tuple(links))  # fmt: skip


def mapping_between(standards: Standards, a: str, b: str) -> dict[str, tuple[str, ...]]:
    """Return for every clause of edition `a` those of edition `b` that answer to it, in order.

    2008 and 2026 meet through 2015.
    """
    if a == b:
        return {number: (number,) for number in standards.editions[a].numbers}
    pair = standards.pair(a, b)
    if pair is None:
        first = mapping_between(standards, a, "2015")
        second = mapping_between(standards, "2015", b)
        return {
            number: _in_order(far for near in through for far in second.get(near, ()))
            for number, through in first.items()
        }
    direct: dict[str, list[str]] = {}
    for link in pair.links:
        froms, tos = (link.older, link.newer) if a == pair.older else (link.newer, link.older)
        for number in froms:
            direct.setdefault(number, []).extend(tos)
    target, found = standards.editions[b], {}
    for clause in standards.editions[a].clauses:
        found[clause.number] = _answering(clause, direct, pair, target)
    for clause in reversed(standards.editions[a].clauses):
        if clause.is_heading and not found[clause.number]:
            below = (number for number in found if number.startswith(clause.number + "."))
            found[clause.number] = _in_order(far for near in below for far in found[near])
    return found


def _answering(
    clause: Clause, direct: Mapping[str, list[str]], pair: Pair, target: Edition
) -> tuple[str, ...]:
    if clause.number in direct:
        return _in_order(direct[clause.number])
    if pair.keeps_numbers and clause.number in target.numbers:
        return (clause.number,)
    return _in_order(direct.get(clause.row, ())) if clause.is_part else ()


def _in_order(numbers: Any) -> tuple[str, ...]:
    return tuple(sorted(set(numbers), key=clause_order))


def with_labels(edition: Edition, labels: Mapping[str, str]) -> Edition:
    """Return the edition with the labels that an administrator set, marked as such."""
    if not labels:
        return edition
    clauses = tuple(
        replace(one, vi=labels[one.number], full_vi=labels[one.number], vi_mark=OWN, vi_source="")
        if one.number in labels
        else one
        for one in edition.clauses
    )
    return replace(edition, clauses=clauses, numbers={one.number: one for one in clauses})


def read_clause(text: str) -> tuple[str, str]:
    """Return (edition, number) of "2015:8.5.1"; what names no edition belongs to 2015.

    What is no clause gives ("", "").
    """
    head, colon, tail = text.strip().partition(":")
    edition, number = (head.strip(), tail.strip()) if colon else (DEFAULT_EDITION, head.strip())
    return (edition, number) if _NUMBER.fullmatch(number) else ("", "")


def edition_named(standard: str) -> str:
    """Return the edition of a standard as documents name it ("ISO 9001:2015"); empty for others."""
    found = _NAMED.fullmatch(standard.strip())
    return found.group(1) if found else ""


def declaration_locked(edition: Edition, guidances: Sequence[Guidance]) -> Decision:
    """Decide whether agencies may go by, and declare on, an edition.

    Source: Quyết định 19/2014/QĐ-TTg Điều 4: khi tiêu chuẩn được soát xét thì theo hướng dẫn của
    Bộ Khoa học và Công nghệ.
    """
    if edition.is_declarable or any(one.edition == edition.code for one in guidances):
        return ALLOWED
    return Refused(
        "edition_locked",
        f"Chưa công bố được theo {edition.name}: chưa ghi nhận văn bản hướng dẫn áp dụng của Bộ "
        "Khoa học và Công nghệ (Quyết định 19/2014/QĐ-TTg, Điều 4). Quản trị tỉnh ghi nhận văn bản "
        "ấy ở trang Tiêu chuẩn.",
        field="edition",
    )


def decide_choice(
    *, edition: str, target: str, before: str, since: date | None, decision: str, today: date
) -> Decision:
    """Decide whether an agency may go by one edition and make ready for another.

    A change of the edition in force needs its decision and its day.
    """
    if target and target <= edition:
        return Refused(
            "target_older", "Bản hướng tới phải mới hơn bản đang áp dụng.", field="target"
        )
    if edition != before and (since is None or not decision.strip()):
        return Refused(
            "decision_missing", "Ghi số quyết định và ngày bắt đầu áp dụng bản mới.",
            field="decision" if since else "since",
        )  # fmt: skip
    if since is not None and since > today:
        return Refused(
            "since_future", "Ngày bắt đầu áp dụng không được sau hôm nay.", field="since"
        )
    return ALLOWED


def decide_label(clause: Clause | None, label: str) -> Decision:
    """Decide whether a title may be set: only one that was not read in a source."""
    if clause is None:
        return Refused("clause_unknown", "Không có điều khoản này.", field="number")
    if clause.is_official:
        return Refused(
            "title_official", "Tiêu đề này đã đọc trong nguồn, không đặt lại được.", field="label"
        )
    if len(label.strip()) > 200:
        return Refused("label_long", "Tiêu đề dài nhất 200 chữ.", field="label")
    return ALLOWED
