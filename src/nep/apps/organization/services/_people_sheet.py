"""Units, people, positions and appointments out of a spreadsheet: looked at first, then written."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import python_calamine
from django.db import transaction

from nep.apps.organization import queries
from nep.apps.organization.models import Appointment, Person, Unit
from nep.apps.organization.rules import ROLE_NAMES, Actor, people_sheet
from nep.apps.organization.services._appointments import appointment_end, appointment_start
from nep.apps.organization.services._following import appointment_follow
from nep.apps.organization.services._ground import note_change, require_manager
from nep.apps.organization.services._people import person_add, person_change
from nep.apps.organization.services._units import unit_add, unit_change
from nep.foundation.files.kinds import kind_of
from nep.kernel.errors import Refusal
from nep.kernel.text import clean, fold, same_words
from nep.kernel.vietnamese import date_text, local

MOST_ROWS = 5000
CREATED, CHANGED, UNCHANGED, REFUSED = "created", "changed", "unchanged", "refused"
BY_SHEET = "Theo tệp nhân sự"


@dataclass(frozen=True, slots=True)
class SheetOutcome:
    """What became of one row: created, changed (what says it), unchanged, refused with a sentence."""

    sheet: str
    row: int
    name: str
    outcome: str
    what: str = ""
    code: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PeopleReport:
    """What an import did, or would do when `is_dry`; `not_mentioned` are people it leaves alone."""

    is_dry: bool
    rows: tuple[SheetOutcome, ...]
    not_mentioned: tuple[str, ...]

    def count(self, outcome: str) -> int:
        """Return how many rows ended so."""
        return sum(row.outcome == outcome for row in self.rows)


@dataclass(frozen=True, slots=True)
class _Ground:
    """Who imports into which agency, and when."""

    actor: Actor
    agency_id: int
    now: datetime
    mails: frozenset[str] = frozenset()

    @property
    def today(self) -> date:
        return local(self.now).date()

    @property
    def common(self) -> dict[str, Any]:
        return {"actor": self.actor, "now": self.now, "agency_id": self.agency_id}


def people_import(
    *, actor: Actor, agency_id: int, name: str, data: bytes, is_dry: bool, now: datetime
) -> PeopleReport:
    """Read units and people out of an Excel file; a dry run writes nothing.

    A unit is found again by its code, a person by mail or else by name, an appointment by unit and
    role; what the file does not mention stays. A row that is refused does not stop the others.
    Raises NotFound; Forbidden; Refusal("file_kind", "file_broken", "columns_missing",
    "too_many_rows", "file_no_rows").
    """
    require_manager(actor, agency_id=agency_id, permission="organization.manage")
    units, people = _read(data, name)
    mails = frozenset(one.email.lower() for one in people if one.email)
    ground = _Ground(actor, agency_id, now, mails)
    rows: list[SheetOutcome] = []
    seen: set[int] = set()
    try:
        with transaction.atomic():
            told: dict[str, int] = {}
            rows += [_unit(ground, one, told) for one in units]
            rows += [_person(ground, one, seen) for one in people]
            missing = _not_mentioned(ground, seen) if people else ()
            if is_dry:
                transaction.set_rollback(True)
            elif any(one.outcome in {CREATED, CHANGED} for one in rows):
                _tell(ground, name, rows)
    finally:
        queries.forget()  # what a dry run remembered never stood
    return PeopleReport(is_dry, tuple(rows), missing)


def _tell(ground: _Ground, name: str, rows: list[SheetOutcome]) -> None:
    counts = {key: sum(one.outcome == key for one in rows) for key in (CREATED, CHANGED, REFUSED)}
    note_change(
        ground.actor, now=ground.now, agency_id=ground.agency_id, action="people.imported",
        object_type="agency", object_id=ground.agency_id, new={"file": name[:200], **counts},
    )  # fmt: skip


def _read(
    data: bytes, name: str
) -> tuple[tuple[people_sheet.UnitRow, ...], tuple[people_sheet.PersonRow, ...]]:
    if kind_of(data, name=name).name != "xlsx":
        raise Refusal("file_kind", f"Tệp “{name}” không phải Excel (.xlsx).", field="file")
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        tables = [
            book.get_sheet_by_name(one).to_python(skip_empty_area=False)
            for one in book.sheet_names[:6]
        ]
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise Refusal("file_broken", f"Tệp “{name}” bị hỏng, không mở được.", "", "file") from error
    if sum(map(len, tables)) > MOST_ROWS:
        raise Refusal("too_many_rows", f"Tệp “{name}” quá {MOST_ROWS} dòng.", field="file")
    people, units = _people_of(tables), _units_of(tables)
    if people is None and not units:
        raise Refusal(
            "columns_missing",
            "Tệp phải có trang “Người” với cột Họ và tên, Chức vụ hoặc Vai trò, hoặc trang “Đơn vị” "
            "với cột Mã đơn vị, Tên đơn vị. Hãy tải tệp mẫu.",
            field="file",
        )
    if not people and not units:
        raise Refusal("file_no_rows", f"Tệp “{name}” không có dòng dữ liệu nào.", field="file")
    return units, people or ()


def _people_of(tables: Sequence[Sequence[Sequence[Any]]]):
    found = (people_sheet.read_people(table) for table in tables)
    return next((rows for rows in found if rows is not None), None)


def _units_of(tables: Sequence[Sequence[Sequence[Any]]]) -> tuple[people_sheet.UnitRow, ...]:
    for table in tables:
        if people_sheet.read_people(table) is None and (rows := people_sheet.read_units(table)):
            return rows
    return ()


def _unit(ground: _Ground, row: people_sheet.UnitRow, told: dict[str, int]) -> SheetOutcome:
    """Take in a unit; `told` are the rows by the codes they have told, each of which may do so once."""
    label, code = row.name or row.code, row.code.upper()
    known = Unit.objects.filter(agency_id=ground.agency_id, code=code).first()
    try:
        if code and told.setdefault(code, row.number) != row.number:
            raise Refusal("unit_twice", f"Mã đơn vị {code} đã ghi ở dòng {told[code]} của tệp.")
        with transaction.atomic():
            if known is None:
                unit_add(
                    **ground.common, code=row.code, name=row.name,
                    is_reception=bool(row.is_reception),
                )  # fmt: skip
                return SheetOutcome(people_sheet.UNITS, row.number, label, CREATED)
            if known.closed_on is not None:
                raise Refusal("unit_closed", f"{known.name} đã đóng.")
            is_reception = known.is_reception if row.is_reception is None else row.is_reception
            if clean(row.name) == known.name and is_reception == known.is_reception:
                return SheetOutcome(people_sheet.UNITS, row.number, label, UNCHANGED)
            unit_change(
                **ground.common, unit_id=known.pk, version=known.version, name=row.name,
                is_reception=is_reception,
            )  # fmt: skip
    except Refusal as refusal:
        return _refused(people_sheet.UNITS, row.number, label, refusal)
    what = f"tên: {known.name} → {row.name}" if clean(row.name) != known.name else "bộ phận một cửa"
    return SheetOutcome(people_sheet.UNITS, row.number, label, CHANGED, what)


def _refused(sheet: str, number: int, name: str, refusal: Refusal) -> SheetOutcome:
    return SheetOutcome(sheet, number, name, REFUSED, code=refusal.code, reason=refusal.message)


def _person(ground: _Ground, row: people_sheet.PersonRow, seen: set[int]) -> SheetOutcome:
    if row.fault is not None:
        return SheetOutcome(
            people_sheet.PEOPLE, row.number, row.name, REFUSED, code=row.fault[0],
            reason=row.fault[1],
        )  # fmt: skip
    try:
        with transaction.atomic():
            unit = _unit_of(ground, row)
            person, changes = _person_of(ground, row)
            is_new = person is None
            person_id = (
                person.pk
                if person
                else person_add(**ground.common, name=row.name, email=row.email, phone=row.phone)
            )
            changes += _hat(ground, row, person_id, unit)
    except Refusal as refusal:
        return _refused(people_sheet.PEOPLE, row.number, row.name, refusal)
    seen.add(person_id)
    if is_new:
        return SheetOutcome(people_sheet.PEOPLE, row.number, row.name, CREATED, "; ".join(changes))
    outcome = CHANGED if changes else UNCHANGED
    return SheetOutcome(people_sheet.PEOPLE, row.number, row.name, outcome, "; ".join(changes))


def _unit_of(ground: _Ground, row: people_sheet.PersonRow) -> Unit | None:
    if not row.unit:
        if people_sheet.stands_in_unit(row.role):
            raise Refusal(
                "unit_missing",
                f"Vai trò {ROLE_NAMES[row.role]} phải thuộc một đơn vị.",
                field="unit",
            )
        return None
    units = Unit.objects.filter(agency_id=ground.agency_id, closed_on=None)
    found = units.filter(code=row.unit.upper()).first()
    named = list(units.filter(folded=fold(row.unit))[:2]) if found is None else []
    if found is None and len(named) != 1:
        raise Refusal(
            "unit_unknown",
            f"Không thấy đơn vị “{row.unit}”. Hãy thêm ở trang “Đơn vị” của tệp.",
            field="unit",
        )
    return found or named[0]


def _person_of(ground: _Ground, row: people_sheet.PersonRow) -> tuple[Person | None, list[str]]:
    """Return the person a row means and what of the contacts changed; None for a new one."""
    people = Person.objects.filter(agency_id=ground.agency_id)
    found = list(people.filter(email__iexact=row.email)[:2]) if row.email else []
    if not found:
        found = _of_name(ground, row, list(people.filter(folded=fold(row.name))))
    if len(found) > 1:
        raise Refusal(
            "person_ambiguous",
            f"Cơ quan có nhiều người tên {row.name}. Hãy ghi thư điện tử để phân biệt; ai chưa có "
            "thư thì ghi ở trang của người ấy trước.",
            field="email",
        )
    if not found:
        return None, []
    person = found[0]
    new: dict[str, Any] = {
        "name": row.name, "email": row.email or person.email, "phone": row.phone or person.phone,
    }  # fmt: skip
    labels = {"name": "họ tên", "email": "thư điện tử", "phone": "điện thoại"}
    changed = [labels[key] for key, value in new.items() if value != getattr(person, key)]
    if changed:
        person_change(**ground.common, person_id=person.pk, version=person.version, **new)
    return person, changed


def _of_name(ground: _Ground, row: people_sheet.PersonRow, alike: list[Person]) -> list[Person]:
    """Return who a row may mean by its name: none for somebody new, several where it cannot be told."""
    same = [one for one in alike if same_words(one.name, row.name)]
    if not same:
        unsure = next((one for one in alike if not (row.email and one.email)), None)
        if unsure is not None:
            raise Refusal(
                "person_alike",
                f"Đã có {unsure.name}; tệp ghi {row.name}. Cùng một người thì ghi tên như đã có; "
                "khác người thì cả hai phải có thư điện tử.",
                field="name",
            )
        return []
    if not row.email:
        unnamed = [one for one in same if one.email.lower() not in ground.mails]
        return unnamed or same
    _refuse_other_mail(ground, row, [one for one in same if one.email])
    return [one for one in same if not one.email]


def _refuse_other_mail(
    ground: _Ground, row: people_sheet.PersonRow, namesakes: list[Person]
) -> None:
    """Refuse a known name under a new mail unless the file names the other mail as well."""
    for one in namesakes:
        if one.email.lower() not in ground.mails:
            raise Refusal(
                "person_mail_differs",
                f"Đã có {one.name} với thư {one.email}; tệp ghi {row.email}. Cùng một người thì để "
                "trống thư hoặc sửa ở trang người đó; khác người thì thêm cả dòng của người kia.",
                field="email",
            )


def _hat(
    ground: _Ground, row: people_sheet.PersonRow, person_id: int, unit: Unit | None
) -> list[str]:
    """Give, change or end the appointment a row tells; return what changed in words."""
    where = f"{ROLE_NAMES[row.role]}{f', {unit.name}' if unit else ''}"
    held = Appointment.objects.filter(
        agency_id=ground.agency_id, person_id=person_id, unit=unit, role=row.role
    ).select_related("position")
    same = held.filter(starts_on=row.starts_on).first() if row.starts_on else None
    standing = held.filter(ends_on=None).first() or same or _today(held, ground.today)
    if standing is None:
        _start(ground, row, person_id, unit)
        return [f"giữ vai trò {where}"]
    if row.position and fold(row.position) != fold(
        standing.position.name if standing.position else ""
    ):
        return _follow(ground, row, standing)
    if row.ends_on is not None and row.ends_on != standing.ends_on:
        appointment_end(
            **ground.common, appointment_id=standing.pk, ends_on=row.ends_on, reason=BY_SHEET
        )
        return [f"thôi {where} hết {date_text(row.ends_on)}"]
    return []


def _today(held, today: date) -> Appointment | None:
    return held.filter(starts_on__lte=today, ends_on__gte=today).first()


def _start(ground: _Ground, row: people_sheet.PersonRow, person_id: int, unit: Unit | None) -> None:
    appointment_start(
        **ground.common, person_id=person_id, role=row.role,
        starts_on=row.starts_on or ground.today, unit_id=unit.pk if unit else None,
        position=row.position, ends_on=row.ends_on, decision=row.decision,
    )  # fmt: skip


def _follow(ground: _Ground, row: people_sheet.PersonRow, standing: Appointment) -> list[str]:
    """End an appointment on the eve of the same role under another position."""
    old = standing.position.name if standing.position else ROLE_NAMES[row.role]
    starts_on = row.starts_on or standing.starts_on
    appointment_follow(
        **ground.common, appointment_id=standing.pk, position=row.position, starts_on=starts_on,
        reason=BY_SHEET, decision=row.decision, ends_on=row.ends_on,
    )  # fmt: skip
    return [f"chức vụ: {old} → {row.position}, từ {date_text(starts_on)}"]


def _not_mentioned(ground: _Ground, seen: set[int]) -> tuple[str, ...]:
    """Return who holds a role today and is not in the file; the import leaves them as they are."""
    held = Appointment.objects.filter(agency_id=ground.agency_id, starts_on__lte=ground.today)
    rows = held.exclude(ends_on__lt=ground.today).exclude(person_id__in=seen)
    names = rows.order_by("person__sort_name").values_list("person_id", "person__name")
    return tuple(dict(names).values())
