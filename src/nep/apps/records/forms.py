"""Forms of records."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from nep.apps.records import rules

Choices = Sequence[tuple[Any, Any]]
_DAY = {"inputmode": "numeric", "placeholder": "dd/mm/yyyy", "class": "num", "autocomplete": "off"}
_NONE = [("", _("không chọn"))]


def _day(label: Any, *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label, required=required, widget=forms.DateInput(format="%d/%m/%Y", attrs=_DAY)
    )


def _chosen(form: forms.Form, name: str, choices: Choices, *, empty: Choices = ()) -> None:
    form.fields[name].choices = [*empty, *choices]  # type: ignore[attr-defined]


def _id(value: str) -> int | None:
    return int(value) if value else None


class PlanForm(forms.Form):
    """A new plan, with another year's lines when chosen."""

    year = forms.IntegerField(label=_("Năm"), min_value=2000, max_value=2100)
    copy_year = forms.ChoiceField(label=_("Chép từ danh mục năm"), required=False)

    def __init__(self, *args: Any, years: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _chosen(self, "copy_year", [(year, year) for year in years],
                empty=[("", _("không chép, lập mới"))])  # fmt: skip

    def copied(self) -> int | None:
        """Return the year to copy, or None."""
        return _id(self.cleaned_data["copy_year"])


class SeriesForm(forms.Form):
    """A line of the plan."""

    code = forms.CharField(label=_("Số, ký hiệu"), max_length=40)
    title = forms.CharField(label=_("Tiêu đề hồ sơ"), max_length=400)
    unit = forms.ChoiceField(label=_("Đơn vị"), required=False)
    keeper = forms.ChoiceField(label=_("Người lập"), required=False)
    years = forms.IntegerField(
        label=_("Thời hạn lưu (năm)"), min_value=1, max_value=100, required=False
    )
    is_permanent = forms.BooleanField(label=_("Lưu vĩnh viễn"), required=False)
    basis = forms.CharField(
        label=_("Căn cứ thời hạn"), max_length=300, required=False,
        help_text=_("Ví dụ Thông tư 10/2022/TT-BNV, nhóm và số thứ tự."),
    )  # fmt: skip
    mark = forms.ChoiceField(
        label=_("Mức xác minh"), choices=list(rules.MARK_NAMES.items()), initial="?"
    )
    remark = forms.CharField(label=_("Ghi chú"), max_length=400, required=False)
    series_id = forms.IntegerField(widget=forms.HiddenInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, units: Choices, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _chosen(self, "unit", units, empty=_NONE)
        _chosen(self, "keeper", people, empty=_NONE)

    def values(self) -> dict[str, Any]:
        """Return the arguments of `series_keep`."""
        kept = dict(self.cleaned_data)
        kept["unit_id"], kept["keeper_id"] = _id(kept.pop("unit")), _id(kept.pop("keeper"))
        return kept


class DecisionForm(forms.Form):
    """The decision that issues a plan."""

    decision = forms.CharField(label=_("Số quyết định ban hành"), max_length=120)


class RuleForm(forms.Form):
    """Into which series a kind of source goes."""

    source_type = forms.ChoiceField(
        label=_("Nguồn"),
        choices=[(key, name) for key, name in rules.SOURCE_NAMES.items() if key != "upload"],
    )
    series_code = forms.CharField(
        label=_("Số, ký hiệu trong danh mục"), max_length=40, required=False,
        help_text=_("Bỏ trống để không tự lưu nữa."),
    )  # fmt: skip


class FileForm(forms.Form):
    """A new file."""

    series = forms.ChoiceField(label=_("Thuộc dòng của danh mục"))
    title = forms.CharField(label=_("Tiêu đề hồ sơ"), max_length=400)
    medium = forms.ChoiceField(label=_("Dạng"), choices=list(rules.MEDIUM_NAMES.items()))
    location = forms.CharField(
        label=_("Nơi để"), max_length=200, required=False,
        help_text=_("Với phần giấy: kho, giá, hộp số."),
    )  # fmt: skip

    def __init__(self, *args: Any, series: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _chosen(self, "series", series)


class FileChangeForm(forms.Form):
    """Title, medium and place of a file."""

    title = forms.CharField(label=_("Tiêu đề hồ sơ"), max_length=400)
    medium = forms.ChoiceField(label=_("Dạng"), choices=list(rules.MEDIUM_NAMES.items()))
    location = forms.CharField(label=_("Nơi để"), max_length=200, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


class CloseForm(forms.Form):
    """Closing a file: its retention settled, its paper counted."""

    on = _day(_("Ngày kết thúc"))
    years = forms.IntegerField(
        label=_("Thời hạn lưu (năm)"), min_value=1, max_value=100, required=False
    )
    is_permanent = forms.BooleanField(label=_("Lưu vĩnh viễn"), required=False)
    sheets = forms.IntegerField(label=_("Số tờ giấy"), min_value=1, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(forms.Form):
    """One sentence why."""

    reason = forms.CharField(label=_("Lý do"), max_length=600)


class ExecutionForm(forms.Form):
    """What is destroyed is gone: said before it is done, so that no slip does it."""

    yes = forms.BooleanField(
        label=_("Hội đồng đã đối chiếu danh mục với hồ sơ, tiêu hủy đúng các hồ sơ này"),
        error_messages={
            "required": _("Hãy đánh dấu sau khi đã đối chiếu; tiêu hủy thì không lấy lại được.")
        },
    )


class HoldForm(forms.Form):
    """Why a file is held back."""

    reason = forms.CharField(label=_("Lý do giữ lại"), max_length=600)
    authority = forms.CharField(label=_("Cơ quan yêu cầu"), max_length=200, required=False)


class UploadForm(forms.Form):
    """A record put into a file by hand."""

    title = forms.CharField(label=_("Tên văn bản"), max_length=600)
    made_on = _day(_("Ngày văn bản"))
    file = forms.FileField(
        label=_("Tệp"), required=False, help_text=_("Bỏ trống khi chỉ có bản giấy.")
    )


class MoveForm(forms.Form):
    """The file that takes an unfiled record."""

    file = forms.ChoiceField(label=_("Hồ sơ"))

    def __init__(self, *args: Any, files: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _chosen(self, "file", files)


class TransferForm(forms.Form):
    """Who receives files for the archive; the files are checked in the list."""

    receiver = forms.CharField(label=_("Họ tên người nhận"), max_length=200)
    receiver_position = forms.CharField(label=_("Chức vụ"), max_length=120, required=False)
    remark = forms.CharField(label=_("Ghi chú"), max_length=600, required=False)


class ProposalForm(forms.Form):
    """A proposal of disposal; the files are checked in the list."""

    remark = forms.CharField(label=_("Ghi chú"), max_length=600, required=False)


class ApprovalForm(forms.Form):
    """The decision on a disposal."""

    council = forms.CharField(label=_("Hội đồng xác định giá trị tài liệu"), max_length=400)
    decision_number = forms.CharField(label=_("Số quyết định tiêu hủy"), max_length=120)
    decision_on = _day(_("Ngày quyết định"))


class LeaverForm(forms.Form):
    """Why a person leaves, who receives each share of what they hold, and what ends with it."""

    reason = forms.CharField(
        label=_("Lý do, căn cứ"), max_length=500,
        widget=forms.TextInput(attrs={"placeholder": _("Quyết định điều động số …")}),
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        shares: Sequence[tuple[str, str]],
        people: Choices,
        endings: Sequence[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for key, label in shares:
            self.fields[key] = forms.ChoiceField(
                label=format_html('{}<span class="sr"> {}</span>', _("Người nhận"), label),
                choices=[("", _("chọn người nhận")), *people],
            )

        self.endings = tuple(endings)
        for key in self.endings:
            self.fields[key] = forms.BooleanField(
                label=_("Kết thúc tất cả ngay khi bàn giao"), required=False, initial=True
            )

    def receivers(self) -> dict[str, int]:
        """Return the chosen person by share."""
        return {name: int(value) for name, value in self.cleaned_data.items()
                if name not in {"reason", *self.endings} and value}  # fmt: skip

    def kept(self) -> tuple[str, ...]:
        """Return the shares that are not to be ended."""
        return tuple(key for key in self.endings if not self.cleaned_data.get(key))
