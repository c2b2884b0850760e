"""What is typed about an edition of a form of the law."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nep.apps.cases.rules.form_fields import TABLE_NAMES, TABLES
from nep.apps.cases.rules.form_layout import (
    ISSUER_NAMES,
    KIND_NAMES,
    LINE,
    MOST_BLOCKS,
    SEEN,
    SIGN,
    STYLE_NAMES,
    TABLE,
    UNSEEN,
    Block,
    Layout,
    columns_text,
    places_text,
    read_columns,
    read_places,
)

_DAY = {"inputmode": "numeric", "placeholder": "dd/mm/yyyy", "class": "num", "autocomplete": "off"}
MARK_NAMES = ((SEEN, _("Đã thấy bản gốc")), (UNSEEN, _("Chưa xác minh")))
EMPTY_BLOCKS, MOST_ROWS = 2, 12


class EditionForm(forms.Form):
    """The head of an edition: where it comes from, from when, its title and number."""

    name = forms.CharField(label=_("Tên văn bản ban hành mẫu"), max_length=200)
    legal_number = forms.CharField(
        label=_("Số, ký hiệu"),
        max_length=80,
        help_text=_(
            "Đúng như trong danh mục văn bản bên ngoài của cơ quan, ví dụ 03/2025/TT-VPCP."
        ),
    )
    since = forms.DateField(
        label=_("Áp dụng từ ngày"), widget=forms.DateInput(format="%d/%m/%Y", attrs=_DAY)
    )
    until = forms.DateField(
        label=_("Đến hết ngày"),
        required=False,
        widget=forms.DateInput(format="%d/%m/%Y", attrs=_DAY),
        help_text=_("Để trống khi chưa biết ngày hết hiệu lực."),
    )
    mark = forms.CharField(
        label=_("Dấu chung"), max_length=200, required=False,
        help_text=_("Đã đối chiếu bản gốc chưa, còn chỗ nào chưa xác minh."),
    )  # fmt: skip
    title = forms.CharField(label=_("Tên in trên giấy"), max_length=200)
    number = forms.CharField(
        label=_("Kiểu số"),
        max_length=60,
        required=False,
        help_text=_(
            "{number} lấy số tiếp theo của sổ trong năm; {code} là mã hồ sơ. Để trống khi mẫu không có số."
        ),
    )
    subtitle = forms.CharField(label=_("Dòng phụ dưới tên"), max_length=200, required=False)
    issuer = forms.ChoiceField(
        label=_("Nơi ban hành in ở đầu giấy"), choices=list(ISSUER_NAMES.items())
    )
    landscape = forms.BooleanField(label=_("In ngang khổ giấy"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def layout(self, blocks: tuple[Block, ...]) -> Layout:
        """Return the layout of the head and some blocks."""
        typed = self.cleaned_data
        return Layout(
            title=typed["title"], blocks=blocks, number=typed["number"],
            subtitle=typed["subtitle"], issuer=typed["issuer"], landscape=typed["landscape"],
        )  # fmt: skip


class BlockForm(forms.Form):
    """One part of a form, in its place."""

    place = forms.IntegerField(
        label=_("Thứ tự"), required=False, min_value=1, max_value=999,
        widget=forms.NumberInput(attrs={"class": "num"}),
    )  # fmt: skip
    kind = forms.ChoiceField(label=_("Loại"), choices=list(KIND_NAMES.items()))
    label = forms.CharField(label=_("Nhãn đứng trước nội dung"), max_length=200, required=False)
    text = forms.CharField(
        label=_("Nội dung"), max_length=4000, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    style = forms.ChoiceField(label=_("Căn"), choices=list(STYLE_NAMES.items()), required=False)
    mark = forms.ChoiceField(label=_("Dấu"), choices=MARK_NAMES)
    source = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    drop = forms.BooleanField(label=_("Bỏ phần này"), required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        lines = str((self.initial or {}).get("text", "")).count("\n") + 1
        self.fields["text"].widget.attrs["rows"] = max(2, min(MOST_ROWS, lines))

    def clean(self) -> dict[str, Any]:
        """Read a table's columns and the places to sign as typed."""
        typed = super().clean() or self.cleaned_data
        if typed.get("kind") == TABLE and not self.is_left_out():
            try:
                typed["columns"] = read_columns(typed.get("text", ""))
            except ValueError as error:
                self.add_error("text", str(error))
        return typed

    def is_left_out(self) -> bool:
        """Say whether the part is to be dropped, or was never filled in."""
        typed = self.cleaned_data
        empty = not typed.get("text", "").strip() and not typed.get("label", "").strip()
        return bool(typed.get("drop")) or empty

    def block(self, form: str) -> Block:
        """Return the part as it was typed."""
        typed = self.cleaned_data
        kind = typed["kind"]
        tables = TABLES[form]
        return Block(
            kind=kind, label=typed["label"].strip(),
            text="" if kind in {TABLE, SIGN} else typed["text"].replace("\r\n", "\n").strip(),
            style=typed["style"] if kind == LINE else "",
            source=(tables[0] if tables else "") if kind == TABLE else "",
            columns=typed.get("columns", ()) if kind == TABLE else (),
            places=read_places(typed["text"]) if kind == SIGN else (), mark=typed["mark"],
        )  # fmt: skip


BlockFormSet = forms.formset_factory(
    BlockForm, extra=EMPTY_BLOCKS, max_num=MOST_BLOCKS, validate_max=True
)


def block_start(place: int, block: Block) -> dict[str, Any]:
    """Return a part as its form shows it."""
    texts = {TABLE: columns_text(block.columns), SIGN: places_text(block.places)}
    return {
        "place": place * 10, "kind": block.kind, "label": block.label,
        "text": texts.get(block.kind, block.text), "style": block.style,
        "mark": UNSEEN if UNSEEN in block.mark else SEEN, "source": block.source,
    }  # fmt: skip


def typed_blocks(rows: Any, form: str) -> tuple[Block, ...]:
    """Return the parts that stay, in the order of their numbers; one without comes last."""
    kept = [row for row in rows if row.has_changed() or row.initial]
    kept = [row for row in kept if not row.is_left_out()]
    ordered = sorted(
        enumerate(kept), key=lambda pair: (pair[1].cleaned_data["place"] or 10_000, pair[0])
    )
    return tuple(row.block(form) for _place, row in ordered)


def table_name(form: str) -> str:
    """Return the name of the table a form may hold, or nothing."""
    return TABLE_NAMES[TABLES[form][0]] if TABLES[form] else ""


class NewEditionForm(forms.Form):
    """For whom a new edition is begun."""

    province = forms.BooleanField(label=_("Cho mọi cơ quan trong tỉnh"), required=False)


class WithdrawForm(forms.Form):
    """Why an edition is withdrawn."""

    reason = forms.CharField(
        label=_("Lý do rút"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class VersionForm(forms.Form):
    """The edition as it was seen."""

    version = forms.IntegerField(widget=forms.HiddenInput)


def first_error(form: forms.Form) -> str:
    """Return the first thing that is wrong with a form, in words."""
    errors: Mapping[str, Any] = form.errors
    return next((str(found[0]) for found in errors.values()), "")
