"""Which documents the public may read."""

from nep.apps.documents.rules._kinds import LEVEL_NAMES, PUBLIC
from nep.kernel.decisions import ALLOWED, Decision, Refused


def is_open_to_public(*, status: str, level: str, is_public: bool) -> bool:
    """Say whether anyone may read a document on the public pages: chosen, public and in force."""
    return is_public and level == PUBLIC and status == "in_force"


def decide_public(*, level: str, is_public: bool) -> Decision:
    """Decide whether a document may be put on the public pages, or taken off them."""
    if is_public and level != PUBLIC:
        return Refused(
            "level_not_public",
            f"Tài liệu ở mức “{LEVEL_NAMES.get(level, level)}” nên không đưa lên cổng được. Hãy đổi "
            "mức phổ biến thành Công khai trước.",
            field="is_public",
        )
    return ALLOWED
