"""How durations and moments are written on pages (DESIGN.md §8)."""

from datetime import date, datetime, timedelta

from nep.kernel.vietnamese import date_text, local, weekday_name

DAY_MINUTES = 480


def duration_text(minutes: float, *, full: bool = False, day: int = DAY_MINUTES) -> str:
    """Return working minutes in words.

    Below two hours the minutes stay; from two hours they are dropped; from a working day (`day`
    minutes) it becomes days and hours. `full` keeps every part.
    """
    whole = max(0, int(minutes))
    days, rest = divmod(whole, day) if whole >= day else (0, whole)
    hours, left = divmod(rest, 60)
    if whole >= 120 and not full:
        left = 0
    parts = [(days, "ngày"), (hours, "giờ"), (left, "phút")]
    said = [f"{count} {unit}" for count, unit in parts if count]
    return " ".join(said) or "0 phút"


def moment_text(
    value: datetime | date, *, now: datetime | None = None, weekday: bool = True
) -> str:
    """Return "15:00 hôm nay", "17:30 thứ Tư, 09/12", with the year when it is another one."""
    hour = ""
    if isinstance(value, datetime):
        there = local(value)
        day, hour = there.date(), f"{there:%H:%M}"
    else:
        day = value
    today = local(now).date() if now else None
    said = _day_text(day, today, weekday)
    return f"{hour} {said}".strip()


def _day_text(day: date, today: date | None, weekday: bool) -> str:
    if today is not None and day == today:
        return "hôm nay"
    if today is not None and day == today - timedelta(days=1):
        return "hôm qua"
    if today is not None and day == today + timedelta(days=1):
        return "ngày mai"
    text = date_text(day)
    if today is not None and day.year == today.year:
        text = text[:5]
    return f"{weekday_name(day)}, {text}" if weekday else text
