"""Every ordered pair of what may be done to a case, in fixed interleavings, ends in an allowed state.

Two people stand before the same page. "after": the second acts with the ids of that page once the
first is done. "stale": likewise, and the page names the version it was read at, so that the second
is told. "between": the second acts after the first has read and before the first has written.
What is refused leaves nothing behind (`test_random_lives`), so pairs of which the same was done end
in the same state, and each such state is looked at once.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from nep.apps.cases import services
from nep.apps.cases.models import Case, JointStep
from nep.apps.cases.rules import statuses
from nep.apps.cases.tests.scene import (
    OPINION,
    TOUCHED,
    Office,
    broken,
    moment,
    office,
    with_procedure,
)
from nep.apps.organization.tests.scene import department
from nep.apps.work import services as work
from nep.foundation.db import Batch
from nep.kernel.errors import Conflict, Refusal
from tests.standing import kept

WHY = "Lý do đủ rõ để người sau hiểu"
NOW = moment(11, 9)


@dataclass
class Page:
    """What both people have read: the case, its open step, the step before, the version."""

    at: Office
    case_id: int
    run_id: int
    item_id: int
    before_id: int
    other_code: str
    version: int

    def by(self, who: str) -> dict:
        return {"actor": self.at.actor(who, now=NOW), "now": NOW}


Command = Callable[[Page, dict], object]
COMMANDS: dict[str, tuple[Command, bool]] = {}


def command(name: str, *, versioned: bool = True):
    """Keep a command; `versioned` ones take the version of the page."""

    def keep(function: Command) -> Command:
        COMMANDS[name] = function, versioned
        return function

    return keep


@command("complete")
def complete(page: Page, seen: dict):
    return services.step_complete(**page.by("lan"), run_id=page.run_id, outcome="f-re-b3", **seen)


@command("back")
def back(page: Page, seen: dict):
    return services.step_complete(
        **page.by("lan"), run_id=page.run_id, outcome="b3-lai", note=WHY, **seen
    )


@command("supplement")
def supplement(page: Page, seen: dict):
    return services.case_supplement_request(
        **page.by("lan"), case_id=page.case_id, reason=WHY, **seen
    )


@command("pause")
def pause(page: Page, seen: dict):
    return services.case_pause(
        **page.by("lan"), case_id=page.case_id, kind="agency", reason=WHY, **seen
    )


@command("resume")
def resume(page: Page, seen: dict):
    return services.case_resume(**page.by("tuan"), case_id=page.case_id, **seen)


@command("refuse")
def refuse(page: Page, seen: dict):
    return services.case_refuse(**page.by("lan"), case_id=page.case_id, reason=WHY, **seen)


@command("withdraw")
def withdraw(page: Page, seen: dict):
    return services.case_withdraw(**page.by("tuan"), case_id=page.case_id, reason=WHY, **seen)


@command("stop")
def stop(page: Page, seen: dict):
    return services.case_stop(**page.by("ha"), case_id=page.case_id, reason=WHY, **seen)


@command("recall")
def recall(page: Page, seen: dict):
    return services.step_recall(**page.by("toan"), run_id=page.before_id, reason=WHY, **seen)


@command("extend")
def extend(page: Page, seen: dict):
    return services.case_extend(
        **page.by("lan"), case_id=page.case_id, new_on=moment(31, 0).date(), reason=WHY, **seen
    )


@command("urgent")
def urgent(page: Page, seen: dict):
    return services.case_urgent_set(
        **page.by("ha"), case_id=page.case_id, urgent=True, reason=WHY, **seen
    )


@command("link", versioned=False)
def link(page: Page, seen: dict):
    return services.case_link(
        **page.by("lan"), case_id=page.case_id, code=page.other_code, kind="same"
    )


@command("hand_over", versioned=False)
def hand_over(page: Page, seen: dict):
    return work.item_hand_over(
        **page.by("lan"), item_id=page.item_id, receiver_id=page.at.scene.people["huy"], reason=WHY
    )


@command("paper", versioned=False)
def paper(page: Page, seen: dict):
    return services.paper_add(**page.by("lan"), case_id=page.case_id, name="Phiếu trình")


@command("close_unsupplemented", versioned=False)
def close_unsupplemented(page: Page, seen: dict):
    return services.cases_close_unsupplemented(now=NOW + timedelta(days=40))


def build_page(at: Office) -> Page:
    """Bring a case to its third step, beside another one."""
    case, other = at.accept(now=moment(10, 8)), at.accept(now=moment(10, 8))
    at.walk(case, "b3", now=moment(10, 8))
    case.refresh_from_db()
    run = at.run(case, "b3")
    before = case.runs.get(node="b2")
    return Page(at, case.pk, run.pk, run.item_id, before.pk, other.code, case.version)


page = kept(build_page, on=office)


def tried(act: Command, page: Page, seen: dict) -> Refusal | None:
    """Try a command in its own savepoint, as in its own transaction; return its refusal."""
    try:
        with transaction.atomic():
            act(page, seen)
    except Refusal as refusal:
        assert refusal.message.endswith((".", "!")), refusal.message
        return refusal
    return None


def version_of(page: Page) -> int:
    return Case.objects.values_list("version", flat=True).get(pk=page.case_id)


@contextmanager
def undone() -> Iterator[None]:
    """Take back whatever happens inside, so that the next pair begins where this one did."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def allowed(page: Page, told: str, *parts: str) -> None:
    case = Case.objects.get(pk=page.case_id)
    assert case.status in statuses.STATUS_NAMES, told
    assert broken(*parts) == [], told


