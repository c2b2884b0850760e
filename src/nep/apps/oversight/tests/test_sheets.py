"""Officers' sheets: who writes what in which order, nothing is lost, nobody is ranked."""

import io
import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client
from python_calamine import load_workbook

from nep.apps.cases.tests.scene import Office, moment, office
from nep.apps.organization import queries as organization
from nep.apps.organization import services as agencies
from nep.apps.organization.tests.scene import department
from nep.apps.oversight import queries, services
from nep.apps.oversight.models import (
    InputEdition,
    OfficerSheet,
    SheetEntry,
    SheetPeriodClosing,
)
from nep.apps.oversight.rules import sheets as rules
from nep.apps.oversight.rules.periods import Period
from nep.apps.work.models import Notice
from nep.apps.workcal import queries as workcal
from nep.foundation.db import doctor
from nep.foundation.journal.models import JournalEntry
from nep.kernel.errors import Conflict, Forbidden, NotFound, Refusal
from tests.standing import kept

START, LATER = moment(11, 8), moment(30, 9)
QUARTER = Period(20264)
FULL = {"c1": 90, "c2": 100, "c3": 85, "n1": 180, "n2": 250, "n3": 225}  # 93 points
GOOD = FULL | {"n1": 60, "n2": 200}  # 76 points
WHY = "Hoàn thành đúng hạn mọi hồ sơ được giao."


@pytest.fixture(autouse=True)
def nothing_remembered():
    organization.forget()
    workcal.forget()
    with time_machine.travel(LATER, tick=False):
        yield
    organization.forget()
    workcal.forget()


def build() -> Office:
    """A department with three finished cases, one of them late at the specialist's step."""
    found = office()
    for days in (0, 1, 17):
        case = found.accept(now=START)
        found.walk(case, "b3", now=START)
        found.complete(
            case, "b3", by="lan", now=START + timedelta(days=days, hours=2), outcome="f-re-b3"
        )
        found.complete(case, "b4", by="ha", now=START + timedelta(days=days, hours=3))
    return found


at = kept(build)


def write(at: Office, by: str, act: str, *, who: str = "lan", **more) -> int:
    values = {"points": FULL, "text": WHY, **more}
    return services.sheet_write(
        actor=at.actor(by, now=LATER), now=LATER, person_id=at.scene.people[who],
        period=more.pop("period", QUARTER), act=act,
        **{name: value for name, value in values.items() if name != "period"},
    )  # fmt: skip


def refused(wanted: str, at: Office, *args, kind=Refusal, **more) -> None:
    with pytest.raises(kind) as caught:
        write(at, *args, **more)
    assert caught.value.code == wanted, caught.value.message


def page(at: Office, by: str, *, who: str = "lan") -> queries.SheetPage:
    return queries.sheet_page(
        actor=at.actor(by, now=LATER), person_id=at.scene.people[who], period=QUARTER, now=LATER
    )


def test_from_own_points_to_a_decision_a_contest_and_its_answer_everything_stays(at):
    write(at, "lan", "tu-cham", text="")
    write(at, "toan", "de-xuat", points=GOOD)
    write(at, "ha", "quyet-dinh", points=GOOD)
    refused("not_now", at, "lan", "tu-cham")
    write(at, "lan", "kien-nghi", points=None, text="Hồ sơ trễ do chờ Sở Xây dựng.")
    refused("not_now", at, "ha", "quyet-dinh")
    write(at, "ha", "tra-loi", text="Nhận kiến nghị, đã xem lại từng hồ sơ.")

    found = page(at, "lan")

    assert (found.state, found.points, found.band) == (
        "tra-loi", 930, "Hoàn thành xuất sắc nhiệm vụ",
    )  # fmt: skip
    assert [(e.act, e.total, e.band) for e in found.entries] == [
        ("tu-cham", 930, ""), ("de-xuat", 760, ""),
        ("quyet-dinh", 760, "Hoàn thành tốt nhiệm vụ"), ("kien-nghi", None, ""),
        ("tra-loi", 930, "Hoàn thành xuất sắc nhiệm vụ"),
    ]  # fmt: skip
    assert JournalEntry.objects.filter(action="sheet.written").count() == 5
    told = Notice.objects.filter(key__startswith="phieu:").order_by("id")
    people = at.scene.people
    assert [one.person_id for one in told] == [people["lan"], people["ha"], people["lan"]]


