"""Periods of figures and who sees whose."""

from collections.abc import Iterable
from dataclasses import dataclass

from nep.apps.organization.rules import Actor

PROVINCE_KIND = "ubnd_tinh"
LEVELS: dict[str, str] = {
    "so": "Cấp tỉnh", "ubnd_tinh": "Cấp tỉnh", "chi_cuc": "Cấp tỉnh", "trung_tam": "Cấp tỉnh",
    "xa": "Cấp xã", "phuong": "Cấp xã", "dac_khu": "Cấp xã", "bo": "Cấp trung ương",
    "nganh_doc": "Cơ quan ngành dọc",
}  # fmt: skip
OTHER_LEVEL = "Khác"
WHOLE_AGENCY = frozenset({"leader", "qmr"})


@dataclass(frozen=True, slots=True)
class Period:
    """A year (2026), a quarter (20264) or a month (202611) and the months it covers."""

    value: int

    @property
    def is_year(self) -> bool:
        """Say whether it is a whole year."""
        return self.value < 10_000

    @property
    def is_quarter(self) -> bool:
        """Say whether it is a quarter."""
        return 10_000 <= self.value < 100_000

    @property
    def year(self) -> int:
        """Return its year."""
        return self.value if self.is_year else self.value // (10 if self.is_quarter else 100)

    @property
    def months(self) -> tuple[int, int]:
        """Return its first and last month."""
        if self.is_year:
            return self.value * 100 + 1, self.value * 100 + 12
        if self.is_quarter:
            last = self.year * 100 + 3 * (self.value % 10)
            return last - 2, last
        return self.value, self.value

    @property
    def before(self) -> "Period":
        """Return the same period of the year before."""
        return Period(self.value - (1 if self.is_year else 10 if self.is_quarter else 100))

    @property
    def part(self) -> str:
        """Return which part of its year it is: "", "q4" or "m11"."""
        if self.is_year:
            return ""
        return f"q{self.value % 10}" if self.is_quarter else f"m{self.value % 100:02d}"

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """Return (part, words) of everything its year can be cut into."""
        quarters = ((f"q{n}", f"Quý {n}") for n in range(1, 5))
        months = ((f"m{n:02d}", f"Tháng {n}") for n in range(1, 13))
        return (("", "Cả năm"), *quarters, *months)

    @property
    def parts(self) -> tuple["Period", ...]:
        """Return what it is made of: the quarters of a year, the months of a quarter."""
        if self.is_year:
            return tuple(Period(self.value * 10 + n) for n in (1, 2, 3, 4))
        if self.is_quarter:
            return tuple(Period(month) for month in range(self.months[0], self.months[1] + 1))
        return ()


def read_period(text: str) -> Period | None:
    """Return the year (2026), quarter (20264) or month (202611, 2026-11) a text names, or None."""
    digits = text.replace("-", "")
    if not (digits.isascii() and digits.isdigit() and 4 <= len(digits) <= 6 and digits[0] != "0"):
        return None
    last = int(digits[4:] or 1)
    return Period(int(digits)) if 1 <= last <= {4: 1, 5: 4, 6: 12}[len(digits)] else None


def period_of_months(months: tuple[int, int]) -> Period | None:
    """Return the month, quarter or year that these are the first and last month of, or None."""
    year = Period(months[0] // 100)
    for one in (Period(months[0]), *year.parts, year):
        if one.months == months:
            return one
    return None


def period_in(year: int, part: str) -> Period | None:
    """Return the part of a year that `part` names: "", "q4" or "m11"."""
    if part[:1] not in ("", "q", "m"):
        return None
    return read_period(f"{year}{part[1:]}")


def sees_province(actor: Actor, *, kind: str) -> bool:
    """Say whether the actor sees every agency of the province: figures of the provincial
    people's committee, or who administers the province."""
    return "province.manage" in actor.permissions or (
        kind == PROVINCE_KIND and "figures.see" in actor.permissions
    )


def sees_person(actor: Actor, *, person_id: int, units: Iterable[int]) -> bool:
    """Say whether the actor may see one person's steps: the person, who leads the agency, who
    leads a unit the person belongs to. Figures of people are never open to all."""
    if person_id == actor.person_id or WHOLE_AGENCY & actor.roles:
        return True
    led = {hat.unit_id for hat in actor.hats if hat.role == "unit_head"}
    return bool(led & set(units))
