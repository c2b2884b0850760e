"""What every service of audits needs: rows, their steps, their work items."""

from datetime import date, datetime
from typing import Any

from nep.apps.audits.models import Audit, Finding, Member, Programme, Session, SessionAuditor, Step
from nep.apps.audits.queries import code_of, figure
from nep.apps.audits.rules import independence, life
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.apps.work import services as work
from nep.apps.workcal import queries as workcal
from nep.foundation.journal import services as journal
from nep.kernel.decisions import Decision, require
from nep.kernel.errors import Forbidden, NotFound, Refusal
from nep.kernel.text import shorten
from nep.kernel.vietnamese import date_text, local, time_text

PROGRAMME, AUDIT, SESSION = "audit_programme", "audit", "audit_session"
SECRETARY, LEADER = "iso_secretary", "leader"


def programme_locked(actor: Actor, programme_id: int) -> Programme:
    """Return a programme of the actor's agency, locked until the end. Raises NotFound."""
    row = (
        Programme.objects.select_for_update(of=("self",))
        .filter(pk=programme_id, agency_id=actor.agency_id)
        .first()
    )
    if row is None:
        raise NotFound()
    return row


def audit_locked(actor: Actor, audit_id: int) -> Audit:
    """Return an audit of the actor's agency, locked until the end. Raises NotFound."""
    row = (
        Audit.objects.select_for_update(of=("self",))
        .filter(pk=audit_id, agency_id=actor.agency_id)
        .first()
    )
    if row is None:
        raise NotFound()
    return row


def session_locked(actor: Actor, session_id: int) -> tuple[Audit, Session]:
    """Return a session with its audit, the audit locked until the end. Raises NotFound."""
    row = Session.objects.filter(pk=session_id, audit__agency_id=actor.agency_id).first()
    if row is None:
        raise NotFound()
    return audit_locked(actor, row.audit_id), row


def finding_locked(actor: Actor, finding_id: int) -> tuple[Audit, Session, Finding]:
    """Return a finding with its session and audit, the audit locked first. Raises NotFound."""
    row = Finding.objects.filter(pk=finding_id, agency_id=actor.agency_id).first()
    if row is None:
        raise NotFound()
    audit, session = session_locked(actor, row.session_id)
    row.refresh_from_db()
    return audit, session, row


def refuse(decision: Decision) -> None:
    """Raise the refusal of a decision as something the person can correct."""
    require(decision, kind=Refusal)


def moved(table: life.Table, row: Any, move: str) -> None:
    """Bring a row to the state that a move leads to. Raises Refusal("audit_state")."""
    found = life.next_state(table, row.state, move)
    if not isinstance(found, str):
        refuse(found)
        return
    row.state = found


def stepped(
    actor: Actor | None, row: Programme | Audit, move: str, text: str, now: datetime,
    old: Any = None,
) -> None:  # fmt: skip
    """Write a changed programme or audit with its step and its journal entry."""
    row.changed_at, row.version = now, row.version + 1
    row.save()
    by_id = actor.person_id if actor else None
    own = {"programme": row} if isinstance(row, Programme) else {"audit": row}
    Step.objects.create(**own, move=move, state=row.state, text=text, by_id=by_id, at=now)
    kind = PROGRAMME if isinstance(row, Programme) else AUDIT
    journal.record(
        actor_id=by_id, agency_id=row.agency_id, action=f"{kind}.{move}", object_type=kind,
        object_id=row.id, at=now, old=old, new={"state": row.state, "edition": row.edition},
        reason=shorten(text, 1000),
    )  # fmt: skip


def finding_stepped(
    actor: Actor, row: Finding, move: str, text: str, now: datetime, old: Any = None
) -> None:
    """Write a changed finding with its journal entry."""
    row.version += 1
    row.save()
    journal.record(
        actor_id=actor.person_id, agency_id=row.agency_id, action=f"audit_finding.{move}",
        object_type="audit_finding", object_id=row.id, at=now, old=old,
        new={"state": row.state, "level": row.level}, reason=shorten(text, 1000),
    )  # fmt: skip


# Who may


def leader_id(audit: Audit) -> int | None:
    """Return who leads the team."""
    found = Member.objects.filter(audit_id=audit.id, part=independence.LEADER)
    return found.values_list("person_id", flat=True).first()


def require_auditor(actor: Actor, session: Session) -> None:
    """Ask that the actor audits this session, or leads the team and is not of the audited unit.

    Raises Forbidden("not_auditor", "leader_audited").
    """
    if SessionAuditor.objects.filter(session_id=session.id, person_id=actor.person_id).exists():
        return
    leads = Member.objects.filter(
        audit_id=session.audit_id, person_id=actor.person_id, part=independence.LEADER
    )
    if not leads.exists():
        raise Forbidden(
            "not_auditor", "Chỉ đánh giá viên của phiên và trưởng đoàn mới ghi được.", life.CLAUSE
        )
    require(
        independence.decide_leader(
            actor, unit_id=session.unit_id, representative_id=session.representative_id
        )
    )