def test_the_doctor_finds_a_sheet_and_a_figure_that_were_changed_behind_it(at):
    write(at, "lan", "tu-cham")
    write(at, "ha", "quyet-dinh")
    ask = ("officer_sheets", "figure_editions")
    assert [one for _, found in doctor.examine(parts=ask) for one in found] == []

    OfficerSheet.objects.update(points=1000)
    InputEdition.objects.create(
        agency_id=at.scene.agency_id, period=202612, name="payable", edition=2, value=1,
        source="Sửa tay", at=LATER, by_id=1,
    )  # fmt: skip

    found = [one for _, found in doctor.examine(parts=ask) for one in found]
    assert {one.code for one in found} == set(ask)
    assert "điểm hoặc xếp loại" in found[0].message


def test_an_answer_without_points_leaves_the_decision(at):
    write(at, "lan", "tu-cham")
    write(at, "ha", "quyet-dinh", points=GOOD)
    write(at, "lan", "kien-nghi", points=None)
    write(at, "ha", "tra-loi", points=None)

    assert (page(at, "ha").points, page(at, "ha").state) == (760, "tra-loi")


def test_the_head_decides_the_band_and_the_figures_never_do(at):
    write(at, "lan", "tu-cham")
    write(at, "ha", "quyet-dinh", band="tot")

    assert (page(at, "lan").points, page(at, "lan").band) == (930, "Hoàn thành tốt nhiệm vụ")
    refused("band_unknown", at, "ha", "quyet-dinh", band="nhất")


def test_each_act_is_one_persons_and_nobody_decides_on_oneself(at):
    write(at, "lan", "tu-cham")
    for by, act in (("toan", "tu-cham"), ("ha", "de-xuat"), ("toan", "quyet-dinh"),
                    ("toan", "kien-nghi"), ("lan", "quyet-dinh"), ("toan", "tra-loi")):  # fmt: skip
        refused("not_yours_to_do", at, by, act, kind=Forbidden)
    refused("not_yours_to_do", at, "ha", "quyet-dinh", who="ha", kind=Forbidden)
    for stranger in ("huy", "tuan", "admin"):
        refused("not_found", at, stranger, "quyet-dinh", kind=NotFound)
    assert SheetEntry.objects.count() == OfficerSheet.objects.count() == 1


def test_another_agency_finds_nothing(at):
    write(at, "lan", "tu-cham")
    other = department(code="H99.20", name="Sở Tư pháp")

    with pytest.raises(NotFound):
        queries.sheet_page(
            actor=other.actor("ha", now=LATER), person_id=at.scene.people["lan"], period=QUARTER,
            now=LATER,
        )  # fmt: skip
    client = Client()
    other.sign_in(client, "h9920.ha")
    where = f"/dieu-hanh/can-bo/phieu/{at.scene.people['lan']}/20264/"
    assert client.get(where).status_code == 404
    assert client.post(f"{where}quyet-dinh/", {}).status_code == 404


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"points": FULL | {"n2": 251}}, "points_out_of_bounds"),
        ({"points": FULL | {"c1": -5}}, "points_out_of_bounds"),
        ({"points": {"c1": 10}}, "points_missing"),
        ({"text": " "}, "reason_missing"),
        ({"period": Period(202701)}, "period_ahead"),
    ],
)
def test_what_a_decision_cannot_be_without(at, change, code):
    write(at, "lan", "tu-cham")
    refused(code, at, "ha", "quyet-dinh", is_without_self=True, **change)


def test_the_person_comes_first_unless_it_is_said_why_not(at):
    refused("self_missing", at, "toan", "de-xuat")
    refused("self_missing", at, "ha", "quyet-dinh")
    write(at, "ha", "quyet-dinh", is_without_self=True, text="Nghỉ ốm dài ngày từ tháng 10.")
    assert page(at, "ha").points == 930


def test_the_loser_of_a_race_is_told_who_was_first(at):
    write(at, "lan", "tu-cham", expected_version=0)
    with pytest.raises(Conflict, match="Trần Thị Mai Lan vừa ghi"):
        write(at, "ha", "quyet-dinh", expected_version=0)
    assert page(at, "ha").version == 1


