"""What is typed on a case's page."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nep.foundation.web.widgets import needed_when

_WORDS = forms.Textarea(attrs={"rows": 3})
_PAUSES = (
    ("agency", _("Chờ cơ quan khác trả lời")),
    ("payment", _("Chờ thực hiện nghĩa vụ tài chính")),
    ("force_majeure", _("Bất khả kháng")),
)


class StepForm(forms.Form):
    """The conclusion of a step."""

    outcome = forms.CharField(required=False, max_length=80)
    note = forms.CharField(
        label=_("Ý kiến"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )
    receiver = forms.IntegerField(required=False)
    asked = forms.CharField(required=False, max_length=0)
    papers = forms.CharField(
        label=_("Giấy cần bổ sung, mỗi dòng một giấy"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def wanted(self) -> tuple[dict[str, Any], ...]:
        """Return the papers asked for, one a line."""
        return wanted_papers(self.cleaned_data["papers"])


def wanted_papers(text: str) -> tuple[dict[str, Any], ...]:
    """Return papers typed one a line as a supplement request keeps them."""
    lines = [line.strip(" -•\t") for line in text.splitlines()]
    return tuple({"name": line[:300], "originals": 1, "copies": 0} for line in lines if line)


class SupplementForm(forms.Form):
    """A request for supplement."""

    papers = forms.CharField(
        label=_("Giấy cần bổ sung, mỗi dòng một giấy"),
        max_length=4000,
        required=False,
        widget=_WORDS,
    )
    reason = forms.CharField(label=_("Lý do, ghi vào phiếu"), max_length=2000, widget=_WORDS)
    version = forms.IntegerField(widget=forms.HiddenInput)


class PauseForm(forms.Form):
    """A pause for another reason."""

    kind = forms.ChoiceField(label=_("Vì sao dừng"), choices=_PAUSES)
    reason = forms.CharField(label=_("Căn cứ, nội dung đang chờ"), max_length=2000, widget=_WORDS)
    version = forms.IntegerField(widget=forms.HiddenInput)


class ResumeForm(forms.Form):
    """The end of a pause; `papers` are those that have come."""

    papers = needed_when(
        forms.TypedMultipleChoiceField(
            label=_("Giấy đã nộp đủ"),
            coerce=int,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
    )
    note = forms.CharField(
        label=_("Ghi chú"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, papers: Sequence[tuple[int, str]] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        if papers:
            self.fields["papers"].choices = papers  # type: ignore[attr-defined]
            self.fields["papers"].initial = [key for key, _name in papers]
        else:
            del self.fields["papers"]


class EndForm(forms.Form):
    """A refusal or a withdrawal: the reason."""

    reason = forms.CharField(label=_("Lý do và căn cứ"), max_length=2000, widget=_WORDS)
    version = forms.IntegerField(widget=forms.HiddenInput)


class PaperForm(forms.Form):
    """A paper added to a case."""

    name = forms.CharField(label=_("Tên giấy tờ"), max_length=300, required=False)
    file = forms.FileField(label=_("Tệp"), required=False)
