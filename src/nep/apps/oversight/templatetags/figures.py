"""Cells of tables of figures: a page has thousands, so they are written in one go."""

from collections.abc import Sequence
from html import escape
from typing import Protocol

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
LONG = 30


class Figure(Protocol):
    """One figure as shown, and the address of the rows that make it."""

    @property
    def text(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def is_words(self) -> bool: ...


class Line(Protocol):
    """Figures beside each other."""

    @property
    def cells(self) -> Sequence[Figure]: ...


@register.simple_tag
def cells(row: Line) -> SafeString:
    """Return the cells of a row; a figure that opens nothing is muted."""
    return mark_safe("".join(map(_cell, row.cells)))  # noqa: S308  # every text is escaped


def _cell(cell: Figure) -> str:
    css = "right num"
    if cell.is_words:
        css = "words words--long" if len(cell.text) > LONG else "words"
    text = escape(cell.text)
    if cell.url:
        return f'<td class="{css}"><a href="{escape(cell.url)}">{text}</a></td>'
    return f'<td class="{css}"><span class="mut">{text}</span></td>'
