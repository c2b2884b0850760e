"""Codes: how an agency writes them, which comes next, who holds or held one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from nep.apps.documents import rules
from nep.apps.documents.models import CodeMask, Document
from nep.apps.documents.queries._access import visible
from nep.apps.organization.rules import Actor
from nep.foundation.numbering.queries import books
from nep.kernel.codes import asks_parent, render_code

_AHEAD = 60


@dataclass(frozen=True, slots=True)
class MaskLine:
    """The mask of a kind with the code it would give; `version` 0 is the usual one, unsaved."""

    kind: str
    mask: str
    example: str
    version: int

    @property
    def kind_name(self) -> str:
        """Return the kind in words."""
        return rules.KIND_NAMES[self.kind]


@dataclass(frozen=True, slots=True)
class CodeHolder:
    """The document that has or had a code."""

    id: int
    code: str
    title: str
    kind: str
    status: str


def mask_of(*, agency_id: int, kind: str) -> str:
    """Return how an agency writes the codes of a kind."""
    row = CodeMask.objects.filter(agency_id=agency_id, kind=kind).first()
    return row.mask if row else rules.DEFAULT_MASKS[kind]


def mask_lines(*, agency_id: int, agency_code: str, on: date) -> tuple[MaskLine, ...]:
    """Return the mask of every kind with an example."""
    known = {row.kind: row for row in CodeMask.objects.filter(agency_id=agency_id)}
    return tuple(
        MaskLine(
            kind,
            mask := known[kind].mask if kind in known else rules.DEFAULT_MASKS[kind],
            code_of(mask, kind=kind, agency_code=agency_code, on=on, seq=1, parent="QT-05"),
            known[kind].version if kind in known else 0,
        )
        for kind in rules.KIND_NAMES
    )


def code_of(mask: str, *, kind: str, agency_code: str, on: date, seq: int, parent: str = "") -> str:
    """Return the code a mask gives for a sequence number."""
    short = rules.KIND_SHORTS[kind]
    return render_code(mask, agency=agency_code, on=on, seq=seq, kind=short, parent=parent)


def book_of(mask: str, *, kind: str, parent_id: int | None, on: date) -> tuple[str, int]:
    """Return the numbering book of a mask and its year: one below each parent when it names one."""
    name = f"document:{kind}:{parent_id}" if asks_parent(mask) else f"document:{kind}"
    return name, on.year if "{yy" in mask else 0


def code_proposal(
    *, agency_id: int, agency_code: str, kind: str, parent_id: int | None, on: date
) -> str:
    """Return the code the next document of a kind would get; "" when it needs a parent first.

    A proposal holds nothing: the code is taken when the document is made.
    """
    mask = mask_of(agency_id=agency_id, kind=kind)
    parent = code_by_id(agency_id=agency_id, document_id=parent_id) if parent_id else ""
    if asks_parent(mask) and not parent:
        return ""
    name, year = book_of(mask, kind=kind, parent_id=parent_id, on=on)
    last = next((n for book, of, n in books(agency_id=agency_id) if (book, of) == (name, year)), 0)
    codes = [
        code_of(mask, kind=kind, agency_code=agency_code, on=on, seq=seq, parent=parent)
        for seq in range(last + 1, last + 1 + _AHEAD)
    ]
    taken = keys_taken(agency_id=agency_id, codes=codes)
    return next((code for code in codes if rules.code_key(code) not in taken), "")


def keys_taken(*, agency_id: int, codes: Iterable[str]) -> frozenset[str]:
    """Return which of the codes' keys a document has or had."""
    keys = [rules.code_key(code) for code in codes]
    rows = Document.objects.filter(agency_id=agency_id, code_key__in=keys)
    return frozenset(rows.values_list("code_key", flat=True))


def code_by_id(*, agency_id: int, document_id: int) -> str:
    """Return the code of a document of the agency, "" when there is none."""
    row = Document.objects.filter(agency_id=agency_id, pk=document_id).values_list("code").first()
    return row[0] if row else ""


def code_holder(*, agency_id: int, code: str) -> CodeHolder | None:
    """Return the document that has or had a code, whatever its blanks and capitals."""
    row = Document.objects.filter(agency_id=agency_id, code_key=rules.code_key(code)).first()
    return CodeHolder(row.pk, row.code, row.title, row.kind, row.status) if row else None


def document_id_by_code(*, actor: Actor, code: str) -> int | None:
    """Return the document with a code that the actor may see, or None."""
    key = rules.code_key(code)
    row = Document.objects.filter(visible(actor), code_key=key).values_list("pk").first()
    return row[0] if row else None
