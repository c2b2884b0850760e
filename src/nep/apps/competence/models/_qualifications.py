"""What people are qualified for."""

from django.db import models
from django.db.models import F, Q

from nep.foundation.db import TimeOrderedIdField


class Qualification(models.Model):
    """A certificate of a person: which course, given by whom, from when until when, with its file.

    Never changed: a further certificate is a further row; `ended_on` is from when it counts no more.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    person = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10)
    course = models.CharField(max_length=300)
    given_by = models.CharField(max_length=200)
    number = models.CharField(max_length=80, default="", blank=True)
    given_on = models.DateField()
    valid_until = models.DateField(null=True)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    added_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    ended_on = models.DateField(null=True)
    ended_by = models.ForeignKey("organization.Person", models.PROTECT, null=True, related_name="+")
    end_reason = models.CharField(max_length=600, default="", blank=True)
    agency_id: int
    person_id: int
    file_id: int | None
    added_by_id: int
    ended_by_id: int | None

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["lead", "auditor", "other"]), name="competence_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("given_on")),
                name="competence_valid_forward",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None, ended_by=None)
                | (Q(ended_on__isnull=False, ended_by__isnull=False) & ~Q(end_reason="")),
                name="competence_ended_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "kind", "valid_until"], name="competence_valid"),
            models.Index(fields=["person", "-given_on"], name="competence_of_person"),
        ]
