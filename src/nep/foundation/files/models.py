"""Table of stored files; the bytes lie beside, under their hash."""

from django.db import models

from nep.foundation.db import TimeOrderedIdField


class StoredFile(models.Model):
    """One file as somebody gave it: own name, own owner, shared bytes."""

    id = TimeOrderedIdField()
    agency_id = models.BigIntegerField(null=True)
    stored_by = models.BigIntegerField(null=True)
    stored_at = models.DateTimeField()
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=120)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["sha256"], name="files_content"),
            models.Index(fields=["agency_id", "id"], name="files_agency"),
        ]
