"""Forms of improvement."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nep.apps.improvement.rules import feedback, life, surveys
from nep.apps.improvement.services import FeedbackValues, SheetValues

Choices = Sequence[tuple[Any, Any]]
_DAY = {"inputmode": "numeric", "placeholder": "dd/mm/yyyy", "class": "num", "autocomplete": "off"}


def day_field(label: Any, **more: Any) -> forms.DateField:
    """Return a field for a day as people write it."""
    return forms.DateField(
        label=label, widget=forms.DateInput(format="%d/%m/%Y", attrs=_DAY), **more
    )


def words_field(label: Any, *, rows: int = 3, most: int = 2000, **more: Any) -> forms.CharField:
    """Return a field for some sentences."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=most, widget=widget, **more)


def person_field(label: Any, **more: Any) -> forms.TypedChoiceField:
    """Return a field for a person of the agency; its choices come with the form."""
    return forms.TypedChoiceField(label=label, coerce=int, empty_value=None, **more)


def choose(form: forms.Form, name: str, choices: Choices, empty: Any) -> None:
    """Give a field its choices, with words for none."""
    form.fields[name].choices = [("", empty), *choices]  # type: ignore[attr-defined]


class SheetForm(forms.Form):
    """What is not as it should be, where, who answers for it."""

    title = words_field(_("Điều không phù hợp"), rows=2, most=400)
    detail = words_field(
        _("Chi tiết, bằng chứng"), rows=3, most=4000, required=False,
        help_text=_("Không ghi tên, số định danh của người dân."),
    )  # fmt: skip
    source = forms.ChoiceField(
        label=_("Nguồn"), required=False,
        choices=[("hand", _("Tự phát hiện")), ("inspection", _("Kiểm tra của cấp trên"))],
    )  # fmt: skip
    source_text = forms.CharField(
        label=_("Văn bản, cuộc kiểm tra"), max_length=400, required=False,
        help_text=_("Ví dụ: Biên bản kiểm tra số 12/BB ngày 05/11/2026."),
    )  # fmt: skip
    clause = forms.CharField(
        label=_("Điều khoản"), max_length=40, required=False,
        widget=forms.TextInput(attrs={"placeholder": "2015:8.5.1", "class": "num"}),
    )  # fmt: skip
    level = forms.ChoiceField(
        label=_("Mức"), required=False, choices=list(life.LEVEL_NAMES.items())
    )
    found_on = day_field(_("Ngày phát hiện"))
    owner = person_field(
        _("Người phụ trách"), required=False,
        help_text=_("Để trống thì thư ký ISO giao sau."),
    )  # fmt: skip
    due_on = day_field(_("Hạn phân tích, lập hành động"))
    potential = forms.BooleanField(
        label=_("Chưa xảy ra, phòng ngừa trước (hành động phòng ngừa theo bản 2008)"),
        required=False,
    )

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "owner", people, _("thư ký ISO giao sau"))

    def values(self) -> SheetValues:
        """Return what a service takes."""
        kept = self.cleaned_data
        return SheetValues(
            title=kept["title"], detail=kept["detail"], found_on=kept["found_on"],
            due_on=kept["due_on"], clause=kept["clause"], level=kept["level"],
            owner_id=kept["owner"], potential=kept["potential"],
        )  # fmt: skip


class AssignForm(forms.Form):
    """Who answers for a sheet and until when its cause is sought."""

    owner = person_field(_("Người phụ trách"))
    due_on = day_field(_("Hạn phân tích"))

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "owner", people, _("chọn người"))


class CorrectForm(forms.Form):
    """What was done at once."""

    correction = words_field(
        _("Đã xử lý ngay việc sai thế nào"), rows=2,
        help_text=_("Sửa chính việc sai, chưa nói nguyên nhân. Không cần xử lý thì ghi vì sao."),
    )  # fmt: skip
    on = day_field(_("Ngày xử lý"))


class AnalyseForm(forms.Form):
    """The cause, and the whys that led to it."""

    why_1 = forms.CharField(label=_("Vì sao xảy ra?"), max_length=300, required=False)
    why_2 = forms.CharField(label=_("Vì sao điều đó xảy ra?"), max_length=300, required=False)
    why_3 = forms.CharField(label=_("Vì sao nữa?"), max_length=300, required=False)
    why_4 = forms.CharField(label=_("Vì sao lần bốn?"), max_length=300, required=False)
    why_5 = forms.CharField(label=_("Vì sao lần năm?"), max_length=300, required=False)
    cause = words_field(_("Nguyên nhân gốc"), rows=2)

    def whys(self) -> tuple[str, ...]:
        """Return what was answered to the whys, in order."""
        return tuple(self.cleaned_data[f"why_{n}"] for n in range(1, life.MOST_WHYS + 1))


