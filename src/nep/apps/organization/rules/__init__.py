"""The one policy: which role may do what, and whose rows a person sees.

Roles are given by appointments and act only on the days of the appointment; a delegated role acts
only on the days of the delegation. Source: ISO 9001:2015 điều 5.3 (trách nhiệm, quyền hạn);
Nghị định 30/2020/NĐ-CP Điều 13 (ký thay, ký thừa lệnh, ký thừa ủy quyền).
"""

import re
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from nep.apps.organization.rules._tables import (
    ACTING_ROLES,
    ADMIN_ROLES,
    AGENCY_ROLES,
    EVERYONE,
    FORMER_CODE,
    KIND_NAMES,
    PERMISSION_NAMES,
    PERMISSIONS,
    PREFIX_NAMES,
    ROLE_NAMES,
    SETUP,
    UNIT_ROLES,
)
from nep.kernel.decisions import ALLOWED, Decision, Refused

__all__ = [
    "ACTING_ROLES",
    "ADMIN_ROLES",
    "AGENCY_ROLES",
    "FORMER_CODE",
    "KIND_NAMES",
    "PERMISSIONS",
    "PERMISSION_NAMES",
    "PREFIX_NAMES",
    "ROLE_NAMES",
    "UNIT_ROLES",
    "Actor",
    "Hat",
    "Lifetime",
    "acts_for",
    "decide_agency_code",
    "decide_appointment",
    "decide_code_period",
    "decide_delegation",
    "decide_succession",
    "decide_website",
    "is_setup",
    "leads_unit",
    "may",
    "may_manage_agency",
    "may_see_agency",
    "permissions_of",
    "setup_actor",
    "split_key",
    "wears",
]


@dataclass(frozen=True, slots=True)
class Hat:
    """One role held in one unit, by appointment or (`acting_for`) by delegation with a prefix."""

    agency_id: int
    unit_id: int | None
    unit_code: str
    role: str
    position: str = ""
    acting_for: int | None = None
    prefix: str = ""

    @property
    def key(self) -> str:
        """Return the responsibility key, such as "PKH/specialist"."""
        return f"{self.unit_code}/{self.role}"


@dataclass(frozen=True, slots=True)
class Actor:
    """A signed-in person in one agency on one day, with every hat worn that day."""

    person_id: int
    user_id: int | None
    name: str
    agency_id: int
    agency_code: str = ""
    agency_name: str = ""
    unit_ids: frozenset[int] = frozenset()
    unit_codes: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    hats: tuple[Hat, ...] = ()
    is_demo: bool = False
    province_id: int | None = None
    province: str = ""
    permissions: frozenset[str] = field(default=frozenset(), compare=False)

    @property
    def role_text(self) -> str:
        """Return the roles in words, own ones before delegated ones, each once."""
        own = sorted(self.hats, key=lambda hat: hat.acting_for is not None)
        names = [
            f"{hat.prefix} {hat.position or ROLE_NAMES.get(hat.role, hat.role)}".strip()
            for hat in own
        ]
        return ", ".join(dict.fromkeys(names)) or ", ".join(
            ROLE_NAMES[role] for role in sorted(self.roles) if role in ROLE_NAMES
        )


def permissions_of(roles: frozenset[str]) -> frozenset[str]:
    """Return every permission that the roles give together."""
    return frozenset(name for name, holders in PERMISSIONS.items() if holders & roles)


def setup_actor(*, agency_id: int = 0) -> Actor:
    """Return the actor of installation: it sets up agencies, people and calendars, nothing else.

    Only the command line, the first-run page and the demonstration use it; no request carries it.
    """
    roles = frozenset({SETUP})
    return Actor(
        person_id=0,
        user_id=None,
        name="Cài đặt hệ thống",
        agency_id=agency_id,
        roles=roles,
        permissions=permissions_of(roles),
    )


def is_setup(actor: Actor) -> bool:
    """Say whether this is the actor of installation."""
    return SETUP in actor.roles


def may(actor: Actor, permission: str) -> Decision:
    """Decide whether the actor holds a permission in the agency chosen.

    An unknown permission is refused.
    """
    if permission in (actor.permissions or permissions_of(actor.roles)):
        return ALLOWED
    return _not_permitted(permission, actor.agency_name)


@lru_cache(maxsize=1024)
def _not_permitted(permission: str, agency_name: str) -> Refused:
    wanted = PERMISSION_NAMES.get(permission, permission)
    roles = sorted(PERMISSIONS.get(permission, frozenset()) & EVERYONE)
    holders = ", ".join(ROLE_NAMES[role] for role in roles)
    return Refused(
        "not_permitted",
        f"Vai trò của bạn ở {agency_name or 'cơ quan này'} không gồm quyền {wanted}."
        + (f" Người có quyền: {holders}." if holders else ""),
    )


