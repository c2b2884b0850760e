"""What the public may send: a copy to be verified, a rating, a reported deviation."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from nep.apps.cases.rules.citizens import DEGREES, MOST_WORDS, REPORT_NAMES


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


class RatingForm(forms.Form):
    """How content the holder of a receipt is, with a remark if they like."""

    degree = forms.TypedChoiceField(
        label=_("Ông/Bà có hài lòng với việc giải quyết hồ sơ này không?"),
        choices=[(key, _(name)) for key, name in DEGREES.items()],
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Hãy chọn một mức hài lòng.")},
    )
    remark = forms.CharField(
        label=_("Góp ý cho cơ quan"),
        required=False,
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Chỉ cơ quan giải quyết hồ sơ đọc. Xin đừng ghi số định danh, số tài khoản."),
    )


class ReportForm(forms.Form):
    """A deviation from what was promised, told in a few sentences."""

    kind = forms.ChoiceField(
        label=_("Điều gì không đúng?"),
        choices=[(key, _(name)) for key, name in REPORT_NAMES.items()],
        widget=forms.RadioSelect,
        error_messages={"required": _("Hãy chọn điều sai lệch.")},
    )
    text = forms.CharField(
        label=_("Việc đã xảy ra thế nào, lúc nào?"),
        max_length=2 * MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Cơ quan đã biết hồ sơ nào, nên Ông/Bà không cần ghi tên hay số định danh."),
        error_messages={"required": _("Hãy kể ngắn gọn việc đã xảy ra, ít nhất một câu.")},
    )
