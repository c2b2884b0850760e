"""Every id in every address, and every id in a form, taken from another agency: refused."""

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db.models import Model
from django.test import Client
from lxml import html

from nep.apps.actions.models import Action, ActionProof
from nep.apps.audits.models import (
    Audit,
    AuditPaper,
    Draw,
    Programme,
    Sample,
)
from nep.apps.audits.models import Finding as AuditFinding
from nep.apps.audits.models import Proof as AuditProof
from nep.apps.audits.models import Session as AuditSession
from nep.apps.cases.models import (
    Case,
    CaseCall,
    CaseCorrection,
    CaseEvent,
    CaseLink,
    CasePaper,
    CaseReport,
    CaseStepData,
    CaseWait,
    ErasureRun,
    FedImport,
    JointStep,
    StepRun,
)
from nep.apps.catalogue.models import CatalogueImport
from nep.apps.competence.models import (
    Attendance,
    Need,
    Qualification,
    Requirement,
    Session,
    TrainingPlan,
)
from nep.apps.conformity.models import (
    Declaration,
    EvidencePack,
    IsoYear,
    SecretaryHandover,
    YearItem,
)
from nep.apps.documents.models import Revision, SeparationException
from nep.apps.improvement.models import Feedback, Nonconformity, Survey
from nep.apps.legal.models import ExternalDocument, LegalReview
from nep.apps.organization.models import Absence, AgencyCode, Appointment, Delegation, Person, Unit
from nep.apps.organization.rules import PERMISSIONS
from nep.apps.planning.models import Objective, ObjectiveList, ObjectiveValue, Risk, Statement
from nep.apps.procedures.models import Procedure, Tthc, WordImport
from nep.apps.records.models import (
    Disposal,
    FilePlan,
    LeaverHandover,
    Record,
    RecordFile,
    Series,
    Transfer,
)
from nep.apps.reviews.models import FrozenInputs
from nep.apps.reviews.models import Review as LeaderReview
from nep.apps.work.models import Assignment, SavedFilter, WorkItem
from nep.apps.workcal.models import SpecialDay
from nep.foundation.files.models import StoredFile
from nep.foundation.files.services import store
from nep.foundation.journal.models import JournalEntry
from nep.foundation.web.access import addresses
from tests import world
from tests.security import library
from tests.whole import IS_WHOLE

pytestmark = [pytest.mark.django_db, pytest.mark.together("neighbours")]
ARGUMENT = re.compile(r"<(?:(\w+):)?(\w+)>")
Find = Callable[[int], object]


def paused_case(agency_id: int) -> int:
    """Return the case of an agency that has every kind of paper: it waits for a supplement."""
    return Case.objects.get(agency_id=agency_id, accepted_at__isnull=False, status=5).pk


def beside(table: type[Model], agency_id: int) -> Model:
    """Return the tie, correction or joint step of an agency's paused case, made when first asked."""
    case_id, at = paused_case(agency_id), world.BEGINNING
    found = table._default_manager.filter(case_id=case_id).first()
    if found is not None:
        return found
    values = {"case_id": case_id}
    if table is CaseLink:
        other = Case.objects.filter(agency_id=agency_id).exclude(pk=case_id).first()
        return CaseLink.objects.create(other=other, kind="same", at=at, **values)
    if table is CaseWait:
        return CaseWait.objects.create(
            token=1, node="b1", kind="message", message="tra-loi", opened_at=at, **values
        )
    if table is CaseCall:
        return CaseCall.objects.create(token=1, node="b1", opened_at=at, **values)
    item = WorkItem.objects.get(state=0, source_type="case", source_id=case_id)
    if table is CaseReport:
        return CaseReport.objects.create(
            agency_id=agency_id, kind="fee", text="Thu thừa tiền.", at=at, due_at=at, **values
        )
    values |= {"opened_at": at, "due_at": at, "item_id": item.pk}
    if table is CaseCorrection:
        return CaseCorrection.objects.create(reason="Sai số nhà", **values)
    run = StepRun.objects.filter(case_id=case_id).first()
    return JointStep.objects.create(run=run, agency_id=agency_id, **values)


