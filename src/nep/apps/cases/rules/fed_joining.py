"""Several tellings of one row become one, whatever the order in which they came. Pure.

A system sends the same work again: late, twice, in another order, sometimes otherwise than before.
`join` is commutative, associative and idempotent, so that everybody who heard the same tellings
holds the same row. Where tellings of finished work contradict each other all of them are kept
(`told`), and the one told with the latest end is the one that counts.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from nep.apps.cases.rules.fed_columns import FedRow
from nep.apps.cases.rules.fed_steps import status_of

_BEGINNING = datetime(1900, 1, 1, tzinfo=UTC)  # an actor told while the work was open
CONTRADICTED = {
    "end": "giờ kết thúc",
    "actor": "người xử lý",
    "received": "ngày tiếp nhận",
    "due": "ngày hẹn trả",
    "tthc": "thủ tục",
}


def join(one: FedRow, other: FedRow) -> FedRow:
    """Return what two tellings of the same row (equal `key`) say together.

    An end closes what was open; of two ends the later counts; empty fields are filled.
    """
    later, earlier = sorted((one, other), key=_weight, reverse=True)
    end = _most(one.end, other.end)
    actor_at = _actor_at(later) if later.actor else _BEGINNING
    return replace(
        later,
        step=max(one.step, other.step),
        number=min(one.number, other.number),
        tthc=max(one.tthc, other.tthc),
        variant=max(one.variant, other.variant),
        note=_fuller(one.note, other.note),
        status=max(one.status, other.status, key=lambda text: (_stage(text), text)),
        actor=later.actor or earlier.actor,
        actor_at=None if not later.actor or actor_at == (end or _BEGINNING) else actor_at,
        role=_fuller(one.role, other.role),
        start=_least(one.start, other.start),
        end=end,
        received=_least(one.received, other.received),
        due=_most(one.due, other.due),
        due_new=_most(one.due_new, other.due_new),
        has_end=one.has_end or other.has_end,
        node=one.node if one.node is not None else other.node,
        told=_told(one, other),
    )


def is_lengthening(old: FedRow, new: FedRow) -> bool:
    """Say whether a joined row only tells more of what was told: its end, its promised date."""
    if old.end is not None and (new.end, new.actor, new.told, new.status) != (
        old.end, old.actor, old.told, old.status,
    ):  # fmt: skip
        return False
    kept = replace(
        new, number=old.number, end=old.end, status=old.status, due_new=old.due_new,
        told=old.told, actor_at=old.actor_at, has_end=old.has_end,
    )  # fmt: skip
    return kept == old


def contradictions(row: FedRow) -> list[tuple[str, tuple[str, ...]]]:
    """Return (what, the different tellings) of a row, empty when nothing contradicts."""
    return [(CONTRADICTED[field], values) for field, values in row.told]


def _weight(row: FedRow) -> tuple:
    """Order tellings: the actor told with the latest end counts, then by content alone."""
    return (bool(row.actor), _actor_at(row), row.actor)


def _actor_at(row: FedRow) -> datetime:
    return row.actor_at or row.end or _BEGINNING


def _stage(text: str) -> int:
    return status_of(text) or 0


def _fuller(one: str, other: str) -> str:
    return max(one, other, key=lambda text: (len(text), text))


def _most(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((moment for moment in (one, other) if moment is not None), default=None)


def _least(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((moment for moment in (one, other) if moment is not None), default=None)


def _told(one: FedRow, other: FedRow) -> tuple[tuple[str, tuple[str, ...]], ...]:
    kept: dict[str, set[str]] = {}
    for row in (one, other):
        for field, values in row.told:
            kept.setdefault(field, set()).update(values)
    for field in CONTRADICTED:
        left, right = getattr(one, field), getattr(other, field)
        if not left or not right or left == right:
            continue
        if field == "actor" and _BEGINNING in (_actor_at(one), _actor_at(other)):
            continue  # work handed on while it was open is no contradiction
        kept.setdefault(field, set()).update((_text(left), _text(right)))
    return tuple((field, tuple(sorted(kept[field]))) for field in CONTRADICTED if field in kept)


def _text(value: str | datetime) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


def first_received(rows: Iterable[FedRow]) -> datetime:
    """Return when a case was received, as far as its rows tell."""
    return min(min(row.received or row.first_at, row.first_at) for row in rows)


__all__ = ["contradictions", "first_received", "is_lengthening", "join"]
