"""Lines of the lists, drawn as text: fifty of them cost less than their template did.

The same marks as the components `chip` and `pleat`; a test holds them equal. Every text of a person
is escaped here.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from nep.apps.work.queries import ListedItem, WorkRow
from nep.foundation.web.templatetags.nep import CHIPS, FOLD_STATES, SMALLEST_SHARE

_LONG = 44


def chip_text(state: str, text: str, url: str) -> str:
    """Return the chip of a due date with its explanation, as the component draws it."""
    return _chip_drawer()(state, text, url)


def _chip_drawer() -> Callable[[str, str, str], str]:
    """Return what draws chips, its words looked up once for all lines."""
    see = escape(_("Xem cách tính"))
    fronts = {
        state: f'<i class="i i-{image}"></i><span><b>{escape(_(known))}</b>'
        for state, (image, known) in CHIPS.items()
    }

    def draw(state: str, text: str, url: str) -> str:
        href = escape(url)
        target = "p" + hashlib.sha256(url.encode()).hexdigest()[:10]
        more = f" {escape(text)}" if text else ""
        return (
            f'<button class="chip" type="button" data-s="{state}" popovertarget="{target}" '
            f'title="{see}" hx-get="{href}" hx-target="#{target}" hx-trigger="click once" '
            f'hx-swap="innerHTML">{fronts[state]}{more}</span>'
            f'<i class="i i-info q"></i></button><div popover id="{target}">'
            f'<div class="pop"><a href="{href}">{see}</a></div></div>'
        )

    return draw


def pleat_text(steps: Sequence[tuple[int, int, str]], label: str) -> str:
    """Return the pleat of a row, as the component draws it."""
    longest = max((minutes for minutes, _percent, _state in steps), default=0)
    folds = []
    for minutes, percent, state in steps:
        share = max(SMALLEST_SHARE, round(100 * minutes / longest)) if longest else 1
        used = min(100, round(percent))
        fill = f" u-{used}" if used > 0 else ""
        known = state if state in FOLD_STATES else "next"
        folds.append(f'<i data-p="{known}" class="h-{share}{fill}"></i>')
    role = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return f'<div class="pleat" {role}>{"".join(folds)}</div>'


def _urgent() -> str:
    words = escape(_("Khẩn"))
    mark = '<i class="i i-octagon-alert i--sm"></i>'
    return f' <span class="tag tag--urgent">{mark} {words}</span>'


def table_rows(lines: Iterable[ListedItem], *, may_assign: bool, next_url: str) -> SafeString:
    """Return the lines of a filtered list, and the button that asks for the next fifty."""
    nobody, urgent = escape(_("Chưa ai nhận")), _urgent()
    undated = f'<span class="mut">{escape(_("Không đặt hạn"))}</span>'
    holder_l, step_l, due_l = escape(_("Người giữ")), escape(_("Bước")), escape(_("Hạn"))
    choose, draw_chip, parts = escape(_("Chọn")), _chip_drawer(), []
    for line in lines:
        row = line.row
        title, code = escape(row.title), escape(row.source_code)
        mark = (
            f'<td><input class="mark" type="checkbox" name="viec" value="{row.id}" '
            f'aria-label="{choose} {title} {code}"></td>'
            if may_assign
            else ""
        )
        unit = f"<small>{escape(line.unit)}</small>" if line.unit else ""
        used = f"<small>{escape(row.used_text)}</small>" if row.used_text else ""
        due = f"<small>{escape(row.due_text)}</small>" if row.due_text else ""
        named = f'<span class="code">{code}</span> · ' if code else ""
        has_due = row.due_at is not None or row.state == "tam"
        chip = draw_chip(row.state, row.state_text, row.explain_url) if has_due else ""
        parts.append(
            f'<tr data-row="{row.id}">{mark}<td><a class="b" href="{escape(row.link)}">{title}</a>'
            f"{urgent if row.urgent else ''}<small>"
            f"{named}{escape(row.detail)}</small></td>"
            f'<td data-l="{holder_l}">{escape(line.holder) or nobody}{unit}</td>'
            f'<td data-l="{step_l}">{escape(row.step_label)}{used}</td>'
            f'<td data-l="{due_l}">{chip or undated}{due}</td></tr>'
        )
    if next_url:
        url = escape(next_url)
        parts.append(
            f'<tr><td colspan="5"><a class="btn btn--sm" href="{url}" hx-get="{url}" '
            f'hx-target="closest tr" hx-swap="outerHTML">{escape(_("Xem 50 việc tiếp theo"))}</a>'
            "</td></tr>"
        )
    return mark_safe("".join(parts))  # noqa: S308


def job_rows(rows: Iterable[WorkRow]) -> SafeString:
    """Return the lines of one group of "Việc của tôi"."""
    give, urgent = escape(_("Bàn giao")), _urgent()
    icon = '<i class="i i-users i--sm"></i>'
    place = reverse("work:hand_over", args=[0])
    draw_chip, parts = _chip_drawer(), []
    for row in rows:
        title, code, detail = escape(row.title), escape(row.source_code), escape(row.detail)
        hint = f' title="{detail}"' if len(row.detail) > _LONG else ""
        what = f'<span class="what"{hint}>{detail}</span>' if detail else ""
        who = f"<b>{escape(row.acting)}</b> · " if row.acting else ""
        who += f'<span class="code">{code}</span>' if code else ""
        if row.note:
            who += f"{' · ' if code else ''}{escape(row.note)}"
        small = escape(row.step_label)
        if row.used_text:
            small += f"{' · ' if small else ''}{escape(row.used_text)}"
        has_due = row.due_at is not None or row.state == "tam"
        chip = draw_chip(row.state, row.state_text, row.explain_url) if has_due else ""
        due = f"<small>{escape(row.due_text)}</small>" if row.due_text else ""
        url = place.replace("/0/", f"/{row.id}/")
        parts.append(
            f'<li class="job" data-row="{row.id}" data-k="{escape(row.kind)}"><div>'
            f'<a class="tt" id="v-{row.id}" href="{escape(row.link)}">{title}</a>'
            f"{urgent if row.urgent else ''}{what}"
            f'<span class="who">{who}</span></div><div class="prog">'
            f"{pleat_text(row.pleat, row.pleat_label) if row.pleat else ''}<small>{small}</small></div>"
            f'<div class="due"><div class="when">{chip}{due}</div>'
            f'<a class="act btn btn--t btn--ic btn--sm" href="{url}" hx-get="{url}" '
            f'hx-target="#hop" title="{give}" aria-label="{give} {code or title}">{icon}</a></div></li>'
        )
    return mark_safe("".join(parts))  # noqa: S308
