"""Editions of the forms of the law: the shipped ones, which holds on a day, how two differ. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any, Protocol, TypeVar

from nep.apps.cases.rules.form_layout import (
    ISSUER_NAMES,
    KIND_NAMES,
    Block,
    Layout,
    columns_text,
    places_text,
    read_layout,
)
from nep.kernel.decisions import ALLOWED, Decision, Refused

DRAFT, PUBLISHED, WITHDRAWN = "draft", "published", "withdrawn"
SHIPPED, PROVINCE, AGENCY = 0, 1, 2  # how near an edition is to an agency
SCOPE_NAMES = {SHIPPED: "Kèm phần mềm", PROVINCE: "Toàn tỉnh", AGENCY: "Riêng cơ quan"}


@dataclass(frozen=True, slots=True)
class Shipped:
    """One edition of the shipped file."""

    key: str
    form: str
    name: str
    legal_number: str
    since: date
    until: date | None
    mark: str
    layout: Layout


def read_shipped(content: Mapping[str, Any]) -> tuple[Shipped, ...]:
    """Return the editions of the shipped file; `like` takes the blocks of another one."""
    blocks = {one["key"]: one.get("blocks") for one in content["editions"]}
    made = []
    for one in content["editions"]:
        parts = one.get("blocks") or blocks[one["like"]]
        made.append(
            Shipped(
                one["key"], one["form"], one["name"], one["legal_number"], one["since"],
                one.get("until"), one.get("mark", ""), read_layout({**one, "blocks": parts}),
            )
        )  # fmt: skip
    return tuple(made)


class Dated(Protocol):
    """What a choice between editions looks at."""

    since: date
    until: date | None


AnEdition = TypeVar("AnEdition", bound=Dated)


def edition_on(editions: Iterable[tuple[int, AnEdition]], *, on: date) -> AnEdition | None:
    """Return the edition that holds on a day: the one with the latest first day.

    `editions` are (how near, edition) in the order in which they were published. Where two begin on
    the same day the agency's own comes before the province's and that before the shipped one, and
    the later published before the earlier.
    """
    held = [
        (one.since, near, place, one)
        for place, (near, one) in enumerate(editions)
        if one.since <= on and (one.until is None or on <= one.until)
    ]
    return max(held, key=lambda found: found[:3])[3] if held else None


def decide_period(*, since: date, until: date | None) -> Decision:
    """Decide whether an edition's days make sense."""
    if until is not None and until < since:
        return Refused(
            "form_period", "Ngày hết hiệu lực phải từ ngày bắt đầu trở đi.", field="until"
        )
    return ALLOWED


def decide_publish(*, state: str, faults: Sequence[str], is_bound: bool) -> Decision:
    """Decide whether a draft may come into force."""
    if state != DRAFT:
        return Refused("form_not_draft", "Chỉ bản đang soạn mới đưa vào áp dụng được.")
    if faults:
        return Refused(
            "form_faulty", f"Mẫu còn {len(faults)} chỗ chưa in được: {faults[0]}", field="blocks"
        )
    if not is_bound:
        return Refused(
            "form_unbound",
            "Văn bản ban hành mẫu chưa có trong danh mục văn bản bên ngoài của cơ quan. "
            "Hãy thêm văn bản ấy vào danh mục trước.",
            field="legal_number",
        )
    return ALLOWED


def decide_withdraw(*, state: str, is_shipped: bool, reason: str) -> Decision:
    """Decide whether an edition may be withdrawn; no new paper is then made by it."""
    if is_shipped:
        return Refused(
            "form_shipped",
            "Mẫu kèm phần mềm không rút được. Hãy thêm một bản của cơ quan, áp dụng từ ngày bạn chọn.",
        )
    if state != PUBLISHED:
        return Refused("form_not_published", "Chỉ mẫu đang áp dụng mới rút được.")
    if not reason.strip():
        return Refused("reason_missing", "Hãy ghi lý do rút mẫu.", field="reason")
    return ALLOWED


@dataclass(frozen=True, slots=True)
class Difference:
    """One part of two editions side by side; `kind` is same, changed, added or removed."""

    kind: str
    old: str
    new: str
    old_mark: str = ""
    new_mark: str = ""


def compare(old: Layout, new: Layout) -> tuple[Difference, ...]:
    """Return two editions part by part, in the order of the newer one."""
    found = []
    for label, before, after in zip(
        ("Tên", "Số", "Dòng phụ", "Nơi ban hành", "Khổ giấy"), _head(old), _head(new), strict=True
    ):
        kind = "same" if before == after else "changed"
        if before or after:
            found.append(Difference(kind, f"{label}: {before}", f"{label}: {after}"))
    lines = [block_text(one) for one in old.blocks], [block_text(one) for one in new.blocks]
    matcher = SequenceMatcher(a=lines[0], b=lines[1], autojunk=False)
    for tag, a1, a2, b1, b2 in matcher.get_opcodes():
        found += _side_by_side(tag, old.blocks[a1:a2], new.blocks[b1:b2])
    return tuple(found)


def _head(layout: Layout) -> tuple[str, ...]:
    paper = "ngang" if layout.landscape else "đứng"
    issuer = ISSUER_NAMES.get(layout.issuer, layout.issuer)
    return layout.title, layout.number, layout.subtitle, issuer, paper


def _side_by_side(tag: str, old: Sequence[Block], new: Sequence[Block]) -> list[Difference]:
    found = []
    for place in range(max(len(old), len(new))):
        before = old[place] if place < len(old) else None
        after = new[place] if place < len(new) else None
        if before and after:
            same = tag == "equal" and before.mark == after.mark
            kind = "same" if same else "changed"
        else:
            kind = "removed" if before else "added"
        found.append(
            Difference(
                kind, block_text(before) if before else "", block_text(after) if after else "",
                before.mark if before else "", after.mark if after else "",
            )
        )  # fmt: skip
    return found


def block_text(block: Block) -> str:
    """Return a part of a form in words, as it is compared and listed."""
    body = {
        "table": columns_text(block.columns), "sign": places_text(block.places),
    }.get(block.kind, block.text)  # fmt: skip
    label = f"{block.label}: " if block.label else ""
    kind = "" if block.kind == "line" else f"{KIND_NAMES.get(block.kind, block.kind)}\n"
    return f"{kind}{label}{body}"
