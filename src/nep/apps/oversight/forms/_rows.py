"""A form of rows: the same fields over and over, with empty rows at the end for new ones."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the key of a row's value, its head, and how its field is made."""

    key: str
    label: Any
    make: Callable[[], forms.Field]


def text(length: int, *, rows: int = 0, css: str = "") -> Callable[[], forms.Field]:
    """Return the maker of a text field that may be left empty."""
    attrs = {"class": css} if css else {}
    widget = forms.Textarea({"rows": rows, **attrs}) if rows else forms.TextInput(attrs)
    return lambda: forms.CharField(required=False, max_length=length, widget=widget)


def number(places: int = 1) -> Callable[[], forms.Field]:
    """Return the maker of a field for a number not below nought."""
    return lambda: forms.DecimalField(
        required=False, min_value=0, max_digits=6, decimal_places=places, localize=True,
        widget=forms.TextInput({"class": "num", "inputmode": "decimal", "size": 5}),
    )  # fmt: skip


def choice(choices: Sequence[tuple[str, Any]]) -> Callable[[], forms.Field]:
    """Return the maker of a choice."""
    return lambda: forms.ChoiceField(choices=choices, required=False)


class RowsForm(forms.Form):
    """Rows of fields; a row whose first column is left empty is no row."""

    columns: Sequence[Column] = ()
    spare = 2

    def __init__(self, *args: Any, rows: Sequence[Mapping[str, Any]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.count = len(rows) + self.spare
        for place in range(self.count):
            values = rows[place] if place < len(rows) else {}
            for column in self.columns:
                made = column.make()
                made.label = column.label
                made.initial = values.get(column.key)
                attrs = made.widget.attrs
                attrs["class"] = f"in {attrs.get('class', '')}".strip()
                attrs["aria-label"] = f"{column.label}, dòng {place + 1}"
                self.fields[f"r{place}-{column.key}"] = made

    @property
    def lines(self) -> list[list[tuple[Column, BoundField]]]:
        """Return the rows as pairs of column and bound field."""
        return [
            [(column, self[f"r{place}-{column.key}"]) for column in self.columns]
            for place in range(self.count)
        ]

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows that were filled in, as typed."""
        found = []
        for place in range(self.count):
            row = {c.key: self.cleaned_data.get(f"r{place}-{c.key}") for c in self.columns}
            if row[self.columns[0].key] not in (None, ""):
                found.append(row)
        return found
