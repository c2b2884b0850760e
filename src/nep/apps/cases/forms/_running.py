"""What is typed beside the steps of a case: a later date, urgency, ties, corrections, rules."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nep.apps.cases.queries import TimeRuleLine
from nep.apps.cases.rules.ties import LINK_NAMES

_WORDS = forms.Textarea(attrs={"rows": 3})
_DAY = {"inputmode": "numeric", "placeholder": "dd/mm/yyyy", "class": "num", "autocomplete": "off"}


class ReasonForm(forms.Form):
    """A reason, of a case as it was seen."""

    reason = forms.CharField(label=_("Lý do"), max_length=2000, widget=_WORDS)
    version = forms.IntegerField(widget=forms.HiddenInput)


class RefusalForm(forms.Form):
    """A refusal; past the date it also says why it comes so late."""

    reason = forms.CharField(label=_("Lý do và căn cứ"), max_length=2000, widget=_WORDS)
    late_reason = forms.CharField(
        label=_("Vì sao từ chối sau khi đã quá hạn"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Chỉ ghi khi hồ sơ đã quá hạn trả kết quả."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class ExtendForm(forms.Form):
    """An apology and a later date."""

    new_on = forms.DateField(
        label=_("Ngày hẹn trả mới"), widget=forms.DateInput(format="%d/%m/%Y", attrs=_DAY)
    )
    reason = forms.CharField(
        label=_("Lý do chậm, ghi vào thư xin lỗi"), max_length=2000, widget=_WORDS
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class LinkForm(forms.Form):
    """A tie to another case."""

    kind = forms.ChoiceField(
        label=_("Hồ sơ này"), choices=[(key, names[0]) for key, names in LINK_NAMES.items()]
    )
    code = forms.CharField(
        label=_("Mã hồ sơ kia"),
        max_length=60,
        widget=forms.TextInput(attrs={"class": "code", "autocomplete": "off"}),
    )
    note = forms.CharField(label=_("Ghi chú"), max_length=300, required=False)


class UnlinkForm(forms.Form):
    """Why a tie is taken off."""

    reason = forms.CharField(label=_("Lý do"), max_length=300)


class CorrectionForm(forms.Form):
    """What is wrong with a result."""

    reason = forms.CharField(
        label=_("Sai sót của kết quả, ai phát hiện"), max_length=2000, widget=_WORDS
    )


class CorrectionDoneForm(forms.Form):
    """How the result was put right."""

    answer = forms.CharField(
        label=_("Đã đính chính thế nào, trả lại bằng văn bản nào"), max_length=2000, widget=_WORDS
    )


class TimeRulesForm(forms.Form):
    """The figures an agency may choose within the law; one whole number for each."""

    reason = forms.CharField(label=_("Căn cứ, lý do"), max_length=1000, widget=_WORDS)

    def __init__(self, *args: Any, lines: tuple[TimeRuleLine, ...] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        reason = self.fields.pop("reason")
        for line in lines:
            if not line.is_fixed:
                self.fields[line.key] = forms.IntegerField(
                    label=line.label,
                    initial=line.value,
                    help_text=_("%(unit)s, từ %(least)s đến %(most)s")
                    % {"unit": line.unit, "least": line.least, "most": line.most},
                    widget=forms.NumberInput(attrs={"class": "num"}),
                )
        self.fields["reason"] = reason

    def figures(self) -> dict[str, int]:
        """Return the figures as typed."""
        return {key: value for key, value in self.cleaned_data.items() if key != "reason"}


class MovingForm(forms.Form):
    """Why running cases go on by another version."""

    reason = forms.CharField(label=_("Lý do, căn cứ chuyển"), max_length=1000, widget=_WORDS)


class ReprojectionForm(forms.Form):
    """Why open due dates are counted anew."""

    reason = forms.CharField(
        label=_("Căn cứ, ví dụ số thông báo nghỉ lễ"), max_length=1000, widget=_WORDS
    )
