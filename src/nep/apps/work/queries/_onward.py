"""What a person does next after an act: the nearest item of theirs that leads somewhere else."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import QuerySet

from nep.apps.organization.rules import Actor
from nep.apps.work.queries._list import by_nearest, own_items, waiting_items

_LOOKED_AT = 3
_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Onward:
    """The item that comes next: its words and its address; no step that its title says already."""

    title: str
    step: str
    link: str


def onward_item(*, actor: Actor, path: str) -> Onward | None:
    """Return the nearest running item that the actor holds or that waits for one of the actor's
    roles, except where it leads to `path` itself; None for none. Two queries."""
    found = [*_first(own_items(actor)), *_first(waiting_items(actor))]
    found.sort(key=lambda one: (one[0] or _LAST, one[1]))
    for _due_at, _id, title, step, link in found:
        if link and link.partition("?")[0] != path:
            return Onward(title, "" if step in title else step, link)
    return None


def _first(rows: QuerySet) -> list[tuple]:
    nearest = by_nearest(rows.filter(paused=False))
    return list(nearest.values_list("due_at", "id", "title", "step_label", "link")[:_LOOKED_AT])
