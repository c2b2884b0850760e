"""Forms of model procedures."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nep.apps.adoption import rules
from nep.apps.adoption.services import ModelValues


class PublishForm(forms.Form):
    """For whom a model is meant, what it leaves open, what to say of it."""

    audience = forms.ChoiceField(
        label=_("Mẫu dành cho"), choices=list(rules.AUDIENCE_NAMES.items()),
        widget=forms.RadioSelect, initial="communes",
    )  # fmt: skip
    open_limits = forms.BooleanField(
        label=_("Cho rút ngắn thời hạn từng bước"), required=False, initial=True
    )
    local_forms = forms.MultipleChoiceField(
        label=_("Biểu mẫu có phần riêng của từng cơ quan"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    note = forms.CharField(
        label=_("Lời nhắn cho nơi áp dụng"), max_length=1000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, *args: Any, form_names: Iterable[str], **more: Any) -> None:
        super().__init__(*args, **more)
        choices = [(name, name) for name in form_names]
        self.fields["local_forms"].choices = choices  # type: ignore[attr-defined]
        if not choices:
            del self.fields["local_forms"]

    def values(self) -> ModelValues:
        """Return what a service takes."""
        return ModelValues(
            audience=self.cleaned_data["audience"], open_limits=self.cleaned_data["open_limits"],
            local_forms=tuple(self.cleaned_data.get("local_forms", ())),
            note=self.cleaned_data["note"],
        )  # fmt: skip


class EditionForm(forms.Form):
    """What a further edition changes, for those who follow."""

    note = forms.CharField(
        label=_("Bản mới đổi gì, vì sao"), max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


class ReasonForm(forms.Form):
    """Why; the publisher reads it."""

    reason = forms.CharField(
        label=_("Lý do"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
