"""Forms of standards."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nep.apps.standards.queries import AgencyEdition, editions

_DAY = {"inputmode": "numeric", "placeholder": "dd/mm/yyyy", "class": "num", "autocomplete": "off"}


def _day(label: Any, *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label, required=required, widget=forms.DateInput(format="%d/%m/%Y", attrs=_DAY)
    )


def _choices() -> list[tuple[str, str]]:
    return [(one.code, one.name) for one in editions()]


class ChoiceForm(forms.Form):
    """By which edition the agency goes."""

    edition = forms.ChoiceField(label=_("Bản đang áp dụng"))
    since = _day(_("Áp dụng từ ngày"), required=False)
    decision = forms.CharField(
        label=_("Số quyết định"), max_length=80, required=False,
        widget=forms.TextInput(attrs={"class": "num"}),
        help_text=_("Quyết định của người đứng đầu chuyển sang bản này."),
    )  # fmt: skip
    target = forms.ChoiceField(
        label=_("Bản hướng tới"), required=False,
        help_text=_("Chọn để xem còn thiếu gì so với bản mới; chưa phải là áp dụng."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["edition"].choices = _choices()  # type: ignore[attr-defined]
        self.fields["target"].choices = [("", _("không có")), *_choices()]  # type: ignore[attr-defined]


def choice_initial(chosen: AgencyEdition) -> dict[str, Any]:
    """Return the present choice as the form shows it."""
    return {"edition": chosen.in_force, "target": chosen.target, "since": chosen.since,
            "decision": chosen.decision}  # fmt: skip


class GuidanceForm(forms.Form):
    """A text of the Ministry."""

    edition = forms.ChoiceField(label=_("Cho bản"))
    number = forms.CharField(
        label=_("Số, ký hiệu"), max_length=80, widget=forms.TextInput(attrs={"class": "num"})
    )
    issued_on = _day(_("Ngày ban hành"))
    title = forms.CharField(
        label=_("Trích yếu"), max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["edition"].choices = [  # type: ignore[attr-defined]
            (one.code, one.name) for one in editions() if not one.is_declarable
        ]


class ReasonForm(forms.Form):
    """Why a text is taken out."""

    reason = forms.CharField(label=_("Lý do"), max_length=600)


class LabelForm(forms.Form):
    """A Vietnamese title."""

    edition = forms.CharField(widget=forms.HiddenInput, max_length=4)
    number = forms.CharField(widget=forms.HiddenInput, max_length=12)
    label = forms.CharField(
        label=_("Tiêu đề tiếng Việt"), max_length=200, required=False,
        help_text=_("Để trống thì lấy lại nhãn có sẵn."),
    )  # fmt: skip
