"""Figures from roll-ups are the raw counts, whatever has been folded and whatever has not."""

from collections import Counter
from contextlib import suppress
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nep.apps.cases import services
from nep.apps.cases.models import (
    AgencyMonth,
    Case,
    CaseFact,
    CasePause,
    FactPending,
    FiguresState,
    StepMonth,
    StepRun,
)
from nep.apps.cases.queries import _rollups as rollups
from nep.apps.cases.queries import finished
from nep.apps.cases.rules import figures as rules
from nep.apps.cases.rules import statuses
from nep.apps.cases.services import _facts, figures
from nep.apps.cases.tests.scene import OPINION, Office, broken, moment, office, with_procedure
from nep.apps.cases.tests.test_random_lives import KINDS, MOVES, Life, helpful
from nep.foundation.db import doctor
from nep.kernel.errors import Refusal
from tests.standing import kept

ALL = (0, 999_999)
FIGURES = ("case_facts", "case_rollups")


def raw(agency_id: int) -> dict[str, Counter]:
    """Count the finished cases and their steps one by one, without facts and roll-ups."""
    found: dict[str, Counter] = {name: Counter() for name in ("word", "wait", "step", "person")}
    for case in Case.objects.filter(agency_id=agency_id, status__in=statuses.FINISHED):
        month = rules.month_of(case.finished_at)
        stopped = case.status in {statuses.WITHDRAWN, statuses.STOPPED}
        word = "stopped" if stopped else NAMES[case.on_time]
        found["word"][month, case.tthc_id, word] += 1
        asked = CasePause.objects.filter(case=case, kind="supplement").count()
        late = case.indicator_due_at is not None and case.finished_at > case.indicator_due_at
        found["wait"][month, "supplemented"] += asked > 0
        found["wait"][month, "late_by_indicator"] += not stopped and (asked > 1 or late)
        runs = StepRun.objects.filter(case=case, outcome__in=rules.COUNTED_OUTCOMES)
        for run in runs.filter(closed_at__lte=case.finished_at):
            found["step"][month, run.node, "steps"] += 1
            found["step"][month, run.node, "late"] += (
                bool(run.late) and run.limit_minutes is not None
            )
            found["step"][month, run.node, "used_minutes"] += run.used_minutes
            who = 0 if run.outside else run.closed_by_id or run.person_id or 0
            found["person"][month, who] += 1
    return {name: +counter for name, counter in found.items()}


NAMES = {"truoc": "before", "dung": "on_time", "": "undated", "tre": "late"}


def read(agency_id: int) -> dict[str, Counter]:
    """Return the same from the roll-ups and what they do not hold yet."""
    found: dict[str, Counter] = {name: Counter() for name in ("word", "wait", "step", "person")}
    asked = {"agencies": [agency_id], "months": ALL}
    for row in rolled(rollups.PROCEDURE, by=("month", "tthc_id"), **asked):
        for name in (*NAMES.values(), "stopped"):
            found["word"][row["month"], row["tthc_id"], name] += row[name]
    for row in rolled(rollups.AGENCY, by=("month",), **asked):
        for name in ("supplemented", "late_by_indicator"):
            found["wait"][row["month"], name] += row[name]
    for row in rolled(rollups.STEP, by=("month", "node"), **asked):
        for name in ("steps", "late", "used_minutes"):
            found["step"][row["month"], row["node"], name] += row[name]
    for row in rolled(rollups.PERSON, by=("month", "person_id"), **asked):
        found["person"][row["month"], row["person_id"]] += row["steps"]
    return {name: +counter for name, counter in found.items()}


def rolled(kind: rollups.Kind, *, by: tuple[str, ...], **asked) -> list[dict]:
    """Return the sums of a roll-up as rows by name."""
    names, found = rollups.counts(kind, by=by, **asked)
    return [dict(zip((*by, *names), (*key, *row), strict=True)) for key, row in found.items()]