def step_data(agency_id: int) -> CaseStepData:
    """Return what a step of an agency's paused case recorded, a file too, made when first asked."""
    case_id = paused_case(agency_id)
    found = CaseStepData.objects.filter(case_id=case_id).first()
    if found is not None:
        return found
    run = StepRun.objects.filter(case_id=case_id).first()
    kept = store(
        data=b"%PDF-1.4 bien ban", name="bien-ban.pdf", agency_id=agency_id, actor_id=None,
        at=world.BEGINNING,
    )  # fmt: skip
    return CaseStepData.objects.create(
        case_id=case_id, run=run, node=run.node, at=world.BEGINNING,
        values=json.dumps({"bien_ban": {"file": kept.pk, "name": kept.name, "size": kept.size}}),
    )  # fmt: skip


def kept_filter(agency_id: int) -> int:
    """Return a filter that somebody of the agency keeps, made when first asked."""
    person = Person.objects.filter(agency_id=agency_id).first()
    found, _ = SavedFilter.objects.get_or_create(
        agency_id=agency_id, person_id=person.pk, name="Gấp",
        defaults={"query": "nhom=late", "saved_at": world.BEGINNING},
    )  # fmt: skip
    return found.pk


def assignment(agency_id: int) -> int:
    """Return an assignment of somebody of the agency, made when first asked."""
    found = Assignment.objects.filter(agency_id=agency_id).first()
    person = Person.objects.filter(agency_id=agency_id).first()
    return (
        found
        or Assignment.objects.create(
            agency_id=agency_id, by_id=person.pk, receiver_id=person.pk, reason="Chia lại việc",
            total=0, started_at=world.BEGINNING, finished_at=world.BEGINNING,
        )
    ).pk  # fmt: skip


def erasure_of(agency_id: int) -> int:
    """Return an erasure of an agency that waits for its approval, made when first asked."""
    people = Person.objects.filter(agency_id=agency_id).order_by("pk")
    asked, approver = people[0].pk, people[1].pk
    found, _ = ErasureRun.objects.get_or_create(
        agency_id=agency_id, rule="result",
        defaults={
            "months": 60, "parts": ["applicant"], "before": world.BEGINNING, "reason": "Hết hạn",
            "asked_at": world.BEGINNING, "asked_by_id": asked, "approver_id": approver,
            "item_id": 1,
        },
    )  # fmt: skip
    return found.pk


def action(agency_id: int) -> Action:
    """Return an action of the agency, made when first asked."""
    found = Action.objects.filter(agency_id=agency_id).first()
    person, day = Person.objects.filter(agency_id=agency_id).first(), world.BEGINNING.date()
    return found or Action.objects.create(
        agency_id=agency_id, year=2026, number=1, origin_kind="hand", title="Sửa bảng phân công",
        folded="", owner=person, opened_by=person, opened_at=world.BEGINNING, first_due_on=day,
        due_on=day, item_id=1, changed_at=world.BEGINNING,
    )  # fmt: skip


def proof(agency_id: int) -> ActionProof:
    """Return a file that shows what an action of the agency did, made when first asked."""
    one = action(agency_id)
    kept = StoredFile.objects.filter(agency_id=agency_id).first()
    found, _ = ActionProof.objects.get_or_create(
        action=one, file=kept,
        defaults={"title": "Tệp", "added_by": one.owner, "added_at": world.BEGINNING},
    )  # fmt: skip
    return found


def statement(agency_id: int) -> Statement:
    """Return an edition of the agency's scope, made when first asked."""
    found = Statement.objects.filter(agency_id=agency_id).first()
    person, at = Person.objects.filter(agency_id=agency_id).first(), world.BEGINNING
    return found or Statement.objects.create(
        agency_id=agency_id, part="scope", edition=1, author_id=person.pk, drafted_at=at,
        changed_at=at, content={"services": "Mọi thủ tục hành chính."},
    )  # fmt: skip


def risk(agency_id: int) -> Risk:
    """Return a risk of the agency, made when first asked."""
    found = Risk.objects.filter(agency_id=agency_id).first()
    person, at = Person.objects.filter(agency_id=agency_id).first(), world.BEGINNING
    return found or Risk.objects.create(
        agency_id=agency_id, kind="risk", year=2026, number=1, title="Hồ sơ dồn cuối tháng",
        folded="", opened_by_id=person.pk, opened_at=at, round_since=at, changed_at=at, item_id=1,
    )  # fmt: skip


