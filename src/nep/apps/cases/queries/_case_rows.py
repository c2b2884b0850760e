"""The rows of one case that its page reads, each of them once."""

from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce

from nep.apps.cases.models import (
    Case,
    CaseApplicant,
    CaseErasure,
    CaseExtension,
    CaseHold,
    CaseLink,
    CaseLook,
    CasePause,
    CaseRating,
    CaseReport,
    JointStep,
    StepRun,
    TimeRuleEdition,
)
from nep.apps.cases.queries._log import logged_events
from nep.apps.cases.queries._plans import Followed, followed
from nep.apps.cases.rules import acting
from nep.apps.cases.rules.slip import LoggedEvent
from nep.apps.organization.rules import Actor
from nep.foundation.db import Mark, Prepared
from nep.kernel.errors import NotFound

_HERE = {"case_id": OuterRef("pk")}
_CASE = Prepared(lambda: Case.objects.filter(pk=Mark("case")))
_RUNS = Prepared(lambda: StepRun.objects.filter(case_id=Mark("case")).order_by("id"))
_PAUSES = Prepared(lambda: CasePause.objects.filter(case_id=Mark("case")).order_by("started_at"))
_APPLICANT = Prepared(
    lambda: CaseApplicant.objects.filter(pk=Mark("case")).values_list(
        "name", "identity", "phone", "email", "address"
    )
)


def _beside_shape():
    looks = CaseLook.objects.filter(**_HERE).order_by().values("case_id").annotate(n=Count("pk"))
    links = CaseLink.objects
    return Case.objects.filter(pk=Mark("case")).values_list(
        Exists(CaseHold.objects.filter(lifted_at=None, **_HERE)),
        Exists(CaseErasure.objects.filter(**_HERE)),
        Exists(CaseRating.objects.filter(**_HERE)),
        Exists(CaseReport.objects.filter(**_HERE)),
        Coalesce(Subquery(looks.values("n")), 0),
        Exists(CasePause.objects.filter(**_HERE)),
        Exists(CaseExtension.objects.filter(**_HERE)),
        Exists(links.filter(**_HERE)),
        Exists(links.filter(other_id=OuterRef("pk"))),
        Exists(JointStep.objects.filter(**_HERE)),
        Exists(TimeRuleEdition.objects.filter(agency_id=OuterRef("agency_id"))),
    )


_BESIDE = Prepared(_beside_shape)


def case_row(case_id: int) -> Case | None:
    """Return a case by its key, of whatever agency."""
    return _CASE.first(case=case_id)


def applicant_row(case_id: int) -> tuple[str, str, str, str, str]:
    """Return name, identity, phone, e-mail and address, empty where none was recorded."""
    return next(iter(_APPLICANT.rows(case=case_id)), ("", "", "", "", ""))


@dataclass(frozen=True, slots=True)
class Beside:
    """What there is beside a case, found by one query; the rest is asked where there is any."""

    is_held: bool
    is_erased: bool
    is_voiced: bool
    looks: int
    has_pauses: bool
    is_extended: bool
    is_tied: bool
    is_joint: bool
    has_own_rules: bool


class CaseRows:
    """The rows of a case, read when they are first wanted and kept."""

    def __init__(self, case: Case) -> None:
        self.case = case

    @cached_property
    def runs(self) -> list[StepRun]:
        """Return every run of a step, oldest first."""
        return _RUNS.objects(case=self.case.pk)

    @property
    def open_runs(self) -> list[StepRun]:
        """Return the runs of the steps that are open now."""
        return [run for run in self.runs if run.closed_at is None]

    @property
    def unit_id(self) -> int | None:
        """Return the unit that holds the case, or while nobody does the one of its last step."""
        done = (run.unit_id for run in reversed(self.runs) if run.unit_id)
        return self.case.holder_unit_id or next(done, None)

    @cached_property
    def pauses(self) -> list[CasePause]:
        """Return every pause, oldest first."""
        return _PAUSES.objects(case=self.case.pk) if self.beside.has_pauses else []

    @cached_property
    def events(self) -> tuple[LoggedEvent, ...]:
        """Return the events that stand, in order, their data read."""
        return logged_events(self.case.pk)

    @cached_property
    def followed(self) -> Followed:
        """Return the versions that the case followed."""
        return followed(self.case)

    @cached_property
    def applicant(self) -> tuple[str, str, str, str, str]:
        """Return name, identity, phone, e-mail and address, empty where none was recorded."""
        found = _APPLICANT.rows(case=self.case.pk)
        return found[0] if found else ("", "", "", "", "")

    @cached_property
    def beside(self) -> Beside:
        """Return what there is beside the case."""
        return beside(case_id=self.case.pk)


def case_rows(*, actor: Actor, case_id: int) -> CaseRows:
    """Return the rows of a case that the actor may see. Raises NotFound."""
    case = _CASE.first(case=case_id)
    if case is None or not acting.may_see_case(actor, agency_id=case.agency_id):
        raise NotFound("not_found", "Không tìm thấy hồ sơ này trong cơ quan của bạn.")
    return CaseRows(case)


def beside(*, case_id: int) -> Beside:
    """Return what there is beside a case: holds, erasures, voices, looks, pauses, ties."""
    held, erased, rated, reported, looks, *rest = _BESIDE.rows(case=case_id)[0]
    pauses, extended, tied, tied_to, joint, ruled = map(bool, rest)
    return Beside(
        bool(held), bool(erased), bool(rated or reported), looks, pauses, extended,
        tied or tied_to, joint, ruled,
    )  # fmt: skip
