"""Who looked at applicants, what one may see of an applicant, one's data as a whole."""

from dataclasses import dataclass
from datetime import datetime

from nep.apps.cases.models import (
    Case,
    CaseErasure,
    CaseHold,
    CaseLook,
    CasePaper,
    CaseRating,
    CaseReport,
)
from nep.apps.cases.queries._case_rows import Beside, case_row
from nep.apps.cases.queries._forms import ApplicantFacts, applicant_of, masked_applicant_of
from nep.apps.cases.queries._page import CasePage
from nep.apps.cases.queries._step_data import personal_values
from nep.apps.cases.rules import acting, citizens, privacy
from nep.apps.cases.rules.erasure import PART_NAMES
from nep.apps.cases.rules.statuses import CHANNEL_NAMES, STATUS_NAMES
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor, leads_unit, may, wears
from nep.foundation.db import Mark, Prepared
from nep.foundation.files import queries as files
from nep.kernel.errors import NotFound

PAGE = 50


@dataclass(frozen=True, slots=True)
class LookLine:
    """One look: who, when, which case, how, why."""

    id: int
    case_id: int
    code: str
    who: str
    how: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Stub:
    """What was erased of a case, when and by which run."""

    at: datetime
    words: str
    run_id: int


@dataclass(frozen=True, slots=True)
class CaseHoldFacts:
    """The open hold of a case."""

    reason: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class CasePrivacy:
    """What stands of the applicant on a case's page: masked, with what the actor may do."""

    name: str
    phone: str
    is_known: bool
    may_see: bool
    reason: str
    may_see_looks: bool
    looks: int
    stubs: tuple[Stub, ...]
    hold: CaseHoldFacts | None
    may_hold: bool


@dataclass(frozen=True, slots=True)
class OwnPaper:
    """A file handed in, as the person's data lists it; the size is in bytes."""

    name: str
    file_name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class OwnData:
    """Everything kept of the person in one case, to be handed over as it is."""

    code: str
    tthc: str
    agency: str
    status: str
    channel: str
    received_at: datetime
    applicant: ApplicantFacts
    papers: tuple[OwnPaper, ...]
    degree: str
    remark: str
    reports: tuple[tuple[datetime, str, str, str], ...]
    looks: tuple[LookLine, ...]
    stubs: tuple[Stub, ...]
    typed: tuple[tuple[str, str], ...] = ()


def card(*, actor: Actor, page: CasePage, found: Beside) -> CasePrivacy:
    """Return what stands of the applicant beside a case that the actor sees already."""
    acts = page.may.step or page.may.give_result or page.may.accept_supplement
    data_officer = bool(may(actor, privacy.LOOKS))
    return CasePrivacy(
        name=page.applicant.name, phone=page.applicant.phone, is_known=bool(page.applicant.name),
        may_see=bool(may(actor, privacy.SEE)),
        reason=privacy.HOLDER_REASON if acts else "",
        may_see_looks=data_officer or (page.may.manage and bool(may(actor, "case.manage"))),
        looks=found.looks,
        stubs=_stubs(page.id) if found.is_erased else (),
        hold=_hold(page.id) if found.is_held else None, may_hold=data_officer,
    )  # fmt: skip


def case_privacy(*, actor: Actor, case_id: int) -> CasePrivacy:
    """Return what stands of the applicant on a case's page. Raises NotFound."""
    case = _case(actor, case_id)
    shown = masked_applicant_of(case.pk)
    may_see_looks = may_see_looks_of(actor, case)
    return CasePrivacy(
        name=shown.name, phone=shown.phone, is_known=bool(shown.name),
        may_see=bool(may(actor, privacy.SEE)), reason=own_reason(actor, case),
        may_see_looks=may_see_looks,
        looks=CaseLook.objects.filter(case=case).count() if may_see_looks else 0,
        stubs=_stubs(case.pk), hold=_hold(case.pk),
        may_hold=bool(may(actor, privacy.LOOKS)) and not case.internal,
    )  # fmt: skip


def may_see_looks_of(actor: Actor, case: Case) -> bool:
    """Say whether the actor may read who looked at a case: the data officer, who leads its unit."""
    return bool(may(actor, privacy.LOOKS)) or leads_unit(actor, unit_id=case.holder_unit_id)


def own_reason(actor: Actor, case: Case) -> str:
    """Return the reason that goes without saying: the actor holds the case now, or hands it over."""
    if case.finished_at is not None and case.status != 9:
        return ""
    holds = case.holder_person_id == actor.person_id or (
        case.holder_person_id is None
        and any(wears(actor, unit_id=case.holder_unit_id, role=hat.role) for hat in actor.hats)
    )
    return privacy.HOLDER_REASON if holds else ""


