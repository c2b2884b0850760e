"""An audit: its team, its sessions, and the samples drawn for them."""

from django.db import models
from django.db.models import F, Q

from nep.foundation.db import TimeOrderedIdField

_PERSON = "organization.Person"


class Audit(models.Model):
    """One audit of a programme. `decision` is the number of the decision that sets up the team.

    `excuse` is what was told of questions that were not asked. `item_id` is the open work item of
    what comes next for those who lead the audit; sessions and units have their own.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    programme = models.ForeignKey("audits.Programme", models.PROTECT, related_name="audits")
    year = models.SmallIntegerField()
    number = models.IntegerField()
    standard = models.CharField(max_length=4, default="2015")
    state = models.CharField(max_length=10, default="planned")
    edition = models.SmallIntegerField(default=1)
    aim = models.TextField(default="", blank=True)
    criteria = models.TextField(default="", blank=True)
    decision = models.CharField(max_length=60, default="", blank=True)
    planned_by = models.ForeignKey(_PERSON, models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    announced_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    announced_at = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True)
    reported_by = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    reported_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    skipped = models.CharField(max_length=600, default="", blank=True)
    conclusion = models.TextField(default="", blank=True)
    item_id = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField()
    version = models.IntegerField(default=1)
    agency_id: int
    programme_id: int
    planned_by_id: int
    announced_by_id: int | None
    reported_by_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "year", "number"], name="audits_number_once"),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "planned",
                        "submitted",
                        "announced",
                        "held",
                        "confirmed",
                        "reported",
                        "closed",
                        "cancelled",
                    ]
                ),
                name="audits_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["announced", "held", "confirmed", "reported", "closed"])
                | Q(announced_by__isnull=False, announced_at__isnull=False),
                name="audits_announced_first",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["reported", "closed"])
                | (Q(reported_by__isnull=False, reported_at__isnull=False) & ~Q(conclusion="")),
                name="audits_reported_in_words",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["closed", "cancelled"], ended_at__isnull=False)
                | (~Q(state__in=["closed", "cancelled"]) & Q(ended_at=None)),
                name="audits_ended_has_time",
            ),
        ]
        indexes = [models.Index(fields=["agency", "state"], name="audits_by_state")]


class Member(models.Model):
    """A person of the team; of another agency (`from_agency`) by an agreement that is named."""

    id = TimeOrderedIdField()
    audit = models.ForeignKey(Audit, models.CASCADE, related_name="members")
    person = models.ForeignKey(_PERSON, models.PROTECT, related_name="+")
    part = models.CharField(max_length=8, default="auditor")
    from_agency = models.ForeignKey(
        "organization.Agency", models.PROTECT, null=True, related_name="+"
    )
    agreement = models.CharField(max_length=200, default="", blank=True)
    audit_id: int
    person_id: int
    from_agency_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["audit", "person"], name="audits_member_once"),
            models.UniqueConstraint(
                fields=["audit"], condition=Q(part="leader"), name="audits_one_leader"
            ),
            models.CheckConstraint(
                condition=Q(part__in=["leader", "auditor", "observer"]), name="audits_part_known"
            ),
        ]


class Session(models.Model):
    """A unit audited on a day from one hour to another: its clauses, one procedure, who answers.

    `procedure_id` is the document; `item_id` the unit's open work item.
    """

    id = TimeOrderedIdField()
    audit = models.ForeignKey(Audit, models.CASCADE, related_name="sessions")
    unit = models.ForeignKey("organization.Unit", models.PROTECT, related_name="+")
    clauses = models.JSONField(default=list)
    procedure = models.ForeignKey("documents.Document", models.PROTECT, null=True, related_name="+")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    representative = models.ForeignKey(_PERSON, models.PROTECT, null=True, related_name="+")
    item_id = models.BigIntegerField(null=True)
    audit_id: int
    unit_id: int
    procedure_id: int | None
    representative_id: int | None

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="audits_session_forward"
            )
        ]
        indexes = [models.Index(fields=["unit", "starts_at"], name="audits_of_unit")]


class SessionAuditor(models.Model):
    """Who audits a session; `item_id` is the open work item of this person."""

    id = TimeOrderedIdField()
    session = models.ForeignKey(Session, models.CASCADE, related_name="auditors")
    person = models.ForeignKey(_PERSON, models.PROTECT, related_name="+")
    item_id = models.BigIntegerField(null=True)
    session_id: int
    person_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "person"], name="audits_auditor_once")
        ]
        indexes = [models.Index(fields=["person", "session"], name="audits_of_person")]


class Draw(models.Model):
    """A sample drawn for a session, never changed: from how many cases, by which seed.

    `keys_hash` is the SHA-256 of the cases that could be drawn, so that the draw can be repeated
    and compared. `reason` says why it was drawn again.
    """

    id = TimeOrderedIdField()
    session = models.ForeignKey(Session, models.CASCADE, related_name="draws")
    number = models.SmallIntegerField()
    seed = models.CharField(max_length=40)
    since = models.DateField()
    until = models.DateField()
    population = models.IntegerField()
    size = models.SmallIntegerField()
    keys_hash = models.CharField(max_length=64)
    reason = models.CharField(max_length=400, default="", blank=True)
    by = models.ForeignKey(_PERSON, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    session_id: int
    by_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "number"], name="audits_draw_once"),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(reason=""), name="audits_redraw_with_reason"
            ),
        ]


class Sample(models.Model):
    """A case of a sample, by number and procedure alone; `note` is what the auditor saw."""

    id = TimeOrderedIdField()
    draw = models.ForeignKey(Draw, models.CASCADE, related_name="samples")
    place = models.SmallIntegerField()
    case_id = models.BigIntegerField()
    code = models.CharField(max_length=60)
    title = models.CharField(max_length=400)
    word = models.CharField(max_length=5, default="", blank=True)
    note = models.CharField(max_length=600, default="", blank=True)
    draw_id: int

    class Meta:
        constraints = [models.UniqueConstraint(fields=["draw", "case_id"], name="audits_case_once")]
