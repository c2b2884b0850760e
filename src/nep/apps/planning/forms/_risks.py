"""Forms of risks and opportunities."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nep.apps.planning.forms._fields import Choices, choice_field, choose, day_field, words_field
from nep.apps.planning.rules import scales
from nep.apps.planning.rules.scales import OPPORTUNITY, Scale
from nep.apps.planning.services import RiskValues


def step_choices(scale: Scale, kind: str) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
    """Return the choices of both steps: "4, Hay xảy ra …"."""
    found = [
        [(place, f"{place}. {text}") for place, text in enumerate(words, start=1)]
        for words in scale.words(kind)
    ]
    return found[0], found[1]


class RateForm(forms.Form):
    """The two steps of a rating; the product is computed."""

    likelihood = choice_field(_("Khả năng xảy ra"))
    impact = choice_field(_("Mức độ ảnh hưởng"))

    def __init__(self, *args: Any, scale: Scale, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        likelihood, impact = step_choices(scale, kind)
        choose(self, "likelihood", likelihood, _("chọn bậc"))
        choose(self, "impact", impact, _("chọn bậc"))
        if kind == OPPORTUNITY:
            self.fields["likelihood"].label = _("Khả năng thực hiện")
            self.fields["impact"].label = _("Lợi ích")


class RiskForm(RateForm):
    """What may happen, why, with which result, where; rated at once when both steps are chosen."""

    title = words_field(_("Điều có thể xảy ra"), rows=2, most=400)
    cause = words_field(_("Vì sao có thể xảy ra"), rows=2, required=False)
    effect = words_field(_("Xảy ra thì ảnh hưởng gì"), rows=2, required=False)
    controls = words_field(_("Đang có cách kiểm soát nào"), rows=2, required=False)
    procedure_id = choice_field(_("Quy trình"), required=False)
    step = forms.IntegerField(
        label=_("Bước số"), required=False, min_value=1, max_value=200,
        widget=forms.NumberInput(attrs={"class": "num", "inputmode": "numeric"}),
    )  # fmt: skip
    objective_id = choice_field(_("Mục tiêu"), required=False)
    clause = forms.CharField(
        label=_("Điều khoản"), max_length=40, required=False,
        widget=forms.TextInput(attrs={"placeholder": "2015:8.5.1", "class": "num"}),
    )  # fmt: skip
    owner_id = choice_field(_("Người phụ trách"), required=False)

    def __init__(
        self, *args: Any, scale: Scale, kind: str, people: Choices, procedures: Choices,
        objectives: Choices = (), **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, scale=scale, kind=kind, **kwargs)
        self.kind = kind
        self.objectives = dict(objectives)
        choose(self, "owner_id", people, _("thư ký ISO giao sau"))
        choose(self, "procedure_id", procedures, _("không gắn quy trình"))
        choose(self, "objective_id", objectives, _("không gắn mục tiêu"))
        self.fields["likelihood"].required = self.fields["impact"].required = False
        if kind == OPPORTUNITY:
            self.fields["title"].label = _("Điều có thể tận dụng")
            self.fields["cause"].label = _("Vì sao có cơ hội này")
            self.fields["effect"].label = _("Làm được thì lợi gì")
            self.fields["controls"].label = _("Đã có gì để làm")

    def clean(self) -> dict[str, Any]:
        """Ask for the second step when one is chosen, for a procedure when a step is named."""
        kept = super().clean() or {}
        if bool(kept.get("likelihood")) != bool(kept.get("impact")):
            missing = "impact" if kept.get("likelihood") else "likelihood"
            self.add_error(missing, _("Chọn đủ cả hai bậc để tính được mức, hoặc để trống cả hai."))
        if kept.get("step") and not kept.get("procedure_id"):
            self.add_error("procedure_id", _("Hãy chọn quy trình của bước này."))
        return kept

    def values(self) -> RiskValues:
        """Return what a service takes."""
        kept = self.cleaned_data
        return RiskValues(
            kind=self.kind, title=kept["title"], cause=kept["cause"], effect=kept["effect"],
            controls=kept["controls"], clause=kept["clause"], procedure_id=kept["procedure_id"],
            step=kept["step"], objective_id=kept["objective_id"],
            objective_text=self.objectives.get(kept["objective_id"], ""), owner_id=kept["owner_id"],
        )  # fmt: skip

    def steps(self) -> tuple[int, int] | None:
        """Return the steps chosen, None for none."""
        kept = self.cleaned_data
        return (kept["likelihood"], kept["impact"]) if kept["likelihood"] else None


class RiskChangeForm(RiskForm):
    """What is written of a risk, changed; its rating and owner have forms of their own."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("likelihood", "impact"):
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Ask for a procedure when a step is named."""
        kept = forms.Form.clean(self) or {}
        if kept.get("step") and not kept.get("procedure_id"):
            self.add_error("procedure_id", _("Hãy chọn quy trình của bước này."))
        return kept


class RiskActForm(forms.Form):
    """An action that treats a risk."""

    title = words_field(_("Việc phải làm"), rows=2, most=400)
    owner_id = choice_field(_("Người làm"))
    due_on = day_field(_("Hạn hoàn thành"))
    checker_id = choice_field(
        _("Người kiểm tra"), required=False, help_text=_("Để trống thì thư ký ISO kiểm tra.")
    )

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "owner_id", people, _("chọn người làm"))
        choose(self, "checker_id", people, _("thư ký ISO"))


class RiskTreatForm(RateForm):
    """The two steps of a rating and, where it is known already, what is done about it."""

    title = words_field(_("Việc phải làm"), rows=2, most=400, required=False)
    owner_id = choice_field(_("Người làm"), required=False)
    due_on = day_field(_("Hạn hoàn thành"), required=False)

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "owner_id", people, _("chọn người làm"))

    def clean(self) -> dict[str, Any]:
        """Ask for owner and day where an action is told."""
        kept = super().clean() or {}
        if kept.get("title"):
            if not kept.get("owner_id"):
                self.add_error("owner_id", _("Hãy chọn người làm."))
            if not kept.get("due_on") and "due_on" not in self.errors:
                self.add_error("due_on", _("Hãy ghi hạn hoàn thành."))
        return kept


class RiskAcceptForm(forms.Form):
    """Why a risk is left as it is, and when to look again."""

    reason = words_field(_("Lý do"), rows=2)
    review_on = day_field(_("Ngày xem lại"))


class RiskVerifyForm(RateForm):
    """What was looked at, and the rating that is left."""

    note = words_field(_("Đã xem gì để kết luận"), rows=2)
    review_on = day_field(_("Ngày xem lại"))
    field_order = ["note", "likelihood", "impact", "review_on"]


class RiskHappenForm(forms.Form):
    """How a risk came true."""

    text = words_field(_("Đã xảy ra thế nào"), rows=2)
    on = day_field(_("Ngày xảy ra"))


class RiskReasonForm(forms.Form):
    """A reason."""

    reason = words_field(_("Lý do"), rows=2, most=1000)


class RiskAssignForm(forms.Form):
    """Who answers for a risk."""

    owner_id = choice_field(_("Người phụ trách"))

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "owner_id", people, _("chọn người"))


class ScaleForm(forms.Form):
    """The method of an agency and its thresholds."""

    method = forms.ChoiceField(
        widget=forms.HiddenInput, choices=[(one, one) for one in scales.METHODS]
    )
    medium_from = forms.IntegerField(label=_("Mức trung bình từ tích"), min_value=1, max_value=25)
    high_from = forms.IntegerField(label=_("Mức cao từ tích"), min_value=1, max_value=25)