def nonconformity(agency_id: int) -> Nonconformity:
    """Return a nonconformity of the agency, made when first asked."""
    found = Nonconformity.objects.filter(agency_id=agency_id).first()
    person, now = Person.objects.filter(agency_id=agency_id).first(), world.BEGINNING
    return found or Nonconformity.objects.create(
        agency_id=agency_id, year=2026, number=1, origin_kind="hand", title="Phiếu thiếu chữ ký",
        folded="", found_on=now.date(), due_on=now.date(), reported_by=person, reported_at=now,
        round_since=now, changed_at=now,
    )  # fmt: skip


def feedback(agency_id: int) -> Feedback:
    """Return a piece of feedback of the agency, made when first asked."""
    found = Feedback.objects.filter(agency_id=agency_id).first()
    person, now = Person.objects.filter(agency_id=agency_id).first(), world.BEGINNING
    return found or Feedback.objects.create(
        agency_id=agency_id, year=2026, number=1, kind="petition", channel="letter",
        received_on=now.date(), title="Chờ lâu ở quầy", folded="", answer_due_on=now.date(),
        limit_words="", limit_source="", limit_mark="", added_by=person, added_at=now,
        changed_at=now,
    )  # fmt: skip


def survey(agency_id: int) -> Survey:
    """Return a survey of the agency, made when first asked."""
    found = Survey.objects.filter(agency_id=agency_id).first()
    person, now = Person.objects.filter(agency_id=agency_id).first(), world.BEGINNING
    return found or Survey.objects.create(
        agency_id=agency_id, key=f"khao-sat-{agency_id}"[-32:], title="Ý kiến", made_by=person,
        made_at=now, state="open", opened_at=now,
        questions=[{"kind": "scale", "text": "Hài lòng không?", "options": []}],
    )  # fmt: skip


def qualification(agency_id: int) -> Qualification:
    """Return a certificate of somebody of the agency, made when first asked."""
    found = Qualification.objects.filter(agency_id=agency_id).first()
    person, now = Person.objects.filter(agency_id=agency_id).first(), world.BEGINNING
    return found or Qualification.objects.create(
        agency_id=agency_id, person=person, kind="auditor", course="Đánh giá nội bộ",
        given_by="Chi cục", given_on=now.date(), added_by=person, added_at=now,
        file=StoredFile.objects.filter(agency_id=agency_id).first(),
    )  # fmt: skip


def declaration(agency_id: int) -> Declaration:
    """Return a declaration of the agency, made when first asked."""
    found = Declaration.objects.filter(agency_id=agency_id).first()
    person, now = Person.objects.filter(agency_id=agency_id).first(), world.BEGINNING
    return found or Declaration.objects.create(
        agency_id=agency_id, year=2026, number=1, reason="first", edition="2015",
        scope_text="Mọi thủ tục", lead_unit="Sở Khoa học và Công nghệ", started_by=person,
        started_at=now, changed_at=now,
    )  # fmt: skip


def leader_review(agency_id: int) -> LeaderReview:
    """Return a held management review of the agency, made when first asked."""
    found = LeaderReview.objects.filter(agency_id=agency_id).first()
    if found is not None:
        return found
    person, now = Person.objects.filter(agency_id=agency_id).first(), world.BEGINNING
    said = {
        "held_on": now.date().isoformat(), "verdict": "effective", "conclusion": "", "outputs": {},
        "present": [], "absent": [], "followed": [], "decisions": [], "inputs": "0" * 64,
    }  # fmt: skip
    made = LeaderReview.objects.create(
        agency_id=agency_id, year=2026, number=1, edition="2015", starts_on=now.date(),
        ends_on=now.date() + timedelta(days=1), state="held", meets_on=now.date(), chair=person,
        prepared_by=person, prepared_at=now, held_on=now.date(), minutes=said,
        minutes_hash="0" * 64, written_by=person, written_at=now, changed_at=now,
    )  # fmt: skip
    FrozenInputs.objects.create(
        review=made, number=1, content=[], sha256="0" * 64, ends_on=made.ends_on,
        frozen_by=person, frozen_at=now,
    )  # fmt: skip
    return made


