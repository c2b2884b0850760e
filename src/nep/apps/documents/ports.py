"""What apps above lend to the library: page and text of the documents whose content they own."""

from collections.abc import Callable

from nep.kernel.difference import Block

TextSource = Callable[[int, int], tuple[Block, ...]]
PageAddress = Callable[[int], str]
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
