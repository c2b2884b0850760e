"""Fields that the forms of planning share."""

from collections.abc import Sequence
from typing import Any

from django import forms

Choices = Sequence[tuple[Any, Any]]
_DAY = {"inputmode": "numeric", "placeholder": "dd/mm/yyyy", "class": "num", "autocomplete": "off"}


def day_field(label: Any, **more: Any) -> forms.DateField:
    """Return a field for a day as people write it."""
    return forms.DateField(
        label=label, widget=forms.DateInput(format="%d/%m/%Y", attrs=_DAY), **more
    )


def words_field(label: Any, *, rows: int = 3, most: int = 2000, **more: Any) -> forms.CharField:
    """Return a field for some sentences."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=most, widget=widget, **more)


def choice_field(label: Any, **more: Any) -> forms.TypedChoiceField:
    """Return a field for one of the ids that come with the form."""
    return forms.TypedChoiceField(label=label, coerce=int, empty_value=None, **more)


def choose(form: forms.Form, name: str, choices: Choices, empty: Any) -> None:
    """Give a field its choices, with words for none."""
    form.fields[name].choices = [("", empty), *choices]  # type: ignore[attr-defined]
