"""Forms of internal audits."""

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nep.apps.audits.queries import clause_titles
from nep.apps.audits.rules import independence, life
from nep.apps.audits.services import Link, SessionValues, Treatment, Upload
from nep.kernel.vietnamese import VN

Choices = Sequence[tuple[Any, Any]]
_DAY = {"inputmode": "numeric", "placeholder": "dd/mm/yyyy", "class": "num", "autocomplete": "off"}
_CLOCK = {"inputmode": "numeric", "placeholder": "08:00", "class": "num", "autocomplete": "off"}
_PARTS = re.compile(r"[\s,;]+")


def day_field(label: Any, **more: Any) -> forms.DateField:
    """Return a field for a day as people write it."""
    return forms.DateField(
        label=label, widget=forms.DateInput(format="%d/%m/%Y", attrs=_DAY), **more
    )


def clock_field(label: Any) -> forms.TimeField:
    """Return a field for an hour."""
    return forms.TimeField(
        label=label, widget=forms.TimeInput(format="%H:%M", attrs=_CLOCK),
        input_formats=["%H:%M", "%Hh%M", "%H"],
    )  # fmt: skip


def words_field(label: Any, *, required: bool = True, rows: int = 2, most: int = 1000, **more: Any):
    """Return a field for some sentences."""
    return forms.CharField(
        label=label, required=required, max_length=most, widget=forms.Textarea(attrs={"rows": rows}),
        **more,
    )  # fmt: skip


class ClausesField(forms.CharField):
    """Numbers of clauses of the standard, "7.5, 8.1"; what is none is told."""

    def __init__(self, **more: Any) -> None:
        super().__init__(
            label=_("Điều khoản"), max_length=300,
            help_text=_("Số điều cách nhau bằng dấu phẩy: 7.5, 8.1, 8.5."), **more,
        )  # fmt: skip

    def clean(self, value: Any) -> tuple[str, ...]:
        """Return the numbers in the order typed, each once. Raises ValidationError."""
        typed = dict.fromkeys(filter(None, _PARTS.split(super().clean(value))))
        known = clause_titles()
        if strange := [one for one in typed if one not in known]:
            raise forms.ValidationError(
                _("Không đánh giá theo điều %(numbers)s. Hãy ghi số như 7.5, 8.1, 8.5."),
                code="clause_unknown", params={"numbers": ", ".join(strange[:3])},
            )  # fmt: skip
        return tuple(typed)


class LineForm(forms.Form):
    """The months and the clauses of a unit; no month takes the unit out."""

    months = forms.TypedMultipleChoiceField(
        label=_("Tháng"), coerce=int, required=False, choices=[(n, n) for n in range(1, 13)],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Bỏ mọi tháng là bỏ đơn vị khỏi chương trình."),
    )  # fmt: skip
    clauses = ClausesField(required=False)


class ProgrammeWordsForm(forms.Form):
    """What the programme is for; why clauses are left out."""

    aim = words_field(_("Mục đích"), required=False, rows=3, most=2000)
    excuse = words_field(
        _("Vì sao có điều khoản không đánh giá"), required=False, most=600,
        help_text=_("Bắt buộc khi còn điều khoản chưa thuộc đơn vị nào."),
    )  # fmt: skip


class ReasonForm(forms.Form):
    """A reason in a sentence."""

    reason = words_field(_("Lý do"))


class AnnounceForm(forms.Form):
    """The number of the decision that sets up the team, when there is one already."""

    decision = forms.CharField(
        label=_("Số quyết định thành lập đoàn"), max_length=60, required=False,
        help_text=_("Để trống khi văn thư chưa cấp số."),
    )  # fmt: skip


class EmptyForm(forms.Form):
    """Nothing but a button."""


class MemberForm(forms.Form):
    """A person of the team."""

    person = forms.TypedChoiceField(label=_("Người"), coerce=int)
    part = forms.ChoiceField(label=_("Vai trò"), choices=list(independence.PART_NAMES.items()),
                             initial=independence.AUDITOR)  # fmt: skip
    agreement = forms.CharField(
        label=_("Văn bản đồng ý cử"), max_length=200, required=False,
        help_text=_("Số, ngày văn bản; chỉ với người của cơ quan khác."),
    )  # fmt: skip

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [("", _("chọn người")), *people]  # type: ignore[attr-defined]


