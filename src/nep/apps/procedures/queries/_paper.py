"""The words of a procedure's paper as its page shows them."""

from collections.abc import Mapping
from dataclasses import dataclass

from nep.apps.procedures.queries._printed import section_words
from nep.apps.procedures.queries._procedures import ProcedurePage
from nep.apps.procedures.rules.paper import PARTS, ROW, SECTIONS, TYPED, SectionHead
from nep.apps.procedures.rules.printing import amount_said
from nep.apps.procedures.rules.wording import copies_text

_HINTS = {
    "definitions": "Mỗi dòng một mục, bắt đầu bằng “- ”: - UBND | Ủy ban nhân dân",
    "forms": "Mỗi dòng một biểu mẫu, bắt đầu bằng “- ”: - Mẫu số 01 | Tên biểu mẫu",
    "records": "Mỗi dòng một loại hồ sơ, bắt đầu bằng “- ”; dòng khác in thành đoạn văn.",
}


@dataclass(frozen=True, slots=True)
class SectionView:
    """One section: its head, what is written, what is printed while nothing is written."""

    head: SectionHead
    text: str
    printed: str
    hint: str
    is_typed: bool

    @property
    def rows(self) -> int:
        """Return how high its field is."""
        return min(14, max(2, self.text.count("\n") + 1 + len(self.text) // 110))

    @property
    def lines(self) -> tuple[tuple[bool, str], ...]:
        """Return what is printed: (is a row of a list, text) each."""
        return tuple(
            (one.startswith(ROW), one.removeprefix(ROW).replace(" | ", " – "))
            for one in self.printed.split("\n")
            if one
        )


@dataclass(frozen=True, slots=True)
class PaperView:
    """Everything the page of the paper shows."""

    sections: tuple[SectionView, ...]
    recipients: str
    changes: str
    signers: tuple[tuple[str, str, str], ...]

    @property
    def recipient_lines(self) -> tuple[str, ...]:
        """Return the places of the distribution list."""
        return tuple(line.partition(" | ")[0] for line in self.recipients.split("\n") if line)

    @property
    def change_rows(self) -> tuple[list[str], ...]:
        """Return the rows of the revision sheet from before."""
        return tuple(line.split(" | ") for line in self.changes.split("\n") if line)


def paper_view(page: ProcedurePage, *, typed: Mapping[str, str]) -> PaperView:
    """Return the paper of a revision; what was typed and refused stands in place of what is kept."""
    paper = page.draft.paper
    words = section_words(page.draft, page.tthc, title=page.revision.title)
    words["papers"] = "\n".join(
        f"{ROW}{one.name} | {copies_text(one.originals, one.copies)}".removesuffix(" | ")
        for one in page.tthc.papers
    ) or paper.text("papers")
    words["time"] = words["time"] or amount_said(page.draft.limit_amount, page.draft.limit_unit)
    sections = tuple(
        SectionView(
            head, typed.get(head.key, paper.text(head.key)), words.get(head.key, ""),
            _HINTS.get(head.key, ""), head.key in TYPED,
        )
        for head in SECTIONS
    )  # fmt: skip
    signers = ((part, *one) for part, one in zip(PARTS, paper.signers, strict=False))
    return PaperView(
        sections,
        typed.get("recipients", _sheet(paper.recipients)),
        typed.get("changes", _sheet(paper.changes)),
        tuple((part, name, post) for part, name, post in signers if name),
    )


def _sheet(rows: tuple[tuple[str, ...], ...]) -> str:
    return "\n".join(" | ".join(row).rstrip(" |") for row in rows)
