"""Forms of a reader's question and its answer."""

from django import forms
from django.utils.translation import gettext_lazy as _


class InquiryForm(forms.Form):
    """What a reader wants to know."""

    text = forms.CharField(
        label=_("Câu hỏi"), max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Ghi rõ mục hoặc bước bạn hỏi."),
    )  # fmt: skip


class AnswerForm(forms.Form):
    """What the reader is told."""

    answer = forms.CharField(
        label=_("Trả lời"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
