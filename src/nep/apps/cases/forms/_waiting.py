"""What is typed about waits, errors, sub-procedures and opinions asked."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nep.apps.cases.services import Asked
from nep.kernel.errors import Refusal
from nep.kernel.vietnamese import parse_date

_ERROR = "loi:"  # before the code, which is empty for an error caught whatever its code
_WORDS = forms.Textarea(attrs={"rows": 3})
WHO, DUE, DUE_ALL, QUESTION = "hoi", "han-", "han_chung", "cau_hoi"


class WaitEndForm(forms.Form):
    """Why a wait ends by hand."""

    reason = forms.CharField(
        label=_("Căn cứ để không chờ nữa"),
        max_length=2000,
        widget=_WORDS,
        help_text=_("Ghi vào lịch sử hồ sơ và nhật ký."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class ErrorForm(forms.Form):
    """An error that the procedure draws, and what happened."""

    error = forms.ChoiceField(label=_("Chuyện gì xảy ra"), widget=forms.RadioSelect)
    note = forms.CharField(label=_("Mô tả để người sau hiểu"), max_length=4000, widget=_WORDS)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, errors: Sequence[tuple[str, str]] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["error"].choices = _error_choices(errors)  # type: ignore[attr-defined]

    def code(self) -> str:
        """Return the code of the error chosen."""
        return str(self.cleaned_data["error"]).removeprefix(_ERROR)


class CallEndForm(forms.Form):
    """How the case goes on without the sub-procedure, and why."""

    GO_ON = "di-tiep"
    how = forms.ChoiceField(label=_("Hồ sơ này đi tiếp thế nào"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Căn cứ, lý do"), max_length=2000, widget=_WORDS)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, errors: Sequence[tuple[str, str]] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        choices = [(self.GO_ON, _("Đi tiếp như thủ tục con đã xong"))]
        choices += _error_choices(errors)
        self.fields["how"].choices = choices  # type: ignore[attr-defined]
        self.fields["how"].initial = self.GO_ON

    def error(self) -> str | None:
        """Return the code of the error chosen, None to go on."""
        how = self.cleaned_data["how"]
        return None if how == self.GO_ON else how.removeprefix(_ERROR)


class WithdrawForm(forms.Form):
    """Why one who is asked is asked no longer."""

    reason = forms.CharField(
        label=_("Vì sao thôi hỏi"),
        max_length=2000,
        widget=_WORDS,
        help_text=_("Nơi được hỏi đọc được lý do này."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


def _error_choices(errors: Sequence[tuple[str, str]]) -> list[tuple[str, Any]]:
    return [(f"{_ERROR}{code}", name or _("Lỗi khác")) for code, name in errors]


def asked_typed(post: Mapping[str, Any], chosen: Sequence[str]) -> tuple[Asked, ...]:
    """Return who was ticked, each with their own due day or the common one.

    Raises Refusal("asked_due") for a day that cannot be read.
    """
    common = _day(str(post.get(DUE_ALL, "")))
    question = str(post.get(QUESTION, ""))
    return tuple(
        Asked(who, _day(str(post.get(f"{DUE}{who}", ""))) or common, question) for who in chosen
    )


def _day(text: str) -> date | None:
    if not text.strip():
        return None
    day = parse_date(text)
    if day is None:
        raise Refusal("asked_due", "Hạn cho ý kiến phải là ngày dạng dd/mm/yyyy.", field="asked")
    return day
