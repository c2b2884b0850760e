"""Tables of administrative procedures (TTHC), processes, their versions and their import."""

from django.db import models
from django.db.models import Q

from nep.foundation.db import TimeOrderedIdField

LIMIT_UNITS = ("", "working_hour", "working_day", "calendar_day")


class Tthc(models.Model):
    """An administrative procedure that an agency handles; internal ones have no public code.

    The result of one that is dealt with `at_once` is given on the spot, without receipt. `entry` is
    what is published under its code; what the agency wrote itself stays until somebody takes the
    published over.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    code = models.CharField(max_length=30, default="", blank=True)
    name = models.CharField(max_length=600)
    folded = models.CharField(max_length=700)
    field = models.CharField(max_length=200, default="", blank=True)
    is_internal = models.BooleanField(default=False)
    at_once = models.BooleanField(default=False, db_default=False)
    limit_amount = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    limit_unit = models.CharField(max_length=12, default="", blank=True)
    result = models.CharField(max_length=400, default="", blank=True)
    fee = models.CharField(max_length=400, default="", blank=True)
    legal_basis = models.TextField(default="", blank=True)
    entry = models.ForeignKey("catalogue.Entry", models.PROTECT, null=True, related_name="+")
    version = models.IntegerField(default=1)
    agency_id: int
    entry_id: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "code"], condition=~Q(code=""), name="procedures_one_tthc_code"
            ),
            models.CheckConstraint(
                condition=Q(limit_unit__in=LIMIT_UNITS), name="procedures_tthc_limit_unit"
            ),
            models.CheckConstraint(
                condition=Q(limit_amount=None) | Q(limit_amount__gt=0),
                name="procedures_tthc_limit_positive",
            ),
        ]


class TthcPaper(models.Model):
    """One paper an applicant hands in for a TTHC."""

    id = TimeOrderedIdField()
    tthc = models.ForeignKey(Tthc, models.CASCADE, related_name="papers")
    position = models.IntegerField()
    name = models.CharField(max_length=1000)
    originals = models.IntegerField(default=1)
    copies = models.IntegerField(default=0)
    is_required = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tthc", "position"], name="procedures_paper_place"),
            models.CheckConstraint(
                condition=Q(originals__gte=0) & Q(copies__gte=0),
                name="procedures_paper_quantity",
            ),
        ]


class Procedure(models.Model):
    """The process of a TTHC as a controlled document; a TTHC may have one per case (variant)."""

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    document = models.OneToOneField("documents.Document", models.PROTECT, related_name="procedure")
    tthc = models.ForeignKey(Tthc, models.PROTECT, related_name="procedures")
    variant = models.CharField(max_length=400, default="", blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tthc", "variant"], name="procedures_one_per_tthc_variant"
            )
        ]


class SharedTthc(models.Model):
    """A further TTHC that goes by a procedure written for another one of the same agency.

    Source: Thông tư 26/2014/TT-BKHCN Điều 41 khoản 6 (thủ tục tương tự dùng chung một quy trình).
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="shared_with")
    tthc = models.ForeignKey(Tthc, models.PROTECT, related_name="shares")
    person = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    agency_id: int
    procedure_id: int
    tthc_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["procedure", "tthc"], name="procedures_shared_once")
        ]
        indexes = [models.Index(fields=["agency", "tthc"], name="procedures_shared_by_agency")]


