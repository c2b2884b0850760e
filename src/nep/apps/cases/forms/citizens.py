"""What the agency types about reported deviations, applicants' data, holds and erasures."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_WORDS = forms.Textarea(attrs={"rows": 4})
_FEW = forms.Textarea(attrs={"rows": 2})


class ReportAnswerForm(forms.Form):
    """The answer to a citizen, and what was found."""

    founded = forms.TypedChoiceField(
        label=_("Xem xét thấy"),
        choices=[("1", _("Có sai lệch")), ("0", _("Không có sai lệch"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Trả lời người dân"),
        max_length=3000,
        widget=_WORDS,
        help_text=_("Người dân đọc câu trả lời ở trang tra cứu bằng mã QR trên giấy hẹn."),
    )


class ReportCloseForm(forms.Form):
    """What is done so that a deviation does not come again."""

    measure = forms.CharField(
        label=_("Cơ quan đã làm gì để không lặp lại"), max_length=3000, required=False,
        widget=_WORDS, help_text=_("Bắt buộc khi có sai lệch. Chỉ cơ quan đọc."),
    )  # fmt: skip


class LookForm(forms.Form):
    """Why somebody needs the applicant's data."""

    reason = forms.CharField(
        label=_("Vì sao cần xem"), max_length=300, widget=_FEW,
        help_text=_("Lý do được lưu cùng tên bạn và giờ xem."),
    )  # fmt: skip


class ApplicantForm(forms.Form):
    """The applicant's data as the applicant asks it to be."""

    name = forms.CharField(label=_("Họ và tên hoặc tên tổ chức"), max_length=200)
    identity = forms.CharField(label=_("Số định danh"), max_length=30, required=False)
    phone = forms.CharField(label=_("Điện thoại"), max_length=30, required=False)
    email = forms.CharField(label=_("Thư điện tử"), max_length=120, required=False)
    address = forms.CharField(label=_("Địa chỉ"), max_length=300, required=False)
    reason = forms.CharField(
        label=_("Ai đề nghị sửa, theo giấy tờ nào"), max_length=300, widget=_FEW
    )


class HoldForm(forms.Form):
    """Why a case is held back from erasing, or let go."""

    reason = forms.CharField(label=_("Lý do, văn bản làm căn cứ"), max_length=600, widget=_FEW)


class ErasureAskForm(forms.Form):
    """A proposal: how many months, who approves, why."""

    months = forms.IntegerField(
        label=_("Số tháng từ khi hồ sơ kết thúc"), widget=forms.NumberInput(attrs={"class": "num"})
    )
    approver = forms.TypedChoiceField(label=_("Người duyệt"), coerce=int)
    reason = forms.CharField(label=_("Căn cứ, lý do xóa"), max_length=1000, widget=_FEW)

    def __init__(
        self, *args: Any, approvers: list[tuple[int, str]] | None = None, **more: Any
    ) -> None:
        super().__init__(*args, **more)
        self.fields["approver"] = forms.TypedChoiceField(
            label=_("Người duyệt"), coerce=int, choices=approvers or []
        )


class ErasureDecideForm(forms.Form):
    """The words of a decision; asked for when it is a refusal."""

    words = forms.CharField(
        label=_("Ý kiến"), max_length=1000, required=False, widget=_FEW,
        help_text=_("Bắt buộc khi không duyệt."),
    )  # fmt: skip
