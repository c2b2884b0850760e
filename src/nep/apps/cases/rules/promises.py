"""The one re-appointment of a case, and when other papers of the law are due. Pure.

Source: Nghị định 118/2025/NĐ-CP Điều 17, 19, 23.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from nep.apps.cases.rules.timing import as_subtracted, result_deadline
from nep.kernel.decisions import ALLOWED, Decision, Refused
from nep.kernel.vietnamese import VN, date_text, local
from nep.worktime import Calendar, Pause, deadline

EXTENSION_CLAUSE = "Nghị định 118/2025/NĐ-CP, Điều 19 khoản 6"
_MOST_DAYS = 400


@dataclass(frozen=True, slots=True)
class Extension:
    """A re-appointment: when it was made, the new date, how many working days it moved."""

    at: datetime
    new_due_at: datetime
    working_days: int


@dataclass(frozen=True, slots=True)
class Promise:
    """Both clocks of a case: what the applicant is promised, what the indicators count."""

    due_at: datetime | None
    indicator_at: datetime | None
    is_estimated: bool


def promise(
    *,
    calendar: Calendar,
    accepted_at: datetime,
    amount: Decimal | None,
    unit: str,
    pauses: Sequence[Pause] = (),
    extension: Extension | None = None,
) -> Promise:
    """Return both clocks of a case with its pauses and its re-appointment.

    A re-appointment moves the promise by its working days, and later waiting moves it on; where
    the limit starts anew after a later supplement, the promise is never earlier than the date the
    applicant was told. The indicators know no re-appointment.
    """
    facts = {"calendar": calendar, "accepted_at": accepted_at, "amount": amount, "unit": unit}
    legal = result_deadline(**facts, pauses=pauses)  # type: ignore[arg-type]
    indicator = result_deadline(**facts, pauses=as_subtracted(pauses))  # type: ignore[arg-type]
    due = legal.due_at
    if due is not None and extension is not None:
        later = [one for one in pauses if one.start > max(due, extension.at)]
        counted = [one for one in pauses if one not in later]
        due = _moved(calendar, due, counted, extension)
        for pause in sorted(later, key=lambda one: one.start):
            if pause.policy == "none" or due is None or pause.start > due:
                continue
            due = _waited(due, pause, extension.new_due_at, facts)
    return Promise(due, indicator.due_at, legal.estimated and due is not None)


def _moved(
    calendar: Calendar, due: datetime, pauses: Sequence[Pause], extension: Extension
) -> datetime:
    anew = any(p.policy == "restart" and p.start >= extension.at for p in pauses)
    if not anew:
        due = closing_after(calendar, due, extension.working_days)
    return max(due, extension.new_due_at)


def _waited(
    due: datetime, pause: Pause, told: datetime, facts: Mapping[str, Any]
) -> datetime | None:
    """Return a promise made anew after waiting that began when the first limit was over already.

    It ends as much working time later, at the end of that day's office hours, or a whole limit after
    a supplement, though never earlier than the applicant was told; none while the case still waits.
    """
    if pause.end is None:
        return None
    if pause.policy == "restart":
        anew = result_deadline(**{**facts, "accepted_at": pause.end}).due_at
        return None if anew is None else max(anew, told)
    calendar: Calendar = facts["calendar"]
    left = calendar.measure(pause.start, due)
    ends = calendar.add_minutes(pause.end, left)
    return max(due, calendar.day_close(local(ends).date()))


def closing_after(calendar: Calendar, moment: datetime, days: int) -> datetime:
    """Return when office hours end on the working day so many working days later."""
    found = deadline(calendar=calendar, received_at=moment, amount=days, unit="working_day")
    return found.due_at or moment


def closing_of(calendar: Calendar, day: date) -> datetime:
    """Return when office hours end on a working day."""
    before = datetime.combine(day - timedelta(days=1), time(12), VN)
    return closing_after(calendar, before, 1)


def working_days_between(calendar: Calendar, first: date, last: date) -> int:
    """Count the working days after a day, up to another one."""
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(calendar.is_working_day(day) for day in days)


def decide_extension(
    *,
    now: datetime,
    due_at: datetime | None,
    new_on: date,
    is_extended: bool,
    before_days: int,
    calendar: Calendar,
) -> Decision:
    """Decide whether the promise may be moved to a day, with an apology.

    Source: Nghị định 118/2025/NĐ-CP Điều 19 khoản 6: một lần, trước khi hết hạn ít nhất 01 ngày.
    """
    if due_at is None:
        return Refused("no_promise", "Hồ sơ này không có hạn trả kết quả nên không cần gia hạn.")
    if is_extended:
        return Refused(
            "extended_before",
            "Chỉ được hẹn lại một lần, và hồ sơ này đã được hẹn lại. Hãy giải quyết sớm nhất.",
            EXTENSION_CLAUSE,
        )
    last_day = local(due_at).date() - timedelta(days=before_days)
    if local(now).date() > last_day:
        return Refused(
            "extension_too_late",
            f"Thư xin lỗi và hẹn lại phải gửi chậm nhất ngày {date_text(last_day)}, trước khi hết "
            f"hạn {before_days} ngày. Hãy giải quyết hồ sơ; trễ hạn không chặn việc trả kết quả.",
            EXTENSION_CLAUSE,
        )
    if new_on <= local(due_at).date():
        return Refused(
            "extension_not_later",
            f"Ngày hẹn mới phải sau ngày {date_text(local(due_at).date())}.",
            field="new_on",
        )
    if (new_on - local(due_at).date()).days > _MOST_DAYS:
        return Refused("extension_too_far", "Ngày hẹn mới quá xa. Hãy xem lại năm.", field="new_on")
    if not calendar.is_working_day(new_on):
        return Refused(
            "extension_day_off",
            f"Ngày {date_text(new_on)} cơ quan nghỉ. Hãy chọn một ngày làm việc.",
            field="new_on",
        )
    return ALLOWED


def answer_due(*, calendar: Calendar, received_at: datetime, hours: int) -> datetime | None:
    """Return until when a case handed in online must be accepted or asked to be completed.

    Source: Nghị định 118/2025/NĐ-CP Điều 17 khoản 2.
    """
    return deadline(
        calendar=calendar, received_at=received_at, amount=hours, unit="working_hour"
    ).due_at


def close_due(*, calendar: Calendar, asked_at: datetime, days: int) -> datetime | None:
    """Return until when the applicant may complete a case before it is stopped.

    Source: Nghị định 118/2025/NĐ-CP Điều 19 khoản 5; Bộ luật Dân sự 2015 Điều 148.
    """
    return deadline(
        calendar=calendar, received_at=asked_at, amount=days, unit="calendar_day"
    ).due_at
