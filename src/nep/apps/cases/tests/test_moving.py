"""Running cases that go on by another version of their procedure."""

import html
import re
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from nep.apps.cases import services
from nep.apps.cases.models import Case, CaseEvent, CaseMove, CaseMoving, StepMonth, StepRun
from nep.apps.cases.queries._forms import slip_rows
from nep.apps.cases.queries._page import case_page
from nep.apps.cases.queries._plans import followed
from nep.apps.cases.queries._step_data import step_asks
from nep.apps.cases.queries.moving import moving_page, older_versions
from nep.apps.cases.rules.moving import progress_moved
from nep.apps.cases.services import moving
from nep.apps.cases.services.figures import figures_fold
from nep.apps.cases.services.moving import moving_run, moving_start
from nep.apps.cases.services.step_forms import case_tags
from nep.apps.cases.tests.scene import (
    OPINION,
    PERMIT,
    TOUCHED,
    Office,
    broken,
    limit,
    made_tthc,
    moment,
    office,
)
from nep.apps.cases.tests.test_running import handed_outside
from nep.apps.organization.tests.scene import NOW
from nep.apps.procedures import services as procedures
from nep.apps.procedures.models import Definition
from nep.apps.procedures.queries import version_draft
from nep.apps.procedures.rules.carried import Carried, DataField
from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.table import Branch, Step
from nep.apps.procedures.tests.scene import bring_into_force, published
from nep.apps.work.models import Notice
from nep.apps.workcal import queries as workcal
from nep.kernel.errors import Forbidden, Refusal
from tests.standing import kept

WHY = "Rút ngắn thẩm định, thêm kiểm tra thực địa theo Quyết định 12/QĐ-SKHCN"
LATER = NOW + timedelta(hours=2)
FIELD = Step("b6", "Kiểm tra thực địa", "PKH/specialist", limit(8))


def second(at: Office, steps: tuple[Step, ...], **said_anew) -> int:
    """Publish the next version of the permit with these steps; return its revision."""
    procedure_id = Definition.objects.get(revision_id=at.revision_id).procedure_id
    said = version_draft(revision_id=at.revision_id, agency_id=at.scene.agency_id)
    revision_id = procedures.procedure_revise(
        actor=at.actor("lan"), procedure_id=procedure_id, is_new_issue=True, change_note=WHY,
        now=NOW, draft=replace(said, table=replace(said.table, steps=steps), **said_anew),
    )  # fmt: skip
    bring_into_force(at.scene, revision_id)
    return revision_id


@dataclass
class Two:
    """The department, its second version, and a case of the first that stands at each step."""

    at: Office
    new_id: int
    cases: dict[str, int]

    def case(self, step: str) -> Case:
        return Case.objects.get(pk=self.cases[step])

    def start(self, *steps: str, by: str = "ha", **more) -> int:
        values = {
            "source_id": self.at.revision_id, "target_id": self.new_id, "pairs": {},
            "case_ids": [self.cases[step] for step in steps], "reason": WHY, **more,
        }  # fmt: skip
        return moving_start(actor=self.at.actor(by), now=LATER, **values)

    def move(self, *steps: str, **more) -> int:
        return run_through(self.start(*steps, **more))


def run_through(moving_id: int, *, now=LATER) -> int:
    """Do one portion after the other, as the worker does; return how many cases moved."""
    while CaseMoving.objects.get(pk=moving_id).state != "done":
        moved = moving_run(moving_id=moving_id, now=now)
    return moved


def amended() -> Two:
    """Make the department with cases at every step, then a second version: a new third step and a
    shorter fourth."""
    at = office()
    cases = {}
    for step in ("b1", "b2", "b3", "b4"):
        case = at.accept()
        at.walk(case, step)
        cases[step] = case.pk
    b1, b2, b3, *rest = PERMIT.steps
    return Two(at, second(at, (b1, b2, FIELD, replace(b3, limit=limit(8)), *rest)), cases)


two = kept(amended)

AREA, HERE = (
    DataField("dien_tich", "Diện tích (m²)", "number"),
    DataField("co_mat", "Có mặt", "yes_no"),
)
HERE_SAID = replace(HERE, kind="short")