def objective(agency_id: int) -> Objective:
    """Return an objective of the agency that waits in a list, made when first asked."""
    found = Objective.objects.filter(agency_id=agency_id).first()
    person, now = Person.objects.filter(agency_id=agency_id).first(), world.BEGINNING
    if found is not None:
        return found
    sheet = ObjectiveList.objects.create(
        agency_id=agency_id, year=2026, edition=1, state="sent", sha256="0" * 64, item_id=1,
        gathered_by=person, gathered_at=now,
    )  # fmt: skip
    return Objective.objects.create(
        agency_id=agency_id, year=2026, number=1, title="Đúng hạn", target=95, method="Đếm",
        owner=person, proposed_by=person, proposed_at=now, changed_at=now, state="gathered",
        of_list=sheet,
    )  # fmt: skip


def objective_value(agency_id: int) -> ObjectiveValue:
    """Return what a period of an objective of the agency came to, made when first asked."""
    one, day = objective(agency_id), world.BEGINNING.date()
    found, _ = ObjectiveValue.objects.get_or_create(
        objective=one, starts_on=day,
        defaults={"ends_on": day, "value": 96, "met": True, "by": one.owner,
                  "at": world.BEGINNING,
                  "file": StoredFile.objects.filter(agency_id=agency_id).first()},
    )  # fmt: skip
    return found


GIVEN = {
    "headline": "Năm ISO 2026: đã xong 1/2 việc", "declaration": "Chưa công bố", "next": "Tập huấn",
    "open_lines": [], "items": [], "sheets": [], "actions": [], "done_lines": [], "contacts": [],
    "tour": [],
}  # fmt: skip


def handover(agency_id: int) -> SecretaryHandover:
    """Return a hand-over of an agency's ISO secretary, made when first asked; a year with it."""
    now = world.BEGINNING
    person, other = Person.objects.filter(agency_id=agency_id).order_by("id")[:2]
    year, _ = IsoYear.objects.get_or_create(
        agency_id=agency_id, year=2026, defaults={"opened_by": person, "opened_at": now}
    )
    YearItem.objects.get_or_create(
        iso_year=year, code="viec-rieng",
        defaults={"agency_id": agency_id, "year": 2026, "title": "Tập huấn", "role": "leader",
                  "due_on": now.date(), "is_own": True, "changed_at": now},
    )  # fmt: skip
    found = SecretaryHandover.objects.filter(agency_id=agency_id).first()
    return found or SecretaryHandover.objects.create(
        agency_id=agency_id, year=2026, number=1, giver=person, receiver=other, content=GIVEN,
        seal="0" * 64, made_by=person, made_at=now,
    )  # fmt: skip


def audit_session(agency_id: int) -> AuditSession:
    """Return a session of an audit of the agency with one of everything, made when first asked."""
    found = AuditSession.objects.filter(audit__agency_id=agency_id).first()
    if found is not None:
        return found
    person, now = Person.objects.filter(agency_id=agency_id).first(), world.BEGINNING
    kept = StoredFile.objects.filter(agency_id=agency_id).first()
    programme = Programme.objects.create(
        agency_id=agency_id, year=2026, made_by=person, made_at=now, changed_at=now
    )
    audit = Audit.objects.create(
        agency_id=agency_id, programme=programme, year=2026, number=1, planned_by=person,
        planned_at=now, changed_at=now,
    )  # fmt: skip
    session = AuditSession.objects.create(
        audit=audit, unit=Unit.objects.filter(agency_id=agency_id).first(), clauses=["7.5"],
        starts_at=now, ends_at=now + timedelta(hours=1),
    )  # fmt: skip
    finding = AuditFinding.objects.create(
        agency_id=agency_id, session=session, position=1, clause="7.5", question="Đúng bản?"
    )
    AuditProof.objects.create(
        finding=finding, kind="file", title="Ảnh", file=kept, added_by=person, added_at=now
    )
    draw = Draw.objects.create(
        session=session, number=1, seed="a", since=now.date(), until=now.date(), population=1,
        size=1, keys_hash="0" * 64, by=person, at=now,
    )  # fmt: skip
    Sample.objects.create(draw=draw, place=1, case_id=1, code="H99-1", title="Cấp phép")
    AuditPaper.objects.create(
        agency_id=agency_id, audit=audit, kind="plan", edition=1, title="Kế hoạch", frozen={},
        sha256="0" * 64, file=kept, made_by=person, made_at=now,
    )  # fmt: skip
    return session


