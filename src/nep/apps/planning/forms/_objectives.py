"""Forms of objectives."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nep.apps.planning.forms._fields import Choices, choice_field, choose, day_field, words_field
from nep.apps.planning.queries import JudgeLine
from nep.apps.planning.rules import measuring
from nep.apps.planning.services import Act, Judged, ObjectiveValues, Proof
from nep.kernel.vietnamese import number_text, parse_number


class NumberField(forms.Field):
    """A number as people write it: "1.234,5"."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {
            "inputmode": "decimal", "class": "num", "autocomplete": "off", "maxlength": "20",
        }  # fmt: skip
        super().__init__(widget=forms.TextInput(attrs=attrs), **kwargs)

    def to_python(self, value: Any) -> Decimal | None:
        """Return the number that was typed, rounded to hundredths. Raises ValidationError."""
        text = str(value or "").strip().removesuffix("%")
        if not text:
            return None
        found = parse_number(text) if len(text) <= 20 else None
        if found is None:
            raise forms.ValidationError(_("Hãy ghi một số, ví dụ 95 hoặc 98,5."), code="number")
        return found.quantize(Decimal("0.01"))

    def prepare_value(self, value: Any) -> Any:
        """Return a kept number as people write it."""
        return number_text(value) if isinstance(value, Decimal) else value


class ObjectiveForm(forms.Form):
    """What is wanted, how it is measured, who answers for it."""

    title = words_field(_("Mục tiêu"), rows=2, most=400)
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
    method = words_field(_("Cách đo"), rows=2, most=600)
    frequency = forms.ChoiceField(
        label=_("Tần suất đo"), choices=list(measuring.FREQUENCY_NAMES.items())
    )
    whole = forms.ChoiceField(
        label=_("Kết quả cả năm"), choices=list(measuring.WHOLE_NAMES.items()),
        help_text=_("Dùng cho mục tiêu ghi tay."),
    )  # fmt: skip
    unit = choice_field(_("Đơn vị thực hiện"), required=False)
    owner = choice_field(_("Người phụ trách"))

    def __init__(
        self, *args: Any, people: Choices, units: Choices, measures: Choices, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "owner", people, _("chọn người"))
        choose(self, "unit", units, _("Toàn cơ quan"))
        choose(self, "measure", measures, _("Ghi tay, kèm bằng chứng"))

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
    evidence = words_field(_("Số liệu lấy từ đâu"), rows=2, most=1000, required=False)
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
    cause = words_field(_("Nguyên nhân"), rows=2, most=1000)
    title = words_field(_("Biện pháp: việc phải làm"), rows=2, most=400, required=False)
    owner = choice_field(_("Người làm"), required=False)
    due_on = day_field(_("Hạn hoàn thành"), required=False)

    def __init__(self, *args: Any, periods: Choices, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _periods(self, periods)
        choose(self, "owner", people, _("chọn người"))

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


class ChosenForm(forms.Form):
    """Rows ticked in a table."""

    chosen = forms.MultipleChoiceField(
        required=False, error_messages={"invalid_choice": _("Danh sách đã đổi, hãy tải lại trang.")}
    )

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chosen"].choices = list(choices)  # type: ignore[attr-defined]


class StarterForm(ChosenForm):
    """Starter objectives ticked, who answers for them, and the units' own that go along."""

    owner = choice_field(_("Người phụ trách"), required=False)
    along = forms.MultipleChoiceField(
        required=False, error_messages={"invalid_choice": _("Danh sách đã đổi, hãy tải lại trang.")}
    )

    def __init__(self, *args: Any, people: Choices, proposed: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "owner", people, _("người lấy về"))
        self.fields["along"].choices = list(proposed)  # type: ignore[attr-defined]


class JudgeForm(forms.Form):
    """A remark beside the computed verdict."""

    note = words_field(_("Nhận xét"), rows=2, most=1000, required=False)


class JudgeAllForm(forms.Form):
    """The conclusions of a year as they are shown; a missed target asks for cause and action."""

    seen = forms.MultipleChoiceField(
        required=False,
        error_messages={"invalid_choice": _("Số liệu đã đổi. Hãy tải lại trang và xem lại.")},
    )

    def __init__(
        self, *args: Any, lines: Sequence[JudgeLine], people: Choices, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        self.fields["seen"].choices = [(one.seen, "") for one in lines]  # type: ignore[attr-defined]
        for one in lines:
            if one.untold:
                self._ask(one.line.id, people)

    def _ask(self, objective_id: int, people: Choices) -> None:
        for name, field in (
            ("cause", words_field(_("Nguyên nhân"), rows=2, most=1000)),
            ("title", words_field(_("Biện pháp: việc phải làm"), rows=2, most=400)),
            ("owner", choice_field(_("Người làm"))),
            ("due_on", day_field(_("Hạn hoàn thành"))),
        ):
            self.fields[f"{name}_{objective_id}"] = field
        choose(self, f"owner_{objective_id}", people, _("chọn người"))

    def rows(self) -> list[tuple[JudgeLine, list[forms.BoundField]]]:
        """Return each conclusion with the fields that it asks for."""
        names = ("cause", "title", "owner", "due_on")
        return [
            (one, [self[f"{name}_{one.line.id}"] for name in names] if one.untold else [])
            for one in self.lines
        ]

    def told(self) -> list[Judged]:
        """Return what a service takes: the conclusions that were shown."""
        kept, found = self.cleaned_data, []
        for text in kept["seen"]:
            one, _colon, shown = text.partition(":")
            cause = kept.get(f"cause_{one}", "")
            act = (
                Act(kept[f"title_{one}"], kept[f"owner_{one}"], kept[f"due_on_{one}"])
                if cause else None
            )  # fmt: skip
            found.append(Judged(int(one), shown, cause, act))
        return found


class WhyForm(forms.Form):
    """Why something is left out or returned."""

    reason = words_field(_("Lý do"), rows=2, most=600)


class ApproveForm(forms.Form):
    """The digest of the rows that were shown."""

    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)
