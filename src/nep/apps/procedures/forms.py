"""Forms of the pages about TTHC and procedures."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nep.apps.procedures.queries import TthcFacts
from nep.apps.procedures.rules.lint import SEVERITY_NAMES, Rule
from nep.apps.procedures.rules.wording import UNIT_NAMES
from nep.apps.procedures.services import PaperValues, TthcValues
from nep.kernel.vietnamese import number_text, parse_number

UNIT_CHOICES = [("", _("Chưa rõ")), *UNIT_NAMES.items()]
EMPTY_PAPERS = 3
_DAY = {"inputmode": "numeric", "placeholder": "dd/mm/yyyy", "class": "num", "autocomplete": "off"}


class AmountField(forms.CharField):
    """A positive number as Vietnamese offices write it: "2,5"."""

    default_error_messages = {"invalid": _("Hãy ghi số lớn hơn 0, ví dụ 5 hoặc 0,5.")}

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        """Return the number, None when nothing was typed."""
        text = super().to_python(value)
        if not text:
            return None
        amount = parse_number(text)
        if amount is None or not 0 < amount < 10_000:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return amount

    def prepare_value(self, value: Any) -> Any:
        """Return "2,5" for a stored number."""
        return number_text(value) if isinstance(value, Decimal) else value


class TthcForm(forms.Form):
    """The columns of a TTHC; its papers are in `PaperFormSet`."""

    name = forms.CharField(label=_("Tên thủ tục"), max_length=600)
    code = forms.CharField(
        label=_("Mã thủ tục"),
        max_length=30,
        required=False,
        help_text=_("Mã trong quyết định công bố, ví dụ 1.009645."),
        widget=forms.TextInput(attrs={"class": "num"}),
    )
    is_internal = forms.BooleanField(
        label=_("Quy trình nội bộ của cơ quan, không có mã thủ tục"), required=False
    )
    at_once = forms.BooleanField(
        label=_("Trả kết quả ngay khi nhận, không lập giấy tiếp nhận và không hẹn trả"),
        required=False,
    )
    field = forms.CharField(label=_("Lĩnh vực"), max_length=200, required=False)
    limit_amount = AmountField(
        label=_("Thời hạn giải quyết"),
        required=False,
        widget=forms.TextInput(attrs={"class": "num", "inputmode": "decimal"}),
    )
    limit_unit = forms.ChoiceField(label=_("Đơn vị"), choices=UNIT_CHOICES, required=False)
    result = forms.CharField(label=_("Kết quả giải quyết"), max_length=400, required=False)
    fee = forms.CharField(label=_("Phí, lệ phí"), max_length=400, required=False)
    legal_basis = forms.CharField(
        label=_("Căn cứ pháp lý"), required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """Ask for the unit when a limit was typed."""
        found = super().clean() or {}
        if found.get("limit_amount") is not None and not found.get("limit_unit"):
            self.add_error("limit_unit", _("Hãy chọn đơn vị của thời hạn."))
        return found


class PaperForm(forms.Form):
    """One required paper; a row without a name is left out."""

    name = forms.CharField(label=_("Tên giấy tờ"), max_length=1000, required=False)
    originals = forms.IntegerField(
        label=_("Bản chính"), min_value=0, max_value=99, required=False, initial=1
    )
    copies = forms.IntegerField(
        label=_("Bản sao"), min_value=0, max_value=99, required=False, initial=0
    )
    is_required = forms.BooleanField(label=_("Bắt buộc"), required=False, initial=True)


PaperFormSet = forms.formset_factory(PaperForm, extra=EMPTY_PAPERS, max_num=200)


def paper_initial(facts: TthcFacts) -> list[dict[str, Any]]:
    """Return the start values of the paper rows."""
    return [
        {
            "name": paper.name,
            "originals": paper.originals,
            "copies": paper.copies,
            "is_required": paper.is_required,
        }
        for paper in facts.papers
    ]


def tthc_initial(facts: TthcFacts) -> dict[str, Any]:
    """Return the start values of the TTHC form."""
    names = [name for name in TthcForm.base_fields if hasattr(facts, name)]
    return {name: getattr(facts, name) for name in names}


def tthc_values(form: TthcForm, papers: Iterable[forms.Form]) -> TthcValues:
    """Return what the two forms say."""
    found = {key: value for key, value in form.cleaned_data.items() if key != "version"}
    rows = tuple(
        PaperValues(
            name=row.cleaned_data["name"],
            originals=row.cleaned_data.get("originals") or 0,
            copies=row.cleaned_data.get("copies") or 0,
            is_required=bool(row.cleaned_data.get("is_required")),
        )
        for row in papers
        if row.cleaned_data.get("name")
    )
    return TthcValues(**found, papers=rows)


class ProcedureForm(forms.Form):
    """A procedure made by hand."""

    tthc = forms.TypedChoiceField(label=_("Thủ tục"), coerce=int)
    code = forms.CharField(
        label=_("Mã hiệu quy trình"),
        max_length=60,
        required=False,
        help_text=_("Để trống thì hệ thống cấp số tiếp theo, ví dụ QT-19."),
        widget=forms.TextInput(attrs={"class": "num"}),
    )
    title = forms.CharField(
        label=_("Tên quy trình"),
        max_length=600,
        required=False,
        help_text=_("Để trống thì lấy tên thủ tục."),
    )
    variant = forms.CharField(
        label=_("Trường hợp"),
        max_length=400,
        required=False,
        help_text=_("Ghi khi một thủ tục có nhiều quy trình, ví dụ “cấp lại do mất”."),
    )

    def __init__(self, *args: Any, choices: Iterable[tuple[int, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["tthc"].choices = [("", _("Chọn thủ tục")), *choices]  # type: ignore[attr-defined]


class PersonChoiceForm(forms.Form):
    """Who checks, or who approves."""

    person = forms.TypedChoiceField(coerce=int)

    def __init__(
        self, *args: Any, label: str, people: Iterable[tuple[int, str]], **more: Any
    ) -> None:
        super().__init__(*args, **more)
        field = self.fields["person"]
        field.label = label
        field.choices = [("", _("Chọn người")), *people]  # type: ignore[attr-defined]


class PublishForm(forms.Form):
    """The first day in force."""

    effective_from = forms.DateField(
        label=_("Ngày hiệu lực"), widget=forms.DateInput(format="%d/%m/%Y", attrs=_DAY)
    )
    decision_number = forms.CharField(
        label=_("Số quyết định ban hành"),
        max_length=120,
        required=False,
        help_text=_("Ghi một lần cho cả quy trình và các biểu mẫu đi cùng."),
    )


class ReasonForm(forms.Form):
    """Why something goes back or is dropped; the receiver reads it."""

    reason = forms.CharField(
        label=_("Lý do"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class ReviseForm(forms.Form):
    """How the next revision is counted, and what is going to change."""

    kind = forms.ChoiceField(
        label=_("Cách đánh số"),
        choices=[
            ("amendment", _("Sửa đổi trong lần ban hành này")),
            ("issue", _("Ban hành lần mới")),
        ],
        widget=forms.RadioSelect,
        initial="amendment",
    )
    change_note = forms.CharField(
        label=_("Nội dung sửa đổi"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class LinterRuleForm(forms.Form):
    """How the agency sets one rule: its severity, its figures, its words one a line."""

    severity = forms.ChoiceField(label=_("Mức độ"), choices=list(SEVERITY_NAMES.items()))

    def __init__(self, *args: Any, rule: Rule, **more: Any) -> None:
        start: dict[str, Any] = {"severity": rule.severity}
        start |= {one.name: one.value for one in rule.figures}
        start |= {one.name: "\n".join(one.value) for one in rule.words}
        super().__init__(*args, **{**more, "initial": start})
        self._rule = rule
        for figure in rule.figures:
            wrong = _("Nhập một số từ %(least)s đến %(most)s.") % {
                "least": figure.least, "most": figure.most,
            }  # fmt: skip
            self.fields[figure.name] = forms.IntegerField(
                label=figure.label, min_value=figure.least, max_value=figure.most,
                error_messages=dict.fromkeys(
                    ("required", "invalid", "min_value", "max_value"), wrong
                ),
            )  # fmt: skip
        for one in rule.words:
            self.fields[one.name] = forms.CharField(
                label=one.label, help_text=_("Mỗi dòng một cụm chữ."),
                widget=forms.Textarea(attrs={"rows": 4}),
            )  # fmt: skip

    def figures(self) -> dict[str, int]:
        """Return the figures typed."""
        return {one.name: self.cleaned_data[one.name] for one in self._rule.figures}

    def words(self) -> dict[str, tuple[str, ...]]:
        """Return the words typed, empty lines left out."""
        return {
            one.name: tuple(
                line for line in self.cleaned_data[one.name].splitlines() if line.strip()
            )
            for one in self._rule.words
        }
