"""A calendar changed late: open dates are looked at, then counted anew, with a trace for each."""

import json
from datetime import timedelta

import pytest

from nep.apps.cases import queries, services
from nep.apps.cases.models import Case, CaseEvent, Reprojection, StepRun
from nep.apps.cases.services import _reprojection as parts
from nep.apps.cases.tests.scene import NOW, TOUCHED, Office, broken, moment, office
from nep.apps.work.models import Notice, WorkItem
from nep.apps.workcal import services as workcal
from nep.foundation.journal.models import JournalEntry
from nep.kernel.errors import Forbidden, Refusal
from tests.standing import kept

LATER = moment(11, 8)


def closed_on_the_14th(at: Office) -> None:
    workcal.day_rule_add(
        actor=at.actor("admin"), now=LATER, agency_id=at.scene.agency_id,
        on=moment(14, 0).date(), kind="holiday", name="Nghỉ bù theo thông báo muộn",
        reason="Thông báo 99/TB", notice="99/TB-BNV",
    )  # fmt: skip


def build_cases(at: Office) -> dict[str, Case]:
    """A moving case in its third step, one that waits, one finished, one due the same day."""
    made = {name: at.accept(now=moment(10, 8)) for name in ("moving", "waiting", "done", "first")}
    at.walk(made["moving"], "b3", now=moment(10, 8))
    at.walk(made["done"], "", now=moment(10, 8))
    services.case_supplement_request(
        actor=at.actor("tuan"), now=moment(10, 9), case_id=made["waiting"].pk,
        reason="Thiếu bản vẽ thiết kế",
    )  # fmt: skip
    return made


cases = kept(build_cases, on=office)


def begun(at: Office) -> int:
    return services.reprojection_start(
        actor=at.actor("admin"), now=LATER, reason="Thông báo 99/TB-BNV nghỉ bù"
    )


def run_through(reprojection_id: int, *, now=LATER) -> int:
    """Count one part after the other, as the worker does; return how many cases moved."""
    moved = services.reprojection_run(reprojection_id=reprojection_id, now=now)
    while Reprojection.objects.get(pk=reprojection_id).state != "done":
        moved = services.reprojection_run(reprojection_id=reprojection_id, now=now)
    return moved


def test_the_preview_tells_what_would_move_and_writes_nothing(at: Office, cases):
    before = list(Case.objects.order_by("pk").values())
    assert queries.reprojection_preview(actor=at.actor("admin")).moved == 0
    closed_on_the_14th(at)

    found = queries.reprojection_preview(actor=at.actor("admin"))

    assert {line.id for line in found.lines} == {cases["moving"].pk, cases["first"].pk}
    assert (found.open, found.moved, found.later, found.earlier) == (3, 2, 2, 0)
    line = next(one for one in found.lines if one.id == cases["moving"].pk)
    assert (line.old_due_at, line.new_due_at) == (moment(24, 17, 30), moment(25, 17, 30))
    assert [(step.number, step.new - step.old) for step in line.steps] == [(3, timedelta(days=1))]
    assert list(Case.objects.order_by("pk").values()) == before


def test_open_dates_move_with_a_trace_and_nothing_closed_does(at: Office, cases):
    frozen = list(Case.objects.filter(pk=cases["done"].pk).values())
    closed = list(StepRun.objects.exclude(closed_at=None).order_by("pk").values())
    closed_on_the_14th(at)

    pk = begun(at)
    assert run_through(pk, now=LATER) == 2
    assert run_through(pk, now=LATER) == 2  # a second run adds nothing

    moving = Case.objects.get(pk=cases["moving"].pk)
    assert (moving.result_due_at, moving.result_due_original) == (
        moment(25, 17, 30), moment(24, 17, 30),
    )  # fmt: skip
    event = CaseEvent.objects.get(case=moving, kind="reprojected")
    assert json.loads(event.data)["reason"].startswith("Thông báo 99/TB")
    assert list(Case.objects.filter(pk=cases["done"].pk).values()) == frozen
    assert list(StepRun.objects.exclude(closed_at=None).order_by("pk").values()) == closed
    assert CaseEvent.objects.filter(kind="reprojected").count() == 2
    told = Notice.objects.filter(key=f"tinh-lai:{pk}")
    assert {(one.person_id, one.text.split()[0]) for one in told} == {
        (at.scene.people["lan"], "1"), (at.scene.people["tuan"], "1"),
    }  # fmt: skip
    assert JournalEntry.objects.filter(action="case.reprojected").count() == 1
    assert broken(*TOUCHED) == []
    assert queries.reprojection_preview(actor=at.actor("admin")).moved == 0


