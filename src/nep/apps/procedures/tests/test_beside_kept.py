"""Notes and parts of others are stored, taken back, given to the next version, watched over."""

import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from nep.apps.organization.tests.scene import NOW
from nep.apps.procedures import queries, services
from nep.apps.procedures.models import Definition
from nep.apps.procedures.queries._invariants import contents
from nep.apps.procedures.rules.beside import notes_beside
from nep.apps.procedures.rules.drawn import editor_file
from nep.apps.procedures.rules.edits import Edit
from nep.apps.procedures.tests.scene import begun, bring_into_force, tthc
from nep.apps.procedures.tests.test_beside import MODEL, taken, with_note
from nep.foundation.journal.models import JournalEntry
from tests.bpmn.sameness import differences


def draft_at(revision_id: int, agency):
    return queries.procedure_page(revision_id=revision_id, agency_id=agency.agency_id)


def test_a_model_uploaded_comes_out_of_its_draft_as_it_went_in(agency, client):
    agency.sign_in(client, "lan")
    file = SimpleUploadedFile("mau.bpmn", MODEL, "application/xml")
    body = client.post(reverse("procedures:model_check"), {"file": file}).content.decode()
    kept = re.search(r'name="model" value="([^"]+)"', body).group(1)
    form = {"model": kept, "file_name": "mau.bpmn", "tthc": tthc(agency)}
    done = client.post(reverse("procedures:model_import"), form, follow=True).content.decode()
    revision = Definition.objects.get().revision_id

    assert "Giữ bên cạnh bảng: đối tượng dữ liệu, ghi chú tự do" in done
    assert "data-note" in done
    out = client.get(reverse("procedures:bpmn", args=[revision])).content
    assert differences(MODEL, out) == []
    page = client.get(reverse("procedures:diagram", args=[revision])).content.decode()
    assert 'data-note="N"' in page and "textAnnotation" in page
    assert "không vẽ ở đây: phần mở rộng của phần mềm khác" in page


def test_a_note_that_went_with_its_step_comes_back_when_that_is_undone(agency):
    made = begun(agency, content=taken())
    actor, start = agency.actor("lan"), draft_at(made.revision_id, agency).draft
    edited = services.definition_edit(
        actor=actor, revision_id=made.revision_id, expected_version=1, edit=Edit("remove", "b2"),
        now=NOW,
    )  # fmt: skip
    without = draft_at(made.revision_id, agency).draft
    undone = services.definition_undo(
        actor=actor, revision_id=made.revision_id, expected_version=edited.version, now=NOW
    )

    assert "cùng ghi chú “Xem kỹ <b>”" in edited.text
    assert JournalEntry.objects.filter(action="procedure.edited").latest("pk").object_id == str(
        made.revision_id
    )
    assert [note.text for note in notes_beside(without.beside)] == ["Đơn"]
    assert undone.version == 3 and draft_at(made.revision_id, agency).draft == start


def test_a_drawn_note_changes_no_hash_and_stands_in_the_next_version(agency):
    made = begun(agency)
    page = draft_at(made.revision_id, agency)
    xml = with_note(_opened(agency, page), "b2")
    services.drawing_save(
        actor=agency.actor("lan"), revision_id=made.revision_id, expected_version=1, xml=xml,
        now=NOW,
    )  # fmt: skip
    assert draft_at(made.revision_id, agency).content_hash == page.content_hash
    bring_into_force(agency, made.revision_id)
    following = services.procedure_revise(
        actor=agency.actor("lan"), procedure_id=made.procedure_id, is_new_issue=False,
        change_note="", now=NOW,
    )  # fmt: skip

    notes = notes_beside(draft_at(following, agency).draft.beside)
    assert [note.text for note in notes] == ["Nhớ đóng dấu"]
    assert queries.compared_versions(agency_id=agency.agency_id, revision_id=following).found == ()


def _opened(agency, page) -> str:
    draft = page.draft
    return editor_file(
        draft.table, names={}, places=draft.places, title="x", beside=draft.beside
    ).decode()


def test_the_doctor_finds_parts_whose_node_is_not_there(agency):
    made = begun(agency, content=taken())
    assert [one.code for one in contents()] == []

    row = Definition.objects.get(revision_id=made.revision_id)
    text = row.beside.replace('"b2":"k"', '"b9":"k"')
    Definition.objects.filter(pk=row.pk).update(beside=text)
    assert [one.code for one in contents()] == ["procedure_beside"]
    Definition.objects.filter(pk=row.pk).update(beside="{")
    assert [one.code for one in contents()] == ["procedure_unreadable"]
