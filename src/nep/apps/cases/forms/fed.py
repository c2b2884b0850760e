"""What a person says of another system's file."""

from collections.abc import Mapping, Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from nep.apps.cases.rules.fed_columns import FIELD_NAMES

NO_STEP = "-"


class FedUploadForm(forms.Form):
    """The file itself."""

    file = forms.FileField(
        label=_("Tệp CSV, Excel, JSON hoặc XES"),
        help_text=_(
            "Mỗi dòng là một lần xử lý: mã hồ sơ, thủ tục, bước hoặc trạng thái, người xử lý, "
            "bắt đầu, kết thúc. Dòng đầu là tên cột. JSON theo bản ghi của Cổng Dịch vụ công quốc "
            "gia và nhật ký XES (.xes, .xes.gz) không phải chỉ cột."
        ),
        error_messages={"required": _("Hãy chọn tệp xuất từ hệ thống một cửa.")},
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.json,.xes,.gz"}),
    )


class FedColumnsForm(forms.Form):
    """The meaning of each column, and the TTHC of a file that names none."""

    tthc = forms.TypedChoiceField(
        label=_("Thủ tục của cả tệp"),
        required=False,
        coerce=int,
        empty_value=None,
        help_text=_("Chỉ chọn khi tệp không có cột thủ tục."),
    )

    variant = forms.ChoiceField(
        label=_("Quy trình của cả tệp"),
        required=False,
        help_text=_(
            "Chỉ cần khi thủ tục có nhiều quy trình đang áp dụng và tên bước không phân biệt được."
        ),
    )

    def __init__(
        self,
        *args,
        heads: Sequence[str],
        columns: Mapping[str, int],
        tthc: Sequence[tuple[int, str]],
        variants: Sequence[tuple[str, str]] = (),
        **kwargs,
    ) -> None:
        super().__init__(*args, **kwargs)
        if variants:
            choices = [("", _("Nhận ra theo tên bước")), *variants]
            self.fields["variant"].choices = choices  # type: ignore[attr-defined]
        else:
            del self.fields["variant"]
        self.fields["tthc"].choices = [("", _("Tệp đã ghi thủ tục")), *tthc]  # type: ignore[attr-defined]
        meanings = {place: field for field, place in columns.items()}
        for place, head in enumerate(heads):
            self.fields[f"cot-{place}"] = forms.ChoiceField(
                label=head or _("(cột không tên)"),
                required=False,
                initial=meanings.get(place, ""),
                choices=[("", _("không dùng")), *FIELD_NAMES.items()],
                widget=forms.Select(attrs={"class": "in"}),
            )

    def clean(self) -> dict:
        """Refuse a meaning given to two columns."""
        found: dict[str, str] = {}
        for name, meaning in list(self.cleaned_data.items()):
            if not name.startswith("cot-") or not meaning:
                continue
            if meaning in found:
                self.add_error(
                    name,
                    _("“%(meaning)s” đã chọn cho cột “%(other)s”.")
                    % {"meaning": FIELD_NAMES[meaning], "other": self.fields[found[meaning]].label},
                )
            found[meaning] = name
        return self.cleaned_data

    def columns(self) -> dict[str, int]:
        """Return the place of each meaning."""
        return {
            meaning: int(name.removeprefix("cot-"))
            for name, meaning in self.cleaned_data.items()
            if name.startswith("cot-") and meaning
        }

    def rows(self, sample: Sequence[Sequence[str]]) -> list[tuple[forms.BoundField, list[str]]]:
        """Return each column's field with its first values."""
        places = [name for name in self.fields if name.startswith("cot-")]
        return [
            (self[name], [row[place] for row in sample if place < len(row) and row[place]])
            for place, name in enumerate(places)
        ]


class FedMatchForm(forms.Form):
    """Which step the words of another system mean, and why."""

    row = forms.IntegerField(widget=forms.HiddenInput)
    node = forms.ChoiceField(
        label=_("Bước đúng"), error_messages={"required": _("Hãy chọn bước đúng.")}
    )
    reason = forms.CharField(
        label=_("Lý do"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Ghi vào lịch sử hồ sơ; các tệp sau cùng cách ghi này khớp theo."),
        error_messages={"required": _("Chưa có lý do. Ghi một câu để người sau hiểu.")},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, steps: Sequence[tuple[str, str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        none = (NO_STEP, _("Không phải bước nào, chỉ ghi chú"))
        choices = [("", _("Chọn bước")), *steps, none]
        self.fields["node"].choices = choices  # type: ignore[attr-defined]

    def chosen(self) -> str:
        """Return the step, empty for none."""
        node = self.cleaned_data["node"]
        return "" if node == NO_STEP else node


class FedUndoForm(forms.Form):
    """Why a correction is taken back."""

    reason = forms.CharField(label=_("Lý do hoàn tác"), max_length=1000)
