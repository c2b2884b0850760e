"""The figures add up, and every one opens exactly the rows that make it."""

import io
import re
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from python_calamine import load_workbook

from nep.apps.cases import queries as cases
from nep.apps.cases import services
from nep.apps.cases.models import Case
from nep.apps.cases.queries import CaseFilter
from nep.apps.cases.tests.scene import Office, office
from nep.apps.documents.models import Revision
from nep.apps.organization import queries as organization
from nep.apps.organization.tests.scene import NOW, Scene, department
from nep.apps.oversight import views
from nep.apps.workcal import queries as workcal
from nep.foundation.db import new_id
from tests.standing import kept

PARTS = ("waiting", "running", "paused", "before", "on_time", "late", "withdrawn")


@pytest.fixture(autouse=True)
def nothing_remembered():
    organization.forget()
    workcal.forget()
    with time_machine.travel(NOW, tick=False):
        yield
    organization.forget()
    workcal.forget()


def build_cases() -> Office:
    """Make cases in every group: six running of which one is late, and one of each other kind."""
    found = office()
    Revision.objects.update(effective_from=date(2026, 1, 5))
    now = NOW - timedelta(days=30)
    late_done, early = found.accept(now=now), found.accept(now=now)
    overdue = found.accept(now=now, name="Lê Thị Trễ Hạn")
    found.walk(overdue, "b3", now=now)
    found.walk(early, "end", now=now)
    found.walk(late_done, "end", now=now + timedelta(days=29))
    withdrawn, paused = found.accept(), found.accept()
    found.accept(), found.accept()
    services.case_withdraw(
        actor=found.actor("tuan"), now=NOW, case_id=withdrawn.pk, reason="Người nộp xin rút hồ sơ."
    )
    services.case_pause(
        actor=found.actor("tuan"), now=NOW, case_id=paused.pk, kind="agency",
        reason="Chờ ý kiến của Bộ.",
    )  # fmt: skip
    services.case_receive_incomplete(
        actor=found.actor("tuan"), now=NOW, tthc_id=found.tthc_id,
        applicant=services.Applicant("Trần Thị Bưởi"),
        papers=(services.PaperGiven("Bản vẽ", state="thieu"),), reason="Thiếu bản vẽ.",
    )  # fmt: skip
    return found


at = kept(build_cases)


@pytest.fixture
def page(at, client) -> str:
    return opened(at.scene, client)


