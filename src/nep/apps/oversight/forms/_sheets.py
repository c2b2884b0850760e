"""Forms of officers' sheets: points by criterion, closing a period, the criteria themselves."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nep.apps.oversight.forms._rows import Column, RowsForm, choice, number, text
from nep.apps.oversight.rules import sheets as rules

_WORDS = forms.Textarea(attrs={"rows": 3})
_TEXTS: dict[str, Any] = {
    rules.SELF: _("Ghi chú (không bắt buộc)"),
    rules.PROPOSED: _("Nhận xét, lý do đề xuất"),
    rules.DECIDED: _("Lý do của quyết định"),
    rules.CONTESTED: _("Điều chưa đồng ý và căn cứ"),
    rules.ANSWERED: _("Trả lời và lý do"),
}


class SheetForm(forms.Form):
    """One act on a sheet: points where the act gives them, and the words."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        act: str,
        terms: rules.SheetTerms,
        points: Mapping[str, int],
        has_self: bool = True,
        is_recorded: bool = False,
        **more: Any,
    ) -> None:
        super().__init__(*args, **{**more, "prefix": act})
        self.act, self.terms = act, terms
        is_needed = act in (rules.SELF, rules.PROPOSED, rules.DECIDED)
        if act != rules.CONTESTED:
            for one in terms.criteria:
                given = points.get(one.code)
                self.fields[one.code] = forms.DecimalField(
                    label=one.label, required=is_needed, min_value=0, decimal_places=1,
                    max_value=Decimal(one.most) / 10, localize=True,
                    initial=Decimal(given) / 10 if given is not None and is_needed else None,
                    help_text=_("từ 0 đến %(most)s") % {"most": rules.points_text(one.most)},
                    widget=forms.TextInput({"class": "num", "inputmode": "decimal", "size": 5}),
                )  # fmt: skip
        if act in (rules.DECIDED, rules.ANSWERED):
            names = [(band.code, band.label) for band in terms.bands]
            self.fields["band"] = forms.ChoiceField(
                label=_("Xếp loại"), choices=[("", _("theo tổng điểm")), *names], required=False
            )
        if not has_self and act in (rules.PROPOSED, rules.DECIDED):
            self.fields["without_self"] = forms.BooleanField(
                label=_("Người này không tự chấm được; lý do ghi ở ô dưới"), required=False
            )
        self.fields["text"] = forms.CharField(
            label=_("Số, ngày quyết định của cấp trên, ai quyết định") if is_recorded
            else _TEXTS[act],
            max_length=4000, required=act != rules.SELF, widget=_WORDS,
        )  # fmt: skip

    def tenths(self) -> dict[str, int]:
        """Return the points typed, in tenths by criterion."""
        return {
            one.code: int(self.cleaned_data[one.code] * 10)
            for one in self.terms.criteria
            if self.cleaned_data.get(one.code) is not None
        }


class ClosingForm(forms.Form):
    """Closing a period's judging."""

    exception = forms.CharField(
        label=_("Căn cứ hưởng tỷ lệ cao hơn"), max_length=1000, required=False,
        help_text=_("Chỉ ghi khi số xuất sắc quá tỷ lệ thường, ví dụ số quyết định công nhận."),
    )  # fmt: skip
    note = forms.CharField(label=_("Ghi chú"), max_length=1000, required=False)


class TermsForm(RowsForm):
    """The criteria of the sheet, one a row, and why they are changed."""

    columns = (
        Column("label", _("Tiêu chí"), text(300, rows=2)),
        Column("group", _("Nhóm"), choice([*rules.GROUPS.items()])),
        Column("max", _("Điểm tối đa"), number()),
        Column("part", _("Gợi ý: tử số"), text(200, css="code")),
        Column("whole", _("Gợi ý: mẫu số"), text(200, css="code")),
        Column("opens", _("Mở lượt"), choice([("", "–"), *rules.COUNTS.items()])),
        Column("source", _("Nguồn"), text(300, rows=2)),
        Column("verified", _("Kiểm chứng"), choice([(one, one) for one in reversed(rules.MARKS)])),
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["percent"] = forms.IntegerField(
            label=_("Tỷ lệ xuất sắc (%)"), min_value=0, max_value=100
        )
        self.fields["exception"] = forms.IntegerField(
            label=_("Tỷ lệ đặc biệt (%)"), min_value=0, max_value=100
        )
        self.fields["reason"] = forms.CharField(
            label=_("Căn cứ, lý do đổi"), max_length=1000, widget=_WORDS
        )

    def content(self, held: Mapping[str, Any]) -> dict[str, Any]:
        """Return the criteria as the form says them, the rest as held; old codes stay."""
        codes = {row["label"]: row["code"] for row in held["criterion"]}
        order = [row["code"] for row in held["criterion"]]
        made: list[dict[str, Any]] = []
        for place, row in enumerate(self.rows()):
            kept = codes.get(row["label"]) or (order[place] if place < len(order) else "")
            taken = {one["code"] for one in made}
            fresh = (f"t{n}" for n in range(1, 200))
            code = kept if kept and kept not in taken else ""
            code = code or next(one for one in fresh if one not in taken and one not in order)
            made.append(_criterion(code, row))
        quota = {
            **held["quota"], "percent": self.cleaned_data["percent"],
            "exception": self.cleaned_data["exception"],
        }  # fmt: skip
        return {**held, "criterion": made, "quota": quota}


def _criterion(code: str, row: Mapping[str, Any]) -> dict[str, Any]:
    most = row["max"] or Decimal(0)
    made = {
        "code": code, "group": row["group"], "label": row["label"],
        "max": int(most) if most == int(most) else float(most), "source": row["source"],
        "verified": row["verified"],
    }  # fmt: skip
    return made | {name: row[name] for name in ("part", "whole", "opens") if row[name]}