def test_a_step_moves_with_its_work_item_and_the_case(at: Office):
    case = at.accept(now=moment(11, 16))
    run = at.run(case, "b1")
    assert run.due_at == moment(14, 10)
    closed_on_the_14th(at)

    run_through(begun(at), now=LATER)

    case.refresh_from_db()
    run.refresh_from_db()
    item = WorkItem.objects.get(pk=run.item_id)
    assert run.due_at == item.due_at == case.step_due_at == moment(15, 10)
    assert broken(*TOUCHED) == []


def test_a_counting_killed_halfway_goes_on_and_tells_each_case_once(at: Office, cases, monkeypatch):
    closed_on_the_14th(at)
    pk = begun(at)
    monkeypatch.setattr(parts, "PORTION", 1)
    real, seen = parts._portion, []

    def killed(row, now):
        if len(seen) == 2:
            raise KeyboardInterrupt
        seen.append(row.cursor)
        return real(row, now)

    monkeypatch.setattr(parts, "_portion", killed)
    with pytest.raises(KeyboardInterrupt):
        run_through(pk, now=LATER)
    half = Reprojection.objects.get(pk=pk)
    assert (half.state, half.seen) == ("waiting", 2)
    monkeypatch.setattr(parts, "_portion", real)

    run_through(pk, now=LATER)

    row = Reprojection.objects.get(pk=pk)
    assert (row.state, row.seen, row.moved) == ("done", 3, 2)
    assert CaseEvent.objects.filter(kind="reprojected").count() == 2
    assert broken(*TOUCHED) == []


def test_an_extension_moves_on_with_the_calendar(at: Office):
    case = at.accept(now=moment(10, 8))
    services.case_extend(
        actor=at.actor("tuan"), now=moment(10, 9), case_id=case.pk, new_on=moment(28, 0).date(),
        reason="Chờ ý kiến của Bộ",
    )  # fmt: skip
    closed_on_the_14th(at)

    run_through(begun(at), now=LATER)

    case.refresh_from_db()
    assert (case.result_due_at, case.indicator_due_at) == (moment(29, 17, 30), moment(25, 17, 30))
    assert broken(*TOUCHED) == []


def test_one_at_a_time_by_who_keeps_the_calendar(at: Office, cases):
    with pytest.raises(Forbidden):
        services.reprojection_start(actor=at.actor("lan"), now=NOW, reason="Thông báo 99/TB")
    begun(at)
    with pytest.raises(Refusal, match="Đang tính lại hạn"):
        begun(at)


def test_who_moves_a_case_at_that_moment_is_not_overwritten(at: Office, cases, monkeypatch):
    closed_on_the_14th(at)
    pk, real = begun(at), parts._write

    def meanwhile(row, move, now):
        monkeypatch.setattr(parts, "_write", real)
        at.complete(cases["first"], "b1", by="tuan", now=LATER + timedelta(minutes=5))
        return real(row, move, now)

    monkeypatch.setattr(parts, "_write", meanwhile)
    run_through(pk, now=LATER + timedelta(minutes=5))

    first = Case.objects.get(pk=cases["first"].pk)
    assert (first.step_node, first.result_due_at) == ("b2", moment(25, 17, 30))
    assert broken(*TOUCHED) == []
