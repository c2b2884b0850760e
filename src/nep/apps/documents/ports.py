"""What apps above lend to the library: page, text and readers of documents whose content they own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from nep.kernel.difference import Block

TextSource = Callable[[int, int], tuple[Block, ...]]
PageAddress = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class OwnPaper:
    """What the app that owns a document prints under its cover.

    `blocks` and `figures` are those of `foundation.printing.paper`; `changes` are (number, day,
    change) of revisions before this installation, `recipients` who had the paper before.
    `template` is the agency's own Word template; its tags are filled with `texts`, `tables` and,
    in the place of `figure_tag`, the figures.
    """

    blocks: tuple[Any, ...]
    figures: tuple[Any, ...] = ()
    changes: tuple[tuple[str, str, str], ...] = ()
    recipients: tuple[str, ...] = ()
    template: bytes | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, Sequence[Sequence[str | None]]] = field(default_factory=dict)
    figure_tag: str = ""


@dataclass(frozen=True, slots=True)
class ReaderNote:
    """Why a person reads a revision: what changes in their own work, in sentences, and where the
    whole difference stands."""

    words: tuple[str, ...]
    link: str = ""


ReaderSource = Callable[[int, int, date], Mapping[int, ReaderNote]]
_readers: dict[str, ReaderSource] = {}
PaperSource = Callable[[int, int], OwnPaper | None]
_papers: dict[str, PaperSource] = {}
_pages: dict[str, PageAddress] = {}
_texts: dict[str, TextSource] = {}


def register_page(kind: str, address: PageAddress) -> None:
    """Name the page of a kind of documents: f(revision_id) -> path."""
    _pages[kind] = address


def page_of(kind: str, revision_id: int) -> str:
    """Return the page of a revision in the app that owns its content, "" when none does."""
    address = _pages.get(kind)
    return address(revision_id) if address else ""


def register_text(kind: str, source: TextSource) -> None:
    """Name who writes the text of documents of a kind: f(revision_id, agency_id) -> blocks."""
    _texts[kind] = source


def text_of(kind: str, revision_id: int, agency_id: int) -> tuple[Block, ...]:
    """Return the text of a revision whose content another app owns, () when there is none."""
    source = _texts.get(kind)
    return source(revision_id, agency_id) if source else ()


def register_paper(kind: str, source: PaperSource) -> None:
    """Name who prints the documents of a kind: f(revision_id, agency_id) -> its paper."""
    _papers[kind] = source


def paper_of(kind: str, revision_id: int, agency_id: int) -> OwnPaper | None:
    """Return the paper of a revision whose content another app owns, None when there is none."""
    source = _papers.get(kind)
    return source(revision_id, agency_id) if source else None


def paper_kinds() -> tuple[str, ...]:
    """Return the kinds of documents that another app prints."""
    return tuple(sorted(_papers))


def register_readers(kind: str, source: ReaderSource) -> None:
    """Name who says whose work a revision changes: f(revision_id, agency_id, day) -> notes by
    person."""
    _readers[kind] = source


def readers_of(
    kind: str, revision_id: int, agency_id: int, today: date
) -> Mapping[int, ReaderNote]:
    """Return whose work a revision changes, nobody where no app tells."""
    source = _readers.get(kind)
    return source(revision_id, agency_id, today) if source else {}
