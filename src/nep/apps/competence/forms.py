"""Forms of competence."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nep.apps.competence.rules import qualifications, training
from nep.apps.competence.services import QualificationValues, SessionValues
from nep.apps.organization.rules import ROLE_NAMES
from nep.kernel.vietnamese import VN, parse_number

Choices = Sequence[tuple[Any, Any]]
_DAY = {"inputmode": "numeric", "placeholder": "dd/mm/yyyy", "class": "num", "autocomplete": "off"}


def day_field(label: Any, **more: Any) -> forms.DateField:
    """Return a field for a day as people write it."""
    return forms.DateField(
        label=label, widget=forms.DateInput(format="%d/%m/%Y", attrs=_DAY), **more
    )


def words_field(label: Any, *, rows: int = 2, most: int = 600, **more: Any) -> forms.CharField:
    """Return a field for some sentences."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=most, widget=widget, **more)


def choose(form: forms.Form, name: str, choices: Choices, empty: Any) -> None:
    """Give a field its choices, with words for none."""
    form.fields[name].choices = [("", empty), *choices]  # type: ignore[attr-defined]


class QualificationForm(forms.Form):
    """Whose certificate, of which course, given by whom, from when until when."""

    person = forms.TypedChoiceField(label=_("Người được cấp"), coerce=int)
    kind = forms.ChoiceField(label=_("Loại"), choices=list(qualifications.KIND_NAMES.items()))
    course = forms.CharField(
        label=_("Khóa học, chứng chỉ"), max_length=300,
        widget=forms.TextInput(attrs={"placeholder": _("Đánh giá nội bộ ISO 9001:2015")}),
    )  # fmt: skip
    given_by = forms.CharField(label=_("Nơi cấp"), max_length=200)
    number = forms.CharField(label=_("Số"), max_length=80, required=False)
    given_on = day_field(_("Ngày cấp"))
    valid_until = day_field(
        _("Hết hạn ngày"), required=False, help_text=_("Để trống khi không có hạn.")
    )
    file = forms.FileField(
        label=_("Bản chụp"), required=False, help_text=_("PDF hoặc ảnh chứng chỉ.")
    )
    second = forms.TypedChoiceField(
        label=_("Người học cùng khóa"), coerce=int, required=False, empty_value=None,
        help_text=_("Ghi luôn chứng chỉ cùng khóa, cùng ngày, chưa có số."),
    )  # fmt: skip

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "person", people, _("chọn người"))
        choose(self, "second", people, _("không có"))

    def clean(self) -> dict[str, Any]:
        """Ask for two people where a second is named."""
        kept = super().clean() or {}
        if kept.get("second") and kept["second"] == kept.get("person"):
            self.add_error("second", _("Hãy chọn một người khác."))
        return kept

    def values(self) -> tuple[QualificationValues, ...]:
        """Return what a service takes, one for each person."""
        kept, file = self.cleaned_data, self.cleaned_data.get("file")
        first = QualificationValues(
            person_id=kept["person"], kind=kept["kind"], course=kept["course"],
            given_by=kept["given_by"], number=kept["number"], given_on=kept["given_on"],
            valid_until=kept["valid_until"], file_name=file.name if file else "",
            file_data=file.read() if file else b"",
        )  # fmt: skip
        if not kept["second"]:
            return (first,)
        second = replace(first, person_id=kept["second"], number="", file_name="", file_data=b"")
        return first, second


class ReasonForm(forms.Form):
    """Why something ends."""

    reason = words_field(_("Lý do"))


def people_field(label: Any, **more: Any) -> forms.TypedMultipleChoiceField:
    """Return a field for some people; its choices come with the form."""
    return forms.TypedMultipleChoiceField(
        label=label, coerce=int, widget=forms.CheckboxSelectMultiple, **more
    )


POST = "chuc-danh:"
"""What a choice begins with that is a post's name, not a role."""


class NeedForm(forms.Form):
    """What some people have to learn."""

    title = words_field(_("Cần đào tạo điều gì"), most=400)
    people = people_field(_("Ai cần"))

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = list(people)  # type: ignore[attr-defined]


