"""Forms of the calendar page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nep.apps.workcal.rules import LOCAL_KINDS
from nep.foundation.web.forms import SpanField
from nep.worktime import DAY_KIND_NAMES

_DAY = {"inputmode": "numeric", "placeholder": "dd/mm/yyyy", "class": "num", "autocomplete": "off"}


class HoursForm(forms.Form):
    """The weekly office hours."""

    morning = SpanField(label=_("Buổi sáng"), required=False)
    afternoon = SpanField(label=_("Buổi chiều"), required=False)
    saturday_morning = forms.BooleanField(label=_("Làm việc sáng thứ Bảy"), required=False)
    reason = forms.CharField(label=_("Căn cứ, lý do"), max_length=300)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def values(self) -> dict[str, Any]:
        """Return the arguments of `office_hours_set`."""
        return dict(self.cleaned_data)


class DayForm(forms.Form):
    """One exceptional day of the agency."""

    on = forms.DateField(label=_("Ngày"), widget=forms.DateInput(format="%d/%m/%Y", attrs=_DAY))
    kind = forms.ChoiceField(
        label=_("Loại"),
        choices=[(kind, DAY_KIND_NAMES[kind].capitalize()) for kind in LOCAL_KINDS],
    )
    name = forms.CharField(label=_("Tên gọi"), max_length=120)
    notice = forms.CharField(
        label=_("Số thông báo"),
        max_length=60,
        required=False,
        help_text=_("Bắt buộc với ngày hoán đổi."),
    )
    hours = SpanField(
        label=_("Giờ làm việc"), required=False, help_text=_("Chỉ ghi khi khác giờ thường ngày.")
    )
    reason = forms.CharField(label=_("Căn cứ, lý do"), max_length=300)

    def values(self) -> dict[str, Any]:
        """Return the arguments of `day_rule_add`."""
        values = dict(self.cleaned_data)
        hours = values.pop("hours")
        return {**values, "slots": (hours,) if hours else None}


class RemoveForm(forms.Form):
    """Why a day is removed."""

    reason = forms.CharField(
        label=_("Lý do xóa"),
        max_length=300,
        widget=forms.TextInput(attrs={"aria-label": _("Lý do xóa")}),
    )
