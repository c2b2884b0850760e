"""One audit: its team, sessions, findings, papers, and what the reader may do."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Min, Q

from nep.apps.audits.models import Audit, AuditPaper, Finding, Member, Session
from nep.apps.audits.queries._facts import neighbour_agencies, people, places
from nep.apps.audits.queries._findings import FindingLine, finding_lines
from nep.apps.audits.queries._reference import figure
from nep.apps.audits.rules import independence, life
from nep.apps.audits.rules.checklist import clause_key
from nep.apps.audits.rules.independence import Concern, Person
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor, may
from nep.kernel.decisions import Refused
from nep.kernel.errors import NotFound
from nep.kernel.vietnamese import local

PAPER_NAMES: dict[str, str] = {
    "programme": "Chương trình năm",
    "decision": "Quyết định thành lập đoàn",
    "plan": "Kế hoạch đánh giá",
    "checklist": "Phiếu ghi chép",
    "minutes": "Biên bản đánh giá",
    "report": "Báo cáo đánh giá",
}


@dataclass(frozen=True, slots=True)
class AuditLine:
    """An audit of a list; counts are of its findings by level."""

    id: int
    code: str
    year: int
    state: str
    state_name: str
    chip: str
    starts_on: date | None
    ends_on: date | None
    units: tuple[str, ...]
    sessions: int
    leader: str
    counts: Mapping[str, int]
    reported_at: datetime | None
    ended_at: datetime | None

    @property
    def to_correct(self) -> int:
        """Return how many nonconformities it found."""
        return self.counts.get(life.MAJOR, 0) + self.counts.get(life.MINOR, 0)

    @property
    def is_held(self) -> bool:
        """Say whether it took place."""
        return self.state in life.AUDIT_HELD


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A person of the team."""

    person_id: int
    name: str
    part: str
    part_name: str
    from_agency: str
    agreement: str
    told: str
    sessions: int
    qualified: bool
    certified: bool


@dataclass(frozen=True, slots=True)
class AuditorLine:
    """Who audits a session, with what speaks against it."""

    person_id: int
    name: str
    concerns: tuple[Concern, ...]


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session of the plan."""

    id: int
    unit_id: int
    unit: str
    clauses: tuple[str, ...]
    procedure_id: int | None
    procedure: str
    procedure_title: str
    starts_at: datetime
    ends_at: datetime
    representative_id: int | None
    representative: str
    auditors: tuple[AuditorLine, ...]
    proposal: tuple[int, str] | None
    asked: int
    answered: int
    to_correct: int
    waiting: int
    is_mine: bool
    answers_for: bool

    @property
    def blocked(self) -> bool:
        """Say whether something speaks against one of its auditors, or nobody audits it."""
        return not self.auditors or any(
            one.blocks for auditor in self.auditors for one in auditor.concerns
        )

    @property
    def day(self) -> date:
        """Return its day on Vietnam's clock."""
        return local(self.starts_at).date()


@dataclass(frozen=True, slots=True)
class PaperLine:
    """A paper that was given out."""

    id: int
    kind: str
    name: str
    edition: int
    sha256: str
    made_at: datetime
    record_id: int | None


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step of a life in words."""

    name: str
    state_name: str
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Everything the page of an audit shows, and what the reader may do now."""

    line: AuditLine
    aim: str
    criteria: str
    standard: str
    edition: int
    decision: str
    planned_by: str
    planned_at: datetime
    announced_by: str
    announced_at: datetime | None
    held_at: datetime | None
    reported_by: str
    skipped: str
    conclusion: str
    members: tuple[MemberLine, ...]
    sessions: tuple[SessionLine, ...]
    findings: tuple[FindingLine, ...]
    papers: tuple[PaperLine, ...]
    steps: tuple[StepLine, ...]
    blocker: str
    may: frozenset[str]

    @property
    def told(self) -> tuple[FindingLine, ...]:
        """Return what was found but conformity, by number."""
        found = [one for one in self.findings if one.number is not None]
        return tuple(sorted(found, key=lambda one: one.number or 0))

    @property
    def clauses(self) -> tuple[str, ...]:
        """Return every clause of its sessions in order."""
        known = {number for one in self.sessions for number in one.clauses}
        return tuple(sorted(known, key=clause_key))


def code_of(row: Audit) -> str:
    """Return the number of an audit as it is said: "ĐG 01/2026"."""
    return f"ĐG {row.number:02d}/{row.year}"