class ActForm(forms.Form):
    """A corrective action."""

    title = words_field(_("Việc phải làm để không tái diễn"), rows=2, most=400)
    owner = person_field(_("Người làm"))
    due_on = day_field(_("Hạn hoàn thành"))
    checker = person_field(
        _("Người kiểm tra"), required=False, help_text=_("Để trống thì thư ký ISO kiểm tra.")
    )

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "owner", people, _("chọn người làm"))
        choose(self, "checker", people, _("thư ký ISO"))

    def values(self) -> dict[str, Any]:
        """Return the arguments of `nonconformity_act`."""
        kept = self.cleaned_data
        return {"title": kept["title"], "owner_id": kept["owner"], "due_on": kept["due_on"],
                "checker_id": kept["checker"]}  # fmt: skip


class ChangeForm(forms.Form):
    """Which document has to change, and how."""

    document_code = forms.CharField(
        label=_("Mã hiệu tài liệu"), max_length=60,
        widget=forms.TextInput(attrs={"class": "num", "placeholder": "QT-07"}),
    )  # fmt: skip
    wanted = words_field(_("Sửa gì"), rows=2)


class SolveForm(CorrectForm):
    """The whole sheet at once: what was done, the cause, the action, which document changes."""

    why_1 = forms.CharField(label=_("Vì sao xảy ra?"), max_length=300, required=False)
    cause = words_field(_("Nguyên nhân gốc"), rows=2)
    title = words_field(_("Việc phải làm để không tái diễn"), rows=2, most=400)
    owner = person_field(_("Người làm"))
    due_on = day_field(_("Hạn hoàn thành"))
    document_code = forms.CharField(
        label=_("Tài liệu phải sửa"), max_length=60, required=False,
        widget=forms.TextInput(attrs={"class": "num", "placeholder": "QT-07"}),
        help_text=_("Mã hiệu; để trống khi không phải sửa tài liệu nào."),
    )  # fmt: skip
    document_note = words_field(
        _("Sửa gì, hoặc vì sao không phải sửa tài liệu nào"), rows=2, most=600
    )

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "owner", people, _("chọn người làm"))


class ReasonForm(forms.Form):
    """Why."""

    reason = words_field(_("Lý do"), rows=2, most=600)


class CheckForm(forms.Form):
    """From which day the effect is judged."""

    effect_on = day_field(
        _("Xét hiệu lực từ ngày"),
        help_text=_("Đủ lâu để thấy việc sai không lặp lại, thường một đến ba tháng."),
    )  # fmt: skip
    note = words_field(_("Nhận xét"), rows=2, required=False)


class EffectForm(forms.Form):
    """Whether the actions worked, and what was looked at."""

    verdict = forms.ChoiceField(
        label=_("Kết luận"), widget=forms.RadioSelect,
        choices=[("co", _("Có hiệu lực")), ("khong", _("Chưa hiệu lực, phân tích lại"))],
    )  # fmt: skip
    note = words_field(_("Đã xem gì để kết luận"), rows=2)
    close = forms.BooleanField(label=_("Có hiệu lực thì đóng phiếu luôn"), required=False)


class CloseForm(forms.Form):
    """A last word when closing."""

    note = words_field(_("Nhận xét khi đóng"), rows=2, most=1000, required=False)


class RuleForm(forms.Form):
    """How a rule over cases is set."""

    code = forms.CharField(widget=forms.HiddenInput)
    is_on = forms.BooleanField(label=_("Bật luật này"), required=False)
    share = forms.IntegerField(label=_("Từ tỷ lệ (%)"))
    least = forms.IntegerField(label=_("Và từ số hồ sơ"))


class FeedbackLimitForm(forms.Form):
    """How long a kind of feedback may take, and on what ground."""

    kind = forms.CharField(widget=forms.HiddenInput, max_length=20)
    accept = forms.IntegerField(label=_("Thụ lý trong (ngày)"))
    answer = forms.IntegerField(label=_("Trả lời trong (ngày)"))
    unit = forms.ChoiceField(label=_("Tính theo"), choices=list(feedback.UNIT_NAMES.items()))
    source = words_field(_("Căn cứ"), rows=2, most=400)


