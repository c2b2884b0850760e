"""Controlled forms in use: which blanks fill themselves, who may fill, who sees what was filled."""

from collections.abc import Mapping
from datetime import date

from nep.apps.documents.rules._access import acts_as
from nep.apps.organization.rules import Actor, may
from nep.kernel.decisions import ALLOWED, Decision, Refused
from nep.kernel.text import fold
from nep.kernel.vietnamese import date_text

FORM_KIND = "form"
LONGEST_VALUE = 5000


def blank_key(name: str) -> str:
    """Return the form under which the name of a blank is compared."""
    return fold(name).replace(" ", "_")


def own_values(
    *,
    code: str,
    title: str,
    issue: str,
    amendment: str,
    effective_from: date | None,
    agency: str,
    person: str,
    position: str,
    today: date,
    number: str,
) -> Mapping[str, str]:
    """Return the blanks that nobody is asked for, by key: the system knows their values."""
    since = date_text(effective_from) if effective_from else ""
    return {
        "ma_hieu": code,
        "ten_tai_lieu": title,
        "ten_bieu_mau": title,
        "lan_ban_hanh": issue,
        "lan_sua_doi": amendment,
        "ngay_hieu_luc": since,
        "ngay_ban_hanh": since,
        "ten_co_quan": agency,
        "co_quan": agency,
        "nguoi_lap": person,
        "chuc_vu_nguoi_lap": position,
        "ngay_lap": date_text(today),
        "so_phieu": number,
    }


OWN_KEYS = frozenset(
    own_values(
        code="", title="", issue="", amendment="", effective_from=None, agency="", person="",
        position="", today=date(2026, 1, 1), number="",
    )
)  # fmt: skip


def form_number(number: int, year: int) -> str:
    """Return the number of a filled form, such as "012/2026"."""
    return f"{number:03d}/{year}"


def decide_fill(*, kind: str, is_in_force: bool, is_current: bool, has_blanks: bool) -> Decision:
    """Decide whether a form may be filled from the revision that somebody has open.

    Source: ISO 9001:2015 điều 7.5.3.2: ngăn dùng nhầm tài liệu lỗi thời.
    """
    if kind != FORM_KIND:
        return Refused("not_a_form", "Tài liệu này không phải biểu mẫu để điền.")
    if not is_in_force:
        return Refused(
            "form_retired",
            "Biểu mẫu này không còn hiệu lực nên không điền được. Hãy tìm biểu mẫu thay thế trong "
            "thư viện.",
        )
    if not is_current:
        return Refused(
            "form_replaced",
            "Biểu mẫu vừa có bản mới, bản bạn đang mở đã hết hiệu lực. Hãy mở lại biểu mẫu để điền "
            "theo bản mới.",
        )
    if not has_blanks:
        return Refused(
            "form_without_blanks",
            "Tệp của biểu mẫu chưa có chỗ điền. Hãy tải tệp về để điền, hoặc nhờ thư ký ISO đặt "
            "thẻ {{ten_truong}} vào tệp Word.",
        )
    return ALLOWED


def may_see_filled(
    actor: Actor, *, agency_id: int, filled_by: int, owner_unit_id: int | None
) -> Decision:
    """Decide whether a filled form may be read: by who filled it, the form's unit, the managers."""
    unseen = Refused("not_found", "Không tìm thấy nội dung này trong cơ quan của bạn.")
    if agency_id != actor.agency_id or not may(actor, "document.see"):
        return unseen
    if filled_by in acts_as(actor) or may(actor, "document.manage") or "leader" in actor.roles:
        return ALLOWED
    if owner_unit_id is not None and owner_unit_id in actor.unit_ids:
        return ALLOWED
    return unseen
