"""Who has things to be found. Each part registers its source from `AppConfig.ready`.

The worker follows every source: it asks what has changed since the newest moment it knows and
describes that anew, so that no service has to think of the index.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from nep.foundation.search.services import Found

ChangedSince = Callable[[datetime | None], Iterable[tuple[int, datetime]]]
Describe = Callable[[int], Found | None]


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of thing: (id, moment of change) of what changed since, oldest first; one in full.

    `describe` answers None for what is not to be found any more.
    """

    kind: str
    changed_since: ChangedSince
    describe: Describe


_sources: dict[str, Source] = {}


def register(source: Source) -> None:
    """Add a source; the same kind again replaces it."""
    _sources[source.kind] = source


def sources() -> tuple[Source, ...]:
    """Return every source, by kind."""
    return tuple(_sources[kind] for kind in sorted(_sources))