def opened(scene: Scene, client: Client, query: str = "", *, by: str = "ha") -> str:
    scene.sign_in(client, by)
    answer = client.get(f"/dieu-hanh/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_case_stands_in_exactly_one_part(at):
    table = cases.figures(actor=at.actor("ha"), month=2026, now=NOW)

    assert table.total.received == 8
    for one in (
        table.total,
        *[m.figures for m in table.months],
        *[p.figures for p in table.procedures],
    ):
        assert sum(getattr(one, name) for name in PARTS) == one.received
    for name in ("received", *PARTS):
        whole = getattr(table.total, name)
        assert sum(getattr(month.figures, name) for month in table.months) == whole
        assert sum(getattr(one.figures, name) for one in table.procedures) == whole
        assert whole > 0 or name == "on_time"


def test_every_figure_opens_the_rows_that_make_it(at):
    actor = at.actor("ha")
    table = cases.figures(actor=actor, month=2026, now=NOW)
    checked = 0
    cells = list(views._cells(table.total, 2026))
    for month in table.months:
        cells += views._cells(month.figures, month.month)
    for one in table.procedures:
        cells += views._cells(one.figures, 2026, one.tthc_id)

    for cell in cells:
        values = dict(part.split("=") for part in cell.url.partition("?")[2].split("&"))
        filter = CaseFilter.read(values)
        assert cases.cases_count(actor=actor, filter=filter, now=NOW) == cell.count, cell
        assert len(cases.cases_list(actor=actor, filter=filter, now=NOW).lines) == cell.count
        checked += cell.count > 0
    assert checked > 15


def test_the_page_says_who_is_late_why_and_links_the_case(at, page):
    late = cases.late_cases(actor=at.actor("ha"), now=NOW)

    assert [line.code for line in late] == [
        line.code for line in late if f"/ho-so/{line.id}/" in page
    ]
    assert "Trần Thị Mai Lan" in page
    assert re.search(r"Bước 3 đang giữ [^,<]+, định mức 2 ngày", page)


def test_the_page_shows_no_applicant(page):
    for name in ("Lê Thị Trễ Hạn", "Nguyễn Văn An", "0900 000 118", "Trần Thị Bưởi"):
        assert name not in page


def test_a_late_case_names_the_step_that_took_most_over_its_limit(at):
    actor = at.actor("ha")
    (line,) = cases.late_cases(actor=actor, now=NOW)

    cause = cases.late_causes(actor=actor, case_ids=[line.id], now=NOW)[line.id]

    assert (cause.step_number, cause.step_name, cause.is_open) == (3, "Thẩm định hồ sơ", True)
    assert cause.over == cause.used - 16 * 60 > 0


def test_hands_are_counted_as_the_list_counts_them(at):
    actor = at.actor("ha")
    lines = cases.holder_lines(actor=actor, now=NOW)

    running = cases.cases_count(actor=actor, filter=CaseFilter(group="dang"), now=NOW)
    assert sum(line.running for line in lines) == running
    for line in lines:
        filter = CaseFilter(group="dang", person_id=line.person_id)
        assert cases.cases_count(actor=actor, filter=filter, now=NOW) == line.running


def test_another_agency_sees_none_of_it(at, client):
    other = department(code="H99.20", name="Sở Tư pháp")

    text = opened(other, client, by="h9920.ha")

    assert "chưa nhận hồ sơ nào" in text
    assert "Trần Thị Mai Lan" not in text


def test_a_month_and_a_year_without_cases_can_be_chosen(at, client):
    assert "Tháng 12/2026" in opened(at.scene, client, "?thang=202612")
    assert "Năm 2020 chưa nhận hồ sơ nào" in opened(at.scene, client, "?nam=2020")
    assert "Năm 2026" in opened(at.scene, client, "?thang=209999&nam=x")


@pytest.mark.parametrize(
    "query",
    ["?nam=0000", "?thang=000000", "?nam=0999", "?thang=000012", "?thang=202600", "?nam=²026"],
)
def test_a_period_that_is_none_shows_the_newest_year(at, client, query):
    page = opened(at.scene, client, query)

    assert "Năm 2026 đạt" in page
    assert "Năm 0" not in page
    assert "Tháng 0" not in page


def test_the_heading_counts_the_late_as_the_tile_does_and_names_those_of_other_periods(at, client):
    late = at.accept(now=NOW - timedelta(days=1), name="Người Tháng Này")
    Case.objects.filter(pk=late.pk).update(result_due_at=NOW - timedelta(hours=1))
    Case.objects.filter(received_month=202611, finished_at=None).update(received_month=202610)

    month = opened(at.scene, client, "?thang=202612")
    year = opened(at.scene, client, "?nam=2026")

    assert "1 hồ sơ của kỳ đang quá hạn, các kỳ khác 1" in month
    assert re.search(r"1 đang quá hạn</a>", month)
    assert "2 hồ sơ quá hạn của mọi kỳ: ai giữ, vì sao" in month
    assert "2 hồ sơ đang quá hạn</h1>" in year
    assert "các kỳ khác" not in year
    assert "2 hồ sơ quá hạn: ai giữ, vì sao" in year


def test_the_overdue_sheet_holds_every_late_case_with_who_and_why(at, client):
    (line,) = cases.late_cases(actor=at.actor("ha"), now=NOW)
    late = Case.objects.get(pk=line.id)
    fields = {f.attname: getattr(late, f.attname) for f in Case._meta.concrete_fields}
    Case.objects.bulk_create(
        Case(**fields | {"id": new_id(), "code": f"THEM-{n}", "lookup_key": f"khoa-{n}"})
        for n in range(1, 1201)
    )
    at.scene.sign_in(client, "ha")

    answer = client.get("/dieu-hanh/so-lieu.xlsx?nam=2026")
    book = load_workbook(io.BytesIO(answer.content))
    heads, *rows = book.get_sheet_by_name("Đang quá hạn").to_python()

    assert len(rows) == 1201
    (row,) = [one for one in rows if one[0] == late.code]
    told = dict(zip(heads, row, strict=True))
    assert told["Người giữ"] == "Trần Thị Mai Lan"
    assert re.fullmatch(r"Bước 3 đang giữ .+, định mức 2 ngày", told["Vì sao"])
    assert "ngày" in told["Quá hạn"]


def test_the_queries_do_not_grow_with_the_rows(at, client, django_assert_max_num_queries):
    at.scene.sign_in(client, "ha")
    client.get("/dieu-hanh/")
    for _ in range(12):
        at.accept(now=NOW - timedelta(days=40))
    with django_assert_max_num_queries(14):
        client.get("/dieu-hanh/")


def test_the_excel_file_holds_the_same_figures(at, client):
    at.scene.sign_in(client, "ha")
    answer = client.get("/dieu-hanh/so-lieu.xlsx?nam=2026")
    book = load_workbook(io.BytesIO(answer.content))
    months = book.get_sheet_by_name("Theo tháng").to_python()
    total = cases.figures(actor=at.actor("ha"), month=2026, now=NOW).total

    assert months[-1][0] == "Cộng"
    assert months[-1][1] == total.received
    assert [sum(row[place] for row in months[1:-1]) for place in range(1, 9)] == months[-1][1:]
    assert "attachment" in answer["Content-Disposition"]
    assert client.get("/dieu-hanh/?thang=2026&dang=pdf").content.startswith(b"%PDF-")


def test_only_who_may_sees_the_figures(at, client):
    at.scene.sign_in(client, "tuan")

    assert client.get("/dieu-hanh/").status_code == 403
    assert client.get("/dieu-hanh/so-lieu.xlsx").status_code == 403


def test_the_page_stays_small(page):
    assert len(page.encode()) < 60_000
