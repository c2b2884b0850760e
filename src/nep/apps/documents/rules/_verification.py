"""What anyone who holds a copy may learn: the state of its version, and whether the copy is it.

Source: ISO 9001:2015 điều 7.5.3.1 a), 7.5.3.2 (đúng bản, ngăn dùng bản lỗi thời); Luật Bảo vệ dữ
liệu cá nhân 91/2025/QH15 (chỉ nêu tên và chức vụ đã ghi trên tài liệu).
"""

from collections.abc import Sequence

from nep.apps.documents.rules._kinds import PUBLIC
from nep.apps.documents.rules._life import APPROVED, IN_FORCE, RETIRED

COMING, HOLDS, REPLACED, WITHDRAWN = "coming", "holds", "replaced", "withdrawn"
SAME, EARLIER, OTHER_COPY = "same", "earlier", "other"


def public_state(state: str, *, is_withdrawn: bool, is_last: bool) -> str:
    """Return what the state of a version is to the public, "" where there is nothing to tell.

    `is_withdrawn` is of the whole document, `is_last` says that no later version ever held.
    """
    if state == APPROVED:
        return COMING
    if state == IN_FORCE:
        return HOLDS
    if state == RETIRED:
        return WITHDRAWN if is_withdrawn and is_last else REPLACED
    return ""


def tells_title(level: str) -> bool:
    """Say whether code, title and people of a document are told to who only holds its code."""
    return level == PUBLIC


def compare_copy(digest: str, *, issued: str, earlier: Sequence[str]) -> str:
    """Return SAME for the issued bytes, EARLIER for those before a later signature, else OTHER."""
    if digest == issued:
        return SAME
    return EARLIER if digest in earlier else OTHER_COPY
