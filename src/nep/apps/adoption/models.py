"""Tables of model procedures, their editions, who follows them and how drift was answered."""

from django.db import models
from django.db.models import F, Q

from nep.foundation.db import TimeOrderedIdField

AUDIENCES = ("communes", "departments", "all")


class ModelProcedure(models.Model):
    """A procedure that a province or ministry holds out to others.

    Its content is that of a version in force of `procedure`, the source, which may be another
    agency's of the province. `number` repeats that of the newest edition, so that lists need no
    join. `local_forms` (JSON) names the forms whose content each agency makes its own.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    source_agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    procedure = models.ForeignKey("procedures.Procedure", models.PROTECT, related_name="+")
    province_id = models.BigIntegerField()
    is_national = models.BooleanField(default=False)
    code = models.CharField(max_length=60)
    title = models.CharField(max_length=600)
    folded = models.CharField(max_length=800)
    tthc_code = models.CharField(max_length=30, default="", blank=True)
    field = models.CharField(max_length=200, default="", blank=True)
    audience = models.CharField(max_length=12)
    open_limits = models.BooleanField(default=True)
    local_forms = models.TextField(default="[]")
    number = models.IntegerField(default=1)
    withdrawn_at = models.DateTimeField(null=True)
    withdraw_reason = models.CharField(max_length=1000, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "procedure"],
                condition=Q(withdrawn_at=None),
                name="adoption_one_model_per_source",
            ),
            models.CheckConstraint(condition=Q(audience__in=AUDIENCES), name="adoption_audience"),
            models.CheckConstraint(condition=Q(number__gte=1), name="adoption_model_number"),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdraw_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdraw_reason="")),
                name="adoption_withdrawn_with_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["province_id", "code", "id"],
                condition=Q(withdrawn_at=None),
                name="adoption_models_by_code",
            )
        ]


class ModelEdition(models.Model):
    """One published content of a model: the version it pins, why it changed, by whom."""

    id = TimeOrderedIdField()
    model = models.ForeignKey(ModelProcedure, models.PROTECT, related_name="editions")
    number = models.IntegerField()
    revision = models.ForeignKey("documents.Revision", models.PROTECT, related_name="+")
    content_hash = models.CharField(max_length=64)
    note = models.CharField(max_length=1000, default="", blank=True)
    published_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    published_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["model", "number"], name="adoption_edition_once")
        ]


class Adoption(models.Model):
    """An agency follows a model with one of its procedures.

    `number` is the edition its content is made from, `revision` the draft last made from one,
    `standing` the edition before that, to which it goes back when the draft is dropped, 0 for none;
    `declined` the edition it answered with a reason instead, 0 for none.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey(
        "organization.Agency", models.PROTECT, db_index=False, related_name="+"
    )
    model = models.ForeignKey(ModelProcedure, models.PROTECT, related_name="adoptions")
    procedure = models.ForeignKey("procedures.Procedure", models.PROTECT, related_name="+")
    revision = models.ForeignKey("documents.Revision", models.PROTECT, related_name="+")
    number = models.IntegerField()
    standing = models.IntegerField(default=0, db_default=0)
    declined = models.IntegerField(default=0)
    left_at = models.DateTimeField(null=True)
    adopted_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    adopted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "model"],
                condition=Q(left_at=None),
                name="adoption_once_an_agency",
            ),
            models.UniqueConstraint(
                fields=["procedure"], condition=Q(left_at=None), name="adoption_one_model_each"
            ),
            models.CheckConstraint(
                condition=Q(declined=0) | Q(declined__gt=F("number")),
                name="adoption_declined_later",
            ),
        ]


class AdoptedForm(models.Model):
    """A controlled form of a model's source, and the adopter's own form that stands for it.

    `taken` is the revision of the source whose file the own form was last made from; null where
    the agency had a form of that name already, whose content stays its own.
    """

    id = TimeOrderedIdField()
    adoption = models.ForeignKey(Adoption, models.CASCADE, related_name="forms")
    source = models.ForeignKey("documents.Document", models.PROTECT, related_name="+")
    own = models.ForeignKey("documents.Document", models.PROTECT, related_name="+")
    taken = models.ForeignKey("documents.Revision", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["adoption", "source"], name="adoption_form_once")
        ]


class Answer(models.Model):
    """What an agency did about an edition: adopted, accepted, declined with a reason, left."""

    ADOPTED, ACCEPTED, DECLINED, LEFT = "adopted", "accepted", "declined", "left"

    id = TimeOrderedIdField()
    adoption = models.ForeignKey(Adoption, models.CASCADE, related_name="answers")
    number = models.IntegerField()
    kind = models.CharField(max_length=8)
    reason = models.CharField(max_length=1000, default="", blank=True)
    by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["adopted", "accepted"])
                | (Q(kind__in=["declined", "left"]) & ~Q(reason="")),
                name="adoption_answer_with_reason",
            )
        ]
