"""Tables of what happens to a running case besides its steps: promises moved, ties, joint work."""

from django.db import models
from django.db.models import F, Q

from nep.apps.cases.models._case import Case, StepRun
from nep.foundation.db import TimeOrderedIdField


class TimeRuleEdition(models.Model):
    """The time rules an agency set for itself, whole, for cases received from `since` on.

    `values` holds only what differs from the law's own figures; an edition is never changed, so
    that a case is read for ever by the one it was received under.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    since = models.DateTimeField()
    values = models.JSONField(default=dict)
    reason = models.TextField()
    by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "since"], name="cases_one_rule_edition_a_moment"
            )
        ]


class CaseExtension(models.Model):
    """The one re-appointment of a case, with its apology (Mẫu 04).

    `working_days` is how far the promise moved, so that a later pause moves the new promise on.
    """

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="extension")
    number = models.IntegerField()
    old_due_at = models.DateTimeField()
    new_due_at = models.DateTimeField()
    working_days = models.IntegerField()
    reason = models.TextField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(new_due_at__gt=F("old_due_at")), name="cases_extension_later"
            )
        ]


class CaseLink(models.Model):
    """A tie between two cases of one agency, read from both sides."""

    id = TimeOrderedIdField()
    case = models.ForeignKey(Case, models.CASCADE, related_name="links")
    other = models.ForeignKey(Case, models.CASCADE, related_name="linked_from")
    kind = models.CharField(max_length=10)
    note = models.CharField(max_length=300, default="", blank=True)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "other", "kind"], name="cases_one_link_of_a_kind"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["follows", "part", "same"]), name="cases_link_kind"
            ),
            models.CheckConstraint(condition=~Q(case=F("other")), name="cases_link_two_cases"),
        ]


class CaseCorrection(models.Model):
    """The putting right of a wrong result: a round of its own with its own clock.

    The case itself stays finished, its figures frozen.
    """

    id = TimeOrderedIdField()
    case = models.ForeignKey(Case, models.CASCADE, related_name="corrections")
    reason = models.TextField()
    opened_at = models.DateTimeField()
    opened_by_id = models.BigIntegerField(null=True)
    due_at = models.DateTimeField()
    item_id = models.BigIntegerField()
    closed_at = models.DateTimeField(null=True)
    closed_by_id = models.BigIntegerField(null=True)
    answer = models.TextField(default="", blank=True)
    used_minutes = models.IntegerField(default=0)
    late = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(closed_at=None), name="cases_one_open_correction"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None, late=None)
                | Q(closed_at__isnull=False, late__isnull=False),
                name="cases_correction_closed",
            ),
        ]


class JointStep(models.Model):
    """A step that another agency of this installation does, on that agency's own calendar.

    `agency` is who does it. That agency sees this row, the step's name and the papers, nothing
    else of the case. `used_minutes` is charged to it.
    """

    id = TimeOrderedIdField()
    case = models.ForeignKey(Case, models.CASCADE, related_name="joint_steps")
    run = models.ForeignKey(StepRun, models.CASCADE, related_name="joint_steps")
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    asked = models.TextField(default="", blank=True)
    opened_at = models.DateTimeField()
    opened_by_id = models.BigIntegerField(null=True)
    limit_minutes = models.IntegerField(null=True)
    due_at = models.DateTimeField(null=True)
    person_id = models.BigIntegerField(null=True)
    item_id = models.BigIntegerField()
    state = models.CharField(max_length=8, default="open")
    closed_at = models.DateTimeField(null=True)
    closed_by_id = models.BigIntegerField(null=True)
    answer = models.TextField(default="", blank=True)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    used_minutes = models.IntegerField(default=0)
    late = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["run"], condition=Q(state="open"), name="cases_one_open_joint_step"
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None)
                | Q(state__in=["answered", "recalled"], closed_at__isnull=False),
                name="cases_joint_step_state",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "-opened_at"], name="cases_joint_newest"),
            models.Index(
                fields=["agency", "closed_at"],
                name="cases_joint_answered",
                condition=Q(state="answered"),
            ),
        ]


class Reprojection(models.Model):
    """One counting anew of the open due dates of an agency after its calendar changed.

    The worker goes through the cases in parts: `cursor` is the last case that is done, so that a
    second run goes on where the first stopped; `told` counts the moved cases of each holder.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    edition = models.BigIntegerField()
    reason = models.TextField()
    state = models.CharField(max_length=8, default="waiting")
    created_at = models.DateTimeField()
    created_by_id = models.BigIntegerField(null=True)
    cursor = models.BigIntegerField(default=0)
    seen = models.IntegerField(default=0)
    moved = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    told = models.JSONField(default=dict)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "done"]), name="cases_reprojection_state"
            ),
            models.UniqueConstraint(
                fields=["agency"],
                condition=Q(state="waiting"),
                name="cases_one_reprojection_at_a_time",
            ),
        ]