def require_leader(actor: Actor, audit: Audit) -> None:
    """Ask that the actor leads the team. Raises Forbidden."""
    if leader_id(audit) != actor.person_id:
        raise Forbidden("not_team_leader", "Chỉ trưởng đoàn mới làm được việc này.", life.CLAUSE)


def answers_for(actor: Actor, session: Session) -> bool:
    """Say whether the actor speaks for the audited unit: its representative, its head, a leader."""
    if session.representative_id == actor.person_id or "leader" in actor.roles:
        return True
    return any(hat.role == "unit_head" and hat.unit_id == session.unit_id for hat in actor.hats)


# Work items


def end_of(agency_id: int, day: date) -> datetime:
    """Return the moment at which a day's work is due."""
    return workcal.day_end(agency_id=agency_id, day=day)


def work_day(agency_id: int, day: date, count: int) -> date:
    """Return the working day so many working days after a day."""
    return workcal.working_day_after(agency_id=agency_id, day=day, count=count)


def work_day_from(agency_id: int, day: date) -> date:
    """Return the day itself where the agency works on it, else its next working day."""
    return workcal.working_day_from(agency_id=agency_id, day=day)


def unit_of_role(agency_id: int, role: str, today: date) -> int | None:
    """Return the unit whose people hold a role today, the first by code; None for none."""
    directory = organization.directory(agency_id=agency_id, today=today)
    codes = sorted(code for code, held in directory.holders if held == role)
    unit = directory.unit(codes[0]) if codes else None
    return unit.id if unit else None


def item_drop(row: Any, by_id: int | None, now: datetime) -> None:
    """Close the work item that a row keeps, if it keeps one."""
    if row.item_id is not None:
        work.item_close(batch=None, item_id=row.item_id, at=now, by_id=by_id)
    row.item_id = None


def programme_item(
    row: Programme, actor: Actor, now: datetime, *, step: str, role: str = "",
    person_id: int | None = None, due_on: date, note: str = "",
) -> None:  # fmt: skip
    """Put a programme before a person or a role, instead of what was open."""
    item_drop(row, actor.person_id, now)
    unit_id = unit_of_role(row.agency_id, role, local(now).date()) if role else None
    row.item_id = work.item_open(
        batch=None, agency_id=row.agency_id, kind="audit",
        title=f"Chương trình đánh giá nội bộ năm {row.year}", detail=step,
        link=f"/danh-gia/?nam={row.year}", source_type=PROGRAMME, source_id=row.id,
        source_code=f"ĐGNB {row.year}", opened_at=now, due_at=end_of(row.agency_id, due_on), person_id=person_id,
        role=role, unit_id=unit_id, step_label=step, note=note[:500],
    )  # fmt: skip


def audit_item(
    row: Audit, by_id: int | None, now: datetime, *, step: str, due_on: date, role: str = "",
    person_id: int | None = None, note: str = "",
) -> None:  # fmt: skip
    """Put an audit before a person or a role, instead of what was open."""
    item_drop(row, by_id, now)
    unit_id = unit_of_role(row.agency_id, role, local(now).date()) if role else None
    row.item_id = work.item_open(
        batch=None, agency_id=row.agency_id, kind="audit", title=f"{code_of(row)}: {step}",
        detail="Đánh giá nội bộ", link=f"/danh-gia/{row.id}/", source_type=AUDIT, source_id=row.id,
        source_code=code_of(row), opened_at=now, due_at=end_of(row.agency_id, due_on), person_id=person_id,
        role=role, unit_id=unit_id, step_label=step, note=note[:500],
    )  # fmt: skip


def session_item(
    audit: Audit, session: Session, now: datetime, *, unit: str, step: str, due_at: datetime,
    person_id: int,
) -> int:  # fmt: skip
    """Put a session before a person of the team or of the unit; return the item's id."""
    start, end = local(session.starts_at), local(session.ends_at)
    when = f"{time_text(start)}–{time_text(end)} ngày {date_text(start.date())}"
    return work.item_open(
        batch=None, agency_id=audit.agency_id, kind="audit", title=f"{step}: {unit}",
        detail=f"{code_of(audit)}, {when}", link=f"/danh-gia/phien/{session.id}/",
        source_type=SESSION, source_id=session.id, source_code=code_of(audit), opened_at=now,
        due_at=due_at, person_id=person_id, step_label=step,
    )  # fmt: skip


def session_items_drop(audit: Audit, by_id: int | None, now: datetime) -> None:
    """Close every work item of the sessions of an audit."""
    for session in Session.objects.filter(audit_id=audit.id, item_id__isnull=False):
        item_drop(session, by_id, now)
        session.save(update_fields=["item_id"])
    for one in SessionAuditor.objects.filter(session__audit_id=audit.id, item_id__isnull=False):
        item_drop(one, by_id, now)
        one.save(update_fields=["item_id"])


def report_due(audit: Audit, today: date) -> date:
    """Return until when a report is due."""
    return work_day(audit.agency_id, today, figure("report_days"))
