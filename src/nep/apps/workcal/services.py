"""Changes of the calendar. Each asks the policy and is journaled; every process then recompiles."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from nep.apps.organization.rules import Actor, may
from nep.apps.workcal import queries, rules
from nep.apps.workcal.models import CalendarEdition, NoticedYear, OfficeHours, SpecialDay
from nep.apps.workcal.rules import Span
from nep.foundation.db import new_id
from nep.foundation.journal.services import record
from nep.kernel.decisions import require
from nep.kernel.errors import Conflict, NotFound, Refusal
from nep.kernel.text import clean


@transaction.atomic
def calendar_seed(*, years: Mapping[str, Mapping[str, Any]], now: datetime) -> int:
    """Load the shipped years (content of reference/calendar); return how many days changed.

    Repeating it changes nothing; days that a corrected release no longer names go, days that an
    agency entered itself are left alone.
    """
    changed = 0
    for content in years.values():
        NoticedYear.objects.update_or_create(
            year=content["year"],
            defaults={"notice": content["notice"], "source": content["source"]},
        )
        for day in content["days"]:
            changed += _seed_day(content, day)
        changed += _drop_national_days(content)
    if changed:
        record(
            actor_id=None, agency_id=None, action="calendar.seeded", object_type="calendar",
            object_id=0, at=now, new={"days": changed},
        )  # fmt: skip
        _renew()
    return changed


def _seed_day(content: Mapping[str, Any], day: Mapping[str, Any]) -> bool:
    wanted = {
        "kind": day["kind"],
        "name": day["name"],
        "notice": day.get("notice", content["notice"]),
        "verified": day.get("verified", content["verified"]),
        "source": content["source"],
    }
    row = SpecialDay.objects.filter(agency_id=None, on=day["on"]).first()
    if row is None:
        SpecialDay.objects.create(agency_id=None, on=day["on"], **wanted)
        return True
    if all(getattr(row, name) == value for name, value in wanted.items()):
        return False
    SpecialDay.objects.filter(pk=row.pk).update(**wanted)
    return True


def _drop_national_days(content: Mapping[str, Any]) -> int:
    """Remove the country's days of a year that its shipped list does not name."""
    named = [day["on"] for day in content["days"]]
    gone = SpecialDay.objects.filter(agency_id=None, on__year=content["year"]).exclude(on__in=named)
    return gone.delete()[0]


@transaction.atomic
def office_hours_set(
    *,
    actor: Actor,
    now: datetime,
    agency_id: int,
    morning: Span | None,
    afternoon: Span | None,
    saturday_morning: bool,
    reason: str,
    version: int = 0,
) -> None:
    """Set the weekly office hours of an agency, Monday to Friday and optionally Saturday morning.

    `version` is that of the hours the person saw; 0 while none are set. Raises Forbidden; NotFound
    for another agency; Refusal from `decide_hours`; Conflict("hours_changed").
    Source: Bộ luật Lao động 2019 Điều 105 (không quá 8 giờ một ngày).
    """
    _require_manager(actor, agency_id)
    require(rules.decide_hours(morning=morning, afternoon=afternoon), kind=Refusal)
    weekly = rules.weekly_slots(
        morning=morning, afternoon=afternoon, saturday_morning=saturday_morning
    )
    stored = [[[slot.start, slot.end] for slot in day] for day in weekly]
    row = OfficeHours.objects.select_for_update().filter(agency_id=agency_id).first()
    old = row.weekly if row else None
    if old == stored:
        return
    why = _reason(reason)
    if (row.version if row else 0) != version:
        raise Conflict("hours_changed", "Người khác vừa đổi giờ làm việc. Hãy mở lại để xem.")
    OfficeHours.objects.update_or_create(
        agency_id=agency_id, defaults={"weekly": stored, "version": version + 1}
    )
    _note(actor, now, agency_id, "calendar.hours_set", agency_id, old, stored, why)


@transaction.atomic
def day_rule_add(
    *,
    actor: Actor,
    now: datetime,
    agency_id: int,
    on: date,
    kind: str,
    name: str,
    reason: str,
    notice: str = "",
    slots: tuple[Span, ...] | None = None,
) -> int:
    """Add an exceptional day of the agency and return its id; it goes before the country's rule.

    Raises Forbidden; NotFound; Refusal("day_known") when the agency has a rule for that day.
    """
    _require_manager(actor, agency_id)
    calendar = queries.calendar_for(agency_id)
    require(
        rules.decide_day(
            kind=kind,
            on=on,
            notice=clean(notice),
            hours=slots or (),
            first_year=calendar.spec.first_year,
            last_year=calendar.spec.last_year,
        ),
        kind=Refusal,
    )
    why = _reason(reason)
    hours = None
    if slots:
        hours = [[rules.minutes(start), rules.minutes(end)] for start, end in slots]
    row, is_new = SpecialDay.objects.get_or_create(
        agency_id=agency_id,
        on=on,
        defaults={
            "kind": kind,
            "name": clean(name)[:120] or "Ngày riêng của cơ quan",
            "notice": clean(notice)[:60],
            "slots": hours,
        },
    )
    if not is_new:
        raise Refusal("day_known", "Ngày này đã được ghi. Hãy xóa dòng cũ trước.", field="on")
    new = {"on": on, "kind": kind, "name": row.name, "notice": row.notice, "slots": hours}
    _note(actor, now, agency_id, "calendar.day_added", row.id, None, new, why)
    return row.id


@transaction.atomic
def day_rule_remove(
    *, actor: Actor, now: datetime, agency_id: int, day_id: int, reason: str
) -> None:
    """Remove an exceptional day that the agency itself entered.

    Raises Forbidden; NotFound; Refusal("reason_missing").
    """
    _require_manager(actor, agency_id)
    row = SpecialDay.objects.filter(pk=day_id, agency_id=agency_id).first()
    if row is None:
        raise NotFound()
    why = _reason(reason)
    old = {"on": row.on, "kind": row.kind, "name": row.name, "notice": row.notice}
    SpecialDay.objects.filter(pk=row.pk).delete()
    _note(actor, now, agency_id, "calendar.day_removed", day_id, old, None, why)


def _require_manager(actor: Actor, agency_id: int) -> None:
    if actor.agency_id != agency_id:
        raise NotFound()
    require(may(actor, "calendar.manage"))


def _reason(text: str) -> str:
    reason = clean(text)
    if not reason:
        raise Refusal("reason_missing", "Hãy ghi lý do hoặc căn cứ.", field="reason")
    return reason[:300]


def _note(
    actor: Actor, now: datetime, agency_id: int, action: str, object_id: int, old, new, reason: str
) -> None:
    record(
        actor_id=actor.person_id, agency_id=agency_id, action=action, object_type="calendar",
        object_id=object_id, at=now, old=old, new=new, reason=reason,
    )  # fmt: skip
    _renew()


def _renew() -> None:
    CalendarEdition.objects.update_or_create(pk=1, defaults={"number": new_id()})
    queries.forget()
    transaction.on_commit(queries.forget)
