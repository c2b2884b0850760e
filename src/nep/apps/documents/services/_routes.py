"""Routes of approval: laid while a draft, followed step by step, people replaced with a reason."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db import transaction

from nep.apps.documents import queries, rules
from nep.apps.documents.models import Revision, RoutePerson, RouteStep, RouteTemplate
from nep.apps.documents.services._history import history_note
from nep.apps.documents.services._life_items import STEP_SOURCE, item_for, items_end
from nep.apps.documents.services._life_rows import journal, locked, standing
from nep.apps.organization.queries import person_names
from nep.apps.organization.rules import Actor, may
from nep.apps.workcal.queries import calendar_for
from nep.foundation.journal.services import record
from nep.kernel.decisions import require
from nep.kernel.errors import Conflict, NotFound, Refusal
from nep.kernel.text import clean
from nep.kernel.vietnamese import local


def route_lay(
    *, actor: Actor, revision_id: int, steps: Sequence[rules.Step], now: datetime
) -> None:
    """Give a draft its own route; no steps take the way of its kind again.

    Raises Refusal("revision_locked", "route_unfit").
    """
    require(may(actor, "document.draft"))
    with transaction.atomic():
        row = locked(actor, revision_id)
        require(rules.decide_edit(row.state), kind=Refusal)
        _require_fit(row, steps, now)
        _write(row, steps)
        journal(actor, row, "route.laid", now, new=_plain(steps))


def route_template_save(
    *,
    actor: Actor,
    kind: str,
    steps: Sequence[rules.Step],
    expected_version: int,
    now: datetime,
) -> None:
    """Set the usual route of a kind in the actor's agency; without steps there is none.

    `expected_version` is 0 for a kind without a template. Raises Conflict("template_changed"),
    Refusal("kind_unknown", "route_unfit").
    """
    require(may(actor, "document.manage"))
    if kind not in rules.KIND_NAMES or kind == rules.PROCEDURE:
        raise Refusal("kind_unknown", "Hãy chọn loại tài liệu trong danh sách.", field="kind")
    require(rules.decide_steps(steps), kind=Refusal)
    _require_able(actor.agency_id, steps, local(now).date())
    with transaction.atomic():
        row, _made = RouteTemplate.objects.select_for_update().get_or_create(
            agency_id=actor.agency_id, kind=kind, defaults={"version": 0}
        )
        if row.version != expected_version:
            raise Conflict(
                "template_changed",
                "Có người vừa sửa tuyến duyệt của loại này. Hãy tải lại trang.",
            )
        old, row.steps, row.version = row.steps, _plain(steps), row.version + 1
        row.save(update_fields=["steps", "version"])
        record(
            actor_id=actor.person_id, agency_id=actor.agency_id, action="route_template.saved",
            object_type="route_template", object_id=row.id, at=now, old=old, new=row.steps,
        )  # fmt: skip


def asked_replace(
    *, actor: Actor, route_person_id: int, person_id: int, reason: str, now: datetime
) -> None:
    """Ask somebody else in the place of a person who has not answered, as when one has left.

    Raises NotFound, Forbidden, Refusal("reason_missing", "route_unfit", "already_asked").
    """
    reason = clean(reason)
    with transaction.atomic():
        asked = (
            RoutePerson.objects.select_related("step")
            .filter(pk=route_person_id, step__revision__agency_id=actor.agency_id)
            .first()
        )
        if asked is None:
            raise NotFound()
        row = locked(actor, asked.step.revision_id)
        known = standing(row)
        if actor.person_id not in known.author_ids:
            require(may(actor, "document.manage"))
        if not reason:
            raise Refusal("reason_missing", "Hãy ghi lý do đổi người.", field="reason")
        lines = queries.route(revision_id=row.id, is_running=_is_running(row))
        line = next(one for one in lines if one.id == asked.step_id)
        if line.state == "done" or (line.state == "now" and not _pends(line, route_person_id)):
            raise Refusal("already_answered", "Người này đã cho ý kiến nên không đổi được.")
        if person_id in {one.person_id for one in line.people}:
            raise Refusal("already_asked", "Người được chọn đã có trong bước này.", field="person")
        steps = tuple(_as_step(one, asked.person_id, person_id, line.id) for one in lines)
        _require_fit(row, steps, now, trusted={one.person_id for x in lines for one in x.people})
        old_id, asked.person_id = asked.person_id, person_id
        asked.save(update_fields=["person"])
        names = person_names([old_id, person_id])
        history_note(
            row, rules.REASSIGNED, actor=actor, now=now,
            note=f"{names.get(old_id, '')} → {names.get(person_id, '')}: {reason}",
        )  # fmt: skip
        journal(actor, row, "route.person_replaced", now, old=old_id, new=person_id, reason=reason)
        if line.state == "now":
            items_end(STEP_SOURCE, [asked.id], at=now, by_id=actor.person_id)
            _ask(row, line.part, asked.id, person_id, line.due_on, now, note=reason)


def asked_handed_over(*, route_person_id: int, person_id: int, reason: str, now: datetime) -> None:
    """Follow a work item that was handed over to somebody else: that person is asked now.

    Raises Refusal("already_asked", "route_unfit"); call it in the transaction of the hand-over.
    """
    asked = RoutePerson.objects.select_related("step").filter(pk=route_person_id).first()
    if asked is None:
        return
    row = Revision.objects.select_for_update().get(pk=asked.step.revision_id)
    lines = queries.route(revision_id=row.id)
    line = next(one for one in lines if one.id == asked.step_id)
    if person_id in {one.person_id for one in line.people}:
        raise Refusal("already_asked", "Người được chọn đã có trong bước này.", field="receiver")
    steps = tuple(_as_step(one, asked.person_id, person_id, line.id) for one in lines)
    _require_fit(row, steps, now, trusted={one.person_id for x in lines for one in x.people})
    names = person_names([asked.person_id, person_id])
    said = f"{names.get(asked.person_id, '')} → {names.get(person_id, '')}: {reason}"
    asked.person_id = person_id
    asked.save(update_fields=["person"])
    history_note(row, rules.REASSIGNED, actor=None, now=now, note=said)


def route_begin(
    row: Revision, *, checker_id: int | None, approver_id: int | None, now: datetime
) -> None:
    """Make sure a submitted revision has a route, and ask the people of its first step.

    Its own route goes before its kind's; without either the two people chosen make one. Every
    submission counts the days of a step anew; a day that was named stays unless it has passed.
    """
    lines = queries.route(revision_id=row.id, is_running=False)
    steps = tuple(_as_step(line) for line in lines)
    if not steps:
        steps = queries.route_template(agency_id=row.agency_id, kind=row.document.kind)
    if not steps:
        steps = (
            rules.Step(rules.CHECK, rules.ANY, (checker_id,) if checker_id else ()),
            rules.Step(rules.APPROVE, rules.ANY, (approver_id,) if approver_id else ()),
        )
        _require_chosen(checker_id, approver_id)
    steps = _dated(row.agency_id, steps, local(now).date())
    _require_fit(row, steps, now)
    _write(row, steps)
    step_ask(row, now=now)


def step_ask(row: Revision, *, now: datetime) -> None:
    """Ask the people of the step that waits now; nothing when the route is done."""
    line = current_step(row)
    if line is None:
        return
    for one in line.people:
        _ask(row, line.part, one.id, one.person_id, line.due_on, now)


def current_step(row: Revision) -> queries.RouteLine | None:
    """Return the step that waits now, or None."""
    lines = queries.route(revision_id=row.id)
    return next((line for line in lines if line.state == "now"), None)


def step_answered(line: queries.RouteLine, *, person_id: int, by_id: int, now: datetime) -> bool:
    """Close the item of who has answered; return True when the step is done by it."""
    asked = next(one for one in line.people if one.person_id == person_id)
    RoutePerson.objects.filter(pk=asked.id).update(decided_at=now)
    items_end(STEP_SOURCE, [asked.id], at=now, by_id=by_id, done_by=person_id)
    others = [one.id for one in line.people if one.is_pending and one.id != asked.id]
    if others and line.needs == rules.ALL:
        return False
    items_end(STEP_SOURCE, others, at=now, by_id=by_id)
    RouteStep.objects.filter(pk=line.id).update(done_at=now)
    return True


def route_stop(row: Revision, *, by_id: int, now: datetime) -> None:
    """Take back every question of a revision's route; it begins again from its first step."""
    asked = RoutePerson.objects.filter(step__revision_id=row.id)
    items_end(STEP_SOURCE, list(asked.values_list("id", flat=True)), at=now, by_id=by_id)
    asked.update(decided_at=None)
    RouteStep.objects.filter(revision_id=row.id).update(done_at=None)