def seen_applicant(*, actor: Actor, case_id: int, now: datetime) -> ApplicantFacts | None:
    """Return the applicant in full to who has just asked for it with a reason, None to others.

    Raises NotFound.
    """
    case = _case(actor, case_id)
    if not may(actor, privacy.SEE):
        return None
    rows = CaseLook.objects.filter(case=case, person_id=actor.person_id, way="page")
    recent = rows.filter(at__gt=now - privacy.SAME_LOOK, at__lte=now).exists()
    return applicant_of(case.pk) if recent else None


def seen_typed(*, actor: Actor, case_id: int) -> tuple[tuple[str, str], ...]:
    """Return (label, value) of what the steps recorded about the person, for who sees the
    applicant in full. Raises NotFound."""
    return personal_values(_case(actor, case_id))


def look_reason(*, actor: Actor, case_id: int, now: datetime) -> str:
    """Return the reason of the actor's last look at the page of a case, empty without a recent one."""
    rows = CaseLook.objects.filter(case_id=case_id, person_id=actor.person_id, way="page")
    row = rows.filter(at__gt=now - privacy.SAME_LOOK, at__lte=now).order_by("-id").first()
    return row.reason if row else ""


def case_looks(*, actor: Actor, case_id: int) -> tuple[LookLine, ...]:
    """Return who looked at the applicant of a case, newest first. Raises NotFound."""
    case = _case(actor, case_id)
    if not may_see_looks_of(actor, case):
        raise NotFound("not_found", "Không tìm thấy hồ sơ này trong cơ quan của bạn.")
    return _looks(CaseLook.objects.filter(case=case).order_by("-id")[:500])


def look_lines(
    *, actor: Actor, person_id: int = 0, code: str = "", after: int = 0
) -> tuple[LookLine, ...]:
    """Return the looks of the actor's agency, newest first, a page and one more."""
    rows = CaseLook.objects.filter(agency_id=actor.agency_id)
    if person_id:
        rows = rows.filter(person_id=person_id)
    if code:
        rows = rows.filter(case__code__in={code, code.upper()})
    if after:
        rows = rows.filter(pk__lt=after)
    return _looks(rows.order_by("-id")[: PAGE + 1])


def own_data(*, actor: Actor, case_id: int) -> OwnData:
    """Return everything kept of the applicant in a case, files as a list. Raises NotFound."""
    case = _case(actor, case_id)
    agency = organization.agency(case.agency_id)
    rating = CaseRating.objects.filter(case=case).first()
    papers = CasePaper.objects.filter(case=case).exclude(file=None).order_by("position")
    facts = [(row.name, files.facts(row.file_id)) for row in papers if row.file_id]
    reports = CaseReport.objects.filter(case=case).order_by("id")
    return OwnData(
        code=case.code, tthc=f"{case.tthc_code} {case.tthc_name}".strip(), agency=agency.name,
        status=STATUS_NAMES[case.status], channel=CHANNEL_NAMES.get(case.channel, ""),
        received_at=case.received_at, applicant=applicant_of(case.pk),
        papers=tuple(OwnPaper(name, one.name, one.size, one.sha256) for name, one in facts),
        degree=citizens.DEGREES[rating.degree] if rating else "",
        remark=rating.remark if rating else "",
        reports=tuple(
            (one.at, citizens.REPORT_NAMES[one.kind], one.text, one.answer) for one in reports
        ),
        looks=_looks(CaseLook.objects.filter(case=case).order_by("-id")[:500]),
        stubs=_stubs(case.pk), typed=personal_values(case),
    )  # fmt: skip


def _case(actor: Actor, case_id: int) -> Case:
    case = case_row(case_id)
    if case is None or not acting.may_see_case(actor, agency_id=case.agency_id):
        raise NotFound("not_found", "Không tìm thấy hồ sơ này trong cơ quan của bạn.")
    return case


def _hold(case_id: int) -> CaseHoldFacts | None:
    row = _HOLD.first(case=case_id)
    if row is None:
        return None
    names = organization.person_names([row.placed_by_id])
    return CaseHoldFacts(row.reason, row.placed_at, names.get(row.placed_by_id, ""))


_HOLD = Prepared(
    lambda: CaseHold.objects.filter(case_id=Mark("case"), lifted_at=None).order_by("id")
)
_ERASED = Prepared(
    lambda: (
        CaseErasure.objects.filter(case_id=Mark("case"))
        .order_by("id")
        .values_list("at", "run_id", "part", "id")
    )
)


def _stubs(case_id: int) -> tuple[Stub, ...]:
    found: dict[tuple[datetime, int], list[str]] = {}
    for at, run_id, part, _id in _ERASED.rows(case=case_id):
        found.setdefault((at, run_id), []).append(PART_NAMES[part])
    return tuple(Stub(at, "; ".join(words), run_id) for (at, run_id), words in found.items())


def _looks(rows) -> tuple[LookLine, ...]:
    found = list(rows.select_related("case"))
    names = organization.person_names([row.person_id for row in found])
    return tuple(
        LookLine(
            row.pk, row.case_id, row.case.code, names.get(row.person_id, ""),
            privacy.WAY_NAMES[row.way], row.reason, row.at,
        )
        for row in found
    )  # fmt: skip
