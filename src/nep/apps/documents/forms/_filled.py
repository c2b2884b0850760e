"""The page of a form to fill: one field for each blank, in the order of the document."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nep.apps.documents.rules import LONGEST_VALUE
from nep.foundation.printing.blanks import CHOICE, DATE, LONG, MOST_ROWS, NUMBER, ROWS, Blank
from nep.kernel.vietnamese import date_text, number_text, parse_number


class NumberField(forms.CharField):
    """A number as offices write it: "1.234,5"."""

    def clean(self, value: Any) -> Decimal | None:
        """Return the number, None when empty."""
        text = super().clean(value)
        if not text:
            return None
        found = parse_number(text)
        if found is None:
            raise forms.ValidationError(_("Hãy ghi một số, ví dụ 12 hoặc 1.234,5."))
        return found


FIRST_ROWS, MORE_ROWS = 3, 3
MORE = "more"


class FillForm(forms.Form):
    """The blanks of a form; each may stay empty and is then printed as dots.

    A table whose rows repeat begins with some rows; the button MORE adds some to the one it names.
    """

    revision = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        blanks: Sequence[Blank],
        series: Sequence[tuple[int, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.blanks = blanks
        self.counts: dict[int, int] = {}
        for place, blank in enumerate(blanks):
            if blank.kind == ROWS:
                self._add_rows(place, blank)
            else:
                self.fields[f"b{place}"] = _field(blank)
        self.fields["title"] = forms.CharField(
            label=_("Tên để tìm lại"), max_length=300, required=False,
            help_text=_("Bỏ trống thì lấy tên biểu mẫu và số phiếu."),
        )  # fmt: skip
        if series:
            self.fields["series"] = forms.TypedChoiceField(
                label=_("Lưu vào nhóm hồ sơ"), required=False, coerce=int, empty_value=None,
                choices=[("", _("Chưa lưu vào danh mục hồ sơ")), *series],
            )  # fmt: skip

    def values(self) -> dict[str, str]:
        """Return what was typed as the texts that are printed, by the names of the blanks."""
        return {
            blank.name: _text(self.cleaned_data.get(f"b{place}"))
            for place, blank in enumerate(self.blanks)
            if blank.kind != ROWS
        }

    def rows(self) -> dict[str, list[dict[str, str]]]:
        """Return the rows of the tables that repeat, by group and column."""
        return {
            blank.name: [
                {
                    column.name: _text(self.cleaned_data.get(f"b{place}r{row}c{number}"))
                    for number, column in enumerate(blank.columns)
                }
                for row in range(self.counts[place])
            ]
            for place, blank in enumerate(self.blanks)
            if blank.kind == ROWS
        }

    def blank_fields(self) -> list[tuple[forms.BoundField | None, dict[str, Any]]]:
        """Return the field of each blank in order, or the table of one whose rows repeat."""
        return [
            (None, self._table(place, blank)) if blank.kind == ROWS else (self[f"b{place}"], {})
            for place, blank in enumerate(self.blanks)
        ]

    def _add_rows(self, place: int, blank: Blank) -> None:
        self.counts[place] = count = _count(self.data, place)
        for row in range(count):
            for number, column in enumerate(blank.columns):
                name = f"b{place}r{row}c{number}"
                self.fields[name] = _field(column)
                self.fields[name].label = f"{column.label}, dòng {row + 1}"
                if column.kind == LONG:
                    self.fields[name].widget.attrs["rows"] = 1

    def _table(self, place: int, blank: Blank) -> dict[str, Any]:
        return {
            "place": place,
            "count": self.counts[place],
            "label": blank.label,
            "columns": [column.label for column in blank.columns],
            "rows": [
                [
                    (column.label, self[f"b{place}r{row}c{number}"])
                    for number, column in enumerate(blank.columns)
                ]
                for row in range(self.counts[place])
            ],
            "may_grow": self.counts[place] < MOST_ROWS,
        }


def _count(data: Mapping[str, Any], place: int) -> int:
    """Return how many rows a table has in the form: as many as were sent, more when asked for."""
    sent = str(data.get(f"b{place}n", ""))
    count = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 4 else FIRST_ROWS
    if data.get(MORE) == str(place):
        count += MORE_ROWS
    return max(1, min(count, MOST_ROWS))


def _field(blank: Blank) -> forms.Field:
    common: dict[str, Any] = {"label": blank.label, "required": False}
    if blank.kind == DATE:
        return forms.DateField(
            widget=forms.DateInput(attrs={"placeholder": "dd/mm/yyyy", "inputmode": "numeric"}),
            **common,
        )
    if blank.kind == NUMBER:
        return NumberField(widget=forms.TextInput(attrs={"inputmode": "decimal"}), **common)
    if blank.kind == CHOICE:
        options = [(one, one) for one in blank.choices]
        return forms.ChoiceField(choices=[("", _("Chọn")), *options], **common)
    widget = forms.Textarea(attrs={"rows": 4}) if blank.kind == LONG else forms.TextInput()
    return forms.CharField(max_length=LONGEST_VALUE, widget=widget, **common)


def _text(value: Any) -> str:
    if isinstance(value, date):
        return date_text(value)
    if isinstance(value, Decimal):
        return number_text(value)
    return value or ""