def assert_parts_are_the_facts(kind: rollups.Kind, agency_id: int) -> None:
    """Hold a roll-up, by its whole key and by each part of it, against its facts added up here."""
    keys = [name for name, text in kind.keys.items() if not text.startswith("'")]
    columns = [*(kind.keys[name] for name in keys), *kind.measures.values()]
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(columns)} FROM {kind.source} "
            f"WHERE f.agency_id = {agency_id} AND {kind.given}"
        )
        facts = cursor.fetchall()
    for by in (keys, keys[1:], keys[2:], keys[:1], keys[:2], []):
        places = [keys.index(name) for name in by]
        counted: dict[tuple, list[int]] = {}
        for fact in facts:
            sums = counted.setdefault(tuple(fact[at] for at in places), [0] * len(kind.measures))
            for at, value in enumerate(fact[len(keys) :]):
                sums[at] += value
        names, found = rollups.counts(kind, by=by, agencies=[agency_id], months=ALL)
        assert names == tuple(kind.measures)
        assert found == {key: tuple(sums) for key, sums in counted.items()}, by


def agree(agency_id: int) -> None:
    """Hold reading against counting, every breakdown against the whole, and ask the doctor."""
    assert read(agency_id) == raw(agency_id)
    whole = rolled(rollups.AGENCY, by=(), agencies=[agency_id], months=ALL)
    for kind in (rollups.PROCEDURE, rollups.UNIT, rollups.FIELD, rollups.CHANNEL):
        assert rolled(kind, by=(), agencies=[agency_id], months=ALL) == whole
    for kind in rollups.KINDS:
        assert_parts_are_the_facts(kind, agency_id)
    for row in whole:
        parts = ("before", "on_time", "undated", "late", "stopped")
        assert row["ended"] == sum(row[name] for name in parts)
        assert sum(row[f"b{n:02d}"] for n in range(16)) == row["ended"] - row["stopped"]
    assert broken(*FIGURES) == []


@pytest.fixture
def offices(db) -> list[Office]:
    """One department with a permit and a request for opinions, their waiting counted unlike."""
    first = office(policy="stop")
    return [first, with_procedure(first.scene, table=OPINION, policy="restart", code="1.000777")]


@given(
    lives=st.lists(
        st.tuples(st.integers(0, 1), st.integers(0, 14), st.lists(MOVES, max_size=14)),
        min_size=1, max_size=4,
    ),
    folds=st.lists(st.integers(0, 3), max_size=12),
)  # fmt: skip
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_after_every_finish_and_every_fold_the_figures_are_the_raw_count(offices, lives, folds):
    agency_id = offices[0].scene.agency_id
    with transaction.atomic():
        for which, day, moves in lives:
            at = offices[which]
            start = moment(11, 9, 30) + timedelta(days=day)
            life = Life(at, at.accept(now=start), start)
            for move in moves:
                life.now += timedelta(minutes=move.wait)
                with suppress(Refusal):
                    KINDS[move.kind](life, helpful(life, move))
                    life.case.refresh_from_db()
            agree(agency_id)
            if folds:
                figures.figures_fold(now=life.now, limit=1 + folds.pop())
                agree(agency_id)
        figures.figures_rebuild(now=moment(31, 8))
        agree(agency_id)
        transaction.set_rollback(True)


def build_three(at: Office) -> list[Case]:
    """Finish three cases: in time, late, withdrawn."""
    start = moment(11, 8)
    made = [at.accept(now=start) for _ in range(3)]
    at.walk(made[0], "b5", now=start + timedelta(hours=1))
    at.walk(made[1], "b5", now=start + timedelta(days=19))
    services.case_withdraw(
        actor=at.actor("tuan"), now=start + timedelta(days=2), case_id=made[2].pk,
        reason="Người nộp xin rút.",
    )  # fmt: skip
    return made


three = kept(build_three, on=office)