def test_the_counts_are_those_of_the_steps_and_each_opens_them(at, client):
    at.scene.sign_in(client, "lan")
    text = client.get(f"/dieu-hanh/can-bo/phieu/{at.scene.people['lan']}/20264/").content.decode()

    counts = page(at, "lan").counts
    assert (counts["steps"], counts["in_time"], counts["late"]) == (3, 2, 1)
    links = re.findall(r'<a href="(/dieu-hanh/can-bo/buoc/[^"]+)">(\d+)</a>', text)
    assert {number for _, number in links} >= {"3", "2", "1"}
    for url, number in links:
        rows = client.get(unescape(url)).content.decode()
        assert f"<h1>{number} lượt làm bước" in rows
    assert "16,6" in text  # 25 × 2 ÷ 3 is suggested, not given
    assert "Chưa ai ghi gì" in text


def test_a_decision_keeps_what_the_steps_said_then(at):
    write(at, "lan", "tu-cham")
    write(at, "ha", "quyet-dinh")
    case = at.accept(now=START + timedelta(days=3))
    at.walk(case, "b5", now=START + timedelta(days=3))

    found = page(at, "ha")

    assert (found.newest("quyet-dinh").evidence["steps"], found.counts["steps"]) == (3, 4)


def test_the_list_goes_by_name_and_shows_each_what_is_theirs(at, client):
    for who, points in (("lan", GOOD), ("huy", FULL), ("toan", FULL)):
        write(at, who, "tu-cham", who=who)
        write(at, "ha", "quyet-dinh", who=who, points=points)
    seen = {}
    for by in ("lan", "toan", "ha", "admin"):
        found = queries.sheet_list(actor=at.actor(by, now=LATER), period=QUARTER, now=LATER)
        seen[by] = [line.person for line in found.lines]

    assert seen["lan"] == ["Trần Thị Mai Lan"]
    assert seen["admin"] == ["Lê Văn Quản"]
    assert set(seen["toan"]) == {"Phạm Quốc Huy", "Trần Thị Mai Lan", "Đặng Văn Toàn"}
    known = organization.members(agency_id=at.scene.agency_id, today=LATER.date())
    assert seen["ha"] == [one.name for one in known]
    at.scene.sign_in(client, "ha")
    where = "/dieu-hanh/can-bo/phieu/?nam=2026&phan=q4"
    text = client.get(where).content.decode()
    assert "Quý 4/2026 đã quyết định 3/6 phiếu" in text
    book = load_workbook(io.BytesIO(client.get(f"{where}&dang=xlsx").content))
    _, *rows = book.get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows] == seen["ha"]
    assert client.get(f"{where}&dang=pdf").content.startswith(b"%PDF-")


def test_a_period_is_closed_when_all_is_decided_and_the_quota_is_kept(at):
    def close(**more) -> int:
        return services.sheet_period_close(
            actor=at.actor("ha", now=LATER), now=LATER, period=QUARTER, **more
        )

    people = ("lan", "huy", "toan", "tuan", "admin")
    for who in people:
        write(at, who, "tu-cham", who=who)
    with pytest.raises(Refusal, match="Còn 5 phiếu chưa có quyết định"):
        close()
    for who in people:
        write(at, "ha", "quyet-dinh", who=who, points=FULL if who in ("lan", "huy") else GOOD)
    with pytest.raises(Refusal, match="quá cả mức đặc biệt 25%"):
        close(exception="Quyết định 12/QĐ-UBND")
    write(at, "ha", "quyet-dinh", who="huy", points=GOOD)
    with pytest.raises(Forbidden):
        services.sheet_period_close(actor=at.actor("toan", now=LATER), now=LATER, period=QUARTER)
    close(note="Họp ngày 29/12.")

    row = SheetPeriodClosing.objects.get()
    assert row.bands == {"xuat-sac": 1, "tot": 4}
    with pytest.raises(Refusal, match="đã chốt"):
        close()
    refused("period_closed", at, "ha", "quyet-dinh")
    write(at, "toan", "kien-nghi", who="toan", points=None)
    refused("quota_exceeded", at, "ha", "tra-loi", who="toan")
    write(at, "ha", "tra-loi", who="toan", points=None)


@pytest.mark.parametrize(
    ("best", "good", "exception", "code"),
    [
        (1, 4, "", ""), (2, 8, "", ""), (2, 7, "", "quota_needs_basis"),
        (2, 6, "Quyết định 12/QĐ-UBND", ""), (2, 5, "Quyết định 12/QĐ-UBND", "quota_exceeded"),
        (1, 3, "Quyết định 12/QĐ-UBND", ""), (1, 0, "", "quota_exceeded"), (0, 0, "", ""),
    ],
)  # fmt: skip
def test_the_quota_is_of_whole_people(settings, best, good, exception, code):
    terms = rules.read_terms(settings.OFFICER_SHEET)
    check = rules.quota_check(terms, {"xuat-sac": best, "tot": good, "dat": 9})

    decision = rules.decide_quota(terms, check, exception=exception)

    assert getattr(decision, "code", "") == code