def reused() -> Two:
    """Make a second version in which another step bears the id of the check, which has a new one."""
    at = office()
    content = Draft(
        replace(PERMIT, id="qt-doi-ma"),
        Decimal(60),
        "working_day",
        carried={"b3": Carried((), None, (AREA, HERE))},
    )
    made = published(at.scene, content=content, name="Cấp phép đổi mã bước", code="1.000008",
                     limit_amount=Decimal(60))  # fmt: skip
    at = Office(at.scene, made_tthc(made), made.revision_id)
    case = at.accept()
    at.walk(case, "b3")
    at.complete(case, "b3", by="lan", now=NOW + timedelta(minutes=70), outcome="f-re-b3",
                typed={"dien_tich": "12", "co_mat": "1"})  # fmt: skip
    b1, b2, b3, b4, b5 = PERMIT.steps
    field = replace(FIELD, id="b3")
    check = replace(b3, id="b6", branches=(Branch("b6-lai", "b3", "Đi lại", bound=1),))
    sign = replace(b4, branches=(Branch("b4-lai", "b6", "Thẩm định lại", bound=1),))
    carried = {
        "b3": Carried((), None, (AREA, HERE)), "b6": Carried((), None, (AREA, HERE_SAID)),
    }  # fmt: skip
    return Two(at, second(at, (b1, b2, field, check, sign, b5), carried=carried), {"b4": case.pk})


anew = kept(reused)


def test_a_case_goes_on_by_the_new_version_with_its_time_and_its_promise(two):
    before = two.case("b3")
    old = two.at.run(before, "b3")

    assert two.move("b3") == 1

    after = two.case("b3")
    assert (after.revision_id, after.moved) == (two.new_id, True)
    assert (after.result_due_at, after.limit_amount) == (before.result_due_at, before.limit_amount)
    new = two.at.run(after, "b3")
    assert (new.number, new.limit_minutes, new.person_id) == (4, 480, old.person_id)
    assert new.used_minutes > 0 and StepRun.objects.get(pk=old.pk).outcome == "moved"
    assert (after.step_number, len(after.progress)) == (4, 6)
    assert after.progress[2] == "-" and after.progress[:2] == before.progress[:2]
    assert broken(*TOUCHED) == []


def test_the_moved_case_is_worked_to_its_end_and_everything_still_adds_up(two):
    two.move("b3")
    case, now = two.case("b3"), LATER + timedelta(minutes=30)
    two.at.complete(case, "b3", by="lan", now=now, outcome="f-re-b3")
    two.at.complete(case, "b4", by="ha", now=now + timedelta(minutes=5))
    two.at.complete(case, "b5", by="tuan", now=now + timedelta(minutes=10))
    figures_fold(now=now + timedelta(hours=1))

    first = Definition.objects.get(revision_id=two.at.revision_id).content_hash
    counted = StepMonth.objects.values_list("content_hash", "node", "steps")
    assert {(node, digest == first, steps) for digest, node, steps in counted} == {
        ("b1", True, 1), ("b2", True, 1), ("b3", False, 1), ("b4", False, 1),
    }  # fmt: skip
    assert broken("case_", "figures", "work_", "journal_") == []


def test_what_was_done_keeps_the_name_and_number_it_had(two):
    two.move("b3")
    at, case = two.at, two.case("b3")
    page = case_page(
        actor=at.actor("toan"), case_id=case.pk, now=LATER,
        calendar=workcal.calendar_for(case.agency_id),
    )  # fmt: skip

    done = [(line.number, line.title, line.chip_text) for line in page.steps if line.kind == "done"]
    assert done[2] == (3, "Thẩm định hồ sơ", "Chuyển bản")
    assert [line.number for line in page.steps if line.kind in {"now", "late"}] == [4]
    assert page.history[0].text.startswith("chuyển hồ sơ từ lần 01 sang lần 02, tiếp tục bước 4")
    assert page.history[0].note == WHY
    assert [row.number for row in slip_rows(case)] == [1, 2, 3, 4]


