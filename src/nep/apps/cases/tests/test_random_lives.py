"""Random lives of a case: what was refused left no trace, and what was done left every trace.

After each action the clocks are held against a ledger counted anew from the pauses, and history,
journal, work rows, progress and state against the rules that `nep doctor` knows of cases; after
each life, against all its rules. Each run of the suite draws new lives; `NEP_LIVES` sets how
many, `NEP_TEST_WHOLE` asks for 200.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from nep.apps.cases import services
from nep.apps.cases.models import (
    Case,
    CaseEvent,
    CaseExtension,
    CaseLink,
    CasePaper,
    CasePause,
    StepRun,
)
from nep.apps.cases.queries import plan as plan_for
from nep.apps.cases.queries._log import logged_events
from nep.apps.cases.rules import statuses
from nep.apps.cases.services import _standing, _steps
from nep.apps.cases.tests.scene import (
    OPINION,
    PERMIT,
    TOUCHED,
    Office,
    broken,
    moment,
    with_procedure,
)
from nep.apps.organization.rules import Actor
from nep.apps.organization.tests.scene import department
from nep.apps.procedures.rules.table import Table
from nep.apps.work import services as work
from nep.apps.work.models import UrgentSource, WorkItem
from nep.apps.workcal import queries as workcal
from nep.foundation.journal.models import JournalEntry
from nep.foundation.numbering.models import Book
from nep.foundation.outbox.models import QueueRow
from nep.kernel.errors import Refusal
from nep.worktime import Calendar
from tests.whole import IS_WHOLE

TABLES = (
    Case, StepRun, CaseEvent, CasePause, CasePaper, WorkItem, JournalEntry, QueueRow, Book,
    CaseExtension, CaseLink, UrgentSource,
)  # fmt: skip
LIVES = int(os.environ.get("NEP_LIVES", "200" if IS_WHOLE else "12"))
PEOPLE = ("tuan", "toan", "lan", "huy", "ha", "admin")
WAITS = (0, 7, 60, 300, 900, 3000)
MOVING, PAUSED = statuses.MOVING, statuses.ON_PAUSE
OPEN = MOVING | PAUSED


@dataclass(frozen=True)
class Move:
    """One thing somebody tries, after so many minutes. `by_holder` puts the step's holder in the
    place of `who`; `stale` acts on the first step, from an old page."""

    kind: str
    who: str
    wait: int
    pick: int
    words: str
    receiver: str
    by_holder: bool
    stale: bool


KINDS: dict[str, Callable[["Life", Move], object]] = {}
# Where each kind may begin and where it may lead; what is not here must have been refused.
MAY: dict[str, tuple[frozenset[int], frozenset[int]]] = {
    "complete": (MOVING | {statuses.DONE}, MOVING | {5, statuses.DONE, statuses.RETURNED}),
    "claim": (OPEN | {statuses.DONE}, OPEN | {statuses.DONE}),
    "hand_over": (OPEN | {statuses.DONE}, OPEN | {statuses.DONE}),
    "pause": (MOVING, frozenset({6, 11})),
    "supplement": (MOVING, frozenset({5})),
    "resume": (PAUSED, frozenset({statuses.RUNNING})),
    "refuse": (MOVING, frozenset({statuses.DONE})),
    "withdraw": (OPEN, frozenset({statuses.WITHDRAWN})),
    "recall": (MOVING, frozenset({statuses.RUNNING})),
    "extend": (MOVING, MOVING),
    "urgent": (OPEN, OPEN),
    "stop": (OPEN, frozenset({statuses.STOPPED})),
    "link": (frozenset(statuses.STATUS_NAMES), frozenset(statuses.STATUS_NAMES)),
    "give": (frozenset({statuses.DONE}), frozenset({statuses.RETURNED})),
    "outside": (MOVING, MOVING),
    "paper": (frozenset(statuses.STATUS_NAMES), frozenset(statuses.STATUS_NAMES)),
}  # fmt: skip


def kind(name: str):
    def keep(function):
        KINDS[name] = function
        return function

    return keep


@dataclass
class Life:
    """A case and the time it is."""

    at: Office
    case: Case
    now: datetime
    other: str = ""

    def runs(self) -> list[StepRun]:
        return list(StepRun.objects.filter(case=self.case).order_by("id"))

    def run(self, move: Move) -> StepRun:
        runs = self.runs()
        open_runs = [run for run in runs if run.closed_at is None]
        if move.stale or not open_runs:
            return runs[0]
        return open_runs[move.pick % len(open_runs)]

    def base(self, move: Move) -> dict:
        return {"actor": self.at.scene.actor(move.who, now=self.now), "now": self.now}


@kind("complete")
def complete(life: Life, move: Move):
    run = life.run(move)
    ways = plan_for(life.case.content_hash).steps[run.node].ways
    flow = ways[move.pick // 2 % len(ways)].flow if len(ways) > 1 else None
    act = services.outside_returned if run.outside else services.step_complete
    return act(
        **life.base(move), run_id=run.pk, outcome=None if move.pick % 9 == 0 else flow,
        note=move.words, receiver_id=life.at.scene.people.get(move.receiver),
    )  # fmt: skip


@kind("claim")
def claim(life: Life, move: Move):
    return work.item_claim(**life.base(move), item_id=life.run(move).item_id)


@kind("hand_over")
def hand_over(life: Life, move: Move):
    receiver = move.receiver or "huy"
    return work.item_hand_over(
        **life.base(move), item_id=life.run(move).item_id,
        receiver_id=life.at.scene.people[receiver], reason=move.words,
    )  # fmt: skip


@kind("pause")
def pause(life: Life, move: Move):
    kinds = ("agency", "payment", "force_majeure", "supplement")
    return services.case_pause(
        **life.base(move), case_id=life.case.pk, kind=kinds[move.pick % 4], reason=move.words
    )


@kind("supplement")
def supplement(life: Life, move: Move):
    return services.case_supplement_request(
        **life.base(move), case_id=life.case.pk, reason=move.words
    )


@kind("resume")
def resume(life: Life, move: Move):
    act = services.case_resume if move.pick % 2 else services.case_supplement_received
    return act(**life.base(move), case_id=life.case.pk)


@kind("refuse")
def refuse(life: Life, move: Move):
    return services.case_refuse(**life.base(move), case_id=life.case.pk, reason=move.words)


@kind("withdraw")
def withdraw(life: Life, move: Move):
    return services.case_withdraw(**life.base(move), case_id=life.case.pk, reason=move.words)


@kind("give")
def give(life: Life, move: Move):
    return services.result_returned(**life.base(move), case_id=life.case.pk)


@kind("outside")
def outside(life: Life, move: Move):
    return services.outside_handed(**life.base(move), run_id=life.run(move).pk)


@kind("paper")
def paper(life: Life, move: Move):
    return services.paper_add(**life.base(move), case_id=life.case.pk, name=move.words)


@kind("recall")
def recall(life: Life, move: Move):
    closed = [run for run in life.runs() if run.closed_at is not None]
    run = closed[-1 - move.pick % 3 % len(closed)] if closed else life.run(move)
    return services.step_recall(**life.base(move), run_id=run.pk, reason=move.words)


@kind("extend")
def extend(life: Life, move: Move):
    day = (life.now + timedelta(days=10 + move.pick)).date()
    return services.case_extend(
        **life.base(move), case_id=life.case.pk, new_on=day, reason=move.words
    )


@kind("urgent")
def urgent(life: Life, move: Move):
    return services.case_urgent_set(
        **life.base(move), case_id=life.case.pk, urgent=move.pick % 2 == 0, reason=move.words
    )


@kind("stop")
def stop(life: Life, move: Move):
    return services.case_stop(**life.base(move), case_id=life.case.pk, reason=move.words)


@kind("link")
def link(life: Life, move: Move):
    code = life.case.code if move.pick % 3 == 0 else life.other
    return services.case_link(
        **life.base(move), case_id=life.case.pk, code=code, kind="follows", note=move.words
    )


def often(common, *rare, times: int = 6):
    """Draw mostly the common one."""
    return st.sampled_from([common] * times + list(rare))


MOVES = st.builds(
    Move,
    kind=st.sampled_from(
        [*KINDS, *["complete"] * 14, *["resume"] * 4, *["recall"] * 5, "pause", "supplement"]
    ),
    who=st.sampled_from(PEOPLE),
    wait=st.sampled_from(WAITS),
    pick=st.integers(0, 99),
    words=often("Người nộp chưa ký đơn", "", "ừ"),
    receiver=often("", *PEOPLE, times=12),
    by_holder=often(True, False, times=4),
    stale=often(False, True, times=9),
)


@pytest.fixture
def offices(db) -> dict[tuple[str, str], Office]:
    """One department with a permit and a request for opinions, under each policy for pauses."""
    scene, made = department(), {}
    tables: dict[str, Table] = {"permit": PERMIT, "opinion": OPINION}
    for number, (name, policy) in enumerate(
        (name, policy) for name in tables for policy in ("stop", "restart", "none")
    ):
        made[name, policy] = with_procedure(
            scene, table=tables[name], policy=policy, code=f"1.00000{number}"
        )
    return made


def plain(kind_and_wait: tuple[str, int]) -> Move:
    """Return a move of whoever holds the step, after so many minutes."""
    kind, wait = kind_and_wait
    return Move(kind, "tuan", wait, 0, "Người nộp chưa ký đơn", "", by_holder=True, stale=False)


_WITHDRAWN_PAUSED = (("complete", 0), ("complete", 0), ("supplement", 60), ("withdraw", 0))
_GIVEN_AT_ONCE = [
    replace(plain(("complete", 0)), pick=pick) for pick in (0, 0, 1, 0, 0)
]  # fmt: skip


@pytest.fixture
def remembering(monkeypatch) -> Iterator[None]:
    """Let a step leave its case as a committed one does, and hold what was left to the database."""
    used: Counter[str] = Counter()

    def held(*, actor: Actor, run_id: int) -> _standing.Standing | None:
        at = _standing.left(actor=actor, run_id=run_id)
        if at is not None:
            now = _standing.standing(actor=actor, run_id=run_id)
            assert now == at or now.version > at.version, "đổi mà không tăng phiên bản"
            used["same" if now == at else "older"] += 1
        return at

    monkeypatch.setattr(_steps, "left", held)
    monkeypatch.setattr(_steps, "_is_committed", lambda: True)
    yield
    assert used["same"]


@given(
    table=st.sampled_from(["permit", "opinion"]),
    policy=st.sampled_from(["stop", "restart", "none"]),
    hour=st.sampled_from([8, 11, 15, 16]),
    moves=st.lists(MOVES, min_size=4, max_size=24),
)
@example(table="permit", policy="restart", hour=8, moves=[*map(plain, _WITHDRAWN_PAUSED)])
@example(table="permit", policy="stop", hour=8, moves=_GIVEN_AT_ONCE)
@settings(
    max_examples=LIVES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_is_refused_leaves_nothing_and_what_is_done_leaves_every_trace(
    offices, remembering, table, policy, hour, moves
):
    at = offices[table, policy]
    with transaction.atomic():
        start = moment(11, hour, 30)
        life = Life(at, at.accept(now=start), start, at.accept(now=start).code)
        known = snapshot()
        for move in moves:
            known = live(life, helpful(life, move), known)
        assert broken() == []
        transaction.set_rollback(True)


def helpful(life: Life, move: Move) -> Move:
    """Let the holder act, or one who may take the step, so that lives get somewhere."""
    if not move.by_holder:
        return move
    run = life.run(move)
    names = {key: name for name, key in life.at.scene.people.items() if name in PEOPLE}
    takers = {"specialist": "lan", "reception": "tuan", "unit_head": "toan", "leader": "ha"}
    holder = names.get(run.person_id or 0, takers[run.role])
    if move.kind == "recall":
        done = [one for one in life.runs() if one.closed_at is not None]
        return replace(move, who=names.get(done[-1].closed_by_id, holder) if done else holder)
    doers = {"withdraw": "tuan", "give": "tuan", "urgent": "ha", "stop": "ha"}
    return replace(move, who=doers.get(move.kind, holder))


def live(life: Life, move: Move, before: dict[str, list]) -> dict[str, list]:
    """Try one action and hold everything against it; return what stands then."""
    life.now += timedelta(minutes=move.wait)
    if life.now == life.case.finished_at:  # nothing is given in the instant in which it is ready
        life.now += timedelta(minutes=1)
    status, logged = life.case.status, logged_events(life.case.pk)
    try:
        KINDS[move.kind](life, move)
    except Refusal as refusal:
        assert refusal.message.endswith((".", "!")), refusal.message
        assert snapshot() == before, f"từ chối mà vẫn đổi dữ liệu: {move} {refusal.message}"
        return before
    life.case.refresh_from_db()
    begins, ends = MAY[move.kind]
    assert status in begins and life.case.status in ends, (move, status, life.case.status)
    after = snapshot()
    assert len(after["JournalEntry"]) > len(before["JournalEntry"])
    told = logged_events(life.case.pk)
    assert len(told) > len(logged) and told[: len(logged)] == logged
    for name in ("JournalEntry", "CaseEvent"):
        assert after[name][: len(before[name])] == before[name]
    assert broken(*TOUCHED) == []
    assert clocks(life) == counted(life), move
    return after


def snapshot() -> dict[str, list]:
    return {table.__name__: list(table.objects.order_by("pk").values_list()) for table in TABLES}


def clocks(life: Life) -> dict[int, int]:
    """Return the minutes each step has used as the rows tell it, up to now."""
    calendar = workcal.calendar_for(life.case.agency_id)
    return {
        run.pk: run.used_minutes + gone(calendar, run.running_since, life.now)
        for run in life.runs()
    }


def counted(life: Life) -> dict[int, int]:
    """Return the same, counted anew from openings, pauses and closings."""
    calendar = workcal.calendar_for(life.case.agency_id)
    stops = CasePause.objects.filter(case=life.case).exclude(policy="none").order_by("started_at")
    resumed = {one.at for one in logged_events(life.case.pk) if one.kind == "resumed"}
    found = {}
    for run in life.runs():
        if run.outcome == "recalled":  # taken back: its time is charged to the step before
            found[run.pk] = 0
            continue
        end = run.closed_at or life.now
        since, minutes = run.opened_at, 0
        for one in life.runs():  # goes on where the run that its doer took back had stopped
            if (one.outcome, one.node, one.closed_at) == ("taken_back", run.node, run.opened_at):
                minutes = found[one.pk] if one.pk < run.pk else minutes
        for stop in stops:
            until = stop.ended_at or end
            if stop.started_at > end or (stop.ended_at and stop.ended_at < run.opened_at):
                continue
            minutes += gone(calendar, since, min(stop.started_at, end))
            since = max(until, run.opened_at)
            if stop.policy == "restart" and stop.ended_at in resumed and stop.ended_at <= end:
                minutes = 0  # what ends with the case does not begin anew
        found[run.pk] = minutes + gone(calendar, since, end)
    return found


def gone(calendar: Calendar, since: datetime | None, until: datetime) -> int:
    return calendar.measure(since, until) if since is not None and since < until else 0
