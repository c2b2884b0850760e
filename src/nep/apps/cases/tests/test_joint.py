"""A step that another agency here does: its own calendar, its own time, nothing else to see."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from nep.apps.cases import queries, services
from nep.apps.cases.models import Case, CasePaper, JointStep
from nep.apps.cases.subscribers import stop_waiting_for_step
from nep.apps.cases.tests.scene import OPINION, TOUCHED, Office, broken, moment, office
from nep.apps.organization.tests.scene import Scene, department
from nep.apps.work.models import Notice, WorkItem
from nep.apps.workcal import services as workcal
from nep.foundation.outbox.models import QueueRow
from nep.kernel.errors import Forbidden, NotFound, Refusal
from tests.standing import kept

ANSWER = "Đồng ý với phương án, kèm văn bản số 45"


def build_two() -> tuple[Office, Scene, Case]:
    """A case whose fourth step is the construction department's, which is here too."""
    at = office(table=OPINION)
    other = department(code="H99.30", name="Sở Xây dựng")
    case = at.accept(
        now=moment(10, 8), papers=[services.PaperGiven("Đơn", upload=("don.pdf", b"%PDF-1.4 x"))]
    )
    at.complete(case, "b1", by="tuan", now=moment(10, 9))
    at.complete(case, "b2", by="lan", now=moment(10, 10))
    at.complete(case, "b3", by="toan", now=moment(10, 11))
    return at, other, case


two = kept(build_two)


def handed(at: Office, case: Case, *, now=moment(10, 14)) -> JointStep:
    run = at.run(case, "b4")
    who = next(key for key, pk in at.scene.people.items() if pk == run.person_id)
    pk = services.joint_open(
        actor=at.actor(who, now=now), now=now, run_id=run.pk, asked="Cho ý kiến về quy hoạch"
    )
    return JointStep.objects.get(pk=pk)


def test_the_work_opens_there_is_answered_and_its_time_is_charged_to_it(two):
    at, other, case = two
    workcal.day_rule_add(
        actor=other.actor("admin"), now=moment(10, 7), agency_id=other.agency_id,
        on=moment(11, 0).date(), kind="closure", name="Mất điện", reason="Thông báo cắt điện",
    )  # fmt: skip

    joint = handed(at, case)

    item = WorkItem.objects.get(source_type="joint", state=WorkItem.OPEN)
    assert (item.agency_id, item.role) == (other.agency_id, "reception")
    assert joint.due_at == moment(15, 14)  # 16 hours, the 11th off there: 14, 15
    assert broken(*TOUCHED) == []
    receiver = f"{other.people['lan']}:{other.units['PKH']}:specialist"
    services.joint_assign(
        actor=other.actor("tuan"), now=moment(10, 15), joint_id=joint.pk, receiver=receiver
    )
    answer = {"joint_id": joint.pk, "answer": ANSWER, "now": moment(14, 9)}
    with pytest.raises(Forbidden):
        services.joint_answer(actor=other.actor("huy"), **answer)
    late = services.joint_answer(
        actor=other.actor("lan"), upload=("y-kien.pdf", b"%PDF-1.4 y"), **answer
    )

    joint.refresh_from_db()
    assert (late, joint.state, joint.used_minutes) == (False, "answered", 210 + 90)
    assert CasePaper.objects.filter(case=case, name="Trả lời của Sở Xây dựng").exists()
    assert Notice.objects.filter(key=f"tra-loi:{joint.pk}").exists()
    assert not WorkItem.objects.filter(source_type="joint", state=WorkItem.OPEN).exists()
    theirs = queries.joint_lists(actor=other.actor("ha"), now=moment(14, 10))
    ours = queries.joint_lists(actor=at.actor("ha"), now=moment(14, 10))
    for sums in (theirs.incoming_sums, ours.outgoing_sums):
        assert [(s.answered, s.late, s.used_words) for s in sums] == [(1, 0, "5 giờ")]
    assert (theirs.outgoing, ours.incoming) == ((), ())
    run = at.run(case, "b4")
    who = next(key for key, pk in at.scene.people.items() if pk == run.person_id)
    services.outside_returned(actor=at.actor(who), now=moment(14, 10), run_id=run.pk)
    assert broken(*TOUCHED) == []
    with pytest.raises(Refusal, match="đã trả lời"):
        services.joint_answer(actor=other.actor("lan"), **answer)


