from datetime import timedelta

import pytest

from nep.apps.documents.models import ChangeRequest
from nep.apps.improvement import queries, services
from nep.apps.improvement.models import Nonconformity, SheetMove
from nep.apps.improvement.rules import life
from nep.apps.improvement.tests import scene
from nep.apps.organization.tests.scene import NOW
from nep.apps.work.models import WorkItem
from nep.apps.work.services import item_hand_over
from nep.foundation.db.doctor import examine
from nep.foundation.journal.models import JournalEntry
from nep.foundation.outbox.worker import drain
from nep.kernel.errors import Forbidden, NotFound, Refusal
from nep.kernel.references import Reference

pytestmark = pytest.mark.django_db
SHEET = "nonconformity"


def item(sheet_id: int) -> WorkItem | None:
    return WorkItem.objects.filter(source_type=SHEET, source_id=sheet_id, state=0).first()


def page(at, sheet_id: int, *, by: str = "thu", today=scene.LATER.date()) -> queries.SheetPage:
    return queries.nonconformity_page(actor=at.actor(by), nonconformity_id=sheet_id, today=today)


def refused(code: str, act, *args, **values) -> None:
    with pytest.raises(Refusal) as refusal:
        act(*args, **values)
    assert refusal.value.code == code


def test_a_sheet_goes_its_whole_way_and_each_step_finds_its_person(agency):
    sheet_id = scene.opened(agency)
    people = agency.scene.people
    assert item(sheet_id).person_id == people["toan"]
    scene.corrected(agency, sheet_id)
    scene.analysed(agency, sheet_id)
    assert item(sheet_id).step_label == "Lập hành động khắc phục"
    action_id = scene.acted(agency, sheet_id)
    assert item(sheet_id) is None  # the actions have their own items
    scene.done_and_checked(agency, action_id)
    drain(now=NOW + timedelta(minutes=1))
    assert (item(sheet_id).step_label, item(sheet_id).role) == (
        "Kiểm tra kết quả khắc phục", "iso_secretary"
    )  # fmt: skip
    scene.no_change(agency, sheet_id)
    scene.checked(agency, sheet_id)
    assert item(sheet_id).due_at.date() == scene.EFFECT
    scene.judged(agency, sheet_id)
    scene.closed(agency, sheet_id)

    row = Nonconformity.objects.get()
    assert (row.state, row.item_id, row.whys) == (
        "closed", None, ["Người nhận không ký", "Phiếu đến sau hồ sơ"]
    )  # fmt: skip
    assert all(holds for _, holds in page(agency, sheet_id).gates)
    told = JournalEntry.objects.filter(object_type=SHEET).order_by("id")
    assert [one.action.partition(".")[2] for one in told] == [
        "open", "correct", "analyse", "act", "document", "check", "worked", "close"
    ]  # fmt: skip
    assert [found for _, found in examine(parts=("improvement", "actions")) if found] == []


ACTS = {
    life.ASSIGN: lambda at, id_: services.nonconformity_assign(
        actor=at.actor("thu"), nonconformity_id=id_, owner_id=at.scene.people["toan"],
        due_on=scene.DUE + timedelta(days=60), now=scene.LATER),
    life.CORRECT: lambda at, id_: scene.corrected(at, id_),
    life.ANALYSE: lambda at, id_: scene.analysed(at, id_),
    life.ACT: lambda at, id_: scene.acted(at, id_, now=scene.LATER),
    life.DOCUMENT: lambda at, id_: scene.no_change(at, id_),
    life.CHECK: lambda at, id_: scene.checked(at, id_, by="dga"),
    life.RETURN: lambda at, id_: services.nonconformity_return(
        actor=at.actor("thu"), nonconformity_id=id_, reason="Chưa thấy máy in.", now=NOW),
    life.WORKED: lambda at, id_: scene.judged(at, id_),
    life.FAILED: lambda at, id_: scene.judged(at, id_, worked=False),
    life.CLOSE: lambda at, id_: scene.closed(at, id_),
    life.REJECT: lambda at, id_: services.nonconformity_reject(
        actor=at.actor("thu"), nonconformity_id=id_, reason="Không phải yêu cầu.", now=NOW),
}  # fmt: skip


@pytest.mark.parametrize("state", sorted(life.STATE_NAMES))
def test_every_move_that_the_table_does_not_hold_leaves_the_row_unchanged(agency, state):
    sheet_id = scene.opened(agency)
    scene.brought(agency, sheet_id, state)
    before, steps = Nonconformity.objects.values().get(), SheetMove.objects.count()
    assert before["state"] == state
    assert set(ACTS) == set(life.MOVES)

    for move, act in ACTS.items():
        if (state, move) not in life.LIFE:
            with pytest.raises(Refusal):
                act(agency, sheet_id)
            assert Nonconformity.objects.values().get() == before
    assert SheetMove.objects.count() == steps


def test_it_does_not_close_before_its_documents_are_changed(agency):
    code = page_code(agency)
    sheet_id = scene.opened(agency)
    scene.brought(agency, sheet_id, "acting")
    request_id = services.nonconformity_change_ask(
        actor=agency.actor("toan"), nonconformity_id=sheet_id, document_code=code,
        wanted="Thêm bước ký nhận ngay tại quầy.", now=NOW,
    )  # fmt: skip
    scene.checked(agency, sheet_id)
    scene.judged(agency, sheet_id)
    refused("close_early", scene.closed, agency, sheet_id)
    asked = ChangeRequest.objects.get(pk=request_id)
    assert (asked.origin_type, asked.origin_id) == (SHEET, sheet_id)
    assert "KPH 01/2026" in asked.reason

    ChangeRequest.objects.filter(pk=request_id).update(state="done")
    scene.closed(agency, sheet_id)
    assert Nonconformity.objects.get().state == "closed"


