"""What must hold of agencies and people; `nep doctor` asks."""

from collections.abc import Iterator, Mapping

from django.db.models import F

from nep.apps.organization.models import (
    Agency,
    AgencyCode,
    Appointment,
    Delegation,
    Person,
    Position,
    Succession,
    Unit,
)
from nep.apps.organization.rules import PREFIX_NAMES, ROLE_NAMES, UNIT_ROLES
from nep.foundation.db.doctor import Finding, invariant
from nep.foundation.journal.queries import actors
from nep.kernel.text import fold

_SETUP = 0  # the actor of installation is nobody in the directory


@invariant("organization_agency", "Đơn vị, bổ nhiệm, ủy quyền thuộc đúng cơ quan")
def belongings() -> Iterator[Finding]:
    """Find rows that join two agencies, and roles or signing prefixes that do not exist."""
    units = Unit.objects.exclude(parent=None).exclude(parent__agency_id=F("agency_id"))
    for code, name in units.values_list("code", "name"):
        yield Finding("unit_parent", f"đơn vị {code} ({name})", "đơn vị cha thuộc cơ quan khác")
    for row in Appointment.objects.select_related("person", "unit", "position").order_by("pk"):
        record = f"bổ nhiệm {row.pk} của {row.person.name}"
        parts = [part for part in (row.unit, row.position) if part is not None]
        if any(part.agency_id != row.agency_id for part in parts):
            yield Finding("appointment_agency", record, "đơn vị hoặc chức danh của cơ quan khác")
        if row.role not in ROLE_NAMES or (row.role in UNIT_ROLES and row.unit is None):
            yield Finding("appointment_role", record, f"vai trò “{row.role}” không hợp lệ ở đây")
    for lent in Delegation.objects.select_related("appointment", "receiver").order_by("pk"):
        record = f"ủy quyền {lent.pk} cho {lent.receiver.name}"
        if lent.appointment.agency_id != lent.agency_id:
            yield Finding("delegation_agency", record, "vai trò được giao thuộc cơ quan khác")
        if lent.appointment.person_id == lent.receiver_id or lent.prefix not in PREFIX_NAMES:
            yield Finding("delegation_wrong", record, "giao cho chính mình hoặc sai cách ký")


@invariant("organization_lineage", "Cơ quan cha, kế thừa và mã không vòng, không trùng")
def lineage() -> Iterator[Finding]:
    """Find rings of parents or successions, wrong days, and codes that name two agencies."""
    names = dict(Agency.objects.values_list("pk", "name"))
    for what, pairs in (
        ("cơ quan cha", Agency.objects.exclude(parent=None).values_list("pk", "parent_id")),
        ("kế thừa", Succession.objects.values_list("successor_id", "predecessor_id")),
    ):
        above: dict[int, set[int]] = {}
        for lower, upper in pairs:
            above.setdefault(lower, set()).add(upper)
        for pk in sorted(above):
            if pk in _reached(pk, above):
                yield Finding("agency_ring", f"cơ quan {names[pk]}", f"{what} đi thành vòng")
    for row in Succession.objects.select_related("predecessor", "successor").order_by("pk"):
        if row.on <= row.predecessor.valid_from or row.on < row.successor.valid_from:
            record = f"kế thừa {row.predecessor.name} → {row.successor.name}"
            yield Finding("succession_day", record, "trước ngày một trong hai cơ quan hoạt động")
    main = {code.lower(): pk for pk, code in Agency.objects.values_list("pk", "code")}
    for agency_id, code in AgencyCode.objects.values_list("agency_id", "code"):
        if main.get(code.lower(), agency_id) != agency_id:
            yield Finding("agency_code", f"mã {code}", "cũng là mã chính của một cơ quan khác")


def _reached(start: int, above: Mapping[int, set[int]]) -> set[int]:
    found: set[int] = set()
    waiting = [start]
    while waiting:
        for one in above.get(waiting.pop(), set()) - found:
            found.add(one)
            waiting.append(one)
    return found


@invariant("organization_search", "Chữ tìm kiếm của cơ quan, đơn vị và người khớp tên")
def search_forms() -> Iterator[Finding]:
    """Find rows that nobody would find again under their name."""
    for agency in Agency.objects.order_by("pk"):
        if agency.folded != fold(f"{agency.code} {agency.name} {agency.short_name}"):
            yield Finding("search_form", f"cơ quan {agency.name}", "chữ tìm kiếm khác tên")
    for what, model in (("đơn vị", Unit), ("chức danh", Position), ("người", Person)):
        for pk, name, folded in model._default_manager.values_list("pk", "name", "folded"):
            if folded != fold(name):
                yield Finding("search_form", f"{what} {name} ({pk})", "chữ tìm kiếm khác tên")


@invariant("journal_people", "Người làm của mỗi dòng nhật ký có trong danh bạ")
def people_of_the_journal() -> Iterator[Finding]:
    """Find persons whom the journal names and the directory does not."""
    known = set(Person.objects.values_list("pk", flat=True)) | {_SETUP}
    for pk in sorted(actors(accounts=False) - known):
        yield Finding("journal_person", f"người {pk}", "có trong nhật ký, không có trong danh bạ")