def chip_of(state: str) -> str:
    """Return the chip of a state."""
    return {life.CLOSED: "ok", life.CANCELLED: "tam", life.HELD: "cho", life.CONFIRMED: "cho",
            life.REPORTED: "sap"}.get(state, "trong")  # fmt: skip


def audit_lines(rows: Iterable[Audit], agency_id: int) -> tuple[AuditLine, ...]:
    """Return audits as lists show them; three queries whatever their number."""
    kept = list(rows)
    ids = [row.id for row in kept]
    units = {unit.id: unit.name for unit in organization.units_of(agency_id)}
    spans: dict[int, list] = {}
    for audit_id, unit_id, starts, ends in (
        Session.objects.filter(audit_id__in=ids)
        .order_by("starts_at", "id")
        .values_list("audit_id", "unit_id", "starts_at", "ends_at")
    ):
        spans.setdefault(audit_id, []).append((unit_id, local(starts), local(ends)))
    leaders = dict(
        Member.objects.filter(audit_id__in=ids, part=independence.LEADER).values_list(
            "audit_id", "person__name"
        )
    )
    counts: dict[int, dict[str, int]] = {}
    found = Finding.objects.filter(session__audit_id__in=ids).exclude(level="")
    found = found.exclude(state=life.WITHDRAWN)
    for audit_id, level, number in (
        found.values_list("session__audit_id", "level").annotate(n=Count("id")).order_by()
    ):
        counts.setdefault(audit_id, {})[level] = number
    return tuple(
        _line(row, spans.get(row.id, []), units, leaders.get(row.id, ""), counts.get(row.id, {}))
        for row in kept
    )


def _line(
    row: Audit, spans: list, units: Mapping[int, str], leader: str, counts: dict[str, int]
) -> AuditLine:
    return AuditLine(
        id=row.id, code=code_of(row), year=row.year, state=row.state,
        state_name=life.AUDIT_STATES[row.state], chip=chip_of(row.state),
        starts_on=spans[0][1].date() if spans else None,
        ends_on=max(one[2] for one in spans).date() if spans else None,
        units=tuple(dict.fromkeys(units.get(one[0], "") for one in spans)), sessions=len(spans),
        leader=leader, counts=counts, reported_at=row.reported_at, ended_at=row.ended_at,
    )  # fmt: skip


def audit_row(actor: Actor, audit_id: int) -> Audit:
    """Return an audit of the actor's agency. Raises NotFound."""
    row = Audit.objects.filter(pk=audit_id, agency_id=actor.agency_id).first()
    if row is None:
        raise NotFound()
    return row


def audit_page(*, actor: Actor, audit_id: int, now: datetime, brief: bool = False) -> AuditPage:
    """Return one audit of the agency; a fixed number of queries. Raises NotFound.

    `brief` is what the page of a session needs: without steps, papers, the team's certificates
    and what speaks against an auditor.
    """
    row = audit_row(actor, audit_id)
    return page_of(row, actor=actor, now=now, brief=brief)


def page_of(row: Audit, *, actor: Actor, now: datetime, brief: bool) -> AuditPage:
    """Return the page of an audit that was read already; see `audit_page`."""
    today = local(now).date()
    members = list(row.members.order_by("id"))
    known = {} if brief else _known(row, members, today)
    findings = finding_lines(
        Finding.objects.filter(session__audit_id=row.id), agency_id=row.agency_id, today=today
    )
    sessions = _sessions(actor, row, known, findings, brief=brief)
    steps = [] if brief else list(row.steps.order_by("at", "id"))
    names = organization.person_names(
        [row.planned_by_id, row.announced_by_id, row.reported_by_id,
         *(one.by_id for one in steps)]
    )  # fmt: skip
    line = _line_of_page(row, members, sessions, findings)
    blocker = "" if brief else _blocker(row, members, known, sessions)
    return AuditPage(
        line=line, aim=row.aim, criteria=row.criteria, standard=row.standard, edition=row.edition,
        decision=row.decision, planned_by=names.get(row.planned_by_id, ""),
        planned_at=row.planned_at, announced_by=names.get(row.announced_by_id or 0, ""),
        announced_at=row.announced_at, held_at=row.held_at,
        reported_by=names.get(row.reported_by_id or 0, ""), skipped=row.skipped,
        conclusion=row.conclusion, members=_members(row, members, known, sessions, today),
        sessions=sessions, findings=findings,
        papers=() if brief else paper_lines(Q(audit_id=row.id)),
        steps=tuple(
            StepLine(life.AUDIT_MOVES[one.move], life.AUDIT_STATES[one.state], one.text,
                     names.get(one.by_id or 0, "Nếp"), one.at)
            for one in steps
        ),
        blocker=blocker, may=_allowed(actor, row, members, sessions, findings, now),
    )  # fmt: skip


