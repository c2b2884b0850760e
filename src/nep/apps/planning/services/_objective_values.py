"""Objectives are measured, recorded by hand, explained where missed, judged at the year's end."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction

from nep.apps.actions import services as actions
from nep.apps.organization.rules import Actor, may
from nep.apps.planning.models import Objective, ObjectiveValue
from nep.apps.planning.queries import PeriodLine, facts_of, measured, objective_lines
from nep.apps.planning.rules import measuring
from nep.apps.planning.rules import objectives as rules
from nep.apps.planning.services._objective_ground import item_renew, locked, stepped
from nep.foundation.files.services import store
from nep.foundation.journal import services as journal
from nep.kernel.decisions import require
from nep.kernel.errors import Refusal
from nep.kernel.text import clean
from nep.kernel.vietnamese import local

FILE_KINDS = ("pdf", "docx", "xlsx", "png", "jpg")
SETTLED_AFTER = timedelta(days=10)


class Act(NamedTuple):
    """An action to be taken because a period missed its target."""

    title: str
    owner_id: int
    due_on: date


class Proof(NamedTuple):
    """A file that shows a value."""

    name: str
    data: bytes


@transaction.atomic
def value_record(
    *, actor: Actor, objective_id: int, starts_on: date, value: Decimal, evidence: str,
    now: datetime, proof: Proof | None = None,
) -> None:  # fmt: skip
    """Write by hand what a period came to, with what shows it; again it replaces what was written.

    Raises Forbidden; NotFound; Refusal(see `decide_record`, "period_unknown", of the file).
    Source: TCVN ISO 9001:2015 điều 9.1.1.
    """
    require(may(actor, "objective.own"))
    row = locked(actor, objective_id)
    today = local(now).date()
    window = _window(row, starts_on)
    require(
        rules.decide_record(
            actor, facts_of(row), has_begun=window.has_begun(today), evidence=evidence,
            has_proof=proof is not None,
        ),
        kind=Refusal,
    )  # fmt: skip
    require(rules.decide_number(value, unit_word=row.unit_word, field="value"), kind=Refusal)
    if abs(value) >= 1_000_000_000:
        raise Refusal("value_large", "Giá trị lớn quá, hãy xem lại.", field="value")
    file_id = None
    if proof is not None:
        file_id = store(
            data=proof.data, name=proof.name, agency_id=row.agency_id, actor_id=actor.person_id,
            at=now, kinds=FILE_KINDS,
        ).id  # fmt: skip
    old = _keep(row, window, measuring.Measured(value), now, today, evidence=clean(evidence)[:1000],
                file_id=file_id, by_id=actor.person_id)  # fmt: skip
    _sum_up(row)
    item_renew(row, actor, now)
    said = f"{window.name}: {measuring.value_text(value, row.unit_word)}"
    stepped(actor, row, rules.RECORD, said, now, old={"value": old}, value=value)


def _window(row: Objective, starts_on: date) -> measuring.Window:
    for window in measuring.windows(row.year, row.frequency):
        if window.starts_on == starts_on:
            return window
    raise Refusal("period_unknown", "Hãy chọn một kỳ của mục tiêu.", field="period")


def _keep(
    row: Objective, window: measuring.Window, found: measuring.Measured, now: datetime,
    today: date, **more: object,
) -> Decimal | None:  # fmt: skip
    """Write the value of a period and return the one it replaces."""
    before = ObjectiveValue.objects.filter(objective=row, starts_on=window.starts_on).first()
    kept = before or ObjectiveValue(objective=row, starts_on=window.starts_on)
    old = before.value if before else None
    kept.ends_on, kept.value, kept.of, kept.url = window.ends_on, found.value, found.of, found.url
    kept.met = measuring.is_met(found.value, target=row.target, better=row.better)
    kept.final, kept.at, kept.evidence = window.has_ended(today), now, found.said
    for name, value in more.items():
        if value is not None or name != "file_id":
            setattr(kept, name, value)
    kept.save()
    return old


def _drop(row: Objective, window: measuring.Window) -> Decimal | None:
    """Take back what a period came to when its measure knows nothing of it any more; return it."""
    kept = ObjectiveValue.objects.filter(objective=row, starts_on=window.starts_on, by=None).first()
    if kept is None:
        return None
    kept.delete()
    return kept.value


def _sum_up(row: Objective, whole: Decimal | None = None) -> None:
    """Put the value of the year so far on an objective."""
    if whole is None:
        values = list(
            ObjectiveValue.objects.filter(objective=row)
            .order_by("starts_on").values_list("value", flat=True)
        )  # fmt: skip
        whole = measuring.whole(values, row.whole)
    row.value = whole
    met = None if whole is None else measuring.is_met(whole, target=row.target, better=row.better)
    row.met = met


@transaction.atomic
def value_explain(
    *, actor: Actor, objective_id: int, starts_on: date, cause: str, act: Act | None, now: datetime
) -> None:
    """Write why a period missed its target, and open the action against it.

    Without an action an earlier one of the objective must stand. Raises Forbidden; NotFound;
    Refusal(see `decide_explain`, "action_missing", of the action).
    Source: TCVN ISO 9001:2015 điều 9.1.3, 10.2.1.
    """
    require(may(actor, "objective.own"))
    row = locked(actor, objective_id)
    period = _period(row, starts_on, local(now).date())
    require(
        rules.decide_explain(actor, facts_of(row), period.told if period else None, cause=cause),
        kind=Refusal,
    )
    (line,) = objective_lines([row], agency_id=row.agency_id, today=local(now).date())
    if act is None and not any(one.state != "cancelled" for one in line.actions):
        raise Refusal(
            "action_missing", "Hãy ghi biện pháp: việc phải làm, ai làm, đến bao giờ.",
            rules.CLAUSE, field="title",
        )  # fmt: skip
    ObjectiveValue.objects.filter(objective=row, starts_on=starts_on).update(
        cause=clean(cause)[:1000], cause_by_id=actor.person_id
    )
    if act is not None:
        actions.action_open(
            actor=actor, agency_id=row.agency_id, origin=line.reference, title=act.title,
            owner_id=act.owner_id, unit_id=row.unit_id, due_on=act.due_on, now=now,
            clause="2015:6.2",
        )  # fmt: skip
    item_renew(row, actor, now)
    name = period.name if period else ""
    stepped(actor, row, rules.EXPLAIN, f"{name}: {clean(cause)}", now)


def _period(row: Objective, starts_on: date, today: date) -> PeriodLine | None:
    (line,) = objective_lines([row], agency_id=row.agency_id, today=today)
    return next((one for one in line.periods if one.starts_on == starts_on), None)


@transaction.atomic
def objective_judge(*, actor: Actor, objective_id: int, note: str, now: datetime) -> None:
    """Conclude on an objective's year by what was measured: met or not, computed and never typed.

    Raises Forbidden; NotFound; Refusal(see `decide_judge`, `missing`).
    Source: TCVN ISO 9001:2015 điều 6.2.2 e, 9.1.3 c.
    """
    require(may(actor, "objective.own"))
    row = locked(actor, objective_id)
    today = local(now).date()
    (line,) = objective_lines([row], agency_id=row.agency_id, today=today)
    told = [one.told for one in line.periods if one.has_begun]
    lacking = rules.missing(
        told, year=row.year, periods=len(line.periods), today=today, is_automatic=bool(row.measure)
    )
    require(rules.decide_judge(actor, facts_of(row), lacking), kind=Refusal)
    old = {"state": row.state}
    row.state, row.judged_by_id, row.judged_at = rules.JUDGED, actor.person_id, now
    row.judge_note = clean(note)[:1000]
    item_renew(row, actor, now)
    verdict = rules.verdict_name(row.met)
    stepped(actor, row, rules.JUDGE, f"{verdict}. {row.judge_note}".strip(), now, old=old,
            value=row.value, met=row.met)  # fmt: skip


def objective_measure(*, actor: Actor, objective_id: int, now: datetime) -> None:
    """Measure an objective from data at once. Raises Forbidden; NotFound; Refusal("by_hand")."""
    require(may(actor, "objective.manage"))
    with transaction.atomic():
        row = locked(actor, objective_id)
        if row.state != rules.APPROVED or not row.measure:
            raise Refusal("by_hand", "Mục tiêu này không tự đo lúc này.")
        _measure(row, now)


def objectives_measure(*, now: datetime, agency_ids: Iterable[int] = ()) -> int:
    """Measure every approved objective from data and ask for what people have to tell.

    Return how many objectives changed. Each is measured in a transaction of its own; again on the
    same day it changes nothing.
    """
    rows = Objective.objects.filter(state=rules.APPROVED)
    wanted = list(agency_ids)
    if wanted:
        rows = rows.filter(agency_id__in=wanted)
    changed = 0
    for objective_id in list(rows.order_by("id").values_list("id", flat=True)):
        with transaction.atomic():
            row = (
                Objective.objects.select_for_update(of=("self",))
                .filter(pk=objective_id, state=rules.APPROVED)
                .first()
            )
            changed += _measure(row, now) if row else False
    return changed


def _settled(row: Objective) -> set[date]:
    """Return the periods whose value was read long enough after their end to stay as it is."""
    rows = ObjectiveValue.objects.filter(objective=row, final=True)
    return {one.starts_on for one in rows if local(one.at).date() > one.ends_on + SETTLED_AFTER}


def _measure(row: Objective, now: datetime) -> bool:
    """Read what the measure tells of each period begun and of the year; say whether it changed."""
    today, before = local(now).date(), (row.value, row.item_id)
    values: dict[str, list[str | None]] = {}
    if row.measure:
        settled = _settled(row)
        for window in measuring.windows(row.year, row.frequency):
            if not window.has_begun(today) or window.starts_on in settled:
                continue
            found = measured(
                row.measure, agency_id=row.agency_id, since=window.starts_on,
                until=min(window.ends_on, today), unit_id=row.unit_id,
            )  # fmt: skip
            if found is None:
                if gone := _drop(row, window):
                    values[window.name] = [str(gone), None]
                continue
            old = _keep(row, window, found, now, today)
            if old != found.value:
                values[window.name] = [None if old is None else str(old), str(found.value)]
        whole = measured(
            row.measure, agency_id=row.agency_id, since=date(row.year, 1, 1),
            until=max(min(date(row.year, 12, 31), today), date(row.year, 1, 1)),
            unit_id=row.unit_id,
        )  # fmt: skip
        _sum_up(row, whole.value if whole else None)
    item_renew(row, None, now)
    if (row.value, row.item_id) == before and not values:
        return False
    row.changed_at, row.version = now, row.version + 1
    row.save()
    journal.record(
        actor_id=None, agency_id=row.agency_id, action="objective.measure",
        object_type="objective", object_id=row.id, at=now, old={"value": before[0]},
        new={"value": row.value, "periods": values},
    )  # fmt: skip
    return True