@pytest.mark.parametrize(
    ("roles", "position", "found"),
    [({"leader"}, "Giám đốc", True), ({"leader", "qmr"}, "Phó Giám đốc", False),
     ({"unit_head"}, "Trưởng phòng", False), ({"leader"}, "", True)],
)  # fmt: skip
def test_who_heads_the_agency_is_judged_above(at, roles, position, found):
    assert rules.is_top(roles, position=position) == found
    deputy = at.actor("ha", now=LATER)
    over = rules.roles_over(deputy, person_id=1, unit_ids=(), is_of_agency=True, is_top=found)
    assert over == (frozenset() if found else {"head"})


def headed(at: Office) -> dict:
    """Give the department a director who wrote down own points."""
    at.scene.person("giamdoc", "Lê Văn Cường", ("LD", "leader", "Giám đốc"))
    organization.forget()
    write(at, "giamdoc", "tu-cham", who="giamdoc")
    return {"who": "giamdoc"}


def above(at: Office, parent_id: int | None) -> None:
    admin = at.actor("admin", now=LATER)
    version = organization.agency(at.scene.agency_id).version
    agencies.agency_change(
        actor=admin, now=LATER, agency_id=at.scene.agency_id, version=version, parent_id=parent_id
    )
    organization.forget()


def test_the_head_is_judged_by_who_leads_the_superior_agency(at, client):
    mine = headed(at)
    superior = department(code="H99", name="Ủy ban nhân dân tỉnh")
    above(at, superior.agency_id)
    leader = superior.actor("ha", now=LATER)
    who = at.scene.people["giamdoc"]
    for by in ("admin", "ha"):
        refused("not_found", at, by, "quyet-dinh", kind=NotFound, **mine)
    decide = {"person_id": who, "period": QUARTER, "act": "quyet-dinh", "text": WHY, "now": LATER}
    with pytest.raises(NotFound):
        services.sheet_write(actor=superior.actor("toan", now=LATER), points=GOOD, **decide)
    services.sheet_write(actor=leader, points=GOOD, **decide)
    write(at, "giamdoc", "kien-nghi", points=None, **mine)

    found = page(at, "giamdoc", **mine)
    assert (found.points, found.state, found.is_top) == (760, "kien-nghi", True)
    told = Notice.objects.filter(key__startswith="phieu:").order_by("id")
    assert [(one.agency_id, one.person_id) for one in told] == [
        (at.scene.agency_id, who), (superior.agency_id, leader.person_id),
    ]  # fmt: skip
    superior.sign_in(client, "h99.ha")
    listed = client.get("/dieu-hanh/can-bo/phieu/").content.decode()
    assert "Lê Văn Cường" in listed
    where = f"/dieu-hanh/can-bo/phieu/{who}/20264/"
    text = client.get(where).content.decode()
    assert "Quyết định của cấp trên trực tiếp" in text
    assert "Sở Khoa học và Công nghệ" in text
    assert client.get(where.replace(str(who), str(at.scene.people["lan"]))).status_code == 404


def test_what_a_superior_outside_the_system_decided_is_written_down_with_its_number(at):
    mine = headed(at)
    refused("not_found", at, "ha", "quyet-dinh", kind=NotFound, **mine)
    refused("decision_missing", at, "admin", "quyet-dinh", text="Chủ tịch đã quyết định", **mine)
    write(at, "admin", "quyet-dinh", text="QĐ 45/QĐ-UBND ngày 05/01/2027 của Chủ tịch", **mine)

    assert page(at, "giamdoc", **mine).band == "Hoàn thành xuất sắc nhiệm vụ"


def test_a_superior_is_another_agency_of_the_province_and_never_below(at):
    superior = department(code="H99", name="Ủy ban nhân dân tỉnh")
    above(at, superior.agency_id)
    top = superior.actor("admin", now=LATER)
    for wrong in (superior.agency_id, at.scene.agency_id, 999):
        with pytest.raises(Refusal) as caught:
            agencies.agency_change(
                actor=top, now=LATER, agency_id=superior.agency_id, version=1, parent_id=wrong
            )
        assert caught.value.code == "parent_unknown"
    above(at, None)
    assert organization.agency(at.scene.agency_id).parent_id is None


