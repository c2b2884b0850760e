"""Tables of the worklist.

Open rows are found through partial indexes of what is `listed`. No index knows the state of an item:
one that a batch closes while it opens the next stays where it is, and the worker takes it off the
lists when it counts.
"""

from django.db import models
from django.db.models import Q

from nep.foundation.db import TimeOrderedIdField


class WorkItem(models.Model):
    """One thing somebody has to do. Without a person it waits for whoever holds the role.

    `counted` is what the counts hold of it (`rules.Place` as text, empty when nothing); `stale`
    says that it has changed since, so that a reader adds the difference until the worker folds it.
    `ends_id` is the item that the same batch has closed, which is then told by this one instead of
    its own mark; the worker empties it. What is `listed` may be closed, what is open is listed.
    """

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
    counted = models.CharField(max_length=120, default="", db_default="", blank=True)
    stale = models.BooleanField(default=True, db_default=True)
    listed = models.BooleanField(default=True, db_default=True)
    ends_id = models.BigIntegerField(null=True)

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
                condition=Q(listed=True, person_id__isnull=False),
                name="work_open_of_person",
            ),
            models.Index(
                fields=["agency_id", "unit_id", "role", "due_at", "id"],
                condition=Q(listed=True, person_id=None),
                name="work_open_of_role",
            ),
            models.Index(
                fields=["agency_id", "due_at", "id", "unit_id"],
                condition=Q(listed=True),
                name="work_open_of_agency",
            ),
            models.Index(fields=["agency_id"], condition=Q(stale=True), name="work_uncounted"),
            models.Index(fields=["source_type", "source_id"], name="work_item_source"),
        ]


class WorkCount(models.Model):
    """How many open items one list holds by kind and due day, as far as the worker has folded.

    `scope` is "a" (the agency, owner 0), "u" (a unit, 0 for none), "p" (a person) or "r:" and a
    role (what waits for it in the owner's unit). `day` is 20261121, 0 without a due date, -1 while
    paused. No row changes when the clock passes a due date.
    """

    agency_id = models.BigIntegerField()
    scope = models.CharField(max_length=24)
    owner_id = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    day = models.IntegerField()
    n = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency_id", "scope", "owner_id", "kind", "day"], name="work_one_count"
            )
        ]


class SavedFilter(models.Model):
    """A filter of the worklist under a name: a person's own, or shared with a unit."""

    person_id = models.BigIntegerField()
    agency_id = models.BigIntegerField()
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=400)
    unit_id = models.BigIntegerField(null=True)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "agency_id", "name"], name="work_one_filter_a_name"
            )
        ]
        indexes = [
            models.Index(
                fields=["agency_id", "unit_id"],
                condition=Q(unit_id__isnull=False),
                name="work_shared_filters",
            )
        ]


class Chance(models.Model):
    """The chance of a source to be late, told by its own part and renewed by the worker.

    `percent` is the chance now and `after` once the present step is done, None where the history
    is too thin; half of like sources need at most `middle` working minutes, four fifths `high`.
    `mark` is what the source was like when it was told (its version).
    """

    agency_id = models.BigIntegerField()
    source_type = models.CharField(max_length=30)
    source_id = models.BigIntegerField()
    mark = models.IntegerField()
    person_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField(null=True)
    due_at = models.DateTimeField()
    percent = models.SmallIntegerField(null=True)
    after = models.SmallIntegerField(null=True)
    middle = models.IntegerField(default=0)
    high = models.IntegerField(default=0)
    why = models.CharField(max_length=300)
    told_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source_type", "source_id"], name="work_one_chance_a_source"
            ),
            models.CheckConstraint(
                condition=Q(percent=None) | Q(percent__gte=0) & Q(percent__lte=100),
                name="work_chance_percent",
            ),
        ]
        indexes = [
            models.Index(fields=["agency_id", "due_at"], name="work_chance_by_due"),
            models.Index(fields=["told_at"], name="work_chance_oldest"),
        ]


class Forecast(models.Model):
    """What an agency's finished sources of a kind teach about being late.

    `state` is thin (too few cases), weak (no better than guessing the base rate on cases it had not
    seen) or good; errors are mean squares over those (`tested` of them).
    """

    agency_id = models.BigIntegerField()
    source_type = models.CharField(max_length=30)
    state = models.CharField(max_length=4)
    body = models.JSONField(default=dict)
    cases = models.IntegerField()
    tested = models.IntegerField(default=0)
    brier = models.FloatField(null=True)
    base = models.FloatField(null=True)
    fitted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency_id", "source_type"], name="work_one_forecast_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["thin", "weak", "good"]), name="work_forecast_state"
            ),
        ]


class Assignment(models.Model):
    """Many items given to one person at once: how far it has come, what was refused and why.

    `item_ids` are still to do, `refused` lists (item id, sentence), both as JSON. `given` lists
    (item id, who held it, note, since when, moment of giving), to be taken back: `undo_left` of
    them, from the end, are still to go; `undo_kept` lists (item id, sentence) of those that stay.
    """

    id = TimeOrderedIdField()
    agency_id = models.BigIntegerField()
    by_id = models.BigIntegerField()
    receiver_id = models.BigIntegerField()
    reason = models.CharField(max_length=500)
    item_ids = models.JSONField(default=list)
    refused = models.JSONField(default=list)
    given = models.JSONField(default=list)
    total = models.IntegerField()
    done = models.IntegerField(default=0)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    undo_at = models.DateTimeField(null=True)
    undo_left = models.IntegerField(default=0)
    undo_kept = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(done__gte=0) & Q(done__lte=models.F("total")),
                name="work_assignment_done",
            ),
            models.CheckConstraint(
                condition=Q(undo_left=0) | Q(undo_left__gt=0, undo_at__isnull=False),
                name="work_assignment_undo",
            ),
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
