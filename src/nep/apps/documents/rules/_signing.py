"""Who signs the frozen PDF, with whose certificate, and what is never altered afterwards.

Source: Luật Giao dịch điện tử 20/2023/QH15 Điều 22, 23 (chữ ký số, giá trị pháp lý); Nghị định
30/2020/NĐ-CP Điều 13, Phụ lục I (người ký, chữ ký số của cơ quan, thông tin hiện trên trang).
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from nep.apps.documents.rules._life import APPROVED, IN_FORCE, STATE_NAMES
from nep.kernel.decisions import ALLOWED, Decision, Refused
from nep.kernel.text import fold
from nep.kernel.vietnamese import date_text, local

BY_FILE, BY_TOKEN, OUTSIDE = "file", "token", "outside"
WAY_NAMES = {
    BY_FILE: "Tệp khóa (.p12, .pfx)",
    BY_TOKEN: "Thiết bị ký số của máy chủ",
    OUTSIDE: "Ký ngoài hệ thống",
}
ROOM_TIME = timedelta(minutes=30)
MOST_SIGNATURES = 20
PERSONAL_TAG, AGENCY_TAG = "chu_ky:phe_duyet", "chu_ky:co_quan"
_CLAUSE = "Luật Giao dịch điện tử 20/2023/QH15 Điều 22"


@dataclass(frozen=True, slots=True)
class Signable:
    """What is asked of a revision before somebody signs it."""

    state: str
    is_frozen: bool
    signatures: int
    is_approver: bool
    may_approve: bool
    may_manage: bool


_PARTS = re.compile(r"\w+|[^\w\s]")
_TITLES = frozenset({"ong", "ba"})
_PLACES = frozenset({"tinh", "thanh", "tp", "huyen", "quan", "thi", "xa", "phuong", "dac"})


def decide_sign(asked: Signable) -> Decision:
    """Decide whether a person may sign the frozen PDF of a revision.

    The approver and whoever may approve sign by their own certificate; who manages the documents
    only by the agency's (`decide_certificate`).
    """
    if not (asked.is_approver or asked.may_approve or asked.may_manage):
        return Refused(
            "sign_right",
            "Chỉ người phê duyệt, lãnh đạo, hoặc người quản lý tài liệu (bằng chứng thư của cơ quan) "
            "ký được bản này.",
        )
    if asked.state not in {APPROVED, IN_FORCE}:
        return Refused(
            "sign_state",
            f"Bản này đang ở trạng thái “{STATE_NAMES[asked.state]}”. Chỉ ký được bản đã phê duyệt "
            "hoặc đang có hiệu lực.",
        )
    if not asked.is_frozen:
        return Refused(
            "sign_not_frozen",
            "Bản này chưa có bản PDF công bố nên chưa ký được. Hãy chờ hệ thống dựng xong, hoặc xem "
            "lý do ở trang Toàn văn.",
        )
    if asked.signatures >= MOST_SIGNATURES:
        return Refused("sign_many", f"Bản này đã có {MOST_SIGNATURES} chữ ký, không nhận thêm.")
    return ALLOWED


def decide_certificate(
    *,
    signer: str,
    person: str,
    agency: str,
    valid_from: datetime,
    valid_to: datetime,
    now: datetime,
    is_personal: bool,
) -> Decision:
    """Decide whether a certificate may sign for this person or for the agency.

    The name must stand in the certificate, marks and capitals aside. `is_personal` says whether
    the person may sign by a certificate of their own.
    """
    if valid_to < now:
        return Refused(
            "certificate_expired",
            f"Chứng thư của “{signer}” đã hết hạn ngày {date_text(local(valid_to).date())}. "
            "Hãy gia hạn rồi ký lại.",
            _CLAUSE,
        )
    if valid_from > now:
        return Refused(
            "certificate_early",
            f"Chứng thư của “{signer}” chưa có hiệu lực trước ngày "
            f"{date_text(local(valid_from).date())}.",
            _CLAUSE,
        )
    if is_of(signer, agency):
        return ALLOWED
    if not is_personal:
        return Refused(
            "certificate_agency",
            f"Bạn chỉ ký được bằng chứng thư của cơ quan “{agency}”; chứng thư này là của "
            f"“{signer}”.",
        )
    if is_of(signer, person):
        return ALLOWED
    return Refused(
        "certificate_name",
        f"Chứng thư là của “{signer}”, không phải của “{person}” hay “{agency}”. Mỗi người ký bằng "
        "chứng thư mang tên mình hoặc tên cơ quan.",
    )


def is_of(signer: str, name: str) -> bool:
    """Say whether a certificate's name is this one, and not a longer one that contains it.

    Capitals do not count, marks only where the certificate has any. A title may stand before the
    name, what is set apart behind it, and behind an agency's the place it belongs to.
    """
    wanted = _PARTS.findall(_plain(name))
    if not wanted:
        return False
    said = _plain(signer)
    if fold(said) == said:  # written without marks
        wanted = [fold(word) for word in wanted]
    parts = _PARTS.findall(said)
    for at in range(len(parts) - len(wanted) + 1):
        if parts[at : at + len(wanted)] != wanted:
            continue
        before = parts[at - 1] if at else ""
        behind = parts[at + len(wanted)] if at + len(wanted) < len(parts) else ""
        if _is_apart(before, _TITLES) and _is_apart(behind, _PLACES):
            return True
    return False


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).lower()


def _is_apart(part: str, allowed: frozenset[str]) -> bool:
    """Say whether what stands beside a name is no part of it."""
    return not part or not part[0].isalnum() or part in allowed or fold(part) in allowed


def decide_unchanged(*, seen: str, current: str) -> Decision:
    """Decide whether the bytes that were seen are still the last ones."""
    if seen == current:
        return ALLOWED
    return Refused(
        "signed_meanwhile",
        "Người khác vừa ký bản này trước bạn. Hãy tải lại trang: chữ ký của bạn sẽ đặt lên bản đã "
        "có chữ ký đó.",
    )


def decide_room(
    *, used_at: datetime | None, ends_at: datetime, is_own: bool, now: datetime
) -> Decision:
    """Decide whether a room kept for a signature from outside still waits for it."""
    if not is_own:
        return Refused("room_unknown", "Không thấy phiên ký này của bạn.")
    if used_at is not None:
        return Refused("room_used", "Phiên ký này đã dùng rồi. Muốn ký thêm, hãy mở phiên mới.")
    if ends_at < now:
        return Refused("room_over", "Phiên ký này đã quá 30 phút. Hãy mở phiên mới rồi ký lại.")
    return ALLOWED


def signature_look(
    *, signer: str, position: str, agency: str, at: datetime
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what is seen of a signature, with the time zone, and the tags where it may stand.

    The agency's own signature needs no post.
    """
    there = local(at)
    time = f"Ký lúc {there:%H:%M:%S} {date_text(there.date())} +07:00"
    if is_of(signer, agency):
        return (signer, time), (AGENCY_TAG,)
    return (*(row for row in (signer, position, agency) if row), time), (PERSONAL_TAG,)
