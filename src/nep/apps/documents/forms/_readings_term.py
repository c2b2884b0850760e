"""The form of the reading term."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ReadingTermForm(forms.Form):
    """How many working days people have to read."""

    days = forms.IntegerField(
        label=_("Số ngày làm việc để đọc"), min_value=1, max_value=60,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "num"}),
        error_messages={
            "required": _("Hãy ghi số ngày làm việc, ví dụ 5."),
            "invalid": _("Hãy ghi một số nguyên, ví dụ 5."),
            "min_value": _("Thời hạn đọc từ 1 đến 60 ngày làm việc."),
            "max_value": _("Thời hạn đọc từ 1 đến 60 ngày làm việc."),
        },
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)