def _ask(
    row: Revision,
    part: str,
    route_person_id: int,
    person_id: int,
    due_on: date | None,
    now: datetime,
    note: str = "",
) -> None:
    role, unit_id = queries.hat_of(
        person_id, permission=rules.PART_PERMISSIONS[part], agency_id=row.agency_id,
        today=local(now).date(),
    )  # fmt: skip
    item_for(
        row, person_id=person_id, verb=rules.PART_NAMES[part], label=rules.PART_NAMES[part],
        now=now, due_on=due_on, note=note or row.change_note,
        source=(STEP_SOURCE, route_person_id), role=role, unit_id=unit_id,
        link=_place_of(row, part),
    )  # fmt: skip


def _place_of(row: Revision, part: str) -> str:
    """Return the page that shows the whole of what is checked or approved, with the act below it."""
    place = {rules.CHECK: "kiem-tra", rules.APPROVE: "phe-duyet"}.get(part)
    if place is None or row.document.kind == rules.PROCEDURE:  # procedures have pages of their own
        return ""
    return f"/tai-lieu/ban/{row.id}/{place}/"


def _write(row: Revision, steps: Sequence[rules.Step]) -> None:
    RouteStep.objects.filter(revision_id=row.id).delete()
    for position, step in enumerate(steps, start=1):
        made = RouteStep.objects.create(
            revision_id=row.id,
            position=position,
            part=step.part,
            needs=step.needs,
            due_on=step.due_on,
            days=step.days,
        )
        for person_id in step.person_ids:
            RoutePerson.objects.create(step=made, person_id=person_id)