@pytest.fixture(scope="module")
def looked_at() -> set[tuple[str, ...]]:
    """What was done in the states that were examined and found allowed."""
    return set()


@pytest.mark.parametrize("first", COMMANDS)
def test_any_second_after_any_first_ends_in_an_allowed_state(page: Page, first: str, looked_at):
    for second in COMMANDS:
        with undone():
            done = tuple(
                name for name in (first, second) if tried(COMMANDS[name][0], page, {}) is None
            )
            if done not in looked_at:
                allowed(page, f"{first}, {second}", *(TOUCHED if len(done) > 1 else ()))
            looked_at.add(done)


@pytest.mark.parametrize("first", [name for name, (_, versioned) in COMMANDS.items() if versioned])
def test_the_second_is_told_when_the_first_has_changed_the_page(page: Page, first: str):
    seen = {"expected_version": page.version}
    with undone():
        if tried(COMMANDS[first][0], page, seen) is not None:
            return  # what the page forbids changes nothing for the second
        assert version_of(page) > page.version
        for second, (act, versioned) in COMMANDS.items():
            if versioned:
                refusal = tried(act, page, seen)
                assert isinstance(refusal, Conflict), (first, second, refusal)
        allowed(page, first)


@pytest.mark.parametrize("first", ["complete", "back"])
def test_who_acts_between_reading_and_writing_is_not_overwritten(
    page: Page, first: str, monkeypatch
):
    real = Batch.flush
    looked_at: set[tuple[str, ...]] = set()
    for second in COMMANDS:
        waiting, done = [second], []

        def flush(batch, *, using="default", waiting=waiting, done=done):
            if waiting:
                name = waiting.pop()
                done += [name] if tried(COMMANDS[name][0], page, {}) is None else []
            return real(batch, using=using)

        with undone():
            monkeypatch.setattr(Batch, "flush", flush)
            done += [first] if tried(COMMANDS[first][0], page, {}) is None else []
            monkeypatch.setattr(Batch, "flush", real)
            assert waiting == []
            if tuple(done) not in looked_at:
                allowed(page, f"{second} giữa {first}", *TOUCHED)
            looked_at.add(tuple(done))


JOINT: dict[str, Callable[["Joint", datetime], object]] = {
    "answer": lambda j, now: services.joint_answer(
        actor=j.other.actor("tuan"), now=now, joint_id=j.joint_id, answer=WHY
    ),
    "assign": lambda j, now: services.joint_assign(
        actor=j.other.actor("tuan"), now=now, joint_id=j.joint_id,
        receiver=f"{j.other.people['lan']}:{j.other.units['PKH']}:specialist",
    ),
    "return": lambda j, now: services.outside_returned(
        actor=j.at.actor("toan"), now=now, run_id=j.run_id
    ),
    "withdraw": lambda j, now: services.case_withdraw(
        actor=j.at.actor("tuan"), now=now, case_id=j.case_id, reason=WHY
    ),
    "pause": lambda j, now: services.case_pause(
        actor=j.at.actor("toan"), now=now, case_id=j.case_id, kind="agency", reason=WHY
    ),
    "orphans": lambda j, now: services.joint_orphans_close(case_id=j.case_id, now=now),
}  # fmt: skip


@dataclass
class Joint:
    at: Office
    other: object
    case_id: int
    run_id: int
    joint_id: int


def test_both_agencies_of_a_joint_step_act_in_any_order(db):
    scene, other = department(), department(code="H99.30", name="Sở Xây dựng")
    at = with_procedure(scene, table=OPINION)
    case = at.accept(now=moment(10, 8))
    for node, who in (("b1", "tuan"), ("b2", "lan"), ("b3", "toan")):
        at.complete(case, node, by=who, now=moment(10, 9))
    run = at.run(case, "b4")
    pk = services.joint_open(actor=at.actor("toan"), now=moment(10, 10), run_id=run.pk)
    joint = Joint(at, other, case.pk, run.pk, pk)

    looked_at: set[tuple[str, ...]] = set()
    for first in JOINT:
        for second in JOINT:
            done = []
            with undone():
                for place, name in enumerate((first, second, "orphans")):
                    try:
                        with transaction.atomic():
                            JOINT[name](joint, moment(10, 14) + timedelta(minutes=place))
                    except Refusal as refusal:
                        assert refusal.message.endswith((".", "!"))
                    else:
                        done.append(name)
                row = JointStep.objects.select_related("run").get(pk=pk)
                assert row.state != "open" or row.run.closed_at is None, (first, second)
                if tuple(done) not in looked_at:
                    assert broken(*TOUCHED) == [], (first, second)
                looked_at.add(tuple(done))