def evidence_pack(agency_id: int) -> EvidencePack:
    """Return a finished evidence pack of the agency, made when first asked."""
    found = EvidencePack.objects.filter(agency_id=agency_id).first()
    person, now = Person.objects.filter(agency_id=agency_id).first(), world.BEGINNING
    kept = StoredFile.objects.filter(agency_id=agency_id).first()
    return found or EvidencePack.objects.create(
        agency_id=agency_id, year=2026, ends_on=now.date(), state="done", place=13,
        asked_by=person, asked_at=now, finished_at=now, file=kept, size=kept.size,
        sha256=kept.sha256,
    )  # fmt: skip


def training(agency_id: int) -> Session:
    """Return a session of training of the agency that waits in a plan, made when first asked."""
    found = Session.objects.filter(agency_id=agency_id).first()
    person, now = Person.objects.filter(agency_id=agency_id).first(), world.BEGINNING
    if found is not None:
        return found
    plan = TrainingPlan.objects.create(
        agency_id=agency_id, year=now.year, state="sent", sha256="0" * 64, sent_by=person,
        sent_at=now,
    )  # fmt: skip
    one = Session.objects.create(
        agency_id=agency_id, plan=plan, number=1, title="Tập huấn", form="inside", starts_at=now,
        hours=4, organiser=person, key=f"buoi-{agency_id}"[-32:], changed_at=now,
    )  # fmt: skip
    Attendance.objects.create(session=one, person=person, at=now)
    return one


def need(agency_id: int) -> Need:
    """Return an open need of training of the agency, made when first asked."""
    found = Need.objects.filter(agency_id=agency_id).first()
    now = world.BEGINNING
    return found or Need.objects.create(
        agency_id=agency_id, origin_kind="hand", title="Tập huấn", proposed_at=now, changed_at=now
    )


def requirement(agency_id: int) -> Requirement:
    """Return a required competence of the agency, made when first asked."""
    found = Requirement.objects.filter(agency_id=agency_id).first()
    person = Person.objects.filter(agency_id=agency_id).first()
    return found or Requirement.objects.create(
        agency_id=agency_id, title="Nghiệp vụ", role="specialist", added_by=person,
        added_at=world.BEGINNING,
    )  # fmt: skip


def catalogue_import(agency_id: int) -> CatalogueImport:
    """Return a file that the agency brought into the catalogue."""
    person = Person.objects.filter(agency_id=agency_id).first()
    return CatalogueImport.objects.get_or_create(
        agency_id=agency_id,
        defaults={"person": person, "at": world.BEGINNING, "name": "ds.xlsx", "state": "refused",
                  "refusal": "Tệp trống."},
    )[0]  # fmt: skip


