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
    """A year (2026) or a month (202611) and the months it covers, both counted."""

    value: int

    @property
    def is_year(self) -> bool:
        """Say whether it is a whole year."""
        return self.value < 10_000

    @property
    def year(self) -> int:
        """Return its year."""
        return self.value if self.is_year else self.value // 100

    @property
    def months(self) -> tuple[int, int]:
        """Return its first and last month."""
        if self.is_year:
            return self.value * 100 + 1, self.value * 100 + 12
        return self.value, self.value

    @property
    def before(self) -> "Period":
        """Return the same period of the year before."""
        return Period(self.value - (1 if self.is_year else 100))


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
