"""Forms of the signatures on a revision's frozen PDF."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

MOST_KEY = 100_000
_SEEN = _("Hiện chữ ký trên trang")
_SEEN_HELP = _(
    "Ở chỗ dành sẵn của trang bìa hoặc thẻ trong tệp Word; không có thì ở cuối trang cuối."
)


class _UponForm(forms.Form):
    """The bytes that were seen, and whether the signature is seen on the page."""

    seen_hash = forms.CharField(widget=forms.HiddenInput, max_length=64)
    is_seen = forms.BooleanField(label=_SEEN, help_text=_SEEN_HELP, required=False, initial=True)


class KeyFileForm(_UponForm):
    """A PKCS#12 file for one signature, with its password; neither is kept."""

    key_file = forms.FileField(
        label=_("Tệp khóa"), help_text=_("Tệp .p12 hoặc .pfx của bạn. Hệ thống không giữ lại tệp này."),
        widget=forms.FileInput(attrs={"accept": ".p12,.pfx,application/x-pkcs12"}),
    )  # fmt: skip
    password = forms.CharField(
        label=_("Mật khẩu của tệp khóa"), strip=False, max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    field_order = ("key_file", "password", "is_seen")

    def clean_key_file(self) -> Any:
        """Refuse what is far larger than any key."""
        file = self.cleaned_data["key_file"]
        if file.size > MOST_KEY:
            raise forms.ValidationError(
                _("Tệp này quá lớn để là tệp khóa. Hãy chọn tệp .p12, .pfx.")
            )
        return file


class TokenForm(_UponForm):
    """The PIN of the server's token, and which of its keys."""

    label = forms.CharField(
        label=_("Nhãn của khóa"), required=False, max_length=120,
        help_text=_("Bỏ trống khi thiết bị chỉ có một khóa."),
    )  # fmt: skip
    pin_password = forms.CharField(
        label=_("Mã PIN"), strip=False, max_length=64,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )  # fmt: skip
    field_order = ("label", "pin_password", "is_seen")


class OutsideForm(_UponForm):
    """The beginning of a signature outside: in whose name."""

    whose = forms.ChoiceField(
        label=_("Chứng thư sẽ ký"), widget=forms.RadioSelect, initial="person",
        choices=[("person", _("Của tôi")), ("agency", _("Của cơ quan"))],
    )  # fmt: skip
    field_order = ("whose", "is_seen")

    def __init__(self, *args: Any, is_personal: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        if not is_personal:
            self.fields["whose"].choices = [("agency", _("Của cơ quan"))]  # type: ignore[attr-defined]
            self.fields["whose"].initial = "agency"


class ReturnedForm(forms.Form):
    """What came back from outside."""

    file = forms.FileField(
        label=_("Tệp nhận về"),
        help_text=_("Tệp PDF đã ký, hoặc tệp chữ ký .p7s của đúng mã băm trên."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.p7s,.p7m,.pem,.der,.sig,application/pdf"}),
    )
