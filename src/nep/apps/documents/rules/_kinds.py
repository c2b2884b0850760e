"""The kinds and levels of controlled documents, and what may stand below what.

Source: ISO 9001:2015 điều 7.5.1; Luật Bảo vệ bí mật nhà nước, các hành vi bị nghiêm cấm.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from nep.kernel.decisions import ALLOWED, Decision, Refused
from nep.kernel.text import fold

POLICY, MANUAL, SYSTEM_PROCEDURE = "policy", "manual", "system_procedure"
PROCEDURE, INSTRUCTION, FORM = "procedure", "instruction", "form"
PLAN, OTHER = "plan", "other"
KIND_NAMES: dict[str, str] = {
    POLICY: "Chính sách",
    MANUAL: "Sổ tay, mô tả hệ thống",
    SYSTEM_PROCEDURE: "Quy trình hệ thống",
    PROCEDURE: "Quy trình giải quyết công việc",
    INSTRUCTION: "Hướng dẫn",
    FORM: "Biểu mẫu",
    PLAN: "Kế hoạch, mục tiêu",
    OTHER: "Tài liệu khác",
}
KIND_SHORTS: dict[str, str] = {
    POLICY: "CS",
    MANUAL: "ST",
    SYSTEM_PROCEDURE: "QT",
    PROCEDURE: "QT",
    INSTRUCTION: "HD",
    FORM: "BM",
    PLAN: "KH",
    OTHER: "TL",
}
PARENT_KINDS: dict[str, frozenset[str]] = {
    FORM: frozenset({POLICY, MANUAL, SYSTEM_PROCEDURE, PROCEDURE, INSTRUCTION, PLAN, OTHER}),
    INSTRUCTION: frozenset({MANUAL, SYSTEM_PROCEDURE, PROCEDURE}),
    PLAN: frozenset({POLICY, MANUAL, SYSTEM_PROCEDURE}),
    OTHER: frozenset({POLICY, MANUAL, SYSTEM_PROCEDURE, PROCEDURE, INSTRUCTION, PLAN, OTHER}),
}
FILE_KINDS = ("docx", "xlsx", "pptx", "pdf", "odt", "png", "jpg")
DEFAULT_MASKS: dict[str, str] = {
    POLICY: "CS-{seq:02}",
    MANUAL: "ST-{seq:02}",
    SYSTEM_PROCEDURE: "QT-{seq:02}",
    PROCEDURE: "QT-{seq:02}",
    INSTRUCTION: "HD-{seq:02}",
    FORM: "BM-{parentnumber}.{seq:02}",
    PLAN: "KH-{yyyy}-{seq:02}",
    OTHER: "TL-{seq:02}",
}

PUBLIC, INTERNAL, RESTRICTED = "public", "internal", "restricted"
LEVEL_NAMES: dict[str, str] = {
    PUBLIC: "Công khai",
    INTERNAL: "Nội bộ cơ quan",
    RESTRICTED: "Hạn chế",
}
NEW_FOR = timedelta(days=30)
_SECRETS = frozenset({"mat", "toi mat", "tuyet mat", "bi mat nha nuoc", "secret"})

NEW, HOLDS, WITHDRAWN_STATUS, DROPPED_STATUS = "new", "in_force", "withdrawn", "dropped"
STATUS_NAMES: dict[str, str] = {
    NEW: "Chưa ban hành",
    HOLDS: "Đang hiệu lực",
    WITHDRAWN_STATUS: "Đã bãi bỏ",
    DROPPED_STATUS: "Đã bỏ bản thảo",
}

LIBRARY_STATES: dict[str, str] = {
    "hl": "Đang hiệu lực",
    "moi": "Mới trong 30 ngày",
    "doc": "Bạn cần đọc",
    "soan": "Đang soạn, chờ duyệt",
    "xet": "Đến kỳ soát xét",
    "bo": "Đã bãi bỏ",
    "tat": "Tất cả, kể cả đã bãi bỏ",
}
STANDARDS: tuple[str, ...] = (
    "ISO 9001:2015", "ISO/IEC 27001:2022", "ISO 14001:2015", "ISO 45001:2018", "ISO 37001:2016",
)  # fmt: skip


def is_secret_level(text: str) -> bool:
    """Say whether a level asked for is one of the state's secrets."""
    return fold(text) in _SECRETS


def decide_level(level: str) -> Decision:
    """Decide whether a document of this level may lie here.

    Source: Luật Bảo vệ bí mật nhà nước, các hành vi bị nghiêm cấm: soạn thảo, lưu giữ tài liệu chứa
    bí mật nhà nước trên máy tính kết nối mạng.
    """
    if is_secret_level(level):
        return Refused(
            "level_secret",
            "Tài liệu bí mật nhà nước (Mật, Tối mật, Tuyệt mật) không được đưa vào hệ thống nối "
            "mạng. Hãy quản lý tài liệu này theo quy định về bảo vệ bí mật nhà nước.",
            "Luật Bảo vệ bí mật nhà nước",
            field="level",
        )
    if level not in LEVEL_NAMES:
        return Refused("level_unknown", "Hãy chọn mức phổ biến trong danh sách.", field="level")
    return ALLOWED


def decide_kind(kind: str) -> Decision:
    """Decide whether a document of this kind is made in the library.

    Procedures are made on their own pages, with their steps.
    """
    if kind == PROCEDURE:
        return Refused(
            "kind_has_own_page",
            "Quy trình giải quyết công việc được soạn ở trang Quy trình, cùng bảng các bước.",
            field="kind",
        )
    if kind not in KIND_NAMES:
        return Refused("kind_unknown", "Hãy chọn loại tài liệu trong danh sách.", field="kind")
    return ALLOWED


def decide_parent(kind: str, *, parent_kind: str, parent_code: str) -> Decision:
    """Decide whether a document of a kind may stand below one of another kind."""
    if parent_kind in PARENT_KINDS.get(kind, frozenset()):
        return ALLOWED
    return Refused(
        "parent_kind",
        f"{KIND_NAMES.get(kind, kind)} không đứng dưới {KIND_NAMES.get(parent_kind, '').lower()} "
        f"{parent_code}. Hãy bỏ trống hoặc chọn tài liệu khác.",
        field="parent",
    )


def is_new(since: date | None, *, today: date | None) -> bool:
    """Say whether a document has been in force for at most 30 days."""
    if since is None or today is None:
        return False
    return timedelta(0) <= today - since <= NEW_FOR


def clause_order(clause: str) -> tuple[int, ...]:
    """Return a clause's place among the others: 7.2 stands before 10.2, text after numbers."""
    return tuple(int(part) if part.isdigit() else 999 for part in clause.split(".") if part)


def tag_mark(tag: str) -> str:
    """Return a tag as it stands in the search form of a document: "#an-toan-buc-xa"."""
    return "#" + "-".join(fold(tag).replace("#", " ").split())


def search_form(*, code: str, title: str, tags: Iterable[str]) -> str:
    """Return the text by which the library finds a document: code, title and tags, folded."""
    marks = " ".join(tag_mark(tag) for tag in tags)
    return f"{fold(f'{code} {title}')} {marks}".strip()[:660]
