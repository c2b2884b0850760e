"""What fields say when they cannot be read: what is asked for, with an example.

Django's own Vietnamese sentences name a "trường" and give no example; these stand in their place in
every form of the product, so that a form writes a message of its own only where it knows better.
"""

from typing import Any

from django import forms
from django.core import validators
from django.utils.translation import gettext_lazy as _

_CHOSEN: dict[str, Any] = {
    "required": _("Hãy chọn một mục."),
    "invalid_choice": _("Hãy chọn trong danh sách."),
}
_SEVERAL: dict[str, Any] = {
    "required": _("Hãy chọn ít nhất một mục."),
    "invalid_choice": _("Hãy chọn trong danh sách."),
    "invalid_list": _("Hãy chọn trong danh sách."),
}
_FIELDS: dict[type[forms.Field], dict[str, Any]] = {
    forms.Field: {"required": _("Hãy điền ô này.")},
    forms.BooleanField: {"required": _("Hãy đánh dấu ô này.")},
    forms.ChoiceField: _CHOSEN,
    forms.TypedChoiceField: _CHOSEN,
    forms.MultipleChoiceField: _SEVERAL,
    forms.IntegerField: {"invalid": _("Hãy ghi một số nguyên, ví dụ 12.")},
    forms.DecimalField: {"invalid": _("Hãy ghi một số, ví dụ 12,5.")},
    forms.DateField: {"invalid": _("Chưa đọc được ngày này. Hãy ghi như 30/11/2026.")},
    forms.TimeField: {"invalid": _("Chưa đọc được giờ này. Hãy ghi như 08:30.")},
    forms.DateTimeField: {
        "invalid": _("Chưa đọc được thời điểm này. Hãy ghi như 08:30 30/11/2026.")
    },
    forms.FileField: {
        "required": _("Hãy chọn tệp."),
        "invalid": _("Chưa nhận được tệp. Hãy chọn lại."),
        "missing": _("Hãy chọn tệp."),
        "empty": _("Tệp này rỗng."),
    },
}
_VALIDATORS: dict[Any, Any] = {
    validators.MaxValueValidator: _("Hãy ghi số không quá %(limit_value)s."),
    validators.MinValueValidator: _("Hãy ghi số từ %(limit_value)s trở lên."),
    validators.MaxLengthValidator: _(
        "Nhiều nhất %(limit_value)d ký tự, ô này đang có %(show_value)d."
    ),
    validators.MinLengthValidator: _(
        "Ít nhất %(limit_value)d ký tự, ô này đang có %(show_value)d."
    ),
    validators.EmailValidator: _("Hãy ghi địa chỉ thư điện tử, ví dụ ten@tinh.gov.vn."),
    validators.URLValidator: _("Hãy ghi địa chỉ trang, ví dụ https://dichvucong.gov.vn."),
}
_DIGITS: dict[str, Any] = {
    "max_digits": _("Số này dài quá, nhiều nhất %(max)s chữ số."),
    "max_decimal_places": _("Nhiều nhất %(max)s chữ số sau dấu phẩy."),
    "max_whole_digits": _("Số này lớn quá, nhiều nhất %(max)s chữ số trước dấu phẩy."),
}


def speak() -> None:
    """Have every field made from now on say these sentences."""
    for field, words in _FIELDS.items():
        field.default_error_messages = {**vars(field).get("default_error_messages", {}), **words}
    for validator, sentence in _VALIDATORS.items():
        validator.message = sentence
    validators.DecimalValidator.messages = {**validators.DecimalValidator.messages, **_DIGITS}
