"""Tables of the index. The words themselves lie in what each engine is good at (see migrations)."""

from django.db import models

from nep.foundation.db import TimeOrderedIdField


class Entry(models.Model):
    """One thing that can be found. `folded_title` and `folded` are words of the search form.

    The short columns stand before the long ones, so that sifting reads no text. `state` is
    "current", "open" (on its way) or "old"; an old thing is found only when asked for. `stamp` is
    when the thing last changed in its own part. `is_long`: see `services.outgrows_positions`.
    """

    id = TimeOrderedIdField()
    agency_id = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    object_id = models.BigIntegerField()
    sort = models.CharField(max_length=20, default="")
    state = models.CharField(max_length=8, default="current")
    unit_id = models.BigIntegerField(null=True)
    is_open = models.BooleanField(default=True)
    is_long = models.BooleanField(default=False)
    at = models.DateField(null=True)
    code = models.CharField(max_length=80, default="")
    title = models.CharField(max_length=600)
    detail = models.CharField(max_length=300, default="")
    link = models.CharField(max_length=200)
    stamp = models.DateTimeField(null=True)
    text_hash = models.CharField(max_length=64, default="")
    folded_title = models.CharField(max_length=800)
    folded = models.TextField(default="")
    text = models.TextField(default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id"], name="search_one_entry_each"),
            models.CheckConstraint(
                condition=models.Q(state__in=["current", "open", "old"]), name="search_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["agency_id", "sort", "state"], name="search_of_sort"),
            models.Index(fields=["kind", "stamp"], name="search_newest"),
        ]


class Mark(models.Model):
    """Up to which moment of change a source has been followed."""

    kind = models.CharField(max_length=20, primary_key=True)
    until = models.DateTimeField()
