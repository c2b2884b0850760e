"""The controlled paper of a procedure: its words are edited, it goes out as PDF and as Word."""

import html
import io

import docx
import pytest
from django.urls import reverse

from nep.apps.organization.tests.scene import NOW
from nep.apps.procedures import queries, services
from nep.apps.procedures.models import Definition
from nep.apps.procedures.queries._printed import steps_table
from nep.apps.procedures.rules.edits import Edit
from nep.apps.procedures.rules.paper import read_paper
from nep.apps.procedures.rules.table import from_process
from nep.apps.procedures.rules.word import read_procedures
from nep.apps.procedures.tests.scene import begun, draft, published
from nep.bpmn import Flow, Node, Process
from nep.foundation.printing.texts import text_of

pytestmark = pytest.mark.django_db


def page(name, *args):
    return reverse(f"procedures:{name}", args=args)


def written(agency, revision_id, **values):
    version = Definition.objects.get(revision_id=revision_id).version
    return services.definition_edit(
        actor=agency.actor("lan"), revision_id=revision_id, expected_version=version,
        edit=Edit("paper", values=values), now=NOW,
    )  # fmt: skip


def test_words_of_the_paper_are_covered_by_the_hash_and_kept_for_the_next_revision(agency):
    made = begun(agency)
    before = Definition.objects.get(revision_id=made.revision_id).content_hash

    edited = written(
        agency, made.revision_id, purpose="Bảo đảm cấp phép đúng hạn.",
        recipients="Lãnh đạo Sở | 01 bản\nVăn phòng",
    )  # fmt: skip

    row = Definition.objects.get(revision_id=made.revision_id)
    assert edited.text == "văn bản quy trình: mục 1, danh sách phân phối"
    assert row.content_hash != before
    assert read_paper(row.paper).recipients == (("Lãnh đạo Sở", "01 bản"), ("Văn phòng", ""))


def test_a_drawing_that_rows_can_say_is_printed_as_rows_whatever_its_parts_are_called(agency):
    drawn = Process(
        id="p", name="Mua sắm",
        nodes=(
            Node("bat-dau", "start", "Bắt đầu"), Node("a", "task", "Đề xuất"),
            Node("b", "task", "Ký"), Node("ket-thuc", "end", "Kết thúc"),
        ),
        flows=(Flow("f1", "bat-dau", "a"), Flow("f2", "a", "b"), Flow("f3", "b", "ket-thuc")),
    )  # fmt: skip
    wired = draft(table=from_process(drawn))

    said = [str(row[1]) for row in steps_table(wired, {}).rows[:2]]

    assert wired.table.wiring is not None
    assert ["→" in one for one in said] == [False, False]


def test_the_word_file_has_cover_sections_table_and_diagram_and_reads_back(agency, client):
    made = published(agency)
    agency.sign_in(client, "lan")

    response = client.get(page("word_file", made.revision_id))

    data = response.content
    said = "\n".join(one.text for one in docx.Document(io.BytesIO(data)).paragraphs)
    assert "5.7. Quy trình xử lý công việc" in said and "PHỤ LỤC: LƯU ĐỒ" in said
    read = read_procedures(data, file="x.docx")
    assert [step.content.split(" →")[0] for step in read.procedures[0].steps] == [
        "Tiếp nhận hồ sơ", "Thẩm định", "Ký giấy phép", "Trả kết quả",
    ]  # fmt: skip
    assert read.document.paper.signers[0][0] != "" and read.procedures[0].tthc_code == "1.009645"


def test_the_pdf_is_the_same_paper_under_the_stamp(agency, client):
    made = published(agency)
    agency.sign_in(client, "lan")

    response = client.get(reverse("documents:printed", args=[made.document_id, made.revision_id]))

    said = text_of(response.content, name="a.pdf")
    for words in (
        "7. HỒ SƠ LƯU",
        "BẢN KIỂM SOÁT",
        "DANH SÁCH PHÂN PHỐI",
        "Thiếu thành phần: bước 1",
    ):
        assert words in said


def test_the_page_shows_what_is_printed_and_saves_what_is_typed(agency, client):
    made = begun(agency)
    agency.sign_in(client, "lan")
    address = page("paper", made.revision_id)

    shown = html.unescape(client.get(address).content.decode())
    version = Definition.objects.get(revision_id=made.revision_id).version
    client.post(
        address, {"version": version, "scope": "Áp dụng trong Sở.", "records": "- Sổ cấp phép"}
    )
    stale = client.post(address, {"version": version - 1, "scope": "Khác"})

    kept = read_paper(Definition.objects.get(revision_id=made.revision_id).paper)
    assert "1. MỤC ĐÍCH" in shown and "nhằm bảo đảm việc giải quyết" in shown
    assert kept.text("records") == "- Sổ cấp phép"
    assert stale.status_code == 302  # the same person's other window: nobody else's work is lost
    assert (
        read_paper(Definition.objects.get(revision_id=made.revision_id).paper).text("scope")
        == "Khác"
    )


def test_another_agency_gets_neither_the_words_nor_the_file(agency, other_agency, client):
    made = begun(agency)
    other_agency.sign_in(client, next(iter(other_agency.people)))

    answers = [
        client.get(page(name, made.revision_id)).status_code for name in ("paper", "word_file")
    ]

    assert answers == [404, 404]


def test_a_section_beyond_its_length_is_refused_and_nothing_is_lost(agency, client):
    made = begun(agency)
    agency.sign_in(client, "lan")

    response = client.post(
        page("paper", made.revision_id), {"version": 1, "purpose": "dài " * 6_000}
    )

    assert response.status_code == 422
    assert "dài tối đa" in html.unescape(response.content.decode())
    assert "dài dài" in response.content.decode()


def test_sections_nobody_wrote_say_what_tthc_and_steps_know(agency):
    made = begun(agency)
    shown = queries.procedure_page(revision_id=made.revision_id, agency_id=agency.agency_id)

    view = queries.paper_view(shown, typed={})

    said = {one.head.key: one.printed for one in view.sections}
    assert said["time"] == "5 ngày làm việc"
    assert "Mẫu 01" in said["forms"]