class Definition(models.Model):
    """What one revision says: the process graph, its time limit and its pause policy.

    `places` is how far nodes were dragged in the diagram, as JSON, `beside` the notes, data and
    parts of others that the rows do not say, as JSON; neither is part of the hash.

    `carried` is JSON text of the forms, records and data fields of the steps, "" where no step
    has any; `paper` is JSON text of the words of the controlled paper, "" where none is written.
    `content_hash` covers graph, limit, policy, what is carried and the paper; it is fixed once the
    revision leaves draft.
    `total_hours` (8 a day) is the longest way through, None where it cannot be added up;
    `item_id` is the open work item of the checker or approver.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    procedure = models.ForeignKey(Procedure, models.PROTECT, related_name="definitions")
    revision = models.OneToOneField("documents.Revision", models.PROTECT, related_name="definition")
    graph = models.TextField()
    carried = models.TextField(default="", blank=True, db_default="")
    places = models.TextField(default="", db_default="", blank=True)
    paper = models.TextField(default="", db_default="", blank=True)
    beside = models.TextField(default="", db_default="", blank=True)
    content_hash = models.CharField(max_length=64)
    limit_amount = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    limit_unit = models.CharField(max_length=12, default="", blank=True)
    limit_text = models.CharField(max_length=300, default="", blank=True)
    pause_policy = models.CharField(max_length=10, default="restart")
    declared_hours = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    declared_text = models.CharField(max_length=300, default="", blank=True)
    declared_settled = models.BooleanField(default=False)
    total_hours = models.DecimalField(max_digits=9, decimal_places=3, null=True)
    step_count = models.IntegerField(default=0)
    item_id = models.BigIntegerField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(limit_unit__in=LIMIT_UNITS), name="procedures_limit_unit"
            ),
            models.CheckConstraint(
                condition=Q(pause_policy__in=["stop", "restart", "none"]),
                name="procedures_pause_policy",
            ),
            models.CheckConstraint(
                condition=Q(limit_amount=None) | Q(limit_amount__gt=0),
                name="procedures_limit_positive",
            ),
        ]
        indexes = [models.Index(fields=["content_hash"], name="procedures_by_hash")]


class DefinitionEdit(models.Model):
    """One change of a draft: which version it made, by whom, in words.

    `before` is what it replaced (columns of the definition as packed JSON, None where nothing can
    be taken back). The rest are versions, 0 for none: `undoes` the edit that this one takes back,
    `next_undo` and `next_redo` what undoing and redoing would take back after this edit, `below`
    what stands under this edit on the pile it was put on.
    """

    id = TimeOrderedIdField()
    definition = models.ForeignKey(Definition, models.CASCADE, related_name="edits")
    version = models.IntegerField()
    person = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    text = models.CharField(max_length=400)
    before = models.BinaryField(null=True)
    undoes = models.IntegerField(default=0, db_default=0)
    next_undo = models.IntegerField(default=0, db_default=0)
    next_redo = models.IntegerField(default=0, db_default=0)
    below = models.IntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(undoes__gte=0, undoes__lt=models.F("version")),
                name="procedures_edit_undoes_earlier",
            ),
            models.UniqueConstraint(
                fields=["definition", "version"], name="procedures_edit_makes_version"
            ),
        ]


class RoleMapping(models.Model):
    """What a "responsible" text of this agency means: a role of a unit, or an outside agency."""

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    folded = models.CharField(max_length=300)
    text = models.CharField(max_length=300)
    role = models.CharField(max_length=160)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "folded"], name="procedures_mapping_once"),
            models.CheckConstraint(condition=~Q(role=""), name="procedures_mapping_role"),
        ]


class PaperTemplate(models.Model):
    """The agency's own Word template for its procedures; without one the product's paper is used."""

    id = TimeOrderedIdField()
    agency = models.OneToOneField("organization.Agency", models.PROTECT, related_name="+")
    file = models.ForeignKey("files.StoredFile", models.PROTECT, related_name="+")
    person = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    version = models.IntegerField(default=1)


class WordImport(models.Model):
    """One Word file on its way to drafts: waiting → reading → read → done, or refused.

    The bytes stand in `upload` until they are read; only a file with procedures is kept as a file.
    """

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    batch = models.BigIntegerField()
    person = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    file = models.ForeignKey("files.StoredFile", models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=10, default="waiting")
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    upload = models.BinaryField(null=True)
    report = models.TextField(default="", blank=True)
    refusal = models.CharField(max_length=600, default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "reading", "read", "done", "refused"]),
                name="procedures_import_state",
            )
        ]
        indexes = [models.Index(fields=["agency", "batch"], name="procedures_import_batch")]


class LinterSetting(models.Model):
    """A rule of `reference/linter_rules.toml` as an agency has set it; figures and words are JSON."""

    id = TimeOrderedIdField()
    agency = models.ForeignKey("organization.Agency", models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    severity = models.CharField(max_length=6)
    figures = models.TextField(default="{}")
    words = models.TextField(default="{}")
    changed_by = models.ForeignKey("organization.Person", models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["agency", "code"], name="procedures_linter_rule_once"),
            models.CheckConstraint(
                condition=Q(severity__in=["blocks", "warns", "hints", "off"]),
                name="procedures_linter_severity",
            ),
        ]
