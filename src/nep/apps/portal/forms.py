"""The form of the page on which a copy is verified."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _


class BroughtCopyForm(forms.Form):
    """The PDF that somebody holds; looked at and forgotten."""

    file = forms.FileField(
        label=_("Tệp PDF Ông/Bà đang có"),
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
        error_messages={
            "required": _("Hãy chọn tệp PDF."), "empty": _("Tệp này trống. Hãy chọn tệp khác."),
        },
    )  # fmt: skip

    def clean_file(self) -> Any:
        """Refuse what is no PDF or larger than any upload here."""
        file = self.cleaned_data["file"]
        if file.size > settings.NEP.max_upload_bytes:
            raise forms.ValidationError(_("Tệp này quá lớn để kiểm tra ở đây."))
        start = file.read(5)
        file.seek(0)
        if start != b"%PDF-":
            raise forms.ValidationError(_("Đây không phải tệp PDF. Hãy chọn tệp PDF."))
        return file
