"""The data that a step asks for: judged, kept, shown, read by the ways out, printed, erased."""

import html
import io
import json
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document as Word

from nep.apps.cases.models import Case, CaseStepData
from nep.apps.cases.queries._step_records import step_records
from nep.apps.cases.queries.blackening import words_of
from nep.apps.cases.queries.privacy import own_data
from nep.apps.cases.rules.step_data import read_entered, value_said
from nep.apps.cases.services import step_recall, step_record_deposit
from nep.apps.cases.services._step_data import step_data_erase
from nep.apps.cases.services.step_forms import case_tags
from nep.apps.cases.tests.scene import PERMIT, Office, broken, made_tthc, moment, office
from nep.apps.documents.models import Document
from nep.apps.documents.tests import make
from nep.apps.procedures.queries import version_draft
from nep.apps.procedures.rules.carried import Carried, DataField, FormRef, KeptRecord
from nep.apps.procedures.rules.diagram import drawn_process
from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.table import Branch
from nep.apps.procedures.tests.scene import published
from nep.apps.records import services as records
from nep.apps.records.models import Record
from nep.foundation.files import queries as files
from nep.foundation.files.models import StoredFile
from nep.foundation.outbox.worker import drain
from nep.kernel.errors import Refusal
from tests.standing import kept

NOW = moment(10, 10, 20)
AREA = DataField("dien_tich", "Diện tích (m²)", "number", is_required=True)
RESULT = DataField("ket_qua", "Kết quả", "choice", True, ("đạt", "không đạt"))
WHY = DataField("ly_do", "Lý do", "long", True, (), 'ket_qua = "không đạt"')
FEE = DataField("le_phi", "Lệ phí", "money")
DAY = DataField("ngay_kiem_tra", "Ngày kiểm tra", "date")
HERE = DataField("co_mat", "Người nộp có mặt", "yes_no")
OWNER = DataField("chu_dat", "Chủ sử dụng đất", is_personal=True)
MINUTES = DataField("bien_ban", "Biên bản kiểm tra", "file", choices=("pdf", "png"), most_mb=1)
CARD = DataField("the_chu", "Giấy tờ của chủ đất", "file", is_personal=True)
FIELDS = (AREA, RESULT, WHY, FEE, DAY, HERE, OWNER, MINUTES, CARD)
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"


def blank_form(scene) -> int:
    """Return a form in force whose Word file has blanks."""
    word, out = Word(), io.BytesIO()
    word.add_paragraph("Hồ sơ {{ma_ho_so}} của {{nguoi_nop}}, diện tích {{dien_tich}} m²")
    word.add_paragraph("Ghi thêm: {{ghi_them}}")
    word.save(out)
    return make.in_force(
        scene, code="BM-07", title="Phiếu thẩm định", kind="form", data=out.getvalue(),
        name="bm-07.docx",
    )[0]  # fmt: skip


def asking() -> Office:
    """Make the department with a procedure whose third step asks for data and decides by it."""
    at = office()
    form = blank_form(at.scene)
    steps = tuple(
        replace(step, branches=(Branch("b3-lai", "b2", "Chưa đạt", 'ket_qua = "không đạt"', bound=1),))
        if step.id == "b3" else step
        for step in PERMIT.steps
    )  # fmt: skip
    carried = {
        "b3": Carried(
            (FormRef(form, "BM-07", "Phiếu thẩm định"),),
            KeptRecord("Báo cáo thẩm định", "Phòng Kế hoạch", "10 năm"),
            FIELDS,
        )
    }
    content = Draft(
        replace(PERMIT, id="qt-hoi", steps=steps), Decimal(10), "working_day", carried=carried
    )
    made = published(at.scene, content=content, name="Cấp phép có số liệu", code="1.000007",
                     limit_amount=Decimal(10))  # fmt: skip
    return Office(at.scene, made_tthc(made), made.revision_id)


ask = kept(asking)
TYPED = {"dien_tich": "1.250,5", "ket_qua": "đạt", "chu_dat": "Trần Thị Bưởi", "le_phi": "150.000"}


def at_the_check(ask: Office) -> Case:
    case = ask.accept()
    ask.walk(case, "b3", now=NOW)
    return case


