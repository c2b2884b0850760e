"""Forms of the pages about a revision's files."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AttachedPdfForm(forms.Form):
    """A PDF beside the original, to be published in its place."""

    file = forms.FileField(
        label=_("Bản PDF xuất từ tệp gốc"),
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
    )


class ChangeSummaryForm(forms.Form):
    """What a revision changes, a line for each section."""

    summary = forms.CharField(
        label=_("Nội dung sửa đổi"),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=6000,
        help_text=_("Mỗi mục một dòng, ví dụ: Mục 5.2: đổi “10 ngày” thành “05 ngày”."),
    )
