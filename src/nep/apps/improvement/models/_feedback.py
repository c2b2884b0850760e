"""What citizens and organisations say to the agency."""

from django.db import models
from django.db.models import F, Q

from nep.foundation.db import TimeOrderedIdField


class Feedback(models.Model):
    """An opinion, a petition or a complaint with the limits that held when it came.

    `sender` and `contact` are personal data: they stand here alone, are shown to who answers
    feedback, and are erased on their own. `limit_words`, `limit_source` and `limit_mark` say what
    the two days were counted from. `case_id` names a case of the agency, `case_title` in words.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    number = models.IntegerField()
    kind = models.CharField(max_length=20)
    channel = models.CharField(max_length=10)
    received_on = models.DateField()
    title = models.CharField(max_length=400)
    folded = models.CharField(max_length=500)
    text = models.TextField(default="", blank=True)
    sender = models.CharField(max_length=200, default="", blank=True)
    contact = models.CharField(max_length=300, default="", blank=True)
    erased_at = models.DateTimeField(null=True)
    case_id = models.BigIntegerField(null=True)
    case_title = models.CharField(max_length=400, default="", blank=True)
    unit = models.ForeignKey("organization.Unit", models.PROTECT, null=True, related_name="+")
    owner = models.ForeignKey("organization.Person", models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=10, default="received")
    needs_acceptance = models.BooleanField(default=False)
    accept_due_on = models.DateField(null=True)
    answer_due_on = models.DateField()
    limit_words = models.CharField(max_length=200)
    limit_source = models.CharField(max_length=400)
    limit_mark = models.CharField(max_length=40)
    accepted_at = models.DateTimeField(null=True)
    answer = models.TextField(default="", blank=True)
    answer_number = models.CharField(max_length=80, default="", blank=True)
    founded = models.CharField(max_length=10, default="", blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        "organization.Person", models.PROTECT, null=True, related_name="+"
    )
    ended_at = models.DateTimeField(null=True)
    end_note = models.CharField(max_length=1000, default="", blank=True)
    added_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    item_id = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField()
    version = models.IntegerField(default=1)
    agency_id: int
    unit_id: int | None
    owner_id: int | None
    answered_by_id: int | None
    added_by_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "year", "number"], name="improvement_feedback_number_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["received", "accepted", "answered", "closed", "refused", "withdrawn"]
                ),
                name="improvement_feedback_state",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["answered", "closed"])
                | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="improvement_feedback_answered",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["closed", "refused", "withdrawn"], ended_at__isnull=False)
                | (~Q(state__in=["closed", "refused", "withdrawn"]) & Q(ended_at=None)),
                name="improvement_feedback_ended",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["refused", "withdrawn"]) | ~Q(end_note=""),
                name="improvement_feedback_end_reason",
            ),
            models.CheckConstraint(
                condition=Q(erased_at=None) | Q(sender="", contact=""),
                name="improvement_feedback_erased",
            ),
        ]
        indexes = [
            models.Index(
                fields=["agency", "state", "answer_due_on", "id"], name="improvement_feedback_due"
            ),
            models.Index(
                fields=["agency", "-received_on", "-id"], name="improvement_feedback_newest"
            ),
            models.Index(fields=["case_id"], name="improvement_feedback_case"),
        ]


class FeedbackMove(models.Model):
    """One step of a piece of feedback, never changed; it never holds what the sender wrote."""

    id = TimeOrderedIdField()
    feedback = models.ForeignKey(Feedback, models.CASCADE, related_name="moves")
    move = models.CharField(max_length=10)
    state = models.CharField(max_length=10)
    text = models.CharField(max_length=1000, default="", blank=True)
    by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by_id: int

    class Meta:
        indexes = [models.Index(fields=["feedback", "at"], name="improvement_feedback_moves")]


class Survey(models.Model):
    """A short survey under an address nobody guesses; `questions` are fixed once it is open.

    An anonymous one keeps of each answer the day alone. `burst_at` and `burst_count` keep a flood
    of answers away without knowing who sends them.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    key = models.CharField(max_length=32, unique=True)
    title = models.CharField(max_length=200)
    lead = models.CharField(max_length=600, default="", blank=True)
    questions = models.JSONField(default=list)
    anonymous = models.BooleanField(default=True)
    state = models.CharField(max_length=6, default="draft")
    closes_on = models.DateField(null=True)
    made_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    burst_at = models.DateTimeField(null=True)
    burst_count = models.SmallIntegerField(default=0)
    version = models.IntegerField(default=1)
    agency_id: int
    made_by_id: int

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", opened_at=None)
                | Q(state="open", opened_at__isnull=False, closed_at=None)
                | Q(state="closed", opened_at__isnull=False, closed_at__isnull=False),
                name="improvement_survey_state",
            )
        ]
        indexes = [models.Index(fields=["agency", "-made_at"], name="improvement_surveys")]


class SurveyAnswer(models.Model):
    """One answer by the place of its questions. Neither address nor hour of who gave it is kept;
    `name` only where the survey is not anonymous and it was given."""

    survey = models.ForeignKey(Survey, models.CASCADE, related_name="answers")
    on = models.DateField()
    values = models.JSONField()
    name = models.CharField(max_length=120, default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=["survey", "on"], name="improvement_answers")]


class FeedbackLimit(models.Model):
    """How long an agency gives a kind of feedback, and on what ground; without a row the shipped
    limit holds."""

    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    accept = models.SmallIntegerField()
    answer = models.SmallIntegerField()
    unit = models.CharField(max_length=10)
    source = models.CharField(max_length=400)
    changed_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "kind"], name="improvement_one_feedback_limit"
            ),
            models.CheckConstraint(
                condition=Q(accept__gte=0, answer__gte=1, answer__lte=365)
                & Q(answer__gte=F("accept")),
                name="improvement_feedback_limit_bounds",
            ),
            models.CheckConstraint(
                condition=~Q(source="") & Q(unit__in=["working", "calendar"]),
                name="improvement_feedback_limit_grounded",
            ),
        ]
