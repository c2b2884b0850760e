"""Declarations of conformity, their steps, and where each was sent and posted.

Source: Quyết định 19/2014/QĐ-TTg Điều 4; Thông tư 26/2014/TT-BKHCN Điều 7.
"""

from django.db import models
from django.db.models import F, Q

from nep.foundation.db import TimeOrderedIdField


class Declaration(models.Model):
    """One way from building a system to declaring that it conforms.

    `annex` is the list of the TTHC of the scope as it stood when the effect was confirmed (key,
    code, name, field, procedures), `gates` what was looked at then; `seal` is the SHA-256 of both
    with the words of the confirmation.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    number = models.IntegerField()
    reason = models.CharField(max_length=10)
    previous = models.ForeignKey("self", models.PROTECT, null=True, related_name="followers")
    edition = models.CharField(max_length=4)
    scope_text = models.CharField(max_length=2000)
    lead_unit = models.CharField(max_length=200)
    state = models.CharField(max_length=10, default="building")
    started_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    applied_by = models.ForeignKey(
        "organization.Person", models.PROTECT, null=True, related_name="+"
    )
    applied_at = models.DateTimeField(null=True)
    annex = models.JSONField(default=list)
    gates = models.JSONField(default=list)
    confirm_text = models.TextField(default="", blank=True)
    confirm_number = models.CharField(max_length=60, default="", blank=True)
    confirmed_by = models.ForeignKey(
        "organization.Person", models.PROTECT, null=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(null=True)
    signer_title = models.CharField(max_length=160, default="", blank=True)
    seal = models.CharField(max_length=64, default="", blank=True)
    decision_number = models.CharField(max_length=60, default="", blank=True)
    decision_on = models.DateField(null=True)
    notice_number = models.CharField(max_length=60, default="", blank=True)
    declared_by = models.ForeignKey(
        "organization.Person", models.PROTECT, null=True, related_name="+"
    )
    declared_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    end_note = models.CharField(max_length=1000, default="", blank=True)
    item_id = models.BigIntegerField(null=True)
    scope_item_id = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField()
    version = models.IntegerField(default=1)
    agency_id: int
    previous_id: int | None
    started_by_id: int
    applied_by_id: int | None
    confirmed_by_id: int | None
    declared_by_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "year", "number"], name="conformity_declaration_number_once"
            ),
            models.UniqueConstraint(
                fields=["agency"],
                condition=Q(state__in=["building", "applied", "confirmed"]),
                name="conformity_one_open_declaration",
            ),
            models.UniqueConstraint(
                fields=["agency"],
                condition=Q(state__in=["declared", "maintained"]),
                name="conformity_one_standing_declaration",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "building",
                        "applied",
                        "confirmed",
                        "declared",
                        "maintained",
                        "replaced",
                        "dropped",
                    ]
                ),
                name="conformity_declaration_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "declared", "maintained", "replaced"])
                | (
                    Q(confirmed_by__isnull=False, confirmed_at__isnull=False)
                    & ~Q(confirmed_by=F("started_by"))
                    & ~Q(confirm_text="")
                    & ~Q(seal="")
                ),
                name="conformity_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["declared", "maintained", "replaced"])
                | (
                    Q(
                        declared_by__isnull=False,
                        declared_at__isnull=False,
                        decision_on__isnull=False,
                    )
                    & ~Q(decision_number="")
                ),
                name="conformity_declared_in_full",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["replaced", "dropped"], ended_at__isnull=False)
                | (~Q(state__in=["replaced", "dropped"]) & Q(ended_at=None)),
                name="conformity_declaration_end_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="dropped") | ~Q(end_note=""),
                name="conformity_dropped_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "-started_at", "-id"], name="conformity_declarations"),
        ]


class DeclarationStep(models.Model):
    """One step of a declaration's life, never changed."""

    id = TimeOrderedIdField()
    declaration = models.ForeignKey(Declaration, models.CASCADE, related_name="steps")
    move = models.CharField(max_length=10)
    state = models.CharField(max_length=10)
    text = models.TextField(default="", blank=True)
    by = models.ForeignKey("organization.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    by_id: int | None

    class Meta:
        indexes = [models.Index(fields=["declaration", "at"], name="conformity_declaration_steps")]


class Posting(models.Model):
    """That a declaration was sent to the lead unit, posted at the office or on a website."""

    id = TimeOrderedIdField()
    declaration = models.ForeignKey(Declaration, models.CASCADE, related_name="postings")
    kind = models.CharField(max_length=6)
    place = models.CharField(max_length=300)
    url = models.CharField(max_length=400, default="", blank=True)
    on = models.DateField()
    by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by_id: int

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["notice", "office", "web"]), name="conformity_posting_known"
            ),
            models.CheckConstraint(
                condition=~Q(kind="web") | Q(url__startswith="http"),
                name="conformity_web_posting_has_address",
            ),
        ]
        indexes = [models.Index(fields=["declaration", "on"], name="conformity_postings")]