def test_that_agency_sees_its_step_and_the_papers_and_a_third_one_nothing(two):
    at, other, case = two
    third = department(code="H99.31", name="Sở Y tế")
    joint = handed(at, case)
    paper = CasePaper.objects.get(case=case, file__isnull=False)

    page = queries.joint_page(actor=other.actor("tuan"), joint_id=joint.pk, now=moment(10, 15))

    assert (page.may_answer, page.applicant) == (True, "N*** V** An")
    assert queries.joint_paper(actor=other.actor("tuan"), joint_id=joint.pk, paper_id=paper.pk)
    with pytest.raises(NotFound):
        queries.running(
            actor=other.actor("tuan"), case_id=case.pk, now=moment(10, 15),
            calendar=None,  # type: ignore[arg-type]
        )  # fmt: skip
    for address in (f"/ho-so/{case.pk}/", f"/ho-so/{case.pk}/giay-to/{paper.pk}/"):
        assert browser(other).get(address).status_code == 404
    where = f"/ho-so/lien-thong/{joint.pk}/"
    statuses = [
        (
            browser(who).get(where).status_code,
            browser(who).get(f"{where}giay-to/{paper.pk}/").status_code,
        )
        for who in (other, third)
    ]
    assert statuses == [(200, 200), (404, 404)]
    for act in ("nhan", "giao", "tra-loi"):
        assert browser(third).post(f"{where}{act}/", {"answer": ANSWER}).status_code == 404
    assert browser(third).get("/ho-so/lien-thong/").status_code == 200
    taken = browser(other)
    assert taken.post(f"{where}nhan/").status_code == 302
    assert taken.post(f"{where}tra-loi/", {"answer": ""}).status_code == 422
    assert taken.post(f"{where}tra-loi/", {"answer": ANSWER}).status_code == 302
    assert ANSWER in taken.get(where).content.decode()


def test_who_takes_joint_work_is_named_to_both(two):
    at, other, case = two
    joint = handed(at, case)
    browser(other).post(f"/ho-so/lien-thong/{joint.pk}/nhan/")
    ours = queries.joint_lists(actor=at.actor("toan"), now=moment(10, 15)).outgoing
    theirs = queries.joint_lists(actor=other.actor("ha"), now=moment(10, 15)).incoming
    assert [one.holder for one in (*ours, *theirs)] == ["Hoàng Minh Tuấn"] * 2


def test_files_are_for_who_may_see_applicants_and_end_with_the_work(two):
    at, other, case = two
    joint = handed(at, case)
    paper = CasePaper.objects.get(case=case, file__isnull=False)
    where = f"/ho-so/lien-thong/{joint.pk}/"
    other.person("xem", "Đào Văn Xem", ("PKH", "viewer", "Người xem"))
    looker = Client()
    other.sign_in(looker, "xem")
    page = looker.get(where)
    assert page.status_code == 200 and "giay-to" not in page.content.decode()
    assert "người được xem thông tin người nộp" in page.content.decode()
    assert looker.get(f"{where}giay-to/{paper.pk}/").status_code == 403

    services.joint_answer(
        actor=other.actor("tuan"), now=moment(11, 9), joint_id=joint.pk, answer=ANSWER
    )
    later = CasePaper.objects.create(
        id=paper.pk + 1,
        case=case,
        position=9,
        name="Ý kiến khác",
        file=paper.file,
        at=moment(12, 9),
    )
    theirs, ours = other.actor("tuan"), at.actor("tuan")
    assert queries.joint_paper(actor=theirs, joint_id=joint.pk, paper_id=paper.pk)
    with pytest.raises(NotFound):
        queries.joint_paper(actor=theirs, joint_id=joint.pk, paper_id=later.pk)
    assert queries.joint_paper(actor=ours, joint_id=joint.pk, paper_id=later.pk)
    JointStep.objects.filter(pk=joint.pk).update(state="recalled")
    with pytest.raises(NotFound):
        queries.joint_paper(actor=theirs, joint_id=joint.pk, paper_id=paper.pk)
    assert "Việc này đã thu hồi" in browser(other).get(where).content.decode()


def browser(scene: Scene) -> Client:
    client = Client()
    scene.sign_in(client, "tuan")
    return client


def test_waiting_of_the_case_is_not_charged_and_moves_the_date_there(two):
    at, other, case = two
    joint = handed(at, case)
    services.case_pause(
        actor=at.actor("toan"), now=moment(10, 15, 30), case_id=case.pk, kind="force_majeure",
        reason="Bão vào đất liền",
    )  # fmt: skip
    services.case_resume(actor=at.actor("tuan"), now=moment(14, 7, 30), case_id=case.pk)

    services.joint_answer(
        actor=other.actor("tuan"), now=moment(14, 8, 30), joint_id=joint.pk, answer=ANSWER
    )

    joint.refresh_from_db()
    assert (joint.used_minutes, joint.late) == (90 + 60, False)


