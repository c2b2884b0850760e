"""Requests for change, the route of an approval, and its history for ever."""

from django.db import models
from django.db.models import Q

from nep.apps.documents.models._documents import Document
from nep.apps.documents.models._revisions import Revision
from nep.foundation.db import TimeOrderedIdField


class ChangeRequest(models.Model):
    """Somebody asks for a new document or a change of one, with the reason and what to change."""

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="requests")
    wish = models.CharField(max_length=12)
    kind = models.CharField(max_length=20, default="", blank=True)
    title = models.CharField(max_length=600, default="", blank=True)
    reason = models.CharField(max_length=1000)
    content = models.TextField(default="", blank=True)
    origin_type = models.CharField(max_length=30, default="", blank=True)
    origin_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=12, default="asked")
    asked_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        "organization.Person", models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    decision_note = models.CharField(max_length=1000, default="", blank=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(wish__in=["new", "change", "withdraw"]), name="documents_request_wish"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["asked", "accepted", "refused", "done", "taken_back"]),
                name="documents_request_state",
            ),
            models.CheckConstraint(
                condition=Q(wish="new") | Q(document__isnull=False),
                name="documents_request_names_document",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="documents_request_reason"),
        ]
        indexes = [
            models.Index(fields=["agency", "state", "-asked_at"], name="documents_requests"),
            models.Index(fields=["agency", "-asked_at", "-id"], name="documents_requests_newest"),
        ]


class RouteStep(models.Model):
    """One step of a revision's own route: who is asked, and whether all or any of them decide.

    A revision without route steps takes the plain way: one checker, one approver by role. `due_on`
    is counted from the day of each submission by `days` (working days) where they are given.
    """

    id = TimeOrderedIdField()
    revision = models.ForeignKey(Revision, models.CASCADE, related_name="route")
    position = models.SmallIntegerField()
    part = models.CharField(max_length=10)
    needs = models.CharField(max_length=3, default="all")
    due_on = models.DateField(null=True)
    days = models.SmallIntegerField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["revision", "position"], name="documents_route_position_once"
            ),
            models.CheckConstraint(
                condition=Q(part__in=["consult", "check", "approve"]), name="documents_route_part"
            ),
            models.CheckConstraint(
                condition=Q(needs__in=["all", "any"]), name="documents_route_needs"
            ),
        ]


class RoutePerson(models.Model):
    """A person asked at a step of a route, and when the person decided in this round."""

    id = TimeOrderedIdField()
    step = models.ForeignKey(RouteStep, models.CASCADE, related_name="people")
    person = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["step", "person"], name="documents_route_person_once")
        ]


class RouteTemplate(models.Model):
    """The usual route of a kind in an agency; `steps` as [{part, needs, person_ids, days}]."""

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    steps = models.JSONField(default=list)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "kind"], name="documents_one_route_a_kind")
        ]


class LifeEntry(models.Model):
    """One line of a revision's history, in words that stay when people leave or units are renamed.

    Append-only. `act` is drafted, submitted, consulted, checked, approved, returned, dropped,
    issued, in_force, retired, withdrawn.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="history")
    act = models.CharField(max_length=12)
    at = models.DateTimeField()
    person = models.ForeignKey("organization.Person", models.PROTECT, null=True, related_name="+")
    person_name = models.CharField(max_length=120, default="", blank=True)
    position_name = models.CharField(max_length=160, default="", blank=True)
    unit_name = models.CharField(max_length=160, default="", blank=True)
    prefix = models.CharField(max_length=4, default="", blank=True)
    acting_for_name = models.CharField(max_length=120, default="", blank=True)
    content_hash = models.CharField(max_length=64, default="", blank=True)
    note = models.CharField(max_length=1000, default="", blank=True)
    round = models.SmallIntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["revision", "at"], name="documents_history")]
