"""Timers, messages and people act on one case in any order, and between each other's reading and
writing: each thing happens once, and the doctor finds nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import transaction

from nep.apps.cases import services
from nep.apps.cases.models import Case, CaseMessage, CaseWait, FedSource, StepRun
from nep.apps.cases.services.messages import message_take
from nep.apps.cases.services.sources import source_create
from nep.apps.cases.tests.nets import GUARDED, RACE, in_force
from nep.apps.cases.tests.scene import TOUCHED, Office, broken, moment
from nep.apps.organization.tests.scene import department
from nep.foundation.db import Batch
from nep.kernel.errors import Refusal
from tests.standing import kept

WHY = "Lý do đủ rõ để người sau hiểu"
NOW = moment(10, 16)


@dataclass
class Desk:
    """Two cases: one before a guarded step with a timer beside it, one before a race."""

    guarded: Office
    race: Office
    step_case: int
    race_case: int
    run_id: int
    source_id: int

    def by(self, who: str) -> dict:
        return {"actor": self.guarded.actor(who), "now": NOW}


def build_desk() -> Desk:
    scene = department()
    guarded = in_force(scene, GUARDED, code="1.000930")
    race = in_force(scene, RACE, code="1.000931")
    cases = []
    for at in (guarded, race):
        case = at.accept(now=moment(10, 8), data={"han_cho": "2026-12-10T15:00:00"})
        at.complete(case, "b1", by="tuan", now=moment(10, 9))
        cases.append(case)
    run = StepRun.objects.get(case=cases[0], node="b2")
    key = source_create(actor=scene.actor("admin"), now=NOW, name="Hệ thống kia", way="api")
    return Desk(guarded, race, cases[0].pk, cases[1].pk, run.pk, key.source_id)


desk = kept(build_desk)
Command = Callable[[Desk], object]
COMMANDS: dict[str, Command] = {
    "fire": lambda d: services.timers_fire(now=NOW),
    "message": lambda d: message_take(
        source_id=d.source_id, now=NOW, case_code=Case.objects.get(pk=d.race_case).code,
        name="ket-qua-tham-tra", data={}, idempotency_key="mot-lan",
    ),
    "by_hand": lambda d: services.wait_end(
        **d.by("ha"), case_id=d.race_case, reason=WHY,
        wait_id=CaseWait.objects.filter(case_id=d.race_case, kind="timer").first().pk,
    ),
    "complete": lambda d: services.step_complete(**d.by("toan"), run_id=d.run_id),
    "error": lambda d: services.step_complete(
        **d.by("toan"), run_id=d.run_id, error="KHONG_VAO_DUOC", note=WHY
    ),
    "pause": lambda d: services.case_pause(
        **d.by("toan"), case_id=d.step_case, kind="agency", reason=WHY
    ),
    "resume": lambda d: services.case_resume(**d.by("toan"), case_id=d.step_case),
    "withdraw": lambda d: [
        services.case_withdraw(**d.by("tuan"), case_id=pk, reason=WHY)
        for pk in (d.step_case, d.race_case)
    ],
}  # fmt: skip


def tried(name: str, at: Desk) -> bool:
    try:
        with transaction.atomic():
            COMMANDS[name](at)
    except Refusal as refusal:
        assert refusal.message.endswith((".", "!")), refusal.message
        return False
    return True


def standing(at: Desk) -> tuple:
    """Return what tells one outcome from another."""
    cases = Case.objects.filter(pk__in=[at.step_case, at.race_case]).order_by("pk")
    return (
        tuple(cases.values_list("state", "status", "paused_since")),
        tuple(CaseWait.objects.order_by("pk").values_list("outcome", "fired", "due_at")),
        tuple(CaseMessage.objects.values_list("state", flat=True)),
    )


def fits(at: Desk, told: str, seen: set) -> None:
    """Hold that everything happened once at most, and that the doctor finds nothing."""
    assert all(row.fired <= 2 for row in CaseWait.objects.all()), told
    for case_id, most in ((at.step_case, 5), (at.race_case, 2)):
        assert StepRun.objects.filter(case_id=case_id).count() <= most, told
    where = standing(at)
    if where not in seen:
        assert broken(*TOUCHED) == [], told
    seen.add(where)


def test_any_two_after_each_other_leave_an_allowed_state(desk):
    seen: set = set()
    for first in COMMANDS:
        for second in COMMANDS:
            with transaction.atomic():
                tried(first, desk)
                tried(second, desk)
                fits(desk, f"{first}, {second}", seen)
                transaction.set_rollback(True)


@pytest.mark.parametrize("first", ["complete", "error", "fire", "message"])
def test_what_comes_between_reading_and_writing_is_not_overwritten(desk, first, monkeypatch):
    real, seen = Batch.flush, set()
    for second in COMMANDS:
        waiting = [second]

        def flush(batch, *, using="default", waiting=waiting):
            if waiting:
                tried(waiting.pop(), desk)
            return real(batch, using=using)

        with transaction.atomic():
            monkeypatch.setattr(Batch, "flush", flush)
            tried(first, desk)
            monkeypatch.setattr(Batch, "flush", real)
            fits(desk, f"{second} giữa {first}", seen)
            transaction.set_rollback(True)


def test_a_round_that_comes_again_fires_what_a_lost_race_left(desk, monkeypatch):
    real, waiting = Batch.flush, [True]

    def flush(batch, *, using="default"):
        if waiting:
            waiting.pop()
            Case.objects.filter(pk=desk.step_case).update(version=99)
        return real(batch, using=using)

    monkeypatch.setattr(Batch, "flush", flush)
    lost = services.timers_fire(now=NOW)
    monkeypatch.setattr(Batch, "flush", real)
    again = services.timers_fire(now=NOW + timedelta(seconds=5))
    assert (lost, again) == (1, 1)
    assert FedSource.objects.count() == 1 and broken(*TOUCHED) == []
