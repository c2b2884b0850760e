"""Tables of the forms of the law: their editions, and the papers given out by them.

An edition in force is never changed: a paper keeps it together with its values, so that it is
printed years later as it was. The values hold the applicant's data and stand in a table of their own.
"""

from django.db import models
from django.db.models import F, Q

from nep.apps.cases.models._case import Case
from nep.foundation.db import TimeOrderedIdField

FORMS = ("01", "02", "03", "04", "05", "06", "07")


class FormEdition(models.Model):
    """One form (Mẫu 01–07) as a legal text lays it down, for papers of `since` to `until`.

    Without agency and province it is the shipped one (`shipped_key`); with a province it holds for
    its agencies, with an agency for that one. `layout` is JSON (see `rules.form_layout`), `digest`
    its SHA-256. A draft may be changed; what is published only withdrawn.
    """

    id = TimeOrderedIdField()
    form = models.CharField(max_length=2)
    agency = models.ForeignKey("organization.Agency", models.PROTECT, null=True, related_name="+")
    province_id = models.BigIntegerField(null=True)
    shipped_key = models.CharField(max_length=60, default="", blank=True)
    state = models.CharField(max_length=9, default="draft")
    name = models.CharField(max_length=200)
    legal_number = models.CharField(max_length=80)
    legal_key = models.CharField(max_length=80)
    external = models.ForeignKey(
        "legal.ExternalDocument", models.PROTECT, null=True, related_name="+"
    )
    since = models.DateField()
    until = models.DateField(null=True)
    mark = models.CharField(max_length=200, default="", blank=True)
    layout = models.TextField()
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    published_at = models.DateTimeField(null=True)
    published_by_id = models.BigIntegerField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by_id = models.BigIntegerField(null=True)
    withdraw_reason = models.CharField(max_length=1000, default="", blank=True)
    version = models.IntegerField(default=1)
    agency_id: int | None
    external_id: int | None

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(form__in=FORMS), name="cases_form_known"),
            models.CheckConstraint(
                condition=Q(state="draft", published_at=None, withdrawn_at=None)
                | Q(state="published", published_at__isnull=False, withdrawn_at=None)
                | Q(state="withdrawn", withdrawn_at__isnull=False) & ~Q(withdraw_reason=""),
                name="cases_form_edition_state",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="cases_form_edition_days"
            ),
            models.CheckConstraint(
                condition=Q(agency=None) | Q(province_id=None), name="cases_form_edition_scope"
            ),
            models.UniqueConstraint(
                fields=["shipped_key", "digest"],
                condition=~Q(shipped_key=""),
                name="cases_form_shipped_once",
            ),
        ]
        indexes = [models.Index(fields=["form", "-since"], name="cases_form_editions")]


class GivenPaper(models.Model):
    """One paper given out: its number in the book of its form, agency and year (0 without a book).

    `subject_id` is the pause behind a supplement request. `about` says what a paper without a case
    (Mẫu 07) is about. `digest` is the SHA-256 of edition and values.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.CASCADE, null=True, related_name="given_papers")
    form = models.CharField(max_length=2)
    edition = models.ForeignKey(FormEdition, models.PROTECT, related_name="+")
    subject_id = models.BigIntegerField(default=0)
    year = models.SmallIntegerField()
    number = models.IntegerField(default=0)
    number_text = models.CharField(max_length=80, default="", blank=True)
    about = models.CharField(max_length=200, default="", blank=True)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    kept_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    erased_at = models.DateTimeField(null=True)
    agency_id: int
    case_id: int | None
    edition_id: int

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(form__in=FORMS), name="cases_given_form"),
            models.CheckConstraint(
                condition=Q(case__isnull=False) | Q(form="07"), name="cases_given_of_a_case"
            ),
            models.UniqueConstraint(
                fields=["agency", "form", "year", "number"],
                condition=Q(number__gt=0),
                name="cases_given_one_number",
            ),
            models.UniqueConstraint(
                fields=["case", "form", "subject_id"],
                condition=Q(form__in=FORMS[:5]),
                name="cases_given_once",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "year", "-at", "-id"], name="cases_given_newest"),
            models.Index(fields=["case", "form"], name="cases_given_of_case"),
        ]


class GivenValues(models.Model):
    """What stood on a paper given out: JSON, deflated. Personal data; erased with the case's."""

    paper = models.OneToOneField(
        GivenPaper, models.CASCADE, primary_key=True, related_name="values_kept"
    )
    content = models.BinaryField()
