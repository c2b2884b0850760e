"""The commune whose cases come from the province's one-stop system: its files, month by month.

The rows are made up the way such systems export them, with the slips of such systems, and go
through the import of the product, as an official would do it each month; since lately the system
sends them by itself.
"""

import csv
import io
import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from nep.apps.cases.services.deliveries import delivery_take
from nep.apps.cases.services.fed import import_cases
from nep.apps.cases.services.sources import source_create
from nep.apps.organization.rules import Actor
from nep.demonstration import facts
from nep.demonstration.procedures import actor_with
from nep.kernel.codes import CASE_MASK, render_code
from nep.kernel.vietnamese import local
from nep.worktime import Calendar

HEADS = ("Mã hồ sơ", "Mã TTHC", "Tên bước", "Trạng thái", "Người xử lý", "Bắt đầu", "Kết thúc")
LATE_SHARE, BRANCH_SHARE = 0.08, 0.3
SKIPPED_SHARE, REPEATED_SHARE, OTHER_HANDS_SHARE = 0.025, 0.025, 0.02
OWN_WORDS_SHARE, OWN_WORDS_DAYS = 0.12, 30
OWN_WORDS = ("Chuyển bộ phận thụ lý", "Trình ký số")
SOURCE_NAME = "Hệ thống một cửa tỉnh Lam Sơn"
OPEN_SHARE = 0.09
Row = tuple[str, ...]


class OneStopExport:
    """What another system would have written down of a year at one commune."""

    def __init__(self, agency: dict[str, Any], calendar: Calendar, *, now: datetime) -> None:
        self.agency, self.calendar, self.now = agency, calendar, now
        self.chance = random.Random(agency["code"])
        self.procedures = facts.procedures(agency)
        self.sequence: dict[str, int] = {}

    def months(self, *, since: datetime, count: int) -> Iterator[tuple[str, list[Row]]]:
        """Yield (file name, rows) per month of receipt, oldest first."""
        receipts = sorted(self._receipt(since, number, count) for number in range(count))
        by_month: dict[str, list[Row]] = {}
        for receipt in receipts:
            name = f"mot-cua-{local(receipt):%Y-%m}.csv"
            by_month.setdefault(name, []).extend(self._case(receipt))
        yield from by_month.items()

    def _receipt(self, since: datetime, number: int, count: int) -> datetime:
        if number < count * OPEN_SHARE:
            start = self.calendar.subtract_minutes(self.now, self.chance.randrange(20, 1500))
        else:
            whole = int((self.now - timedelta(days=15) - since).total_seconds())
            start = since + timedelta(seconds=self.chance.randrange(whole))
        opening = self.calendar.next_opening(start)
        if opening != start:
            opening = self.calendar.add_minutes(opening, self.chance.randrange(1, 120))
        return min(opening, self.now - timedelta(minutes=2)).replace(second=0, microsecond=0)

    def _case(self, receipt: datetime) -> Iterator[Row]:
        procedure = self.chance.choice(self.procedures)
        code = self._code(receipt)
        is_late = self.chance.random() < LATE_SHARE
        at = receipt
        steps = self._course([s for s in procedure["steps"] if self._passes(s)])
        own_words = self._says_it_in_own_words(receipt)
        for number, step in enumerate(steps):
            share = self.chance.betavariate(3, 3.2)
            if is_late and step["hours"] >= 8:
                share = self.chance.uniform(1.3, 2.4)
            end = self.calendar.add_minutes(at, max(4, round(step["hours"] * 60 * share)))
            is_last = step is steps[-1]
            done = "Đã trả kết quả" if is_last else "Đang xử lý"
            told = OWN_WORDS[number % 2] if own_words and 0 < number < 3 else step["name"]
            yield self._row(code, procedure, step, told, done, at, end)
            if end > self.now:
                return
            at = end

    def _course(self, steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the steps as they were done: now and then one left out, or done twice."""
        middle = self.chance.randrange(1, len(steps) - 1)
        drawn = self.chance.random()
        if drawn < SKIPPED_SHARE:
            return steps[:middle] + steps[middle + 1 :]
        if drawn < SKIPPED_SHARE + REPEATED_SHARE:
            return steps[: middle + 1] + steps[middle:]
        return steps

    def _says_it_in_own_words(self, receipt: datetime) -> bool:
        lately = self.now - receipt < timedelta(days=OWN_WORDS_DAYS)
        return lately and self.chance.random() < OWN_WORDS_SHARE

    def _passes(self, step: dict[str, Any]) -> bool:
        return not step.get("only_by_branch") or self.chance.random() < BRANCH_SHARE

    def _code(self, receipt: datetime) -> str:
        day = local(receipt).date()
        number = self.sequence[day.isoformat()] = self.sequence.get(day.isoformat(), 0) + 1
        return render_code(CASE_MASK, agency=self.agency["code"], on=day, seq=number)

    def _row(
        self, code: str, procedure: dict[str, Any], step: dict[str, Any], told: str, status: str,
        start: datetime, end: datetime,
    ) -> Row:  # fmt: skip
        unit, _, role = step["at"].partition("/")
        if role == "specialist" and self.chance.random() < OTHER_HANDS_SHARE:
            role = "unit_head"
        able = [
            person["name"] for person in self.agency["people"]
            if person["unit"] == unit and role in person["roles"]
        ]  # fmt: skip
        is_open = end > self.now
        return (
            code,
            procedure["tthc"],
            told,
            "Đang xử lý" if is_open else status,
            self.chance.choice(able) if able else role,
            f"{local(start):%d/%m/%Y %H:%M}",
            "" if is_open else f"{local(end):%d/%m/%Y %H:%M}",
        )


def feed(
    export: OneStopExport,
    *,
    actor: Actor,
    since: datetime,
    count: int,
    tell: Callable[[str], None],
) -> None:
    """Import the year of a commune month by month; the last file comes from the system itself."""
    *files, last = export.months(since=since, count=count)
    for name, rows in files:
        import_cases(actor=actor, now=export.now, files=[(name, _csv(rows))])
        tell(f"Đã nhập {name} của {export.agency['name']}")
    name, rows = last
    admin = actor_with(export.agency, "agency_admin", agency_id=actor.agency_id, now=export.now)
    key = source_create(actor=admin, now=export.now, name=SOURCE_NAME, way="api")
    delivery_take(
        source_id=key.source_id, now=export.now, name=name, data=_csv(rows), idempotency_key=name
    )
    tell(f"{SOURCE_NAME} đã gửi {name} của {export.agency['name']}")


def _csv(rows: list[Row]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(HEADS)
    writer.writerows(rows)
    return out.getvalue().encode("utf-8-sig")
