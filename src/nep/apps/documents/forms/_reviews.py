"""Forms of reviews, their intervals, yearly documents and paper copies."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nep.apps.documents.rules import CHOSEN_RESULTS, COPY_END_NAMES, RESULT_NAMES, UNIT

_CHOICES = [(code, RESULT_NAMES[code]) for code in CHOSEN_RESULTS]


class ReviewForm(forms.Form):
    """How a review ended."""

    result = forms.ChoiceField(
        label=_("Kết quả soát xét"), choices=_CHOICES, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("Nhận xét"), required=False, max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Bắt buộc khi cần sửa đổi hoặc bãi bỏ: ghi rõ sửa gì, vì sao."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)


class HoldForm(forms.Form):
    """Documents that were looked at together and still hold, and what was looked at.

    Nothing is ticked before somebody says so; `whole` says it of every line of the list at once.
    """

    whole = forms.ChoiceField(
        required=False, error_messages={"invalid_choice": _("Danh sách đã đổi, hãy tải lại trang.")}
    )
    chosen = forms.MultipleChoiceField(
        required=False, error_messages={"invalid_choice": _("Danh sách đã đổi, hãy tải lại trang.")}
    )
    note = forms.CharField(
        label=_("Đã xem gì"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, lines: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chosen"].choices = [(one, one) for one in lines]  # type: ignore[attr-defined]
        self.all_lines = ",".join(lines)
        whole = [(self.all_lines, self.all_lines)] if lines else []
        self.fields["whole"].choices = whole  # type: ignore[attr-defined]

    def reviews(self) -> list[tuple[int, int]]:
        """Return the reviews chosen, each with the version that was shown."""
        whole = self.cleaned_data["whole"]
        chosen = whole.split(",") if whole else self.cleaned_data["chosen"]
        pairs = (one.split(":") for one in chosen)
        return [(int(review_id), int(version)) for review_id, version in pairs]


class IntervalForm(forms.Form):
    """After how many months a kind is reviewed."""

    kind = forms.CharField(widget=forms.HiddenInput)
    version = forms.IntegerField(widget=forms.HiddenInput)
    months = forms.IntegerField(label=_("Số tháng"), min_value=1, max_value=120)


class YearForm(forms.Form):
    """Of which year a document is; empty for a document of no year."""

    year = forms.IntegerField(
        label=_("Tài liệu của năm"), required=False, min_value=2000, max_value=2100
    )


class ForwardForm(forms.Form):
    """Next year's document."""

    to = forms.IntegerField(label=_("Năm mới"), min_value=2000, max_value=2102)
    code = forms.CharField(label=_("Mã hiệu"), max_length=60)
    title = forms.CharField(label=_("Tên tài liệu"), max_length=600)


class CopyForm(forms.Form):
    """A paper copy given to a unit or a person."""

    target = forms.ChoiceField(label=_("Nơi giữ bản giấy"))
    place = forms.CharField(
        label=_("Chỗ để"), required=False, max_length=80,
        help_text=_("Ví dụ: tủ hồ sơ phòng 204."),
    )  # fmt: skip

    def __init__(self, *args: Any, choices: Sequence[tuple[str, str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = [(key, name) for kind, key, name in choices if kind == UNIT]
        people = [(key, name) for kind, key, name in choices if kind == "person"]
        self.fields["target"].choices = [  # type: ignore[attr-defined]
            ("", _("Chọn nơi giữ")), (_("Đơn vị"), units), (_("Người"), people),
        ]  # fmt: skip


class CopyEndForm(forms.Form):
    """What became of a paper copy."""

    kind = forms.ChoiceField(label=_("Đã làm"), choices=list(COPY_END_NAMES.items()))
    note = forms.CharField(label=_("Ghi chú"), required=False, max_length=300)
