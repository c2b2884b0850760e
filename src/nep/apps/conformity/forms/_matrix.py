"""Forms of the matrix."""

from django import forms
from django.utils.translation import gettext_lazy as _


class LeftOutForm(forms.Form):
    """A clause that does not apply, and why."""

    edition = forms.CharField(widget=forms.HiddenInput, max_length=4)
    clause = forms.CharField(
        label=_("Điều khoản"), max_length=12,
        widget=forms.TextInput(attrs={"class": "num", "list": "cac-dieu", "autocomplete": "off"}),
        help_text=_("Số của điều, của cả mục như 8.3, hoặc của một phần như 7.1.5.2."),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Lý do không áp dụng"), max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Lý do này phải có trong phạm vi của hệ thống (điều 4.3)."),
    )  # fmt: skip


class AskForm(forms.Form):
    """How much and how new is asked of a clause."""

    clause = forms.CharField(widget=forms.HiddenInput, max_length=18)
    label = forms.CharField(widget=forms.HiddenInput, max_length=120)
    least = forms.IntegerField(label=_("Ít nhất"))
    months = forms.IntegerField(
        label=_("Mới nhất trong số tháng"), help_text=_("0 là không tính cũ, mới.")
    )