def _line_of_page(
    row: Audit, members: list[Member], sessions: tuple[SessionLine, ...],
    findings: tuple[FindingLine, ...],
) -> AuditLine:  # fmt: skip
    """Return the line of an audit from what its page has read already."""
    spans = [(one.unit_id, local(one.starts_at), local(one.ends_at)) for one in sessions]
    units = {one.unit_id: one.unit for one in sessions}
    lead = [one.person_id for one in members if one.part == independence.LEADER]
    names = organization.person_names(lead)
    counts = Counter(one.level for one in findings if one.level and one.state != life.WITHDRAWN)
    return _line(row, spans, units, names.get(lead[0], "") if lead else "", dict(counts))


def _known(row: Audit, members: list[Member], today: date) -> dict[int, Person]:
    found = people(
        agency_id=row.agency_id, today=today, agreements={one.person_id: one.agreement for one in members if one.from_agency_id},
        neighbours=row.state in {life.PLANNED, life.SUBMITTED}
        or any(one.from_agency_id for one in members),
    )  # fmt: skip
    return {one.id: one for one in found}


def _members(
    row: Audit, members: list[Member], known: Mapping[int, Person],
    sessions: tuple[SessionLine, ...], today: date,
) -> tuple[MemberLine, ...]:  # fmt: skip
    names = organization.person_names(one.person_id for one in members)
    near = {}
    if any(one.from_agency_id for one in members):
        near = dict(neighbour_agencies(agency_id=row.agency_id, today=today).values())
    held = [auditor.person_id for one in sessions for auditor in one.auditors]
    order = tuple(independence.PART_NAMES)
    return tuple(
        MemberLine(
            person_id=one.person_id, name=names.get(one.person_id, ""), part=one.part,
            part_name=independence.PART_NAMES[one.part],
            from_agency=near.get(one.from_agency_id or 0, "") if one.from_agency_id else "",
            agreement=one.agreement,
            told=known[one.person_id].qualified_told if one.person_id in known else "",
            sessions=held.count(one.person_id),
            qualified=one.person_id in known and known[one.person_id].qualified,
            certified=one.person_id in known and known[one.person_id].certified,
        )
        for one in sorted(members, key=lambda one: (order.index(one.part), one.id))
    )  # fmt: skip


def _sessions(
    actor: Actor, row: Audit, known: Mapping[int, Person], findings: tuple[FindingLine, ...],
    *, brief: bool,
) -> tuple[SessionLine, ...]:  # fmt: skip
    rows = list(
        row.sessions.prefetch_related("auditors").select_related("procedure")
        .order_by("starts_at", "id")
    )  # fmt: skip
    facts = places(agency_id=row.agency_id, sessions=rows, with_makers=not brief)
    counts: dict[int, Counter[str]] = {}
    for found in findings:
        told = counts.setdefault(found.session_id, Counter())
        told["asked"] += 1
        told["answered"] += bool(found.level)
        told["to_correct"] += found.level in life.TO_CORRECT
        told["waiting"] += found.state == life.SENT
    names = organization.person_names(
        [one.representative_id for one in rows]
        + [auditor.person_id for one in rows for auditor in one.auditors.all()]
    )
    able = list(known.values()) if row.state == life.PLANNED else []
    return tuple(
        _session(actor, one, facts[one.id], known, counts.get(one.id, {}), names, able)
        for one in rows
    )


