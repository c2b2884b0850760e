"""Forms of the worklist: handing over, giving many items, keeping a filter."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nep.foundation.notify.rules import (
    CHOSEN,
    FIRST_HOUR,
    KINDS,
    LAST_HOUR,
    PACE_NAMES,
    Wish,
)
from nep.kernel.vietnamese import WEEKDAYS


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


class ChoiceForm(forms.Form):
    """How each kind of notice comes, and when the letters of a day and a week are written."""

    hour = forms.TypedChoiceField(label=_("Giờ gửi thư hằng ngày"), coerce=int)
    weekday = forms.TypedChoiceField(label=_("Ngày gửi thư hằng tuần"), coerce=int)

    def __init__(self, *args: Any, wish: Wish, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for kind in KINDS:
            pace = forms.ChoiceField(
                label=kind.label, choices=[(one, PACE_NAMES[one]) for one in kind.paces],
                initial=wish.pace(kind.code),
                widget=forms.Select(
                    attrs={"class": "in in--sm", "aria-label": f"{kind.label}: {_('thư')}"}
                ),
            )  # fmt: skip
            self.fields[f"mail-{kind.code}"] = pace
            if kind.bell == CHOSEN:
                self.fields[f"bell-{kind.code}"] = forms.BooleanField(
                    label=kind.label,
                    required=False,
                    initial=kind.code not in wish.silent,
                    widget=forms.CheckboxInput(
                        attrs={"aria-label": f"{kind.label}: {_('chuông')}"}
                    ),
                )
        hours = range(FIRST_HOUR, LAST_HOUR + 1)
        self.fields["hour"].choices = [(hour, f"{hour}:00") for hour in hours]  # type: ignore[attr-defined]
        days = [(day, WEEKDAYS[day]) for day in range(5)]
        self.fields["weekday"].choices = days  # type: ignore[attr-defined]
        self.initial.update(hour=wish.hour, weekday=wish.weekday)

    def kinds(self) -> list[tuple[str, str, str, str, Any, Any]]:
        """Return (code, label, hint, bell, mail field, bell field or None) of each row."""
        return [
            (
                kind.code, kind.label, kind.hint, kind.bell, self[f"mail-{kind.code}"],
                self[f"bell-{kind.code}"] if kind.bell == CHOSEN else None,
            )
            for kind in KINDS
        ]  # fmt: skip

    def values(self) -> dict[str, Any]:
        """Return the keyword arguments of the service that keeps the choices."""
        given = self.cleaned_data
        return {
            "mail": {kind.code: given[f"mail-{kind.code}"] for kind in KINDS},
            "silent": [
                kind.code
                for kind in KINDS
                if kind.bell == CHOSEN and not given[f"bell-{kind.code}"]
            ],
            "hour": given["hour"],
            "weekday": given["weekday"],
        }


class TrialForm(forms.Form):
    """Where a trial letter goes."""

    address = forms.EmailField(
        label=_("Gửi thử đến"),
        max_length=120,
        error_messages={
            "required": _("Chưa có địa chỉ. Ghi địa chỉ thư của bạn."),
            "invalid": _("Địa chỉ thư có dạng ten@coquan.gov.vn."),
        },
    )
