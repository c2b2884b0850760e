"""Forms of objectives."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nep.apps.planning.rules import measuring
from nep.apps.planning.services import Act, ObjectiveValues, Proof
from nep.kernel.vietnamese import number_text, parse_number

Choices = Sequence[tuple[Any, Any]]
_DAY = {"inputmode": "numeric", "placeholder": "dd/mm/yyyy", "class": "num", "autocomplete": "off"}


class NumberField(forms.CharField):
    """A number as people write it: "1.234,5"."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "decimal", "class": "num", "autocomplete": "off"}
        super().__init__(widget=forms.TextInput(attrs=attrs), max_length=20, **kwargs)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        text = super().to_python(value)
        if not text:
            return None
        found = parse_number(text.removesuffix("%"))
        if found is None:
            raise forms.ValidationError(_("Hãy ghi một số, ví dụ 95 hoặc 98,5."), code="number")
        return found.quantize(Decimal("0.01"))

    def prepare_value(self, value: Any) -> Any:
        return number_text(value) if isinstance(value, Decimal) else value


def _choose(form: forms.Form, name: str, choices: Choices, empty: Any) -> None:
    form.fields[name].choices = [("", empty), *choices]  # type: ignore[attr-defined]


class ObjectiveForm(forms.Form):
    """What is wanted, how it is measured, who answers for it."""

    title = forms.CharField(
        label=_("Mục tiêu"), max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )
    measure = forms.ChoiceField(
        label=_("Số liệu"), required=False,
        help_text=_("Chọn số liệu Nếp tự đo từ hồ sơ, phiếu, đánh giá; không có thì ghi tay."),
    )  # fmt: skip
    better = forms.ChoiceField(
        label=_("So với chỉ tiêu"), choices=list(measuring.BETTER_NAMES.items()),
        help_text=_("Số liệu tự đo đã có chiều so sánh và đơn vị tính."),
    )  # fmt: skip
    target = NumberField(label=_("Chỉ tiêu"))
    unit_word = forms.CharField(label=_("Đơn vị tính"), max_length=30, required=False)
    method = forms.CharField(
        label=_("Cách đo"), max_length=600, widget=forms.Textarea(attrs={"rows": 2})
    )
    frequency = forms.ChoiceField(
        label=_("Tần suất đo"), choices=list(measuring.FREQUENCY_NAMES.items())
    )
    whole = forms.ChoiceField(
        label=_("Kết quả cả năm"), choices=list(measuring.WHOLE_NAMES.items()),
        help_text=_("Dùng cho mục tiêu ghi tay."),
    )  # fmt: skip
    unit = forms.TypedChoiceField(
        label=_("Đơn vị thực hiện"), coerce=int, required=False, empty_value=None
    )
    owner = forms.TypedChoiceField(label=_("Người phụ trách"), coerce=int)

    def __init__(
        self, *args: Any, people: Choices, units: Choices, measures: Choices, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "owner", people, _("chọn người"))
        _choose(self, "unit", units, _("Toàn cơ quan"))
        _choose(self, "measure", measures, _("Ghi tay, kèm bằng chứng"))

    def values(self) -> ObjectiveValues:
        """Return what a service takes."""
        kept = self.cleaned_data
        return ObjectiveValues(
            title=kept["title"], target=kept["target"], method=kept["method"],
            owner_id=kept["owner"], unit_id=kept["unit"], measure=kept["measure"],
            better=kept["better"], unit_word=kept["unit_word"], frequency=kept["frequency"],
            whole=kept["whole"],
        )  # fmt: skip


def _periods(form: forms.Form, periods: Choices) -> None:
    form.fields["period"].choices = list(periods)  # type: ignore[attr-defined]


class RecordForm(forms.Form):
    """What a period came to, and what shows it."""

    period = forms.ChoiceField(label=_("Kỳ"))
    value = NumberField(label=_("Kết quả"))
    evidence = forms.CharField(
        label=_("Số liệu lấy từ đâu"), max_length=1000, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    file = forms.FileField(
        label=_("Tệp bằng chứng"), required=False, help_text=_("PDF, Word, Excel hoặc ảnh.")
    )

    def __init__(self, *args: Any, periods: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _periods(self, periods)

    def proof(self) -> Proof | None:
        """Return the file that was sent, if any."""
        found = self.cleaned_data.get("file")
        return Proof(found.name, found.read()) if found else None


class ExplainForm(forms.Form):
    """Why a period missed the target, and what is done about it."""

    period = forms.ChoiceField(label=_("Kỳ"))
    cause = forms.CharField(
        label=_("Nguyên nhân"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    title = forms.CharField(
        label=_("Biện pháp: việc phải làm"), max_length=400, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    owner = forms.TypedChoiceField(
        label=_("Người làm"), coerce=int, required=False, empty_value=None
    )
    due_on = forms.DateField(
        label=_("Hạn hoàn thành"), required=False,
        widget=forms.DateInput(format="%d/%m/%Y", attrs=_DAY),
    )  # fmt: skip

    def __init__(self, *args: Any, periods: Choices, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _periods(self, periods)
        _choose(self, "owner", people, _("chọn người"))

    def clean(self) -> dict[str, Any]:
        """Ask for owner and day where an action is told."""
        kept = super().clean() or {}
        if kept.get("title"):
            if not kept.get("owner"):
                self.add_error("owner", _("Hãy chọn người làm."))
            if not kept.get("due_on") and "due_on" not in self.errors:
                self.add_error("due_on", _("Hãy ghi hạn hoàn thành."))
        return kept

    def act(self) -> Act | None:
        """Return the action that is told, if any."""
        kept = self.cleaned_data
        if not kept["title"]:
            return None
        return Act(kept["title"], kept["owner"], kept["due_on"])


class JudgeForm(forms.Form):
    """A remark beside the computed verdict."""

    note = forms.CharField(
        label=_("Nhận xét"), max_length=1000, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip


class WhyForm(forms.Form):
    """Why something is left out or returned."""

    reason = forms.CharField(
        label=_("Lý do"), max_length=600, widget=forms.Textarea(attrs={"rows": 2})
    )


class ApproveForm(forms.Form):
    """The digest of the rows that were shown."""

    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)


class ChosenForm(forms.Form):
    """Rows ticked in a table."""

    chosen = forms.MultipleChoiceField(
        required=False, error_messages={"invalid_choice": _("Danh sách đã đổi, hãy tải lại trang.")}
    )

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chosen"].choices = list(choices)  # type: ignore[attr-defined]
