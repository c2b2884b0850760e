"""Tables of letters and calendars. People are plain ids: this block knows no organization."""

from django.db import models
from django.db.models import Q

from nep.foundation.db import TimeOrderedIdField


class Choice(models.Model):
    """How one person wants to be told; kinds not named follow what is shipped.

    `mail` is {kind: off, now, day or week}; `silent` lists the kinds kept from the bell.
    """

    person_id = models.BigIntegerField(primary_key=True)
    mail = models.JSONField(default=dict)
    silent = models.JSONField(default=list)
    hour = models.SmallIntegerField()
    weekday = models.SmallIntegerField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(hour__gte=0, hour__lte=23, weekday__gte=0, weekday__lte=6),
                name="notify_choice_times",
            )
        ]


class Turn(models.Model):
    """How far a person has been looked at: the day of the daily letter, of the weekly part."""

    person_id = models.BigIntegerField(primary_key=True)
    day_on = models.DateField(null=True)
    week_on = models.DateField(null=True)


class Letter(models.Model):
    """One message to one person for one period; it is written before it is sent."""

    READY, SENDING, SENT, UNKNOWN, DEAD, MERGED = range(6)
    UNSENT = (DEAD, MERGED)  # the lines left in them were told to nobody: a later letter tells them

    id = TimeOrderedIdField()
    person_id = models.BigIntegerField()
    agency_id = models.BigIntegerField()
    period = models.CharField(max_length=40)
    address = models.CharField(max_length=120)
    subject = models.CharField(max_length=200)
    text = models.TextField(default="")
    html = models.TextField(default="")
    count = models.IntegerField()
    made_at = models.DateTimeField()
    state = models.SmallIntegerField(default=READY)
    due_at = models.DateTimeField()
    attempts = models.SmallIntegerField(default=0)
    taken_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=300, default="")
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "period"], name="notify_one_letter_a_period"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[0, 1], ended_at=None)
                | Q(state__in=[2, 3, 4, 5], ended_at__isnull=False),
                name="notify_letter_ended_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state=0), name="notify_letter_waiting"),
            models.Index(fields=["taken_at"], name="notify_letter_taken"),
            models.Index(fields=["state", "-made_at"], name="notify_letter_state"),
        ]


class Told(models.Model):
    """A line that one person has been told in a letter, so that no other letter tells it again."""

    person_id = models.BigIntegerField()
    key = models.CharField(max_length=60)
    letter = models.ForeignKey(Letter, models.CASCADE, related_name="lines")
    letter_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person_id", "key"], name="notify_told_once")
        ]


class Waiting(models.Model):
    """Something that happened and waits for the person's next letter."""

    person_id = models.BigIntegerField()
    kind = models.CharField(max_length=12)
    item_id = models.BigIntegerField()
    key = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person_id", "key"], name="notify_waits_once")
        ]


class Feed(models.Model):
    """One person's calendar behind a secret address; only the address's hash is kept.

    `known` is what the calendar last said of each item, so that a change raises its sequence and
    an item that is done is told as cancelled.
    """

    person_id = models.BigIntegerField(primary_key=True)
    key_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    fetched_at = models.DateTimeField(null=True)
    noted_on = models.DateField(null=True)
    window_start = models.DateTimeField(null=True)
    window_count = models.IntegerField(default=0)
    known = models.TextField(default="{}")
    version = models.IntegerField(default=1)


class Mark(models.Model):
    """How far the keys of something have been followed."""

    name = models.CharField(max_length=20, primary_key=True)
    until = models.BigIntegerField()


class Value(models.Model):
    """A value that the system administrator has put in place of the shipped one."""

    key = models.CharField(max_length=40, primary_key=True)
    value = models.IntegerField()
    changed_at = models.DateTimeField()
    changed_by = models.BigIntegerField(null=True)