@pytest.fixture(autouse=True)
def on_the_day(time_machine):
    time_machine.move_to(NOW, tick=False)


def test_typed_values_become_values_or_a_sentence_at_their_field():
    found = read_entered(
        FIELDS,
        {"dien_tich": "mười", "ket_qua": "tốt", "le_phi": "1,5", "ngay_kiem_tra": "30/2/2026",
         "co_mat": "có"},
        {},
    )  # fmt: skip
    assert list(found.errors) == ["dien_tich", "ket_qua", "le_phi", "ngay_kiem_tra", "co_mat"]
    assert found.errors["ngay_kiem_tra"] == "“Ngày kiểm tra” phải là ngày dạng dd/mm/yyyy."

    found = read_entered(
        FIELDS,
        {"dien_tich": "1.250,5", "ket_qua": "đạt", "ly_do": "bỏ", "le_phi": "150.000",
         "ngay_kiem_tra": "05/01/2026", "co_mat": "0"},
        {},
    )  # fmt: skip
    assert found.values == {
        "dien_tich": 1250.5, "ket_qua": "đạt", "le_phi": 150000, "ngay_kiem_tra": "2026-01-05",
        "co_mat": False,
    }  # fmt: skip
    said = [value_said(one, found.values[one.name]) for one in (AREA, FEE, DAY, HERE)]
    assert said == ["1.250,5", "150.000 đồng", "05/01/2026", "không"]


def test_a_field_under_a_condition_is_asked_for_only_when_it_holds():
    typed = {"dien_tich": "1", "ket_qua": "không đạt"}

    assert list(read_entered(FIELDS, typed, {}).errors) == ["ly_do"]
    assert read_entered(FIELDS, {}, {}, is_whole=False).errors == {}


def test_a_step_is_not_finished_without_what_it_asks_for(ask):
    case = at_the_check(ask)

    with pytest.raises(Refusal) as refused:
        ask.complete(case, "b3", by="lan", typed={"dien_tich": "12"})

    assert (refused.value.code, refused.value.field) == ("step_data", "d_ket_qua")
    assert refused.value.message == "Hãy ghi “Kết quả”."
    assert not CaseStepData.objects.exists()


def test_what_was_typed_is_kept_and_decides_the_way(ask):
    case = at_the_check(ask)
    ask.complete(
        case, "b3", by="lan",
        typed={"dien_tich": "9", "ket_qua": "không đạt", "ly_do": "Thiếu ranh", "chu_dat": "Bưởi"},
    )  # fmt: skip

    again = ask.run(case, "b2")
    assert again.round == 2
    row = CaseStepData.objects.get(case=case)
    assert json.loads(row.values)["chu_dat"] == "Bưởi"
    assert json.loads(Case.objects.get(pk=case.pk).data) == {
        "dien_tich": 9, "ket_qua": "không đạt", "ly_do": "Thiếu ranh",
    }  # fmt: skip
    assert broken("case_history", "case_steps", "case_progress", "case_step_data") == []


def test_the_page_asks_keeps_what_was_typed_and_shows_what_was_recorded(ask, client):
    case = at_the_check(ask)
    run = ask.run(case, "b3")
    ask.scene.sign_in(client, "lan")
    address = reverse("cases:step", args=[case.pk, run.pk])

    answer = client.post(address, {"d_dien_tich": "rộng", "d_chu_dat": "Trần Thị Bưởi"})
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "“Diện tích (m²)” phải là số" in page and "Hãy ghi “Kết quả”." in page
    assert 'value="rộng"' in page and 'value="Trần Thị Bưởi"' in page

    answer = client.post(address, {f"d_{key}": value for key, value in TYPED.items()}, follow=True)
    page = html.unescape(answer.content.decode())
    assert "hoàn thành bước 3 “Thẩm định hồ sơ”, ghi 4 ô dữ liệu" in page
    assert "<dt>Diện tích (m²)</dt><dd>1.250,5</dd>" in page and "150.000 đồng" in page
    assert "Bưởi" not in page and "•••" in page


