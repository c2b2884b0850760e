"""The applicant and the papers of an intake."""

import re
from datetime import datetime
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext_lazy as _

from nep.apps.cases.rules import CHANNEL_NAMES
from nep.apps.cases.services import Applicant, PaperGiven
from nep.apps.procedures.queries import Paper
from nep.foundation.web.widgets import needed_when
from nep.kernel.text import clean

_PHONE = re.compile(r"^[0-9+().\s-]{8,20}$")
_IDENTITY = re.compile(r"^[0-9A-Za-z\s.\-]{6,20}$")
MOST_LETTERS = 40  # of one word of a name
_STATES = ("du", "thieu", "kc")


class IntakeForm(forms.Form):
    """Who hands the case in, and how."""

    name = forms.CharField(
        label=_("Họ và tên hoặc tên tổ chức"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    identity = forms.CharField(
        label=_("Số định danh hoặc mã số"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"class": "num", "autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=_("Điện thoại"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"class": "num", "inputmode": "tel", "autocomplete": "off"}),
    )
    email = forms.EmailField(label=_("Thư điện tử"), max_length=120, required=False)
    address = forms.CharField(
        label=_("Địa chỉ"),
        max_length=300,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    channel = forms.ChoiceField(
        label=_("Cách nộp"), choices=tuple(CHANNEL_NAMES.items()), initial="counter"
    )
    received_at = forms.DateTimeField(
        label=_("Nộp trực tuyến lúc"),
        required=False,
        input_formats=["%H:%M %d/%m/%Y", "%d/%m/%Y %H:%M"],
        widget=forms.TextInput(
            attrs={"class": "num", "placeholder": "hh:mm dd/mm/yyyy", "autocomplete": "off"}
        ),
        help_text=_("Chỉ ghi khi nộp trực tuyến; cơ quan phải trả lời trong số giờ quy định."),
    )
    reason = needed_when(
        forms.CharField(
            label=_("Nội dung cần bổ sung, ghi vào phiếu"),
            max_length=1000,
            required=False,
            widget=forms.Textarea(attrs={"rows": 2}),
            help_text=_("Phải ghi khi có giấy còn thiếu. Yêu cầu một lần, đầy đủ và rõ."),
        )
    )

    def clean_name(self) -> str:
        """Accept a name whose words are words: a longer one breaks every list and paper."""
        value = clean(self.cleaned_data["name"])
        if any(len(word) > MOST_LETTERS for word in value.split()):
            raise forms.ValidationError(
                _("Tên có một từ dài hơn %(most)s chữ. Hãy xem lại, có thể thiếu dấu cách.")
                % {"most": MOST_LETTERS}
            )
        return value

    def clean_phone(self) -> str:
        """Accept what looks like a telephone number."""
        value = clean(self.cleaned_data["phone"])
        if value and not _PHONE.match(value):
            raise forms.ValidationError(_("Số điện thoại gồm 8 đến 15 chữ số, ví dụ 0900 000 118."))
        return value

    def clean_identity(self) -> str:
        """Accept a citizen's or an organization's number."""
        value = clean(self.cleaned_data["identity"])
        if value and not _IDENTITY.match(value):
            raise forms.ValidationError(_("Số định danh cá nhân có 12 chữ số."))
        return value

    def clean(self) -> dict[str, Any] | None:
        """Refuse a time of handing in online for what was brought to the counter."""
        values = super().clean() or {}
        if values.get("received_at") and values.get("channel") not in {None, "online"}:
            self.add_error(
                "received_at",
                _("Chỉ ghi khi nộp trực tuyến: hãy chọn cách nộp trực tuyến, hoặc xóa ô này."),
            )
        return values

    def received(self) -> datetime | None:
        """Return when a case handed in online reached the agency."""
        moment = self.cleaned_data["received_at"]
        return moment if self.cleaned_data["channel"] == "online" else None

    def applicant(self) -> Applicant:
        """Return the applicant of a valid form."""
        values: dict[str, Any] = self.cleaned_data
        names = ("name", "identity", "phone", "email", "address")
        return Applicant(**{name: clean(values[name]) for name in names})


def read_papers(
    papers: tuple[Paper, ...], post: QueryDict, files: MultiValueDict[str, UploadedFile]
) -> tuple[PaperGiven, ...]:
    """Return the checklist as filled in: fields giay-<id> (du, thieu, kc) and tep-<id>."""
    given = []
    for paper in papers:
        state = post.get(f"giay-{paper.id}", "du")
        upload = files.get(f"tep-{paper.id}")
        given.append(
            PaperGiven(
                name=paper.name,
                originals=paper.originals,
                copies=paper.copies,
                is_required=paper.is_required,
                state=state if state in _STATES else "du",
                upload=(upload.name or "", upload.read()) if upload else None,
            )
        )
    return tuple(given)
