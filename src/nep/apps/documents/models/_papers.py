"""The paper of a document whose content another app owns, as it was when it came into force."""

from django.db import models
from django.db.models import Q

from nep.apps.documents.models._revisions import Revision
from nep.foundation.db import TimeOrderedIdField


class KeptPaper(models.Model):
    """The bytes of a paper, kept once and never made again: Word always, PDF where it could be made.

    `content_hash` is that of the revision when they were made; `fault` says why there is no PDF,
    which was tried `tries` times and will be again at `try_at` (`rules.paper_tries`).
    """

    id = TimeOrderedIdField()
    revision = models.OneToOneField(Revision, models.PROTECT, related_name="kept_paper")
    word = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")
    pdf = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    content_hash = models.CharField(max_length=64)
    fault = models.CharField(max_length=300, default="", blank=True)
    made_at = models.DateTimeField()
    tries = models.SmallIntegerField(default=1)
    try_at = models.DateTimeField(null=True)
    revision_id: int
    word_id: int
    pdf_id: int | None

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(pdf__isnull=False, fault="") | (Q(pdf=None) & ~Q(fault="")),
                name="documents_kept_paper_says_why",
            )
        ]
