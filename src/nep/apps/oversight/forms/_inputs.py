"""Forms of figures entered by hand and of a province's formulas."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nep.apps.oversight.forms._rows import Column, RowsForm, choice, number, text
from nep.apps.oversight.queries import InputLine
from nep.apps.oversight.rules.inputs import COUNTED, MOST

_NAME = re.compile(r"[a-z_][a-z0-9_]{0,39}")
MARKS = [(mark, mark) for mark in ("chưa xác minh", "K", "S")]


class InputsForm(forms.Form):
    """The figures of one period that nobody counts here; an empty field is not known.

    `taken` names a figure whose measured value stands in the form, with its source, to be sent.
    """

    def __init__(
        self, *args: Any, lines: Sequence[InputLine], taken: str = "", **more: Any
    ) -> None:
        super().__init__(*args, **more)
        proposals = {line.name: line.proposal for line in lines if line.name == taken}
        proposal = proposals.get(taken)
        for line in lines:
            hint = _("đang cộng từ các kỳ nhỏ hơn") if line.is_summed else _("để trống: chưa có")
            value = None if line.is_summed else line.value
            if proposal and line.name == taken:
                hint, value = _("số Nếp đo được, ghi khi bạn gửi"), proposal.value
            self.fields[line.name] = forms.IntegerField(
                label=line.label, required=False, min_value=0, max_value=MOST, help_text=hint,
                initial=value,
                widget=forms.TextInput({"class": "num", "inputmode": "numeric"}),
            )  # fmt: skip
        self.fields["source"] = forms.CharField(
            label=_("Nguồn của số liệu"), max_length=300,
            initial=proposal.source if proposal else "",
            help_text=_("Ví dụ: Báo cáo số 45/BC-VP ngày 05/12/2026"),
        )  # fmt: skip
        self.names = [line.name for line in lines]

    def values(self) -> dict[str, int | None]:
        """Return the figures as typed, None for an empty field."""
        return {name: self.cleaned_data[name] for name in self.names}


class FormulaForm(RowsForm):
    """The indicators of a province, one a row; further inputs below."""

    columns = (
        Column("code", _("Mã"), text(8, css="code")),
        Column("group", _("Nhóm"), text(100, rows=2)),
        Column("label", _("Chỉ số"), text(300, rows=2)),
        Column("part", _("Tử số"), text(200, rows=2, css="code")),
        Column("whole", _("Mẫu số"), text(200, rows=2, css="code")),
        Column("reverse", _("Cách tính"), choice([("", _("tử ÷ mẫu")), ("1", _("100% − tử ÷ mẫu"))])),
        Column("full", _("Đủ điểm từ (%)"), number()),
        Column("max", _("Điểm tối đa"), number()),
        Column("source", _("Nguồn"), text(300, rows=2)),
        Column("verified", _("Công thức"), choice(MARKS)),
        Column("points_verified", _("Điểm"), choice(MARKS)),
    )  # fmt: skip

    def __init__(self, *args: Any, inputs: Mapping[str, str], **more: Any) -> None:
        super().__init__(*args, **more)
        own = "\n".join(f"{name}: {label}" for name, label in inputs.items() if name not in COUNTED)
        self.counted = {name: inputs[name] for name in COUNTED if name in inputs}
        self.fields["inputs"] = forms.CharField(
            label=_("Số liệu nhập tay, mỗi dòng “tên: nhãn”"), initial=own, max_length=8000,
            required=False, widget=forms.Textarea({"rows": 8, "class": "code"}),
            help_text=_("Tên viết bằng chữ thường không dấu, số và dấu gạch dưới."),
        )  # fmt: skip
        self.fields["from_month"] = forms.IntegerField(
            label=_("Áp dụng từ tháng"), help_text=_("Ví dụ 202701 là tháng 01/2027."),
            widget=forms.TextInput({"class": "num", "inputmode": "numeric", "size": 8}),
        )  # fmt: skip
        self.fields["reason"] = forms.CharField(
            label=_("Căn cứ, lý do đổi"), max_length=1000,
            widget=forms.Textarea({"rows": 3}),
        )  # fmt: skip

    def clean_inputs(self) -> dict[str, str]:
        """Return the inputs by name; a line without a colon is refused."""
        found = dict(self.counted)
        for line in self.cleaned_data["inputs"].splitlines():
            name, colon, label = line.partition(":")
            if not line.strip():
                continue
            if not colon or not label.strip() or not _NAME.fullmatch(name.strip()):
                raise forms.ValidationError(
                    _("Dòng “%(line)s” chưa đúng dạng “tên: nhãn”.") % {"line": line.strip()[:60]}
                )
            found[name.strip()] = label.strip()
        return found

    def content(self) -> dict[str, Any]:
        """Return the inputs and the indicators as the form says them."""
        return {
            "inputs": self.cleaned_data["inputs"],
            "indicator": [_indicator(row) for row in self.rows()],
        }


def _indicator(row: Mapping[str, Any]) -> dict[str, Any]:
    made = {name: row[name] or "" for name in (
        "code", "group", "label", "part", "whole", "source", "verified", "points_verified",
    )}  # fmt: skip
    made |= {name: float(row[name] or Decimal(0)) for name in ("full", "max")}
    return made | ({"reverse": True} if row["reverse"] else {})
