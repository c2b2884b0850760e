"""Pages of finished cases: every count opens exactly the rows that make it, and rows add up."""

import io
import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from python_calamine import load_workbook

from nep.apps.cases import services
from nep.apps.cases.models import Case
from nep.apps.cases.queries import finished
from nep.apps.cases.queries.finished import EndedFilter
from nep.apps.cases.tests.scene import OPINION, Office, moment, office, with_procedure
from nep.apps.organization import queries as organization
from nep.apps.organization.models import Agency
from nep.apps.organization.services import absence_start
from nep.apps.organization.tests.scene import department
from nep.apps.oversight.rules.periods import Period
from nep.apps.workcal import queries as workcal
from tests.standing import kept

START, LOOKED_AT = moment(11, 8), moment(31, 16)
PAGES = (
    "ket-qua/?xem=thang", "ket-qua/?xem=thu-tuc", "ket-qua/?xem=don-vi",
    "ket-qua/?xem=linh-vuc", "ket-qua/?xem=kenh", "diem-nghen/", "can-bo/",
)  # fmt: skip
LINK = re.compile(r'<td class="right num"><a href="([^"]+)">([\d.]+)</a>')
HEAT = re.compile(r'<td class="ht-\d"><a href="([^"]+)"')
HEADING = re.compile(r"<h1>([\d.]+) (?:hồ sơ đã kết thúc|lượt làm bước)")


@pytest.fixture(autouse=True)
def nothing_remembered():
    organization.forget()
    workcal.forget()
    with time_machine.travel(LOOKED_AT, tick=False):
        yield
    organization.forget()
    workcal.forget()


def build_ended() -> Office:
    """Two procedures with cases early, late, returned, refused, withdrawn; half of them folded."""
    with time_machine.travel(LOOKED_AT, tick=False):
        found = office(field="Năng lượng nguyên tử")
        other = with_procedure(
            found.scene, table=OPINION, code="1.000777", field="Sở hữu trí tuệ", policy="stop"
        )
        for days in (0, 1, 17):
            case = found.accept(now=START + timedelta(hours=1), channel="online")
            found.walk(case, "b5", now=START + timedelta(days=days, hours=1))
        back = found.accept(now=START)
        found.walk(back, "b3", now=START)
        found.complete(back, "b3", by="lan", now=START + timedelta(hours=2), outcome="f-re-b3")
        found.complete(back, "b4", by="ha", now=START + timedelta(days=4))
        services.figures.figures_fold(now=START, limit=2)
        out = other.accept(now=START)
        services.case_withdraw(
            actor=other.actor("tuan"), now=START + timedelta(days=3), case_id=out.pk,
            reason="Người nộp xin rút.",
        )  # fmt: skip
        refused = found.accept(now=START)
        found.walk(refused, "b3", now=START)
        services.case_refuse(
            actor=found.actor("lan"), now=START + timedelta(days=5), case_id=refused.pk,
            reason="Không đủ điều kiện.",
        )  # fmt: skip
    return found


at = kept(build_ended)


def shown(client, path: str) -> str:
    answer = client.get(f"/dieu-hanh/{path}")
    assert answer.status_code == 200, path
    return answer.content.decode()


@pytest.mark.parametrize("path", PAGES)
def test_every_count_of_the_page_opens_as_many_rows(at, client, path):
    at.scene.sign_in(client, "ha")
    page = shown(client, path)

    found = LINK.findall(page)
    for url, text in found:
        rows = client.get(unescape(url)).content.decode()
        assert HEADING.search(rows).group(1) == text, url
        assert rows.count('<td data-l="Thời gian">') == int(text)
    assert len(found) > 4, path
    for url in HEAT.findall(page):
        assert client.get(unescape(url)).status_code == 200


@pytest.mark.parametrize("path", PAGES[:5])
def test_the_rows_of_a_page_add_up_to_its_sum(at, client, path):
    at.scene.sign_in(client, "ha")

    book = load_workbook(io.BytesIO(client.get(f"/dieu-hanh/{path}&dang=xlsx").content))
    _, *rows, total = book.get_sheet_by_index(0).to_python()

    assert total[0] == "Cộng"
    for place in range(2, 8):
        assert sum(row[place] or 0 for row in rows) == total[place]
    assert total[2] == Case.objects.exclude(finished_at=None).count() == 6
    assert total[2] == sum(total[3:8])


