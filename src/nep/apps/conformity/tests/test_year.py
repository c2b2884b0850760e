"""The ISO year on its tables and pages."""

import html
import io
from datetime import date, datetime, timedelta

import pytest
from docx import Document

from nep.apps.conformity import ports, queries, services
from nep.apps.conformity.models import BurdenCount, IsoYear, SecretaryHandover, YearItem
from nep.apps.conformity.rules.year import Seen
from nep.apps.conformity.tests.declared import NOW, TODAY, refused
from nep.apps.documents.models import Document as Controlled
from nep.apps.documents.models import Revision
from nep.apps.planning import services as planning
from nep.apps.planning.queries import statement_page
from nep.apps.planning.rules import context
from nep.apps.work.models import WorkItem
from nep.foundation.db.doctor import examine
from nep.foundation.journal import services as journal
from nep.kernel.errors import Forbidden, NotFound
from nep.kernel.vietnamese import VN

pytestmark = pytest.mark.django_db
REPORT = "bao-cao-don-vi-chu-tri"


def text(answer) -> str:
    return html.unescape(answer.content.decode())


@pytest.fixture
def seen():
    """Return a function that connects what the data say, until the end of the test."""
    before = ports.connect_seen({})
    ports.connect_seen(before)

    def connect(**readers: Seen) -> None:
        ports.connect_seen({key: (lambda *_, said=said: said) for key, said in readers.items()})

    yield connect
    ports.connect_seen(before)


def opened(agency, year: int = 2026, *, copy: bool = False) -> int:
    return services.year_open(actor=agency.actor("thu"), year=year, copy=copy, now=NOW)


def lines(agency, year: int = 2026, today: date = TODAY):
    page = queries.year_page(agency_id=agency.scene.agency_id, year=year, today=today)
    return {one.code: one for one in page.lines}


def tick(agency, code: str = REPORT, **change) -> None:
    values = {"on": TODAY, "evidence": "Báo cáo số 45/BC ngày 18/11/2026", "year": 2026, **change}
    services.year_item_tick(actor=agency.actor("thu"), code=code, now=NOW, **values)


def test_a_year_is_opened_once_and_done_is_seen_from_data(agency, seen):
    seen(file_plan=Seen(date(2026, 1, 9), True, "Ban hành ngày 09/01/2026."))
    opened(agency)
    refused("year_open", opened, agency)
    refused("seen_from_data", tick, agency, "danh-muc-ho-so")
    refused("evidence_missing", tick, agency, evidence=" ")
    tick(agency)

    found = lines(agency)
    assert (found["danh-muc-ho-so"].state, found["danh-muc-ho-so"].told) == (
        "done", "Ban hành ngày 09/01/2026.",
    )  # fmt: skip
    assert found[REPORT].done_on == TODAY
    assert found["danh-gia"].state == "late"
    assert queries.next_of(agency.scene.agency_id, today=TODAY).code == "boi-canh"


def test_copying_keeps_days_and_marks_what_has_to_be_looked_at(agency, seen):
    seen()
    refused("nothing_to_copy", opened, agency, 2026, copy=True)
    opened(agency, 2025)
    own = services.year_item_keep(
        actor=agency.actor("thu"), year=2025, code="", title="Tập huấn một cửa", minutes=60,
        due_on=date(2025, 5, 6), role="unit_head", now=NOW,
    )  # fmt: skip
    services.year_item_exclude(
        actor=agency.actor("thu"), year=2025, code="rui-ro", reason="Chưa có người mới.", now=NOW
    )
    opened(agency, 2026, copy=True)
    copied = lines(agency)
    services.year_item_confirm(actor=agency.actor("thu"), year=2026, code=own, now=NOW)

    assert {code for code, one in copied.items() if one.to_confirm} == {own, "rui-ro"}
    assert copied[own].due_on == date(2026, 5, 6)
    assert copied["rui-ro"].state == "excluded"
    assert not lines(agency)[own].to_confirm
    assert queries.year_page(
        agency_id=agency.scene.agency_id, year=2026, today=TODAY
    ).copied_from == 2025  # fmt: skip


def test_only_who_keeps_the_system_changes_it_and_another_agency_reaches_nothing(
    agency, other_agency, seen
):
    seen()
    opened(agency)
    with pytest.raises(Forbidden):
        services.year_item_confirm(actor=agency.actor("toan"), year=2026, code=REPORT, now=NOW)
    with pytest.raises(NotFound):
        services.year_item_confirm(actor=other_agency.actor("ha"), year=2026, code=REPORT, now=NOW)
    refused("due_other_year", services.year_item_keep, actor=agency.actor("thu"), year=2026,
            code=REPORT, title="Gửi báo cáo", due_on=date(2027, 1, 1), role="qmr", minutes=5,
            now=NOW)  # fmt: skip


def test_what_is_due_soon_and_not_begun_becomes_work_until_it_is_done(agency, seen):
    seen()
    services.year_open(actor=agency.actor("thu"), year=2026, copy=False, now=NOW)
    first, again = services.year_remind(now=NOW), services.year_remind(now=NOW)
    waiting = WorkItem.objects.filter(source_type="year_item", state__lt=1)
    held = waiting.count()
    seen(file_plan=Seen(TODAY), context=Seen(begun=True))
    services.year_remind(now=NOW)

    assert first == held > 8
    assert again == 0
    assert waiting.count() == held - 1


