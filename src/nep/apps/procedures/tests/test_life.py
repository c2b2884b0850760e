"""The life of a revision through its services."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from nep.apps.documents import queries as documents
from nep.apps.documents import services as document_services
from nep.apps.documents.models import Revision
from nep.apps.organization import queries as people
from nep.apps.organization import rules as organization_rules
from nep.apps.organization import services as organization
from nep.apps.organization.tests.scene import NOW
from nep.apps.procedures import queries, services
from nep.apps.procedures.models import Procedure, Tthc
from nep.apps.procedures.rules.edits import Edit
from nep.apps.procedures.tests.scene import (
    begun,
    bring_into_force,
    hash_of,
    published,
)
from nep.apps.work.models import WorkItem
from nep.foundation.journal.models import JournalEntry
from nep.foundation.outbox.models import QueueRow
from nep.kernel.errors import NotFound, Refusal

RENAME = Edit("rename", "b1", {"name": "Nhận hồ sơ"})


def edit(agency, made, one=RENAME, *, by="lan", version=1):
    return services.definition_edit(
        actor=agency.actor(by),
        revision_id=made.revision_id,
        expected_version=version,
        edit=one,
        now=NOW,
    )


def state(made) -> str:
    return Revision.objects.get(pk=made.revision_id).state


def journaled(action: str) -> int:
    return JournalEntry.objects.filter(action=action).count()


def test_three_people_bring_a_procedure_into_force_with_work_for_each(agency):
    made = begun(agency)
    lan, toan, ha = (agency.people[name] for name in ("lan", "toan", "ha"))
    bring_into_force(agency, made.revision_id)

    row = Revision.objects.get(pk=made.revision_id)
    assert (row.state, row.drafted_by_id, row.checked_by_id, row.approved_by_id) == (
        "in_force", lan, toan, ha,
    )  # fmt: skip
    items = WorkItem.objects.order_by("id").values_list("person_id", "state", "step_label")
    assert list(items) == [(toan, 1, "Kiểm tra"), (ha, 1, "Phê duyệt")]
    assert QueueRow.objects.filter(name="event:RevisionInForce").count() == 1
    assert journaled("revision.in_force") == 1


def test_a_draft_whose_proof_fails_is_not_sent(agency):
    made = begun(agency)
    edit(agency, made, Edit("limit", "b2", {"amount": "9", "unit": "working_day"}))

    with pytest.raises(Refusal) as failed:
        services.revision_submit(
            actor=agency.actor("lan"),
            revision_id=made.revision_id,
            checker_id=agency.people["toan"],
            now=NOW,
        )
    assert failed.value.code == "proof_failed"
    assert "Tổng thời gian vượt thời hạn" in failed.value.message
    assert state(made) == "draft"


def test_approval_is_refused_when_the_proof_fails_since_the_check(agency):
    made = begun(agency)
    services.revision_submit(
        actor=agency.actor("lan"), revision_id=made.revision_id,
        checker_id=agency.people["toan"], now=NOW,
    )  # fmt: skip
    services.revision_confirm(
        actor=agency.actor("toan"), revision_id=made.revision_id,
        content_hash=hash_of(made.revision_id), approver_id=agency.people["ha"], now=NOW,
    )  # fmt: skip
    Tthc.objects.update(limit_amount=Decimal(3))

    with pytest.raises(Refusal) as failed:
        services.revision_publish(
            actor=agency.actor("ha"), revision_id=made.revision_id,
            content_hash=hash_of(made.revision_id), effective_from=None, now=NOW,
        )  # fmt: skip
    assert failed.value.code == "proof_failed"
    assert state(made) == "checked"


def submitted(agency, made, *, by="lan"):
    services.revision_submit(
        actor=agency.actor(by),
        revision_id=made.revision_id,
        checker_id=agency.people["toan"],
        now=NOW,
    )


def confirm(agency, made, *, by="toan", content_hash=None):
    services.revision_confirm(
        actor=agency.actor(by),
        revision_id=made.revision_id,
        content_hash=content_hash or hash_of(made.revision_id),
        approver_id=agency.people["ha"],
        now=NOW,
    )


def test_the_author_does_not_check_the_own_draft(agency):
    made = begun(agency, by="toan")
    submitted(agency, made, by="toan")

    with pytest.raises(Refusal) as refused:
        confirm(agency, made, by="toan")
    assert refused.value.code == "author_is_checker"
    assert "7.5.2" in refused.value.clause


def test_who_edited_the_draft_is_an_author_too(agency):
    made = begun(agency)
    edit(agency, made, by="toan")
    submitted(agency, made)

    with pytest.raises(Refusal) as refused:
        confirm(agency, made, by="toan")
    assert refused.value.code == "author_is_checker"


def test_a_tiny_agency_lets_the_author_check_with_a_reason_that_is_shown(agency):
    made = begun(agency, by="toan")
    document_services.exception_grant(
        actor=agency.actor("ha"),
        pair="author_checker",
        reason="Phòng chỉ có hai công chức",
        now=NOW,
    )
    submitted(agency, made, by="toan")
    confirm(agency, made, by="toan")
    services.revision_publish(
        actor=agency.actor("ha"), revision_id=made.revision_id,
        content_hash=hash_of(made.revision_id), effective_from=None, now=NOW,
    )  # fmt: skip

    facts = documents.revision(revision_id=made.revision_id, agency_id=agency.agency_id)
    assert "Phòng chỉ có hai công chức" in facts.exception_reason
    assert journaled("separation_exception.granted") == 1


def test_the_database_holds_the_three_apart_without_an_exception(agency):
    made = published(agency)

    with pytest.raises(IntegrityError), transaction.atomic():
        Revision.objects.filter(pk=made.revision_id).update(checked_by=agency.people["lan"])


def test_the_checker_states_only_what_was_seen(agency):
    made = begun(agency)
    submitted(agency, made)

    with pytest.raises(Refusal) as refused:
        confirm(agency, made, content_hash="0" * 64)
    assert refused.value.code == "content_changed"


def test_a_locked_draft_cannot_be_edited(agency):
    made = begun(agency)
    submitted(agency, made)

    with pytest.raises(Refusal) as refused:
        edit(agency, made)
    assert refused.value.code == "revision_locked"


def test_a_returned_draft_carries_its_reason_to_the_author(agency):
    made = begun(agency)
    submitted(agency, made)
    with pytest.raises(Refusal, match="lý do"):
        services.revision_return(
            actor=agency.actor("toan"), revision_id=made.revision_id, reason=" ", now=NOW
        )
    services.revision_return(
        actor=agency.actor("toan"),
        revision_id=made.revision_id,
        reason="Bước 2 cần thêm thời gian",
        now=NOW,
    )

    item = WorkItem.objects.get(state=0)
    assert (item.person_id, item.note) == (agency.people["lan"], "Bước 2 cần thêm thời gian")
    assert state(made) == "draft"
    edit(agency, made)
    submitted(agency, made)
    assert WorkItem.objects.filter(state=0).count() == 1


def test_an_author_takes_back_what_was_sent_and_nobody_is_asked_any_more(agency, client):
    made = begun(agency)
    submitted(agency, made)
    agency.sign_in(client, "lan")
    address = reverse("procedures:revision", args=[made.revision_id])
    shown = client.get(address).content.decode()
    assert 'data-dialog="h-rut"' in shown
    assert 'data-dialog="h-tra"' not in shown

    recall = reverse("procedures:recall", args=[made.revision_id])
    assert client.post(recall, {"reason": " "}).status_code == 422
    assert client.post(recall, {"reason": "Gửi nhầm bản"}).status_code == 302
    assert state(made) == "draft"
    assert not WorkItem.objects.filter(state=0).exists()
    assert 'data-dialog="h-rut"' not in client.get(address).content.decode()
    edit(agency, made)


def test_who_did_not_write_a_version_gives_it_back_and_does_not_take_it_back(agency, client):
    made = begun(agency)
    submitted(agency, made)
    agency.sign_in(client, "toan")
    shown = client.get(reverse("procedures:revision", args=[made.revision_id])).content.decode()

    assert 'data-dialog="h-tra"' in shown
    assert 'data-dialog="h-rut"' not in shown
    with pytest.raises(Refusal) as refused:
        services.revision_recall(
            actor=agency.actor("toan"), revision_id=made.revision_id, reason="Thử", now=NOW
        )
    assert refused.value.code == "not_author"
    assert state(made) == "submitted"


def test_a_dropped_draft_takes_its_work_back_and_frees_its_number(agency):
    made = published(agency)
    first = services.procedure_revise(
        actor=agency.actor("lan"), procedure_id=made.procedure_id, is_new_issue=False,
        change_note="Giảm thời gian", now=NOW,
    )  # fmt: skip
    services.revision_submit(
        actor=agency.actor("lan"), revision_id=first, checker_id=agency.people["toan"], now=NOW
    )
    services.revision_drop(
        actor=agency.actor("lan"), revision_id=first, reason="Nhầm thủ tục", now=NOW
    )
    again = services.procedure_revise(
        actor=agency.actor("lan"), procedure_id=made.procedure_id, is_new_issue=False,
        change_note="Làm lại", now=NOW,
    )  # fmt: skip

    assert not WorkItem.objects.filter(state=0).exists()
    assert Revision.objects.get(pk=again).amendment == "01"


def test_a_procedure_whose_only_draft_was_dropped_begins_again(agency):
    made = begun(agency)
    services.revision_drop(
        actor=agency.actor("lan"), revision_id=made.revision_id, reason="Nhập nhầm", now=NOW
    )
    again = services.procedure_create(
        actor=agency.actor("lan"),
        tthc_id=Procedure.objects.get().tthc_id,
        now=NOW,
    )

    assert again.procedure_id == made.procedure_id
    assert again.revision_id != made.revision_id
    assert Revision.objects.get(pk=again.revision_id).issue == "01"


def test_the_next_revision_retires_the_old_one_in_the_same_act(agency):
    made = published(agency)
    second = services.procedure_revise(
        actor=agency.actor("lan"), procedure_id=made.procedure_id, is_new_issue=True,
        change_note="Rút ngắn bước 1", now=NOW,
    )  # fmt: skip
    services.definition_edit(
        actor=agency.actor("lan"), revision_id=second, expected_version=1,
        edit=Edit("limit", "b1", {"amount": "2", "unit": "working_hour"}), now=NOW,
    )  # fmt: skip
    later = NOW + timedelta(days=7)
    bring_into_force(agency, second, now=later)

    old = Revision.objects.get(pk=made.revision_id)
    assert (old.state, old.retired_on) == ("retired", later.date())
    facts = queries.version_in_force(
        agency_id=agency.agency_id, tthc_id=Procedure.objects.get().tthc_id
    )
    assert facts.revision_id == second
    assert (facts.issue, facts.amendment) == ("02", "00")


def test_a_day_in_the_past_finds_the_version_of_that_day(agency):
    made = published(agency)
    tthc_id = Procedure.objects.get().tthc_id
    second = services.procedure_revise(
        actor=agency.actor("lan"), procedure_id=made.procedure_id, is_new_issue=False,
        change_note="Sửa", now=NOW,
    )  # fmt: skip
    later = NOW + timedelta(days=7)
    bring_into_force(agency, second, now=later)

    def on(day):
        found = queries.version_in_force(agency_id=agency.agency_id, tthc_id=tthc_id, on=day)
        return found.revision_id if found else None

    assert on(NOW.date() - timedelta(days=1)) is None
    assert on(NOW.date()) == made.revision_id
    assert on(later.date() - timedelta(days=1)) == made.revision_id
    assert on(later.date()) == second


def test_an_approved_revision_waits_for_its_day(agency):
    made = begun(agency)
    submitted(agency, made)
    confirm(agency, made)
    day = NOW.date() + timedelta(days=3)
    at_once = services.revision_publish(
        actor=agency.actor("ha"), revision_id=made.revision_id,
        content_hash=hash_of(made.revision_id), effective_from=day, now=NOW,
    )  # fmt: skip

    assert not at_once
    assert document_services.approved_take_effect(now=NOW) == 0
    assert document_services.approved_take_effect(now=NOW + timedelta(days=3)) == 1
    assert document_services.approved_take_effect(now=NOW + timedelta(days=3)) == 0
    assert state(made) == "in_force"


def test_at_most_one_revision_is_in_force_and_one_on_its_way(agency):
    made = published(agency)
    row = Revision.objects.get(pk=made.revision_id)
    columns = {
        field.attname: getattr(row, field.attname)
        for field in Revision._meta.concrete_fields
        if not field.primary_key
    }

    with pytest.raises(IntegrityError), transaction.atomic():
        Revision.objects.create(**{**columns, "amendment": "09"})
    services.procedure_revise(
        actor=agency.actor("lan"), procedure_id=made.procedure_id, is_new_issue=False,
        change_note="x", now=NOW,
    )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Revision.objects.create(
            agency_id=row.agency_id, document_id=row.document_id, issue="01", amendment="07",
            drafted_by_id=row.drafted_by_id, drafted_at=NOW,
        )  # fmt: skip
    with pytest.raises(Refusal, match="Hãy làm tiếp bản đó"):
        services.procedure_revise(
            actor=agency.actor("lan"), procedure_id=made.procedure_id, is_new_issue=False,
            change_note="x", now=NOW,
        )  # fmt: skip


def test_a_role_left_empty_after_the_draft_stops_the_submission(agency):
    made = begun(agency)
    person = agency.people["ha"]
    held = organization_appointment(agency, person)
    organization.appointment_end(
        actor=organization_rules.setup_actor(), now=NOW, agency_id=agency.agency_id,
        appointment_id=held, ends_on=NOW.date() - timedelta(days=1), reason="Nghỉ hưu",
    )  # fmt: skip

    with pytest.raises(Refusal, match="Chưa ai giữ vai trò"):
        submitted(agency, made)


def organization_appointment(agency, person_id: int) -> int:
    page = people.person_page(agency_id=agency.agency_id, person_id=person_id, today=NOW.date())
    return page.hats[0].id


def test_a_compiled_version_is_kept_by_its_hash(agency, django_assert_num_queries):
    made = published(agency)
    content_hash = hash_of(made.revision_id)
    queries.compiled(content_hash)

    with django_assert_num_queries(0):
        assert queries.compiled(content_hash) is queries.compiled(content_hash)
    with pytest.raises(NotFound):
        queries.compiled("f" * 64)
