"""The life of documents that are files: three people, one hash, one switch."""

from datetime import date, timedelta

import pytest

from nep.apps.documents import queries, services
from nep.apps.documents.models import Document, LifeEntry, Revision
from nep.apps.documents.tests.life_scene import (
    acts,
    again,
    approve,
    brought,
    check,
    draft,
    keep,
    seen,
    state,
    submit,
)
from nep.apps.organization import queries as people
from nep.apps.organization import rules as organization_rules
from nep.apps.organization import services as organization
from nep.apps.organization.models import Person
from nep.apps.organization.tests.scene import NOW
from nep.apps.work import services as work
from nep.apps.work.models import WorkItem
from nep.apps.work.queries import my_items
from nep.apps.workcal.queries import calendar_for
from nep.foundation.files.models import StoredFile
from nep.foundation.files.services import path_of
from nep.foundation.outbox.models import QueueRow
from nep.kernel.errors import Forbidden, NotFound, Refusal

pytestmark = pytest.mark.usefixtures("copies_unprinted")

OPEN, DONE, WITHDRAWN = WorkItem.OPEN, WorkItem.DONE, WorkItem.WITHDRAWN


def items(agency):
    rows = WorkItem.objects.filter(kind="document").order_by("id")
    names = {id_: key for key, id_ in agency.people.items() if "." not in key}
    return [(names[r.person_id], r.step_label, r.state) for r in rows]


def refused(act, *args, **more) -> str:
    with pytest.raises(Refusal) as found:
        act(*args, **more)
    return found.value.code


def test_three_people_bring_a_document_into_force_with_work_for_each(agency):
    document_id, revision_id = draft(agency)
    submit(agency, revision_id)
    assert items(agency) == [("toan", "Kiểm tra", OPEN)]
    check(agency, revision_id)
    assert items(agency) == [("toan", "Kiểm tra", DONE), ("ha", "Phê duyệt", OPEN)]
    answer = approve(agency, revision_id)

    row = Revision.objects.get(pk=revision_id)
    document = Document.objects.get(pk=document_id)
    assert answer.at_once
    assert (row.state, document.status, document.current_id) == (
        "in_force", "in_force", revision_id,
    )  # fmt: skip
    assert (row.decision_number, row.issued_on) == ("12/QĐ-SKHCN", NOW.date())
    assert items(agency)[-1] == ("ha", "Phê duyệt", DONE)
    assert acts(agency, revision_id) == [
        "drafted", "submitted", "checked", "approved", "issued", "in_force",
    ]  # fmt: skip


def test_the_history_says_who_with_post_unit_and_the_hash_decided_on(agency):
    _document, revision_id = brought(agency)
    lines = queries.history(revision_id=revision_id, agency_id=agency.agency_id)
    approved = next(line for line in lines if line.act == "approved")

    assert approved.who == "Nguyễn Thị Thu Hà, Phó Giám đốc"
    assert approved.unit == "Ban lãnh đạo"
    assert approved.content_hash == seen(revision_id)
    assert len(approved.content_hash) == 64


def test_the_history_keeps_the_name_of_who_has_left_and_changed_it(agency):
    _document, revision_id = brought(agency)
    Person.objects.filter(pk=agency.people["toan"]).update(name="Tên khác")
    organization.appointment_end(
        actor=organization_rules.setup_actor(), now=NOW, agency_id=agency.agency_id,
        appointment_id=agency.hat("toan"), ends_on=NOW.date(), reason="Nghỉ hưu",
    )  # fmt: skip
    people.forget()

    lines = queries.history(revision_id=revision_id, agency_id=agency.agency_id)
    checked = next(line for line in lines if line.act == "checked")
    assert checked.who == "Đặng Văn Toàn, Trưởng phòng"
    assert queries.history(revision_id=revision_id, agency_id=agency.agency_id + 1) == ()


def test_a_new_version_retires_the_old_one_in_the_same_instant(agency):
    document_id, old = brought(agency)
    new = again(agency, document_id)
    submit(agency, new)
    check(agency, new)
    assert (state(old), state(new)) == ("in_force", "checked")
    approve(agency, new)

    assert (state(old), state(new)) == ("retired", "in_force")
    assert Revision.objects.get(pk=old).retired_on == NOW.date()
    assert acts(agency, old)[-1] == "retired"
    assert QueueRow.objects.filter(name="event:RevisionRetired").count() == 1


