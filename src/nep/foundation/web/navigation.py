"""The menu: each app registers its places from `AppConfig.ready`; a person sees what is permitted."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from nep.foundation.web import access

WORK, ORDER, YEAR, PLAN, CHECK, WHOLE = "work", "order", "year", "plan", "check", "whole"
GROUPS: dict[str, str | Promise] = {
    WORK: _("Làm việc"),
    ORDER: _("Giữ nền nếp"),
    YEAR: _("Năm ISO"),
    PLAN: _("Hoạch định"),
    CHECK: _("Kiểm tra, cải tiến"),
    WHOLE: _("Nhìn toàn cục"),
}
_BY_LABEL = {"Làm việc": WORK, "Giữ nền nếp": ORDER, "Năm ISO": YEAR, "Nhìn toàn cục": WHOLE}
BOTTOM_PLACES = 4
Counter = Callable[[HttpRequest], int]


@dataclass(frozen=True, slots=True)
class NavItem:
    """One place of the menu. `late` counts what is overdue; only that number is ever painted."""

    group: str
    label: Any
    url_name: str
    icon: str
    permission: str
    order: int = 100
    short: Any = ""
    late: Counter | None = field(default=None, compare=False)
    under: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NavLink:
    """A place as the template draws it."""

    label: Any
    short: Any
    url: str
    icon: str
    is_here: bool
    late: int


@dataclass(frozen=True, slots=True)
class NavGroup:
    """A titled run of places."""

    title: Any
    links: tuple[NavLink, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """A registered place with what the address book says of it."""

    item: NavItem
    group: str
    url: str
    starts: tuple[str, ...]


_items: dict[str, NavItem] = {}


def register(item: NavItem) -> None:
    """Add a place; registering the same address again replaces it.

    `group` is a key of GROUPS (or the Vietnamese title of WORK, ORDER, YEAR, WHOLE); `under` names further path starts
    that belong to the place, besides its own.
    """
    if _BY_LABEL.get(str(item.group), item.group) not in GROUPS:
        raise ValueError(f"unknown menu group {item.group!r}")
    _items[item.url_name] = item
    _places.cache_clear()


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a menu follows from: where the words and addresses come from, the places permitted by
    their names, which of them the page belongs to, and the late count of each."""

    book: tuple[str | None, ...]
    names: tuple[str, ...]
    here: str
    late: tuple[int, ...]


def groups_for(request: HttpRequest) -> tuple[NavGroup, ...]:
    """Return the menu of the request's person, in order, without what is not permitted."""
    return groups_of(chosen_for(request))


def chosen_for(request: HttpRequest) -> Chosen:
    """Return what the menu of the request's person follows from."""
    actor = getattr(request, "actor", None)
    book = (get_urlconf(), get_script_prefix(), get_language())
    known = _places(tuple(_items), *book)
    allowed = [one for one in known if access.may(actor, one.item.permission)]
    here = _here(request.path, allowed)
    return Chosen(
        book,
        tuple([one.item.url_name for one in allowed]),
        here.item.url_name if here else "",
        tuple([one.item.late(request) if one.item.late else 0 for one in allowed]),
    )


def groups_of(chosen: Chosen) -> tuple[NavGroup, ...]:
    """Return a menu in its groups."""
    places = {one.item.url_name: one for one in _places(tuple(_items), *chosen.book)}
    found: dict[str, list[NavLink]] = {name: [] for name in GROUPS}
    for name, late in zip(chosen.names, chosen.late, strict=True):
        place = places[name]
        found[place.group].append(_link(place, is_here=name == chosen.here, late=late))
    return tuple(NavGroup(GROUPS[name], tuple(links)) for name, links in found.items() if links)


@lru_cache(maxsize=16)
def _places(
    names: tuple[str, ...], _urlconf: str | None, _prefix: str, _language: str | None
) -> tuple[_Place, ...]:
    """Return every place in the order of the menu; addresses and words are looked up once."""
    found = []
    items = (_items[name] for name in names)
    for item in sorted(items, key=lambda one: (one.order, str(one.label))):
        url = reverse(item.url_name)
        group = _BY_LABEL.get(str(item.group), item.group)
        found.append(_Place(item, group, url, (url, *item.under)))
    return tuple(found)


def _link(place: _Place, *, is_here: bool, late: int) -> NavLink:
    item = place.item
    return NavLink(
        label=item.label,
        short=item.short or item.label,
        url=place.url,
        icon=item.icon,
        is_here=is_here,
        late=late,
    )


def _here(path: str, places: Iterable[_Place]) -> _Place | None:
    """Return the place whose address is the longest start of the path."""
    best: tuple[int, _Place | None] = (0, None)
    for one in places:
        for start in one.starts:
            fits = path == start or (start != "/" and path.startswith(start.rstrip("/") + "/"))
            if fits and len(start) > best[0]:
                best = (len(start), one)
    return best[1]
