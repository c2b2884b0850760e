"""The registry of measures: what objectives can be measured by from data; its first readers.

Parts that stand higher add theirs from their `subscribers`; a reader gets an agency, the first day of
a period and its last day or today, whichever is earlier, and returns what the period comes to, None
where nothing of it is known. A measure that can be told of one unit has a second reader, which gets
the unit as well.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from nep.apps.cases.queries import finished
from nep.apps.cases.queries.citizens import ratings_told
from nep.apps.planning.rules.measuring import DOWN, UP, Measured, middle

Reader = Callable[[int, date, date], Measured | None]
UnitReader = Callable[[int, date, date, int], Measured | None]


WHOLE = "tính cho cả cơ quan"


@dataclass(frozen=True, slots=True)
class Measure:
    """One way of measuring from data: its words, its unit, which way is better."""

    key: str
    label: str
    unit: str
    better: str
    reader: Reader
    of_unit: UnitReader | None = None


_measures: dict[str, Measure] = {}


def register_measure(
    key: str,
    label: str,
    unit: str,
    better: str,
    reader: Reader,
    of_unit: UnitReader | None = None,
) -> None:
    """Offer a measure to objectives; registering a key again replaces it.

    `better` is "up" or "down". Raises ValueError for another.
    """
    if better not in {UP, DOWN}:
        raise ValueError(f"unknown direction of a measure: {better!r}")
    _measures[key] = Measure(key, label, unit, better, reader, of_unit)


def measures() -> tuple[Measure, ...]:
    """Return every measure that is offered, by label."""
    return tuple(sorted(_measures.values(), key=lambda one: one.label))


def measure_of(key: str) -> Measure | None:
    """Return a measure by its key, None for one that nobody offers."""
    return _measures.get(key)


def measured(
    key: str, *, agency_id: int, since: date, until: date, unit_id: int | None = None
) -> Measured | None:
    """Return what a measure reads of a period, both days included; None where it knows nothing.

    Of one unit where `unit_id` names it; a measure that cannot be parted says that it is the whole
    agency's.
    """
    found = _measures.get(key)
    if found is None:
        return None
    if unit_id is None:
        return found.reader(agency_id, since, until)
    if found.of_unit is not None:
        return found.of_unit(agency_id, since, until, unit_id)
    whole = found.reader(agency_id, since, until)
    return whole and replace(whole, said="; ".join(filter(None, (whole.said, WHOLE))))


def share(part: int, of: int, url: str) -> Measured | None:
    """Return a share in percent, None of nothing."""
    if not of:
        return None
    return Measured((Decimal(100 * part) / of).quantize(Decimal("0.01")), of, url)


def _months(since: date, until: date) -> tuple[int, int]:
    return since.year * 100 + since.month, until.year * 100 + until.month


def _rows(months: tuple[int, int], **more: str) -> str:
    rest = "".join(f"&{name}={value}" for name, value in more.items())
    return f"/dieu-hanh/ket-qua/ho-so/?tu={months[0]}&den={months[1]}{rest}"


def _ended(
    agency_id: int, months: tuple[int, int], unit_id: int | None, *, light: bool
) -> finished.Ended:
    if unit_id is None:
        found = finished.ended_figures(agency_ids=[agency_id], months=months, light=light)
        return finished.sum_of(found.values())
    of_units = finished.ended_figures(agency_ids=[agency_id], months=months, by="unit", light=light)
    return finished.sum_of(one for key, one in of_units.items() if key == (unit_id,))


def _of_unit(unit_id: int | None) -> dict[str, str]:
    return {} if unit_id is None else {"dv": str(unit_id)}


def _on_time(
    agency_id: int, since: date, until: date, unit_id: int | None = None
) -> Measured | None:
    months = _months(since, until)
    done = _ended(agency_id, months, unit_id, light=True)
    return share(done.in_time, done.resolved, _rows(months, loai="xong", **_of_unit(unit_id)))


def _median(
    agency_id: int, since: date, until: date, unit_id: int | None = None
) -> Measured | None:
    months = _months(since, until)
    done = _ended(agency_id, months, unit_id, light=False)
    span = done.percentile(50)
    if span is None:
        return None
    hours, said = middle(span.low, span.high)
    return Measured(hours, done.resolved, _rows(months, loai="xong", **_of_unit(unit_id)), said)


def _supplemented(
    agency_id: int, since: date, until: date, unit_id: int | None = None
) -> Measured | None:
    months = _months(since, until)
    done = _ended(agency_id, months, unit_id, light=False)
    rows = _rows(months, dau="bo-sung", **_of_unit(unit_id))
    return share(done["supplemented"], done["ended"], rows)


def _satisfied(agency_id: int, since: date, until: date) -> Measured | None:
    told = [ratings_told(agency_id=agency_id, period=one) for one in _rating_periods(since, until)]
    place = f"/ho-so/danh-gia/?thang={_rating_periods(since, until)[0]}"
    return share(sum(one.satisfied for one in told), sum(one.total for one in told), place)


def _rating_periods(since: date, until: date) -> tuple[int, ...]:
    """Return the years, quarters or months that together make a period."""
    if since.month == 1 and until.month > since.month and until.month % 3:
        whole = until.month - until.month % 3
        quarters = tuple(since.year * 10 + n for n in range(1, whole // 3 + 1))
        return quarters + tuple(since.year * 100 + m for m in range(whole + 1, until.month + 1))
    if (since.month, until.month) == (1, 12):
        return (since.year,)
    if since.month % 3 == 1 and until.month % 3 == 0:
        return tuple(since.year * 10 + n for n in range(since.month // 3 + 1, until.month // 3 + 1))
    return tuple(since.year * 100 + month for month in range(since.month, until.month + 1))


register_measure(
    "cases.on_time", "Tỷ lệ hồ sơ giải quyết đúng và trước hạn", "%", UP, _on_time, _on_time
)
register_measure(
    "cases.supplemented", "Tỷ lệ hồ sơ phải yêu cầu bổ sung", "%", DOWN, _supplemented,
    _supplemented,
)  # fmt: skip
register_measure(
    "cases.satisfied", "Tỷ lệ người đánh giá hài lòng qua giấy hẹn", "%", UP, _satisfied
)
register_measure(
    "cases.median", "Trung vị thời gian giải quyết một hồ sơ", "giờ làm việc", DOWN, _median,
    _median,
)  # fmt: skip
