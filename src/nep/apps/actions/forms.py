"""Forms of actions."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nep.apps.actions.services import Link, Upload

Choices = Sequence[tuple[Any, Any]]
_DAY = {"inputmode": "numeric", "placeholder": "dd/mm/yyyy", "class": "num", "autocomplete": "off"}


def day_field(label: Any) -> forms.DateField:
    """Return a field for a day as people write it."""
    return forms.DateField(label=label, widget=forms.DateInput(format="%d/%m/%Y", attrs=_DAY))


def words_field(label: Any, *, required: bool = True, rows: int = 3, most: int = 1000, **more: Any):
    """Return a field for some sentences."""
    return forms.CharField(
        label=label, required=required, max_length=most, widget=forms.Textarea(attrs={"rows": rows}),
        **more,
    )  # fmt: skip


class ActionForm(forms.Form):
    """What, by whom, until when, checked by whom."""

    title = words_field(_("Việc phải làm"), rows=2, most=400)
    owner = forms.TypedChoiceField(label=_("Người làm"), coerce=int)
    due_on = day_field(_("Hạn hoàn thành"))
    checker = forms.TypedChoiceField(
        label=_("Người kiểm tra"), coerce=int, required=False, empty_value=None,
        help_text=_("Để trống thì thư ký ISO kiểm tra."),
    )  # fmt: skip

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = list(people)
        self.fields["owner"].choices = [("", _("chọn người làm")), *chosen]  # type: ignore[attr-defined]
        self.fields["checker"].choices = [("", _("thư ký ISO")), *chosen]  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Return the arguments of `action_open`."""
        kept = self.cleaned_data
        return {"title": kept["title"], "owner_id": kept["owner"], "due_on": kept["due_on"],
                "checker_id": kept["checker"]}  # fmt: skip


class DoneForm(forms.Form):
    """What was done, with a file or a link that shows it."""

    evidence = words_field(
        _("Đã làm gì, kết quả thế nào"), required=False, most=2000,
        help_text=_("Ghi bằng lời, kèm tệp hoặc liên kết khi có."),
    )  # fmt: skip
    file = forms.FileField(
        label=_("Tệp bằng chứng"), required=False, help_text=_("PDF, Word, Excel hoặc ảnh.")
    )
    link = forms.CharField(
        label=_("Liên kết trong hệ thống"), max_length=300, required=False,
        widget=forms.TextInput(attrs={"placeholder": "/tai-lieu/…"}),
        help_text=_("Dán địa chỉ của tài liệu, hồ sơ trong Nếp; chỉ cần phần bắt đầu bằng dấu /."),
    )  # fmt: skip

    def uploads(self) -> tuple[Upload, ...]:
        """Return the file that was sent, if any."""
        found = self.cleaned_data.get("file")
        return (Upload(found.name, found.read()),) if found else ()

    def links(self) -> tuple[Link, ...]:
        """Return the link that was typed, if any, without the site's name."""
        url = self.cleaned_data["link"].strip()
        return (Link(url, url),) if url else ()


class CheckForm(forms.Form):
    """Accepted, or returned with a reason."""

    verdict = forms.ChoiceField(
        label=_("Kết luận"), widget=forms.RadioSelect,
        choices=[("dat", _("Đạt, kết thúc việc này")), ("tra", _("Chưa đạt, trả lại người làm"))],
    )  # fmt: skip
    note = words_field(_("Nhận xét"), required=False, rows=2)


class MoveForm(forms.Form):
    """Another day, and why."""

    due_on = day_field(_("Hạn mới"))
    reason = words_field(_("Lý do"), rows=2)


class ReasonForm(forms.Form):
    """Why an action is dropped."""

    reason = words_field(_("Lý do"), rows=2)