def test_the_fields_follow_the_conditions_while_they_are_typed(ask, client):
    case = at_the_check(ask)
    ask.scene.sign_in(client, "lan")
    address = reverse("cases:step_fields", args=[case.pk, ask.run(case, "b3").pk])

    def hidden(result: str) -> bool:
        page = client.post(address, {"d_ket_qua": result}).content.decode()
        return '<div class="nojs-only">' in page and 'name="d_ly_do"' in page

    assert hidden("đạt") and not hidden("không đạt")


def test_a_form_of_the_step_is_filled_from_the_case_and_the_look_is_recorded(ask, client):
    case = at_the_check(ask)
    run = ask.run(case, "b3")
    ask.complete(case, "b3", by="lan", typed=TYPED)
    document = Document.objects.get(code="BM-07").pk
    ask.scene.sign_in(client, "lan")

    answer = client.get(reverse("cases:step_form", args=[case.pk, run.pk, document, "docx"]))

    said = [one.text for one in Word(io.BytesIO(answer.content)).paragraphs]
    assert said[0] == f"Hồ sơ {case.code} của Nguyễn Văn An, diện tích 1.250,5 m²"
    assert "…" in said[1] or "..." in said[1]
    assert case.looks.filter(way="receipt").count() == 1
    other = client.get(reverse("cases:step_form", args=[case.pk, run.pk, document + 1, "docx"]))
    assert other.status_code == 404


def test_the_person_gets_what_steps_recorded_of_them_and_an_erasure_takes_it(ask):
    case = at_the_check(ask)
    ask.complete(case, "b3", by="lan", typed=TYPED)
    found = own_data(actor=ask.actor("lan"), case_id=case.pk)
    assert found.typed == (("Chủ sử dụng đất", "Trần Thị Bưởi"),)

    assert "Trần Thị Bưởi" in words_of([case.pk])[case.pk]
    step_data_erase(case, is_whole=False)
    kept = json.loads(CaseStepData.objects.get(case=case).values)
    assert "chu_dat" not in kept and kept["dien_tich"] == 1250.5

    step_data_erase(case, is_whole=True)
    assert CaseStepData.objects.get(case=case).values == "{}"


def test_a_step_taken_back_takes_what_it_recorded_out_of_the_conditions(ask):
    case = at_the_check(ask)
    bad = {**TYPED, "ket_qua": "không đạt", "ly_do": "Thiếu"}
    ask.complete(case, "b3", by="lan", typed=bad)
    ask.complete(case, "b2", by="toan", receiver_id=ask.scene.people["lan"])
    ask.complete(case, "b3", by="lan", typed=TYPED)
    second = case.runs.filter(node="b3").latest("pk")

    step_recall(actor=ask.actor("lan"), now=NOW, run_id=second.pk, reason="Ghi nhầm diện tích")

    assert json.loads(Case.objects.get(pk=case.pk).data)["ket_qua"] == "không đạt"
    ask.complete(case, "b3", by="lan", typed=TYPED)
    assert ask.run(case, "b4").round == 1
    assert json.loads(Case.objects.get(pk=case.pk).data)["ket_qua"] == "đạt"


def test_a_case_that_goes_back_owes_no_data(ask):
    case = at_the_check(ask)

    ask.complete(case, "b3", by="lan", outcome="b3-lai", note="Phân công lại người khác")

    assert ask.run(case, "b2").round == 2
    assert not CaseStepData.objects.exists()


def plan_of(ask: Office) -> None:
    """Give the department a file plan in which records of steps lie ten years with a keeper."""
    ask.scene.person("thu", "Lý Thị Thư", ("PKH", "iso_secretary", "Thư ký ISO"))
    secretary = ask.actor("thu")
    plan = records.plan_open(actor=secretary, year=NOW.year, now=NOW)
    records.series_keep(
        actor=secretary, plan_id=plan, code="TD.02", title="Báo cáo thẩm định", unit_id=None,
        keeper_id=ask.scene.people["lan"], years=10, is_permanent=False, basis="", mark="?",
        now=NOW,
    )  # fmt: skip
    records.deposit_rule_set(actor=secretary, source_type="step", series_code="TD.02", now=NOW)


