"""The menu as text: side rail, bar at the bottom of a phone, and what that bar leaves out.

Every page carries it, and for one role it hardly ever changes; so it is drawn once for the places
permitted, the place of the page and the late counts, and kept.
"""

from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpRequest
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from nep.foundation.web import hooks, navigation
from nep.foundation.web.navigation import NavGroup, NavLink
from nep.foundation.web.templatetags.nep import icon

HERE, NOTHING = SafeString(' aria-current="page"'), SafeString("")


@dataclass(frozen=True, slots=True)
class Menu:
    """The three drawings of a menu."""

    rail: SafeString = NOTHING
    bottom: SafeString = NOTHING
    further: SafeString = NOTHING


def menu_for(request: HttpRequest) -> Menu:
    """Return the drawings of the menu of the request's person."""
    return _drawn(navigation.chosen_for(request))


def account_menu(links: tuple[hooks.AccountLink, ...]) -> SafeString:
    """Return the drawing of the account's own places."""
    return _account((get_urlconf(), get_script_prefix(), get_language()), links)


@lru_cache(maxsize=64)
def _account(_book: tuple[str | None, ...], links: tuple[hooks.AccountLink, ...]) -> SafeString:
    return format_html_join(
        "",
        '<a href="{}">{}<span>{}</span></a>',
        ((reverse(link.url_name), icon(link.icon), link.label) for link in links),
    )


@lru_cache(maxsize=512)
def _drawn(chosen: navigation.Chosen) -> Menu:
    groups = navigation.groups_of(chosen)
    links = [link for group in groups for link in group.links]
    first = links[: navigation.BOTTOM_PLACES]
    return Menu(
        rail=format_html_join("", "{}", ((_group(one),) for one in groups)),
        bottom=format_html_join("", "{}", ((_at_the_bottom(one),) for one in first)),
        further=format_html_join("", "{}", ((_rest(one, first),) for one in groups)),
    )


def _group(group: NavGroup) -> SafeString:
    links = format_html_join("", "{}", ((_in_the_rail(link),) for link in group.links))
    return format_html("<div><p>{}</p>{}</div>", group.title, links)


def _in_the_rail(link: NavLink) -> SafeString:
    late = (
        format_html('<span class="cnt cnt--late">{} {}</span>', link.late, _("trễ"))
        if link.late
        else NOTHING
    )
    return format_html(
        '<a href="{}"{}>{}<span>{}</span>{}</a>',
        link.url, HERE if link.is_here else NOTHING, icon(link.icon), link.label, late,
    )  # fmt: skip


def _rest(group: NavGroup, first: list[NavLink]) -> SafeString:
    """Draw what the bar of a phone leaves out of a group, under the group's name."""
    links = [one for one in group.links if one not in first]
    if not links:
        return NOTHING
    drawn = format_html_join(
        "", '<a href="{}">{}{}</a>', ((one.url, icon(one.icon), one.label) for one in links)
    )
    return format_html("<p>{}</p>{}", group.title, drawn)


def _at_the_bottom(link: NavLink) -> SafeString:
    late = (
        format_html(
            '<span class="dot" aria-label="{} {}">{}</span>',
            link.late,
            _("việc quá hạn"),
            link.late,
        )
        if link.late
        else NOTHING
    )
    return format_html(
        '<a href="{}"{}>{}{}{}</a>',
        link.url, HERE if link.is_here else NOTHING, icon(link.icon), link.short, late,
    )  # fmt: skip
