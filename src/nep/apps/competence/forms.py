"""Forms of competence."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nep.apps.competence.rules import qualifications
from nep.apps.competence.services import QualificationValues

Choices = Sequence[tuple[Any, Any]]
_DAY = {"inputmode": "numeric", "placeholder": "dd/mm/yyyy", "class": "num", "autocomplete": "off"}


def day_field(label: Any, **more: Any) -> forms.DateField:
    """Return a field for a day as people write it."""
    return forms.DateField(
        label=label, widget=forms.DateInput(format="%d/%m/%Y", attrs=_DAY), **more
    )


def words_field(label: Any, *, rows: int = 2, most: int = 600, **more: Any) -> forms.CharField:
    """Return a field for some sentences."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=most, widget=widget, **more)


def choose(form: forms.Form, name: str, choices: Choices, empty: Any) -> None:
    """Give a field its choices, with words for none."""
    form.fields[name].choices = [("", empty), *choices]  # type: ignore[attr-defined]


class QualificationForm(forms.Form):
    """Whose certificate, of which course, given by whom, from when until when."""

    person = forms.TypedChoiceField(label=_("Người được cấp"), coerce=int)
    kind = forms.ChoiceField(label=_("Loại"), choices=list(qualifications.KIND_NAMES.items()))
    course = forms.CharField(
        label=_("Khóa học, chứng chỉ"), max_length=300,
        widget=forms.TextInput(attrs={"placeholder": _("Đánh giá nội bộ ISO 9001:2015")}),
    )  # fmt: skip
    given_by = forms.CharField(label=_("Nơi cấp"), max_length=200)
    number = forms.CharField(label=_("Số"), max_length=80, required=False)
    given_on = day_field(_("Ngày cấp"))
    valid_until = day_field(
        _("Hết hạn ngày"), required=False, help_text=_("Để trống khi không có hạn.")
    )
    file = forms.FileField(
        label=_("Bản chụp"), required=False, help_text=_("PDF hoặc ảnh chứng chỉ.")
    )

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "person", people, _("chọn người"))

    def values(self) -> QualificationValues:
        """Return what a service takes."""
        kept, file = self.cleaned_data, self.cleaned_data.get("file")
        return QualificationValues(
            person_id=kept["person"], kind=kept["kind"], course=kept["course"],
            given_by=kept["given_by"], number=kept["number"], given_on=kept["given_on"],
            valid_until=kept["valid_until"], file_name=file.name if file else "",
            file_data=file.read() if file else b"",
        )  # fmt: skip


class ReasonForm(forms.Form):
    """Why something ends."""

    reason = words_field(_("Lý do"))
