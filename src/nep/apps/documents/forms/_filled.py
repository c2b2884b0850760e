"""The page of a form to fill: one field for each blank, in the order of the document."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nep.apps.documents.rules import LONGEST_VALUE
from nep.foundation.printing.blanks import CHOICE, DATE, LONG, NUMBER, Blank
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


class FillForm(forms.Form):
    """The blanks of a form; each may stay empty and is then printed as dots."""

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
        for place, blank in enumerate(blanks):
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
        }

    def blank_fields(self) -> list[forms.BoundField]:
        """Return the fields of the blanks, in order."""
        return [self[f"b{place}"] for place in range(len(self.blanks))]


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
