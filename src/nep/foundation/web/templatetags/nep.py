"""The design's components as template tags; built into every template.

Nothing here writes a `style` attribute: widths are the classes h-N (share), u-N (percent used) and
at-N (place of a mark) of app.css, because the content security policy allows no inline style.
"""

import hashlib
import math
import secrets
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.contrib.staticfiles import finders
from django.forms import BoundField
from django.template import defaulttags
from django.template.base import Node, NodeList, Parser, Token
from django.templatetags.static import static
from django.urls import NoReverseMatch
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from nep.foundation.web.paths import path_of
from nep.foundation.web.prerendering import constant_tag
from nep.foundation.web.widgets import field_text
from nep.foundation.web.words import duration_text, moment_text
from nep.kernel import vietnamese

register = template.Library()
ASSETS = "nep/1/"

CHIPS = {
    "trong": ("clock", "Trong hạn"),
    "sap": ("hourglass", "Sắp đến hạn"),
    "qua": ("octagon-alert", "Quá hạn"),
    "tam": ("circle-pause", "Tạm dừng"),
    "cho": ("file-plus", "Chờ bổ sung"),
    "truoc": ("check-check", "Trước hạn"),
    "dung": ("circle-check", "Đúng hạn"),
    "tre": ("circle-x", "Xong, trễ hạn"),
    "ok": ("circle-check", ""),
}
FOLD_STATES = frozenset({"done", "now", "late", "pause", "next"})
SMALLEST_SHARE = 4


# Files, addresses and small marks


class AddressNode(defaulttags.URLNode):
    """Django's own `url`, whose addresses are put together from their shapes."""

    def render(self, context: template.Context) -> str:
        if self.kwargs:
            return super().render(context)
        given = [one.resolve(context) for one in self.args]
        try:
            path = path_of(self.view_name.resolve(context), *given)
        except NoReverseMatch:
            return super().render(context)  # says what is missing, or leaves the variable empty
        if self.asvar:
            context[self.asvar] = path
            return ""
        return conditional_escape(path) if context.autoescape else path


@register.tag
def url(parser: Parser, token: Token) -> AddressNode:
    """Return an address as Django's tag of this name does."""
    found = defaulttags.url(parser, token)
    return AddressNode(found.view_name, found.args, found.kwargs, found.asvar)


@register.simple_tag
@constant_tag
@cache
def asset(name: str) -> str:
    """Return the address of one of our static files, changing with its content."""
    return f"{static(ASSETS + name)}?v={_stamp(ASSETS + name)}"


@cache
def _stamp(path: str) -> str:
    found = finders.find(path)
    if not found:
        raise template.TemplateSyntaxError(f"no static file {path}")
    return hashlib.sha256(Path(str(found)).read_bytes()).hexdigest()[:10]


@register.simple_tag
@constant_tag
@lru_cache(maxsize=512, typed=True)
def icon(name: str, size: str = "") -> SafeString:
    """Draw an icon beside words; it says nothing by itself."""
    small = " i--sm" if size == "sm" else ""
    return format_html('<i class="i i-{}{}"></i>', name, small)


@register.simple_tag
def avatar(name: str, size: str = "") -> SafeString:
    """Draw a person's initials."""
    return _avatar(initials(name), " ava--sm" if size == "sm" else "")


@lru_cache(maxsize=2048, typed=True)
def _avatar(letters: str, kind: str) -> SafeString:
    return format_html('<span class="ava{}" aria-hidden="true">{}</span>', kind, letters)


@register.filter
def initials(name: str) -> str:
    """Return the first letters of the last two words: "Trần Thị Mai Lan" gives "ML"."""
    return "".join(word[0].upper() for word in str(name).split()[-2:])


# Deadlines


