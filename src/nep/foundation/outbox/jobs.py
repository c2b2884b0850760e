"""What the worker does for the journal, the database and its own queue."""

from datetime import datetime, timedelta

from nep.foundation.db.statistics import statistics_follow
from nep.foundation.journal.services import is_sealed, link_rows, seal_day
from nep.foundation.outbox.registry import periodic
from nep.foundation.outbox.services import purge_done
from nep.kernel.vietnamese import local


@periodic("journal.link", every_seconds=20)
def link_new_rows(now: datetime) -> None:
    """Link what was written since the last round, so that every entry is chained in a minute."""
    while link_rows() == 5000:
        pass


@periodic("journal.seal", every_seconds=900)
def seal_yesterday(now: datetime) -> None:
    """Keep yesterday's heads; missed nights are made good by the next round.

    Before the first sealing of a day every entry that no chain holds is looked for, however old its
    key.
    """
    day = local(now).date() - timedelta(days=1)
    if not is_sealed(on=day):
        while link_rows(is_whole=True) == 5000:
            pass
    seal_day(on=day)


@periodic("outbox.purge", every_seconds=3600)
def purge_done_rows(now: datetime) -> None:
    """Remove rows done more than a week ago."""
    purge_done(now=now)


@periodic("db.statistics", every_seconds=600)
def follow_statistics(now: datetime) -> None:
    """Tell the embedded database's planner how large its tables have become."""
    statistics_follow()