class FeedbackForm(forms.Form):
    """What came, from whom, about which case."""

    kind = forms.ChoiceField(label=_("Loại"))
    channel = forms.ChoiceField(label=_("Gửi bằng"), choices=list(feedback.CHANNEL_NAMES.items()))
    received_on = day_field(_("Ngày nhận"))
    title = words_field(
        _("Tóm tắt"), rows=2, most=400, help_text=_("Không ghi tên người gửi ở đây.")
    )
    text = words_field(_("Nội dung"), rows=4, most=6000, required=False)
    sender = forms.CharField(
        label=_("Người gửi"), max_length=200, required=False,
        help_text=_("Chỉ người xử lý phản hồi xem được; xóa được khi đã xong."),
    )  # fmt: skip
    contact = forms.CharField(label=_("Địa chỉ, điện thoại"), max_length=300, required=False)
    case_code = forms.CharField(
        label=_("Mã hồ sơ liên quan"), max_length=60, required=False,
        widget=forms.TextInput(attrs={"class": "num"}),
    )  # fmt: skip
    owner = person_field(
        _("Người xử lý"), required=False, help_text=_("Để trống thì bộ phận một cửa giao sau.")
    )

    def __init__(self, *args: Any, people: Choices, kinds: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = list(kinds)  # type: ignore[attr-defined]
        choose(self, "owner", people, _("giao sau"))

    def values(self) -> FeedbackValues:
        """Return what a service takes."""
        kept = dict(self.cleaned_data)
        kept.pop("case_code")
        return FeedbackValues(owner_id=kept.pop("owner"), **kept)


class GiveForm(forms.Form):
    """Who handles it."""

    owner = person_field(_("Người xử lý"))

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "owner", people, _("chọn người"))


class AnswerForm(forms.Form):
    """What was found and answered."""

    founded = forms.ChoiceField(
        label=_("Nội dung phản hồi"), widget=forms.RadioSelect,
        choices=list(feedback.FOUNDED_NAMES.items()),
    )  # fmt: skip
    answer = words_field(_("Nội dung trả lời"), rows=4, most=6000)
    number = forms.CharField(
        label=_("Số văn bản trả lời"), max_length=80, required=False,
        widget=forms.TextInput(attrs={"class": "num"}),
    )  # fmt: skip


class EndForm(forms.Form):
    """Why it ends without an answer."""

    move = forms.ChoiceField(
        label=_("Kết thúc vì"), widget=forms.RadioSelect,
        choices=[(feedback.REFUSE, _("Không thuộc thẩm quyền, không thụ lý")),
                 (feedback.WITHDRAW, _("Người gửi rút"))],
    )  # fmt: skip
    reason = words_field(_("Lý do"), rows=2, most=600)


class SurveyForm(forms.Form):
    """A short survey."""

    title = forms.CharField(label=_("Tên cuộc khảo sát"), max_length=200)
    lead = words_field(_("Lời mở đầu"), rows=2, most=600, required=False)
    questions = words_field(
        _("Câu hỏi"), rows=7, most=4000,
        help_text=_(
            "Mỗi dòng một câu, trả lời theo thang 5 mức. Muốn chọn ý thì ghi: Câu hỏi | ý một | ý hai. "
            "Muốn viết lời thì kết thúc câu bằng dấu ba chấm."
        ),
    )  # fmt: skip
    anonymous = forms.BooleanField(
        label=_("Ẩn danh: chỉ giữ câu trả lời và ngày, không hỏi tên"), required=False, initial=True
    )
    closes_on = day_field(_("Nhận trả lời đến hết ngày"), required=False)


class SurveyAnswerForm(forms.Form):
    """The questions of a survey as who answers sees them."""

    def __init__(
        self, *args: Any, questions: Sequence[surveys.Question], anonymous: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for place, one in enumerate(questions):
            self.fields[f"c{place}"] = _asked(one)
        if not anonymous:
            self.fields["name"] = forms.CharField(label=_("Họ tên"), max_length=120, required=False)

    def given(self) -> dict[str, str]:
        """Return what was answered by the question's place."""
        return {
            name[1:]: value for name, value in self.cleaned_data.items() if name.startswith("c")
        }


def _asked(question: surveys.Question) -> forms.Field:
    if question.kind == surveys.WORDS:
        return words_field(question.text, rows=2, most=surveys.MOST_WORDS, required=False)
    return forms.ChoiceField(
        label=question.text, choices=list(question.names().items()), required=False,
        widget=forms.RadioSelect,
    )  # fmt: skip