def test_a_fact_says_what_happened_and_who_took_too_long(at: Office, three):
    early, late, withdrawn = (CaseFact.objects.get(pk=case.pk) for case in three)

    assert (early.word, early.month, early.steps, early.steps_late) == ("truoc", 202612, 4, 0)
    assert early.unit_id == at.scene.units["MC"]
    assert (late.word, late.late_by_indicator) == ("tre", True)
    assert late.charged_node == "b1" and late.charged_person_id == at.scene.people["tuan"]
    assert (withdrawn.word, withdrawn.steps, withdrawn.charged_node) == ("rut", 0, "")


def test_handing_the_result_over_later_changes_no_figure(at: Office, three):
    before = read(at.scene.agency_id)

    at.complete(three[0], "b5", by="tuan", now=moment(31, 9))

    assert read(at.scene.agency_id) == before == raw(at.scene.agency_id)


def test_folding_twice_counts_once(at: Office, three):
    now = moment(30, 9)
    assert [figures.figures_fold(now=now, limit=2) for _ in range(3)] == [2, 1, 0]

    assert FactPending.objects.count() == 0
    assert sum(AgencyMonth.objects.values_list("ended", flat=True)) == 3
    agree(at.scene.agency_id)


def test_what_is_taken_back_leaves_no_trace_folded_or_not(at: Office, three):
    figures.figures_fold(now=moment(30, 9), limit=2)
    with transaction.atomic():
        _facts.facts_withdraw([case.pk for case in three])
    assert read(at.scene.agency_id) == {
        name: Counter() for name in ("word", "wait", "step", "person")
    }
    assert set(StepMonth.objects.values_list("steps", "used_minutes")) == {(0, 0)}

    with transaction.atomic():
        assert _facts.facts_put([case.pk for case in three]) == 3
    agree(at.scene.agency_id)


def test_a_step_taken_back_and_done_again_is_counted_once_with_the_whole_of_its_time(at: Office):
    case = twice_done(at)

    fact = CaseFact.objects.get(pk=case.pk)
    steps = finished.done_figures(agency_ids=[at.scene.agency_id], months=ALL, by="step")
    own = steps[at.tthc_id, case.content_hash, "b1"]

    assert (fact.steps, fact.reworks) == (4, 0)
    assert (own["steps"], own["used_minutes"], own["in_time"] + own["late"]) == (1, 180, 1)
    agree(at.scene.agency_id)


def twice_done(at: Office) -> Case:
    """Finish a case whose first step was taken back an hour after it was done in an hour."""
    case = twice_open(at)
    at.walk(case, "b5", now=moment(10, 10, 40))
    return case


def test_a_step_of_another_agency_is_no_persons_and_charged_to_nobody_here(db):
    at = office(table=OPINION)
    case = asked_outside(at, back=moment(30, 9))

    fact = CaseFact.objects.get(pk=case.pk)
    people = finished.done_figures(agency_ids=[at.scene.agency_id], months=ALL, by="person")
    months = (fact.month, fact.month)
    nobodys = finished.StepFilter(months=months, person_id=0)

    assert (fact.charged_node, fact.charged_person_id) == ("b4", None)
    assert people[(0,)]["steps"] == 1
    assert finished.done_count(agency_id=at.scene.agency_id, wanted=nobodys) == 1
    for (person_id,), row in people.items():
        wanted = finished.StepFilter(months=months, person_id=person_id)
        assert finished.done_count(agency_id=at.scene.agency_id, wanted=wanted) == row["steps"]
    agree(at.scene.agency_id)


def asked_outside(at: Office, *, back) -> Case:
    """Finish a case of which the fourth step was another agency's until it came `back`."""
    case = at.accept(now=moment(10, 8))
    for node, by in (("b1", "tuan"), ("b2", "lan"), ("b3", "toan")):
        at.complete(case, node, by=by, now=moment(10, 8, 20))
    run = at.run(case, "b4")
    assert run.outside
    by = at.actor(next(key for key, pk in at.scene.people.items() if pk == run.person_id))
    services.outside_handed(actor=by, now=moment(10, 9), run_id=run.pk, note="")
    services.outside_returned(actor=by, now=back, run_id=run.pk)
    at.complete(case, "b5", by="ha", now=back)
    return case


