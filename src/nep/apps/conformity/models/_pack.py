"""Evidence packs and their files."""

from django.db import models
from django.db.models import Q

from nep.foundation.db import TimeOrderedIdField


class EvidencePack(models.Model):
    """One pack of a year. `place` is the point that is gathered next; `statements` are the agency's
    own words by point, `left_out` what has no file in it: {"point", "title", "why"}."""

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    ends_on = models.DateField()
    state = models.CharField(max_length=10, default="building")
    place = models.SmallIntegerField(default=0)
    statements = models.JSONField(default=dict)
    left_out = models.JSONField(default=list)
    asked_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=600, default="", blank=True)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, default="", blank=True)
    agency_id: int
    asked_by_id: int
    file_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency"],
                condition=Q(state="building"),
                name="conformity_one_pack_building",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["building", "done", "failed"]),
                name="conformity_pack_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="done")
                | (Q(file__isnull=False, finished_at__isnull=False) & ~Q(sha256="")),
                name="conformity_pack_done_has_file",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(fault=""), name="conformity_pack_failed_says_why"
            ),
        ]
        indexes = [models.Index(fields=["agency", "-asked_at"], name="conformity_packs")]


class PackFile(models.Model):
    """One file of a pack, as it lies in the store."""

    id = TimeOrderedIdField()
    pack = models.ForeignKey(EvidencePack, models.CASCADE, related_name="files")
    point = models.CharField(max_length=20)
    path = models.CharField(max_length=200)
    title = models.CharField(max_length=300)
    stored = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    pack_id: int
    stored_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pack", "path"], name="conformity_pack_path_once")
        ]