@pytest.mark.parametrize("step", ["check", "approve"])
def test_changed_bytes_on_disk_stop_check_and_approval(agency, step):
    _document, revision_id = draft(agency)
    submit(agency, revision_id)
    if step == "approve":
        check(agency, revision_id)
    before = list(WorkItem.objects.values()), LifeEntry.objects.count(), state(revision_id)
    stored = StoredFile.objects.get(pk=Revision.objects.get(pk=revision_id).original_file_id)
    path_of(stored.sha256).write_bytes(b"other bytes")

    act = check if step == "check" else approve
    assert refused(act, agency, revision_id) == "file_changed"
    path_of(stored.sha256).unlink()
    assert refused(act, agency, revision_id) == "file_changed"
    assert before == (
        list(WorkItem.objects.values()), LifeEntry.objects.count(), state(revision_id),
    )  # fmt: skip


def test_another_file_or_title_laid_under_a_submission_stops_the_approval(agency):
    document_id, revision_id = draft(agency)
    submit(agency, revision_id)
    other = keep(agency, "đổi ruột")
    first = Revision.objects.get(pk=revision_id).original_file_id
    Revision.objects.filter(pk=revision_id).update(original_file_id=other)
    assert refused(check, agency, revision_id) == "file_changed"
    Revision.objects.filter(pk=revision_id).update(original_file_id=first)
    Document.objects.filter(pk=document_id).update(title="Tên khác")
    assert refused(check, agency, revision_id) == "file_changed"
    Document.objects.filter(pk=document_id).update(title="Kiểm soát tài liệu")
    check(agency, revision_id)


def test_an_old_page_does_not_approve(agency):
    _document, revision_id = draft(agency)
    submit(agency, revision_id)

    assert refused(check, agency, revision_id, content_hash="0" * 64) == "content_changed"


def test_author_checker_and_approver_are_three_people(agency):
    _document, revision_id = draft(agency, by="toan")

    assert refused(submit, agency, revision_id, by="toan") == "route_unfit"
    toan = agency.people["toan"]
    services.exception_grant(
        actor=agency.actor("ha"), pair="author_checker", reason="Phòng chỉ có hai công chức",
        now=NOW,
    )  # fmt: skip
    submit(agency, revision_id, by="toan", checker_id=toan)
    check(agency, revision_id)
    approve(agency, revision_id)
    assert "hai công chức" in Revision.objects.get(pk=revision_id).exception_reason


def test_only_who_is_asked_answers_and_in_order(agency):
    agency.person("bich", "Lý Thị Bích", ("MC", "unit_head", "Trưởng bộ phận"))
    _document, revision_id = draft(agency)
    submit(agency, revision_id)

    assert refused(check, agency, revision_id, by="bich") == "not_asked"
    assert refused(approve, agency, revision_id) == "step_order"
    with pytest.raises(Forbidden):
        check(agency, revision_id, by="huy")
    assert state(revision_id) == "submitted"


def test_a_return_gives_the_author_the_reason_and_begins_a_new_round(agency):
    _document, revision_id = draft(agency)
    submit(agency, revision_id)
    common = {"actor": agency.actor("toan"), "revision_id": revision_id, "now": NOW}
    assert refused(services.document_return, reason=" ", **common) == "reason_missing"
    services.document_return(reason="Thiếu mục 7", **common)

    assert state(revision_id) == "draft"
    assert items(agency) == [
        ("toan", "Kiểm tra", WITHDRAWN), ("lan", "Bị trả lại", OPEN),
    ]  # fmt: skip
    submit(agency, revision_id)
    check(agency, revision_id)
    rounds = dict(LifeEntry.objects.filter(revision_id=revision_id).values_list("act", "round"))
    assert (rounds["returned"], rounds["checked"]) == (1, 2)
    assert items(agency)[1] == ("lan", "Bị trả lại", DONE)


def test_an_author_takes_a_submission_back_until_it_is_approved(agency):
    _document, revision_id = draft(agency)
    submit(agency, revision_id)
    check(agency, revision_id)
    common = {"revision_id": revision_id, "reason": "Còn sót phụ lục", "now": NOW}
    assert refused(services.document_recall, actor=agency.actor("huy"), **common) == "not_author"
    services.document_recall(actor=agency.actor("lan"), **common)

    assert state(revision_id) == "draft"
    assert not WorkItem.objects.filter(state=OPEN).exists()
    submit(agency, revision_id)
    check(agency, revision_id)
    approve(agency, revision_id)
    assert refused(services.document_recall, actor=agency.actor("lan"), **common) == (
        "revision_state"
    )


