"""The calendar page: the year, its notices, and the forms beside it."""

import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nep.apps.organization.tests.scene import NOW
from nep.apps.workcal.models import OfficeHours, SpecialDay

YEAR = "/lich/"
STORM = {"on": "14/12/2026", "kind": "closure", "name": "Nghỉ tránh bão", "reason": "Công điện 12"}
HOURS = {"morning": "08:00-12:00", "afternoon": "13:00-17:00", "reason": "mùa đông", "version": "0"}


def text(response) -> str:
    return response.content.decode()


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def admin(agency, client):
    agency.sign_in(client, "admin")
    return client


@pytest.fixture
def reader(agency, client):
    agency.sign_in(client, "lan")
    return client


def cell(html: str, day: str, title: str) -> str:
    """Return the class of the cell of a day with this title."""
    found = re.search(rf'<td class="([^"]*)" title="{title}">{day}<', html)
    assert found is not None, title
    return found.group(1)


def test_the_year_is_twelve_months_with_swapped_days_on_both_sides(reader):
    html = text(reader.get(YEAR))

    assert html.count("<caption>") == 12
    # 261 weekdays, 14 of them off, 2 worked Saturdays
    assert "Năm 2026 có 249 ngày làm việc" in html
    assert cell(html, "2", "Nghỉ hoán đổi với 10/01") == "d-swap_off"
    assert cell(html, "10", "Làm bù ngày 02/01") == "d-swap_work"
    assert cell(html, "24", "Ngày Văn hóa Việt Nam") == "d-off"
    assert "9441/TB-BNV" in html
    assert "chưa xác minh" in html


def test_the_days_of_tet_are_one_line(reader):
    html = text(reader.get(YEAR))

    assert "16/02/2026 – 20/02/2026" in html
    assert html.count("Ngày Chiến thắng</td>") == 1


def test_a_year_without_notice_says_it_is_an_estimate(reader):
    html = text(reader.get(YEAR, {"nam": "2027"}))

    assert "Dự kiến." in html
    assert "Giỗ Tổ Hùng Vương (dự kiến)" in html
    assert cell(html, "24", r"Ngày Văn hóa Việt Nam \(dự kiến\)") == "d-off"


@pytest.mark.parametrize(
    ("typed", "year"), [("1990", 2023), ("9999", 2032), ("²", 2026), ("hai", 2026), ("", 2026)]
)
def test_any_typed_year_shows_one_the_calendar_has(reader, typed, year):
    response = reader.get(YEAR, {"nam": typed})

    assert response.status_code == 200
    assert f"Năm {year} có" in text(response)


def test_december_warns_that_next_year_is_empty(reader):
    assert "Lịch năm sau chưa có thông báo" in text(reader.get(YEAR))
    with time_machine.travel("2026-11-30T09:00+07:00", tick=False):
        assert "Lịch năm sau chưa có thông báo" not in text(reader.get(YEAR))


def test_a_specialist_reads_without_forms_and_may_not_post(agency, reader):
    html = text(reader.get(YEAR))

    assert "Ghi vào lịch" not in html
    assert "Đổi giờ làm việc" not in html
    for name in ("workcal:hours", "workcal:day_add"):
        assert reader.post(reverse(name), HOURS | STORM).status_code == 403
    assert not SpecialDay.objects.filter(agency_id=agency.agency_id).exists()


def test_a_day_is_entered_shown_and_removed(agency, admin):
    done = admin.post(reverse("workcal:day_add") + "?nam=2026", STORM, follow=True)
    html = text(done)
    assert done.redirect_chain[-1][0] == "/lich/?nam=2026"
    assert cell(html, "14", "Nghỉ tránh bão") == "d-off"
    assert "riêng của cơ quan" in html

    day = SpecialDay.objects.get(agency_id=agency.agency_id)
    removal = reverse("workcal:day_remove", args=[day.pk])
    assert admin.post(removal, {"reason": ""}).status_code == 422
    html = text(admin.post(removal, {"reason": "Bão tan"}, follow=True))
    assert "Nghỉ tránh bão" not in html


def test_a_refused_day_keeps_what_was_typed(admin):
    response = admin.post(
        reverse("workcal:day_add"), STORM | {"kind": "swap_off", "on": "14/12/2026"}
    )

    assert response.status_code == 422
    assert "Hãy ghi số thông báo" in text(response)
    assert 'value="Nghỉ tránh bão"' in text(response)


def test_the_form_of_hours_starts_from_the_present_ones(agency, admin):
    admin.post(reverse("workcal:hours"), HOURS | {"saturday_morning": "on"})
    html = text(admin.get(YEAR))

    assert "08:00–12:00</b>" in html
    assert 'value="08:00-12:00"' in html
    assert "Thứ Bảy" in html
    assert OfficeHours.objects.get(agency_id=agency.agency_id).version == 1


def test_hours_changed_by_somebody_else_meanwhile_answer_409(admin):
    admin.post(reverse("workcal:hours"), HOURS)
    late = admin.post(reverse("workcal:hours"), HOURS | {"afternoon": "13:00-16:00"})

    assert late.status_code == 409


def test_another_agencys_day_is_not_found(agency, other_agency, admin):
    foreign = SpecialDay.objects.create(
        agency_id=other_agency.agency_id, on=NOW.date(), kind="closure", name="x"
    )
    path = reverse("workcal:day_remove", args=[foreign.pk])

    assert admin.post(path, {"reason": "thử"}).status_code == 404
    assert "x" in SpecialDay.objects.filter(pk=foreign.pk).values_list("name", flat=True)


def test_every_control_has_its_own_label(admin):
    html = text(admin.get(YEAR))
    ids = re.findall(r'\bid="([^"]+)"', html)

    assert len(ids) == len(set(ids))


def test_more_days_ask_no_more_of_the_database(agency, admin):
    def count() -> int:
        admin.get(YEAR)
        with CaptureQueriesContext(connection) as asked:
            admin.get(YEAR)
        return len(asked)

    before = count()
    SpecialDay.objects.bulk_create(
        SpecialDay(agency_id=agency.agency_id, on=f"2026-12-{day}", kind="closure", name="x")
        for day in range(14, 19)
    )
    assert count() == before
