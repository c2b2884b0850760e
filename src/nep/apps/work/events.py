"""Facts that the worklist announces."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ItemHandedOver:
    """An item went from one person to another, for a reason; `told` is when, in ms since 1970."""

    item_id: int
    agency_id: int
    title: str
    source_code: str
    link: str
    old_person_id: int | None
    new_person_id: int
    by_id: int
    reason: str
    told: int = 0
