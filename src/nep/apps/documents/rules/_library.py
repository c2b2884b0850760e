"""What is said about a document as a whole: its clauses, its tags, its code, who may change it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from nep.apps.documents.rules._kinds import INTERNAL, KIND_NAMES, STANDARDS, clause_order
from nep.apps.documents.rules._life import code_key
from nep.apps.organization.rules import Actor, may
from nep.kernel.decisions import ALLOWED, Decision, Refused
from nep.kernel.errors import Refusal
from nep.kernel.text import clean, fold

MOST_TAGS, MOST_CLAUSES = 20, 60
CODE_FORM = re.compile(r"[^\s<>\"'{}|\\^`]([^<>\"'{}|\\^`]*[^\s<>\"'{}|\\^`])?")
_CLAUSE = re.compile(r"(?:[A-Z]\.)?\d{1,2}(?:\.\d{1,2}){0,4}(?:\s?[a-zđ]\))?")
_WORDS_BEFORE = re.compile(r"\b(điều khoản|điều|khoản|mục|clause)\b", re.IGNORECASE)
_STANDARD_NUMBER = re.compile(r"(\d{4,5})(?:[-:](\d{4}))?")


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What a person states about a document; `code` empty asks for the next of the mask."""

    kind: str
    title: str
    code: str = ""
    parent_id: int | None = None
    owner_unit_id: int | None = None
    level: str = INTERNAL
    tags: tuple[str, ...] = ()
    clauses: tuple[tuple[str, str], ...] = ()


def decide_change(
    actor: Actor, *, owner_unit_id: int | None, author_ids: frozenset[int]
) -> Decision:
    """Decide whether a person may change what is said about a document, or give its draft a file.

    Managers may, the owner unit and its authors, those who may draft.
    """
    if may(actor, "document.manage"):
        return ALLOWED
    drafts = may(actor, "document.draft")
    if not drafts:
        return drafts
    if owner_unit_id in actor.unit_ids or actor.person_id in author_ids:
        return ALLOWED
    return Refused(
        "document_of_another_unit",
        "Tài liệu này do đơn vị khác giữ. Hãy đề nghị đơn vị đó hoặc thư ký ISO sửa.",
    )


def decide_code_form(code: str) -> Decision:
    """Decide whether a code typed by hand can be written on paper and in a file name."""
    if not code:
        return Refused("code_missing", "Hãy ghi mã hiệu của tài liệu.", field="code")
    if len(code) > 60 or not CODE_FORM.fullmatch(code) or not code_key(code):
        return Refused(
            "code_form",
            f"Mã hiệu “{code[:60]}” có ký tự không dùng được hoặc dài hơn 60 ký tự. "
            "Hãy dùng chữ, số, dấu gạch ngang, dấu chấm, dấu gạch chéo.",
            field="code",
        )
    return ALLOWED


def code_taken(code: str, *, holder_code: str, title: str, kind: str, status_name: str) -> Refused:
    """Return the refusal of a code that another document has or had; a dead code stays dead.

    Source: ISO 9001:2015 điều 7.5.2 a), 7.5.3.2 (nhận biết; ngăn dùng nhầm tài liệu lỗi thời).
    """
    name = f"{KIND_NAMES.get(kind, 'tài liệu').lower()} “{title}” ({status_name.lower()})"
    same = f"Mã hiệu {code}" if holder_code == code else f"Mã hiệu {code} (trùng {holder_code})"
    return Refused(
        "code_taken",
        f"{same} đã thuộc {name}. Mã đã dùng không được cấp lại; hãy chọn mã khác.",
        "ISO 9001:2015, điều 7.5.3.2",
        field="code",
    )


def read_tags(text: str) -> tuple[str, ...]:
    """Return the tags of a line such as "an toàn; bức xạ", each once, in their order."""
    found: dict[str, str] = {}
    for part in re.split(r"[,;\n]", text):
        tag = clean(part.replace("#", " ").replace("|", " "))[:40]
        if tag:
            found.setdefault(fold(tag), tag)
    return tuple(list(found.values())[:MOST_TAGS])


def standard_name(text: str) -> str:
    """Return the full name of a standard written short ("9001" → "ISO 9001:2015")."""
    shown = clean(text).strip(" :;,-–")[:30]
    number = _STANDARD_NUMBER.search(shown)
    if number is None:
        return ""
    for known in STANDARDS:
        name, _, year = known.partition(":")
        if number.group(1) in name and number.group(2) in (None, year):
            return known
    return shown if re.search(r"[A-Za-z]", shown) else ""


def read_clauses(text: str) -> tuple[tuple[str, str], ...]:
    """Return (standard, clause) of lines such as "ISO 9001:2015: 7.5.2; 7.5.3".

    A line without clauses means the standard as a whole; a standard that stands as a whole and
    in clauses keeps its clauses only. Raises Refusal("clause_unread") at the line that cannot be
    read.
    """
    found: dict[str, set[str]] = {}
    for line in text.replace("|", "\n").splitlines():
        shown = clean(line)
        if not shown:
            continue
        head = re.match(r"^(.*?\d{4,5}(?:\s?[:\-]\s?\d{4})?)(?=$|[^\d])(.*)$", shown)
        standard = standard_name(head.group(1)) if head else ""
        if not head or not standard:
            raise _unread(shown)
        rest = _WORDS_BEFORE.sub(" ", head.group(2)).strip(" :;,–-")
        clauses = {clean(part) for part in re.split(r"[,;]", rest) if part.strip()}
        if any(not _CLAUSE.fullmatch(one) for one in clauses):
            raise _unread(shown)
        found.setdefault(standard, set()).update(clauses)
    pairs = [
        (standard, clause)
        for standard, clauses in found.items()
        for clause in sorted(clauses, key=lambda one: (clause_order(one), one)) or [""]
    ]
    return tuple(pairs[:MOST_CLAUSES])


def with_clause(text: str, more: str) -> str:
    """Return the lines of `read_clauses` with one more: "ISO 9001:2015: 7.5.2", or "7.5.2" alone,
    which belongs to the first standard known."""
    shown = clean(more)
    line = f"{STANDARDS[0]}: {shown}" if _CLAUSE.fullmatch(shown) else shown
    return f"{text.rstrip()}\n{line}".strip()


def _unread(line: str) -> Refusal:
    return Refusal(
        "clause_unread",
        f"Chưa đọc được dòng “{line[:80]}”. Hãy ghi như “ISO 9001:2015: 7.5.2; 7.5.3”, mỗi tiêu "
        "chuẩn một dòng.",
        field="clauses",
    )


def clauses_text(pairs: Iterable[tuple[str, str]]) -> str:
    """Return (standard, clause) pairs as the lines that `read_clauses` reads."""
    found: dict[str, list[str]] = {}
    for standard, clause in pairs:
        found.setdefault(standard, [])
        if clause:
            found[standard].append(clause)
    return "\n".join(
        f"{standard}: {'; '.join(clauses)}" if clauses else standard
        for standard, clauses in found.items()
    )
