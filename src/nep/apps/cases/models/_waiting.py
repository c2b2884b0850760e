"""Tables of what a running case waits for besides its steps: waits, messages, opinions, calls."""

from django.db import models
from django.db.models import F, Q

from nep.apps.cases.models._case import Case, StepRun
from nep.foundation.db import TimeOrderedIdField


class CaseWait(models.Model):
    """One timer or message that a case waits for; a closed one says how it ended.

    `token` and `node` are the engine's. `due_at` is when a timer fires by the agency's calendar or
    by the clock; `left` how often a cycle still comes, None without an end or where there is none.
    `outcome` is fired, arrived, by_hand, dropped (no longer wanted) or recalled. `trouble` says why
    a due timer could not move the case: it then waits for a person.
    """

    id = TimeOrderedIdField()
    case = models.ForeignKey(Case, models.CASCADE, related_name="waits")
    token = models.IntegerField()
    node = models.CharField(max_length=80)
    kind = models.CharField(max_length=8)
    message = models.CharField(max_length=120, default="", blank=True)
    due_at = models.DateTimeField(null=True)
    left = models.IntegerField(null=True)
    fired = models.IntegerField(default=0)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, default="", blank=True)
    closed_by_id = models.BigIntegerField(null=True)
    reason = models.TextField(default="", blank=True)
    trouble = models.CharField(max_length=400, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "token", "node"],
                condition=Q(closed_at=None),
                name="cases_one_open_wait",
            ),
            models.CheckConstraint(
                condition=Q(kind="timer", due_at__isnull=False) | Q(kind="message", due_at=None),
                name="cases_wait_kind",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="")
                | Q(closed_at__isnull=False)
                & Q(outcome__in=["fired", "arrived", "by_hand", "dropped", "recalled"]),
                name="cases_wait_closed",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                name="cases_wait_due",
                condition=Q(closed_at=None, kind="timer", trouble=""),
            )
        ]


class CaseMessage(models.Model):
    """A message to a case (`way` in) or from one (out), by its name.

    `key` is the sender's idempotency key and `digest` the hash of what it sent with it; `source` is
    the system whose key let it in, `other` the case of this installation at the other end. One that
    comes before its wait opens is kept; `state` is kept, taken, left (never wanted) or sent.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.CASCADE, null=True, related_name="messages")
    way = models.CharField(max_length=3)
    name = models.CharField(max_length=120)
    node = models.CharField(max_length=80, default="", blank=True)
    key = models.CharField(max_length=200, default="", blank=True)
    digest = models.CharField(max_length=64, default="", blank=True)
    source = models.ForeignKey("cases.FedSource", models.PROTECT, null=True, related_name="+")
    other = models.ForeignKey(Case, models.SET_NULL, null=True, related_name="+")
    data = models.TextField(default="{}")
    at = models.DateTimeField()
    state = models.CharField(max_length=5)
    taken_at = models.DateTimeField(null=True)
    agency_id: int
    case_id: int | None
    source_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "key"], condition=~Q(key=""), name="cases_message_once"
            ),
            models.CheckConstraint(
                condition=Q(way="out", state="sent")
                | Q(way="in", state__in=["kept", "taken", "left"]),
                name="cases_message_state",
            ),
            models.CheckConstraint(
                condition=Q(state="kept", taken_at=None) | ~Q(state="kept"),
                name="cases_message_kept",
            ),
        ]
        indexes = [
            models.Index(
                fields=["agency", "id"], name="cases_message_sent", condition=Q(way="out")
            ),
            models.Index(fields=["case"], name="cases_message_waiting", condition=Q(state="kept")),
        ]


class CaseOpinion(models.Model):
    """The opinion of one unit or person asked in a step; its run holds clock, holder and work.

    `place` counts those asked from 1. The answer and its file come with the end of the run; one
    that was taken back says why.
    """

    id = TimeOrderedIdField()
    case = models.ForeignKey(Case, models.CASCADE, related_name="opinions")
    run = models.OneToOneField(StepRun, models.CASCADE, related_name="opinion")
    node = models.CharField(max_length=80)
    place = models.IntegerField()
    question = models.TextField(default="", blank=True)
    answer = models.TextField(default="", blank=True)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    reason = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(place__gte=1), name="cases_opinion_place"),
        ]


class CaseCall(models.Model):
    """A sub-procedure of a case, run as a case of its own.

    `content_hash` is the version the call is pinned to; `child` is its case, opened by the worker
    right after. `outcome` is returned, failed, by_hand or dropped (ended from outside).
    """

    id = TimeOrderedIdField()
    case = models.ForeignKey(Case, models.CASCADE, related_name="calls")
    token = models.IntegerField()
    node = models.CharField(max_length=80)
    content_hash = models.CharField(max_length=64)
    child = models.OneToOneField(Case, models.PROTECT, null=True, related_name="called_by")
    opened_at = models.DateTimeField()
    opened_by_id = models.BigIntegerField(null=True)
    closed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, default="", blank=True)
    reason = models.TextField(default="", blank=True)
    trouble = models.CharField(max_length=400, default="", blank=True)
    case_id: int
    child_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "token"], condition=Q(closed_at=None), name="cases_one_open_call"
            ),
            models.CheckConstraint(
                condition=~Q(case=F("child")) | Q(child=None), name="cases_call_two_cases"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, outcome="")
                | Q(closed_at__isnull=False)
                & Q(outcome__in=["returned", "failed", "by_hand", "dropped"]),
                name="cases_call_closed",
            ),
        ]
