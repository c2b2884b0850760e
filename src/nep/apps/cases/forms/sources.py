"""What a person says of another system that sends cases."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

NOTHING = "-"


class SourceForm(forms.Form):
    """A new source."""

    name = forms.CharField(
        label=_("Tên nguồn"),
        max_length=120,
        help_text=_("Ví dụ: Hệ thống một cửa của tỉnh."),
        error_messages={"required": _("Hãy đặt tên cho nguồn.")},
    )
    way = forms.ChoiceField(
        label=_("Cách gửi"),
        choices=[
            ("api", _("API: hệ thống kia tự gửi bằng khóa")),
            ("folder", _("Thư mục theo dõi: hệ thống kia ghi tệp vào thư mục")),
            ("file", _("Tệp: người của cơ quan tải lên")),
        ],
        error_messages={"required": _("Hãy chọn cách gửi.")},
    )
    tthc = forms.TypedChoiceField(
        label=_("Thủ tục của mọi hồ sơ"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("Chỉ chọn khi nguồn gửi hồ sơ của một thủ tục mà không ghi tên thủ tục."),
    )

    def __init__(self, *args, tthc: Sequence[tuple[int, str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tthc"].choices = [("", _("Nguồn đã ghi thủ tục")), *tthc]  # type: ignore[attr-defined]


class RuleForm(forms.Form):
    """What a source's words, state or position mean."""

    by = forms.ChoiceField(
        label=_("Khớp theo"),
        choices=[
            ("words", _("Cách ghi việc")),
            ("status", _("Trạng thái")),
            ("role", _("Chức danh, phòng xử lý")),
        ],
    )
    text = forms.CharField(
        label=_("Nguồn gửi chữ"),
        max_length=300,
        error_messages={"required": _("Hãy ghi đúng chữ mà nguồn gửi.")},
    )
    tthc = forms.TypedChoiceField(
        label=_("Của thủ tục"),
        coerce=int,
        error_messages={"required": _("Hãy chọn thủ tục.")},
    )
    step = forms.CharField(
        label=_("Là bước"),
        required=False,
        max_length=300,
        help_text=_("Số hoặc tên bước; để trống khi không phải bước nào."),
    )
    reason = forms.CharField(
        label=_("Lý do"),
        max_length=1000,
        error_messages={"required": _("Chưa có lý do. Ghi một câu để người sau hiểu.")},
    )

    def __init__(self, *args, tthc: Sequence[tuple[int, str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tthc"].choices = [("", _("Chọn thủ tục")), *tthc]  # type: ignore[attr-defined]


class MeaningForm(forms.Form):
    """Which step the words of several rows mean, said at once."""

    words = forms.MultipleChoiceField(
        label=_("Cách ghi"),
        error_messages={"required": _("Hãy chọn ít nhất một cách ghi.")},
        widget=forms.CheckboxSelectMultiple,
    )
    node = forms.ChoiceField(label=_("Là bước"), error_messages={"required": _("Hãy chọn bước.")})
    source = forms.TypedChoiceField(
        label=_("Nhớ cho"), required=False, coerce=int, empty_value="",
        help_text=_("Các lần gửi sau ghi như vậy sẽ tự khớp."),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Lý do"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Chưa có lý do. Ghi một câu để người sau hiểu.")},
    )

    def __init__(
        self,
        *args,
        words: Sequence[tuple[str, str]],
        steps: Sequence[tuple[str, str]],
        sources: Sequence[tuple[int, str]],
        **kwargs,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["words"].choices = words  # type: ignore[attr-defined]
        none = (NOTHING, _("Không phải bước nào, chỉ ghi chú"))
        self.fields["node"].choices = [("", _("Chọn bước")), *steps, none]  # type: ignore[attr-defined]
        self.fields["source"].choices = [("", _("Mọi nguồn")), *sources]  # type: ignore[attr-defined]

    def chosen(self) -> str:
        """Return the step, empty for none."""
        node = self.cleaned_data["node"]
        return "" if node == NOTHING else node


class DiscoveryForm(forms.Form):
    """What the procedure proposed from a log is called, and which TTHC it is of."""

    name = forms.CharField(
        label=_("Tên quy trình"),
        max_length=300,
        error_messages={"required": _("Hãy đặt tên cho quy trình.")},
    )
    tthc = forms.TypedChoiceField(
        label=_("Thủ tục"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("Để trống thì lập một thủ tục nội bộ cùng tên."),
    )

    def __init__(self, *args, tthc: Sequence[tuple[int, str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tthc"].choices = [("", _("Thủ tục nội bộ mới")), *tthc]  # type: ignore[attr-defined]
