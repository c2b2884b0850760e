"""What a step carries: edited on the page of the draft, kept with the version."""

import html

import pytest
from django.urls import reverse

from nep.apps.documents.models import Document
from nep.apps.organization.tests.scene import NOW
from nep.apps.procedures import services
from nep.apps.procedures.models import Definition
from nep.apps.procedures.queries import procedure_page
from nep.apps.procedures.rules.carried import DataField, KeptRecord
from nep.apps.procedures.rules.edits import Changed, Edit, apply
from nep.apps.procedures.tests.scene import begun, draft
from nep.kernel.decisions import Refused


def after(*edits: Edit):
    known = draft()
    for edit in edits:
        answer = apply(known, edit)
        assert isinstance(answer, Changed), answer
        known = answer.draft
    return known


def field(label: str, *, step: str = "b2", **values: str) -> Edit:
    return Edit("field_put", step, {"label": label, "kind": "text", **values})


def code(known, edit: Edit) -> tuple[str, str]:
    answer = apply(known, edit)
    assert isinstance(answer, Refused), answer
    return answer.code, answer.field


def test_the_name_that_conditions_read_is_made_of_the_label_and_never_twice():
    known = after(field("Diện tích (m²)"), field("Diện tích (m²)", step="b3"))

    assert [one.fields[0].name for one in known.carried.values()] == [
        "dien_tich_m",
        "dien_tich_m_2",
    ]
    assert code(known, field("Khác", name="dien_tich_m")) == ("field_name_taken", "name")
    assert code(known, field("Khác", name="Diện tích")) == ("field_name", "name")


def test_a_field_is_changed_moved_up_and_removed():
    known = after(
        field("Một"),
        field("Hai", kind="choice", choices="Đạt\n Không đạt \nĐạt", required="1"),
        field("Hai (sửa)", field="hai", kind="choice", choices="Đạt\nKhông đạt", personal="1"),
        Edit("field_up", "b2", {"field": "hai"}),
        Edit("field_remove", "b2", {"field": "mot"}),
    )

    assert known.carried["b2"].fields == (
        DataField("hai", "Hai (sửa)", "choice", False, ("Đạt", "Không đạt"), "", True),
    )


def test_what_a_field_lacks_is_said_in_its_place():
    assert code(draft(), field("")) == ("label_missing", "label")
    assert code(draft(), field("Kết quả", kind="choice", choices="Đạt")) == (
        "choices_missing", "choices",
    )  # fmt: skip
    assert code(draft(), field("X", shown_if="ket_qua =")) == ("condition_unreadable", "shown_if")
    assert code(draft(), field("X", shown_if='ket_qua = "đạt"')) == ("condition_field", "shown_if")
    assert code(draft(), field("X", kind="tệp")) == ("kind_unknown", "kind")


def test_a_field_that_a_condition_reads_stays():
    known = after(
        field("Kết quả", kind="choice", choices="đạt\nkhông đạt"),
        field("Lý do", shown_if='ket_qua = "không đạt"'),
        Edit("branch_put", "b3", {"name": "Chưa đạt", "target": "b2", "bound": "1",
                                  "condition": 'ly_do = "thiếu"'}),
    )  # fmt: skip

    for name in ("ket_qua", "ly_do"):
        gone = code(known, Edit("field_remove", "b2", {"field": name}))
        assert gone == ("field_in_use", "")
    renamed = field("Kết quả", field="ket_qua", kind="choice", choices="a\nb", name="kq")
    assert code(known, renamed) == ("field_in_use", "name")


def test_a_record_says_how_long_it_is_kept_and_goes_with_its_name():
    known = after(Edit("record_put", "b2", {"record": "Báo cáo", "place": "PKH", "term": "5 năm"}))

    assert known.carried["b2"].record == KeptRecord("Báo cáo", "PKH", "5 năm")
    assert code(known, Edit("record_put", "b2", {"record": "Báo cáo"})) == ("term_missing", "term")
    empty = apply(known, Edit("record_put", "b2", {"record": ""}))
    assert isinstance(empty, Changed) and empty.draft.carried == {}


def form_document(agency, title: str = "Phiếu thẩm định", kind: str = "form") -> int:
    return Document.objects.create(
        agency_id=agency.agency_id, kind=kind, code="BM-01", code_key="bm01", title=title,
        folded="bm 01", created_at=NOW, changed_at=NOW,
    ).pk  # fmt: skip


@pytest.mark.django_db
def test_a_form_of_the_library_is_named_on_the_page_and_kept_with_the_version(agency, client):
    made, document = begun(agency), form_document(agency)
    agency.sign_in(client, "lan")
    address = reverse("procedures:edit", args=[made.revision_id])
    before = Definition.objects.get(revision_id=made.revision_id).content_hash

    shown = client.get(reverse("procedures:revision", args=[made.revision_id]) + "?buoc=b2")
    assert "BM-01 Phiếu thẩm định" in html.unescape(shown.content.decode())
    client.post(address, {
        "do": "form_attach", "step": "b2", "document": document, "title": "Tên giả", "version": 1,
    })  # fmt: skip

    page = procedure_page(revision_id=made.revision_id, agency_id=agency.agency_id)
    assert [one.title for one in page.draft.carried["b2"].forms] == ["Phiếu thẩm định"]
    assert page.content_hash != before
    shown = client.get(reverse("procedures:revision", args=[made.revision_id]))
    assert "BM-01 Phiếu thẩm định" in html.unescape(shown.content.decode())


@pytest.mark.django_db
def test_only_forms_of_the_own_library_are_named(agency, other_agency, client):
    made = begun(agency)
    foreign, no_form = form_document(other_agency), form_document(agency, kind="instruction")
    agency.sign_in(client, "lan")
    address = reverse("procedures:edit", args=[made.revision_id])

    for document in (str(foreign), str(no_form), "x", "9" * 30):
        answer = client.post(
            address, {"do": "form_attach", "step": "b2", "document": document, "version": 1}
        )
        assert answer.status_code == 422
    assert Definition.objects.get(revision_id=made.revision_id).carried == ""


@pytest.mark.django_db
def test_the_next_version_begins_with_what_the_steps_carried(agency):
    content = after(field("Diện tích", kind="number"))
    made = begun(agency, content=content)
    services.revision_drop(
        actor=agency.actor("lan"), revision_id=made.revision_id, reason="Làm lại", now=NOW
    )
    again = services.procedure_create(
        actor=agency.actor("lan"), tthc_id=Definition.objects.get().procedure.tthc_id,
        draft=content, now=NOW,
    )  # fmt: skip

    page = procedure_page(revision_id=again.revision_id, agency_id=agency.agency_id)
    assert page.draft.carried == content.carried