def may_see_agency(
    actor: Actor, *, agency_id: int | None, province_id: int | None = None
) -> Decision:
    """Decide whether rows of an agency are visible; callers answer a refusal with 404.

    People see the agency they work in now. The province's administrator also sees the agencies of
    the province (`province_id` is the province of the agency asked about).
    """
    if agency_id is not None and agency_id == actor.agency_id:
        return ALLOWED
    if is_setup(actor):
        return ALLOWED
    same_province = province_id is not None and province_id == actor.province_id
    if same_province and may(actor, "province.manage"):
        return ALLOWED
    return Refused("not_found", "Không tìm thấy nội dung này trong cơ quan của bạn.")


def may_manage_agency(
    actor: Actor, *, agency_id: int, province_id: int | None = None, permission: str
) -> Decision:
    """Decide whether the actor may change an agency's people, units or settings."""
    if is_setup(actor):
        return ALLOWED
    if agency_id == actor.agency_id and may(actor, permission):
        return ALLOWED
    same_province = province_id is not None and province_id == actor.province_id
    if same_province and may(actor, "province.manage"):
        return ALLOWED
    return may(actor, permission) and may_see_agency(
        actor, agency_id=agency_id, province_id=province_id
    )


def split_key(key: str) -> tuple[str, str]:
    """Return (unit code, role) of a responsibility key such as "PKH/specialist".

    A key without a unit ("leader") gives an empty unit code.
    """
    unit_code, slash, role = key.rpartition("/")
    return (unit_code, role) if slash else ("", key)


def wears(actor: Actor, *, unit_id: int | None, role: str) -> Hat | None:
    """Return the hat with this role in this unit, an own one before a delegated one, or None."""
    lent = None
    for hat in actor.hats:
        if hat.unit_id == unit_id and hat.role == role:
            if hat.acting_for is None:
                return hat
            lent = lent or hat
    return lent


def acts_for(actor: Actor, *, person_id: int | None, unit_id: int | None, role: str) -> Hat | None:
    """Return the delegated hat by which the actor does a person's work in this role, or None."""
    if person_id is None:
        return None
    for hat in actor.hats:
        if hat.acting_for == person_id and hat.unit_id == unit_id and hat.role == role:
            return hat
    return None


def leads_unit(actor: Actor, *, unit_id: int | None) -> bool:
    """Say whether the actor heads the unit, or leads the whole agency."""
    if "leader" in actor.roles:
        return True
    return any(hat.role == "unit_head" and hat.unit_id == unit_id for hat in actor.hats)


def decide_appointment(
    *, role: str, has_unit: bool, starts_on: date, ends_on: date | None
) -> Decision:
    """Decide whether an appointment can be written as asked."""
    if role not in ROLE_NAMES:
        return Refused("role_unknown", "Hãy chọn một vai trò trong danh sách.", field="role")
    if role in UNIT_ROLES and not has_unit:
        return Refused(
            "unit_missing",
            f"Vai trò {ROLE_NAMES[role]} gắn với một đơn vị. Hãy chọn đơn vị.",
            field="unit",
        )
    if ends_on is not None and ends_on < starts_on:
        return Refused(
            "period_reversed", "Ngày kết thúc phải từ ngày bắt đầu trở đi.", field="ends_on"
        )
    return ALLOWED


def decide_delegation(
    *,
    giver_id: int,
    receiver_id: int,
    role: str,
    prefix: str,
    document: str,
    starts_on: date,
    ends_on: date,
    is_delegated: bool,
) -> Decision:
    """Decide whether a role may be delegated as asked.

    Source: Nghị định 30/2020/NĐ-CP Điều 13 khoản 3: ký thừa ủy quyền phải bằng văn bản, giới hạn
    thời gian và nội dung; người được ủy quyền không được ủy quyền lại.
    """
    clause = "Nghị định 30/2020/NĐ-CP, Điều 13"
    if giver_id == receiver_id:
        return Refused(
            "delegation_to_self",
            "Người giao và người nhận là một. Hãy chọn người nhận khác.",
            field="receiver",
        )
    if prefix not in PREFIX_NAMES:
        return Refused(
            "prefix_unknown", "Hãy chọn cách ghi KT., TM., TL. hoặc TUQ.", clause, field="signing"
        )
    if is_delegated:
        return Refused(
            "delegation_of_delegated",
            "Người được ủy quyền không được ủy quyền lại cho người khác.",
            clause,
        )
    if role in ADMIN_ROLES:
        return Refused(
            "role_not_delegable",
            "Vai trò quản trị không ủy quyền được; hãy bổ nhiệm người khác có thời hạn.",
        )
    if prefix == "TUQ." and not document.strip():
        return Refused(
            "document_missing",
            "Ký thừa ủy quyền phải bằng văn bản. Hãy ghi số, ngày của văn bản ủy quyền.",
            f"{clause} khoản 3",
            field="document",
        )
    if ends_on < starts_on:
        return Refused(
            "period_reversed", "Ngày kết thúc phải từ ngày bắt đầu trở đi.", field="ends_on"
        )
    return ALLOWED