@register.simple_tag
def chip(
    state: str, text: str = "", word: str = "", pop_url: str = "", pop_id: str = ""
) -> SafeString:
    """Draw a deadline chip: icon, word, duration. With `pop_url` it opens the explanation.

    `pop_url` is loaded into the pop-over when it opens; without script the pop-over holds a link.
    `pop_id` opens a pop-over that the page already holds.
    """
    image, known = CHIPS[state]
    inner = format_html(
        '<i class="i i-{}"></i><span><b>{}</b>{}</span>',
        image,
        word or _(known),
        f" {text}" if text else "",
    )
    if not pop_url and not pop_id:
        return format_html('<span class="chip" data-s="{}">{}</span>', state, inner)
    target = pop_id or "p" + hashlib.sha256(pop_url.encode()).hexdigest()[:10]
    load = _loading(pop_url, target) if pop_url else ""
    button = format_html(
        '<button class="chip" type="button" data-s="{}" popovertarget="{}" title="{}"{}>{}'
        '<i class="i i-info q"></i></button>',
        state,
        target,
        _("Xem cách tính"),
        load,
        inner,
    )
    return button + _empty_popover(target, pop_url) if pop_url else button


def _loading(url: str, target: str) -> SafeString:
    return format_html(
        ' hx-get="{}" hx-target="#{}" hx-trigger="click once" hx-swap="innerHTML"', url, target
    )


def _empty_popover(target: str, url: str) -> SafeString:
    return format_html(
        '<div popover id="{}"><div class="pop"><a href="{}">{}</a></div></div>',
        target,
        url,
        _("Xem cách tính"),
    )


@register.simple_tag
def pleat(steps: Iterable[Any], size: str = "", label: str = "", numbered: bool = False) -> Any:
    """Draw the pleat: a fold per step, its width the planned minutes, its fill the percent used.

    `steps` holds (minutes, percent, state) or mappings with those names; state is done, now, late,
    pause or next. `size` is "", thin, md or lg; `label` is the sentence a screen reader says.
    """
    folds = [_fold_parts(step) for step in steps]
    longest = max((minutes for minutes, _percent, _state in folds), default=0)
    body = format_html_join(
        "",
        '<i data-p="{}" class="{}">{}</i>',
        (
            (state, _fold_class(minutes, percent, longest), _number(index, numbered))
            for index, (minutes, percent, state) in enumerate(folds, start=1)
        ),
    )
    kind = f" pleat--{size}" if size else ""
    role = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    return format_html('<div class="pleat{}" {}>{}</div>', kind, mark_safe(role), body)  # noqa: S308


def _fold_parts(step: Any) -> tuple[float, float, str]:
    if isinstance(step, Mapping):
        minutes, percent, state = step.get("minutes"), step.get("percent"), step.get("state")
    else:
        minutes, percent, state = step
    return float(minutes or 0), float(percent or 0), state if state in FOLD_STATES else "next"


def _fold_class(minutes: float, percent: float, longest: float) -> str:
    share = max(SMALLEST_SHARE, round(100 * minutes / longest)) if longest else 1
    used = min(100, round(percent))
    return f"h-{share} u-{used}" if used > 0 else f"h-{share}"


def _number(index: int, numbered: bool) -> SafeString:
    return format_html("<b>{}</b>", index) if numbered else SafeString("")


@register.simple_tag
def bar(percent: float, target: float | None = None, label: str = "") -> SafeString:
    """Draw a thin bar from 0 to 100 %, with a mark at the target."""
    used = max(0, min(100, round(percent)))
    fill = format_html('<i class="u-{}"></i>', used) if used else ""
    mark = format_html('<u class="at-{}"></u>', max(5, 5 * round(target / 5))) if target else ""
    role = format_html(' role="img" aria-label="{}"', label) if label else ""
    return format_html('<span class="hbar"{}>{}{}</span>', role, fill, mark)


@register.filter
def u(percent: float) -> str:
    """Return the class that fills an element to a percent."""
    used = max(0, min(100, round(float(percent or 0))))
    return f"u-{used}" if used else ""


@register.filter
def h(share: float) -> str:
    """Return the class that gives an element its share of a row, 1 to 100."""
    return f"h-{max(1, min(100, math.ceil(float(share or 0))))}"