def test_the_page_shows_one_thing_why_and_one_button(agency, client, seen):
    seen(file_plan=Seen(begun=True, told="Đã lập, chờ ban hành."))
    agency.scene.sign_in(client, "thu")
    closed = text(client.get("/nam-iso/"))
    this = date.today().year
    client.post("/nam-iso/mo/", {"nam": str(this)})
    shown = text(client.get("/nam-iso/"))
    whole = text(client.get("/nam-iso/ca-nam/"))
    item = f"/nam-iso/{this}/{REPORT}/"
    bad = client.post(item + "xong/", {"on": f"01/01/{this}", "evidence": ""})
    slip = client.post(item + "xong/", {"on": "01/01/1990", "evidence": "Báo cáo số 45/BC"})
    done = client.post(item + "xong/", {"on": f"01/01/{this}", "evidence": "Báo cáo số 44/BC"})
    kept = text(client.get(item))
    client.post(item + "xong/", {"on": f"02/01/{this}", "evidence": "Báo cáo số 45/BC"})
    again = text(client.get(item))
    agency.scene.sign_in(client, "toan")
    read = text(client.get(item))
    agency.scene.sign_in(client, "lan")

    assert f"Năm ISO {this} chưa mở" in closed
    assert "Việc tiếp theo: Ban hành danh mục hồ sơ" in shown
    assert "Đã lập, chờ ban hành." in shown
    assert shown.count("btn btn--p") == 1
    assert "Tháng 12" in whole
    assert slip.status_code == 422
    assert "Sửa ngày, căn cứ đã ghi" in kept
    assert "Báo cáo số 44/BC" in kept
    assert f"02/01/{this}" in again
    assert "Báo cáo số 45/BC" in again
    assert (bad.status_code, done.status_code) == (422, 302)
    assert "Đã xong: Gửi báo cáo năm" in read
    assert "Lưu hạn, người làm" not in read
    assert client.get("/nam-iso/").status_code == 403


def test_the_plan_of_the_year_prints_and_pages_ask_few_questions(
    agency, client, django_assert_max_num_queries
):
    opened(agency)
    due = TODAY - timedelta(days=3)
    Controlled.objects.filter(status="in_force").update(next_review_on=due)
    agency.scene.sign_in(client, "thu")
    word = Document(io.BytesIO(client.get("/nam-iso/2026.docx").content))
    cells = [cell.text for cell in word.tables[-2].columns[1].cells]

    assert "Xem xét của lãnh đạo" in cells
    assert "quá hạn soát xét" in lines(agency)["soat-xet-tai-lieu"].told
    assert lines(agency)["soat-xet-tai-lieu"].due_on == due
    assert client.get("/nam-iso/2026.pdf").content.startswith(b"%PDF")
    for place in ("/nam-iso/", "/nam-iso/ca-nam/", "/nam-iso/cong-suc/", "/nam-iso/can-hoi-lai/",
                  "/nam-iso/ban-giao/", "/nam-iso/bo-tai-lieu/"):  # fmt: skip
        client.get(place)
        with django_assert_max_num_queries(14):
            assert client.get(place).status_code == 200


def test_chosen_documents_become_drafts_that_nobody_has_approved(agency, client):
    agency.scene.sign_in(client, "thu")
    shown = text(client.get("/nam-iso/bo-tai-lieu/"))
    none = client.post("/nam-iso/bo-tai-lieu/", {})
    before = Controlled.objects.count()
    client.post("/nam-iso/bo-tai-lieu/", {"tai_lieu": ["mo-hinh", "khac-phuc"]})
    again = text(client.get("/nam-iso/bo-tai-lieu/"))
    made = Revision.objects.filter(document__title="Mô hình hệ thống quản lý chất lượng").get()

    assert "chưa xác minh" in shown
    assert none.status_code == 422
    assert Controlled.objects.count() == before + 2
    assert (made.state, made.approved_by_id, made.original_file.name) == (
        "draft", None, "mo-hinh.docx",
    )  # fmt: skip
    assert again.count("đã có") >= 2


