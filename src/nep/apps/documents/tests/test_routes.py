"""Routes of approval: all or any of the people, in order, replaced with a reason."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from nep.apps.documents import queries, rules, services
from nep.apps.documents.models import ChangeRequest, Document, Revision
from nep.apps.documents.tests.life_scene import (
    acts,
    again,
    approve,
    brought,
    check,
    draft,
    keep,
    state,
    submit,
)
from nep.apps.documents.tests.make import in_force, secretary
from nep.apps.organization.tests.scene import NOW, department
from nep.apps.work.models import WorkItem
from nep.foundation.files.models import StoredFile
from nep.foundation.files.services import path_of
from nep.kernel.errors import Conflict, Forbidden, NotFound, Refusal
from tests.standing import kept

pytestmark = pytest.mark.usefixtures("copies_unprinted")

TODAY = NOW.date()


def build_office(agency):
    """Add a second head, a second leader and the ISO secretary."""
    agency.person("bich", "Lý Thị Bích", ("MC", "unit_head", "Trưởng bộ phận"))
    agency.person("son", "Đỗ Hồng Sơn", ("LD", "leader", "Giám đốc"))
    secretary(agency)
    return agency


office = kept(build_office, on=department)


def steps(office, *parts) -> tuple[rules.Step, ...]:
    return tuple(
        rules.Step(part, needs, tuple(office.people[name] for name in names))
        for part, needs, *names in parts
    )


def lay(office, revision_id, *parts, by="lan"):
    services.route_lay(
        actor=office.actor(by), revision_id=revision_id, steps=steps(office, *parts), now=NOW
    )


def waiting(office) -> list[str]:
    names = {id_: key for key, id_ in office.people.items() if "." not in key}
    rows = WorkItem.objects.filter(source_type="document_route", state=0).order_by("id")
    return [names[row.person_id] for row in rows]


def refused(act, *args, **more) -> str:
    with pytest.raises(Refusal) as found:
        act(*args, **more)
    return found.value.code


def consult(office, revision_id, by, text="Đồng ý"):
    return services.document_consult(
        actor=office.actor(by), revision_id=revision_id, text=text, now=NOW
    )


LONG = (
    ("consult", "all", "huy", "tuan"),
    ("check", "all", "toan", "bich"),
    ("approve", "any", "ha", "son"),
)


def test_every_step_waits_for_all_or_any_of_its_people_and_leaves_no_work_behind(office):
    _document, revision_id = draft(office)
    lay(office, revision_id, *LONG)
    submit(office, revision_id)

    assert waiting(office) == ["huy", "tuan"]
    assert refused(check, office, revision_id) == "step_order"
    consult(office, revision_id, "huy", "Nên thêm mẫu 03")
    assert waiting(office) == ["tuan"]
    assert refused(consult, office, revision_id, "huy") == "not_asked"
    consult(office, revision_id, "tuan")
    assert waiting(office) == ["toan", "bich"]
    check(office, revision_id, by="bich")
    assert state(revision_id) == "submitted"
    check(office, revision_id)
    assert (state(revision_id), waiting(office)) == ("checked", ["ha", "son"])
    approve(office, revision_id, by="son")
    assert (state(revision_id), waiting(office)) == ("in_force", [])
    ends = dict(WorkItem.objects.values_list("person_id", "state"))
    assert (ends[office.people["son"]], ends[office.people["ha"]]) == (1, 2)
    assert acts(office, revision_id).count("consulted") == 2
    notes = [line.note for line in queries.history(
        revision_id=revision_id, agency_id=office.agency_id
    )]  # fmt: skip
    assert "Nên thêm mẫu 03" in notes


def test_who_checked_first_of_two_does_not_approve(office):
    office.appoint("bich", "LD", "leader", "Phó Giám đốc")
    _document, revision_id = draft(office)
    lay(office, revision_id, ("check", "all", "bich", "toan"), ("approve", "any", "ha"))
    submit(office, revision_id)
    check(office, revision_id, by="bich")
    check(office, revision_id)
    (line,) = [x for x in queries.route(revision_id=revision_id) if x.state == "now"]

    assert (
        refused(
            services.asked_replace, actor=office.actor("thuky"), now=NOW,
            route_person_id=line.people[0].id, person_id=office.people["bich"], reason="nghỉ",
        )
        == "route_unfit"
    )  # fmt: skip
    approve(office, revision_id)


@pytest.mark.parametrize(
    "parts",
    [
        (("approve", "any", "ha"),),
        (("check", "any", "toan"),),
        (("approve", "any", "ha"), ("check", "any", "toan")),
        (("check", "any", "toan"), ("approve", "any", "ha"), ("consult", "all", "huy")),
        (("check", "any"), ("approve", "any", "ha")),
        (("check", "any", "huy"), ("approve", "any", "ha")),
        (("check", "any", "lan"), ("approve", "any", "ha")),
        (("check", "sometimes", "toan"), ("approve", "any", "ha")),
    ],
)
def test_a_route_that_cannot_be_is_not_laid(office, parts):
    _document, revision_id = draft(office)

    assert refused(lay, office, revision_id, *parts) == "route_unfit"
    assert queries.route(revision_id=revision_id) == ()


def test_the_route_is_fixed_once_submitted(office):
    _document, revision_id = draft(office)
    submit(office, revision_id)

    assert refused(lay, office, revision_id, *LONG) == "revision_locked"


def test_the_usual_route_of_a_kind_is_taken_with_its_days(office):
    services.route_template_save(
        actor=office.actor("thuky"), kind="system_procedure", expected_version=0, now=NOW,
        steps=(
            rules.Step("check", "any", (office.people["toan"],), days=2),
            rules.Step("approve", "any", (office.people["ha"],), days=1),
        ),
    )  # fmt: skip
    _document, revision_id = draft(office)
    submit(office, revision_id, checker_id=None, approver_id=None)
    lines = queries.route(revision_id=revision_id)

    assert [line.due_on for line in lines] == [date(2026, 12, 14), date(2026, 12, 15)]
    item = WorkItem.objects.get(state=0)
    assert (item.due_at.astimezone(NOW.tzinfo).isoformat()) == "2026-12-14T17:00:00+07:00"


def test_a_template_is_saved_by_managers_under_its_version(office):
    parts = steps(office, ("check", "any", "toan"), ("approve", "any", "ha"))
    common = {"kind": "manual", "steps": parts, "now": NOW}
    with pytest.raises(Forbidden):
        services.route_template_save(actor=office.actor("lan"), expected_version=0, **common)
    thuky = office.actor("thuky")
    services.route_template_save(actor=thuky, expected_version=0, **common)
    with pytest.raises(Conflict):
        services.route_template_save(actor=thuky, expected_version=0, **common)
    assert (
        refused(
            services.route_template_save, actor=thuky, expected_version=0, kind="procedure",
            steps=parts, now=NOW,
        )
        == "kind_unknown"
    )  # fmt: skip


def test_without_a_route_both_people_are_asked_for(office):
    _document, revision_id = draft(office)

    assert refused(submit, office, revision_id, checker_id=None) == "checker_missing"
    assert refused(submit, office, revision_id, approver_id=None) == "approver_missing"


def test_a_leaver_is_replaced_with_a_reason_and_the_work_moves(office, other_agency):
    _document, revision_id = draft(office)
    submit(office, revision_id)
    asked = queries.route(revision_id=revision_id)[0].people[0]
    common = {
        "route_person_id": asked.id, "person_id": office.people["bich"], "now": NOW,
    }  # fmt: skip
    lan = office.actor("lan")
    assert refused(services.asked_replace, actor=lan, reason=" ", **common) == "reason_missing"
    with pytest.raises(Forbidden):
        services.asked_replace(actor=office.actor("huy"), reason="chuyển công tác", **common)
    with pytest.raises(NotFound):
        services.asked_replace(actor=other_agency.actor("lan"), reason="chuyển công tác", **common)
    services.asked_replace(actor=lan, reason="Anh Toàn chuyển công tác", **common)

    assert waiting(office) == ["bich"]
    assert acts(office, revision_id)[-1] == "reassigned"
    assert refused(check, office, revision_id) == "not_asked"
    check(office, revision_id, by="bich")
    assert (
        refused(
            services.asked_replace, actor=lan, reason="lại đổi",
            **{**common, "person_id": office.people["toan"]},
        )
        == "already_answered"
    )  # fmt: skip


def test_days_that_have_passed_are_counted_anew_after_a_return(office):
    document_id, revision_id = draft(office)
    submit(office, revision_id)
    services.document_return(
        actor=office.actor("toan"), revision_id=revision_id, reason="Sửa mục 5", now=NOW
    )
    later = NOW + timedelta(days=40)
    submit(office, revision_id, now=later, checker_id=None, approver_id=None)

    assert all(line.due_on > later.date() for line in queries.route(revision_id=revision_id))
    assert waiting(office) == ["toan"]
    assert document_id


def test_every_submission_counts_the_days_of_the_steps_anew_but_keeps_a_named_day(office):
    services.route_template_save(
        actor=office.actor("thuky"), kind="system_procedure", expected_version=0, now=NOW,
        steps=(
            rules.Step("check", "any", (office.people["toan"],), days=10),
            rules.Step("approve", "any", (office.people["ha"],), days=5),
        ),
    )  # fmt: skip
    _document, revision_id = draft(office)
    submit(office, revision_id, checker_id=None, approver_id=None)
    first = [line.due_on for line in queries.route(revision_id=revision_id)]
    services.document_return(
        actor=office.actor("toan"), revision_id=revision_id, reason="Sửa mục 5", now=NOW
    )
    submit(office, revision_id, now=NOW + timedelta(days=7), checker_id=None, approver_id=None)
    second = [line.due_on for line in queries.route(revision_id=revision_id)]

    assert second[0] - first[0] == timedelta(days=7)
    assert [line.days for line in queries.route(revision_id=revision_id)] == [10, 5]

    _other, named_id = draft(office, code="QT-02")
    named = date(2026, 12, 28)
    services.route_lay(
        actor=office.actor("lan"), revision_id=named_id, now=NOW,
        steps=(
            rules.Step("check", "any", (office.people["toan"],), due_on=named),
            rules.Step("approve", "any", (office.people["ha"],)),
        ),
    )  # fmt: skip
    for moment in (NOW, NOW + timedelta(days=2)):
        submit(office, named_id, now=moment, checker_id=None, approver_id=None)
        lines = queries.route(revision_id=named_id)
        assert lines[0].due_on == named
        assert lines[1].due_on > named
        services.document_return(
            actor=office.actor("toan"), revision_id=named_id, reason="Sửa mục 5", now=moment
        )


def test_the_route_says_when_each_person_decided_in_this_round(office):
    _document, revision_id = draft(office)
    lay(office, revision_id, *LONG)
    submit(office, revision_id)
    later = NOW + timedelta(hours=2)
    services.document_consult(
        actor=office.actor("huy"), revision_id=revision_id, text="Đồng ý", now=later
    )

    (first, *_rest) = queries.route(revision_id=revision_id)
    assert [(one.decided_at, one.is_pending) for one in first.people] == [
        (later, False), (None, True),
    ]  # fmt: skip
    services.document_recall(
        actor=office.actor("lan"), revision_id=revision_id, reason="Bổ sung mục 3", now=later
    )
    (first, *_rest) = queries.route(revision_id=revision_id)
    assert [one.decided_at for one in first.people] == [None, None]


# A document and its forms


def build_package(office):
    """A manual procedure with two forms, all drafts."""
    parent, leading = draft(office)
    one = draft(office, code="BM-01.01", title="Phiếu đề nghị", kind="form", parent_id=parent)
    two = draft(office, code="BM-01.02", title="Danh mục", kind="form", parent_id=parent)
    return leading, one[1], two[1]


package = kept(build_package, on=build_office)


def test_a_package_is_one_work_item_and_takes_effect_together(office, package):
    leading, one, two = package
    submit(office, leading, member_ids=[one, two])

    assert waiting(office) == ["toan"]
    assert refused(check, office, one) == "package_member"
    check(office, leading)
    approve(office, leading)
    assert {state(id_) for id_ in package} == {"in_force"}
    assert WorkItem.objects.filter(kind="document").count() == 2
    assert acts(office, two)[-3:] == ["approved", "issued", "in_force"]


def test_a_package_of_which_one_form_changed_is_refused_whole(office, package):
    leading, one, two = package
    submit(office, leading, member_ids=[one, two])
    check(office, leading)
    file_id = Revision.objects.get(pk=two).original_file_id
    path_of(StoredFile.objects.get(pk=file_id).sha256).write_bytes(b"changed")
    assert refused(approve, office, leading) == "file_changed"
    assert {state(id_) for id_ in package} == {"checked"}


def test_a_return_sends_the_whole_package_back_and_lets_forms_go_alone(office, package):
    leading, one, two = package
    submit(office, leading, member_ids=[one, two])
    services.document_return(
        actor=office.actor("toan"), revision_id=leading, reason="Sửa mẫu 2", now=NOW
    )
    assert {state(id_) for id_ in package} == {"draft"}
    submit(office, one)
    assert refused(submit, office, leading, member_ids=[one, two]) == "member_not_draft"
    submit(office, leading, member_ids=[two])
    check(office, one)
    approve(office, one)
    assert (state(one), state(two), state(leading)) == ("in_force", "submitted", "submitted")


def test_only_forms_of_the_document_go_along(office, package):
    _other, alone = draft(office, code="QT-09", title="Khác")

    assert refused(submit, office, package[0], member_ids=[alone]) == "not_a_child"
    assert state(package[0]) == "draft"


def test_dropping_the_document_leaves_its_forms_as_drafts(office, package):
    leading, one, _two = package
    submit(office, leading, member_ids=[one])
    services.document_drop(
        actor=office.actor("lan"), revision_id=leading, reason="Hoãn lại", now=NOW
    )

    assert (state(leading), state(one), waiting(office)) == ("dropped", "draft", [])


# Requests and withdrawal


def ask(office, by="huy", **more):
    return services.request_ask(
        actor=office.actor(by), now=NOW,
        **{"wish": "change", "reason": "Thông tư mới thay mẫu số 02", **more},
    )  # fmt: skip


def test_an_accepted_request_opens_the_draft_and_is_done_in_force(office):
    document_id, _old = brought(office)
    request_id = ask(office, document_id=document_id)
    secretary_items = WorkItem.objects.filter(source_type="document_request", state=0)
    assert secretary_items.get().person_id == office.people["thuky"]
    revision_id = services.request_accept(
        actor=office.actor("thuky"), request_id=request_id, author_id=office.people["lan"],
        now=NOW,
    )  # fmt: skip
    facts = queries.revision(revision_id=revision_id, agency_id=office.agency_id)
    request = queries.request_page(actor=office.actor("huy"), request_id=request_id)

    assert (facts.change_note, facts.drafter) == ("Thông tư mới thay mẫu số 02", "Trần Thị Mai Lan")
    assert (request.state, request.draft) == ("accepted", "lần 01, sửa đổi 01: dự thảo")
    assert not secretary_items.exists()
    Revision.objects.filter(pk=revision_id).update(original_file_id=keep(office, "mới"))
    submit(office, revision_id)
    check(office, revision_id)
    approve(office, revision_id)
    done = queries.request_page(actor=office.actor("huy"), request_id=request_id)
    assert done.state == "done"


def test_a_request_for_a_new_document_becomes_its_first_draft(office):
    request_id = ask(office, wish="new", kind="instruction", title="Hướng dẫn số hóa hồ sơ")
    common = {"actor": office.actor("thuky"), "request_id": request_id, "now": NOW}
    assert refused(services.request_accept, **common) == "code_missing"
    revision_id = services.request_accept(code="HD-01", **common)

    facts = queries.revision(revision_id=revision_id, agency_id=office.agency_id)
    assert (facts.code, facts.title, facts.drafter) == (
        "HD-01", "Hướng dẫn số hóa hồ sơ", "Phạm Quốc Huy",
    )  # fmt: skip
    assert refused(services.request_accept, code="HD-02", **common) == "request_state"


def test_a_request_is_refused_with_a_note_or_taken_back_by_its_own_author(office, other_agency):
    first, second = ask(office, document_id=brought(office)[0]), ask(
        office, wish="new", kind="plan", title="Kế hoạch"
    )  # fmt: skip
    thuky = office.actor("thuky")
    with pytest.raises(Forbidden):
        services.request_refuse(actor=office.actor("huy"), request_id=first, note="x", now=NOW)
    assert refused(
        services.request_refuse, actor=thuky, request_id=first, note="", now=NOW
    ) == "note_missing"  # fmt: skip
    with pytest.raises(NotFound):
        services.request_take_back(actor=other_agency.actor("lan"), request_id=first, now=NOW)
    services.request_refuse(actor=thuky, request_id=first, note="Đã có", now=NOW)
    assert (
        refused(services.request_take_back, actor=office.actor("lan"), request_id=second, now=NOW)
        == "not_own_request"
    )
    services.request_take_back(actor=office.actor("huy"), request_id=second, now=NOW)

    counts = queries.request_counts(actor=thuky)
    assert (counts["refused"], counts["taken_back"], counts["asked"]) == (1, 1, 0)
    assert not WorkItem.objects.filter(source_type="document_request", state=0).exists()


def test_a_reason_and_a_subject_are_asked_for(office):
    assert refused(ask, office, document_id=None) == "document_missing"
    assert refused(ask, office, wish="new", title="", kind="plan") == "title_missing"
    assert refused(ask, office, wish="new", title="Kế hoạch", kind="x") == "kind_missing"
    assert refused(ask, office, reason="ngắn") == "reason_missing"
    assert refused(ask, office, wish="burn") == "wish_unknown"


def withdraw(office, document_id, by="ha", **more):
    return services.document_withdraw(
        actor=office.actor(by), document_id=document_id, now=NOW,
        **{"reason": "Luật mới bãi bỏ thủ tục", "decision_number": "30/QĐ-SKHCN", **more},
    )  # fmt: skip


def test_a_withdrawn_document_takes_its_forms_along_and_stays_readable_by_its_history(
    office, package
):
    leading, one, two = package
    submit(office, leading, member_ids=[one, two])
    check(office, leading)
    approve(office, leading)
    document_id = Revision.objects.get(pk=leading).document_id
    other, _revision = brought(office, code="QT-20", title="Quy trình thay")
    request_id = ask(office, wish="withdraw", document_id=document_id)
    services.request_accept(actor=office.actor("thuky"), request_id=request_id, now=NOW)
    assert withdraw(office, document_id, replaced_by_id=other) == 3

    row = Document.objects.get(pk=document_id)
    assert (row.status, row.current_id, row.withdrawn_on, row.replaced_by_id) == (
        "withdrawn", None, TODAY, other,
    )  # fmt: skip
    assert {state(id_) for id_ in package} == {"retired"}
    assert "QT-20" in row.withdraw_reason
    assert acts(office, leading)[-2:] == ["withdrawn", "retired"]
    assert queries.request_page(actor=office.actor("huy"), request_id=request_id).state == "done"
    assert refused(again, office, document_id) == "document_withdrawn"


def test_a_withdrawal_needs_force_a_reason_a_decision_and_no_open_draft(office):
    document_id, _revision = brought(office)
    other, _draft = draft(office, code="QT-21")
    assert refused(withdraw, office, document_id, reason="") == "reason_missing"
    assert refused(withdraw, office, document_id, decision_number="") == "decision_missing"
    assert refused(withdraw, office, other) == "not_in_force"
    assert refused(withdraw, office, document_id, replaced_by_id=other) == "replacement_unfit"
    with pytest.raises(Forbidden):
        withdraw(office, document_id, by="thuky")
    again(office, document_id)
    assert refused(withdraw, office, document_id) == "revision_open"


def test_requests_come_fifty_at_a_time_and_the_rest_follows(office, client):
    about, _ = in_force(office, code="QT-90", title="Bảo vệ bí danh")
    Document.objects.filter(pk=about).update(level="restricted")
    ChangeRequest.objects.bulk_create(
        ChangeRequest(
            agency_id=office.agency_id, wish="new", kind="form", title=f"Mẫu {number:02d}",
            reason="Chưa có mẫu", asked_by_id=office.people["lan"], asked_at=NOW,
            document_id=about if number == 0 else None,
        )
        for number in range(53)
    )  # fmt: skip
    office.sign_in(client, "tuan")
    first = client.get(reverse("documents:requests")).content.decode()
    more = re.search(r'href="(\?sau=\d+)"', first)
    assert more is not None
    rest = client.get(reverse("documents:requests") + more.group(1)).content.decode()

    asked = reverse("documents:requests") + more.group(1)
    part = client.get(asked, headers={"HX-Request": "true"}).content.decode()

    assert first.count("data-row") == 50 and rest.count("data-row") == 2
    assert part.count("data-row") == 2 and "<html" not in part
    assert "Bảo vệ bí danh" not in first + rest