def _session(
    actor: Actor, row: Session, place: independence.Place, known: Mapping[int, Person],
    counts: Mapping[str, int], names: Mapping[int, str], able: list[Person],
) -> SessionLine:  # fmt: skip
    auditors = tuple(
        AuditorLine(
            one.person_id, names.get(one.person_id, ""),
            independence.concerns(
                known[one.person_id], place, rotation_years=figure("rotation_years")
            )
            if one.person_id in known
            else (),
        )
        for one in row.auditors.all()
    )  # fmt: skip
    blocked = not auditors or any(one.blocks for each in auditors for one in each.concerns)
    chosen = independence.choose([place], able) if able and blocked else {}
    proposal = None
    if row.id in chosen and chosen[row.id] not in {one.person_id for one in auditors}:
        person = known[chosen[row.id]]
        proposal = person.id, f"{person.name} ({person.qualified_told})"
    heads = any(hat.role == "unit_head" and hat.unit_id == row.unit_id for hat in actor.hats)
    return SessionLine(
        id=row.id, unit_id=row.unit_id, unit=place.unit, clauses=tuple(row.clauses),
        procedure_id=row.procedure_id, procedure=row.procedure.code if row.procedure else "",
        procedure_title=row.procedure.title if row.procedure else "", starts_at=row.starts_at,
        ends_at=row.ends_at, representative_id=row.representative_id,
        representative=names.get(row.representative_id or 0, ""), auditors=auditors,
        proposal=proposal, asked=counts.get("asked", 0), answered=counts.get("answered", 0),
        to_correct=counts.get("to_correct", 0), waiting=counts.get("waiting", 0),
        is_mine=any(one.person_id == actor.person_id for one in auditors),
        answers_for=row.representative_id == actor.person_id or heads or "leader" in actor.roles,
    )  # fmt: skip


def _blocker(
    row: Audit, members: list[Member], known: Mapping[int, Person],
    sessions: tuple[SessionLine, ...],
) -> str:  # fmt: skip
    """Return why the plan cannot go out, empty when it can."""
    if row.state not in {life.PLANNED, life.SUBMITTED}:
        return ""
    if sum(one.part == independence.LEADER for one in members) != 1:
        return "Đoàn cần đúng một trưởng đoàn."
    if not sessions:
        return "Kế hoạch chưa có phiên nào."
    for one in sessions:
        if not one.auditors:
            return f"Phiên ở {one.unit} chưa có đánh giá viên."
        if one.representative_id is None:
            return f"Phiên ở {one.unit} chưa có người đại diện."
        for auditor in one.auditors:
            for concern in auditor.concerns:
                if concern.blocks:
                    return f"{auditor.name} không đánh giá được {one.unit}: {concern.text}."
    return ""


def _allowed(
    actor: Actor, row: Audit, members: list[Member], sessions: tuple[SessionLine, ...],
    findings: tuple[FindingLine, ...], now: datetime,
) -> frozenset[str]:  # fmt: skip
    """Return the moves whose forms the reader is shown."""
    leads = any(
        one.person_id == actor.person_id and one.part == independence.LEADER for one in members
    )
    manages, approves = bool(may(actor, "audit.manage")), bool(may(actor, "audit.approve"))
    unnoted = not any(one.state == life.NOTED for one in findings)
    asked = {
        life.EDIT: manages,
        life.SUBMIT: manages,
        life.RETURN: approves,
        life.ANNOUNCE: approves and row.planned_by_id != actor.person_id,
        life.REPLAN: manages and unnoted,
        life.HOLD: leads and all(one.starts_at <= now for one in sessions),
        life.SETTLE: leads,
        life.REPORT: leads,
        life.CLOSE: (leads or manages) and not any(one.is_open for one in findings),
        life.CANCEL: manages,
    }
    return frozenset(
        move for move, holds in asked.items()
        if holds and not isinstance(life.next_state(life.AUDIT, row.state, move), Refused)
    )  # fmt: skip


def paper_lines(condition: Q) -> tuple[PaperLine, ...]:
    """Return the papers given out that a condition names, the newest edition of each kind first."""
    rows = AuditPaper.objects.filter(condition).order_by("made_at", "id")
    return tuple(
        PaperLine(one.id, one.kind, PAPER_NAMES[one.kind], one.edition, one.sha256, one.made_at,
                  one.record_id)
        for one in rows
    )  # fmt: skip


def paper_file(*, actor: Actor, paper_id: int) -> int:
    """Return the stored file of a paper of the agency. Raises NotFound."""
    row = AuditPaper.objects.filter(pk=paper_id, agency_id=actor.agency_id).first()
    if row is None:
        raise NotFound()
    return row.file_id


def audits_of(*, agency_id: int, year: int) -> tuple[AuditLine, ...]:
    """Return the audits of a year, without those that were dropped, by their first day."""
    rows = Audit.objects.filter(agency_id=agency_id, year=year).exclude(state=life.CANCELLED)
    rows = rows.annotate(first=Min("sessions__starts_at"), last=Max("sessions__ends_at"))
    return audit_lines(rows.order_by("first", "id"), agency_id)
