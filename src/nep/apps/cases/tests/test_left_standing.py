"""What a process remembers of a case after a step it finished, and when it asks again."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction

from nep.apps.cases import services
from nep.apps.cases.models import Case, StepRun
from nep.apps.cases.services import _standing, _steps
from nep.apps.cases.tests.scene import NOW, TOUCHED, Office, broken, office
from nep.apps.work import services as work
from nep.foundation.db import new_id
from nep.kernel.errors import Conflict, Forbidden, NotFound, Refusal

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(minutes=30)


@pytest.fixture
def at(transactional_db) -> Office:
    return office()


@pytest.fixture
def case(at: Office) -> Case:
    """A case whose first step this process has finished: it knows the second."""
    case = at.accept()
    at.complete(case, "b1", by="tuan")
    return case


def knows(at: Office, case: Case, node: str) -> bool:
    return at.run(case, node).pk in _standing._left


def test_the_next_step_asks_nothing_and_is_as_good(at: Office, case, monkeypatch):
    assert knows(at, case, "b2")
    read = _steps.standing
    monkeypatch.setattr(_steps, "standing", None)

    at.complete(case, "b2", by="toan", receiver_id=at.scene.people["lan"])
    at.complete(case, "b3", by="lan", now=LATER, outcome="f-re-b3", note="Đủ điều kiện cấp")

    monkeypatch.setattr(_steps, "standing", read)
    assert [run.node for run in StepRun.objects.filter(case=case, closed_at=None)] == ["b4"]
    assert broken(*TOUCHED) == []


def test_what_was_left_is_what_the_database_holds(at: Office, case):
    for node, by, more in (
        ("b2", "toan", {"receiver_id": at.scene.people["lan"]}),
        ("b3", "lan", {"outcome": "f-re-b3"}), ("b4", "ha", {}),
    ):  # fmt: skip
        run = at.run(case, node)
        kept = _standing._left[run.pk]
        assert kept == _standing.standing(actor=at.actor(by), run_id=run.pk)
        at.complete(case, node, by=by, now=LATER, **more)
    assert _standing._left[at.run(case, "b5").pk].finished_at == LATER


def test_a_case_that_somebody_else_changed_is_asked_for(at: Office, case):
    """The change is another process's: nothing here was told of it."""
    services.case_pause(
        actor=at.actor("toan"), now=NOW, case_id=case.pk, kind="payment", reason="Chờ nộp phí",
    )  # fmt: skip
    assert knows(at, case, "b2")
    with pytest.raises(Refusal, match="tạm dừng"):
        at.complete(case, "b2", by="toan", now=LATER)
    services.case_resume(actor=at.actor("toan"), now=LATER, case_id=case.pk)

    at.complete(case, "b2", by="toan", now=LATER + timedelta(minutes=5))

    run = StepRun.objects.get(case=case, node="b2")
    assert run.used_minutes == 5  # the pause is not counted
    assert broken(*TOUCHED) == []


def test_a_step_given_to_another_person_is_refused_to_the_one_who_had_it(at: Office, case):
    at.complete(case, "b2", by="toan", receiver_id=at.scene.people["lan"])
    run = at.run(case, "b3")
    work.item_hand_over(
        actor=at.actor("lan"), now=NOW, item_id=run.item_id, receiver_id=at.scene.people["huy"],
        reason="Đi công tác",
    )  # fmt: skip
    assert knows(at, case, "b3")

    with pytest.raises(Forbidden, match="Phạm Quốc Huy"):
        at.complete(case, "b3", by="lan", outcome="f-re-b3")
    at.complete(case, "b3", by="huy", outcome="f-re-b3")
    assert broken(*TOUCHED) == []


def test_an_old_page_is_refused_though_the_case_is_known(at: Office, case):
    with pytest.raises(Conflict, match="thay đổi"):
        at.complete(case, "b2", by="toan", expected_version=1)
    with pytest.raises(Conflict, match="vừa được"):
        services.step_complete(
            actor=at.actor("tuan"), now=NOW,
            run_id=StepRun.objects.get(case=case, node="b1").pk,
        )  # fmt: skip


def test_another_agency_is_told_of_nothing(at: Office, case):
    stranger = at.actor("toan").__class__(**{
        name: getattr(at.actor("toan"), name) for name in at.actor("toan").__slots__
    } | {"agency_id": 4711})  # fmt: skip
    with pytest.raises(NotFound):
        services.step_complete(actor=stranger, now=NOW, run_id=at.run(case, "b2").pk)


def test_what_may_yet_be_undone_is_not_remembered(at: Office, case):
    with transaction.atomic():
        at.complete(case, "b2", by="toan", receiver_id=at.scene.people["lan"])
        opened = at.run(case, "b3").pk
        transaction.set_rollback(True)

    assert opened not in _standing._left
    at.complete(case, "b2", by="toan", receiver_id=at.scene.people["lan"])
    assert broken(*TOUCHED) == []


def test_a_step_of_a_database_put_back_to_an_earlier_day_is_not_written(at: Office, case):
    """What is remembered is of a day that is gone: the case has the version, the step is not there."""
    run = at.run(case, "b2")
    gone = new_id()
    _standing.leave(case.pk, [_standing._left[run.pk]._replace(run_id=gone)])
    before = Case.objects.filter(pk=case.pk).values().get()

    with pytest.raises(NotFound):
        services.step_complete(actor=at.actor("toan"), now=NOW, run_id=gone)

    assert Case.objects.filter(pk=case.pk).values().get() == before
    assert broken(*TOUCHED) == []
    at.complete(case, "b2", by="toan", receiver_id=at.scene.people["lan"])


def test_no_service_writes_what_a_step_stands_on_without_the_version():
    """`random lives` try what people do; this reads the updates that rounds and erasures make."""
    columns = set(_standing._CASE) - {"id", "version"}
    found = {}
    for path in sorted(Path(_standing.__file__).parent.glob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func).startswith("Case.objects"):
                names = {one.arg for one in call.keywords}
                if ast.unparse(call.func).endswith(".update") and names & columns:
                    found[f"{path.name}:{call.lineno}"] = "version" in names
    assert len(found) >= 3 and all(found.values()), found


def test_only_so_many_cases_are_remembered(at: Office, case, monkeypatch):
    monkeypatch.setattr(_standing, "MOST_LEFT", 2)
    others = [at.accept() for _ in range(3)]
    for other in others:
        at.complete(other, "b1", by="tuan")

    assert [knows(at, one, "b2") for one in (case, *others)] == [False, False, True, True]
    assert len(_standing._cases) == 2 and len(_standing._left) == 2
