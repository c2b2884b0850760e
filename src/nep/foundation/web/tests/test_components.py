"""Components and words of the design."""

from datetime import date, datetime

import pytest
from django import forms
from django.template import Context, Template

from nep.foundation.web.words import duration_text, moment_text
from nep.kernel.vietnamese import VN


def draw(text, **context):
    return Template(text).render(Context(context))


@pytest.mark.parametrize(
    ("minutes", "full", "said"),
    [
        (0, False, "0 phút"),
        (45, False, "45 phút"),
        (70, False, "1 giờ 10 phút"),
        (310, False, "5 giờ"),
        (310, True, "5 giờ 10 phút"),
        (480, False, "1 ngày"),
        (600, False, "1 ngày 2 giờ"),
        (670, True, "1 ngày 3 giờ 10 phút"),
    ],
)
def test_durations_are_said_in_working_time(minutes, full, said):
    assert duration_text(minutes, full=full) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (datetime(2026, 12, 10, 15, 0, tzinfo=VN), "15:00 hôm nay"),
        (datetime(2026, 12, 11, 17, 30, tzinfo=VN), "17:30 ngày mai"),
        (datetime(2026, 12, 14, 8, 0, tzinfo=VN), "08:00 thứ Hai, 14/12"),
        (datetime(2027, 1, 5, 8, 0, tzinfo=VN), "08:00 thứ Ba, 05/01/2027"),
        (date(2026, 12, 9), "hôm qua"),
    ],
)
def test_moments_are_said_from_today(value, said):
    now = datetime(2026, 12, 10, 10, 20, tzinfo=VN)

    assert moment_text(value, now=now) == said


def test_a_chip_has_a_word_and_opens_its_explanation_without_script_too():
    text = draw('{% chip "sap" "còn 2 giờ" pop_url="/viec/7/han/" %}')

    assert "<b>Sắp đến hạn</b> còn 2 giờ" in text
    assert 'hx-get="/viec/7/han/"' in text and '<a href="/viec/7/han/">' in text


def test_a_chip_escapes_what_it_is_given():
    assert "<script>" not in draw('{% chip "qua" words %}', words="<script>alert(1)</script>")


def test_a_pleat_has_a_fold_per_step_in_proportion():
    steps = [(240, 100, "done"), (960, 50, "now"), {"minutes": 480, "percent": 0, "state": "next"}]
    text = draw('{% pleat steps label="Bước 2 trên 3" %}', steps=steps)

    assert 'role="img" aria-label="Bước 2 trên 3"' in text
    assert 'data-p="done" class="h-25 u-100"' in text
    assert 'data-p="now" class="h-100 u-50"' in text
    assert 'data-p="next" class="h-50"' in text


def test_a_field_ties_its_error_to_its_control():
    class One(forms.Form):
        reason = forms.CharField(label="Lý do", help_text="Một câu")

    fine, wrong = One(), One({"reason": ""})
    calm = draw("{% field form.reason %}", form=fine)
    loud = draw("{% field form.reason %}", form=wrong)

    assert 'aria-describedby="id_reason_ghi-chu"' in calm and "Một câu" in calm
    assert 'aria-invalid="true"' in loud and 'class="err" id="id_reason_ghi-chu"' in loud


def test_numbers_and_days_are_written_the_vietnamese_way():
    assert draw("{{ n|number }}", n=1234.5) == "1.234,5"
    assert draw("{{ n|percent }} {{ m|percent }}", n=98.4, m=100) == "98,4% 100%"
    assert draw("{{ d|date_long }}", d=date(2026, 2, 5)) == "ngày 05 tháng 02 năm 2026"
    assert draw("{{ d|dt }}", d=date(2026, 1, 5)) == "05/01/2026"


def test_a_page_without_a_side_has_no_empty_column():
    layout = "{% columns %}nội dung{% beside %}{{ side }}{% endcolumns %}"

    assert "cols" not in draw(layout, side="  ")
    assert '<aside class="side stick">bên</aside>' in draw(layout, side="bên")


def test_two_forms_have_different_keys():
    assert draw("{% idempotency %}") != draw("{% idempotency %}")
