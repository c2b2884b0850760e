"""What is typed for a joint step."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class JointAskForm(forms.Form):
    """What the other agency is asked to do."""

    asked = forms.CharField(
        label=_("Nội dung đề nghị"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class JointAnswerForm(forms.Form):
    """The answer, with its file."""

    answer = forms.CharField(
        label=_("Nội dung trả lời"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    file = forms.FileField(label=_("Văn bản trả lời"), required=False)


class JointAssignForm(forms.Form):
    """Who of the agency does the joint step."""

    receiver = forms.ChoiceField(label=_("Giao cho"))
    reason = forms.CharField(label=_("Ghi chú"), max_length=300, required=False)

    def __init__(self, *args: Any, people: Sequence[tuple[str, str]] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["receiver"].choices = list(people)  # type: ignore[attr-defined]