# Every argument of every address has a line here: how to find one of an agency's own.
IDS: dict[str, Find] = {
    "catalogue_import_id": lambda agency: catalogue_import(agency).pk,
    "training_id": lambda agency: training(agency).pk,
    "training_key": lambda agency: training(agency).key,
    "training_plan_id": lambda agency: training(agency).plan_id,
    "need_id": lambda agency: need(agency).pk,
    "requirement_id": lambda agency: requirement(agency).pk,
    "pack_id": lambda agency: evidence_pack(agency).pk,
    "programme_id": lambda agency: audit_session(agency).audit.programme_id,
    "audit_id": lambda agency: audit_session(agency).audit_id,
    "session_id": lambda agency: audit_session(agency).pk,
    "finding_id": lambda agency: audit_session(agency).findings.get().pk,
    "draw_id": lambda agency: audit_session(agency).draws.get().pk,
    "sample_id": lambda agency: audit_session(agency).draws.get().samples.get().pk,
    "audit_paper_id": lambda agency: audit_session(agency).audit.papers.get().pk,
    "audit_proof_id": lambda agency: audit_session(agency).findings.get().proofs.get().pk,
    "objective_id": lambda agency: objective(agency).pk,
    "list_id": lambda agency: objective(agency).of_list_id,
    "value_id": lambda agency: objective_value(agency).pk,
    "leader_review_id": lambda agency: leader_review(agency).pk,
    "handover_id": lambda agency: handover(agency).pk,
    "declaration_id": lambda agency: declaration(agency).pk,
    "qualification_id": lambda agency: qualification(agency).pk,
    "feedback_id": lambda agency: feedback(agency).pk,
    "survey_id": lambda agency: survey(agency).pk,
    "statement_id": lambda agency: statement(agency).pk,
    "risk_id": lambda agency: risk(agency).pk,
    "nonconformity_id": lambda agency: nonconformity(agency).pk,
    "action_id": lambda agency: action(agency).pk,
    "proof_id": lambda agency: proof(agency).pk,
    "report_id": lambda agency: beside(CaseReport, agency).pk,
    "erasure_id": erasure_of,
    "filter_id": kept_filter,
    "assignment_id": assignment,
    "unit_id": lambda agency: Unit.objects.filter(agency_id=agency).first().pk,
    "person_id": lambda agency: Person.objects.filter(agency_id=agency).first().pk,
    "appointment_id": lambda agency: Appointment.objects.filter(agency_id=agency).first().pk,
    "delegation_id": lambda agency: Delegation.objects.filter(agency_id=agency).first().pk,
    "code_id": lambda agency: AgencyCode.objects.filter(agency_id=agency).first().pk,
    "exception_id": lambda agency: SeparationException.objects.filter(agency_id=agency).first().pk,
    "day_id": lambda agency: SpecialDay.objects.filter(agency_id=agency).first().pk,
    "item_id": lambda agency: (
        WorkItem.objects.get(state=0, source_type="case", source_id=paused_case(agency)).pk
    ),
    "procedure_id": lambda agency: Procedure.objects.filter(tthc__agency_id=agency).first().pk,
    "tthc_id": lambda agency: Tthc.objects.filter(agency_id=agency).first().pk,
    "revision_id": lambda agency: Revision.objects.filter(agency_id=agency).first().pk,
    "batch": lambda agency: WordImport.objects.filter(agency_id=agency).first().batch,
    "case_id": lambda agency: paused_case(agency),
    "run_id": lambda agency: StepRun.objects.filter(case_id=paused_case(agency)).first().pk,
    "import_id": lambda agency: FedImport.objects.filter(agency_id=agency).first().pk,
    "event_id": lambda agency: CaseEvent.objects.filter(case__agency_id=agency).first().pk,
    "external_id": lambda agency: ExternalDocument.objects.filter(agency_id=agency).first().pk,
    "legal_review_id": lambda agency: LegalReview.objects.filter(agency_id=agency).first().pk,
    "plan_id": lambda agency: FilePlan.objects.filter(agency_id=agency).first().pk,
    "series_id": lambda agency: Series.objects.filter(agency_id=agency).first().pk,
    "file_id": lambda agency: RecordFile.objects.filter(agency_id=agency).first().pk,
    "record_id": lambda agency: Record.objects.filter(agency_id=agency).first().pk,
    "transfer_id": lambda agency: Transfer.objects.filter(agency_id=agency).first().pk,
    "disposal_id": lambda agency: Disposal.objects.filter(agency_id=agency).first().pk,
    "leaver_id": lambda agency: LeaverHandover.objects.filter(agency_id=agency).first().pk,
    "absence_id": lambda agency: (
        Absence.objects.get_or_create(
            agency_id=agency,
            defaults={
                "person": Person.objects.filter(agency_id=agency).first(),
                "reason": "Nghỉ phép",
                "starts_on": world.BEGINNING.date(),
                "ends_on": world.BEGINNING.date(),
            },
        )[0].pk
    ),
    "data_id": lambda agency: step_data(agency).pk,
    "link_id": lambda agency: beside(CaseLink, agency).pk,
    "correction_id": lambda agency: beside(CaseCorrection, agency).pk,
    "joint_id": lambda agency: beside(JointStep, agency).pk,
    "wait_id": lambda agency: beside(CaseWait, agency).pk,
    "call_id": lambda agency: beside(CaseCall, agency).pk,
    "paper_id": lambda agency: CasePaper.objects.filter(case_id=paused_case(agency)).first().pk,
}
IDS |= library.IDS
WORDS = {"field_name": "bien_ban", "tthc_code": "1.012766", "act": "cap-lai", "audit_kind": "plan", "obligation": "khong-co", "paper": "quyet-dinh", "step": "b1", "group": "late", "ending": "pdf", "kind": "supplement",
         "number": "1", "part": "ban-cong-bo.pdf", "agency_code": "H99.132", "year": "2026", "lookup_key": "x",
         "rule": "result", "size": "a4",
         "period": "20264", "entry": "quyet-dinh"}  # fmt: skip
