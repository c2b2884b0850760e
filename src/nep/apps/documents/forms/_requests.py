"""Forms of requests for a change."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nep.apps.documents.rules import (
    CHANGE_WISH,
    KIND_NAMES,
    NEW_WISH,
    WISH_NAMES,
    WITHDRAW_WISH,
)


class AskForm(forms.Form):
    """What is wished for, why, and what to change; about one document, or a new one."""

    reason = forms.CharField(
        label=_("Lý do"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Ví dụ: Thông tư … thay mẫu số 02 từ ngày 01/3."),
    )  # fmt: skip
    content = forms.CharField(
        label=_("Nội dung cần thay đổi"), max_length=20_000, required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Ghi trang, mục và câu đề nghị, để người soạn dùng ngay."),
    )  # fmt: skip

    def __init__(self, *args: Any, has_document: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        if has_document:
            choices = [(one, WISH_NAMES[one]) for one in (CHANGE_WISH, WITHDRAW_WISH)]
            self.fields["wish"] = forms.ChoiceField(
                label=_("Bạn đề nghị"), choices=choices, initial=CHANGE_WISH,
                widget=forms.RadioSelect,
            )  # fmt: skip
            self.order_fields(("wish", "reason", "content"))
            return
        self.fields["title"] = forms.CharField(label=_("Tên tài liệu cần soạn"), max_length=600)
        self.fields["kind"] = forms.ChoiceField(
            label=_("Loại tài liệu"), choices=[("", _("Chọn loại")), *KIND_NAMES.items()]
        )
        self.order_fields(("title", "kind", "reason", "content"))

    @property
    def wish(self) -> str:
        """Return what is wished for."""
        return self.cleaned_data.get("wish") or NEW_WISH


class AcceptForm(forms.Form):
    """Who drafts what was asked for, under which code."""

    note = forms.CharField(
        label=_("Ghi chú"), max_length=1000, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        authors: Iterable[tuple[int, str]],
        needs_author: bool,
        needs_code: bool,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        if needs_code:
            self.fields["code"] = forms.CharField(
                label=_("Mã hiệu"), max_length=60, help_text=_("Ví dụ HD-01.")
            )
        if needs_author:
            self.fields["author"] = forms.TypedChoiceField(
                label=_("Người soạn"), coerce=int, empty_value=None,
                choices=[("", _("Chọn người")), *authors],
                error_messages={"required": _("Hãy chọn người soạn.")},
            )  # fmt: skip
        self.order_fields(("code", "author", "note"))


class RefuseForm(forms.Form):
    """Why a request is not accepted."""

    note = forms.CharField(
        label=_("Lý do không chấp nhận"), max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
