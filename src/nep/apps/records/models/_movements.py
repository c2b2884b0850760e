"""Files that leave: to the archive, to destruction, to another keeper."""

from django.db import models
from django.db.models import F, Q

from nep.apps.records.models._files import RecordFile
from nep.foundation.db import TimeOrderedIdField


class Transfer(models.Model):
    """A hand-over of closed files to the agency's archive, with its minutes' number.

    Minutes made by mistake are cancelled with a reason; they and their number stay.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    number = models.IntegerField()
    giver = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    receiver = models.CharField(max_length=200)
    receiver_position = models.CharField(max_length=120, default="", blank=True)
    note = models.CharField(max_length=600, default="", blank=True)
    made_at = models.DateTimeField()
    cancelled_by = models.ForeignKey(
        "organization.Person", models.PROTECT, null=True, related_name="+"
    )
    cancelled_at = models.DateTimeField(null=True)
    cancelled_reason = models.CharField(max_length=600, default="", blank=True)
    agency_id: int
    giver_id: int
    cancelled_by_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "year", "number"], name="records_transfer_number_once"
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at=None, cancelled_by=None, cancelled_reason="")
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False)
                & ~Q(cancelled_reason=""),
                name="records_transfer_cancelled_for_a_reason",
            ),
        ]


class TransferLine(models.Model):
    """A file in a hand-over; a file stands in one that was not cancelled at most."""

    id = TimeOrderedIdField()
    transfer = models.ForeignKey(Transfer, models.CASCADE, related_name="lines")
    file = models.ForeignKey(RecordFile, models.PROTECT, related_name="transfer_lines")
    is_live = models.BooleanField(default=True)
    position = models.IntegerField()
    file_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["file"], condition=Q(is_live=True), name="records_one_live_transfer"
            ),
            models.UniqueConstraint(
                fields=["transfer", "position"], name="records_transfer_position_once"
            ),
        ]


class Disposal(models.Model):
    """A disposal: proposed, approved by another person under a decision, carried out by a third."""

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    number = models.IntegerField()
    state = models.CharField(max_length=10, default="proposed")
    note = models.CharField(max_length=600, default="", blank=True)
    proposed_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    council = models.CharField(max_length=400, default="", blank=True)
    decision_number = models.CharField(max_length=120, default="", blank=True)
    decision_on = models.DateField(null=True)
    approved_by = models.ForeignKey(
        "organization.Person", models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    executed_by = models.ForeignKey(
        "organization.Person", models.PROTECT, null=True, related_name="+"
    )
    executed_at = models.DateTimeField(null=True)
    rejected_reason = models.CharField(max_length=600, default="", blank=True)
    version = models.IntegerField(default=1)
    agency_id: int
    proposed_by_id: int
    approved_by_id: int | None
    executed_by_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "year", "number"], name="records_disposal_number_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "approved", "executed", "rejected"]),
                name="records_disposal_state",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "executed"])
                | (
                    Q(approved_by__isnull=False, decision_on__isnull=False)
                    & ~Q(decision_number="")
                    & ~Q(approved_by=F("proposed_by"))
                ),
                name="records_disposal_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state="executed")
                | (Q(executed_by__isnull=False) & ~Q(executed_by=F("approved_by"))),
                name="records_disposal_executor",
            ),
        ]


class DisposalLine(models.Model):
    """A file in a disposal with what was known of it; `hashes` names the bytes removed."""

    id = TimeOrderedIdField()
    disposal = models.ForeignKey(Disposal, models.CASCADE, related_name="lines")
    file = models.ForeignKey(RecordFile, models.PROTECT, related_name="disposal_lines")
    is_live = models.BooleanField(default=True)
    position = models.IntegerField()
    code = models.CharField(max_length=60)
    title = models.CharField(max_length=400)
    retention = models.CharField(max_length=60)
    retain_until = models.DateField()
    record_count = models.IntegerField()
    hashes = models.JSONField(default=list)
    file_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["file"], condition=Q(is_live=True), name="records_one_live_disposal"
            ),
            models.UniqueConstraint(
                fields=["disposal", "position"], name="records_disposal_position_once"
            ),
        ]


class LeaverHandover(models.Model):
    """What a leaving person held and who received it; `groups` lists (label, receiver, lines)."""

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    number = models.IntegerField()
    person = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    made_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    reason = models.CharField(max_length=500)
    groups = models.JSONField()
    agency_id: int
    person_id: int
    made_by_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "year", "number"], name="records_leaver_number_once"
            )
        ]