# Dates, durations, numbers


@register.simple_tag(takes_context=True)
def dt(context: Mapping[str, Any], value: datetime | date | None, weekday: bool = True) -> str:
    """Write a moment as deadlines are written: "17:30 thứ Tư, 09/12"; "hôm nay" when it is."""
    return moment_text(value, now=context.get("now"), weekday=weekday) if value else ""


@register.filter(name="dt")
def dt_filter(value: datetime | date | None) -> str:
    """Write a moment in full: "17:30 ngày 05/01/2026"; a day as "05/01/2026"."""
    if not value:
        return ""
    if isinstance(value, datetime):
        return vietnamese.datetime_text(value)
    return vietnamese.date_text(value)


@register.filter
def date_vn(value: datetime | date | None) -> str:
    """Write a day: "05/01/2026"."""
    if not value:
        return ""
    day = vietnamese.local(value).date() if isinstance(value, datetime) else value
    return vietnamese.date_text(day)


@register.filter
def day_month(value: datetime | date | None) -> str:
    """Write a day within the current year: "05/01"."""
    return date_vn(value)[:5]


@register.filter
def date_long(value: datetime | date | None) -> str:
    """Write a day as administrative texts do: "ngày 05 tháng 02 năm 2026"."""
    if not value:
        return ""
    day = vietnamese.local(value).date() if isinstance(value, datetime) else value
    return vietnamese.date_long(day)


@register.filter
def time_vn(value: datetime | None) -> str:
    """Write an hour: "17:30"."""
    return vietnamese.time_text(value) if value else ""


@register.filter
def weekday(value: datetime | date | None) -> str:
    """Write "thứ Hai" … "Chủ nhật"."""
    if not value:
        return ""
    day = vietnamese.local(value).date() if isinstance(value, datetime) else value
    return vietnamese.weekday_name(day)


@register.filter
def iso(value: datetime | date | None) -> str:
    """Write a moment for the `datetime` attribute of `<time>`."""
    if isinstance(value, datetime):
        return vietnamese.local(value).isoformat(timespec="minutes")
    return value.isoformat() if value else ""


@register.simple_tag
def duration(minutes: float | None, full: bool = False, day: int = 480) -> str:
    """Write working minutes: "45 phút", "5 giờ", "1 ngày 2 giờ"; `full` keeps the minutes."""
    return "" if minutes is None else duration_text(minutes, full=full, day=day)


@register.filter(name="duration")
def duration_filter(minutes: float | None) -> str:
    """Do as the tag of this name."""
    return "" if minutes is None else duration_text(minutes)


@register.filter
def number(value: Decimal | int | float | None, places: int | None = None) -> str:
    """Write a number with a decimal comma: "1.234,5"."""
    return "" if value is None else vietnamese.number_text(value, places=places)


@register.filter
def percent(value: float | None, places: int = 1) -> str:
    """Write a share of one hundred: "98,4%"."""
    if value is None:
        return ""
    text = vietnamese.number_text(float(value), places=places)
    return f"{text.removesuffix(',' + '0' * places)}%"


# Forms


@register.simple_tag
def field(bound: BoundField, css: str = "", hint: str = "", source: str = "") -> SafeString:
    """Draw one field: label, control, then the error or, without one, the hint.

    `source` names where a value came from; the control is then read-only and dashed.
    """
    return field_text(bound, css=css, hint=hint, source=source)


@register.simple_tag
def form_errors(form: Any) -> SafeString | str:
    """Draw what is wrong with the whole form."""
    errors = form.non_field_errors()
    if not errors:
        return ""
    return format_html(
        '<div class="note note--late errs" role="alert">{}<div>{}</div></div>',
        icon("octagon-alert"),
        format_html_join("", "<p>{}</p>", ((error,) for error in errors)),
    )


@register.simple_tag
def idempotency() -> SafeString:
    """Write the key that makes a repeated post answer as the first did (see `once`)."""
    return format_html('<input type="hidden" name="_once" value="{}">', secrets.token_urlsafe(18))


