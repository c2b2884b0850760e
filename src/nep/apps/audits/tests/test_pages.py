"""The pages of internal audits."""

import hashlib
import html
import io
from datetime import timedelta

import pytest
from django.urls import reverse
from docx import Document
from python_calamine import load_workbook

from nep.apps.audits import queries
from nep.apps.audits.models import Audit, Draw, Finding, Programme, Proof, Session
from nep.apps.audits.tests import scene
from nep.apps.improvement.models import Nonconformity
from nep.apps.organization.models import Unit
from nep.apps.organization.tests.scene import NOW
from nep.apps.records import services as records
from nep.apps.records.models import RecordFile
from nep.apps.records.tests import make
from tests.soon import LATER as LATER_DAY

pytestmark = pytest.mark.django_db
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060"
    "000000050001a5f645400000000049454e44ae426082"
)


@pytest.fixture(autouse=True)
def in_the_year_of_the_scene(time_machine):
    """Have the pages' clock stand in the scene's year, whenever the test runs."""
    time_machine.move_to(NOW)


def text(answer) -> str:
    return html.unescape(answer.content.decode())


def in_the_past(audit: Audit) -> None:
    """Move a plan back by a year: its sessions are over for the page's clock."""
    for session in Session.objects.filter(audit=audit):
        session.starts_at -= timedelta(days=400)
        session.ends_at -= timedelta(days=400)
        session.save()


@pytest.fixture
def go(agency, client):
    """Return a function that visits, or posts to, an address as somebody."""

    def visit(by: str, place: str, **values):
        agency.scene.sign_in(client, by)
        return client.post(place, values) if values else client.get(place)

    return visit


def test_a_year_is_proposed_and_approved_in_three_taps(agency, go):
    empty = text(go("thu", "/danh-gia/"))
    go("thu", "/danh-gia/de-xuat/", year=NOW.year)
    programme = Programme.objects.get()
    draft = text(go("thu", "/danh-gia/"))
    own = f"/danh-gia/chuong-trinh/{programme.pk}/"
    go("thu", f"{own}trinh/?nam={programme.year}", _once="a")
    waiting = text(go("ha", "/danh-gia/"))
    go("ha", f"{own}duyet/?nam={programme.year}", _once="b")
    programme.refresh_from_db()
    shown = text(go("ha", "/danh-gia/"))

    assert "chưa có chương trình đánh giá nội bộ" in empty
    assert "Đủ mọi đơn vị và mọi điều khoản" in draft
    assert "Trình phê duyệt" in draft
    assert "Phê duyệt chương trình" in waiting
    assert programme.state == "approved"
    assert "0/4 đơn vị đã đánh giá" in shown


