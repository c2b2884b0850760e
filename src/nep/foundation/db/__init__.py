"""What both database engines share: time-ordered keys and one-statement writes."""

from nep.foundation.db.batch import Batch, inserts, updates
from nep.foundation.db.fields import TimeOrderedIdField
from nep.foundation.db.ids import new_id
from nep.foundation.db.keys import Among
from nep.foundation.db.lookup import Lookup
from nep.foundation.db.prepared import Mark, Prepared

__all__ = [
    "Among", "Batch", "Lookup", "Mark", "Prepared", "TimeOrderedIdField", "inserts", "new_id", "updates",
]  # fmt: skip
