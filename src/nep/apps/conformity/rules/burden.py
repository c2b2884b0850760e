"""How many minutes ISO work took: acts counted in the journal, times minutes that are data."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from nep.kernel.vietnamese import number_text


@dataclass(frozen=True, slots=True)
class Acts:
    """How many acts of a kind a person did in a month (202610)."""

    person_id: int
    month: int
    action: str
    count: int


@dataclass(frozen=True, slots=True)
class PersonBurden:
    """Minutes of one person by month, in the order of the months asked for."""

    person_id: int
    minutes: tuple[int, ...]

    @property
    def total(self) -> int:
        """Return the minutes of all months."""
        return sum(self.minutes)


@lru_cache(maxsize=16)
def _longest_first(known: tuple[tuple[str, int], ...]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(known, key=lambda one: -len(one[0])))


def minutes_of(action: str, minutes: Mapping[str, int]) -> int:
    """Return the minutes of an act by the longest beginning of its code that is known, else 0."""
    for start, amount in _longest_first(tuple(minutes.items())):
        if action.startswith(start):
            return amount
    return 0


def burden(
    acts: Iterable[Acts], *, months: tuple[int, ...], minutes: Mapping[str, int]
) -> tuple[PersonBurden, ...]:
    """Return the minutes of each person by month, who has most first; none without minutes."""
    found: dict[int, dict[int, int]] = {}
    for one in acts:
        amount = one.count * minutes_of(one.action, minutes)
        if amount and one.month in months:
            of = found.setdefault(one.person_id, {})
            of[one.month] = of.get(one.month, 0) + amount
    lines = [
        PersonBurden(person_id, tuple(of.get(month, 0) for month in months))
        for person_id, of in found.items()
    ]
    return tuple(sorted(lines, key=lambda one: (-one.total, one.person_id)))


def months_of(year: int, month: int, *, count: int = 12) -> tuple[int, ...]:
    """Return so many months up to and with this one, oldest first, each as 202610."""
    found = []
    for _ in range(count):
        found.append(year * 100 + month)
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return tuple(reversed(found))


def headline(totals: tuple[int, ...], *, people: int) -> str:
    """Return the burden in words: the last whole month against the one before."""
    if not any(totals):
        return "Chưa có việc ISO nào được ghi nhận"
    last, before = totals[-2], totals[-3]
    said = f"Tháng trước cả cơ quan dùng {number_text(last)} phút cho việc ISO"
    if not before:
        return f"{said}, {people} người" if people else said
    change = last - before
    if not change:
        return f"{said}, bằng tháng trước nữa"
    word = "giảm" if change < 0 else "tăng"
    return f"{said}, {word} {number_text(abs(change))} phút so với tháng trước nữa"
