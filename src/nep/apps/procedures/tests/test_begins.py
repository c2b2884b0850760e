"""Cases that begin with a message of another system, at the head of the table."""

from dataclasses import replace

import pytest
from django.urls import reverse

from nep.apps.documents.models import Revision
from nep.apps.organization.tests.scene import NOW, department
from nep.apps.procedures import services
from nep.apps.procedures.models import Definition
from nep.apps.procedures.rules.differences import differences
from nep.apps.procedures.rules.draft import graph_text, read_table
from nep.apps.procedures.rules.drawn import editor_file
from nep.apps.procedures.rules.edits import Edit, apply, drawing_take
from nep.apps.procedures.rules.importing import draft_of
from nep.apps.procedures.rules.lint import lint
from nep.apps.procedures.rules.lint_book import read_book
from nep.apps.procedures.rules.report import Facts
from nep.apps.procedures.rules.word import read_procedures
from nep.apps.procedures.tests.scene import begun, draft, edited, published
from nep.bpmn import Trigger, prove_soundness, read_bpmn, write_bpmn
from nep.kernel.decisions import Refused
from tests.standing import kept

agency = kept(department)
SAID = "Bắt đầu khi nhận thông điệp “Có đơn” của hệ thống khác"


def done(begin, do="begins_put", step="", **values):
    return edited(begin, do, step, **values)


def plain():
    return done(draft(), message="Có đơn").draft


def wired():
    waits = done(plain(), "add_wait", "b3", way="for", amount="1", unit="working_day").draft
    return done(waits, "either_add", "b5", way="message", message="Xong", target="b4").draft


@pytest.mark.parametrize("make", [plain, wired])
def test_the_start_waits_for_the_message_however_it_is_kept(make):
    whole = make()
    starts = [node for node in whole.process.nodes if node.kind == "start"]

    assert [node.trigger for node in starts] == [Trigger("message", name="Có đơn")]
    assert whole.table.begins == "Có đơn" and prove_soundness(whole.process).sound
    assert read_table(graph_text(whole.process)) == whole.table
    assert read_bpmn(write_bpmn(whole.process)).process == whole.process
    xml = editor_file(whole.table, names={}, places={}, title="Thử").decode()
    assert drawing_take(whole, Edit("draw", values={"xml": xml})).draft == whole
    other = done(whole, message="Có hồ sơ")
    assert other.text == "hồ sơ bắt đầu khi nhận thông điệp “Có hồ sơ” của hệ thống khác"
    bare = done(other.draft, message="").draft
    assert bare.table.begins == "" and not any(
        node.trigger for node in bare.process.nodes if node.kind == "start"
    )


def test_rows_stay_plain_and_their_edits_keep_the_beginning():
    moved = done(plain(), "move_up", "b4").draft
    assert plain().table.wiring is None and moved.table.begins == "Có đơn"
    assert done(done(moved, "move_down", "b4").draft, message="").draft == draft()
    long = apply(draft(), Edit("begins_put", values={"message": "x" * 121}))
    assert isinstance(long, Refused) and long.code == "message_name"


@pytest.mark.parametrize("make", [plain, wired])
def test_paper_says_it_before_the_first_row_and_is_read_back(agency, client, make):
    made = begun(agency, content=make())
    agency.sign_in(client, "lan")
    data = client.get(reverse("procedures:word_file", args=[made.revision_id])).content
    read = read_procedures(data, file="x.docx").procedures[0]
    table = draft_of(read, process_id="qt", mapping={}).table

    assert table.begins == "Có đơn" and not any(step.note for step in table.steps)
    assert (table.wiring is None) is (make is plain)


def test_two_versions_tell_how_cases_begin():
    said = "“khi có người mở hồ sơ” thành “khi nhận thông điệp “Có đơn” của hệ thống khác”"
    assert [one.words for one in differences(draft(), plain())] == [
        f"Cả quy trình: hồ sơ bắt đầu từ {said}"
    ]


def test_the_panel_says_that_no_message_opens_what_an_applicant_hands_in(settings):
    facts = Facts({}, {}, "1.0", is_internal=False, book=read_book(settings.LINTER_RULES))
    told = {one.code: one for one in lint(plain(), facts).findings}
    assert told["begins_applicant"].title == "Thông điệp “Có đơn” không tự mở được hồ sơ"
    for one, other in ((plain(), replace(facts, is_internal=True)), (draft(), facts)):
        assert "begins_applicant" not in {found.code for found in lint(one, other).findings}


def test_the_panel_names_the_procedure_in_force_that_the_same_message_opens(agency, client):
    internal = {"code": "", "is_internal": True, "content": plain()}
    first = published(agency, name="Mở việc", **internal)
    second = begun(agency, name="Việc nội bộ", **internal)
    code = Revision.objects.get(pk=first.revision_id).document.code
    said = f"Quy trình {code} đang có hiệu lực cũng bắt đầu bằng thông điệp “Có đơn”"
    agency.sign_in(client, "lan")

    def page(made):
        return client.get(reverse("procedures:revision", args=[made.revision_id])).content.decode()

    assert said in page(second)
    assert "cũng bắt đầu bằng thông điệp" not in page(first)
    silent = begun(agency, name="Việc khác", **{**internal, "content": draft()})
    assert "cũng bắt đầu bằng thông điệp" not in page(silent)


def test_the_head_of_the_table_says_it_its_dialog_changes_it_and_undo_takes_it_back(agency, client):
    made = begun(agency, code="", name="Việc nội bộ", is_internal=True)
    agency.sign_in(client, "lan")
    page = reverse("procedures:revision", args=[made.revision_id])
    assert "Bắt đầu khi có người mở hồ sơ" in client.get(page).content.decode()
    dialog = client.get(page, {"buoc": "bat-dau"}).content.decode().split('id="buoc"')[1]
    assert "Hồ sơ bắt đầu khi nào" in dialog and "Mở bằng tay vẫn được" in dialog
    version = Definition.objects.get(revision_id=made.revision_id).version
    client.post(
        reverse("procedures:edit", args=[made.revision_id]),
        {"do": "begins_put", "version": version, "message": "Có đơn"},
    )

    assert SAID in client.get(page).content.decode().split('id="pt"')[1].split("</table>")[0]
    services.definition_undo(
        actor=agency.actor("lan"), revision_id=made.revision_id, now=NOW,
        expected_version=Definition.objects.get(revision_id=made.revision_id).version,
    )  # fmt: skip
    assert SAID not in client.get(page).content.decode().split('id="pt"')[1].split("</table>")[0]


def test_what_an_applicant_hands_in_shows_no_beginning_of_its_own(agency, client):
    made = begun(agency)
    agency.sign_in(client, "lan")
    page = reverse("procedures:revision", args=[made.revision_id])
    assert 'id="bat-dau"' not in client.get(page).content.decode()
