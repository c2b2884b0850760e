"""The internal audits of the year: a programme, one audit carried out, one to be held."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from nep.apps.audits import queries, services
from nep.apps.audits.queries import AuditPage, SessionLine
from nep.apps.improvement import services as improvement
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor, setup_actor
from nep.apps.organization.services import appointment_start
from nep.apps.workcal.queries import calendar_for
from nep.demonstration.procedures import actor_with
from nep.kernel.errors import Refusal
from nep.kernel.vietnamese import local

SEEN = (
    (
        "minor",
        "Ba trong năm hồ sơ lấy mẫu có phiếu kiểm soát thiếu giờ giao nhận ở bước thẩm định.",
    ),
    ("observation", "Sổ theo dõi bản in chưa ghi người nhận của hai bản mới."),
    ("opportunity", "Nên ghi sẵn câu trả lời mẫu cho năm câu hỏi hay gặp ở quầy."),
)
CONFORMING = "Đã xem, đúng quy định."
CONCLUSION = (
    "Hệ thống được duy trì và phù hợp với yêu cầu. Một điểm không phù hợp nhẹ cần khắc phục; các đơn vị "
    "nắm rõ quy trình và mục tiêu của mình."
)


@dataclass(frozen=True, slots=True)
class _Place:
    """An agency whose audits are built, and its facts."""

    facts: dict[str, Any]
    agency_id: int

    def actor(self, role: str, at: datetime) -> Actor:
        """Return who holds a role, on a day."""
        return actor_with(self.facts, role, agency_id=self.agency_id, now=at)

    def person(self, person_id: int, at: datetime) -> Actor:
        """Return a person by id as an actor of the agency on a day."""
        near = queries.neighbour_agencies(agency_id=self.agency_id, today=local(at).date())
        home = near[person_id][0] if person_id in near else self.agency_id
        user_id = organization.person_user(agency_id=home, person_id=person_id)
        found = organization.actor_for(
            user_id=user_id or 0, agency_id=self.agency_id, today=local(at).date()
        )
        if found is None:
            raise LookupError(f"person {person_id} holds no role on {at:%d/%m/%Y}")
        return found


def build_audits(agency: dict[str, Any], *, agency_id: int, now: datetime) -> None:
    """Give an agency a programme, an audit that was reported and another about to be noted."""
    place = _Place(agency, agency_id)
    first, second = (
        _morning(place, now - timedelta(days=60)),
        _morning(place, now - timedelta(days=4)),
    )
    programme_id = _programme(place, first, second)
    audit_id = _announced(place, programme_id, first, queries.figure("notice_days"))
    _carried_out(place, audit_id, now)
    _announced(place, programme_id, second, queries.figure("notice_days"))


def _morning(place: _Place, at: datetime) -> datetime:
    """Return nine o'clock of the first working day from a moment on."""
    calendar, day = calendar_for(place.agency_id), local(at).replace(hour=9, minute=0, second=0)
    while not calendar.is_working_day(day.date()):
        day += timedelta(days=1)
    return day.replace(microsecond=0)


def _programme(place: _Place, first: datetime, second: datetime) -> int:
    """Propose the programme a month before its first audit; the gravest units come first."""
    at = _morning(place, first - timedelta(days=35))
    year = first.year
    months = [first.month, second.month if second.year == year else 12]
    secretary = place.actor("iso_secretary", at)
    programme_id = services.programme_propose(actor=secretary, year=year, now=at)
    page = queries.programme_page(actor=secretary, year=year, today=at.date())
    half = (len(page.lines) + 1) // 2
    for order, line in enumerate(page.lines):
        services.programme_line_set(
            actor=secretary, programme_id=programme_id, unit_id=line.unit_id,
            months=[months[0] if order < half else months[1]], clause_numbers=line.clauses, now=at,
        )  # fmt: skip
    services.programme_submit(actor=secretary, programme_id=programme_id, now=at)
    later = at + timedelta(hours=2)
    services.programme_approve(
        actor=place.actor("leader", later), programme_id=programme_id, now=later
    )
    return programme_id


def _announced(place: _Place, programme_id: int, at: datetime, notice_days: int) -> int:
    """Plan the audit of a month, complete its team, and let the head announce it."""
    secretary = place.actor("iso_secretary", at)
    own: dict[str, Any] = {"actor": secretary, "now": at}
    audit_id = services.audit_propose(programme_id=programme_id, month=at.month, **own)
    if queries.audit_page(actor=secretary, audit_id=audit_id, now=at).blocker:
        _second_auditor(place, at)
        services.team_propose(audit_id=audit_id, **own)
    page = queries.audit_page(actor=secretary, audit_id=audit_id, now=at)
    for one in page.members:
        if one.from_agency and not one.agreement:
            _lent(place, page, one.person_id, one.part, at)
    services.audit_submit(audit_id=audit_id, **own)
    later = at + timedelta(hours=3)
    services.audit_announce(
        actor=place.actor("leader", later), audit_id=audit_id, now=later,
        decision=f"{at.month + 20}/QĐ-{place.facts['code'].rpartition('.')[2]}",
    )  # fmt: skip
    return audit_id


