"""Forms of the pages about units, people, delegation and the agency's settings."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nep.apps.organization.rules import KIND_NAMES, PREFIX_NAMES, ROLE_NAMES

_DAY = {"inputmode": "numeric", "placeholder": "dd/mm/yyyy", "class": "num", "autocomplete": "off"}
NO_UNIT = ("", _("Toàn cơ quan"))
Choices = Iterable[tuple[Any, Any]]


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(format="%d/%m/%Y", attrs=_DAY), **more
    )


def _reason(label: Any = _("Lý do")) -> forms.CharField:
    return forms.CharField(label=label, max_length=300)


class UnitForm(forms.Form):
    """A new unit."""

    name = forms.CharField(label=_("Tên đơn vị"), max_length=160)
    code = forms.CharField(
        label=_("Mã đơn vị"),
        max_length=20,
        help_text=_("Ngắn, không đổi về sau; ví dụ PKH. Mã này nằm trong phân công bước."),
        widget=forms.TextInput(attrs={"class": "num", "autocapitalize": "characters"}),
    )
    is_reception = forms.BooleanField(label=_("Là nơi tiếp nhận và trả kết quả"), required=False)


class UnitChangeForm(forms.Form):
    """A unit's name; its code stays."""

    name = forms.CharField(label=_("Tên đơn vị"), max_length=160)
    is_reception = forms.BooleanField(label=_("Là nơi tiếp nhận và trả kết quả"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


class UnitCloseForm(forms.Form):
    """The last day of a unit."""

    closed_on = _day(_("Ngày đóng"))
    reason = _reason(_("Căn cứ, lý do"))


class HatForm(forms.Form):
    """A role in a unit from a day on."""

    unit = forms.TypedChoiceField(label=_("Đơn vị"), coerce=int, empty_value=None, required=False)
    role = forms.ChoiceField(label=_("Vai trò"), choices=[])
    position = forms.CharField(
        label=_("Chức danh"),
        max_length=120,
        required=False,
        help_text=_("Như ghi trên quyết định, ví dụ Phó Trưởng phòng."),
    )
    starts_on = _day(_("Từ ngày"))
    ends_on = _day(_("Đến hết ngày"), required=False)
    decision = forms.CharField(label=_("Số quyết định"), max_length=120, required=False)

    def __init__(self, *args: Any, units: Choices = (), roles: Choices = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = [NO_UNIT, *units]  # type: ignore[attr-defined]
        self.fields["role"].choices = list(roles)  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Return the keyword arguments of `appointment_start`."""
        found = dict(self.cleaned_data)
        return {"unit_id": found.pop("unit"), **found}


class PersonForm(HatForm):
    """A new person and the first role."""

    name = forms.CharField(
        label=_("Họ và tên"), max_length=120, widget=forms.TextInput(attrs={"autofocus": True})
    )
    email = forms.EmailField(label=_("Thư điện tử công vụ"), max_length=120, required=False)
    phone = forms.CharField(label=_("Điện thoại"), max_length=40, required=False)
    is_another = forms.BooleanField(label=_("Đây là người khác cùng tên"), required=False)
    field_order = (
        "name", "is_another", "email", "phone", "unit", "role", "position", "starts_on", "ends_on", "decision",
    )  # fmt: skip

    @property
    def asks_another(self) -> bool:
        """Say whether to ask if this is somebody else of a known name."""
        return self.has_error("name", "name_taken") or bool(self["is_another"].value())

    def hat_values(self) -> dict[str, Any]:
        """Return the keyword arguments of `appointment_start`."""
        found = self.cleaned_data
        names = ("role", "position", "starts_on", "ends_on", "decision")
        return {"unit_id": found["unit"], **{name: found[name] for name in names}}


class ContactForm(forms.Form):
    """A person's name and contacts."""

    name = forms.CharField(label=_("Họ và tên"), max_length=120)
    email = forms.EmailField(label=_("Thư điện tử công vụ"), max_length=120, required=False)
    phone = forms.CharField(label=_("Điện thoại"), max_length=40, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


class HatEndForm(forms.Form):
    """The last day of an appointment."""

    ends_on = _day(_("Ngày cuối giữ vai trò"))
    reason = _reason(_("Căn cứ, lý do"))


class AccountForm(forms.Form):
    """A log-in name."""

    username = forms.CharField(
        label=_("Tên đăng nhập"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )


class ReasonForm(forms.Form):
    """One sentence of reason."""

    reason = _reason()


class AbsenceForm(forms.Form):
    """Who is away, from when until when."""

    person = forms.TypedChoiceField(label=_("Người vắng mặt"), coerce=int)
    starts_on = _day(_("Từ ngày"))
    ends_on = _day(_("Đến hết ngày"))
    reason = forms.CharField(label=_("Lý do vắng"), max_length=300)

    def __init__(self, *args: Any, people: Choices = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = list(people)  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Return the keyword arguments of `absence_start`."""
        found = dict(self.cleaned_data)
        return {"person_id": found.pop("person"), **found}


class DelegationForm(forms.Form):
    """A role lent to another person between two days."""

    appointment = forms.TypedChoiceField(label=_("Vai trò được giao"), coerce=int)
    receiver = forms.TypedChoiceField(label=_("Người nhận"), coerce=int)
    signing = forms.ChoiceField(
        label=_("Cách ghi khi ký"),
        choices=[(key, f"{key} ({name})") for key, name in PREFIX_NAMES.items()],
    )
    starts_on = _day(_("Từ ngày"))
    ends_on = _day(_("Đến hết ngày"))
    document = forms.CharField(
        label=_("Văn bản giao quyền"),
        max_length=120,
        required=False,
        help_text=_("Số, ngày văn bản; bắt buộc khi ký thừa ủy quyền (TUQ.)."),
    )
    scope = forms.CharField(label=_("Phạm vi"), max_length=300, required=False)

    def __init__(self, *args: Any, appointments: Choices = (), people: Choices = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["appointment"].choices = list(appointments)  # type: ignore[attr-defined]
        self.fields["receiver"].choices = list(people)  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Return the keyword arguments of `delegation_start`."""
        found = dict(self.cleaned_data)
        return {
            "appointment_id": found.pop("appointment"),
            "receiver_id": found.pop("receiver"),
            "prefix": found.pop("signing"),
            **found,
        }


class AgencyForm(forms.Form):
    """Names, contacts and the mask of case codes."""

    name = forms.CharField(label=_("Tên cơ quan"), max_length=200)
    short_name = forms.CharField(
        label=_("Tên gọi tắt"),
        max_length=80,
        required=False,
        help_text=_("Hiện ở nơi hẹp, ví dụ Sở KH&CN."),
    )
    abbreviation = forms.CharField(
        label=_("Chữ viết tắt"),
        max_length=20,
        required=False,
        help_text=_("Trong số, ký hiệu văn bản: UBND cho 01/QĐ-UBND. Bỏ trống thì dùng mã."),
        widget=forms.TextInput(attrs={"class": "num", "spellcheck": "false"}),
    )
    reception_name = forms.CharField(
        label=_("Tên nơi tiếp nhận"),
        max_length=120,
        help_text=_("In trên giấy tiếp nhận và hẹn trả; ví dụ Trung tâm Phục vụ hành chính công."),
    )
    case_code_mask = forms.CharField(
        label=_("Mẫu mã hồ sơ"),
        max_length=60,
        help_text=_(
            "{agency} là mã cơ quan, {yymmdd} hoặc {ddmmyy} là ngày, {seq:04} là số thứ tự."
        ),
        widget=forms.TextInput(attrs={"class": "num", "spellcheck": "false"}),
    )
    address = forms.CharField(label=_("Địa chỉ"), max_length=300, required=False)
    phone = forms.CharField(label=_("Điện thoại"), max_length=40, required=False)
    email = forms.EmailField(label=_("Thư điện tử"), max_length=120, required=False)
    website = forms.CharField(label=_("Trang thông tin"), max_length=200, required=False)
    parent_id = forms.TypedChoiceField(
        label=_("Cơ quan cấp trên trực tiếp"), coerce=int, empty_value=None, required=False,
        help_text=_("Người đứng đầu cấp trên quyết định phiếu đánh giá người đứng đầu cơ quan này."),
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, above: Iterable[tuple[int, str]] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["parent_id"].choices = [  # type: ignore[attr-defined]
            ("", _("ngoài hệ thống hoặc không có")), *above,
        ]  # fmt: skip


class CodeForm(forms.Form):
    """One more code of the agency."""

    scheme = forms.CharField(
        label=_("Loại mã"),
        max_length=40,
        help_text=_("Ví dụ: Mã trước 7/2025, Mã trên Cổng dịch vụ công."),
    )
    code = forms.CharField(
        label=_("Mã"), max_length=60, widget=forms.TextInput(attrs={"class": "num"})
    )
    valid_from = _day(_("Dùng từ ngày"), required=False)
    valid_to = _day(_("Đến hết ngày"), required=False)


class SuccessionForm(forms.Form):
    """One agency takes over from another on a day, by a decision."""

    predecessor = forms.TypedChoiceField(label=_("Cơ quan trước"), coerce=int)
    successor = forms.TypedChoiceField(label=_("Cơ quan nhận"), coerce=int)
    on = _day(_("Nhận từ ngày"))
    basis = forms.CharField(
        label=_("Số, ngày văn bản"),
        max_length=200,
        help_text=_("Nghị quyết hoặc quyết định hợp nhất, chia tách, đổi tên."),
    )
    ends_predecessor = forms.BooleanField(
        label=_("Cơ quan trước kết thúc hoạt động từ ngày ấy"), required=False
    )

    def __init__(self, *args: Any, agencies: Choices = (), **kwargs: Any):
        super().__init__(*args, **kwargs)
        choices = [("", _("Chọn cơ quan")), *agencies]
        for name in ("predecessor", "successor"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Return the keyword arguments of `succession_add`."""
        found = dict(self.cleaned_data)
        return {
            "predecessor_id": found.pop("predecessor"),
            "successor_id": found.pop("successor"),
            **found,
        }


class NewAgencyForm(forms.Form):
    """A further agency of the province with its first administrator."""

    name = forms.CharField(label=_("Tên cơ quan"), max_length=200)
    code = forms.CharField(
        label=_("Mã định danh"),
        max_length=40,
        help_text=_("Mã định danh điện tử, ví dụ H99.18. Mã này đứng đầu mã hồ sơ."),
        widget=forms.TextInput(attrs={"class": "num"}),
    )
    kind = forms.ChoiceField(label=_("Loại cơ quan"), choices=list(KIND_NAMES.items()))
    valid_from = _day(_("Hoạt động từ ngày"))
    admin_name = forms.CharField(label=_("Họ và tên người quản trị"), max_length=120)
    username = forms.CharField(
        label=_("Tên đăng nhập của người quản trị"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )


class IdentityForm(forms.Form):
    """What an agency is known by, set right by the province."""

    name = forms.CharField(label=_("Tên cơ quan"), max_length=200)
    code = forms.CharField(
        label=_("Mã định danh"),
        max_length=40,
        help_text=_("Hồ sơ đã nhận giữ mã đã cấp."),
        widget=forms.TextInput(attrs={"class": "num"}),
    )
    keeps_code = forms.BooleanField(
        label=_("Đổi mã thì vẫn nhận ra cơ quan theo mã cũ"), required=False
    )
    kind = forms.ChoiceField(label=_("Loại cơ quan"), choices=list(KIND_NAMES.items()))
    valid_from = _day(_("Hoạt động từ ngày"))
    reason = _reason(_("Căn cứ, lý do"))
    version = forms.IntegerField(widget=forms.HiddenInput)


class AgencyEndForm(forms.Form):
    """The last day of an agency."""

    valid_to = _day(_("Ngày cuối hoạt động"))
    reason = _reason(_("Căn cứ, lý do"))


class AdministratorForm(forms.Form):
    """A further administrator of an agency: somebody new, with a log-in."""

    admin_name = forms.CharField(label=_("Họ và tên người quản trị"), max_length=120)
    username = forms.CharField(
        label=_("Tên đăng nhập"),
        max_length=64,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )


class PeopleSheetForm(forms.Form):
    """A spreadsheet of units and people; `kept` carries the file of the dry run to the writing."""

    file = forms.FileField(
        label=_("Tệp Excel (.xlsx)"), error_messages={"required": _("Hãy chọn tệp Excel.")}
    )
    write = forms.BooleanField(required=False, widget=forms.HiddenInput)
    kept = forms.CharField(required=False, max_length=2_100_000, widget=forms.HiddenInput)
    kept_name = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["file"].required = not self.data.get("kept")


def role_choices(*, with_province: bool) -> list[tuple[str, str]]:
    """Return the roles an administrator may give."""
    hidden = set() if with_province else {"province_admin"}
    return [(key, name) for key, name in ROLE_NAMES.items() if key not in hidden]