# drafted by hand, once, read by nobody: no Word file, page or PDF of it, no two revisions, no duty
NOTHING_TO_SHOW = (
    "tep-goc",
    "/trang/",
    "/pdf/",
    "/in/",
    "so-sanh/",
    "/da-doc/",
    "/doi-nguoi/",
    "/tep.pdf",
    "/nguoi-nop/sua/",
    "/y-kien/",
    "/bao-loi/",
    "/ky-ngoai/<str:room_key>/<str:part>",
)
NOBODYS = 999_999_999_999
AS_PROGRAM = {"accept": "application/json"}  # the verdict without its page, which is drawn slowly
WHOLE = "province.manage"  # what its addresses name belongs to the province, not to one agency
ROLES = ("agency_admin", "iso_secretary", "leader", "unit_head", "reception", "specialist")
# A GET of a form's own address may lead to the list it belongs to; an empty form may be refused
# before it is looked at. Either way the answer must be the one for an id that never was.
FINE = {"get": {200, 404, 405}, "post": {404, 405, 422}}


def with_ids(*, every: bool = False) -> list[tuple[str, str]]:
    """Return (pattern, permission) of every guarded address that names an object, or of `every`."""
    found = []
    for place, pattern in addresses():
        permission = getattr(pattern.callback, "permission", "public")
        names = {name for _, name in ARGUMENT.findall(place)}
        if permission not in {"public", WHOLE} and (every or names - set(WORDS)):
            found.append((place, permission))
    return found


def filled(place: str, agency_id: int | None) -> str:
    """Return an address with the ids of an agency's own objects, or with ids of nothing."""

    def value(match: re.Match[str]) -> str:
        name = match.group(2)
        return str(WORDS.get(name) or (IDS[name](agency_id) if agency_id else NOBODYS))

    return "/" + ARGUMENT.sub(value, place)


def asked(browser: Client, method: str, path: str, **headers: str) -> tuple[int, str]:
    """Return the final status and the words of the answer, ids and times left out."""
    answer = getattr(browser, method)(path, follow=True, headers=headers)
    text = b"".join(answer) if answer.streaming else answer.content
    is_page = answer.get("Content-Type", "").startswith("text/html")
    words = html.fromstring(text or b"<p/>").text_content() if is_page else str(text)
    return answer.status_code, re.sub(r"\s+|\d+", " ", words)


def test_every_argument_of_an_address_has_a_line_in_the_table():
    used = {name for place, _ in with_ids() for _, name in ARGUMENT.findall(place)}

    assert used - set(WORDS) - set(IDS) == set()
    assert len(with_ids()) > 20