class SessionForm(forms.Form):
    """A session: unit, clauses, procedure, day and hours, who answers, who audits."""

    unit = forms.TypedChoiceField(label=_("Đơn vị"), coerce=int)
    on = day_field(_("Ngày"))
    starts = clock_field(_("Từ"))
    ends = clock_field(_("Đến"))
    clauses = ClausesField()
    procedure = forms.TypedChoiceField(
        label=_("Quy trình lấy mẫu"), coerce=int, required=False, empty_value=None
    )
    representative = forms.TypedChoiceField(
        label=_("Đại diện đơn vị"), coerce=int, required=False, empty_value=None
    )
    auditors = forms.TypedMultipleChoiceField(
        label=_("Đánh giá viên"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, *args: Any, units: Choices, procedures: Choices, people: Choices, team: Choices,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["unit"].choices = list(units)
        fields["procedure"].choices = [("", _("không chọn")), *procedures]
        fields["representative"].choices = [("", _("chọn người")), *people]
        fields["auditors"].choices = list(team)

    def values(self) -> SessionValues:
        """Return what a session is made of."""
        kept = self.cleaned_data
        return SessionValues(
            unit_id=kept["unit"], clauses=kept["clauses"],
            starts_at=datetime.combine(kept["on"], kept["starts"], VN),
            ends_at=datetime.combine(kept["on"], kept["ends"], VN),
            procedure_id=kept["procedure"], representative_id=kept["representative"],
            auditor_ids=tuple(kept["auditors"]),
        )  # fmt: skip


class PersonForm(forms.Form):
    """One person by id."""

    person = forms.IntegerField(min_value=1)


class MonthForm(forms.Form):
    """One month."""

    month = forms.IntegerField(min_value=1, max_value=12)


class NoteForm(forms.Form):
    """How it conforms and what was seen; either may be missing."""

    level = forms.ChoiceField(
        label=_("Kết luận"), required=False, choices=[("", ""), *life.LEVELS.items()]
    )
    text = words_field(_("Đã thấy gì"), required=False, most=4000)


class QuestionForm(forms.Form):
    """A question of one's own."""

    clause = forms.CharField(label=_("Điều"), max_length=12, help_text=_("Ví dụ 8.5"))
    text = words_field(_("Câu hỏi"), most=400)


class ProofForm(forms.Form):
    """Evidence: a file or a photo, a case of the sample, or an address of this site."""

    file = forms.FileField(label=_("Ảnh hoặc tệp"), required=False)
    case = forms.IntegerField(required=False, min_value=1)
    document = forms.IntegerField(required=False, min_value=1)
    record = forms.CharField(label=_("Số hồ sơ lưu"), max_length=60, required=False)
    link = forms.CharField(
        label=_("Liên kết trong hệ thống"), max_length=300, required=False,
        widget=forms.TextInput(attrs={"placeholder": "/tai-lieu/…"}),
    )  # fmt: skip

    def uploads(self) -> tuple[Upload, ...]:
        """Return the file that was sent, if any."""
        found = self.cleaned_data.get("file")
        return (Upload(found.name, found.read()),) if found else ()

    def typed(self) -> tuple[Link, ...]:
        """Return the link that was typed, if any."""
        url = self.cleaned_data["link"].strip()
        kinds = {"tai-lieu": "document", "luu-tru": "record", "ho-so": "case"}
        kind = kinds.get(url.strip("/").partition("/")[0], "link")
        return (Link(kind, url, url),) if url else ()


class DrawForm(forms.Form):
    """From which days, how many; why again; with which seed."""

    since = day_field(_("Hồ sơ xong từ ngày"))
    until = day_field(_("đến ngày"))
    size = forms.IntegerField(label=_("Số hồ sơ"), min_value=1, max_value=30)
    seed = forms.CharField(
        label=_("Mã rút"), max_length=40, required=False,
        help_text=_("Để trống thì Nếp chọn; ghi mã cũ để rút lại đúng mẫu đó."),
    )  # fmt: skip
    reason = words_field(_("Lý do rút lại"), required=False, most=400)


class SampleForm(forms.Form):
    """What was seen in a case."""

    note = forms.CharField(label=_("Ghi chú khi xem"), max_length=600, required=False)


class HoldForm(forms.Form):
    """What is told of questions that were not asked."""

    skipped = forms.CharField(label=_("Vì sao có câu không hỏi"), max_length=600, required=False)


class SettleForm(forms.Form):
    """What the leader of the team decides about a contested finding."""

    level = forms.ChoiceField(
        label=_("Kết luận"), required=False,
        choices=[(key, name) for key, name in life.LEVELS.items() if key != life.CONFORM]
        + [("", _("Rút phát hiện"))],
    )  # fmt: skip
    note = words_field(_("Vì sao"))


class ReportForm(forms.Form):
    """The conclusion, and for each nonconformity who answers and until when."""

    conclusion = words_field(_("Kết luận của đoàn"), rows=4, most=4000)

    def __init__(
        self, *args: Any, findings: Sequence[tuple[int, str]], people: Choices, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.finding_ids = [id_ for id_, _label in findings]
        for id_, label in findings:
            self.fields[f"owner_{id_}"] = forms.TypedChoiceField(
                label=label, coerce=int, required=False, empty_value=None,
                choices=[("", _("chờ thư ký ISO giao")), *people],
            )  # fmt: skip
            self.fields[f"due_{id_}"] = day_field(_("Phân tích xong trước"))

    def treatments(self) -> dict[int, Treatment]:
        """Return who answers until when, by finding."""
        kept = self.cleaned_data
        return {
            id_: Treatment(kept[f"owner_{id_}"], kept[f"due_{id_}"]) for id_ in self.finding_ids
        }

    @property
    def pairs(self) -> list[tuple[Any, Any]]:
        """Return the two fields of each finding, to be drawn."""
        return [(self[f"owner_{id_}"], self[f"due_{id_}"]) for id_ in self.finding_ids]
