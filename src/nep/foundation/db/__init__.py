"""What both database engines share: time-ordered keys and one-statement writes."""

from nep.foundation.db.batch import Batch, inserts, updates
from nep.foundation.db.fields import TimeOrderedIdField
from nep.foundation.db.ids import new_id
from nep.foundation.db.keys import Among
from nep.foundation.db.lookup import Lookup
from nep.foundation.db.prepared import Mark, Prepared
from nep.foundation.db.threads import keep_by_thread

__all__ = [
    "Among", "Batch", "Lookup", "Mark", "Prepared", "TimeOrderedIdField", "inserts", "new_id", "updates",
]  # fmt: skip

keep_by_thread()  # before the first connection: every application's models import this package
