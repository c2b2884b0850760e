"""The chance to be late as the worker tells it: thin, told, told anew, forgotten."""

import random
from datetime import timedelta

from nep.apps.cases.models import Case, CaseFact, StepRun
from nep.apps.cases.queries.likelihood import finished_history
from nep.apps.cases.services import likelihood
from nep.apps.cases.services.likelihood import likelihood_fit, likelihood_round, likelihood_tell
from nep.apps.cases.tests.scene import Office, office
from nep.apps.organization.tests.scene import NOW
from nep.apps.work import queries as work
from nep.apps.work.models import Chance, Forecast
from nep.apps.workcal import queries as workcal
from nep.foundation.db import new_id
from tests.standing import kept

NODES = ("b1", "b2", "b3", "b4")


def history(at, count: int, *, seed: int = 5, tells: bool = True) -> None:
    """Copy one finished case many times, its times drawn anew; where `tells` is off, being late
    has nothing to do with how long the steps took."""
    rng = random.Random(seed)
    model = at.accept()
    at.walk(model, "b5")
    model.refresh_from_db()
    runs = list(StepRun.objects.filter(case=model, node__in=NODES).order_by("id"))
    fact = CaseFact.objects.get(case=model)
    cases, steps, facts = [], [], []
    calendar = workcal.calendar_for(at.scene.agency_id)
    for number in range(count):
        pk, begun = new_id(), NOW - timedelta(days=300 - number)
        used = [int((run.limit_minutes or 60) * rng.lognormvariate(-0.3, 0.7)) for run in runs]
        promised = 1900 if tells else sum(used) + rng.choice((-200, 300, 300))
        finished = calendar.add_minutes(begun, sum(used))
        due = calendar.add_minutes(begun, max(1, promised))
        late = finished > due
        cases.append(_copy(model, id=pk, code=f"H-{number}", lookup_key=f"k{number}",
                           finished_at=finished, result_due_at=due,
                           on_time="tre" if late else "truoc"))  # fmt: skip
        facts.append(_copy(fact, case_id=pk, word="tre" if late else "truoc"))
        moment = begun
        for run, minutes in zip(runs, used, strict=True):
            end = calendar.add_minutes(moment, minutes)
            steps.append(_copy(run, id=new_id(), case_id=pk, opened_at=moment, closed_at=end,
                               used_minutes=minutes, item_id=None, token=0))  # fmt: skip
            moment = end
    Case.objects.bulk_create(cases)
    StepRun.objects.bulk_create(steps)
    CaseFact.objects.bulk_create(facts)


def _copy(row, **changes):
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return type(row)(**{**values, **changes})


def told(case) -> Chance:
    return Chance.objects.get(source_type="case", source_id=case.pk)


def test_without_history_the_case_says_so_instead_of_a_percentage(at):
    case = at.accept()

    assert likelihood_round(now=NOW) == 1

    assert told(case).percent is None
    assert told(case).why == likelihood.WHY_THIN
    assert Forecast.objects.get().state == "thin"


def test_a_history_that_teaches_nothing_gives_no_percentage(at):
    history(at, 160, tells=False)
    case = at.accept()

    assert likelihood_fit(agency_id=at.scene.agency_id, now=NOW) in ("weak", "good")
    forecast = Forecast.objects.get()
    Forecast.objects.update(state="weak", body={})
    likelihood_tell(agency_id=at.scene.agency_id, now=NOW)

    assert forecast.tested == 40
    assert told(case).percent is None
    assert told(case).why == likelihood.WHY_WEAK


def build_taught(at: Office):
    history(at, 240)
    assert likelihood_fit(agency_id=at.scene.agency_id, now=NOW) == "good"
    return at


taught = kept(build_taught, on=office)


def test_a_case_is_told_its_chance_and_the_reason(taught):
    ample, short = taught.accept(), taught.accept()
    Case.objects.filter(pk=short.pk).update(
        result_due_at=workcal.calendar_for(taught.scene.agency_id).add_minutes(NOW, 1200)
    )

    assert likelihood_round(now=NOW) == 2

    assert told(ample).percent < told(short).percent
    assert told(short).after <= told(short).percent
    assert told(short).why.startswith("Còn 2 ngày 4 giờ làm việc; các bước còn lại thường mất ")
    facts = work.forecast_of(agency_id=taught.scene.agency_id, source_type="case")
    assert facts.brier < facts.base


def test_only_what_changed_is_told_again_and_what_ended_is_forgotten(taught):
    first, second = taught.accept(), taught.accept()
    assert likelihood_tell(agency_id=taught.scene.agency_id, now=NOW, limit=1) == 1
    assert likelihood_round(now=NOW) == 1
    assert likelihood_round(now=NOW) == 0
    before = told(first)

    end = taught.walk(first, "b3")
    assert likelihood_round(now=end) == 1
    after = told(first)
    later = end + timedelta(hours=3)
    assert likelihood_round(now=later) == 2
    taught.complete(first, "b3", by="lan", outcome="f-re-b3", now=later)
    taught.complete(first, "b4", by="ha", now=later)
    likelihood_round(now=later)

    assert after.mark > before.mark
    assert list(Chance.objects.values_list("source_id", flat=True)) == [second.pk]


def test_a_pause_in_the_history_counts_neither_as_used_nor_as_left(at):
    history(at, 3)
    calendar = workcal.calendar_for(at.scene.agency_id)
    plain = finished_history(agency_id=at.scene.agency_id, calendar=calendar)

    Case.objects.filter(code__startswith="H-").update(
        accepted_at=NOW - timedelta(days=900), received_at=NOW - timedelta(days=900)
    )

    assert finished_history(agency_id=at.scene.agency_id, calendar=calendar) == plain


def test_what_to_do_next_begins_with_what_is_late_then_with_what_helps_most(taught):
    cases = [taught.accept() for _ in range(3)]
    calendar = workcal.calendar_for(taught.scene.agency_id)
    for case, minutes in zip(cases, (6000, 1400, 1500), strict=True):
        Case.objects.filter(pk=case.pk).update(result_due_at=calendar.add_minutes(NOW, minutes))
    likelihood_round(now=NOW)
    taught_by = {case.pk: told(case).percent - told(case).after for case in cases}
    actor = taught.actor("tuan")

    fresh = work.next_items(actor=actor, now=NOW)
    overdue = work.next_items(actor=actor, now=NOW + timedelta(days=2), limit=9)

    gains = [taught_by[int(item.link.strip("/").split("/")[-1])] for item in fresh]
    assert gains == sorted(gains, reverse=True)
    assert "khả năng trễ của hồ sơ giảm từ" in fresh[0].why
    assert all(item.is_late for item in overdue)
    assert len(overdue) == 3
