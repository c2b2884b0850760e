"""Forms of the worklist: handing over, giving many items, keeping a filter."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class HandOverForm(forms.Form):
    """Who takes the item, and why."""

    receiver = forms.TypedChoiceField(label=_("Người nhận"), coerce=int)
    reason = forms.CharField(
        label=_("Lý do"),
        max_length=500,
        error_messages={
            "required": _("Chưa có lý do. Ghi một câu để người nhận hiểu việc."),
        },
        help_text=_("Lý do hiện cho người nhận. Đồng hồ không dừng khi bàn giao."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, people: Iterable[tuple[int, str]] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["receiver"].choices = list(people)  # type: ignore[attr-defined]


class AssignForm(forms.Form):
    """Who takes the items, and why."""

    receiver = forms.TypedChoiceField(
        label=_("Người nhận"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Chưa chọn người nhận."),
            "invalid_choice": _("Người được chọn không còn giữ vai trò này. Hãy chọn lại."),
        },
    )
    reason = forms.CharField(
        label=_("Lý do"),
        max_length=500,
        error_messages={"required": _("Chưa có lý do. Ghi một câu để người nhận hiểu việc.")},
        help_text=_("Lý do hiện cho người nhận và trong lịch sử của từng việc."),
    )

    def __init__(self, *args: Any, people: Iterable[tuple[int, str]] = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["receiver"].choices = list(people)  # type: ignore[attr-defined]


class FilterForm(forms.Form):
    """The name of a filter, and the unit it is shared with."""

    name = forms.CharField(label=_("Tên bộ lọc"), max_length=60)
    unit = forms.IntegerField(label=_("Chia sẻ với"), required=False)
