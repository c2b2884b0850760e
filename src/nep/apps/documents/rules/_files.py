"""Which copies of a document may be handed out, and how their names warn.

Source: ISO 9001:2015 điều 7.5.3.1 a), 7.5.3.2 (sử dụng đúng bản, ngăn dùng bản lỗi thời).
"""

from nep.apps.documents.rules._life import APPROVED, DROPPED, IN_FORCE, OPEN, RETIRED
from nep.apps.organization.rules import Actor, may
from nep.kernel.decisions import ALLOWED, Decision, Refused

FROZEN_ENDING = " - bản công bố.pdf"
ATTACHED_ENDING = " - PDF kèm bản gốc.pdf"
_MARKS = {APPROVED: "CHUA HIEU LUC", RETIRED: "HET HIEU LUC", DROPPED: "DA BO", IN_FORCE: ""}
_WORKERS = ("document.draft", "document.check", "document.approve", "document.manage")


def copy_mark(state: str) -> str:
    """Return the warning before the name of a file whose revision is not in force."""
    return _MARKS.get(state, "DU THAO")


def is_frozen_copy(name: str) -> bool:
    """Say whether a stored file is a published copy that the system made and froze."""
    return name.endswith(FROZEN_ENDING)


def may_download_original(actor: Actor, *, state: str) -> Decision:
    """Decide who gets the untouched file: everybody what holds, those who work on it the rest."""
    if state == IN_FORCE or any(may(actor, permission) for permission in _WORKERS):
        return ALLOWED
    if state in OPEN:
        return Refused(
            "original_draft",
            "Bản này chưa có hiệu lực nên chỉ người soạn, kiểm tra, phê duyệt tải được tệp gốc.",
        )
    return Refused(
        "original_retired",
        "Bản này đã hết hiệu lực. Bạn tải được bản PDF có dấu “Hết hiệu lực”, không tải tệp gốc.",
    )
