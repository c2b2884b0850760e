"""Cells of tables of figures: a page has thousands, so they are written in one go."""

from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from nep.apps.oversight.views._table import Number, Row

register = template.Library()
LONG = 30


@register.simple_tag
def cells(row: Row) -> SafeString:
    """Return the cells of a row; a figure that opens nothing is muted."""
    return mark_safe("".join(map(_cell, row.cells)))  # noqa: S308  # every text is escaped


def _cell(cell: Number) -> str:
    css = "right num"
    if cell.is_words:
        css = "words words--long" if len(cell.text) > LONG else "words"
    text = escape(cell.text)
    if cell.url:
        return f'<td class="{css}"><a href="{escape(cell.url)}">{text}</a></td>'
    return f'<td class="{css}"><span class="mut">{text}</span></td>'