def test_a_file_of_a_step_is_judged_by_what_it_is_and_by_its_size(ask):
    case = at_the_check(ask)

    def refusal(name: str, data: bytes) -> str:
        with pytest.raises(Refusal) as refused:
            ask.complete(case, "b3", by="lan", typed=TYPED, uploads={"bien_ban": (name, data)})
        assert (refused.value.code, refused.value.field) == ("step_data", "d_bien_ban")
        return refused.value.message

    assert refusal("a.jpg", b"\xff\xd8\xff\xe0" + b"0" * 40) == (
        "Tệp “a.jpg” là ảnh JPG. Ở đây nhận PDF hoặc ảnh PNG."
    )
    assert "quá giới hạn 1 MB" in refusal("a.pdf", PDF + b"0" * 1_000_001)
    assert not StoredFile.objects.filter(name__startswith="a.").exists()
    asked = (replace(MINUTES, is_required=True),)
    assert read_entered(asked, {}, {}).errors == {"bien_ban": "Hãy chọn tệp “Biên bản kiểm tra”."}
    assert read_entered(asked, {}, {}, given=["bien_ban"]).errors == {}


def test_the_page_takes_a_file_names_it_and_gives_it_back_recorded(ask, client):
    case = at_the_check(ask)
    run = ask.run(case, "b3")
    ask.scene.sign_in(client, "lan")
    page = client.get(reverse("cases:case", args=[case.pk])).content.decode()
    assert 'enctype="multipart/form-data"' in page and 'accept=".pdf,.png"' in page

    typed = {f"d_{key}": value for key, value in TYPED.items()}
    given = {
        "d_bien_ban": SimpleUploadedFile("Biên bản số 1.pdf", PDF),
        "d_the_chu": SimpleUploadedFile("Bưởi.pdf", PDF + b"2"),
    }
    address = reverse("cases:step", args=[case.pk, run.pk])
    photo = SimpleUploadedFile("ảnh.jpg", b"\xff\xd8\xff\xe0" + b"0" * 40)
    refused = client.post(address, {**typed, **given, "d_bien_ban": photo})
    page = html.unescape(refused.content.decode())
    assert refused.status_code == 422
    assert "Tệp “ảnh.jpg” là ảnh JPG. Ở đây nhận PDF hoặc ảnh PNG." in page
    assert "Hãy chọn lại tệp “ảnh.jpg”, “Bưởi.pdf”." in page
    for one in given.values():
        one.seek(0)
    answer = client.post(address, {**typed, **given}, follow=True)

    page = html.unescape(answer.content.decode())
    row = CaseStepData.objects.get(case=case)
    assert "Biên bản số 1.pdf</a>" in page and "Bưởi" not in page
    assert "bien_ban" not in json.loads(Case.objects.get(pk=case.pk).data)
    got = client.get(reverse("cases:step_file", args=[case.pk, row.pk, "bien_ban"]))
    assert got.content == PDF and case.looks.filter(way="paper").count() == 1
    assert case_tags(case)["bien_ban"] == "Biên bản số 1.pdf"
    assert client.get(
        reverse("cases:step_file", args=[case.pk, row.pk, "dien_tich"])
    ).status_code == 404  # fmt: skip


def test_an_erasure_takes_the_files_of_a_step(ask):
    case = at_the_check(ask)
    uploads = {"bien_ban": ("bb.pdf", PDF), "the_chu": ("the.pdf", PDF + b"3")}
    ask.complete(case, "b3", by="lan", typed=TYPED, uploads=uploads)
    assert "the.pdf" in words_of([case.pk])[case.pk]

    step_data_erase(case, is_whole=False)
    left = json.loads(CaseStepData.objects.get(case=case).values)
    assert "bien_ban" in left and "the_chu" not in left
    assert StoredFile.objects.filter(name__in=["bb.pdf", "the.pdf"]).count() == 1

    step_data_erase(case, is_whole=True)
    assert not StoredFile.objects.filter(name="bb.pdf").exists()


