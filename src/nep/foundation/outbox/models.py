"""Tables of the queue and of the worker's timetable."""

from django.db import models
from django.db.models import Q

from nep.foundation.db import TimeOrderedIdField


class QueueRow(models.Model):
    """An event to deliver or a job to do; done rows are removed after a week."""

    WAITING, DONE, FAILED = 0, 1, 2
    URGENT, ORDINARY = 0, 1  # lanes: somebody waits at the screen, or nobody does

    id = TimeOrderedIdField()
    name = models.CharField(max_length=80)
    payload = models.TextField(default="{}")
    agency_id = models.BigIntegerField(null=True)
    key = models.CharField(max_length=120, null=True)  # noqa: DJ001  # null: no key, so never equal
    state = models.SmallIntegerField(default=WAITING)
    lane = models.SmallIntegerField(default=ORDINARY, db_default=ORDINARY)
    run_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    error = models.TextField(default="")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name", "key"], name="outbox_key_once", condition=Q(key__isnull=False)
            )
        ]
        indexes = [
            models.Index(
                fields=["lane", "run_at", "id"], name="outbox_waiting_by_lane", condition=Q(state=0)
            ),
            models.Index(fields=["finished_at"], name="outbox_finished", condition=Q(state=1)),
        ]


class Timetable(models.Model):
    """When each periodic job last ran; the row is its lease as well."""

    name = models.CharField(max_length=80, primary_key=True)
    last_run_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    error = models.TextField(default="")
