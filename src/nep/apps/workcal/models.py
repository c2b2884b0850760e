"""Tables of the working calendar. A row without agency holds for the whole country."""

from django.db import models
from django.db.models import Q


class NoticedYear(models.Model):
    """A year whose days off an official notice has fixed."""

    year = models.SmallIntegerField(primary_key=True)
    notice = models.CharField(max_length=60)
    source = models.CharField(max_length=300)


class SpecialDay(models.Model):
    """One day that differs from its weekday, for everybody or for one agency."""

    agency_id = models.BigIntegerField(null=True)
    on = models.DateField()
    kind = models.CharField(max_length=12)
    name = models.CharField(max_length=120)
    notice = models.CharField(max_length=60, default="")
    verified = models.BooleanField(default=True)
    source = models.CharField(max_length=300, default="")
    slots = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency_id", "on"], name="workcal_one_rule_a_day"),
            models.UniqueConstraint(
                fields=["on"], condition=Q(agency_id=None), name="workcal_one_national_rule"
            ),
        ]


class OfficeHours(models.Model):
    """The weekly hours of an agency: seven lists of [start, end] in minutes of the day."""

    agency_id = models.BigIntegerField(primary_key=True)
    weekly = models.JSONField()
    version = models.IntegerField(default=1)


class CalendarEdition(models.Model):
    """One row: its number changes with every change of any calendar, so processes can remember."""

    number = models.BigIntegerField()
