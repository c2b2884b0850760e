"""Forms of the pages about controlled documents."""

from django import forms
from django.utils.translation import gettext_lazy as _

from nep.apps.documents.rules import PAIR_NAMES

PAIR_CHOICES = [(code, text[:1].upper() + text[1:]) for code, text in PAIR_NAMES.items()]


class ExceptionForm(forms.Form):
    """An exception from "three people", with its reason."""

    pair = forms.ChoiceField(label=_("Ngoại lệ"), choices=PAIR_CHOICES, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Lý do"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Lý do được ghi nhật ký và hiện trên mọi bản ban hành theo ngoại lệ này."),
    )