def test_a_dropped_draft_leaves_no_work_and_its_number_is_free(agency):
    document_id, revision_id = draft(agency)
    submit(agency, revision_id)
    services.document_drop(
        actor=agency.actor("lan"), revision_id=revision_id, reason="Không cần nữa", now=NOW
    )

    assert Document.objects.get(pk=document_id).status == "dropped"
    assert not WorkItem.objects.filter(state=OPEN).exists()
    second = again(agency, document_id)
    assert queries.revision(revision_id=second, agency_id=agency.agency_id).number == "lần 01"
    assert Document.objects.get(pk=document_id).status == "new"


def test_another_agencys_document_is_not_found_by_any_act(agency, other_agency):
    _document, revision_id = draft(agency)
    submit(agency, revision_id)

    with pytest.raises(NotFound):
        check(other_agency, revision_id)
    with pytest.raises(NotFound):
        services.document_recall(
            actor=other_agency.actor("lan"), revision_id=revision_id, reason="x y z", now=NOW
        )


def test_a_procedure_is_not_moved_here(agency):
    _document, revision_id = draft(agency, kind="procedure")

    assert refused(submit, agency, revision_id) == "content_elsewhere"


def test_days_of_issue_and_effect_follow_each_other(agency):
    _document, revision_id = draft(agency)
    submit(agency, revision_id)
    check(agency, revision_id)
    today, tomorrow = NOW.date(), NOW.date() + timedelta(days=1)

    assert refused(approve, agency, revision_id, issued_on=tomorrow) == "issued_later"
    assert (
        refused(approve, agency, revision_id, effective_from=date(2026, 1, 1))
        == "issued_after_effective"
    )
    answer = approve(agency, revision_id, effective_from=tomorrow, issued_on=today)
    assert (answer.at_once, state(revision_id)) == (False, "approved")


# Signing for another


def lend(agency, giver, receiver, *, prefix="KT."):
    organization.delegation_start(
        actor=organization_rules.setup_actor(), now=NOW, agency_id=agency.agency_id, appointment_id=agency.hat(giver),
        receiver_id=agency.people[receiver], prefix=prefix, scope="", document="QĐ 5",
        starts_on=NOW.date(), ends_on=NOW.date(),
    )  # fmt: skip
    people.forget()


def test_who_signs_for_the_asked_person_counts_for_them_and_the_history_says_so(agency):
    _document, revision_id = draft(agency)
    submit(agency, revision_id)
    check(agency, revision_id)
    agency.person("phuc", "Vũ Hồng Phúc", ("PKH", "unit_head", "Phó Trưởng phòng"))
    lend(agency, "ha", "phuc")
    listed = my_items(actor=agency.actor("phuc"), now=NOW, calendar=calendar_for(agency.agency_id))
    assert "Phê duyệt QT-01 lần 01" in str(listed)
    approve(agency, revision_id, by="phuc")

    row = Revision.objects.get(pk=revision_id)
    lines = queries.history(revision_id=revision_id, agency_id=agency.agency_id)
    approved = next(line for line in lines if line.act == "approved")
    assert (row.state, row.signing_prefix, row.approved_by_id) == (
        "in_force", "KT.", agency.people["phuc"],
    )  # fmt: skip
    assert approved.who == "KT. Nguyễn Thị Thu Hà: Vũ Hồng Phúc, Phó Trưởng phòng"
    assert items(agency)[-1] == ("ha", "Phê duyệt", DONE)


def test_an_author_does_not_approve_under_a_lent_hat(agency):
    _document, revision_id = draft(agency, by="lan")
    submit(agency, revision_id)
    check(agency, revision_id)
    lend(agency, "ha", "lan")

    assert refused(approve, agency, revision_id, by="lan") == "author_is_approver"
    assert state(revision_id) == "checked"


def test_handing_the_work_item_over_asks_its_receiver_instead(agency):
    agency.person("son", "Đỗ Hồng Sơn", ("LD", "leader", "Giám đốc"))
    _document, revision_id = draft(agency)
    submit(agency, revision_id)
    check(agency, revision_id)
    item = WorkItem.objects.get(state=OPEN)
    work.item_hand_over(
        actor=agency.actor("ha"), now=NOW, item_id=item.pk,
        receiver_id=agency.people["son"], reason="Tôi đi công tác",
    )  # fmt: skip

    assert refused(approve, agency, revision_id) == "not_asked"
    assert approve(agency, revision_id, by="son").at_once
    assert "reassigned" in acts(agency, revision_id)
    assert items(agency)[-1] == ("son", "Phê duyệt", DONE)
