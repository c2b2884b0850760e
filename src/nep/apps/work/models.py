"""Tables of the worklist.

Open rows are found through partial indexes on `state = 0`; a check of the state in an UPDATE is
written `state < 1`, so that it never implies that predicate and draws the index instead of the
primary key.
"""

from django.db import models
from django.db.models import Q

from nep.foundation.db import TimeOrderedIdField


class WorkItem(models.Model):
    """One thing somebody has to do. Without a person it waits for whoever holds the role."""

    OPEN, DONE, WITHDRAWN = 0, 1, 2

    id = TimeOrderedIdField()
    agency_id = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    title = models.CharField(max_length=300)
    detail = models.CharField(max_length=400, default="")
    link = models.CharField(max_length=200)
    source_type = models.CharField(max_length=30)
    source_id = models.BigIntegerField()
    source_code = models.CharField(max_length=60, default="")
    step_label = models.CharField(max_length=120, default="")
    person_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField(null=True)
    role = models.CharField(max_length=20, default="")
    opened_at = models.DateTimeField()
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    limit_minutes = models.IntegerField(null=True)
    pleat = models.TextField(default="[]")
    note = models.CharField(max_length=500, default="")
    state = models.SmallIntegerField(default=OPEN)
    paused = models.BooleanField(default=False)
    claimed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closed_by_id = models.BigIntegerField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[0, 1, 2]), name="work_item_state_known"),
            models.CheckConstraint(
                condition=Q(state=0, closed_at=None) | Q(state__gt=0, closed_at__isnull=False),
                name="work_item_closed_has_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["person_id", "agency_id", "due_at", "id"],
                condition=Q(state=0, person_id__isnull=False),
                name="work_open_of_person",
            ),
            models.Index(
                fields=["agency_id", "unit_id", "role", "due_at", "id"],
                condition=Q(state=0, person_id=None),
                name="work_open_of_role",
            ),
            models.Index(
                fields=["due_at"], condition=Q(state=0, paused=False), name="work_open_running"
            ),
            models.Index(fields=["source_type", "source_id"], name="work_item_source"),
        ]


class Reminder(models.Model):
    """An item was noticed to be near its due date, or past it, once for each due date."""

    item_id = models.BigIntegerField()
    stage = models.CharField(max_length=4)
    due_at = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item_id", "stage", "due_at"], name="work_reminded_once"
            )
        ]


class Notice(models.Model):
    """A line behind the bell. `key` makes notices of one kind and day one line."""

    id = TimeOrderedIdField()
    person_id = models.BigIntegerField()
    agency_id = models.BigIntegerField()
    key = models.CharField(max_length=80)
    text = models.CharField(max_length=300)
    detail = models.CharField(max_length=400, default="")
    icon = models.CharField(max_length=30, default="bell")
    link = models.CharField(max_length=200)
    at = models.DateTimeField()
    count = models.IntegerField(default=1)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "agency_id", "key"], name="work_one_notice_a_key"
            )
        ]
        indexes = [
            models.Index(fields=["person_id", "agency_id", "-at"], name="work_notice_newest"),
            models.Index(
                fields=["person_id", "agency_id"],
                condition=Q(read_at=None),
                name="work_notice_unread",
            ),
        ]


class UrgentSource(models.Model):
    """Something whose work is urgent: all its items stand first and carry the mark."""

    agency_id = models.BigIntegerField()
    source_type = models.CharField(max_length=30)
    source_id = models.BigIntegerField()
    reason = models.CharField(max_length=500, default="", blank=True)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_type", "source_id"], name="work_one_urgency_a_source"
            )
        ]
        indexes = [models.Index(fields=["agency_id", "-since"], name="work_urgent_newest")]
