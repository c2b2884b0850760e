"""The forms of log-in, account, security values and the first run."""

import re
from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nep.foundation.accounts.rules import SettingLine
from nep.foundation.web import hooks
from nep.kernel.text import clean

_PASSWORD = {"autocomplete": "current-password", "maxlength": "256"}
_NEW_PASSWORD = {"autocomplete": "new-password", "maxlength": "256"}
_CODE = {
    "autocomplete": "one-time-code",
    "inputmode": "text",
    "autocapitalize": "none",
    "spellcheck": "false",
    "class": "num",
}


def _secret(label: Any, attrs: dict[str, str], **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, strip=False, max_length=256, widget=forms.PasswordInput(attrs=attrs), **more
    )


class LoginForm(forms.Form):
    """Log-in name and password."""

    username = forms.CharField(
        label=_("Tên đăng nhập"),
        max_length=64,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "username",
                "autocapitalize": "none",
                "spellcheck": "false",
                "autofocus": True,
            }
        ),
    )
    password = _secret(_("Mật khẩu"), _PASSWORD)


class CodeForm(forms.Form):
    """The second factor: six digits, or a recovery code."""

    code = forms.CharField(
        label=_("Mã hai lớp"),
        max_length=24,
        help_text=_("6 chữ số trên ứng dụng xác thực, hoặc một mã dự phòng."),
        widget=forms.TextInput(attrs={**_CODE, "autofocus": True}),
    )


class UnlockForm(forms.Form):
    """The password again, after the session was locked."""

    password = _secret(_("Mật khẩu"), {**_PASSWORD, "autofocus": "autofocus"})


class PasswordForm(forms.Form):
    """A new password for oneself, typed twice."""

    old_password = _secret(_("Mật khẩu đang dùng"), _PASSWORD)
    new_password = _secret(_("Mật khẩu mới"), _NEW_PASSWORD)
    again = _secret(_("Gõ lại mật khẩu mới"), _NEW_PASSWORD)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("new_password") != values.get("again") and "again" in values:
            self.add_error("again", _("Hai lần gõ không giống nhau."))
        return values


class SettingForm(forms.Form):
    """One security value."""

    key = forms.CharField(widget=forms.HiddenInput)
    value = forms.IntegerField(label=_("Giá trị"))

    @classmethod
    def of(cls, line: SettingLine) -> "SettingForm":
        """Return the form that shows a value in force."""
        form = cls(initial={"key": line.key, "value": line.value}, auto_id=f"{line.key}-%s")
        form.fields["value"].widget.attrs.update(min=line.min, max=line.max)
        return form


_SPAN = re.compile(r"^\s*(\d{1,2})[:hg.](\d{2})\s*[-–]\s*(\d{1,2})[:hg.](\d{2})\s*$")


class SpanField(forms.CharField):
    """A span of office hours, typed as "07:30-11:30"; gives a pair of times."""

    def clean(self, value: Any) -> tuple[time, time] | None:
        text = super().clean(value)
        if not text:
            return None
        found = _SPAN.match(text)
        try:
            if not found:
                raise ValueError
            first, second, third, fourth = map(int, found.groups())
            span = (time(first, second), time(third, fourth))
        except ValueError:
            raise forms.ValidationError(_("Ghi giờ như 07:30-11:30.")) from None
        if span[0] >= span[1]:
            raise forms.ValidationError(_("Giờ kết thúc phải sau giờ bắt đầu."))
        return span


class SetupForm(forms.Form):
    """The first agency, its office hours and its first administrator."""

    agency_name = forms.CharField(label=_("Tên cơ quan"), max_length=200)
    agency_code = forms.CharField(
        label=_("Mã định danh"),
        max_length=35,
        help_text=_("Mã định danh điện tử, ví dụ H99.18. Mã này đứng đầu mã hồ sơ."),
    )
    agency_kind = forms.ChoiceField(label=_("Loại cơ quan"), choices=hooks.agency_kinds)
    province = forms.CharField(label=_("Tỉnh, thành phố"), max_length=100)
    reception_name = forms.CharField(
        label=_("Tên nơi tiếp nhận"),
        max_length=200,
        initial=_("Bộ phận Một cửa"),
        help_text=_("Tên in trên giấy tiếp nhận hồ sơ và hẹn trả kết quả."),
    )
    morning = SpanField(label=_("Buổi sáng"), initial="07:30-11:30")
    afternoon = SpanField(label=_("Buổi chiều"), initial="13:30-17:30")
    saturday_morning = forms.BooleanField(label=_("Làm việc sáng thứ Bảy"), required=False)
    admin_name = forms.CharField(label=_("Họ và tên"), max_length=120)
    username = forms.CharField(
        label=_("Tên đăng nhập"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = _secret(_("Mật khẩu"), _NEW_PASSWORD)
    again = _secret(_("Gõ lại mật khẩu"), _NEW_PASSWORD)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for name, value in values.items():
            if isinstance(value, str) and name not in {"password", "again"}:
                values[name] = clean(value)
        if "again" in values and values.get("password") != values["again"]:
            self.add_error("again", _("Hai lần gõ không giống nhau."))
        morning, afternoon = values.get("morning"), values.get("afternoon")
        if morning and afternoon and morning[1] > afternoon[0]:
            self.add_error("afternoon", _("Buổi chiều phải bắt đầu sau khi buổi sáng kết thúc."))
        return values

    def values(self) -> dict[str, Any]:
        """Return the keyword arguments of the first-setup service; spans are pairs of times."""
        return {name: value for name, value in self.cleaned_data.items() if name != "again"}
