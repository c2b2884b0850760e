"""Forms of the register of external documents."""

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from nep.apps.legal import rules
from nep.apps.legal.queries import ExternalPage
from nep.apps.legal.services import ExternalValues

_DAY = {"inputmode": "numeric", "placeholder": "dd/mm/yyyy", "class": "num", "autocomplete": "off"}
_OWN = frozenset({"follow", "file", "version"})


def _day(label: Any, *, required: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label, required=required, widget=forms.DateInput(format="%d/%m/%Y", attrs=_DAY)
    )


class ExternalForm(forms.Form):
    """What the register says of one text."""

    kind = forms.ChoiceField(label=_("Loại văn bản"), choices=list(rules.KIND_NAMES.items()))
    number = forms.CharField(
        label=_("Số, ký hiệu"), max_length=80, required=False,
        widget=forms.TextInput(attrs={"placeholder": "118/2025/NĐ-CP", "class": "num"}),
    )  # fmt: skip
    issuer = forms.CharField(label=_("Cơ quan ban hành"), max_length=200, required=False)
    title = forms.CharField(
        label=_("Trích yếu"), max_length=600, widget=forms.Textarea(attrs={"rows": 2})
    )
    issued_on = _day(_("Ngày ban hành"))
    effective_from = _day(_("Có hiệu lực từ ngày"))
    expires_on = _day(_("Hiệu lực đến hết ngày"))
    level = forms.ChoiceField(
        label=_("Mức độ"), choices=list(rules.LEVEL_NAMES.items()), initial="internal"
    )
    kept_at = forms.CharField(label=_("Nơi lưu bản giấy"), max_length=200, required=False)
    checked_on = _day(_("Tra hiệu lực ngày"))
    source_address = forms.CharField(
        label=_("Địa chỉ tra cứu"), max_length=400, required=False,
        help_text=_("Trang đã tra cứu văn bản; hệ thống không tự tải về."),
    )  # fmt: skip
    note = forms.CharField(label=_("Ghi chú"), max_length=1000, required=False)
    file = forms.FileField(
        label=_("Tệp văn bản"), required=False, help_text=_("PDF, Word, Excel hoặc ảnh.")
    )
    follow = forms.BooleanField(
        label=_("Mở hạn 3 tháng cập nhật tài liệu của cơ quan theo văn bản này"), required=False
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def values(self) -> ExternalValues:
        """Return what a service takes."""
        kept = {name: value for name, value in self.cleaned_data.items() if name not in _OWN}
        return ExternalValues(**kept)

    def upload(self) -> tuple[str, bytes] | None:
        """Return the name and bytes of the given file, or nothing."""
        found = self.cleaned_data.get("file")
        return (found.name, found.read()) if found else None


def external_initial(page: ExternalPage) -> dict[str, Any]:
    """Return a text as the form shows it."""
    names = [name for name in ExternalForm.base_fields if name not in _OWN and name != "level"]
    return {
        **{name: getattr(page.line, name) for name in names},
        "level": page.level,
        "version": page.version,
    }


def _text_typed(label: Any) -> forms.CharField:
    """Return a field for a text of the register, offered by its beginning as one types."""
    attributes = {
        "list": "van-ban-goi-y", "autocomplete": "off", "hx-get": reverse_lazy("legal:suggest"),
        "hx-trigger": "input changed delay:200ms", "hx-target": "#van-ban-goi-y",
        "placeholder": _("số, ký hiệu hoặc chữ trong trích yếu"),
    }  # fmt: skip
    return forms.CharField(
        label=label, max_length=200, widget=forms.TextInput(attrs=attributes),
        help_text=_("Chọn dòng được gợi ý, hoặc ghi đúng số, ký hiệu."),
    )  # fmt: skip


class ReplaceForm(forms.Form):
    """Another text takes this one's place, or amends it."""

    new = _text_typed(_("Văn bản mới"))
    on = _day(_("Thay thế từ ngày"), required=True)
    reason = forms.CharField(label=_("Căn cứ"), max_length=300)


class AmendForm(forms.Form):
    """Another text amends this one."""

    new = _text_typed(_("Văn bản sửa đổi, bổ sung"))


class ReasonForm(forms.Form):
    """Why a text leaves the register."""

    reason = forms.CharField(label=_("Lý do"), max_length=1000)


class ImportForm(forms.Form):
    """A spreadsheet of external documents."""

    file = forms.FileField(label=_("Tệp Excel (.xlsx)"))
    write = forms.BooleanField(
        label=_("Ghi vào danh mục (bỏ trống để chỉ xem trước)"), required=False
    )


class ReviewForm(forms.Form):
    """The result of a review."""

    result = forms.ChoiceField(
        label=_("Kết quả"), choices=list(rules.RESULT_NAMES.items()), widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("Tài liệu đã sửa, số kế hoạch hoặc nhận xét"), max_length=1000, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