def test_each_page_is_to_be_had_as_a_paper(at, client):
    at.scene.sign_in(client, "ha")
    for path in ("ket-qua/?xem=thu-tuc&", "diem-nghen/?"):
        answer = client.get(f"/dieu-hanh/{path}dang=pdf")
        assert answer.content.startswith(b"%PDF-")
        assert "attachment" in answer["Content-Disposition"]


def test_the_heading_says_how_time_was_kept_and_the_months_before_are_compared(at, client):
    at.scene.sign_in(client, "ha")

    page = shown(client, "ket-qua/")

    assert "Năm 2026 xong 5 hồ sơ, 80% đúng hạn, 1 hồ sơ quá hạn" in page
    assert '<polyline class="tl tl--old"' in page
    assert "chưa hồ sơ nào kết thúc" in shown(client, "ket-qua/?nam=2019")


def test_nobody_without_the_permission_sees_them_and_no_applicant_is_named(at, client):
    at.scene.sign_in(client, "ha")
    for path in PAGES:
        assert "Nguyễn Văn An" not in shown(client, path)
    assert "Nguyễn Văn An" not in shown(client, "ket-qua/ho-so/?tu=202601&den=202612")

    at.scene.sign_in(client, "tuan")
    assert client.get("/dieu-hanh/ket-qua/").status_code == 403
    assert client.get("/dieu-hanh/ket-qua/ho-so/").status_code == 403


def test_a_person_sees_the_own_steps_a_head_those_of_the_unit_a_leader_all(at, client):
    names = {"lan": "Trần Thị Mai Lan", "tuan": "Hoàng Minh Tuấn", "toan": "Đặng Văn Toàn"}
    cell = '<td>{}</td><td class="right num">'
    seen = {}
    for who in ("lan", "toan", "ha"):
        at.scene.sign_in(client, who)
        page = shown(client, "can-bo/")
        seen[who] = {key for key, name in names.items() if cell.format(name) in page}

    assert seen == {"lan": {"lan"}, "toan": {"lan", "toan"}, "ha": set(names)}


def test_who_is_away_is_still_seen_by_the_head_of_the_unit(at, client):
    lan = at.scene.people["lan"]
    absence_start(
        actor=at.actor("lan"), now=moment(31, 8), person_id=lan, reason="Nghỉ phép",
        starts_on=moment(31, 8).date(), ends_on=moment(31, 8).date(),
    )  # fmt: skip
    at.scene.sign_in(client, "toan")

    assert "Trần Thị Mai Lan" in shown(client, "can-bo/")
    assert client.get(f"/dieu-hanh/can-bo/buoc/?nguoi={lan}").status_code == 200


def test_steps_of_somebody_else_are_not_found_by_address(at, client):
    at.scene.sign_in(client, "lan")
    own, other = at.scene.people["lan"], at.scene.people["tuan"]

    assert client.get(f"/dieu-hanh/can-bo/buoc/?nguoi={own}").status_code == 200
    assert client.get(f"/dieu-hanh/can-bo/buoc/?nguoi={other}").status_code == 404
    assert client.get("/dieu-hanh/can-bo/buoc/").status_code == 404


def test_only_the_province_sees_agencies_side_by_side_and_may_open_their_rows(at, client):
    people = department(code="H99.01", name="Ủy ban nhân dân tỉnh Lam Sơn")
    Agency.objects.filter(pk=people.agency_id).update(kind="ubnd_tinh")
    organization.forget()

    people.sign_in(client, "h9901.ha")
    page = shown(client, "toan-tinh/?nam=2026")
    assert "Sở Khoa học và Công nghệ" in page
    assert "80% (6)" in page
    rows = f"ket-qua/ho-so/?tu=202601&den=202612&co_quan={at.scene.agency_id}"
    assert "6 hồ sơ đã kết thúc" in shown(client, rows)
    assert "80%" in shown(client, "ket-qua/?xem=cap&nam=2026")

    at.scene.sign_in(client, "ha")
    assert client.get("/dieu-hanh/toan-tinh/").status_code == 404
    assert client.get("/dieu-hanh/ket-qua/?xem=co-quan").status_code == 404
    other = f"ket-qua/ho-so/?co_quan={people.agency_id}"
    assert client.get(f"/dieu-hanh/{other}").status_code == 404