def test_waiting_of_the_case_stands_in_the_other_agencys_list_too(two):
    at, other, case = two
    joint = handed(at, case)
    services.case_pause(
        actor=at.actor("toan"), now=moment(10, 15, 30), case_id=case.pk, kind="force_majeure",
        reason="Bão vào đất liền",
    )  # fmt: skip
    item = WorkItem.objects.get(source_type="joint", state=WorkItem.OPEN)
    assert item.paused
    services.joint_assign(
        actor=other.actor("tuan"), now=moment(11, 8), joint_id=joint.pk,
        receiver=f"{other.people['lan']}:{other.units['PKH']}:specialist",
    )  # fmt: skip
    item = WorkItem.objects.get(source_type="joint", state=WorkItem.OPEN)
    assert item.paused and item.person_id == other.people["lan"]
    services.case_resume(actor=at.actor("tuan"), now=moment(14, 7, 30), case_id=case.pk)

    item.refresh_from_db()
    assert not item.paused
    # 16 hours from 14:00 of the 10th, 1,5 of them used before the storm
    assert item.due_at == moment(15, 16) > joint.due_at
    assert broken(*TOUCHED) == []


def test_a_late_day_off_there_moves_the_work_that_agency_does_for_others(two):
    at, other, case = two
    joint, now = handed(at, case), moment(11, 8)
    workcal.day_rule_add(
        actor=other.actor("admin"), now=now, agency_id=other.agency_id, on=moment(11, 0).date(),
        kind="closure", name="Mất điện", reason="Thông báo cắt điện",
    )  # fmt: skip
    run_id = services.reprojection_start(
        actor=other.actor("admin"), now=now, reason="Thông báo cắt điện"
    )
    services.reprojection_run(reprojection_id=run_id, now=now)

    item = WorkItem.objects.get(source_type="joint", state=WorkItem.OPEN)
    assert (joint.due_at, item.due_at) == (moment(14, 14), moment(15, 14))


def test_a_step_finished_without_the_answer_takes_the_work_back_there(two):
    at, other, case = two
    joint = handed(at, case)
    run = at.run(case, "b4")
    who = next(key for key, pk in at.scene.people.items() if pk == run.person_id)
    done = moment(11, 9)
    services.outside_returned(actor=at.actor(who), now=done, run_id=run.pk)

    with pytest.raises(Refusal, match="không chờ trả lời nữa"):
        services.joint_answer(actor=other.actor("tuan"), now=done, joint_id=joint.pk, answer=ANSWER)
    assert QueueRow.objects.filter(name__endswith="StepCompleted").exists()
    event = type("Event", (), {"case_id": case.pk})()
    for _ in range(2):
        stop_waiting_for_step(event, done + timedelta(seconds=2))

    joint.refresh_from_db()
    assert (joint.state, joint.late) == ("recalled", False)
    assert not WorkItem.objects.filter(source_type="joint", state=WorkItem.OPEN).exists()


def test_an_agency_that_is_not_here_gets_its_file_the_usual_way(db):
    at = office(table=OPINION)
    case = at.accept(now=moment(10, 8))
    at.complete(case, "b1", by="tuan", now=moment(10, 9))
    run = at.run(case, "b2")

    with pytest.raises(Refusal, match="không phải bước ngoài"):
        services.joint_open(actor=at.actor("lan"), now=moment(10, 10), run_id=run.pk)
    assert not JointStep.objects.exists()


def beside(at: Office, hour: int) -> Case:
    """Return another case that has come to the other agency's step at an hour of the 14th."""
    case = at.accept(now=moment(14, hour))
    for minute, (node, who) in enumerate((("b1", "tuan"), ("b2", "lan"), ("b3", "toan")), start=1):
        at.complete(case, node, by=who, now=moment(14, hour, minute))
    return case


def test_what_waits_stands_first_and_a_longer_list_asks_no_more_of_the_database(two):
    at, other, case = two
    actor, now = other.actor("ha"), moment(15, 9)

    def listed() -> tuple[list[str], int]:
        with CaptureQueriesContext(connection) as asked:
            found = queries.joint_lists(actor=actor, now=now).incoming
        return [one.code for one in found], len(asked)

    joint = handed(at, case)
    others = [beside(at, hour) for hour in (8, 9, 10)]
    for hour, one in enumerate(others, start=9):
        handed(at, one, now=moment(14, hour))
    listed()  # calendars and names that are remembered are read once
    codes, few = listed()
    assert codes == [case.code, *(one.code for one in others)]
    services.joint_assign(
        actor=actor, now=moment(14, 14), joint_id=joint.pk,
        receiver=f"{other.people['lan']}:{other.units['PKH']}:specialist",
    )  # fmt: skip
    services.joint_answer(
        actor=other.actor("lan"), now=moment(14, 16), joint_id=joint.pk, answer=ANSWER
    )
    for hour in (11, 13, 14):
        handed(at, beside(at, hour), now=moment(14, hour, 30))
    listed()
    codes, many = listed()
    assert (codes[0], codes[-1], len(codes), many) == (others[0].code, case.code, 7, few)