def test_an_object_of_another_agency_is_answered_like_one_that_never_was(neighbours):
    """Both are asked for at every address once, as a program asks, without the page; an answer that
    nobody has had before is asked for as a page too, for one place draws all refusals from their
    words. Later roles ask only for what differs from every answer about nothing they have had. What
    an address does not take, it takes from nobody (all of it, as pages, with `NEP_TEST_WHOLE`)."""
    told, compared, not_taken, drawn = [], set(), set(), set()
    paths = {place: (filled(place, neighbours.commune_id), filled(place, None))
             for place, _ in with_ids()}  # fmt: skip
    for role in ROLES:
        about_nothing: set[tuple[int, str]] = set()
        login = world.login_with(neighbours.ward, role)
        roles = set(next(p["roles"] for p in neighbours.ward["people"] if p["login"] == login))
        browser = world.signed_in(login)
        before = JournalEntry.objects.count()
        for place, permission in with_ids():
            if permission != "signed_in" and not PERMISSIONS[permission] & roles:
                continue
            for method in ("get", "post"):
                if (method, place) in not_taken and not IS_WHOLE:
                    continue
                how = {} if IS_WHOLE else AS_PROGRAM
                theirs = asked(browser, method, paths[place][0], **how)
                not_taken |= {(method, place)} if theirs[0] == 405 else set()
                if (method, place) not in compared or theirs not in about_nothing:
                    compared.add((method, place))
                    nothing = asked(browser, method, paths[place][1], **how)
                    about_nothing |= {nothing} if nothing[0] == 404 else set()
                    if theirs == nothing and theirs not in drawn:
                        drawn.add(theirs)
                        theirs, nothing = (asked(browser, method, one) for one in paths[place])
                    if theirs != nothing:
                        told.append(f"{role} {method} {place}: {theirs[0]}, {nothing[0]}")
                if theirs[0] not in FINE[method]:
                    told.append(f"{role} {method} {place}: {theirs[0]}")
        if JournalEntry.objects.count() != before:
            told.append(f"{role}: the journal has grown")
    assert told == []
    assert len(drawn) > 20


def test_the_owners_do_find_those_objects(neighbours):
    """The table's ids are real: who belongs to the agency does open them."""
    people = [
        world.signed_in(world.login_with(neighbours.commune, role))
        for role in ("agency_admin", "iso_secretary", "leader", "reception", "unit_head")
    ]
    unseen = []
    for place, _ in with_ids():
        path = filled(place, neighbours.commune_id)
        seen = any(one.get(path, headers=AS_PROGRAM).status_code != 404 for one in people)
        if not seen and not any(part in place for part in NOTHING_TO_SHOW):
            unseen.append(place)
    assert unseen == []


def test_ids_of_another_agency_in_a_form_are_refused(neighbours):
    own, other = neighbours.ward_id, neighbours.commune_id
    stranger, tthc = IDS["person_id"](other), IDS["tthc_id"](other)
    unit, hat = IDS["unit_id"](other), IDS["appointment_id"](other)
    draft = Revision.objects.filter(agency_id=own, state="draft").first().pk
    person, item = IDS["person_id"](own), IDS["item_id"](own)
    posts = [
        ("agency_admin", "/co-quan/doi/", {"agency": other}),
        ("agency_admin", f"/co-quan/nguoi/{person}/bo-nhiem/",
         {"unit": unit, "role": "specialist", "starts_on": "05/01/2026"}),
        ("agency_admin", "/co-quan/nguoi/them/",
         {"name": "Người Mới", "unit": unit, "role": "specialist", "starts_on": "05/01/2026"}),
        ("leader", "/co-quan/uy-quyen/",
         {"appointment": hat, "receiver": person, "signing": "KT.", "starts_on": "05/12/2026",
          "ends_on": "06/12/2026"}),
        ("leader", "/co-quan/uy-quyen/",
         {"appointment": IDS["appointment_id"](own), "receiver": stranger, "signing": "KT.",
          "starts_on": "05/12/2026", "ends_on": "06/12/2026"}),
        ("unit_head", f"/viec/{item}/ban-giao/",
         {"receiver": stranger, "reason": "Chuyển cho người khác làm tiếp."}),
        ("iso_secretary", "/quy-trinh/moi/", {"tthc": tthc, "code": "QT-LAY-TROM"}),
        ("iso_secretary", f"/quy-trinh/ban/{draft}/gui-kiem-tra/", {"person": stranger}),
    ]  # fmt: skip
    before = JournalEntry.objects.count()

    taken = []
    for role, path, data in posts:
        status = (
            world.signed_in(world.login_with(neighbours.ward, role)).post(path, data).status_code
        )
        before += 1  # the log-in itself is journaled
        if status not in {403, 404, 409, 422}:
            taken.append((path, data, status))
    assert taken == []
    assert JournalEntry.objects.count() == before