def test_the_page_says_of_every_case_whether_it_can_and_why_not(two):
    at = two.at
    versions = {"source_id": at.revision_id, "target_id": two.new_id}
    page = moving_page(actor=at.actor("toan"), now=LATER, **versions)

    assert (page.open, page.can, page.cannot, page.staying) == (4, 4, 0, 0)
    assert {one.at: one.to for one in page.lines}["3. Thẩm định hồ sơ"] == "4. Thẩm định hồ sơ"
    unmapped = moving_page(actor=at.actor("toan"), now=LATER, **versions, chosen={"b3": ""})
    assert unmapped.can == 3
    said = next(one.message for one in unmapped.lines if not one.can)
    assert said == "Bước đang làm “Thẩm định hồ sơ” chưa có bước tương ứng ở bản mới."
    known = older_versions(actor=at.actor("toan"), target_id=two.new_id)
    assert [(one.number, count) for one, count in known] == [("lần 01", 4)]


def test_the_act_refuses_what_the_dry_run_refused(two):
    assert two.move("b2", "b3", pairs={"b3": ""}) == 1

    row = CaseMoving.objects.get()
    assert row.kept == [
        [two.cases["b3"], "Bước đang làm “Thẩm định hồ sơ” chưa có bước tương ứng ở bản mới."]
    ]
    assert two.case("b3").revision_id == two.at.revision_id
    assert two.case("b2").revision_id == two.new_id


def test_a_portion_cut_off_is_taken_up_where_it_stopped(two, monkeypatch):
    monkeypatch.setattr(moving, "PORTION", 2)
    started, told = two.start("b1", "b2", "b3", "b4"), []
    real = moving._Mover.move

    def cut_off(self, found):
        told.append(found.case.pk)
        if len(told) == 4:
            raise KeyboardInterrupt
        return real(self, found)

    monkeypatch.setattr(moving._Mover, "move", cut_off)
    with pytest.raises(KeyboardInterrupt):
        run_through(started)
    assert CaseMove.objects.count() == 2  # the portion that was done stays done
    monkeypatch.setattr(moving._Mover, "move", real)
    assert run_through(started) == 4
    assert moving_run(moving_id=started, now=LATER) == 4
    assert CaseMove.objects.count() == 4
    assert broken(*TOUCHED) == []


def test_a_case_may_go_back_and_forth_and_be_recalled_only_within_its_version(two):
    two.move("b3")
    case = two.case("b3")
    with pytest.raises(Refusal, match="lần ban hành khác"):
        services.step_recall(
            actor=two.at.actor("toan"), now=LATER, run_id=case.runs.get(node="b2").pk, reason=WHY
        )
    now = LATER + timedelta(minutes=5)
    done = two.at.complete(case, "b3", by="lan", now=now, outcome="f-re-b3")
    finished = case.runs.filter(node="b3").order_by("-pk").first()
    services.step_recall(actor=two.at.actor("lan"), now=now, run_id=finished.pk, reason=WHY)
    assert done.case_id == case.pk and broken(*TOUCHED) == []

    back = moving_start(
        actor=two.at.actor("ha"), now=now, source_id=two.new_id, target_id=two.at.revision_id,
        pairs={}, case_ids=[case.pk], reason="Chuyển nhầm, trả lại lần trước",
    )  # fmt: skip
    assert run_through(back, now=now) == 1
    assert two.case("b3").revision_id == two.at.revision_id
    assert broken(*TOUCHED) == []


def test_a_paused_case_moves_with_its_clock_standing(two):
    case = two.case("b3")
    services.step_complete(
        actor=two.at.actor("lan"), now=LATER, run_id=two.at.run(case, "b3").pk, outcome="b3-bs",
        note="Thiếu bản vẽ", papers=({"name": "Bản vẽ", "quantity": "01 bản"},),
    )  # fmt: skip
    assert two.move("b3") == 1
    run = two.at.run(two.case("b3"), "b1")
    assert run.running_since is None
    assert broken(*TOUCHED) == []


