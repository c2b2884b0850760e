"""The form of an evidence pack: which year, and the agency's own words by point."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nep.apps.conformity.rules.pack import MOST_WORDS, Points


class PackForm(forms.Form):
    """Which year, and words to each point where the agency has something to say."""

    year = forms.TypedChoiceField(label=_("Năm"), coerce=int)

    def __init__(self, *args: Any, years: list[int], points: Points, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [(year, str(year)) for year in years]  # type: ignore[attr-defined]
        self.keys = tuple(one.key for one in points.points)
        for one in points.points:
            self.fields[f"said_{one.key}"] = forms.CharField(
                label=f"{one.number} {one.title}", required=False, max_length=MOST_WORDS,
                widget=forms.Textarea(attrs={"rows": 2}),
            )  # fmt: skip

    def statements(self) -> dict[str, str]:
        """Return what was written by point."""
        return {key: self.cleaned_data[f"said_{key}"] for key in self.keys}

    def statement_fields(self) -> list[Any]:
        """Return the fields of the points, for the page."""
        return [self[f"said_{key}"] for key in self.keys]
