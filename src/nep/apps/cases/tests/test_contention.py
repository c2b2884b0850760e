"""Two people reach for the same step in the same instant: one wins, the other reads who did."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection

from nep.apps.cases import services
from nep.apps.cases.models import Case, GivenPaper, StepRun
from nep.apps.cases.queries._log import logged_events
from nep.apps.cases.services import papers
from nep.apps.cases.tests.scene import NOW, Office, office
from nep.apps.organization.queries import person_names
from nep.apps.work import services as work
from nep.apps.work.models import WorkItem
from nep.foundation.db import doctor
from nep.kernel.errors import Refusal

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 6
LAN, HUY, TOAN = "Trần Thị Mai Lan", "Phạm Quốc Huy", "Đặng Văn Toàn"
Act = Callable[[Office, StepRun], None]


@pytest.fixture
def at(transactional_db) -> Office:
    return office()


def claim(by: str) -> Act:
    def act(at: Office, run: StepRun) -> None:
        work.item_claim(actor=at.actor(by), now=NOW, item_id=run.item_id)

    return act


def complete(by: str) -> Act:
    def act(at: Office, run: StepRun) -> None:
        services.step_complete(actor=at.actor(by), now=NOW, run_id=run.pk, outcome="f-re-b3")

    return act


def hand_over(by: str, to: str) -> Act:
    """Hand over from a page that was opened before the race."""

    def act(at: Office, run: StepRun) -> None:
        work.item_hand_over(
            actor=at.actor(by), now=NOW, item_id=run.item_id, receiver_id=at.scene.people[to],
            reason="Đi công tác", version=1,
        )  # fmt: skip

    return act


def refuse(by: str) -> Act:
    """Refuse from a page that was opened before the race: accepted, then two steps finished."""

    def act(at: Office, run: StepRun) -> None:
        services.case_refuse(
            actor=at.actor(by), now=NOW, case_id=run.case_id, reason="Không đủ điều kiện",
            expected_version=3,
        )  # fmt: skip

    return act


def race(at: Office, run: StepRun, acts: tuple[Act, ...]) -> list[str]:
    """Do all at once; return for each the sentence of its refusal, empty for who won."""
    start, said = threading.Barrier(len(acts)), [""] * len(acts)

    def go(place: int) -> None:
        try:
            start.wait()
            acts[place](at, run)
        except Refusal as refusal:
            said[place] = refusal.message
        except Exception as error:
            said[place] = f"HỎNG {error!r}"
        finally:
            connection.close()

    threads = [threading.Thread(target=go, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said


@pytest.mark.parametrize(
    ("held", "acts", "named"),
    [
        (False, (claim("lan"), claim("huy")), (LAN, HUY)),
        (False, (claim("lan"), complete("huy")), (LAN, HUY)),
        (False, (complete("lan"), complete("huy")), (LAN, HUY)),
        (True, (complete("lan"), complete("lan")), (LAN, LAN)),
        (True, (complete("lan"), hand_over("toan", "huy")), (LAN, HUY)),
        (True, (hand_over("lan", "huy"), hand_over("toan", "huy")), (HUY, HUY)),
        (True, (complete("lan"), refuse("lan")), (LAN, LAN)),
    ],
    ids=[
        "claim-claim", "claim-complete", "complete-complete", "the-same-twice",
        "complete-hand_over", "hand_over-hand_over", "complete-refuse",
    ],
)  # fmt: skip
def test_exactly_one_wins_and_the_other_reads_who_has_the_step_now(at, held, acts, named):
    for number in range(ROUNDS):
        run = prepared(at, held=held)
        order = acts if number % 2 else acts[::-1]

        said = race(at, run, order)

        assert Counter(map(bool, said)) == {False: 1, True: 1}, said
        winner = named[acts.index(order[said.index("")])] if acts[0] is not acts[1] else named[0]
        (sentence,) = filter(None, said)
        assert winner in sentence or holder_now(run) in sentence, said
        assert one_trace(run), said
    assert broken() == []


def holder_now(run: StepRun) -> str:
    """Return the name of who holds the case's open step: who comes after the winner's whole
    action reads of that step."""
    opened = StepRun.objects.filter(case_id=run.case_id, closed_at=None).order_by("id").first()
    person_id = opened.person_id if opened else None
    return person_names([person_id]).get(person_id or 0) or "không ai giữ"


def prepared(at: Office, *, held: bool) -> StepRun:
    """Take a case to its third step; `held` by Lan, or waiting for the specialists."""
    case = at.accept()
    at.complete(case, "b1", by="tuan")
    more = {"receiver_id": at.scene.people["lan"]} if held else {}
    at.complete(case, "b2", by="toan", **more)
    return at.run(case, "b3")


def one_trace(run: StepRun) -> bool:
    """Say whether the step was finished or taken once, in history and in the worklist alike."""
    kinds = ("step_completed", "claimed", "handed_over", "refused")
    events = [event for event in logged_events(run.case_id) if event.kind in kinds]
    told = [event for event in events if event.node == "b3" or event.kind == "refused"]
    item = WorkItem.objects.get(pk=run.item_id)
    now = StepRun.objects.get(pk=run.pk)
    return len(told) == 1 and (now.closed_at is None) == (item.state == WorkItem.OPEN)


def broken() -> list[str]:
    return [f"{one.record}: {one.message}" for _, found in doctor.examine() for one in found]


def test_six_at_once_leave_one_holder(at):
    run = prepared(at, held=False)

    said = race(at, run, (claim("lan"), claim("huy")) * 3)

    assert said.count("") == 1
    holder = Case.objects.get(pk=run.case_id).holder_person_id
    assert holder in {at.scene.people["lan"], at.scene.people["huy"]}
    name = LAN if holder == at.scene.people["lan"] else HUY
    assert all(name in sentence for sentence in said if sentence)
    assert broken() == []


def test_a_paper_first_printed_by_two_at_once_is_one_paper_with_one_number(at):
    run = prepared(at, held=True)
    services.case_refuse(
        actor=at.actor("lan"), now=NOW, case_id=run.case_id, reason="Không đủ điều kiện."
    )
    GivenPaper.objects.filter(case_id=run.case_id, form="03").delete()  # as before the book
    made: list[bytes] = []

    def first_print(at: Office, run: StepRun) -> None:
        made.append(
            papers.case_paper(
                actor=at.actor("lan"), now=NOW, case_id=run.case_id, form="03", ending="pdf"
            ).data
        )

    said = race(at, run, (first_print, first_print, first_print))

    assert said == ["", "", ""]
    assert len(set(made)) == 1
    assert GivenPaper.objects.get(case_id=run.case_id, form="03").number == 2
    assert broken() == []


def test_two_who_tie_cases_or_find_the_same_fault_at_once_read_who_was_first(at):
    run, other = prepared(at, held=True), prepared(at, held=True)
    code = Case.objects.get(pk=other.case_id).code

    def tie(at: Office, run: StepRun) -> None:
        services.case_link(
            actor=at.actor("lan"), now=NOW, case_id=run.case_id, code=code, kind="same"
        )

    said = race(at, run, (tie, tie, tie))
    assert Counter(said)[""] == 1
    assert {one for one in said if one} == {"Hai hồ sơ đã được nối theo quan hệ này."}

    services.step_complete(actor=at.actor("lan"), now=NOW, run_id=run.pk, outcome="f-re-b3")
    case = Case.objects.get(pk=run.case_id)
    for hour, (node, who) in enumerate((("b4", "ha"), ("b5", "tuan")), start=1):
        at.complete(case, node, by=who, now=NOW + timedelta(hours=hour))

    def fault(at: Office, run: StepRun) -> None:
        services.correction_open(
            actor=at.actor("tuan"), now=NOW, case_id=run.case_id, reason="Ghi sai ngày sinh"
        )

    said = race(at, run, (fault, fault, fault))
    assert Counter(said)[""] == 1
    assert {one for one in said if one} == {"Kết quả của hồ sơ này đang được đính chính."}
    assert broken() == []
