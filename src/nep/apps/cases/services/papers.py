"""The papers of a case as files: printed by the edition and values they were given out with.

Nothing is written but the paper itself, where it is printed for the first time: the control slip is
given out whenever it says something new, the others once, with the act they belong to.
Source: Thông tư 03/2025/TT-VPCP, Phụ lục I; Nghị định 118/2025/NĐ-CP Điều 17, 19, 21, 28.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db import transaction

from nep.apps.cases import queries
from nep.apps.cases.models import Case, CaseEvent, CaseExtension, CasePause, FormEdition, GivenPaper
from nep.apps.cases.queries._case_rows import case_row
from nep.apps.cases.queries.form_editions import edition_page, layout_of, sample_values
from nep.apps.cases.queries.given import GivenFacts, given_facts, kept_digest, newest_like
from nep.apps.cases.rules.form_fields import (
    APOLOGY,
    FILE_NAMES,
    RECEIPT,
    REFUSAL,
    SLIP,
    STOP,
    SUPPLEMENT,
)
from nep.apps.cases.rules.form_layout import plain
from nep.apps.cases.rules.papers import file_name
from nep.apps.cases.services._form_paper import paper_of
from nep.apps.cases.services._form_values import slip_values
from nep.apps.cases.services._giving import (
    apology_give,
    edition_in_force,
    ending_give,
    give,
    given_or_give,
    no_edition,
    receipt_give,
    supplement_give,
)
from nep.apps.organization.rules import Actor
from nep.foundation.printing import Paper, paper_docx, paper_pdf
from nep.kernel.errors import NotFound
from nep.kernel.vietnamese import local

Ending = Literal["pdf", "docx"]
_PERSONAL = ("applicant_address", "applicant_phone", "applicant_email", "applicant_contact")


@dataclass(frozen=True, slots=True)
class PaperFile:
    """A paper as a file, and the name it is saved under."""

    data: bytes
    name: str


def case_paper(
    *,
    actor: Actor,
    now: datetime,
    case_id: int,
    form: str,
    ending: Ending,
    number: int | None = None,
) -> PaperFile:
    """Return a paper of a case (Mẫu 01–06); `number` picks a supplement request, else the latest.

    Raises NotFound, also where the case has no such paper.
    """
    given_id = given_for(actor=actor, now=now, case_id=case_id, form=form, number=number)
    return given_file(actor=actor, given_id=given_id, ending=ending)


def case_sheet(*, actor: Actor, now: datetime, case_id: int, form: str) -> Paper:
    """Return a paper of a case ready to be shown on a page. Raises NotFound."""
    given_id = given_for(actor=actor, now=now, case_id=case_id, form=form)
    return given_sheet(given_facts(actor=actor, given_id=given_id))


def given_file(*, actor: Actor, given_id: int, ending: Ending) -> PaperFile:
    """Return a paper of the book exactly as it was given out. Raises NotFound."""
    facts = given_facts(actor=actor, given_id=given_id)
    paper = given_sheet(facts)
    name = file_name(form=FILE_NAMES[facts.form], code=facts.code, ending=ending)
    return PaperFile(made(paper, facts.at, ending), name)


def given_sheet(facts: GivenFacts) -> Paper:
    """Return a paper of the book, ready to be printed or shown."""
    return paper_of(
        form=facts.form, layout=facts.layout, values=facts.values, number_text=facts.number_text
    )


def made(paper: Paper, at: datetime, ending: Ending) -> bytes:
    """Return a paper as PDF or Word."""
    return paper_pdf(paper, made_at=at) if ending == "pdf" else paper_docx(paper)


@transaction.atomic
def given_for(
    *, actor: Actor, now: datetime, case_id: int, form: str, number: int | None = None
) -> int:
    """Return the paper given out for a case, given now where it is printed for the first time.

    Raises NotFound.
    """
    case = _own_case(actor, case_id)
    if form == RECEIPT:
        queries.require_receipt(case)
        return given_or_give(
            case=case, form=form, at=case.accepted_at or case.received_at, subject_id=0,
            make=lambda: receipt_give(case=case, now=now),
        )  # fmt: skip
    if form == SUPPLEMENT:
        return _supplement(case, now, number)
    if form == APOLOGY:
        return _apology(case, now)
    if form in {REFUSAL, STOP}:
        return _ending(case, form, now)
    if form == SLIP:
        return _slip(actor, case, now)
    raise NotFound("no_such_form", "Hồ sơ không có giấy tờ này.")


def _own_case(actor: Actor, case_id: int) -> Case:
    case = case_row(case_id)
    if case is None or case.agency_id != actor.agency_id:
        raise NotFound("not_found", "Không tìm thấy hồ sơ này trong cơ quan của bạn.")
    return case


def _supplement(case: Case, now: datetime, number: int | None) -> int:
    rows = CasePause.objects.filter(case=case, kind="supplement").order_by("-started_at")
    pause = (rows if number is None else rows.filter(number=number)).first()
    if pause is None:
        raise NotFound("no_supplement", "Hồ sơ này chưa có phiếu yêu cầu bổ sung.")
    return given_or_give(
        case=case, form=SUPPLEMENT, at=pause.started_at, subject_id=pause.pk,
        make=lambda: supplement_give(case=case, pause=pause, now=now),
    )  # fmt: skip


def _apology(case: Case, now: datetime) -> int:
    row = CaseExtension.objects.filter(pk=case.pk).first()
    if row is None:
        raise NotFound("no_apology", "Hồ sơ này chưa được gia hạn nên chưa có văn bản xin lỗi.")
    return given_or_give(
        case=case, form=APOLOGY, at=row.at, subject_id=0,
        make=lambda: apology_give(case=case, row=row, now=now),
    )  # fmt: skip


def _ending(case: Case, form: str, now: datetime) -> int:
    kind = "refused" if form == REFUSAL else "stopped"
    event = CaseEvent.objects.filter(case=case, kind=kind).order_by("-id").first()
    if event is None or case.origin != "run" or case.internal:
        what = "bị từ chối" if form == REFUSAL else "dừng giải quyết"
        raise NotFound("no_such_paper", f"Hồ sơ này không {what} tại đây nên không có văn bản ấy.")
    return given_or_give(
        case=case, form=form, at=event.at, subject_id=0,
        make=lambda: ending_give(case=case, kind=kind, by_id=event.actor_id, now=now),
    )  # fmt: skip


def _slip(actor: Actor, case: Case, now: datetime) -> int:
    """Give the slip as it stands; one that says the same is not given twice.

    The slip of an open case is given anew each day, that of a finished one stays what it was.
    """
    values, _edition, before = _slip_now(actor, case, now)
    is_same_day = before is not None and local(before.at).date() == local(now).date()
    if before is not None and (case.finished_at is not None or is_same_day):
        return before.pk
    given = give(form=SLIP, case=case, at=now, by_id=actor.person_id, values=values, now=now)
    if given is None:
        raise no_edition(SLIP, now)
    return given


def _slip_now(
    actor: Actor, case: Case, now: datetime
) -> tuple[dict[str, Any], FormEdition, GivenPaper | None]:
    """Return what the slip says now, the edition in force, the paper that has said the same."""
    values = slip_values(queries.control_slip(actor=actor, case_id=case.pk), now=now)
    edition = edition_in_force(form=SLIP, agency_id=case.agency_id, at=now, now=now)
    if edition is None:
        raise no_edition(SLIP, now)
    digest = kept_digest(edition.digest, values)
    before = newest_like(case=case, agency_id=case.agency_id, form=SLIP, digest=digest)
    return values, edition, before


def slip_sheet(*, actor: Actor, case_id: int, now: datetime) -> Paper:
    """Return the control slip as the edition in force prints it now; nothing is given out.

    Raises NotFound, also where no edition is in force.
    """
    case = _own_case(actor, case_id)
    values, edition, before = _slip_now(actor, case, now)
    return paper_of(
        form=SLIP, layout=layout_of(edition), values=values,
        number_text=before.number_text if before else "",
    )  # fmt: skip


def edition_sheet(
    *, actor: Actor, edition_id: int, now: datetime, case_id: int | None = None
) -> Paper:
    """Return a form as an edition would print it: of a case of the agency, or the made-up one.

    Nothing is given out and no number taken; the applicant of a real case is masked. Raises NotFound.
    """
    page = edition_page(actor=actor, edition_id=edition_id, today=local(now).date())
    values = sample_values()
    if case_id is not None:
        values |= _values_now(actor, now, case_id, page.line.form)
    number_text = plain(page.layout.number, values)
    return paper_of(form=page.line.form, layout=page.layout, values=values, number_text=number_text)


def _values_now(actor: Actor, now: datetime, case_id: int, form: str) -> Mapping[str, Any]:
    """Return what a paper of a case holds now, or held when it was given out.

    Without such a paper it is the case's own facts that fill the sample.
    """
    case = _own_case(actor, case_id)
    masked = {"applicant_name": case.applicant_mask} | dict.fromkeys(_PERSONAL, "")
    masked["lookup"] = str(sample_values()["lookup"])  # the real one opens the case to anybody
    rows = GivenPaper.objects.filter(case=case, form=form, erased_at=None).order_by("-id")
    known = rows.values_list("pk", flat=True).first()
    if known is not None:
        return {**given_facts(actor=actor, given_id=known).values, **masked}
    slip = slip_values(queries.control_slip(actor=actor, case_id=case_id), now=now)
    own = {name: value for name, value in slip.items() if form == SLIP or name != "handovers"}
    return {**own, **masked}
