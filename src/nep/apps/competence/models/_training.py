"""What is required, who needs it, the year's plan, its sessions and who was there."""

from django.db import models
from django.db.models import F, Q

from nep.foundation.db import TimeOrderedIdField


class Requirement(models.Model):
    """A competence that whoever holds a role, or a post by its name, must have.

    Just one of `role` and `post` is given; `months` after which it must be renewed.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    title = models.CharField(max_length=300)
    role = models.CharField(max_length=20, default="", blank=True)
    post = models.CharField(max_length=160, default="", blank=True)
    months = models.SmallIntegerField(null=True)
    added_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    agency_id: int
    added_by_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "title", "role", "post"],
                condition=Q(ended_at=None),
                name="competence_requirement_once",
            ),
            models.CheckConstraint(
                condition=Q(role="") & ~Q(post="") | ~Q(role="") & Q(post=""),
                name="competence_role_or_post",
            ),
            models.CheckConstraint(
                condition=Q(months=None) | Q(months__gte=1, months__lte=120),
                name="competence_months_bounds",
            ),
        ]


class TrainingPlan(models.Model):
    """The sessions of a year as they were approved; a later approval freezes a further edition."""

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    edition = models.SmallIntegerField(default=0)
    state = models.CharField(max_length=8, default="draft")
    sent_by = models.ForeignKey("organization.Person", models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(
        "organization.Person", models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    return_note = models.CharField(max_length=600, default="", blank=True)
    frozen = models.JSONField(default=list)
    sha256 = models.CharField(max_length=64, default="", blank=True)
    item_id = models.BigIntegerField(null=True)
    version = models.IntegerField(default=1)
    agency_id: int
    sent_by_id: int | None
    approved_by_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "year"], name="competence_plan_once"),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "sent", "approved"]), name="competence_plan_state"
            ),
            models.CheckConstraint(
                condition=~Q(state="approved")
                | Q(approved_by__isnull=False, approved_at__isnull=False) & ~Q(sha256=""),
                name="competence_plan_approved",
            ),
        ]


class Session(models.Model):
    """One session of training: what, for whom, when, and whether it had an effect.

    `trainer_person` is set where the trainer is of the agency. `key` stands in the QR code by which
    who is there says so.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    plan = models.ForeignKey(TrainingPlan, models.PROTECT, related_name="sessions")
    number = models.IntegerField()
    title = models.CharField(max_length=400)
    requirement = models.ForeignKey(Requirement, models.PROTECT, null=True, related_name="sessions")
    form = models.CharField(max_length=10)
    trainer = models.CharField(max_length=200, default="", blank=True)
    trainer_person = models.ForeignKey(
        "organization.Person", models.PROTECT, null=True, related_name="+"
    )
    place = models.CharField(max_length=200, default="", blank=True)
    starts_at = models.DateTimeField()
    hours = models.DecimalField(max_digits=5, decimal_places=1)
    organiser = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, default="draft")
    key = models.CharField(max_length=32, unique=True)
    held_at = models.DateTimeField(null=True)
    effect_on = models.DateField(null=True)
    effect_note = models.CharField(max_length=1000, default="", blank=True)
    effect_by = models.ForeignKey(
        "organization.Person", models.PROTECT, null=True, related_name="+"
    )
    effect_at = models.DateTimeField(null=True)
    end_note = models.CharField(max_length=600, default="", blank=True)
    item_id = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField()
    version = models.IntegerField(default=1)
    agency_id: int
    plan_id: int
    requirement_id: int | None
    trainer_person_id: int | None
    organiser_id: int
    effect_by_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="competence_session_number"),
            models.CheckConstraint(
                condition=Q(
                    state__in=["draft", "planned", "held", "effective", "failed", "cancelled"]
                ),
                name="competence_session_state",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["held", "effective", "failed"])
                | Q(held_at__isnull=False, effect_on__isnull=False),
                name="competence_session_held",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["effective", "failed"])
                | Q(effect_by__isnull=False, effect_at__isnull=False) & ~Q(effect_note=""),
                name="competence_effect_judged",
            ),
            models.CheckConstraint(
                condition=Q(effect_by=None)
                | Q(trainer_person=None)
                | ~Q(effect_by=F("trainer_person")),
                name="competence_effect_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(end_note=""),
                name="competence_cancelled_why",
            ),
        ]
        indexes = [models.Index(fields=["agency", "state", "starts_at"], name="competence_coming")]


class Attendance(models.Model):
    """A person at a session: asked, there or not; `how` says who wrote it."""

    id = TimeOrderedIdField()
    session = models.ForeignKey(Session, models.CASCADE, related_name="attendances")
    person = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, default="invited")
    how = models.CharField(max_length=4, default="", blank=True)
    at = models.DateTimeField()
    session_id: int
    person_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], name="competence_attends_once"),
            models.CheckConstraint(
                condition=Q(state__in=["invited", "present", "absent"]),
                name="competence_attendance_state",
            ),
        ]
        indexes = [models.Index(fields=["person", "state"], name="competence_attended")]


class Need(models.Model):
    """Something some people have to learn, and what it comes from; `session` is what meets it."""

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    origin_kind = models.CharField(max_length=20)
    origin_id = models.BigIntegerField(default=0)
    origin_title = models.CharField(max_length=400, default="", blank=True)
    origin_url = models.CharField(max_length=200, default="", blank=True)
    title = models.CharField(max_length=400)
    requirement = models.ForeignKey(Requirement, models.PROTECT, null=True, related_name="needs")
    state = models.CharField(max_length=8, default="open")
    session = models.ForeignKey(Session, models.PROTECT, null=True, related_name="needs")
    proposed_by = models.ForeignKey(
        "organization.Person", models.PROTECT, null=True, related_name="+"
    )
    proposed_at = models.DateTimeField()
    end_note = models.CharField(max_length=600, default="", blank=True)
    changed_at = models.DateTimeField()
    agency_id: int
    requirement_id: int | None
    session_id: int | None
    proposed_by_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "origin_kind", "origin_id"],
                condition=Q(state="open") & ~Q(origin_id=0),
                name="competence_need_open_once",
            ),
            models.CheckConstraint(
                condition=Q(state="open", session=None)
                | Q(state__in=["planned", "met"], session__isnull=False)
                | Q(state="dropped") & ~Q(end_note=""),
                name="competence_need_state",
            ),
        ]
        indexes = [models.Index(fields=["agency", "state"], name="competence_needs")]


class NeedPerson(models.Model):
    """A person whom a need is about."""

    id = TimeOrderedIdField()
    need = models.ForeignKey(Need, models.CASCADE, related_name="people")
    person = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    person_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["need", "person"], name="competence_need_person")
        ]


class SessionMove(models.Model):
    """One step of a session's life, never changed."""

    id = TimeOrderedIdField()
    session = models.ForeignKey(Session, models.CASCADE, related_name="moves")
    move = models.CharField(max_length=10)
    state = models.CharField(max_length=10)
    text = models.CharField(max_length=1000, default="", blank=True)
    by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by_id: int

    class Meta:
        indexes = [models.Index(fields=["session", "at"], name="competence_moves")]