def page_code(at) -> str:
    """Return the code of the department's procedure."""
    return at.accept().procedure_text.partition(",")[0].split()[0]


def test_an_unknown_document_is_refused_and_nothing_is_asked(agency):
    sheet_id = scene.opened(agency)
    scene.brought(agency, sheet_id, "analysed")
    refused(
        "document_unknown", services.nonconformity_change_ask, actor=agency.actor("toan"),
        nonconformity_id=sheet_id, document_code="QT-KHONG-CO", wanted="Sửa bước hai.", now=NOW,
    )  # fmt: skip
    assert ChangeRequest.objects.count() == 0


def test_what_did_not_work_is_analysed_again_with_actions_of_its_own(agency):
    sheet_id = scene.opened(agency)
    scene.brought(agency, sheet_id, "again")
    row = Nonconformity.objects.get()
    assert (row.round, row.cause, row.checked_by_id) == (2, "", None)

    later = scene.LATER + timedelta(days=1)
    scene.analysed(agency, sheet_id, now=later)
    action_id = scene.acted(agency, sheet_id, now=later, due_on=later.date())
    refused("actions_running", scene.checked, agency, sheet_id, now=later, on=later.date())
    scene.done_and_checked(agency, action_id, now=later)
    scene.checked(agency, sheet_id, now=later, on=later.date())

    assert Nonconformity.objects.get().state == "checked"
    assert len(page(agency, sheet_id).actions) == 2
    assert [step.round for step in page(agency, sheet_id).steps][-1] == 2


def test_the_actions_of_the_round_before_count_for_nothing(agency):
    sheet_id = scene.opened(agency)
    scene.brought(agency, sheet_id, "again")
    later = scene.LATER + timedelta(days=1)
    scene.analysed(agency, sheet_id, now=later)
    action_id = scene.acted(agency, sheet_id, now=later, due_on=later.date())
    drop(agency, action_id, later)
    refused("actions_none", scene.checked, agency, sheet_id, now=later, on=later.date())


def drop(at, action_id: int, now) -> None:
    from_register = scene.actions.action_cancel
    from_register(actor=at.actor("thu"), action_id=action_id, reason="Không làm nữa.", now=now)


def test_a_sheet_of_a_rule_waits_for_the_secretary_to_say_who(agency):
    sheet_id = scene.opened(agency, owner=None)
    assert (item(sheet_id).person_id, item(sheet_id).role) == (None, "iso_secretary")
    services.nonconformity_assign(
        actor=agency.actor("thu"), nonconformity_id=sheet_id,
        owner_id=agency.scene.people["lan"], due_on=scene.DUE, now=NOW,
    )  # fmt: skip
    assert item(sheet_id).person_id == agency.scene.people["lan"]


def test_when_the_secretary_answers_for_it_another_role_judges(agency):
    sheet_id = scene.opened(agency, owner="thu")
    for act in (scene.corrected, scene.analysed):
        act(agency, sheet_id, by="thu")
    action_id = scene.acted(agency, sheet_id, by="thu")
    scene.actions.action_done(
        actor=agency.actor("lan"), action_id=action_id, evidence="Đã đặt máy in.", now=NOW
    )
    scene.actions.action_check(
        actor=agency.actor("toan"), action_id=action_id, accepted=True, note="", now=NOW
    )
    drain(now=NOW + timedelta(minutes=1))
    assert item(sheet_id).role == "leader"
    refused("doer_is_judge", scene.checked, agency, sheet_id, by="thu")


def test_another_agency_reaches_nothing_and_a_viewer_reports_nothing(agency, other_agency):
    sheet_id = scene.opened(agency)
    with pytest.raises(NotFound):
        services.nonconformity_reject(
            actor=other_agency.actor("ha"), nonconformity_id=sheet_id, reason="Thử xem.", now=NOW
        )
    refused("owner_unknown", scene.opened, agency, owner_id=other_agency.people["lan"])
    refused("clause_unknown", scene.opened, agency, clause="99.99")
    agency.scene.person("xem", "Người Xem", ("", "viewer", ""))
    with pytest.raises(Forbidden):
        scene.opened(agency, by="xem")


def test_what_comes_from_an_origin_is_found_there_and_in_the_figures(agency):
    audit = Reference("audit", 5, "Đánh giá nội bộ 2026", "/danh-gia/5/")
    sheet_id = scene.opened(agency, origin=audit)
    scene.opened(agency, title="Có thể thiếu người trực", potential=True)
    scene.brought(agency, sheet_id, "again")
    own = {"agency_id": agency.scene.agency_id, "today": scene.LATER.date()}

    (line,) = queries.of_origin(kind="audit", ids=[5], **own)
    tally = queries.tally(starts_on=scene.FOUND, ends_on=scene.FOUND, **own)

    assert (line.code, line.round, line.is_ended) == ("KPH 01/2026", 2, False)
    assert queries.about(kind="audit", ref_id=5, **own) == (line,)
    assert (tally.found, tally.potential, tally.again, dict(tally.by_origin)) == (
        2, 1, 1, {"audit": 1, "hand": 1}
    )  # fmt: skip


def test_a_handed_over_item_takes_the_sheet_with_it(agency):
    sheet_id = scene.opened(agency)
    item_hand_over(
        actor=agency.actor("toan"), now=NOW, item_id=item(sheet_id).pk, reason="Đi học tập trung.",
        receiver_id=agency.scene.people["lan"],
    )  # fmt: skip
    scene.corrected(agency, sheet_id, by="lan")

    assert Nonconformity.objects.get().owner_id == agency.scene.people["lan"]
    assert "Đi học tập trung" in page(agency, sheet_id).steps[1].text
    assert [found for _, found in examine(parts=("improvement",)) if found] == []
