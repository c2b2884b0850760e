"""Tables of agencies and their people. Every day named `_to`, `ends_on` belongs to the period."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from nep.foundation.db import TimeOrderedIdField


class Edition(models.Model):
    """One row whose number changes with every change here, so that caches know they are stale."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="organization_single_edition")
        ]


class Province(models.Model):
    """A province or centrally run city."""

    id = TimeOrderedIdField()
    name = models.CharField(max_length=120)
    folded = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["folded"], name="organization_one_province_name")
        ]


class Agency(models.Model):
    """A state agency with its validity; a dead agency stays readable."""

    id = TimeOrderedIdField()
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    short_name = models.CharField(max_length=80, default="")
    abbreviation = models.CharField(max_length=20, default="")
    folded = models.CharField(max_length=320)
    kind = models.CharField(max_length=20)
    province = models.ForeignKey(Province, models.PROTECT, related_name="agencies")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    reception_name = models.CharField(max_length=120)
    case_code_mask = models.CharField(max_length=60)
    address = models.CharField(max_length=300, default="")
    phone = models.CharField(max_length=40, default="")
    email = models.CharField(max_length=120, default="")
    website = models.CharField(max_length=200, default="")
    is_demonstration = models.BooleanField(default=False)
    version = models.IntegerField(default=1)
    province_id: int
    parent_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], name="organization_one_agency_code"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="organization_agency_period",
            ),
        ]


class AgencyCode(models.Model):
    """One more code of an agency: old identifier, code in another system."""

    id = TimeOrderedIdField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="codes")
    scheme = models.CharField(max_length=40)
    code = models.CharField(max_length=60)
    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    agency_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "code", "agency"], name="organization_agency_code_once"
            )
        ]


class Succession(models.Model):
    """One agency takes over from another on a day (merger, division, renaming)."""

    id = TimeOrderedIdField()
    predecessor = models.ForeignKey(Agency, models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Agency, models.PROTECT, related_name="inheritances")
    on = models.DateField()
    basis = models.CharField(max_length=200, default="")
    predecessor_id: int
    successor_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "successor"], name="organization_succession_once"
            ),
            models.CheckConstraint(
                condition=~Q(predecessor=F("successor")), name="organization_succession_other"
            ),
        ]


class Unit(models.Model):
    """A part of an agency; its code stands in responsibility keys ("PKH/specialist")."""

    id = TimeOrderedIdField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="units")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=160)
    folded = models.CharField(max_length=160)
    position = models.IntegerField(default=0)
    is_reception = models.BooleanField(default=False)
    closed_on = models.DateField(null=True)
    version = models.IntegerField(default=1)
    agency_id: int
    parent_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "code"], name="organization_one_unit_code")
        ]


class Position(models.Model):
    """The name of a post in an agency ("Phó Giám đốc")."""

    id = TimeOrderedIdField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="positions")
    name = models.CharField(max_length=120)
    folded = models.CharField(max_length=120)
    agency_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "folded"], name="organization_one_position_name"
            )
        ]


class Person(models.Model):
    """A person of the service; `agency` keeps the record, appointments say where they work."""

    id = TimeOrderedIdField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="people")
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="person"
    )
    name = models.CharField(max_length=120)
    folded = models.CharField(max_length=120)
    sort_name = models.CharField(max_length=400)
    email = models.CharField(max_length=120, default="")
    phone = models.CharField(max_length=40, default="")
    version = models.IntegerField(default=1)
    agency_id: int
    user_id: int | None


class Appointment(models.Model):
    """A person holds a role, in a unit or in the whole agency, from a day on."""

    id = TimeOrderedIdField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="appointments")
    person = models.ForeignKey(Person, models.PROTECT, related_name="appointments")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="appointments")
    position = models.ForeignKey(Position, models.PROTECT, null=True, related_name="appointments")
    role = models.CharField(max_length=20)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    decision = models.CharField(max_length=120, default="")
    end_reason = models.CharField(max_length=300, default="")
    agency_id: int
    person_id: int
    unit_id: int | None
    position_id: int | None

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="organization_appointment_period",
            ),
            models.UniqueConstraint(
                fields=["person", "unit", "role"],
                condition=Q(ends_on=None),
                name="organization_one_open_appointment",
            ),
            models.UniqueConstraint(
                fields=["person", "agency", "role"],
                condition=Q(ends_on=None, unit=None),
                name="organization_one_open_agency_role",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "role"], name="organization_agency_role"),
        ]


class Delegation(models.Model):
    """A person acts in another's role between two days, signing with a prefix."""

    id = TimeOrderedIdField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="delegations")
    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="delegations")
    receiver = models.ForeignKey(Person, models.PROTECT, related_name="delegations")
    prefix = models.CharField(max_length=4)
    scope = models.CharField(max_length=300, default="")
    document = models.CharField(max_length=120, default="")
    starts_on = models.DateField()
    ends_on = models.DateField()
    revoked_on = models.DateField(null=True)
    end_reason = models.CharField(max_length=300, default="")
    agency_id: int
    appointment_id: int
    receiver_id: int

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="organization_delegation_period"
            ),
            models.CheckConstraint(
                condition=Q(prefix__in=["KT.", "TM.", "TL.", "TUQ."]),
                name="organization_delegation_prefix",
            ),
        ]


class Absence(models.Model):
    """A person is away between two days: new work of their role goes to who is there."""

    id = TimeOrderedIdField()
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="absences")
    person = models.ForeignKey(Person, models.PROTECT, related_name="absences")
    starts_on = models.DateField()
    ends_on = models.DateField()
    reason = models.CharField(max_length=300)
    back_on = models.DateField(null=True)
    agency_id: int
    person_id: int

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="organization_absence_period"
            )
        ]
        indexes = [models.Index(fields=["agency", "ends_on"], name="organization_absence_until")]
