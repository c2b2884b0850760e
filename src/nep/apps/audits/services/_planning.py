"""The plan of an audit: proposed with its sessions and team, changed, submitted, announced."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from nep.apps.audits.models import (
    Audit,
    Finding,
    Member,
    Programme,
    ProgrammeLine,
    Session,
    SessionAuditor,
)
from nep.apps.audits.queries import (
    agreements_of,
    clause_titles,
    clauses,
    figure,
    head_of,
    neighbour_agencies,
    people,
    places,
    procedure_facts,
    procedure_of_unit,
    sheets_before,
)
from nep.apps.audits.rules import independence, life, planning
from nep.apps.audits.rules.checklist import checklist
from nep.apps.audits.services._ground import (
    LEADER,
    audit_item,
    audit_locked,
    item_drop,
    moved,
    programme_locked,
    refuse,
    session_item,
    session_items_drop,
    session_locked,
    stepped,
    work_day,
)
from nep.apps.audits.services._papers import audit_freeze
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor, may
from nep.apps.workcal import queries as workcal
from nep.foundation.numbering.services import take_number
from nep.kernel.decisions import require
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.text import clean, clean_lines
from nep.kernel.vietnamese import local

CRITERIA = (
    "TCVN ISO 9001 theo phiên bản đang áp dụng; chính sách, mục tiêu chất lượng; quy trình và quy định "
    "của cơ quan; văn bản pháp luật về thủ tục hành chính."
)
OPERATING = frozenset(
    {"8.1", "8.2", "8.5"}
)  # clauses for which a procedure and cases are looked at
PLAN_DAYS = 3
PREPARE_DAYS = 1


@dataclass(frozen=True, slots=True)
class SessionValues:
    """What a session is: its unit, clauses, procedure (a document), times, who answers, who audits."""

    unit_id: int
    clauses: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime
    procedure_id: int | None = None
    representative_id: int | None = None
    auditor_ids: tuple[int, ...] = ()


@transaction.atomic
def audit_propose(*, actor: Actor, programme_id: int, month: int, now: datetime) -> int:
    """Propose an audit of the units that the programme names for a month and that have none yet:
    sessions in office hours, procedures, representatives, an independent team, checklists.

    Returns its id. Raises Forbidden; NotFound; Refusal("programme_not_approved", "lines_none").
    """
    require(may(actor, "audit.manage"))
    programme = programme_locked(actor, programme_id)
    if programme.state != life.APPROVED:
        raise Refusal(
            "programme_not_approved",
            "Chương trình năm chưa được phê duyệt. Phê duyệt trước rồi lập kế hoạch từng cuộc.",
            life.CLAUSE,
        )
    lines = _lines_left(programme, month)
    if not lines:
        raise Refusal("lines_none", "Tháng này không còn đơn vị nào chưa có kế hoạch.", life.CLAUSE)
    row = Audit.objects.create(
        agency_id=actor.agency_id, programme=programme, year=programme.year,
        number=take_number(agency_id=actor.agency_id, book="đánh giá nội bộ", year=programme.year),
        standard=programme.standard, aim=programme.aim, criteria=CRITERIA,
        planned_by_id=actor.person_id, planned_at=now, changed_at=now, version=0,
    )  # fmt: skip
    _propose_sessions(actor, row, lines, month, now)
    _propose_team(actor, row, now)
    audit_item(
        row, actor.person_id, now, step="Xem lại và trình kế hoạch", person_id=actor.person_id,
        due_on=work_day(row.agency_id, local(now).date(), PLAN_DAYS),
    )  # fmt: skip
    stepped(actor, row, "open", "Nếp đề xuất từ chương trình năm.", now)
    return row.id


def _lines_left(programme: Programme, month: int) -> list[ProgrammeLine]:
    """Return the lines of a month, and of earlier ones, that no running or held audit covers."""
    taken = Session.objects.filter(audit__programme_id=programme.id)
    covered = {
        (unit_id, local(at).month)
        for unit_id, at in taken.exclude(audit__state=life.CANCELLED).values_list(
            "unit_id", "starts_at"
        )
    }
    done = {unit_id for unit_id, _month in covered}
    lines = list(programme.lines.filter(month__lte=month).order_by("-weight", "unit_id"))
    here = [one for one in lines if one.month == month and (one.unit_id, month) not in covered]
    before = [one for one in lines if one.month < month and one.unit_id not in done]
    there = {one.unit_id for one in here}
    return here + [one for one in before if one.unit_id not in there]


def _propose_sessions(
    actor: Actor, row: Audit, lines: Sequence[ProgrammeLine], month: int, now: datetime
) -> None:
    today = local(now).date()
    calendar = workcal.calendar_for(row.agency_id)
    day = planning.first_day(
        calendar, year=row.year, month=month, today=today, notice_days=figure("notice_days")
    )
    slots = planning.times(
        calendar, first_day=day, count=len(lines), minutes=figure("session_minutes")
    )
    codes = {unit.id: unit.code for unit in organization.units_of(row.agency_id)}
    for line, (starts_at, ends_at) in zip(lines, slots, strict=False):
        version = None
        if OPERATING & set(line.clauses):
            version = procedure_of_unit(
                agency_id=row.agency_id, unit_code=codes.get(line.unit_id, ""), today=today
            )
        session = Session.objects.create(
            audit=row, unit_id=line.unit_id, clauses=line.clauses, starts_at=starts_at,
            ends_at=ends_at, procedure_id=version.document_id if version else None,
            representative_id=head_of(
                agency_id=row.agency_id, unit_id=line.unit_id, today=today
            ),
        )  # fmt: skip
        questions_write(actor, session, now)


def questions_write(actor: Actor, session: Session, now: datetime) -> None:
    """Write the checklist of a session anew; part of another action, before anything is noted."""
    today = local(now).date()
    codes = {unit.id: unit.code for unit in organization.units_of(actor.agency_id)}
    Finding.objects.filter(session=session).delete()
    asked = checklist(
        clauses=session.clauses, known=clauses(), most=figure("questions"),
        procedure=procedure_facts(
            actor=actor, document_id=session.procedure_id, today=today,
            unit_code=codes.get(session.unit_id, ""),
        ),
        sheets=sheets_before(agency_id=actor.agency_id, unit_id=session.unit_id, today=today),
    )  # fmt: skip
    Finding.objects.bulk_create(
        Finding(agency_id=actor.agency_id, session=session, position=place, clause=one.clause,
                question=one.text[:400], hint=one.hint[:300], url=one.url[:200])
        for place, one in enumerate(asked, start=1)
    )  # fmt: skip


def _propose_team(actor: Actor, row: Audit, now: datetime) -> None:
    """Choose an auditor for every session, neighbours where nobody of the agency may; the one with
    most sessions leads, own people before neighbours."""
    today = local(now).date()
    sessions = list(row.sessions.order_by("starts_at", "id"))
    able = people(
        agency_id=row.agency_id, today=today, agreements=agreements_of(row.id), neighbours=True
    )
    chosen = independence.choose(
        places(agency_id=row.agency_id, sessions=sessions).values(), able,
        rotation_years=figure("rotation_years"),
    )  # fmt: skip
    known = {one.id: one for one in able}
    near = neighbour_agencies(agency_id=row.agency_id, today=today)
    SessionAuditor.objects.filter(session__audit=row).delete()
    row.members.all().delete()
    counts: dict[int, int] = {}
    for person_id in chosen.values():
        counts[person_id] = counts.get(person_id, 0) + 1
    order = sorted(counts, key=lambda id_: (known[id_].is_neighbour, -counts[id_], id_))
    Member.objects.bulk_create(
        Member(audit=row, person_id=id_,
               part=independence.LEADER if place == 0 else independence.AUDITOR,
               from_agency_id=near[id_][0] if known[id_].is_neighbour and id_ in near else None)
        for place, id_ in enumerate(order)
    )  # fmt: skip
    SessionAuditor.objects.bulk_create(
        SessionAuditor(session_id=session_id, person_id=person_id)
        for session_id, person_id in chosen.items()
    )


@transaction.atomic
def team_propose(*, actor: Actor, audit_id: int, now: datetime) -> None:
    """Choose the team anew from who may audit. Raises Forbidden; NotFound; Refusal("audit_state")."""
    require(may(actor, "audit.manage"))
    row = audit_locked(actor, audit_id)
    moved(life.AUDIT, row, life.EDIT)
    _propose_team(actor, row, now)
    stepped(actor, row, life.EDIT, "Đề xuất lại đoàn đánh giá", now)


@transaction.atomic
def member_set(
    *, actor: Actor, audit_id: int, person_id: int, part: str, now: datetime, agreement: str = ""
) -> None:
    """Take a person into the team, change the part, or (part "") take out of it with the sessions.

    A neighbour's agreement is the number and day of the paper that lends the person. Raises
    Forbidden; NotFound; Refusal("audit_state", "part_unknown", "person_unknown").
    """
    require(may(actor, "audit.manage"))
    row, today = audit_locked(actor, audit_id), local(now).date()
    moved(life.AUDIT, row, life.EDIT)
    if part and part not in independence.PART_NAMES:
        raise Refusal("part_unknown", "Hãy chọn vai trò trong đoàn.", field="part")
    near = neighbour_agencies(agency_id=row.agency_id, today=today)
    own = {one.id for one in organization.members(agency_id=row.agency_id, today=today)}
    kept = row.members.filter(person_id=person_id).first()
    if kept is None and person_id not in own and person_id not in near:
        raise Refusal("person_unknown", "Hãy chọn người trong danh sách.", field="person")
    if not part:
        row.members.filter(person_id=person_id).delete()
        SessionAuditor.objects.filter(session__audit=row, person_id=person_id).delete()
    else:
        if part == independence.LEADER:
            row.members.filter(part=part).exclude(person_id=person_id).update(
                part=independence.AUDITOR
            )
        from_id = near[person_id][0] if person_id not in own and person_id in near else None
        Member.objects.update_or_create(
            audit=row, person_id=person_id,
            defaults={"part": part, "from_agency_id": from_id, "agreement": clean(agreement)[:200]},
        )  # fmt: skip
    name = organization.person_names([person_id]).get(person_id, "")
    told = independence.PART_NAMES.get(part, "rút khỏi đoàn").lower()
    stepped(actor, row, life.EDIT, f"{name}: {told}", now)


@transaction.atomic
def session_set(
    *, actor: Actor, audit_id: int, values: SessionValues, now: datetime,
    session_id: int | None = None,
) -> int:  # fmt: skip
    """Add a session or change one; return its id. Other clauses or another procedure make the
    checklist anew.

    Raises Forbidden; NotFound; Refusal("audit_state", "unit_unknown", "clauses_none",
    "procedure_unknown", "person_unknown" and what `decide_session` says).
    """
    require(may(actor, "audit.manage"))
    row, today = audit_locked(actor, audit_id), local(now).date()
    moved(life.AUDIT, row, life.EDIT)
    values = _checked(row, values, today)
    session = Session(audit=row)
    if session_id is not None:
        found = Session.objects.filter(pk=session_id, audit=row).first()
        if found is None:
            raise NotFound()
        session = found
    old = (session.unit_id, list(session.clauses), session.procedure_id)
    session.unit_id, session.clauses = values.unit_id, list(values.clauses)
    session.procedure_id, session.representative_id = values.procedure_id, values.representative_id
    session.starts_at, session.ends_at = values.starts_at, values.ends_at
    session.save()
    if old != (session.unit_id, session.clauses, session.procedure_id):
        questions_write(actor, session, now)
    _auditors_set(row, session, values.auditor_ids)
    stepped(actor, row, life.EDIT, "Đổi phiên" if session_id else "Thêm phiên", now)
    return session.id


def _checked(row: Audit, values: SessionValues, today) -> SessionValues:
    """Return the values of a session of which everything is known and the time is possible."""
    units = {unit.id for unit in organization.units_of(row.agency_id)}
    own = {one.id for one in organization.members(agency_id=row.agency_id, today=today)}
    if values.unit_id not in units:
        raise Refusal("unit_unknown", "Hãy chọn đơn vị trong danh sách.", field="unit")
    if not set(values.clauses) & set(clause_titles()):
        raise Refusal("clauses_none", "Hãy chọn ít nhất một điều khoản.", field="clauses")
    if values.representative_id is not None and values.representative_id not in own:
        raise Refusal("person_unknown", "Hãy chọn người đại diện trong danh sách.",
                      field="representative")  # fmt: skip
    refuse(
        planning.decide_session(
            workcal.calendar_for(row.agency_id), starts_at=values.starts_at,
            ends_at=values.ends_at, today=today,
        )
    )  # fmt: skip
    return values


def _auditors_set(row: Audit, session: Session, person_ids: Iterable[int]) -> None:
    team = set(row.members.values_list("person_id", flat=True))
    wanted = set(person_ids)
    if wanted - team:
        raise Refusal("not_in_team", "Chỉ người trong đoàn mới đánh giá được phiên này.",
                      field="auditors")  # fmt: skip
    session.auditors.exclude(person_id__in=wanted).delete()
    there = set(session.auditors.values_list("person_id", flat=True))
    SessionAuditor.objects.bulk_create(
        SessionAuditor(session=session, person_id=id_) for id_ in sorted(wanted - there)
    )


@transaction.atomic
def auditor_take(*, actor: Actor, session_id: int, person_id: int, now: datetime) -> None:
    """Let one person audit a session instead of who did, and take the person into the team.

    Raises Forbidden; NotFound; Refusal("audit_state", "person_unknown").
    """
    require(may(actor, "audit.manage"))
    row, session = session_locked(actor, session_id)
    if not row.members.filter(person_id=person_id).exists():
        has_leader = row.members.filter(part=independence.LEADER).exists()
        part = independence.AUDITOR if has_leader else independence.LEADER
        member_set(actor=actor, audit_id=row.id, person_id=person_id, part=part, now=now)
        row.refresh_from_db()
    moved(life.AUDIT, row, life.EDIT)
    _auditors_set(row, session, [person_id])
    name = organization.person_names([person_id]).get(person_id, "")
    stepped(actor, row, life.EDIT, f"Đổi đánh giá viên: {name}", now)


@transaction.atomic
def session_remove(*, actor: Actor, session_id: int, now: datetime) -> None:
    """Take a session out of a plan. Raises Forbidden; NotFound; Refusal("audit_state")."""
    require(may(actor, "audit.manage"))
    row, session = session_locked(actor, session_id)
    moved(life.AUDIT, row, life.EDIT)
    session.delete()
    stepped(actor, row, life.EDIT, "Bỏ một phiên", now)


def team_decision(row: Audit, today):
    """Return whether the plan may go out with this team and these sessions."""
    sessions = list(row.sessions.prefetch_related("auditors"))
    members = list(row.members.all())
    known = {
        one.id: one
        for one in people(
            agency_id=row.agency_id, today=today, agreements=agreements_of(row.id),
            neighbours=any(one.from_agency_id for one in members),
        )
    }  # fmt: skip
    kept = places(agency_id=row.agency_id, sessions=sessions)
    return independence.decide_team(
        members=[(known[one.person_id], one.part) for one in members if one.person_id in known],
        places=[
            (kept[one.id], tuple(auditor.person_id for auditor in one.auditors.all()))
            for one in sessions
        ],
    )


@transaction.atomic
def audit_submit(*, actor: Actor, audit_id: int, now: datetime) -> None:
    """Put a plan before the head of the agency.

    Raises Forbidden; NotFound; Refusal("audit_state" and what `decide_team` says).
    """
    require(may(actor, "audit.manage"))
    row, today = audit_locked(actor, audit_id), local(now).date()
    refuse(team_decision(row, today))
    _refuse_past(row, now)
    moved(life.AUDIT, row, life.SUBMIT)
    audit_item(row, actor.person_id, now, step="Phê duyệt kế hoạch, thành lập đoàn", role=LEADER,
               due_on=work_day(row.agency_id, today, PREPARE_DAYS))  # fmt: skip
    stepped(actor, row, life.SUBMIT, "", now)


def _refuse_past(row: Audit, now: datetime) -> None:
    """Refuse a plan whose first session has begun: a plan comes before the audit."""
    first = row.sessions.order_by("starts_at").values_list("starts_at", flat=True).first()
    if first is not None and first <= now:
        raise Refusal(
            "plan_late", "Phiên đầu đã qua giờ. Kế hoạch phải thông báo trước khi đánh giá; hãy đổi giờ "
            "phiên.", life.CLAUSE,
        )  # fmt: skip


@transaction.atomic
def audit_return(*, actor: Actor, audit_id: int, reason: str, now: datetime) -> None:
    """Give a plan back to who made it. Raises Forbidden; NotFound; Refusal."""
    require(may(actor, "audit.approve"))
    row = audit_locked(actor, audit_id)
    refuse(life.decide_words(reason, field="reason", ask="Hãy ghi cần sửa gì."))
    moved(life.AUDIT, row, life.RETURN)
    audit_item(row, actor.person_id, now, step="Sửa kế hoạch bị trả lại",
               person_id=row.planned_by_id, note=clean(reason),
               due_on=work_day(row.agency_id, local(now).date(), PREPARE_DAYS))  # fmt: skip
    stepped(actor, row, life.RETURN, clean_lines(reason), now)


@transaction.atomic
def audit_announce(*, actor: Actor, audit_id: int, now: datetime, decision: str = "") -> None:
    """Approve a plan, set up the team and tell everybody; plan and decision are frozen.

    Auditors and units get their sessions on the worklist. Raises Forbidden; NotFound;
    Refusal("audit_state", "plan_late", "planner_approves" and what `decide_team` says).
    Source: TCVN ISO 9001:2015 điều 9.2.2 b, c.
    """
    require(may(actor, "audit.approve"))
    row, today = audit_locked(actor, audit_id), local(now).date()
    if row.planned_by_id == actor.person_id:
        raise Refusal("planner_approves", "Người lập kế hoạch không tự phê duyệt.", life.CLAUSE)
    refuse(team_decision(row, today))
    _refuse_past(row, now)
    moved(life.AUDIT, row, life.ANNOUNCE)
    row.announced_by_id, row.announced_at = actor.person_id, now
    row.decision = clean(decision)[:60]
    item_drop(row, actor.person_id, now)
    _session_items(row, now)
    stepped(actor, row, life.ANNOUNCE, row.decision, now)
    audit_freeze(actor, row, "decision", now)
    audit_freeze(actor, row, "plan", now)


def _session_items(row: Audit, now: datetime) -> None:
    units = {unit.id: unit.name for unit in organization.units_of(row.agency_id)}
    for session in row.sessions.prefetch_related("auditors"):
        unit = units.get(session.unit_id, "")
        if session.representative_id:
            session.item_id = session_item(
                row, session, now, unit=unit, step="Chuẩn bị đón đoàn đánh giá",
                due_at=session.starts_at, person_id=session.representative_id,
            )  # fmt: skip
            session.save(update_fields=["item_id"])
        for auditor in session.auditors.all():
            auditor.item_id = session_item(
                row, session, now, unit=unit, step="Đánh giá", due_at=session.ends_at,
                person_id=auditor.person_id,
            )  # fmt: skip
            auditor.save(update_fields=["item_id"])


@transaction.atomic
def audit_replan(*, actor: Actor, audit_id: int, reason: str, now: datetime) -> None:
    """Take an announced plan back to change it, before anything was noted.

    Raises Forbidden; NotFound; Refusal("audit_state", "words_missing", "already_noted").
    """
    require(may(actor, "audit.manage"))
    row = audit_locked(actor, audit_id)
    refuse(life.decide_words(reason, field="reason", ask="Hãy ghi vì sao phải lập lại."))
    if Finding.objects.filter(session__audit=row, state=life.NOTED).exists():
        raise Refusal("already_noted", "Đoàn đã ghi kết quả nên kế hoạch không đổi được.",
                      life.CLAUSE)  # fmt: skip
    moved(life.AUDIT, row, life.REPLAN)
    row.edition += 1
    session_items_drop(row, actor.person_id, now)
    audit_item(row, actor.person_id, now, step="Sửa và trình lại kế hoạch",
               person_id=row.planned_by_id, note=clean(reason),
               due_on=work_day(row.agency_id, local(now).date(), PREPARE_DAYS))  # fmt: skip
    stepped(actor, row, life.REPLAN, clean_lines(reason), now)


@transaction.atomic
def audit_cancel(*, actor: Actor, audit_id: int, reason: str, now: datetime) -> None:
    """Drop an audit that has not been held, with a reason. Raises Forbidden; NotFound; Refusal."""
    require(may(actor, "audit.manage"))
    row = audit_locked(actor, audit_id)
    refuse(life.decide_words(reason, field="reason", ask="Hãy ghi vì sao không tiến hành."))
    moved(life.AUDIT, row, life.CANCEL)
    row.ended_at = now
    session_items_drop(row, actor.person_id, now)
    item_drop(row, actor.person_id, now)
    stepped(actor, row, life.CANCEL, clean_lines(reason), now)
