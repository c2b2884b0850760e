"""Tables of the journal. Triggers of both engines refuse UPDATE and DELETE of entries.

Only where the law has personal data erased (see `services.blacken`) may the words of an entry change,
and never its hash.
"""

from django.db import models

from nep.foundation.db import TimeOrderedIdField


class JournalEntry(models.Model):
    """One recorded action; `content_hash` covers every other column.

    `actor_id` is a person's id; where `actor_kind` is "account" it is a log-in account's. Empty
    with an action "account.…" means an account too: such entries are older than the column.
    """

    id = TimeOrderedIdField()
    agency_id = models.BigIntegerField(null=True)
    actor_id = models.BigIntegerField(null=True)
    # null, not "": a column added so leaves the rows, and their hashes, as they were written
    actor_kind = models.CharField(max_length=8, null=True)  # noqa: DJ001
    action = models.CharField(max_length=64)
    object_type = models.CharField(max_length=40)
    object_id = models.CharField(max_length=64)
    at = models.DateTimeField()
    old = models.TextField(default="")
    new = models.TextField(default="")
    reason = models.TextField(default="")
    content_hash = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["object_type", "object_id", "id"], name="journal_object"),
        ]


class JournalBlackening(models.Model):
    """An entry whose words were blackened by law; its `content_hash` is still that of the old words.

    `kept_hash` is that of the words that are left, empty while they are being replaced: only then
    do the triggers let them change. The entry "journal.blackened" holds the same hash.
    """

    entry_id = models.BigIntegerField(primary_key=True)
    kept_hash = models.CharField(max_length=64, default="", blank=True)


class JournalLink(models.Model):
    """The place of an entry in its agency's chain: hash(previous link hash + content hash)."""

    entry_id = models.BigIntegerField(primary_key=True)
    agency_id = models.BigIntegerField()
    position = models.BigIntegerField()
    chain_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency_id", "position"], name="journal_link_position")
        ]


class JournalCheckpoint(models.Model):
    """The head of an agency's chain at the end of a day; copies kept elsewhere prove the past."""

    agency_id = models.BigIntegerField()
    sealed_on = models.DateField()
    position = models.BigIntegerField()
    chain_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency_id", "sealed_on"], name="journal_one_seal_a_day"
            )
        ]
