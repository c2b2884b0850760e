"""A procedure and its forms: one work item, one decision, one day, also on a day to come."""

import html
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from nep.apps.documents import services as documents
from nep.apps.documents.models import Document, Revision
from nep.apps.documents.tests import make
from nep.apps.organization.tests.scene import NOW, department
from nep.apps.procedures import services
from nep.apps.procedures.models import Definition
from nep.apps.procedures.rules.carried import Carried, FormRef
from nep.apps.procedures.tests.scene import begun, draft, hash_of
from nep.apps.work.models import WorkItem
from nep.foundation.journal.models import JournalEntry
from nep.foundation.printing import Paper, line, paper_pdf
from nep.kernel.errors import Refusal
from tests.standing import kept

pytestmark = pytest.mark.django_db
DECISION = "12/QĐ-SKHCN"


def form_draft(agency, code: str = "BM-01") -> tuple[int, int]:
    """Return (document, revision) of a form whose draft has its file."""
    document_id, revision_id = documents.document_create(
        actor=agency.actor("lan"), kind="form", code=code, title="Phiếu thẩm định", issue="01",
        amendment="00", original_file_id=None, now=NOW,
    )  # fmt: skip
    data = paper_pdf(Paper(f"Phiếu {code}", issuer="Sở", blocks=(line("Nội dung"),)), made_at=NOW)
    make.give_file(agency, revision_id, data, f"{code}.pdf", NOW)
    return document_id, revision_id


def naming(agency, document_id: int):
    carried = {"b2": Carried((FormRef(document_id, "BM-01", "Phiếu thẩm định"),))}
    return begun(agency, content=replace(draft(), carried=carried))


def submit(agency, revision_id: int, members=(), *, now=NOW) -> None:
    services.revision_submit(
        actor=agency.actor("lan", now=now), revision_id=revision_id,
        checker_id=agency.people["toan"], member_ids=members, now=now,
    )  # fmt: skip


def confirm(agency, revision_id: int) -> None:
    services.revision_confirm(
        actor=agency.actor("toan"), revision_id=revision_id, content_hash=hash_of(revision_id),
        approver_id=agency.people["ha"], now=NOW,
    )  # fmt: skip


def publish(agency, revision_id: int, *, day=NOW.date(), now=NOW) -> bool:
    return services.revision_publish(
        actor=agency.actor("ha", now=now), revision_id=revision_id,
        content_hash=hash_of(revision_id), effective_from=day, decision_number=DECISION, now=now,
    )  # fmt: skip


def states(*ids: int) -> list[str]:
    known = dict(Revision.objects.filter(pk__in=ids).values_list("pk", "state"))
    return [known[pk] for pk in ids]


def build_issued(agency):
    """Issue a procedure with its form; return (form's document, form's revision, procedure)."""
    document_id, form = form_draft(agency)
    made = naming(agency, document_id)
    submit(agency, made.revision_id, [form])
    confirm(agency, made.revision_id)
    publish(agency, made.revision_id)
    return document_id, form, made


issued = kept(build_issued, on=department)


def test_a_procedure_and_its_form_are_decided_as_one(agency, issued):
    _document, form, made = issued

    rows = Revision.objects.filter(pk__in=[made.revision_id, form])
    assert {(row.state, row.decision_number, row.effective_from) for row in rows} == {
        ("in_force", DECISION, NOW.date())
    }
    assert Revision.objects.get(pk=form).published_file_id is not None
    assert WorkItem.objects.count() == 2
    assert JournalEntry.objects.filter(action="revision.joined_package").count() == 1


def test_the_page_of_a_version_names_its_decision(agency, issued, client):
    agency.sign_in(client, "lan")
    page = client.get(reverse("procedures:revision", args=[issued[2].revision_id]))

    assert f"Quyết định số {DECISION}" in page.content.decode()


def test_a_form_that_is_not_in_force_must_go_along(agency):
    document_id, _form = form_draft(agency)
    made = naming(agency, document_id)

    with pytest.raises(Refusal) as refused:
        submit(agency, made.revision_id)

    assert refused.value.code == "form_not_in_force"
    assert refused.value.message.startswith("Bước 2 dùng biểu mẫu BM-01 chưa có hiệu lực.")
    assert states(made.revision_id) == ["draft"]


def test_a_form_that_no_step_names_does_not_go_along(agency):
    _document, form = form_draft(agency, "BM-99")
    made = begun(agency)

    with pytest.raises(Refusal) as refused:
        submit(agency, made.revision_id, [form])

    assert refused.value.code == "not_a_child"


def test_returning_the_procedure_gives_its_form_back_too(agency):
    document_id, form = form_draft(agency)
    made = naming(agency, document_id)
    submit(agency, made.revision_id, [form])

    services.revision_return(
        actor=agency.actor("toan"), revision_id=made.revision_id, reason="Sửa mẫu", now=NOW
    )

    row = Revision.objects.get(pk=form)
    assert (row.state, row.return_reason, row.leader_id) == ("draft", "Sửa mẫu", None)


def test_a_form_changed_on_disk_after_submission_stops_the_package(agency):
    document_id, form = form_draft(agency)
    made = naming(agency, document_id)
    submit(agency, made.revision_id, [form])
    Document.objects.filter(pk=document_id).update(title="Tên khác")

    with pytest.raises(Refusal) as refused:
        confirm(agency, made.revision_id)

    assert refused.value.code == "file_changed"
    assert states(made.revision_id, form) == ["submitted", "submitted"]


def test_on_a_day_to_come_old_versions_retire_in_the_instant_the_new_ones_begin(agency, issued):
    document_id, form, made = issued
    second = services.procedure_revise(
        actor=agency.actor("lan"), procedure_id=made.procedure_id, is_new_issue=False,
        change_note="Rút ngắn", now=NOW,
    )  # fmt: skip
    second_form = documents.revision_draft(
        actor=agency.actor("lan"), document_id=document_id, is_new_issue=False,
        change_note="Thêm cột", now=NOW,
    )  # fmt: skip
    data = paper_pdf(Paper("Phiếu mới", issuer="Sở", blocks=(line("Nội dung"),)), made_at=NOW)
    make.give_file(agency, second_form, data, "BM-01.pdf", NOW)
    submit(agency, second, [second_form])
    confirm(agency, second)
    day = NOW.date() + timedelta(days=7)
    assert publish(agency, second, day=day) is False
    everything = (made.revision_id, form, second, second_form)

    assert documents.approved_take_effect(now=NOW + timedelta(days=6)) == 0
    assert states(*everything) == ["in_force", "in_force", "approved", "approved"]
    assert documents.approved_take_effect(now=NOW + timedelta(days=7)) == 2
    assert states(*everything) == ["retired", "retired", "in_force", "in_force"]
    retired = Revision.objects.filter(pk__in=everything[:2]).values_list("retired_on", flat=True)
    assert set(retired) == {day}
    assert Definition.objects.get(revision_id=second).carried


def test_the_page_proposes_the_forms_and_says_what_the_version_changes(agency, client):
    document_id, form = form_draft(agency)
    made = naming(agency, document_id)
    agency.sign_in(client, "lan")
    address = reverse("procedures:revision", args=[made.revision_id])

    page = html.unescape(client.get(address).content.decode())
    assert f'name="member" value="{form}" checked' in page

    client.post(
        reverse("procedures:submit", args=[made.revision_id]),
        {"person": agency.people["toan"], "member": form},
    )
    page = html.unescape(client.get(address).content.decode())
    assert "Gói ban hành gồm quy trình và 1 biểu mẫu" in page