@dataclass(frozen=True, slots=True)
class Lifetime:
    """The first and the last day of an agency; `valid_to` belongs to it, None is still open."""

    valid_from: date
    valid_to: date | None


def decide_code_period(*, valid_from: date | None, valid_to: date | None) -> Decision:
    """Decide whether a further code's days are in order; either may be unknown."""
    if valid_from is not None and valid_to is not None and valid_to < valid_from:
        return Refused(
            "period_reversed", "Ngày kết thúc phải từ ngày bắt đầu trở đi.", field="valid_to"
        )
    return ALLOWED


def decide_succession(
    *,
    predecessor_id: int,
    successor_id: int,
    predecessor: Lifetime,
    successor: Lifetime,
    on: date,
    basis: str,
    ancestors: frozenset[int],
    last: date | None = None,
) -> Decision:
    """Decide whether one agency may be written as taking over from another on a day.

    `ancestors` are the agencies the predecessor itself took over from, `last` the day with which
    it is to end, None where that is not asked for. The successor stands on the day of succession;
    the predecessor has begun before it. A merger, division or renaming is made by a numbered
    resolution or decision, which is asked for.
    """
    if predecessor_id == successor_id:
        return Refused("succession_same", "Hai cơ quan phải khác nhau.", field="successor")
    if successor_id in ancestors:
        return Refused(
            "succession_reversed",
            "Cơ quan nhận đã được ghi là cơ quan trước của cơ quan này. Hãy xem lại chiều kế thừa.",
            field="successor",
        )
    if on <= predecessor.valid_from:
        return Refused(
            "succession_too_early",
            f"Cơ quan trước hoạt động từ {predecessor.valid_from:%d/%m/%Y}; ngày kế thừa phải sau "
            "ngày ấy.",
            field="on",
        )
    if on < successor.valid_from:
        return Refused(
            "succession_too_early",
            f"Cơ quan nhận hoạt động từ {successor.valid_from:%d/%m/%Y}; ngày kế thừa phải từ ngày "
            "ấy trở đi.",
            field="on",
        )
    if successor.valid_to is not None and on > successor.valid_to:
        return Refused(
            "succession_too_late",
            f"Cơ quan nhận đã kết thúc hoạt động ngày {successor.valid_to:%d/%m/%Y}.",
            field="on",
        )
    if last is not None and predecessor.valid_to not in {None, last}:
        return Refused(
            "predecessor_ended",
            f"Cơ quan trước đã được ghi kết thúc ngày {predecessor.valid_to:%d/%m/%Y}. Hãy sửa ngày "
            "kế thừa, hoặc bỏ chọn kết thúc cơ quan trước.",
            field="ends_predecessor",
        )
    if not any(char.isdigit() for char in basis):
        return Refused(
            "basis_unnumbered",
            "Hãy ghi số của nghị quyết hoặc quyết định, ví dụ 1656/NQ-UBTVQH15.",
            field="basis",
        )
    return ALLOWED


_CODE = re.compile(r"[A-Za-zĐđ0-9]+([.\-_][A-Za-zĐđ0-9]+)*")
_WEBSITE = re.compile(r"(https?://)?[\w\-]+(\.[\w\-]+)+(:\d+)?(/\S*)?", re.IGNORECASE)


def decide_agency_code(code: str) -> Decision:
    """Decide whether a text can be an agency's code: it begins the codes of its cases ("H99.18")."""
    if _CODE.fullmatch(code):
        return ALLOWED
    return Refused(
        "agency_code_form",
        "Mã cơ quan gồm chữ không dấu và số, cách nhau bằng dấu chấm hoặc gạch, ví dụ H99.18.",
        field="code",
    )


def decide_website(address: str) -> Decision:
    """Decide whether a text can be the address of a site; empty for none."""
    if not address or _WEBSITE.fullmatch(address):
        return ALLOWED
    return Refused(
        "website_form", "Hãy ghi địa chỉ trang như stp.lamson.gov.vn hoặc https://…",
        field="website",
    )  # fmt: skip


_ABBREVIATION = re.compile(r"[^\W_]([\w&.\-]*[^\W_])?")


def decide_abbreviation(text: str) -> Decision:
    """Decide whether a text can stand in the number of a paper, as "UBND" in "01/QĐ-UBND"; empty
    for none. Source: Nghị định 30/2020/NĐ-CP Phụ lục I, phần I, mục II, khoản 3.
    """
    if text and not _ABBREVIATION.fullmatch(text):
        return Refused(
            "abbreviation_invalid",
            "Chữ viết tắt chỉ gồm chữ, số và dấu nối, không có dấu cách, ví dụ UBND.",
            field="abbreviation",
        )
    return ALLOWED
