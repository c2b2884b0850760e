"""Digital signatures on the frozen PDF of a revision, and the rooms kept for those made outside."""

from django.db import models
from django.db.models import Q

from nep.apps.documents.models._revisions import Revision
from nep.foundation.db import TimeOrderedIdField


class Signature(models.Model):
    """One signature on the published PDF, the certificate in words that stay. Append-only.

    `before` is what was signed upon, `file` the signed bytes that begin with it; neither is ever
    changed. `way` is file, token or outside; `without_stamp` says why there is no time stamp.
    Identity numbers of the certificate are not kept.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="signatures")
    position = models.SmallIntegerField()
    field = models.CharField(max_length=40)
    way = models.CharField(max_length=8)
    person = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    person_name = models.CharField(max_length=120)
    position_name = models.CharField(max_length=160, default="", blank=True)
    unit_name = models.CharField(max_length=160, default="", blank=True)
    signed_at = models.DateTimeField()
    stamped_at = models.DateTimeField(null=True)
    stamp_authority = models.CharField(max_length=200, default="", blank=True)
    without_stamp = models.CharField(max_length=300, default="", blank=True)
    signer = models.CharField(max_length=200)
    subject = models.CharField(max_length=600)
    issuer = models.CharField(max_length=300)
    serial = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField()
    is_trusted = models.BooleanField()
    at_tag = models.CharField(max_length=40, default="", blank=True)
    before = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")
    before_hash = models.CharField(max_length=64)
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")
    file_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "position"], name="documents_signature_in_turn"
            ),
            models.UniqueConstraint(
                fields=["revision", "before_hash"], name="documents_signature_on_the_last"
            ),
            models.CheckConstraint(
                condition=Q(way__in=["file", "token", "outside"]), name="documents_signature_way"
            ),
            models.CheckConstraint(
                condition=Q(stamped_at__isnull=False) | ~Q(without_stamp=""),
                name="documents_signature_says_why_unstamped",
            ),
        ]


class SigningRoom(models.Model):
    """Room kept in the PDF for a signature made outside: once, by one person, until `ends_at`.

    The key itself is only in the signer's address; `key_hash` is its SHA-256. `digest` is what is
    to be signed; bytes `start` to `end` of the prepared file are where the signature comes.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="signing_rooms")
    person = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    key_hash = models.CharField(max_length=64)
    begun_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    before_hash = models.CharField(max_length=64)
    prepared = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    digest = models.CharField(max_length=64)
    start = models.BigIntegerField()
    end = models.BigIntegerField()
    field = models.CharField(max_length=40)
    at_tag = models.CharField(max_length=40, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key_hash"], name="documents_signing_key_once")
        ]
        indexes = [
            models.Index(
                fields=["ends_at"],
                condition=Q(prepared__isnull=False),
                name="documents_rooms_to_clear",
            )
        ]
