"""What stands on the page of a document: each use case adds its tab or its card here."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.utils.safestring import SafeString

if TYPE_CHECKING:
    from nep.apps.documents.queries import DocumentPage

Builder = Callable[[HttpRequest, "DocumentPage"], str]


@dataclass(frozen=True, slots=True)
class Panel:
    """One tab (`place="tab"`) or card beside (`place="side"`); an empty answer shows nothing."""

    key: str
    label: str
    place: str
    order: int
    build: Builder


@dataclass(frozen=True, slots=True)
class Shown:
    """A panel as the template draws it."""

    key: str
    label: str
    html: SafeString


_panels: dict[str, Panel] = {}


def add_panel(key: str, build: Builder, *, place: str, order: int, label: str = "") -> None:
    """Add a tab or a card; the same key again replaces it."""
    _panels[key] = Panel(key, label, place, order, build)


def panels(request: HttpRequest, page: "DocumentPage", *, place: str) -> tuple[Shown, ...]:
    """Build every panel of a place, in order, without the empty ones."""
    found = sorted(
        (one for one in _panels.values() if one.place == place), key=lambda one: one.order
    )
    built = ((one, one.build(request, page)) for one in found)
    return tuple(Shown(one.key, one.label, SafeString(html)) for one, html in built if html)