def test_a_secretary_hands_over_a_frozen_year_which_the_next_confirms(agency, client, seen):
    seen()
    opened(agency)
    make = {"actor": agency.actor("thu"), "giver_id": agency.scene.people["thu"], "now": NOW,
            "remark": "Báo cáo năm chờ số liệu của phòng."}  # fmt: skip
    refused("not_secretary", services.handover_make, receiver_id=agency.scene.people["lan"], **make)
    refused("same_person", services.handover_make, receiver_id=agency.scene.people["thu"], **make)
    other = make | {"giver_id": agency.scene.people["lan"]}
    refused("giver_no_secretary", services.handover_make,
            receiver_id=agency.scene.people["thu"], **other)  # fmt: skip
    agency.scene.sign_in(client, "thu")
    alone = text(client.get("/nam-iso/ban-giao/"))
    agency.scene.appoint("huy", "PKH", "iso_secretary")
    both = text(client.get("/nam-iso/ban-giao/"))
    assert ("Mới một người" in alone, "Mới một người" in both) == (True, False)
    assert queries.is_new_secretary(actor=agency.actor("huy"), year=2026)
    one = services.handover_make(receiver_id=agency.scene.people["huy"], **make)
    tick(agency)
    frozen = SecretaryHandover.objects.get(pk=one)
    assert not queries.is_new_secretary(actor=agency.actor("thu"), year=2026)
    assert not queries.is_new_secretary(actor=agency.actor("huy"), year=2026)  # was handed over
    agency.scene.sign_in(client, "huy")
    place = f"/nam-iso/ban-giao/{one}/"
    shown = text(client.get(place))
    word = Document(io.BytesIO(client.get(place + "bien-ban.docx").content))
    said = "\n".join(
        [p.text for p in word.paragraphs]
        + [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    )
    with pytest.raises(Forbidden):
        services.handover_receive(actor=agency.actor("thu"), handover_id=one, now=NOW)
    client.post(place + "nhan/")

    assert any(o["title"].startswith("Gửi báo cáo năm") for o in frozen.content["open_lines"])
    assert "Báo cáo năm chờ số liệu" in shown
    for words in (frozen.seal, "Nguyễn Thị Thu Hà", "Bắt đầu từ đâu", "Phạm Quốc Huy"):
        assert words in said
    assert SecretaryHandover.objects.get(pk=one).received_at is not None
    assert not WorkItem.objects.filter(source_type="secretary_handover", state__lt=1).exists()


def test_minutes_are_counted_from_the_journal_once(agency, client, seen):
    seen()
    opened(agency)
    tick(agency)
    journal.link_rows()
    counted = [services.burden_fold(), services.burden_fold()]
    rows = {one.action: one.count for one in BurdenCount.objects.filter(month=202612)}
    page = queries.burden_page(agency_id=agency.scene.agency_id, today=TODAY + timedelta(days=30))

    assert counted[0] > 0
    assert counted[1] == 0
    assert rows["year.opened"] == rows["year.done"] == 1
    assert sum(one.total for one in page.lines) == sum(one.minutes for one in page.bars)
    assert "Tháng trước cả cơ quan dùng" in page.headline
    agency.scene.sign_in(client, "thu")
    assert "chưa xác minh" in text(client.get("/nam-iso/cong-suc/"))


def test_the_adviser_asks_the_agency_itself(agency, client):
    Revision.objects.update(submitted_at=NOW, approved_at=NOW + timedelta(minutes=1))
    page = queries.adviser_page(actor=agency.actor("thu"), today=TODAY)
    agency.scene.sign_in(client, "lan")

    assert page.headline == "1 điều cần hỏi lại"
    assert "cách 1 phút" in page.hints[0].told
    assert client.get("/nam-iso/can-hoi-lai/").status_code == 403


def test_the_adviser_looks_at_plans_too(agency):
    parties = [{"party": "Người dân", "need": "Nhận kết quả đúng hẹn"}]
    id_ = planning.statement_save(
        actor=agency.actor("thu"), part="parties", version=0, now=NOW,
        content=context.read_content("parties", {"rows": parties}),
    )  # fmt: skip
    planning.statement_submit(actor=agency.actor("thu"), statement_id=id_, now=NOW)
    read = statement_page(actor=agency.actor("gd"), statement_id=id_).line.content_hash
    planning.statement_approve(
        actor=agency.actor("gd"), statement_id=id_, content_hash=read,
        now=NOW + timedelta(minutes=2),
    )  # fmt: skip
    page = queries.adviser_page(actor=agency.actor("thu"), today=TODAY)

    assert [(one.rule, one.url) for one in page.hints if "Các bên quan tâm" in one.told] == [
        ("minutes_apart", f"/boi-canh/{id_}/")
    ]


def test_doctor_finds_nothing_and_sees_a_line_of_another_year(agency, seen):
    seen()
    opened(agency)
    fine = [found for _, found in examine(parts=("iso_year",)) if found]
    YearItem.objects.filter(code=REPORT).update(year=2030)

    assert fine == []
    assert IsoYear.objects.count() == 1
    assert [found for _, found in examine(parts=("iso_year",)) if found]


def test_what_was_asked_last_year_is_closed_once_it_is_done(agency, seen):
    seen()
    opened(agency)
    services.year_remind(now=NOW)
    asked = {one.code: one.item_id for one in YearItem.objects.exclude(item_id=None)}
    january = datetime(2027, 1, 8, 9, 0, tzinfo=VN)
    seen(audit=Seen(date(2026, 12, 30), True, "Đã báo cáo."))

    assert services.year_remind(now=january) == 0
    assert WorkItem.objects.get(pk=asked["danh-gia"]).state != WorkItem.OPEN
    left = {one.code: one.item_id for one in YearItem.objects.exclude(item_id=None)}
    assert left == {code: item for code, item in asked.items() if code != "danh-gia"}
