"""What cannot be read is told with an example; what people really type is read."""

from datetime import date, datetime, time

import pytest
from django import forms
from django.utils import translation

from nep.kernel.vietnamese import VN


@pytest.mark.parametrize(
    ("field", "typed", "read"),
    [
        (forms.DateField(), "30-11-2026", date(2026, 11, 30)),
        (forms.DateField(), "05/01/2026", date(2026, 1, 5)),
        (forms.TimeField(), "8h00", time(8)),
        (forms.TimeField(), "8h", time(8)),
        (forms.TimeField(), "8 giờ 15", time(8, 15)),
        (forms.DateTimeField(), "23-11-2026 08:00", datetime(2026, 11, 23, 8, tzinfo=VN)),
        (forms.DateTimeField(), "8h05 23.11.2026", datetime(2026, 11, 23, 8, 5, tzinfo=VN)),
        (forms.DateTimeField(), "2026-11-23T08:05", datetime(2026, 11, 23, 8, 5, tzinfo=VN)),
    ],
)
def test_days_and_hours_are_read_as_they_are_written_in_offices(field, typed, read):
    assert field.clean(typed) == read


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        (forms.CharField(), "", "Hãy điền ô này."),
        (forms.CharField(max_length=3), "abcd", "Nhiều nhất 3 ký tự, ô này đang có 4."),
        (forms.CharField(min_length=3), "ab", "Ít nhất 3 ký tự, ô này đang có 2."),
        (forms.DateField(), "31/02/2026", "Chưa đọc được ngày này. Hãy ghi như 30/11/2026."),
        (forms.TimeField(), "25:00", "Chưa đọc được giờ này. Hãy ghi như 08:30."),
        (
            forms.DateTimeField(),
            "8h00",
            "Chưa đọc được thời điểm này. Hãy ghi như 08:30 30/11/2026.",
        ),
        (forms.IntegerField(), "1,5", "Hãy ghi một số nguyên, ví dụ 12."),
        (forms.IntegerField(max_value=99), "100", "Hãy ghi số không quá 99."),
        (forms.IntegerField(min_value=1), "0", "Hãy ghi số từ 1 trở lên."),
        (forms.DecimalField(), "năm", "Hãy ghi một số, ví dụ 12,5."),
        (
            forms.DecimalField(max_digits=6, decimal_places=2),
            "99999",
            "Số này lớn quá, nhiều nhất 4 chữ số trước dấu phẩy.",
        ),
        (forms.ChoiceField(choices=[("a", "A")]), "", "Hãy chọn một mục."),
        (forms.ChoiceField(choices=[("a", "A")]), "b", "Hãy chọn trong danh sách."),
        (forms.MultipleChoiceField(choices=[("a", "A")]), [], "Hãy chọn ít nhất một mục."),
        (forms.EmailField(), "a", "Hãy ghi địa chỉ thư điện tử, ví dụ ten@tinh.gov.vn."),
        (forms.FileField(), None, "Hãy chọn tệp."),
    ],
)
def test_what_cannot_be_read_is_told_with_what_is_asked_for(field, typed, said):
    with pytest.raises(forms.ValidationError) as refused:
        field.clean(typed)

    assert refused.value.messages == [said]
    with translation.override("en"):
        assert refused.value.messages != [said]
