"""Forms of a document's life: submit, answer, return, begin anew, withdraw."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

DAY = {"inputmode": "numeric", "placeholder": "dd/mm/yyyy", "class": "num", "autocomplete": "off"}
Choices = Iterable[tuple[int, str]]


def _person(label: Any, people: Choices) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, coerce=int, choices=[("", _("Chọn người")), *people],
        error_messages={"required": _("Hãy chọn một người.")},
    )  # fmt: skip


def _long(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class SubmitForm(forms.Form):
    """Whom a draft goes to, when it has no route, and which forms go along."""

    members = forms.TypedMultipleChoiceField(
        label=_("Biểu mẫu trình cùng"), coerce=int, required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Đi cùng một bộ: kiểm tra, phê duyệt và có hiệu lực cùng lúc."),
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        checkers: Choices,
        approvers: Choices,
        members: Choices,
        has_route: bool,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        if not has_route:
            self.fields["checker"] = _person(_("Người kiểm tra"), checkers)
            self.fields["approver"] = _person(_("Người phê duyệt"), approvers)
        known = list(members)
        if known:
            self.fields["members"].choices = known  # type: ignore[attr-defined]
            self.fields["members"].initial = [id_ for id_, _name in known]
        else:
            del self.fields["members"]


class OpinionForm(forms.Form):
    """An opinion asked for."""

    text = forms.CharField(label=_("Ý kiến của bạn"), max_length=1000, widget=_long(4))


class CheckForm(forms.Form):
    """A statement that what is shown was checked."""

    content_hash = forms.CharField(widget=forms.HiddenInput)
    note = forms.CharField(label=_("Ghi chú"), max_length=1000, required=False, widget=_long(2))


class ApproveForm(CheckForm):
    """An approval of what is shown; the last one issues it."""

    decision_number = forms.CharField(
        label=_("Số quyết định ban hành"), max_length=120, required=False,
        help_text=_("Ví dụ 12/QĐ-SKHCN."),
    )  # fmt: skip
    issued_on = forms.DateField(
        label=_("Ngày ban hành"), widget=forms.DateInput(format="%d/%m/%Y", attrs=DAY)
    )
    effective_from = forms.DateField(
        label=_("Ngày hiệu lực"), widget=forms.DateInput(format="%d/%m/%Y", attrs=DAY),
        help_text=_("Bản đang áp dụng, nếu có, tự hết hiệu lực từ ngày này."),
    )  # fmt: skip
    field_order = ("decision_number", "issued_on", "effective_from", "note")

    def __init__(self, *args: Any, is_final: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        if not is_final:
            for name in ("decision_number", "issued_on", "effective_from"):
                del self.fields[name]


class LifeReasonForm(forms.Form):
    """A reason, for a return, a recall or a drop."""

    reason = forms.CharField(label=_("Lý do"), max_length=1000, widget=_long())


class ReplaceForm(forms.Form):
    """Who is asked instead of somebody, and why."""

    reason = forms.CharField(
        label=_("Lý do"), max_length=300, widget=_long(2),
        help_text=_("Ví dụ: chuyển công tác từ ngày 01/3."),
    )  # fmt: skip
    field_order = ("person", "reason")

    def __init__(self, *args: Any, people: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["person"] = _person(_("Người thay"), people)
        self.order_fields(self.field_order)


class RedraftForm(forms.Form):
    """The next revision: a new issue or an amendment, why, and its file."""

    kind = forms.ChoiceField(
        label=_("Loại thay đổi"), initial="amendment", widget=forms.RadioSelect,
        choices=[
            ("amendment", _("Sửa đổi: thay một phần nội dung")),
            ("issue", _("Ban hành lại: soạn lại toàn bộ")),
        ],
    )  # fmt: skip
    change_note = forms.CharField(
        label=_("Lý do và nội dung thay đổi"), max_length=1000, widget=_long(),
        help_text=_("Hiện trong phiếu theo dõi sửa đổi."),
    )  # fmt: skip


class WithdrawForm(forms.Form):
    """The withdrawal of a document, under whose decision and what replaces it."""

    decision_number = forms.CharField(label=_("Số quyết định, văn bản"), max_length=120)
    reason = forms.CharField(label=_("Lý do thu hồi"), max_length=800, widget=_long())

    def __init__(self, *args: Any, documents: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["replaced_by"] = forms.TypedChoiceField(
            label=_("Tài liệu thay thế"), coerce=int, empty_value=None, required=False,
            choices=[("", _("Không có")), *documents],
        )  # fmt: skip
