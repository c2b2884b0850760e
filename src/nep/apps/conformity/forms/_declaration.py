"""Forms of the declaration."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nep.apps.conformity.rules import declaration as law

EDITIONS = [("2015", "TCVN ISO 9001:2015"), ("2008", "TCVN ISO 9001:2008"),
            ("2026", "ISO 9001:2026")]  # fmt: skip
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


class ScopeForm(forms.Form):
    """What is declared, by which edition, and who is told."""

    edition = forms.ChoiceField(label=_("Bản tiêu chuẩn"), choices=EDITIONS)
    scope_text = words_field(
        _("Phạm vi công bố"), rows=3,
        help_text=_("Danh mục thủ tục lấy từ dữ liệu; ở đây ghi phạm vi bằng lời."),
    )  # fmt: skip
    lead_unit = forms.CharField(
        label=_("Đơn vị chủ trì nhận thông báo"), max_length=200,
        help_text=_("Cấp tỉnh thường là Sở Khoa học và Công nghệ."),
    )  # fmt: skip


class StartForm(ScopeForm):
    """Why a declaration is begun, besides its scope."""

    reason = forms.ChoiceField(label=_("Lý do"), choices=list(law.REASON_NAMES.items()))
    field_order = ("reason", "edition", "scope_text", "lead_unit")

    def __init__(self, *args: Any, is_first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = [
            (key, name) for key, name in law.REASON_NAMES.items() if (key == "first") == is_first
        ]
        self.fields["reason"].choices = kept  # type: ignore[attr-defined]


class ConfirmForm(forms.Form):
    """The conclusion of the head."""

    text = words_field(
        _("Kết luận về hiệu lực"), rows=3,
        help_text=_("Do người đứng đầu tự ghi sau khi đã mở các mục bên trên."),
    )  # fmt: skip


class DecideForm(forms.Form):
    """Number and day of the decision."""

    on = day_field(_("Ngày quyết định"))
    number = forms.CharField(
        label=_("Số quyết định"), max_length=60, required=False,
        widget=forms.TextInput(attrs={"class": "num"}),
        help_text=_("Ghi số của sổ văn thư; để trống thì lấy số kế tiếp của sổ công bố."),
    )  # fmt: skip


class PostForm(forms.Form):
    """That it was sent or posted."""

    kind = forms.ChoiceField(label=_("Việc đã làm"), choices=list(law.POSTING_NAMES.items()))
    place = forms.CharField(label=_("Nơi nhận, nơi niêm yết"), max_length=300)
    url = forms.CharField(
        label=_("Địa chỉ trang đã đăng"), max_length=400, required=False,
        widget=forms.TextInput(attrs={"inputmode": "url", "placeholder": "https://"}),
    )  # fmt: skip
    on = day_field(_("Ngày thực hiện"))


class PostsForm(forms.Form):
    """That it was sent and posted at the places that are left, all of one day; an emptied place is
    left for later."""

    on = day_field(_("Ngày thực hiện"))

    def __init__(self, *args: Any, proposals: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = tuple(proposals)
        for kind, place in proposals.items():
            self.fields[f"place_{kind}"] = forms.CharField(
                label=f"{_('Nơi')}: {law.POSTING_NAMES[kind]}", max_length=300, required=False,
                initial=place,
            )  # fmt: skip
        if law.WEB in self.kinds:
            self.fields["url"] = forms.CharField(
                label=_("Địa chỉ trang"), max_length=400, required=False,
                widget=forms.TextInput(attrs={"inputmode": "url", "placeholder": "https://"}),
            )  # fmt: skip

    def rows(self) -> list[tuple[str, forms.BoundField, forms.BoundField | None]]:
        """Return each kind with its fields."""
        return [
            (law.POSTING_NAMES[kind], self[f"place_{kind}"],
             self["url"] if kind == law.WEB else None)
            for kind in self.kinds
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Ask for one place at least, for the address of the page that is told."""
        kept = super().clean() or {}
        if not any(kept.get(f"place_{kind}") for kind in self.kinds):
            raise forms.ValidationError(_("Hãy ghi ít nhất một nơi."))
        if kept.get(f"place_{law.WEB}") and not kept.get("url"):
            self.add_error("url", _("Hãy ghi địa chỉ trang đã đăng, bắt đầu bằng https://."))
        return kept

    def postings(self) -> list[dict[str, Any]]:
        """Return the arguments of `declaration_post`, one for each place."""
        kept = self.cleaned_data
        return [
            {"kind": kind, "place": kept[f"place_{kind}"], "on": kept["on"],
             "url": kept["url"] if kind == law.WEB else ""}
            for kind in self.kinds
            if kept[f"place_{kind}"]
        ]  # fmt: skip


class WhyForm(forms.Form):
    """Why something goes back or ends."""

    text = words_field(_("Lý do"), rows=2, most=600)
