"""Who has things to be found. Each part registers its source when its jobs are found.

The worker follows every source: it asks what has changed since the newest moment it knows and
describes that anew, so that no service has to think of the index. Who may see what is not open to
the whole agency is asked of the source at the moment of the question, never kept in the index.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from nep.foundation.search.queries import Sight
from nep.foundation.search.services import Found

ChangedSince = Callable[[datetime | None], Iterable[tuple[int, datetime]]]
Describe = Callable[[int], Found | None]
SeenBy = Callable[[Any, Collection[int]], Collection[int]]


def nobody(actor: Any, object_ids: Collection[int]) -> Collection[int]:
    """Show nobody what is not open."""
    return ()


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of thing: (id, moment of change) of what changed since, oldest first; one in full.

    `describe` answers None for what is not to be found any more; `seen_by` returns those of the
    given ids that are not open and that an actor may see nevertheless.
    """

    kind: str
    changed_since: ChangedSince
    describe: Describe
    seen_by: SeenBy = nobody


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Add a source; the same kind again replaces it."""
    _sources[source.kind] = source


def sources() -> tuple[Source, ...]:
    """Return every source, by kind."""
    return tuple(_sources[kind] for kind in sorted(_sources))


def sight_of(actor: Any, *, agency_id: int) -> Sight:
    """Return what an actor may find in an agency: what is open, and what each source shows."""
    judges = {source.kind: partial(source.seen_by, actor) for source in sources()}
    return Sight(agency_id, judges)