class RequirementForm(forms.Form):
    """Which competence a position asks for."""

    title = forms.CharField(
        label=_("Năng lực cần có"), max_length=300,
        help_text=_("Ghi đúng tên khóa học thì chứng chỉ cùng tên được tính là đã đáp ứng."),
    )  # fmt: skip
    role = forms.ChoiceField(
        label=_("Vị trí"),
        help_text=_("Vai trò trong phần mềm, hoặc chức danh ghi ở quyết định bổ nhiệm."),
    )
    months = forms.IntegerField(
        label=_("Nhắc lại sau (tháng)"), required=False, min_value=1, max_value=120,
        help_text=_("Để trống khi học một lần là đủ."),
    )  # fmt: skip

    def __init__(self, *args: Any, posts: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        groups: list[tuple[Any, list[tuple[str, str]]]] = [(_("Vai trò"), list(ROLE_NAMES.items()))]
        if named := [(f"{POST}{name}", name) for name in posts]:
            groups.append((_("Chức danh"), named))
        self.fields["role"].choices = groups  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Return the title, the role or the post, and the months as the service takes them."""
        role = self.cleaned_data["role"]
        is_post = role.startswith(POST)
        return {
            "title": self.cleaned_data["title"], "months": self.cleaned_data["months"],
            "role": "" if is_post else role, "post": role.removeprefix(POST) if is_post else "",
        }  # fmt: skip


class SessionForm(forms.Form):
    """What, when, where, by whom, for whom."""

    title = words_field(_("Nội dung"), most=400)
    day = day_field(_("Ngày"))
    time = forms.TimeField(
        label=_("Giờ bắt đầu"), widget=forms.TimeInput(format="%H:%M", attrs={"class": "num"})
    )
    hours = forms.CharField(
        label=_("Số giờ"), max_length=6, widget=forms.TextInput(attrs={"class": "num"})
    )
    form = forms.ChoiceField(label=_("Hình thức"), choices=list(training.FORM_NAMES.items()))
    trainer_person = forms.TypedChoiceField(
        label=_("Người giảng của cơ quan"), coerce=int, required=False, empty_value=None
    )
    trainer = forms.CharField(label=_("Người giảng từ nơi khác"), max_length=200, required=False)
    place = forms.CharField(label=_("Nơi học"), max_length=200, required=False)
    organiser = forms.TypedChoiceField(label=_("Người tổ chức"), coerce=int)
    requirement = forms.TypedChoiceField(
        label=_("Năng lực của vị trí"), coerce=int, required=False, empty_value=None
    )
    people = people_field(_("Người dự"))

    def __init__(self, *args: Any, people: Choices, requirements: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "trainer_person", people, _("người nơi khác"))
        choose(self, "organiser", people, _("chọn người"))
        choose(self, "requirement", requirements, _("không thuộc yêu cầu nào"))
        self.fields["people"].choices = list(people)  # type: ignore[attr-defined]

    def clean_hours(self) -> Decimal:
        """Return the hours as a number. Raises ValidationError."""
        found = parse_number(self.cleaned_data["hours"])
        if found is None:
            raise forms.ValidationError(_("Hãy ghi số giờ, ví dụ 4 hoặc 3,5."), code="number")
        return found.quantize(Decimal("0.1"))

    def values(self) -> SessionValues:
        """Return what a service takes."""
        kept = self.cleaned_data
        return SessionValues(
            title=kept["title"], hours=kept["hours"], organiser_id=kept["organiser"],
            starts_at=datetime.combine(kept["day"], kept["time"], VN),
            person_ids=tuple(kept["people"]), form=kept["form"], trainer=kept["trainer"],
            trainer_person_id=kept["trainer_person"], place=kept["place"],
            requirement_id=kept["requirement"],
        )  # fmt: skip


class HoldForm(forms.Form):
    """Who was there, and from when the effect is judged."""

    people = people_field(_("Người có mặt"), required=False)
    effect_on = day_field(_("Xét hiệu quả từ ngày"), required=False)

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].choices = list(people)  # type: ignore[attr-defined]


class EffectForm(forms.Form):
    """Whether it worked, and what shows it."""

    verdict = forms.ChoiceField(
        label=_("Kết luận"), widget=forms.RadioSelect,
        choices=[("co", _("Có hiệu quả")), ("khong", _("Chưa hiệu quả, cần đào tạo lại"))],
    )  # fmt: skip
    note = words_field(_("Dựa vào đâu"), most=1000)


class ApproveForm(forms.Form):
    """The digest of the rows that were shown."""

    sha256 = forms.CharField(widget=forms.HiddenInput, max_length=64)


class ChosenForm(forms.Form):
    """Rows ticked in a table."""

    chosen = forms.TypedMultipleChoiceField(coerce=int, required=False)

    def __init__(self, *args: Any, choices: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["chosen"].choices = list(choices)  # type: ignore[attr-defined]
