"""Whom a distribution list reaches, on a day."""

from collections.abc import Iterable
from dataclasses import dataclass

from nep.kernel.decisions import ALLOWED, Decision, Refused

EVERYONE, UNIT, POSITION, PERSON = "everyone", "unit", "position", "person"
TARGET_NAMES: dict[str, str] = {
    EVERYONE: "Toàn cơ quan",
    UNIT: "Đơn vị",
    POSITION: "Chức vụ",
    PERSON: "Người",
}


@dataclass(frozen=True, slots=True)
class Seat:
    """One place of a person in an agency today: unit (None for the whole agency) and post."""

    person_id: int
    name: str
    unit_id: int | None
    unit: str
    position: str


@dataclass(frozen=True, slots=True)
class Target:
    """One line of a distribution list; `unit_ids` holds the unit and the units below it."""

    kind: str
    unit_ids: frozenset[int] = frozenset()
    position: str = ""
    person_id: int | None = None


def recipient_key(kind: str, target_id: int | None) -> str:
    """Return the key under which a target stands once on a list, such as "unit:12"."""
    return kind if kind == EVERYONE else f"{kind}:{target_id}"


def units_below(unit_id: int, parents: Iterable[tuple[int, int | None]]) -> frozenset[int]:
    """Return a unit with every unit below it; `parents` lists (unit, unit above)."""
    pairs = list(parents)
    found = {unit_id}
    while more := {one for one, above in pairs if above in found and one not in found}:
        found |= more
    return frozenset(found)


def people_reached(targets: Iterable[Target], seats: Iterable[Seat]) -> dict[int, Seat]:
    """Return the people a list reaches, each once, with the seat that stands for them.

    The seat in the unit that was named goes first, then a seat in any unit.
    """
    wanted = list(targets)
    found: dict[int, tuple[int, Seat]] = {}
    for seat in seats:
        ranks = [rank for one in wanted if (rank := _rank(one, seat)) is not None]
        if not ranks:
            continue
        rank = min(ranks)
        known = found.get(seat.person_id)
        if known is None or rank < known[0]:
            found[seat.person_id] = (rank, seat)
    return {person_id: seat for person_id, (_rank_, seat) in found.items()}


def _rank(target: Target, seat: Seat) -> int | None:
    if target.kind == UNIT:
        return 0 if seat.unit_id in target.unit_ids else None
    if target.kind == POSITION:
        return 1 if seat.position == target.position else None
    if target.kind == PERSON and seat.person_id != target.person_id:
        return None
    return 2 if seat.unit_id is not None else 3


def decide_recipient(*, kind: str, is_known: bool, has_target: bool) -> Decision:
    """Decide whether a target may be put on a distribution list."""
    if kind not in TARGET_NAMES:
        return Refused("target_unknown", "Hãy chọn nơi nhận trong danh sách.", field="target")
    if kind != EVERYONE and not has_target:
        return Refused(
            "target_missing",
            f"Hãy chọn {TARGET_NAMES[kind].lower()} nhận tài liệu.",
            field="target",
        )
    if is_known:
        return Refused("target_known", "Nơi nhận này đã có trong danh sách.", field="target")
    return ALLOWED