def test_a_finished_step_leaves_its_record_in_the_file_plan_once(ask, client):
    plan_of(ask)
    case = at_the_check(ask)
    ask.complete(case, "b3", by="lan", typed=TYPED, uploads={"bien_ban": ("bb.pdf", PDF)})
    drain(now=NOW)
    run = case.runs.get(node="b3", outcome="done")
    again = step_record_deposit(case_id=case.pk, run_id=run.pk, now=NOW)

    row = Record.objects.get(source_type="step")
    assert again == row.pk
    assert (row.title, row.file.retention_years, row.file.keeper_id, row.deposited_by_id) == (
        f"Báo cáo thẩm định: bước 3, hồ sơ {case.code}", 10, ask.scene.people["lan"],
        ask.scene.people["lan"],
    )  # fmt: skip
    step_data_erase(case, is_whole=True)
    assert files.read(row.stored_file_id) == PDF
    assert broken("case_step_records", "record_numbers", "case_step_data") == []
    ask.scene.sign_in(client, "thu")
    page = html.unescape(client.get(reverse("cases:case", args=[case.pk])).content.decode())
    assert "Hồ sơ các bước để lại" in page and row.file.code in page and "10 năm" in page
    kept = html.unescape(client.get(reverse("records:file", args=[row.file_id])).content.decode())
    assert row.title in kept and f"/ho-so/{case.pk}/" in kept

    Record.objects.filter(pk=row.pk).update(source_id=case.runs.get(node="b2").pk)
    assert len(broken("case_step_records")) == 2


def test_a_step_taken_back_and_done_again_leaves_one_record(ask):
    plan_of(ask)
    case = at_the_check(ask)
    ask.complete(case, "b3", by="lan", typed=TYPED, uploads={"bien_ban": ("cu.pdf", PDF)})
    drain(now=NOW)
    first = case.runs.get(node="b3", outcome="done")
    step_recall(actor=ask.actor("lan"), now=NOW, run_id=first.pk, reason="Nhầm biên bản")
    drain(now=NOW)
    ask.complete(case, "b3", by="lan", typed=TYPED, uploads={"bien_ban": ("moi.pdf", PDF + b"2")})
    drain(now=NOW)

    row = Record.objects.get(source_type="step")
    assert (row.source_id, row.file_name) == (
        case.runs.get(node="b3", outcome="done").pk,
        "moi.pdf",
    )
    assert [one.file_name for one in row.editions.all()] == ["cu.pdf"]
    assert broken("case_step_records", "record_numbers", "case_step_data") == []


def test_every_diagram_says_conditions_and_roles_in_words(ask):
    draft = version_draft(revision_id=ask.revision_id, agency_id=ask.scene.agency_id)
    drawn = drawn_process(draft, {"PKH/specialist": "Chuyên viên"})

    assert {flow.condition for flow in drawn.flows} == {"", "Kết quả là không đạt"}
    assert "Chuyên viên" in {lane.name for lane in drawn.lanes}


def test_the_doctor_asks_as_much_of_one_record_of_a_step_as_of_five(ask):
    def asked() -> int:
        with CaptureQueriesContext(connection) as met:
            assert list(step_records()) == []
        return len(met)

    plan_of(ask)
    counts = []
    for cases in (1, 4):
        for _ in range(cases):
            ask.complete(at_the_check(ask), "b3", by="lan", typed=TYPED)
        drain(now=NOW)
        Case.objects.update(moved=True)  # the versions of these are looked up
        counts.append(asked())

    assert counts[0] == counts[1] <= 10
    assert Record.objects.filter(source_type="step").count() == 5
    Record.objects.filter(source_type="step").first().delete()
    assert len(list(step_records())) == 1


def test_a_step_without_a_series_leaves_a_record_that_waits_and_one_gone_back_leaves_none(ask):
    case = at_the_check(ask)
    ask.complete(case, "b3", by="lan", outcome="b3-lai", note="Phân công lại người khác")
    drain(now=NOW)
    assert not Record.objects.filter(source_type="step").exists()

    ask.complete(case, "b2", by="toan", receiver_id=ask.scene.people["lan"])
    ask.complete(case, "b3", by="lan", typed=TYPED)
    drain(now=NOW)

    row = Record.objects.get(source_type="step")
    assert (row.file_id, row.stored_file_id, row.source_code) == (None, None, case.code)
