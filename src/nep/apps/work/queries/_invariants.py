"""Items as `nep doctor` holds them against what they were opened for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from nep.apps.organization import queries as organization
from nep.apps.work.models import Reminder, WorkItem
from nep.foundation.db.doctor import Finding, invariant

_AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class ItemState:
    """How one item stands, open or closed."""

    id: int
    source_id: int
    source_code: str
    person_id: int | None
    unit_id: int | None
    role: str
    due_at: datetime | None
    is_open: bool
    paused: bool


def item_states(
    *, source_type: str, source_ids: Sequence[int] | None = None
) -> Iterator[ItemState]:
    """Yield every item of some sources, or of all of that type, by id."""
    rows = WorkItem.objects.filter(source_type=source_type)
    if source_ids is not None:
        rows = rows.filter(source_id__in=source_ids)
    columns = (
        "id", "source_id", "source_code", "person_id", "unit_id", "role", "due_at", "state",
        "paused",
    )  # fmt: skip
    for *values, state, paused in rows.order_by("id").values_list(*columns).iterator():
        yield ItemState(*values, state == WorkItem.OPEN, paused)  # type: ignore[call-arg]


@invariant("work_people", "Việc mở thuộc về người hoặc vai trò có thật")
def holders() -> Iterator[Finding]:
    """Find open items of nobody that exists."""
    rows = WorkItem.objects.filter(state=WorkItem.OPEN)
    held = list(rows.values_list("id", "title", "person_id", "role"))
    names = organization.person_names({person_id for _, _, person_id, _ in held})
    for pk, title, person_id, role in held:
        if (person_id not in names) if person_id is not None else not role:
            yield Finding("work_people", f"việc {pk} ({title})", "không có ai giữ")


@invariant("work_reminders", "Mỗi lời nhắc hạn thuộc về một việc")
def reminders() -> Iterator[Finding]:
    """Find reminders of items that are gone."""
    ids = sorted(set(Reminder.objects.values_list("item_id", flat=True)))
    for start in range(0, len(ids), _AT_ONCE):
        part = ids[start : start + _AT_ONCE]
        known = set(WorkItem.objects.filter(pk__in=part).values_list("pk", flat=True))
        for pk in set(part) - known:
            yield Finding("work_reminders", f"việc {pk}", "đã được nhắc hạn mà không còn")
