"""What apps above lend to the library: the pages of the documents whose content they own."""

from collections.abc import Callable

PageAddress = Callable[[int], str]
_pages: dict[str, PageAddress] = {}


def register_page(kind: str, address: PageAddress) -> None:
    """Name the page of a kind of documents: f(revision_id) -> path."""
    _pages[kind] = address


def page_of(kind: str, revision_id: int) -> str:
    """Return the page of a revision in the app that owns its content, "" when none does."""
    address = _pages.get(kind)
    return address(revision_id) if address else ""