def test_somebody_who_may_not_or_gives_no_reason_is_refused(two):
    with pytest.raises(Forbidden):
        two.start("b3", by="lan")
    with pytest.raises(Refusal) as no_reason:
        two.start("b3", reason=" ")
    with pytest.raises(Refusal) as nothing:
        two.start()
    two.start("b3")
    with pytest.raises(Refusal) as runs:
        two.start("b2")

    codes = [one.value.code for one in (no_reason, nothing, runs)]
    assert codes == ["reason_missing", "no_cases", "moving_runs"]


def test_the_other_holders_are_told_once(two):
    two.move("b2", "b3", "b4")

    told = Notice.objects.filter(key__startswith="chuyen-ban:")
    assert sorted(told.values_list("person_id", flat=True)) == sorted(
        two.at.scene.people[name] for name in ("lan", "toan")
    )
    assert CaseEvent.objects.filter(kind="moved").count() == 3


def test_the_page_leads_from_the_version_in_force_to_the_cases_and_back(two, client):
    two.at.scene.sign_in(client, "ha")
    version = client.get(reverse("procedures:revision", args=[two.new_id])).content.decode()
    assert "4 hồ sơ còn chạy theo lần 01." in version

    address = reverse("cases:moving", args=[two.new_id])
    assert address in version
    page = client.get(address).content.decode()
    assert "4 trong 4 hồ sơ của lần 01 chuyển được sang lần 02</h1>" in page
    looked = client.get(address, {"tu": two.at.revision_id, "b-b3": ""}).content.decode()
    assert "3 trong 4 hồ sơ của lần 01 chuyển được sang lần 02</h1>" in looked

    given = {"tu": two.at.revision_id, "b-b3": "", "tat-ca": "1", "reason": WHY}
    one = two.cases["b1"]
    for more, status in ({"reason": "", "hs": one}, 422), ({"xet": "1", "hs": one}, 200):
        shown = client.post(address, {**given, **more})
        words = shown.content.decode()
        assert (shown.status_code, f'value="{one}" checked' in words) == (status, True)
        assert "3 trong 4 hồ sơ của lần 01" in words and not CaseMoving.objects.exists()
    assert WHY in html.unescape(words)
    begun = client.post(address, given)
    assert begun.status_code == 302
    running = client.get(begun["Location"]).content.decode()
    assert "Đang chuyển hồ sơ, xong 0%" in running
    run_through(CaseMoving.objects.get().pk)
    done = client.get(address).content.decode()
    assert "chuyển 3 trong 3 hồ sơ từ lần 01 sang lần 02" in done


def test_who_may_not_move_sees_no_way_there_and_nothing_is_said_where_no_case_runs(two, client):
    two.at.scene.sign_in(client, "lan")
    address = reverse("cases:moving", args=[two.new_id])
    assert (
        address
        not in client.get(reverse("procedures:revision", args=[two.new_id])).content.decode()
    )
    assert client.get(address).status_code == 403

    two.at.scene.sign_in(client, "ha")
    assert (
        "Không hồ sơ nào đang chạy"
        in client.get(reverse("cases:moving", args=[two.at.revision_id])).content.decode()
    )


def test_a_step_of_the_new_version_is_recalled_though_an_older_one_has_another_number(two):
    two.move("b2")
    case, now = two.case("b2"), LATER + timedelta(minutes=5)
    two.at.complete(case, "b2", by="toan", now=now, receiver_id=two.at.scene.people["lan"])
    finished = case.runs.filter(node="b2", outcome="done").get()
    services.step_recall(actor=two.at.actor("toan"), now=now, run_id=finished.pk, reason=WHY)

    assert two.case("b2").progress[1:] == "-----"
    assert broken(*TOUCHED) == []


