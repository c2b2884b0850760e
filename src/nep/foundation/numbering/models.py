"""Tables of the numbering books."""

from django.db import models


class Book(models.Model):
    """The last number taken from one book of an agency in one year (0 where it has no year)."""

    agency_id = models.BigIntegerField()
    name = models.CharField(max_length=60)
    year = models.SmallIntegerField()
    last_number = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency_id", "name", "year"], name="numbering_one_book"
            ),
            models.CheckConstraint(
                condition=models.Q(last_number__gte=0), name="numbering_not_negative"
            ),
        ]