@pytest.mark.parametrize(
    ("total", "band"),
    [(1000, "xuat-sac"), (900, "xuat-sac"), (899, "tot"), (700, "tot"), (699, "dat"),
     (500, "dat"), (499, "khong"), (0, "khong")],
)  # fmt: skip
def test_a_band_begins_at_its_least_points(settings, total, band):
    assert rules.read_terms(settings.OFFICER_SHEET).band_of(total).code == band


def test_every_shipped_criterion_names_its_source_and_mark(settings):
    terms = rules.read_terms(settings.OFFICER_SHEET)

    assert (terms.common, terms.task, terms.whole) == (300, 700, 1000)
    assert [band.least for band in terms.bands] == [900, 700, 500, 0]
    assert (terms.quota.percent, terms.quota.exception) == (20, 25)
    for one in terms.criteria:
        assert one.source and one.verified in rules.MARKS


def test_a_sheet_keeps_the_criteria_it_was_opened_with(at, client):
    write(at, "lan", "tu-cham")
    at.scene.sign_in(client, "ha")
    where = "/dieu-hanh/can-bo/tieu-chi/"
    held = queries.terms_page(actor=at.actor("ha", now=LATER), now=LATER).content
    posted = {"percent": "20", "exception": "25", "reason": "Quyết định 08/QĐ-SKHCN"}
    for place, row in enumerate(held["criterion"]):
        for name, value in row.items():
            posted[f"r{place}-{name}"] = str(value)
    posted["r0-label"] = "Đạo đức công vụ"

    wrong = client.post(where, posted | {"r0-max": "11"})
    assert wrong.status_code == 422
    assert "cộng được 31 điểm, cần 30" in wrong.content.decode()
    assert client.post(where, posted | {"r5-part": "steps * 2"}).status_code == 422
    assert client.post(where, posted).status_code == 302

    fresh = queries.terms_page(actor=at.actor("ha", now=LATER), now=LATER)
    assert fresh.terms.criteria[0].label == "Đạo đức công vụ"
    assert page(at, "lan").terms.criteria[0].label == "Chính trị tư tưởng, đạo đức, lối sống"
    assert page(at, "huy", who="huy").terms.criteria[0].label == "Đạo đức công vụ"
    at.scene.sign_in(client, "lan")
    assert "Đổi tiêu chí" not in client.get(where).content.decode()
    with pytest.raises(Forbidden):
        services.terms_set(
            actor=at.actor("lan", now=LATER), now=LATER, content=held, reason="Tôi muốn đổi"
        )


def test_the_page_takes_points_with_a_comma_and_keeps_what_was_typed(at, client):
    at.scene.sign_in(client, "lan")
    who = at.scene.people["lan"]
    where = f"/dieu-hanh/can-bo/phieu/{who}/20264/"
    typed = {f"tu-cham-{code}": str(value / 10).replace(".", ",") for code, value in FULL.items()}

    wrong = client.post(f"{where}tu-cham/", typed | {"tu-cham-version": "0", "tu-cham-c1": "10,5"})
    assert wrong.status_code == 422
    assert 'value="8,5"' in wrong.content.decode()
    done = client.post(f"{where}tu-cham/", typed | {"tu-cham-version": "0"})
    assert (done.status_code, done["Location"]) == (302, where)

    text = client.get(where).content.decode()
    assert "Trần Thị Mai Lan, quý 4/2026: đã tự chấm" in text
    assert page(at, "lan").entries[0].total == 930
    at.scene.sign_in(client, "ha")
    assert "Ghi quyết định" in client.get(where).content.decode()
    for kind, start in (("pdf", b"%PDF-"), ("xlsx", b"PK")):
        assert client.get(f"{where}?dang={kind}").content.startswith(start)
    assert client.get(f"{where}nham/").status_code == 404
    assert client.get(f"/dieu-hanh/can-bo/phieu/{who}/20265/").status_code == 404


def test_the_queries_of_the_list_do_not_grow_with_the_people(
    at, client, django_assert_max_num_queries
):
    for who in ("lan", "huy", "toan", "tuan"):
        write(at, who, "tu-cham", who=who)
    at.scene.sign_in(client, "ha")
    client.get("/dieu-hanh/can-bo/phieu/")
    with django_assert_max_num_queries(16):
        client.get("/dieu-hanh/can-bo/phieu/")