def test_an_id_used_again_for_another_step_inherits_nothing_of_the_old_one(anew):
    at, used = anew.at, anew.case("b4").runs.get(node="b3").used_minutes
    assert used == 30 and anew.move("b4") == 1
    case, now = anew.case("b4"), LATER + timedelta(minutes=90)

    at.complete(case, "b4", by="ha", now=now, outcome="b4-lai", note="Xem lại")
    again = at.run(case, "b6")  # what was b3
    assert (again.round, again.carried_minutes) == (2, used)
    known = step_asks(anew.case("b4"), "b6")  # one of its fields is of another kind now
    assert known.typed == {"dien_tich": "12"}

    at.complete(case, "b6", by="lan", now=now, outcome="b6-lai", note="Đi lại")
    first = at.run(case, "b3")
    assert (first.round, first.carried_minutes) == (1, 0)
    assert step_asks(anew.case("b4"), "b3").typed == {}

    now += timedelta(minutes=25)
    at.complete(case, "b3", by="lan", now=now, typed={"dien_tich": "15", "co_mat": "0"})
    at.complete(case, "b6", by="lan", now=now, outcome="b6-lai", note="Đi lại")
    second_time = at.run(case, "b3")
    assert (second_time.round, second_time.carried_minutes) == (2, 25)
    assert step_asks(anew.case("b4"), "b3").typed == {"dien_tich": "15", "co_mat": "0"}
    assert broken(*TOUCHED) == []


def test_the_diagram_and_the_forms_know_what_was_done_by_the_old_id(anew, client):
    anew.move("b4")
    case = anew.case("b4")
    anew.at.scene.sign_in(client, "lan")
    page = client.get(reverse("cases:figure", args=[case.pk])).content.decode()

    marks = re.findall(r'class="bp-task ([\w -]+)" data-node="(b\d)"', page)
    assert {node: mark for mark, node in marks} == {
        "b1": "bp-done", "b2": "bp-done", "b6": "bp-done", "b4": "bp-now",
    }  # fmt: skip
    tags = case_tags(case)
    assert (tags["dien_tich"], tags["co_mat"]) == ("12", "có")


def test_back_in_its_first_version_a_case_knows_again_what_it_did_there(anew):
    anew.move("b4")
    at, now = anew.at, LATER + timedelta(minutes=5)
    at.complete(anew.case("b4"), "b4", by="ha", now=now, outcome="b4-lai", note="Xem lại")
    at.complete(anew.case("b4"), "b6", by="lan", now=now, outcome="b6-lai", note="Đi lại")
    at.complete(anew.case("b4"), "b3", by="lan", now=now, typed={"dien_tich": "99"})
    back = moving_start(
        actor=at.actor("ha"), now=now, source_id=anew.new_id, target_id=at.revision_id, pairs={},
        case_ids=[anew.cases["b4"]], reason="Chuyển nhầm",
    )  # fmt: skip
    assert run_through(back, now=now) == 1

    case = anew.case("b4")
    assert at.run(case, "b3").round == 3  # in the first version, back in the second, and now
    assert step_asks(case, "b3").typed == {"dien_tich": "12", "co_mat": "1"}
    assert followed(case).meant(0, "b3") == "b3"
    assert broken(*TOUCHED) == []


def test_a_step_that_two_were_put_together_in_is_done_as_the_first_of_them_was():
    numbers = [(1, 1), (2, 2), (3, 2), (4, 3), (5, 3)]
    assert progress_moved("58-3L", numbers=numbers, total=4) == "58L-"
    assert progress_moved("5-A--", numbers=numbers, total=4) == "5A--"


def test_the_slip_closes_what_a_move_ended_with_its_reason(two):
    two.move("b3")
    rows = slip_rows(two.case("b3"))

    assert [row.closed_at is None for row in rows] == [False, False, False, True]
    assert (rows[2].closed_at, rows[2].note) == (LATER, f"Chuyển sang lần 02: {WHY}")


def test_a_file_handed_to_an_agency_outside_is_still_there_after_a_move(db):
    at = office(table=OPINION)
    case, run = handed_outside(at)
    said = version_draft(revision_id=at.revision_id, agency_id=at.scene.agency_id)
    *before, last = said.table.steps
    new_id = second(at, (*before, replace(last, name="Ký văn bản trả lời")))
    now = moment(10, 15)
    run_through(
        moving_start(
            actor=at.actor("ha", now=now), now=now, source_id=at.revision_id, target_id=new_id,
            pairs={}, case_ids=[case.pk], reason=WHY,
        ),
        now=now,
    )  # fmt: skip
    again = at.run(case, "b4")
    assert (again.pk != run.pk, again.handed_at) == (True, moment(10, 14))
    assert not broken(*TOUCHED)