def _second_auditor(place: _Place, at: datetime) -> None:
    """Appoint another auditor from a unit in which the first one does not work."""
    members = organization.members(agency_id=place.agency_id, today=at.date())
    taken = {id_ for one in members if "auditor" in one.roles for id_ in one.unit_ids}
    able = [
        one for one in members
        if "auditor" not in one.roles and one.unit_ids and not one.unit_ids & taken
        and not one.roles & {"leader", "iso_secretary", "agency_admin", "province_admin", "unit_head"}
    ]  # fmt: skip
    for one in able[:1]:
        appointment_start(
            actor=setup_actor(agency_id=place.agency_id), now=at, agency_id=place.agency_id,
            person_id=one.id, role="auditor", position="Đánh giá viên", starts_on=at.date(),
        )  # fmt: skip


def _lent(place: _Place, page: AuditPage, person_id: int, part: str, at: datetime) -> None:
    """Record by which paper a neighbour comes, and appoint the person here for the year."""
    services.member_set(
        actor=place.actor("iso_secretary", at), audit_id=page.line.id, person_id=person_id,
        part=part, now=at, agreement=f"Công văn số {at.month + 100}/CV ngày {at:%d/%m/%Y}",
    )  # fmt: skip
    here = {one.id for one in organization.members(agency_id=place.agency_id, today=at.date())}
    if person_id not in here:
        appointment_start(
            actor=setup_actor(agency_id=place.agency_id), now=at, agency_id=place.agency_id,
            person_id=person_id, role="auditor", position="Đánh giá viên được cử đến",
            starts_on=at.date(), ends_on=at.date() + timedelta(days=180),
        )  # fmt: skip


def _carried_out(place: _Place, audit_id: int, now: datetime) -> None:
    """Answer every question, draw samples, let the units agree, report, and begin to correct."""
    secretary = place.actor("iso_secretary", now)
    page = queries.audit_page(actor=secretary, audit_id=audit_id, now=now)
    told = list(SEEN)
    for session in page.sessions:
        _noted(place, session, told)
    ended = max(one.ends_at for one in page.sessions) + timedelta(minutes=20)
    leader_id = next(one.person_id for one in page.members if one.part == "leader")
    services.audit_hold(actor=place.person(leader_id, ended), audit_id=audit_id, now=ended)
    later = _morning(place, ended + timedelta(days=1))
    head = place.actor("leader", later)
    for session in page.sessions:
        try:
            services.findings_agree(actor=head, session_id=session.id, now=later)
        except Refusal as refusal:
            if refusal.code != "findings_none" and refusal.code != "audit_state":
                raise
    reported = _morning(place, later + timedelta(days=3))
    services.audit_report(
        actor=place.person(leader_id, reported), audit_id=audit_id, now=reported,
        conclusion=CONCLUSION,
    )  # fmt: skip
    _begun(place, audit_id, reported)


def _noted(place: _Place, session: SessionLine, told: list[tuple[str, str]]) -> None:
    at = session.starts_at + timedelta(minutes=10)
    auditor = place.person(session.auditors[0].person_id, at)
    today = local(at).date()
    try:
        services.sample_draw(
            actor=auditor, session_id=session.id, since=today - timedelta(days=365), until=today,
            size=queries.figure("sample_size"), now=at, seed=f"{session.unit_id % 65536:04x}",
        )  # fmt: skip
    except Refusal as refusal:
        if refusal.code != "sample_empty":
            raise
    page = queries.session_page(actor=auditor, session_id=session.id, now=at)
    for order, finding in enumerate(page.findings):
        is_told = bool(told) and order in {3, 6}
        level, text = told.pop(0) if is_told else ("conform", CONFORMING if order % 2 else "")
        services.finding_note(
            actor=auditor, finding_id=finding.id, level=level, text=text,
            now=at + timedelta(minutes=3 * order),
        )  # fmt: skip
        if is_told and page.draw and page.draw.samples:
            case = page.draw.samples[0]
            services.proof_add(
                actor=auditor, finding_id=finding.id, now=at + timedelta(minutes=3 * order + 1),
                links=[services.Link("case", f"{case.code}, {case.title}", case.url, case.case_id)],
            )  # fmt: skip


def _begun(place: _Place, audit_id: int, at: datetime) -> None:
    """Let who answers for the nonconformity correct it and find its cause."""
    later = _morning(place, at + timedelta(days=2))
    page = queries.audit_page(
        actor=place.actor("iso_secretary", later), audit_id=audit_id, now=later
    )
    for one in page.told:
        if one.sheet is None or one.sheet.owner_id is None:
            continue
        own: dict[str, Any] = {"actor": place.person(one.sheet.owner_id, later),
                               "nonconformity_id": one.sheet.id, "now": later}  # fmt: skip
        improvement.nonconformity_correct(
            correction="Đã bổ sung giờ giao nhận trên ba phiếu theo nhật ký của hệ thống.",
            on=later.date(), **own,
        )  # fmt: skip
        improvement.nonconformity_analyse(
            cause="Phiếu in trước khi giao nên ô giờ bỏ trống, người nhận không thấy mình phải ghi.",
            whys=["Ô giờ giao nhận để trống lúc in phiếu"], **own,
        )  # fmt: skip
