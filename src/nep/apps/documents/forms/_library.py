"""Forms of the library: a new document, its data, its file, code masks, kept filters."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nep.apps.documents import rules

_LEVELS = list(rules.LEVEL_NAMES.items())
_ACCEPT = ",".join(f".{kind}" for kind in (*rules.FILE_KINDS, "jpeg"))


class DocumentDataForm(forms.Form):
    """What is said about a document, without its kind."""

    title = forms.CharField(label=_("Tên tài liệu"), max_length=600)
    code = forms.CharField(label=_("Mã hiệu"), max_length=60, required=False)
    parent = forms.CharField(
        label=_("Kèm theo tài liệu"),
        max_length=60,
        required=False,
        help_text=_("Ghi mã hiệu của tài liệu đứng trên, ví dụ QT-05."),
    )
    owner_unit = forms.TypedChoiceField(
        label=_("Đơn vị giữ"), coerce=int, empty_value=None, required=False
    )
    level = forms.ChoiceField(
        label=_("Ai được xem"),
        choices=_LEVELS,
        initial=rules.INTERNAL,
        help_text=_("Hạn chế: chỉ người soạn, xem xét, phê duyệt, đơn vị giữ và nơi nhận thấy."),
    )
    clauses = forms.CharField(
        label=_("Tiêu chuẩn, điều khoản"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Mỗi tiêu chuẩn một dòng: ISO 9001:2015: 7.5.2; 7.5.3"),
    )
    clause_more = forms.CharField(
        label=_("Thêm một điều khoản"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"list": "dieu-khoan", "autocomplete": "off"}),
        help_text=_("Gõ số hoặc tiêu đề rồi chọn; tiêu chuẩn khác thì ghi ở ô trên."),
    )
    tags = forms.CharField(
        label=_("Nhãn"),
        required=False,
        max_length=400,
        help_text=_("Cách nhau bằng dấu phẩy, ví dụ: văn thư, lưu trữ"),
    )

    def __init__(self, *args: Any, units: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["owner_unit"]
        choice.choices = [("", _("Toàn cơ quan")), *units]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Put the clause that was chosen below those that are written."""
        found = super().clean() or self.cleaned_data
        more = found.get("clause_more", "").strip()
        if more and "clauses" in found:
            found["clauses"] = rules.with_clause(found["clauses"], more)
        return found


class DocumentForm(DocumentDataForm):
    """A new document: its kind, its data and its first file."""

    kind = forms.ChoiceField(
        label=_("Loại tài liệu"),
        choices=[(key, name) for key, name in rules.KIND_NAMES.items() if key != rules.PROCEDURE],
    )
    issue = forms.CharField(label=_("Lần ban hành"), max_length=10, initial="01")
    amendment = forms.CharField(
        label=_("Lần sửa đổi"),
        max_length=10,
        initial="00",
        help_text=_("Tài liệu đã ban hành trên giấy thì ghi tiếp số của bản giấy."),
    )
    file = forms.FileField(
        label=_("Tệp bản thảo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": _ACCEPT}),
        help_text=_("Word, Excel, PowerPoint, PDF, ODT hoặc ảnh. Có thể thêm sau."),
    )
    field_order = ("kind", "title", "code", "parent", "owner_unit", "level")


class DocumentEditForm(DocumentDataForm):
    """The data of a document with the version it was opened at."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class DraftFileForm(forms.Form):
    """Another file for a draft."""

    file = forms.FileField(label=_("Tệp"), widget=forms.FileInput(attrs={"accept": _ACCEPT}))
    version = forms.IntegerField(widget=forms.HiddenInput)


class MaskForm(forms.Form):
    """How the codes of a kind are written."""

    kind = forms.ChoiceField(choices=list(rules.KIND_NAMES.items()), widget=forms.HiddenInput)
    mask = forms.CharField(label=_("Mẫu mã"), max_length=60)
    version = forms.IntegerField(widget=forms.HiddenInput)


class ViewForm(forms.Form):
    """The name of a kept filter."""

    name = forms.CharField(label=_("Tên bộ lọc"), max_length=80)


class ImportForm(forms.Form):
    """A ZIP of documents with the sheet of their data."""

    file = forms.FileField(
        label=_("Tệp ZIP"),
        widget=forms.FileInput(attrs={"accept": ".zip"}),
        help_text=_("Nén cả thư mục tài liệu cùng bảng dữ liệu Excel hoặc CSV."),
    )