@register.simple_tag
def options(choices: Iterable[tuple[Any, Any]], chosen: Any = "") -> SafeString:
    """Write the options of a list of (value, name), the chosen one marked."""
    return mark_safe(  # noqa: S308  # every part is escaped
        "".join(
            f'<option value="{_escaped(value)}"{" selected" if value == chosen else ""}>'
            f"{_escaped(name)}</option>"
            for value, name in choices
        )
    )


def _escaped(value: Any) -> str:
    return str(conditional_escape(value))


# Blocks


@register.inclusion_tag("web/empty.html")
def empty(title: str, text: str = "", url: str = "", label: str = "") -> dict[str, str]:
    """Draw an empty state: what it is, what comes next, one button."""
    return {"title": title, "text": text, "url": url, "label": label}


@register.inclusion_tag("web/stat.html")
def stat(
    label: str, value: Any, detail: str = "", icon: str = "", url: str = "", unit: str = ""
) -> dict[str, Any]:
    """Draw a figure with its comparison or cause; with `url` it opens its rows."""
    return locals()


@register.inclusion_tag("web/pagination.html")
def pagination(page: Any) -> dict[str, Any]:
    """Draw keyset paging: `page` has text, previous_url and next_url (empty where there is none)."""
    return {"page": page}


@register.simple_block_tag
def note(content: str, kind: str = "", icon: str = "info") -> SafeString:
    """Draw a note: kind is "", ok, due or late."""
    css = f" note--{kind}" if kind else ""
    return format_html(
        '<div class="note{}"><i class="i i-{}"></i><div>{}</div></div>',
        css,
        icon,
        content,
    )


@register.simple_block_tag
def sheet(content: str, title: str = "", id: str = "", aside: str = "") -> SafeString:
    """Draw a sheet with a heading."""
    name = id or "s" + hashlib.sha256(title.encode()).hexdigest()[:8]
    right = format_html('<span class="push mut">{}</span>', aside) if aside else ""
    head = (
        format_html('<div class="h-row"><h2 id="{}-h">{}</h2>{}</div>', name, title, right)
        if title
        else ""
    )
    label = format_html(' aria-labelledby="{}-h"', name) if title else ""
    return format_html(
        '<section class="sheet" id="{}"{}><div class="pad">{}{}</div></section>',
        name,
        label,
        head,
        content,
    )


@register.simple_block_tag
def dialog(content: str, id: str, title: str, is_open: bool = False) -> SafeString:
    """Draw a dialog; a button with data-dialog="id" opens it, data-close shuts it."""
    return format_html(
        '<dialog id="{id}" aria-labelledby="{id}-h"{is_open}><header><h2 id="{id}-h">{title}</h2>'
        '<button class="btn btn--ic btn--sm btn--t" type="button" data-close aria-label="{shut}">'
        '<i class="i i-x"></i></button></header>{content}</dialog>',
        id=id,
        is_open=SafeString(" data-open") if is_open else "",
        title=title,
        shut=_("Đóng"),
        content=content,
    )


class ColumnsNode(Node):
    """The page's content, with a side column when the side has anything to say."""

    child_nodelists = ("content", "side")

    def __init__(self, content: NodeList, side: NodeList) -> None:
        self.content = content
        self.side = side

    def render(self, context: template.Context) -> str:
        content, side = self.content.render(context), self.side.render(context).strip()
        if not side:
            return content
        if not side.startswith("<aside"):
            side = SafeString(f'<aside class="side stick">{side}</aside>')
        return SafeString(f'<div class="cols cols--aside"><div>{content}</div>{side}</div>')


@register.tag
def columns(parser: Parser, token: Token) -> ColumnsNode:
    """Lay out `{% columns %}content{% beside %}side{% endcolumns %}`."""
    content = parser.parse(("beside",))
    parser.delete_first_token()
    side = parser.parse(("endcolumns",))
    parser.delete_first_token()
    return ColumnsNode(content, side)
