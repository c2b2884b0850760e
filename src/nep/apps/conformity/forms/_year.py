"""Forms of the ISO year."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nep.apps.conformity.forms._declaration import day_field, words_field
from nep.apps.organization.rules import ROLE_NAMES

Choices = Sequence[tuple[Any, Any]]
ROLES = ("iso_secretary", "qmr", "auditor", "unit_head", "leader", "reception")


class ItemForm(forms.Form):
    """An obligation of the year: what, by when, who, how long."""

    title = forms.CharField(label=_("Việc phải làm"), max_length=300)
    due_on = day_field(_("Hạn"))
    role = forms.ChoiceField(
        label=_("Người làm"), choices=[(role, ROLE_NAMES[role]) for role in ROLES]
    )
    minutes = forms.IntegerField(
        label=_("Số phút ước tính"), widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )

    def __init__(self, *args: Any, is_own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_own:
            self.fields["title"].widget = forms.HiddenInput()


class TickForm(forms.Form):
    """That something is done which no data can tell."""

    on = day_field(_("Ngày làm xong"))
    evidence = words_field(
        _("Số, ngày văn bản hoặc việc đã làm"), rows=2, most=600,
        help_text=_("Ví dụ: Báo cáo số 45/BC-UBND ngày 18/11/2026."),
    )  # fmt: skip


class ExcludeForm(forms.Form):
    """Why an obligation does not concern the agency this year."""

    reason = words_field(_("Vì sao không áp dụng"), rows=2, most=600)


class HandoverForm(forms.Form):
    """Who hands over to whom."""

    giver = forms.TypedChoiceField(label=_("Người giao"), coerce=int)
    receiver = forms.TypedChoiceField(label=_("Người nhận"), coerce=int)
    remark = words_field(
        _("Điều cần dặn thêm"), rows=3, required=False,
        help_text=_("Việc đang chờ ai trả lời, cách liên hệ, chỗ hay quên."),
    )  # fmt: skip

    def __init__(self, *args: Any, givers: Choices, receivers: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["giver"].choices = givers  # type: ignore[attr-defined]
        self.fields["receiver"].choices = receivers  # type: ignore[attr-defined]
