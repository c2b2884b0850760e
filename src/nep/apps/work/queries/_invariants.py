"""Items as `nep doctor` holds them against what they were opened for."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q

from nep.apps.organization import queries as organization
from nep.apps.work import rules
from nep.apps.work.models import Reminder, WorkCount, WorkItem
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


@invariant("work_counts", "Số đếm việc đang mở bằng đúng số dòng việc đã cộng")
def counts() -> Iterator[Finding]:
    """Find counts that are not the sum of what their items say is counted, and items that have
    changed without being marked for counting."""
    with transaction.atomic():
        known: Counter[tuple] = Counter()
        rows = WorkItem.objects.exclude(counted="").values("agency_id", "counted")
        for row in rows.annotate(n=Count("id")).order_by():
            place = rules.place_of_text(row["counted"])
            if place is not None:
                for scope, owner in place.lists:
                    known[row["agency_id"], scope, owner, place.kind, place.day] += row["n"]
        held = {
            tuple(key): n
            for *key, n in WorkCount.objects.values_list(
                "agency_id", "scope", "owner_id", "kind", "day", "n"
            )
        }
    for key in sorted(key for key in {*known, *held} if known.get(key, 0) != held.get(key, 0)):
        yield Finding(
            "work_counts", f"số đếm {key}", f"ghi {held.get(key, 0)}, các việc nói {known[key]}"
        )
    yield from _uncounted()


def _uncounted() -> Iterator[Finding]:
    lost = WorkItem.objects.filter(state=WorkItem.OPEN, listed=False)
    for id_, title in lost.values_list("id", "title"):
        yield Finding(
            "work_counts", f"việc {id_} ({title})", "đang mở mà không danh sách nào tìm ra"
        )
    told = WorkItem.objects.filter(stale=True, ends_id__isnull=False).values("ends_id")
    settled = WorkItem.objects.filter(Q(state=WorkItem.OPEN) | ~Q(counted=""), stale=False)
    settled = settled.exclude(pk__in=told)
    columns = (
        "id", "title", "counted", "state", "unit_id", "person_id", "role", "kind", "due_at",
        "paused",
    )  # fmt: skip
    for id_, title, counted, state, *facts in settled.values_list(*columns).iterator():
        unit_id, person_id, role, kind, due_at, paused = facts
        place = rules.place_of(
            is_open=state == WorkItem.OPEN, unit_id=unit_id, person_id=person_id, role=role,
            kind=kind, due_at=due_at, paused=paused,
        )  # fmt: skip
        if (place.text if place else "") != counted:
            yield Finding("work_counts", f"việc {id_} ({title})", f"đếm là “{counted}”")


@invariant("work_reminders", "Mỗi lời nhắc hạn thuộc về một việc")
def reminders() -> Iterator[Finding]:
    """Find reminders of items that are gone."""
    ids = sorted(set(Reminder.objects.values_list("item_id", flat=True)))
    for start in range(0, len(ids), _AT_ONCE):
        part = ids[start : start + _AT_ONCE]
        known = set(WorkItem.objects.filter(pk__in=part).values_list("pk", flat=True))
        for pk in set(part) - known:
            yield Finding("work_reminders", f"việc {pk}", "đã được nhắc hạn mà không còn")