def _require_fit(
    row: Revision,
    steps: Sequence[rules.Step],
    now: datetime,
    trusted: Collection[int] = (),
) -> None:
    """Raise Refusal unless the route fits today; `trusted` people were judged before."""
    today = local(now).date()
    known = standing(row)
    able = queries.able_people(agency_id=row.agency_id, today=today)
    decision = rules.decide_route(
        steps,
        author_ids=known.author_ids,
        exceptions=known.exceptions,
        able={part: {*people, *trusted} for part, people in able.items()},
        names=person_names(id_ for step in steps for id_ in step.person_ids),
        today=today,
    )
    require(decision, kind=Refusal)


def _require_able(agency_id: int, steps: Sequence[rules.Step], today: date) -> None:
    able = queries.able_people(agency_id=agency_id, today=today)
    for number, step in enumerate(steps, start=1):
        if not set(step.person_ids) <= set(able[step.part]):
            raise Refusal(
                "route_unfit",
                f"Bước {number} có người hôm nay không có quyền "
                f"{rules.PART_NAMES[step.part].lower()}.",
                field="route",
            )


def _require_chosen(checker_id: int | None, approver_id: int | None) -> None:
    if not checker_id:
        raise Refusal("checker_missing", "Hãy chọn người kiểm tra.", field="checker")
    if not approver_id:
        raise Refusal("approver_missing", "Hãy chọn người phê duyệt.", field="approver")


def _dated(agency_id: int, steps: Sequence[rules.Step], today: date) -> tuple[rules.Step, ...]:
    """Return the steps with a due day each, counted from today where no day was named for it.

    A step whose named day has passed gets the usual days.
    """
    calendar = calendar_for(agency_id)
    dated, last = [], today
    for step in steps:
        if step.days is not None or step.due_on is None or step.due_on < today:
            days = step.days or rules.PLAIN_DAYS
            last = calendar.add_working_days(last, days)
            step = rules.Step(step.part, step.needs, step.person_ids, last, days)
        else:
            last = max(last, step.due_on)
        dated.append(step)
    return tuple(dated)


def _as_step(
    line: queries.RouteLine, old_id: int = 0, new_id: int = 0, step_id: int = 0
) -> rules.Step:
    """Return a line as a step; with `step_id`, one of that step's people exchanged."""
    people = tuple(
        new_id if line.id == step_id and one.person_id == old_id else one.person_id
        for one in line.people
    )
    return rules.Step(line.part, line.needs, people, None if step_id else line.due_on, line.days)


def _is_running(row: Revision) -> bool:
    return row.state in {rules.SUBMITTED, rules.CHECKED}


def _pends(line: queries.RouteLine, route_person_id: int) -> bool:
    return any(one.id == route_person_id and one.is_pending for one in line.people)


def _plain(steps: Sequence[rules.Step]) -> list[dict[str, object]]:
    return [
        {
            "part": step.part,
            "needs": step.needs,
            "person_ids": list(step.person_ids),
            "days": step.days,
            **({"due_on": str(step.due_on)} if step.due_on else {}),
        }
        for step in steps
    ]