def test_an_audit_goes_its_whole_way_over_the_pages(agency, client, go):
    programme = scene.approved(agency)
    now_month = {"month": NOW.month}
    place = go("thu", f"/danh-gia/chuong-trinh/{programme.pk}/lap/", **now_month)["Location"]
    audit = Audit.objects.get()
    plan = text(go("thu", place))
    session = audit.sessions.order_by("starts_at").first()
    edit = text(go("thu", f"/danh-gia/phien/{session.pk}/sua/"))
    go("thu", f"{place}trinh/", _once="a")
    ask = text(go("ha", place))
    go("ha", f"{place}duyet/", decision="12/QĐ-SKHCN")
    audit.refresh_from_db()
    in_the_past(audit)

    assert "Độc lập với đơn vị" in plan
    assert "Lưu phiên" in edit
    assert "Phê duyệt, thông báo" in ask
    assert audit.state == "announced"
    assert audit.papers.count() == 2

    finding = Finding.objects.filter(session=session).first()
    by = scene.auditor_of(agency, finding)
    page = text(go(by, f"/danh-gia/phien/{session.pk}/"))
    tapped = go(by, f"/danh-gia/cau/{finding.pk}/", level="minor")
    typed = client.post(
        f"/danh-gia/cau/{finding.pk}/", {"text": "Hai phiếu thiếu chữ ký.", "typed": "1"},
        headers={"HX-Request": "true"},
    )  # fmt: skip
    photo = io.BytesIO(PNG)
    photo.name = "anh.png"
    client.post(f"/danh-gia/cau/{finding.pk}/bang-chung/", {"file": photo})
    for one in audit.sessions.all():
        auditor = scene.auditor_of(agency, one.findings.first())
        go(auditor, f"/danh-gia/phien/{one.pk}/con-lai/", _once="r")
    leader = scene.leader_of(agency, audit)
    go(leader, f"{place}xong/", skipped="")
    unit = text(go("ha", f"/danh-gia/phien/{session.pk}/"))
    go("ha", f"/danh-gia/phien/{session.pk}/xac-nhan/", _once="c")
    form = text(go(leader, place))
    answer = go(leader, f"{place}bao-cao/", **{
        "conclusion": "Hệ thống được duy trì.", f"owner_{finding.pk}": agency.scene.people["toan"],
        f"due_{finding.pk}": LATER_DAY})  # fmt: skip
    audit.refresh_from_db()

    assert "KPH nhẹ" in page
    assert tapped.status_code == 302
    assert "Đã lưu" in text(typed)
    assert Proof.objects.get().kind == "file"
    assert "1 phát hiện chờ đơn vị xác nhận" in unit
    assert "mở 1 phiếu" in form
    assert answer.status_code == 302
    assert audit.state == "reported"
    assert Nonconformity.objects.get().owner_id == agency.scene.people["toan"]
    assert "KPH 01/2026" in text(go("lan", place))
    assert "1 điểm không phù hợp chưa khắc phục xong" in text(go("thu", "/danh-gia/phat-hien/"))
    assert "Hai phiếu thiếu chữ ký" in text(go("thu", "/danh-gia/phat-hien/?loc=tat-ca"))
    rows = load_workbook(io.BytesIO(client.get("/danh-gia/phat-hien/so-theo-doi.xlsx").content))
    assert "Hai phiếu thiếu chữ ký." in str(rows.get_sheet_by_index(0).to_python())


def test_a_file_of_records_is_evidence_by_its_code(announced, go):
    finding = Finding.objects.first()
    by = scene.auditor_of(announced, finding)
    in_the_past(finding.session.audit)
    series_id = make.series(announced.scene, make.plan(announced.scene))
    file_id = records.file_open(
        actor=announced.actor("thu"), series_id=series_id, title="Hồ sơ đào tạo năm 2026", now=NOW
    )
    code = RecordFile.objects.get(pk=file_id).code
    place = f"/danh-gia/cau/{finding.pk}/bang-chung/"
    page = text(go(by, f"/danh-gia/phien/{finding.session_id}/"))
    unknown = go(by, place, record="99.99")
    go(by, place, record=code.lower())

    assert f'<option value="{code}">Hồ sơ đào tạo năm 2026</option>' in page
    assert unknown.status_code == 422
    assert "Không có hồ sơ lưu số 99.99" in text(unknown)
    kept = Proof.objects.get()
    assert (kept.kind, kept.ref_id, kept.url) == ("record", file_id, f"/luu-tru/ho-so/{file_id}/")


def test_papers_say_what_is_known_and_stay_as_they_were(reported, client):
    agency = reported
    audit = scene.reported(agency)
    agency.scene.sign_in(client, "thu")
    words = {}
    Finding.objects.filter(session__audit=audit).update(text="Chữ sửa sau khi đã phát hành")
    for kind in ("plan", "decision", "checklist", "minutes", "report"):
        answer = client.get(reverse("audits:audit_paper", args=[audit.pk, kind, "docx"]))
        document = Document(io.BytesIO(answer.content))
        cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
        words[kind] = "\n".join([one.text for one in document.paragraphs] + cells)
    kept = audit.papers.get(kind="report")
    frozen = client.get(reverse("audits:paper", args=[kept.pk]))

    assert "12/QĐ-SKHCN" in words["decision"]
    assert "Phan Thị Giá" in words["decision"]
    assert "Nơi nhận:" in words["decision"]
    assert "LÃNH ĐẠO CƠ QUAN" not in words["decision"]
    assert "17/12/2026" in words["plan"]
    assert "Bước 3 “Thẩm định hồ sơ”" in words["checklist"]
    assert "Hai trong năm phiếu" in words["minutes"]
    assert "KPH 01/2026" in words["report"]
    assert "cần sửa một điểm về phiếu" in words["report"]
    assert frozen.content.startswith(b"%PDF")
    again = client.get(reverse("audits:audit_paper", args=[audit.pk, "report", "pdf"]))
    assert hashlib.sha256(again.content).hexdigest() == kept.sha256
    assert len(kept.sha256) == 64
    assert kept.record_id
    assert client.get(f"/danh-gia/{audit.pk}/giay/plan.zip").status_code == 404
    assert client.get(f"/danh-gia/{audit.pk}/giay/khac.pdf").status_code == 404
    year = client.get("/danh-gia/chuong-trinh.pdf?nam=2026")
    assert year.content.startswith(b"%PDF")
    sheet = client.get("/danh-gia/chuong-trinh.xlsx?nam=2026").content
    assert "Phòng Kế hoạch" in str(
        load_workbook(io.BytesIO(sheet)).get_sheet_by_index(0).to_python()
    )


