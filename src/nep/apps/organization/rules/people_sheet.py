"""Units, people and appointments as rows of a spreadsheet: what each cell means.

Source: ISO 9001:2015 điều 5.3 (vai trò, trách nhiệm và quyền hạn được phân công).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from nep.apps.organization.rules._tables import ROLE_NAMES, UNIT_ROLES
from nep.kernel.text import clean, fold
from nep.kernel.vietnamese import parse_date

UNITS, PEOPLE, ROLES = "Đơn vị", "Người", "Vai trò"
UNIT_HEADS: Mapping[str, tuple[str, ...]] = {
    "code": ("ma don vi", "ma phong", "ma"),
    "name": ("ten don vi", "ten phong", "don vi"),
    "is_reception": ("bo phan mot cua", "mot cua", "la bo phan mot cua"),
}
PERSON_HEADS: Mapping[str, tuple[str, ...]] = {
    "name": ("ho va ten", "ho ten", "ten"),
    "email": ("thu dien tu", "email"),
    "phone": ("dien thoai", "so dien thoai"),
    "unit": ("ma don vi", "don vi", "phong", "ten don vi"),
    "position": ("chuc vu", "chuc danh"),
    "role": ("vai tro",),
    "starts_on": ("tu ngay", "ngay bat dau"),
    "ends_on": ("den ngay", "den het ngay", "ngay ket thuc"),
    "decision": ("so quyet dinh", "quyet dinh"),
}
_LOOK_AT = 10
_YES = frozenset({"x", "co", "1", "dung", "true", "yes"})
# words of a role or of a position, the more telling first; a position is read only without a role
_WORDS: tuple[tuple[str, str], ...] = (
    ("quan tri tinh", "province_admin"), ("quan tri", "agency_admin"),
    ("dai dien lanh dao", "qmr"), ("qmr", "qmr"), ("thu ky iso", "iso_secretary"),
    ("danh gia vien", "auditor"), ("mot cua", "reception"), ("tiep nhan", "reception"),
    ("tra ket qua", "reception"),
    ("truong phong", "unit_head"), ("pho phong", "unit_head"), ("pho truong phong", "unit_head"),
    ("chanh van phong", "unit_head"), ("chanh thanh tra", "unit_head"), ("truong ban", "unit_head"),
    ("lanh dao phong", "unit_head"),
    ("giam doc", "leader"), ("chu tich", "leader"), ("lanh dao", "leader"),
    ("chi cuc truong", "leader"), ("cuc truong", "leader"),
    ("chuyen vien", "specialist"), ("cong chuc", "specialist"), ("can su", "specialist"),
    ("vien chuc", "specialist"), ("nhan vien", "specialist"), ("van thu", "specialist"),
    ("ke toan", "specialist"), ("thanh tra vien", "specialist"),
    ("nguoi xem", "viewer"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit of the sheet."""

    number: int
    code: str
    name: str
    is_reception: bool | None


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person with one role of the sheet; `fault` is (code, sentence) when it cannot be read."""

    number: int
    name: str
    email: str = ""
    phone: str = ""
    unit: str = ""
    position: str = ""
    role: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    decision: str = ""
    fault: tuple[str, str] | None = None


def find_head(
    table: Sequence[Sequence[Any]], heads: Mapping[str, tuple[str, ...]], needed: tuple[str, ...]
) -> tuple[int, dict[str, int]]:
    """Return the row of the heads and the column of each field; (-1, {}) when one is missing."""
    for place, row in enumerate(table[:_LOOK_AT]):
        said = [fold(clean(str(cell or ""))).rstrip(" *") for cell in row]
        found: dict[str, int] = {}
        for name, words in heads.items():
            at = next((said.index(one) for one in words if one in said), None)
            if at is not None and at not in found.values():
                found[name] = at
        if all(name in found for name in needed):
            return place, found
    return -1, {}


def read_units(table: Sequence[Sequence[Any]]) -> tuple[UnitRow, ...]:
    """Return the units of a sheet; nothing where its heads are missing."""
    head, columns = find_head(table, UNIT_HEADS, ("code", "name"))
    if head < 0:
        return ()
    rows = []
    for number, cells in enumerate(table[head + 1 :], start=head + 2):
        code, name = _text(cells, columns, "code"), _text(cells, columns, "name")
        if code or name:
            said = fold(_text(cells, columns, "is_reception"))
            known = "is_reception" in columns
            rows.append(UnitRow(number, code, name, said in _YES if known else None))
    return tuple(rows)


def read_people(table: Sequence[Sequence[Any]]) -> tuple[PersonRow, ...] | None:
    """Return the people of a sheet; None where its heads are missing."""
    head, columns = find_head(table, PERSON_HEADS, ("name",))
    if head < 0 or not {"role", "position"} & columns.keys():
        return None
    rows = []
    for number, cells in enumerate(table[head + 1 :], start=head + 2):
        if any(clean(str(cell or "")) for cell in cells):
            rows.append(_person(number, cells, columns))
    return tuple(rows)


def _person(number: int, cells: Sequence[Any], columns: Mapping[str, int]) -> PersonRow:
    texts: dict[str, Any] = {
        name: _text(cells, columns, name)
        for name in ("name", "email", "phone", "unit", "position", "decision")
    }
    if not texts["name"]:
        return PersonRow(number, "", fault=("name_missing", "Dòng không ghi họ và tên."))
    said = _text(cells, columns, "role")
    role = role_of(said) if said else role_of(texts["position"])
    if not role:
        told = said or texts["position"]
        known = ", ".join(name for key, name in ROLE_NAMES.items() if key != "province_admin")
        fault = ("role_unknown", f"Không rõ vai trò “{told}”. Hãy ghi một trong: {known}.")
        return PersonRow(number, texts["name"], fault=fault)
    days: dict[str, Any] = {}
    for name, words in (("starts_on", "Từ ngày"), ("ends_on", "Đến ngày")):
        value = _cell(cells, columns, name)
        days[name] = _day(value)
        if days[name] is None and clean(str(value or "")):
            fault = ("day_unread", f"{words} “{clean(str(value))}” không đọc được; ghi dd/mm/yyyy.")
            return PersonRow(number, texts["name"], fault=fault)
    return PersonRow(number, role=role, **texts, **days)


def role_of(words: str) -> str:
    """Return the role that words mean: its name or key, else a telling part; "" when none."""
    said = fold(clean(words))
    if not said:
        return ""
    exact = {fold(name): key for key, name in ROLE_NAMES.items()} | {key: key for key in ROLE_NAMES}
    if said in exact:
        return exact[said]
    return next((role for part, role in _WORDS if part in said), "")


def stands_in_unit(role: str) -> bool:
    """Say whether a role is held in a unit."""
    return role in UNIT_ROLES


def _cell(cells: Sequence[Any], columns: Mapping[str, int], name: str) -> Any:
    at = columns.get(name)
    return cells[at] if at is not None and at < len(cells) else ""


def _text(cells: Sequence[Any], columns: Mapping[str, int], name: str) -> str:
    value = _cell(cells, columns, name)
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # a phone or code that the spreadsheet took for a number
    return clean(str(value if value is not None else ""))


def _day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = clean(str(value or ""))
    return parse_date(text) if text else None
