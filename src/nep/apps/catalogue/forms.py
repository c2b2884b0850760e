"""Forms of the catalogue."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nep.apps.catalogue import rules
from nep.apps.catalogue.queries import KIND_NAMES
from nep.apps.catalogue.services import ImportWish
from nep.kernel.text import clean
from nep.kernel.vietnamese import number_text, parse_number

_DAY = {"inputmode": "numeric", "placeholder": "dd/mm/yyyy", "class": "num", "autocomplete": "off"}
_LINES = {"rows": 4}


def _day(label: Any, help_text: Any = "", *, required: bool = False) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(format="%d/%m/%Y", attrs=_DAY),
    )


class UploadForm(forms.Form):
    """What the files are; the files themselves are read from the request."""

    kind = forms.ChoiceField(
        label=_("Loại danh sách"), choices=list(KIND_NAMES.items()), initial="current"
    )
    decision = forms.CharField(
        label=_("Quyết định công bố chung cho tệp"),
        max_length=80,
        required=False,
        help_text=_("Chỉ dùng cho dòng không ghi số quyết định."),
        widget=forms.TextInput(attrs={"placeholder": "1234/QĐ-BTP", "class": "num"}),
    )
    on = _day(
        _("Ngày hiệu lực, hoặc ngày bãi bỏ, chung cho tệp"),
        _("Chỉ dùng cho dòng không ghi ngày."),
    )
    overwrite = forms.BooleanField(
        label=_("Nhận cả dòng mà mã đang là thủ tục khác tên hoặc đã bãi bỏ"), required=False
    )

    def wish(self) -> ImportWish:
        """Return what a service takes."""
        return ImportWish(**self.cleaned_data)


class EntryForm(forms.Form):
    """One edition of an entry as a person writes it; lists are one thing a line."""

    code = forms.CharField(
        label=_("Mã thủ tục"),
        max_length=60,
        widget=forms.TextInput(attrs={"class": "num", "placeholder": "1.012766"}),
    )
    name = forms.CharField(
        label=_("Tên thủ tục"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    field = forms.CharField(label=_("Lĩnh vực"), max_length=300, required=False)
    levels = forms.MultipleChoiceField(
        label=_("Cấp thực hiện"),
        choices=list(rules.LEVEL_NAMES.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    issuer = forms.CharField(label=_("Cơ quan ban hành"), max_length=300, required=False)
    agencies = forms.CharField(
        label=_("Cơ quan thực hiện"),
        max_length=1500,
        required=False,
        help_text=_("Mỗi cơ quan một dòng."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    limit_amount = forms.CharField(
        label=_("Thời hạn giải quyết"),
        max_length=12,
        required=False,
        widget=forms.TextInput(attrs={"class": "num", "inputmode": "decimal"}),
    )
    limit_unit = forms.ChoiceField(
        label=_("Đơn vị"), choices=[("", _("Chưa rõ")), *rules.UNIT_NAMES.items()], required=False
    )
    fee = forms.CharField(label=_("Phí, lệ phí"), max_length=400, required=False)
    papers = forms.CharField(
        label=_("Thành phần hồ sơ"),
        max_length=60_000,
        required=False,
        help_text=_("Mỗi giấy tờ một dòng; số bản ghi sau dấu |, ví dụ: Giấy khai sinh | 1 | 0"),
        widget=forms.Textarea(attrs=_LINES),
    )
    basis = forms.CharField(
        label=_("Căn cứ pháp lý"),
        max_length=20_000,
        required=False,
        help_text=_("Mỗi văn bản một dòng."),
        widget=forms.Textarea(attrs=_LINES),
    )
    results = forms.CharField(
        label=_("Kết quả giải quyết"),
        max_length=10_000,
        required=False,
        help_text=_("Mỗi kết quả một dòng."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    conditions = forms.CharField(
        label=_("Yêu cầu, điều kiện"),
        max_length=40_000,
        required=False,
        widget=forms.Textarea(attrs=_LINES),
    )
    decision = forms.CharField(
        label=_("Quyết định công bố"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"class": "num"}),
    )
    effective_from = _day(
        _("Có hiệu lực từ ngày"), _("Ngày sau hôm nay thì bản đang áp dụng giữ đến hết hôm trước.")
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean_limit_amount(self) -> str:
        """Return the amount as a plain decimal, "" when nothing was typed."""
        text = self.cleaned_data["limit_amount"]
        if not text:
            return ""
        amount = parse_number(text)
        if amount is None or not 0 < amount < 10_000:
            raise forms.ValidationError(_("Hãy ghi số lớn hơn 0, ví dụ 5 hoặc 0,5."))
        return str(amount)

    def clean(self) -> dict[str, Any]:
        """Ask for the unit when a limit was typed."""
        found = super().clean() or {}
        if found.get("limit_amount") and not found.get("limit_unit"):
            self.add_error("limit_unit", _("Hãy chọn đơn vị của thời hạn."))
        return found

    def value(self, before: rules.Published) -> rules.Published:
        """Return the edition typed; what the form does not show stays as `before` has it."""
        given = self.cleaned_data
        groups = {one.name: one for one in before.papers}
        bases = {one.text: one for one in before.basis}
        has_limit = bool(given["limit_amount"])
        limit_text = "" if has_limit else before.limit_text
        return replace(
            before,
            name=given["name"], field=given["field"], levels=tuple(given["levels"]),
            issuer=given["issuer"], agencies=tuple(given["agencies"].splitlines()),
            limit_amount=given["limit_amount"],
            limit_unit=given["limit_unit"] if has_limit else "",
            limit_text=limit_text if not given["limit_unit"] else "",
            fee=given["fee"],
            papers=tuple(_paper(line, groups) for line in given["papers"].splitlines()),
            basis=tuple(
                bases.get(clean(line), rules.Basis(line)) for line in given["basis"].splitlines()
            ),
            results=tuple(given["results"].splitlines()), conditions=given["conditions"],
            decision=given["decision"], doubts=(),
        )  # fmt: skip


def _paper(line: str, known: dict[str, rules.PublishedPaper]) -> rules.PublishedPaper:
    """Return the paper of a line "name | originals | copies"; group and form file stay."""
    name, *counts = (clean(part) for part in line.split("|"))
    numbers = [int(count) for count in counts if count.isascii() and count.isdigit()]
    before = known.get(name, rules.PublishedPaper(name))
    return replace(
        before,
        originals=numbers[0] if numbers else before.originals,
        copies=numbers[1] if len(numbers) > 1 else before.copies,
    )


def entry_initial(code: str, value: rules.Published, version: int) -> dict[str, Any]:
    """Return the start values of the form."""
    amount = number_text(Decimal(value.limit_amount)) if value.limit_amount else ""
    return {
        "code": code, "name": value.name, "field": value.field, "levels": list(value.levels),
        "issuer": value.issuer, "agencies": "\n".join(value.agencies), "limit_amount": amount,
        "limit_unit": value.limit_unit, "fee": value.fee,
        "papers": "\n".join(f"{one.name} | {one.originals} | {one.copies}" for one in value.papers),
        "basis": value.basis_lines, "results": "\n".join(value.results),
        "conditions": value.conditions, "decision": value.decision, "version": version,
    }  # fmt: skip


class AbolishForm(forms.Form):
    """The decision that abolishes, and from when."""

    decision = forms.CharField(
        label=_("Quyết định bãi bỏ"),
        max_length=200,
        widget=forms.TextInput(attrs={"placeholder": "1234/QĐ-BTP", "class": "num"}),
    )
    on = _day(_("Bãi bỏ từ ngày"), required=True)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)


class RestoreForm(forms.Form):
    """Why an abolition is taken back."""

    reason = forms.CharField(
        label=_("Quyết định công bố lại, hoặc lý do"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
