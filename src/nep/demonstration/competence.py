"""What people learn in the year: positions, a plan, held and coming sessions, auditors' certificates."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from nep.apps.competence import queries, services
from nep.apps.competence.services import QualificationValues, SessionValues
from nep.apps.organization.queries import members
from nep.apps.organization.rules import Actor
from nep.apps.workcal.queries import calendar_for
from nep.demonstration.procedures import actor_with
from nep.demonstration.year import beginning_of
from nep.kernel.vietnamese import local

COURSE = "Đánh giá nội bộ hệ thống quản lý chất lượng TCVN ISO 9001:2015"
COUNTER = "Tiếp nhận hồ sơ và trả kết quả, kỹ năng giao tiếp với người dân"
STEPS = "Thực hiện quy trình trên hệ thống: chuyển bước, tạm dừng, xin lỗi khi trễ hẹn"
GIVEN_BY = "Chi cục Tiêu chuẩn Đo lường Chất lượng tỉnh Lam Sơn"


def build_competence(agency: dict[str, Any], *, agency_id: int, now: datetime) -> None:
    """Give an agency certificates, required competences, an approved plan and open needs."""
    since = beginning_of(now)
    at = max(now.replace(month=1, day=19, hour=9, minute=0), since + timedelta(days=3))
    if at >= now - timedelta(days=30):
        return

    def actor(role: str, moment: datetime) -> Actor:
        return actor_with(agency, role, agency_id=agency_id, now=moment)

    secretary = actor("iso_secretary", at)
    _certificates(secretary, agency_id, at)
    services.requirement_add(actor=secretary, title=COUNTER, role="reception", months=24, now=at)
    services.requirement_add(actor=secretary, title=STEPS, role="specialist", months=None, now=at)
    for gap in queries.gaps(agency_id=agency_id, today=local(at).date()):
        if gap.lacking:
            services.needs_of_positions(actor=secretary, requirement_ids=[gap.id], now=at)
    sessions = _planned(secretary, agency_id, at, now)
    services.plan_send(actor=secretary, year=at.year, now=at + timedelta(hours=3))
    signed = at + timedelta(days=1)
    leader = actor("leader", signed)
    page = queries.training_page(agency_id=agency_id, year=at.year, today=local(signed).date())
    assert page.plan is not None
    services.plan_approve(actor=leader, plan_id=page.plan.id, sha256=page.plan.sha256, now=signed)
    _held(actor, sessions, now)
    people = [one.id for one in members(agency_id=agency_id, today=local(now).date())]
    services.need_add(
        actor=actor("iso_secretary", now), title="Thay đổi của ISO 9001:2026 so với bản 2015",
        person_ids=people[:3], now=now,
    )  # fmt: skip


def _certificates(secretary: Actor, agency_id: int, at: datetime) -> None:
    """Give the secretary and two heads of units what an auditor needs."""
    day = local(at).date()
    heads = [
        one for one in members(agency_id=agency_id, today=day)
        if one.roles & {"unit_head", "auditor"} and one.id != secretary.person_id
    ]  # fmt: skip
    for place, person_id in enumerate([secretary.person_id, *(one.id for one in heads[:3])]):
        given = date(day.year - 1, 4, 15)
        services.qualification_add(
            actor=secretary, now=at,
            values=QualificationValues(
                person_id, "auditor" if place else "lead", COURSE, GIVEN_BY, given,
                date(day.year + 2, 4, 14), number=f"{118 + place}/ĐGNB",
            ),
        )  # fmt: skip


def _planned(secretary: Actor, agency_id: int, at: datetime, now: datetime) -> list[tuple[int, datetime]]:  # fmt: skip
    """Make a session for each need: the first in spring, the second soon."""
    page = queries.training_page(agency_id=agency_id, year=at.year, today=local(at).date())
    days = [at + timedelta(days=50), min(now + timedelta(days=12), at.replace(month=12, day=20))]
    calendar, made = calendar_for(agency_id), []
    for need, day in zip(page.needs, days, strict=False):
        starts_at = local(day).replace(hour=8, minute=0, second=0, microsecond=0)
        while not calendar.is_working_day(starts_at.date()):
            starts_at += timedelta(days=1)
        one = services.session_add(
            actor=secretary, now=at + timedelta(hours=1), need_ids=[need.id],
            values=SessionValues(
                need.title, starts_at, Decimal(4), secretary.person_id,
                tuple(person for person, _ in need.people), trainer=GIVEN_BY, place="Hội trường",
            ),
        )  # fmt: skip
        made.append((one, starts_at))
    return made


def _held(actor: Any, sessions: list[tuple[int, datetime]], now: datetime) -> None:
    """Hold what is past, and have its effect judged by somebody who was not there."""
    for session_id, starts_at in sessions:
        ended = starts_at + timedelta(hours=4)
        if ended >= now:
            continue
        secretary = actor("iso_secretary", ended)
        page = queries.session_page(
            actor=secretary, session_id=session_id, today=local(ended).date()
        )
        there = [one.person_id for one in page.people]
        services.session_hold(
            actor=secretary, session_id=session_id, present_ids=there, effect_on=None, now=ended
        )
        judged = ended + timedelta(days=62)
        judge = actor("leader", judged)
        if judged < now and judge.person_id not in there:
            services.session_judge(
                actor=judge, session_id=session_id, worked=True, now=judged,
                note="Hai tháng sau tập huấn: hồ sơ phải bổ sung giảm, không có lời phàn nàn về hướng dẫn.",
            )  # fmt: skip
