"""Following the sources: the index becomes equal to them within seconds, whatever was missed."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from nep.foundation.search.models import Entry, Mark
from nep.foundation.search.services import put, remove
from nep.foundation.search.sources import Source, sources

LOOK_BACK = timedelta(minutes=10)  # longer than any action takes from its moment to its commit
AT_ONCE = 200


def follow_all(*, at_once: int = AT_ONCE) -> int:
    """Describe anew what changed in every source, at most so many things each; return how many."""
    return sum(follow(source, at_once=at_once) for source in sources())


def follow(source: Source, *, at_once: int = AT_ONCE) -> int:
    """Describe anew what changed in one source; a second run finds nothing left to do.

    Return how many entries were written or taken out.
    """
    mark = Mark.objects.filter(kind=source.kind).values_list("until", flat=True).first()
    since = mark - LOOK_BACK if mark else None
    known = dict(_stamps(source.kind, since))
    done, until = 0, mark
    for object_id, changed_at in source.changed_since(since):
        until = max(until, changed_at) if until else changed_at
        if known.get(object_id) == changed_at:
            continue
        thing = source.describe(object_id)
        if thing is None:
            done += remove(kind=source.kind, object_id=object_id)
        else:
            put(thing, stamp=changed_at)
            done += 1
        if done >= at_once:
            break
    if until is not None and until != mark:
        Mark.objects.update_or_create(kind=source.kind, defaults={"until": until})
    return done


def _stamps(kind: str, since: datetime | None) -> Iterable[tuple[int, datetime | None]]:
    rows = Entry.objects.filter(kind=kind)
    if since is not None:
        rows = rows.filter(stamp__gte=since)
    return rows.values_list("object_id", "stamp")


def rebuild() -> int:
    """Empty the index and fill it again from every source; return how many things it holds."""
    Mark.objects.all().delete()
    Entry.objects.all().delete()
    for source in sources():
        while follow(source, at_once=1_000):
            pass
    return Entry.objects.count()