def test_older_figures_move_to_who_did_the_step(db):
    at = office(table=OPINION)
    done, open_ = asked_outside(at, back=moment(14, 9)), twice_open(at)
    run = StepRun.objects.get(case=done, outside=True)
    StepRun.objects.filter(pk=run.pk).update(outside=False)
    figures.figures_fold(now=moment(30, 9))
    StepRun.objects.filter(pk=run.pk).update(outside=True)
    was, now = StepRun.objects.filter(case=open_, node="b1").order_by("id")
    StepRun.objects.filter(pk=was.pk).update(outcome="done")
    StepRun.objects.filter(pk=now.pk).update(used_minutes=0, carried_minutes=now.used_minutes)
    migration = import_module("nep.apps.cases.migrations.0010_who_did_the_step")

    migration.count_once(apps, None)
    with connection.cursor() as cursor:
        migration.charge_nobody(apps, cursor)

    was, now = StepRun.objects.filter(case=open_, node="b1").order_by("id")
    assert (was.outcome, now.used_minutes, now.carried_minutes) == ("taken_back", 60, 0)
    agree(at.scene.agency_id)


def twice_open(at: Office) -> Case:
    """Return a case whose first step was taken back and is not done again."""
    case = at.accept(now=moment(10, 8))
    run = at.run(case, "b1")
    at.complete(case, "b1", by="tuan", now=moment(10, 9))
    services.step_recall(
        actor=at.actor("tuan"), now=moment(10, 10), run_id=run.pk, reason="Bấm nhầm, chưa xong"
    )
    return case


def test_cases_older_than_the_figures_are_counted_by_the_worker(at: Office, three):
    CaseFact.objects.all().delete()
    FactPending.objects.all().delete()
    FiguresState.objects.update_or_create(pk=1, defaults={"counted_to": 0})
    assert broken(*FIGURES) == []

    seen = [figures.figures_count_old(now=moment(30, 9), limit=2) for _ in range(4)]

    assert seen == [2, 1, 0, 0]
    agree(at.scene.agency_id)


def test_the_doctor_finds_a_missing_fact_and_a_wrong_sum_and_rebuilding_heals_both(
    at: Office, three
):
    figures.figures_fold(now=moment(30, 9))
    AgencyMonth.objects.update(late=7)
    CaseFact.objects.filter(pk=three[0].pk).delete()

    found = {one.code for _, found in doctor.examine() for one in found}
    made = figures.figures_rebuild(now=moment(30, 10))

    assert found >= set(FIGURES)
    assert (made.added, made.counted) == (1, 3)
    agree(at.scene.agency_id)


def test_the_doctor_finds_a_mark_of_no_fact(at: Office, three):
    FactPending.objects.create(case_id=7)

    found = [one for _, found in doctor.examine(parts=("case_rollups",)) for one in found]

    assert [one.message for one in found] == ["chờ cộng mà không có dòng số liệu"]


@pytest.mark.parametrize(
    ("counts", "percent", "span"),
    [
        ([0] * 16, 50, None),
        ([1] + [0] * 15, 50, rules.Span(0, 120)),
        ([5, 5] + [0] * 14, 50, rules.Span(0, 120)),
        ([5, 5] + [0] * 14, 51, rules.Span(120, 240)),
        ([9] + [0] * 14 + [1], 90, rules.Span(0, 120)),
        ([9] + [0] * 14 + [1], 91, rules.Span(43_200, None)),
    ],
)
def test_a_percentile_is_stated_with_the_bounds_it_lies_between(counts, percent, span):
    assert rules.percentile(counts, percent) == span


@pytest.mark.parametrize(
    ("minutes", "bucket"), [(0, 0), (120, 0), (121, 1), (480, 2), (43_200, 14), (43_201, 15)]
)
def test_a_bound_belongs_to_the_bucket_below_it(minutes, bucket):
    assert rules.bucket_of(minutes) == bucket
