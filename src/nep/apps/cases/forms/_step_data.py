"""The data fields of a step, as its version asks for them."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from nep.apps.cases.queries import StepAsks
from nep.apps.cases.rules import step_data
from nep.apps.cases.rules.step_data import PREFIX
from nep.apps.procedures.rules.carried import (
    CHOICE,
    DATE,
    FILE,
    LONG,
    MONEY,
    NUMBER,
    YES_NO,
    DataField,
)
from nep.kernel.errors import Refusal

_DAY = {"inputmode": "numeric", "placeholder": "dd/mm/yyyy", "class": "num", "autocomplete": "off"}
_NUMBER = {"inputmode": "decimal", "class": "num", "autocomplete": "off"}


class StepDataForm(forms.Form):
    """One field for each data field of the step; the rules judge what was typed."""

    use_required_attribute = False  # whether a field must be filled hangs on the way chosen

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        asks: StepAsks,
        is_whole: bool = True,
        files: MultiValueDict[str, UploadedFile] | None = None,
        refusal: Refusal | None = None,
    ) -> None:
        super().__init__(data, files)
        self.asks, self.is_whole, self.refusal = asks, is_whole, refusal
        for one in asks.fields:
            self.fields[f"{PREFIX}{one.name}"] = _field(one, asks.typed.get(one.name, ""))

    def clean(self) -> dict[str, Any]:
        """Say at each field what is missing or wrong."""
        found = super().clean() or {}
        for name, message in self._entered().errors.items():
            self.add_error(f"{PREFIX}{name}", message)
        refused = self.refusal  # a file is judged where it is kept, the rest by the rules above
        if refused is not None and refused.field in self.fields and not self.errors:
            self.add_error(refused.field, refused.message)
        return found

    def typed(self) -> dict[str, str]:
        """Return what stands in the fields, as typed or as it was the last time."""
        if not self.is_bound:
            return dict(self.asks.typed)
        return {one.name: str(self.data.get(f"{PREFIX}{one.name}", "")) for one in self.asks.fields}

    def _entered(self) -> step_data.Entered:
        return step_data.read_entered(
            self.asks.fields, self.typed(), self.asks.known, is_whole=self.is_whole,
            given=[key.removeprefix(PREFIX) for key in self.files],
        )  # fmt: skip

    @property
    def has_conditions(self) -> bool:
        """Say whether some field is asked for only under a condition."""
        return any(one.shown_if for one in self.asks.fields)

    @property
    def has_files(self) -> bool:
        """Say whether some field takes a file."""
        return any(one.kind == FILE for one in self.asks.fields)

    def shown(self) -> Iterator[tuple[forms.BoundField, bool]]:
        """Yield every field and whether what was typed so far asks for it."""
        data = {**self.asks.known, **self._entered().values}
        self.full_clean()  # what must be filled is the rules' to say; from here on it is a mark
        wrong = next(iter(self.errors), "") if self.is_bound else ""
        if wrong in self.fields:  # the page opens at the field that has to be mended
            self.fields[wrong].widget.attrs["autofocus"] = True
        for one in self.asks.fields:
            self.fields[f"{PREFIX}{one.name}"].required = one.is_required
            yield self[f"{PREFIX}{one.name}"], step_data.is_shown(one, data)


def _field(one: DataField, start: str) -> forms.Field:
    if one.kind == FILE:
        kinds = ",".join(f".{kind}" for kind in one.file_kinds)
        said = _("Nhận %(kinds)s") % {"kinds": ", ".join(one.file_kinds)}
        most = _(", tối đa %(most)s MB") % {"most": one.most_mb} if one.most_mb else ""
        # a fragment that comes while other fields are typed leaves the chosen file in place
        widget = forms.FileInput(attrs={"accept": kinds, "hx-preserve": "true"})
        return forms.FileField(
            label=one.label, required=False, widget=widget, help_text=f"{said}{most}."
        )
    common: dict[str, Any] = {"label": one.label, "required": False, "initial": start}
    if one.kind in {CHOICE, YES_NO}:
        choices = [(text, text) for text in one.choices]
        if one.kind == YES_NO:
            choices = [("1", _("Có")), ("0", _("Không"))]
        return forms.ChoiceField(choices=[("", _("chọn")), *choices], **common)
    widgets: dict[str, forms.Widget] = {
        LONG: forms.Textarea(attrs={"rows": 3}), DATE: forms.TextInput(attrs=_DAY),
        NUMBER: forms.TextInput(attrs=_NUMBER), MONEY: forms.TextInput(attrs=_NUMBER),
    }  # fmt: skip
    return forms.CharField(widget=widgets.get(one.kind, forms.TextInput()), **common)


def typed_data(posted: Mapping[str, Any]) -> dict[str, str]:
    """Return what was typed into the data fields of a step, by their names."""
    return {
        key.removeprefix(PREFIX): str(posted.get(key, ""))
        for key in posted
        if key.startswith(PREFIX)
    }


def given_files(files: MultiValueDict[str, UploadedFile]) -> dict[str, tuple[str, bytes]]:
    """Return the files given for the data fields of a step, by their names, as (name, bytes)."""
    return {
        key.removeprefix(PREFIX): (one.name or "", one.read())
        for key, one in files.items()
        if key.startswith(PREFIX) and isinstance(one, UploadedFile)
    }