def test_a_sample_is_drawn_again_with_its_seed(announced, client, go):
    agency = announced
    audit = scene.announced(agency)
    for _ in range(6):
        case = agency.accept()
        agency.walk(case, "end")
    session = audit.sessions.exclude(procedure=None).order_by("starts_at").first()
    by = scene.auditor_of(agency, session.findings.first())
    place = f"/danh-gia/phien/{session.pk}/mau/"
    days = {"since": "01/01/2026", "until": "31/12/2026", "size": "3"}
    go(by, place, **days)
    draw = Draw.objects.get()
    refused = go(by, place, **days)
    go(by, place, **days, seed=draw.seed, reason="Kiểm lại mẫu lần trước")
    again = Draw.objects.get(number=2)
    told = client.get(f"/danh-gia/rut/{draw.pk}/", follow=True)

    assert draw.population == 6
    assert draw.samples.count() == 3
    assert refused.status_code == 422
    assert [one.case_id for one in draw.samples.order_by("place")] == [
        one.case_id for one in again.samples.order_by("place")
    ]
    assert "đúng 3 hồ sơ này" in text(told)
    assert draw.seed in text(client.get(f"/danh-gia/phien/{session.pk}/"))


def test_pages_ask_the_same_few_questions_however_long(
    reported, client, django_assert_max_num_queries
):
    agency = reported
    audit = scene.reported(agency)
    agency.scene.sign_in(client, "thu")
    for place, most in (
        ("/danh-gia/", 15), (f"/danh-gia/{audit.pk}/", 16), ("/danh-gia/phat-hien/", 12),
        (f"/danh-gia/phien/{audit.sessions.first().pk}/", 12),
    ):  # fmt: skip
        client.get(place)
        with django_assert_max_num_queries(most):
            assert client.get(place).status_code == 200


def test_an_officer_reads_one_audit_but_not_the_programme(announced, go):
    agency = announced
    audit = scene.announced(agency)

    assert go("lan", "/danh-gia/").status_code == 403
    assert go("lan", f"/danh-gia/{audit.pk}/").status_code == 200
    assert go("lan", f"/danh-gia/{audit.pk}/bo/", reason="Không làm nữa").status_code == 403


def test_a_clause_that_is_none_is_told_and_a_unit_goes_only_with_a_word(agency, go):
    programme = scene.proposed(agency)
    unit_id = agency.scene.units["PKH"]
    place = f"/danh-gia/chuong-trinh/{programme.pk}/don-vi/{unit_id}/"

    refused = go("thu", place, months=["3"], clauses="7.5, 99.1, abc")
    assert refused.status_code == 422
    assert "Không đánh giá theo điều 99.1, abc." in text(refused)

    assert go("thu", place, months=["3"], clauses="7.5; 8.1").status_code == 302
    line = programme.lines.get(unit_id=unit_id)
    assert (line.month, line.clauses) == (3, ["7.5", "8.1"])
    go("thu", place, clauses="7.5")
    assert "Đã bỏ đơn vị khỏi chương trình." in text(go("thu", "/danh-gia/"))


def test_units_of_one_name_are_told_apart(agency):
    scene.proposed(agency)
    twin = agency.scene.unit("PKH2", "Phòng Kế hoạch 2")
    Unit.objects.filter(pk=twin).update(name="Phòng Kế hoạch")  # as before names were held apart

    page = queries.programme_page(actor=agency.actor("thu"), year=NOW.year, today=NOW.date())

    assert [unit_id for unit_id, _name in page.left_units] == [twin]