def test_the_same_tthc_of_other_agencies_is_compared_in_sums_only(at, client):
    second = office(code="H99.20", name="Sở Tư pháp")
    case = second.accept(now=START)
    second.walk(case, "b5", now=START)
    at.scene.sign_in(client, "ha")

    page = shown(client, f"ket-qua/?xem=co-quan&tt={at.tthc_id}")

    row = page[page.index("Sở Tư pháp") :].split("</tr>")[0]
    assert "<a " not in row and ">1<" in row
    assert client.get(f"/dieu-hanh/ket-qua/?xem=co-quan&tt={second.tthc_id}").status_code == 404


@given(
    by=st.sampled_from(["month", "procedure", "unit", "field", "channel"]),
    span=st.tuples(st.integers(202611, 202701), st.integers(202611, 202701)).map(sorted),
    word=st.sampled_from(["", "truoc", "dung", "tre", "khong", "rut", "xong", "kip"]),
    mark=st.sampled_from(["", *finished.MARKS]),
    folds=st.integers(0, 3),
)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_asked_the_parts_are_the_rows_and_add_up_to_the_whole(
    at, by, span, word, mark, folds
):
    """Cut finished cases any way, filter them any way: counting figures is counting rows."""
    months, agency_id = (span[0], span[1]), at.scene.agency_id
    counted = {"": "ended", "truoc": "before", "dung": "on_time", "tre": "late",
               "khong": "undated", "rut": "stopped"}  # fmt: skip
    services.figures.figures_fold(now=START, limit=folds)
    parts = finished.ended_figures(agency_ids=[agency_id], months=months, by=by)
    key_of = {"procedure": "tthc_id", "unit": "unit_id", "field": "field", "channel": "channel"}
    sums = [0, 0]
    for (key,), row in parts.items():
        own = (key, key) if by == "month" else months
        narrowed = {key_of[by]: key} if by != "month" else {}
        wanted = EndedFilter(own, word=word, mark=mark, **narrowed)
        rows = finished.ended_count(agency_id=agency_id, wanted=wanted)
        lines, _ = finished.ended_cases(agency_id=agency_id, wanted=wanted, limit=None)
        assert len(lines) == rows
        if not mark:
            figure = row.resolved if word == "xong" else row.in_time if word == "kip" else None
            assert rows == (row[counted[word]] if figure is None else figure)
        elif not word:
            assert rows == row[finished.MARKS[mark]]
        sums[0] += rows
    whole = EndedFilter(months, word=word, mark=mark, with_internal=by == "procedure")
    sums[1] = finished.ended_count(agency_id=agency_id, wanted=whole)
    assert sums[0] == sums[1]


@given(
    span=st.tuples(st.integers(202611, 202701), st.integers(202611, 202701)).map(sorted),
    kind=st.sampled_from(["", "in_time", "late", "untimed", "returns", "reworks"]),
    by=st.sampled_from(["person", "step"]),
)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_asked_of_steps_the_parts_are_the_rows_and_add_up(at, span, kind, by):
    months, agency_id = (span[0], span[1]), at.scene.agency_id
    parts = finished.done_figures(agency_ids=[agency_id], months=months, by=by)
    found = 0
    for key, row in parts.items():
        narrowed = (
            {"person_id": key[0]}
            if by == "person"
            else {"tthc_id": key[0], "content_hash": key[1], "node": key[2]}
        )
        wanted = finished.StepFilter(months, kind=kind, **narrowed)
        rows = finished.done_count(agency_id=agency_id, wanted=wanted)
        assert rows == row[kind or "steps"]
        found += rows
    whole = finished.StepFilter(months, kind=kind)
    assert found == finished.done_count(agency_id=agency_id, wanted=whole)


def test_the_queries_do_not_grow_with_the_cases(at, client, django_assert_max_num_queries):
    at.scene.sign_in(client, "ha")
    for path in PAGES:
        shown(client, path)
        with django_assert_max_num_queries(14):
            shown(client, path)


@pytest.mark.parametrize(
    ("value", "months", "before"),
    [
        (2026, (202601, 202612), (202501, 202512)),
        (20264, (202610, 202612), (202510, 202512)),
        (202603, (202603, 202603), (202503, 202503)),
    ],
)
def test_a_period_knows_its_months_and_the_same_of_the_year_before(value, months, before):
    assert Period(value).months == months
    assert Period(value).before.months == before
