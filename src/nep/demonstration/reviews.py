"""The yearly management review of an agency: prepared, held, approved, its decisions followed."""

from datetime import date, datetime, timedelta
from typing import Any

from nep.apps.actions import services as actions
from nep.apps.actions.queries import of_origin
from nep.apps.organization.rules import Actor
from nep.apps.reviews import services
from nep.apps.reviews.queries import review_page, start_values
from nep.apps.reviews.rules.life import Decided, Minutes
from nep.apps.reviews.services import ReviewPlan
from nep.demonstration.procedures import actor_with
from nep.kernel.vietnamese import local

PREPARED, HELD, APPROVED, DONE = 27, 20, 19, 6
SHORTEST = timedelta(days=60)


def build_reviews(agency: dict[str, Any], *, agency_id: int, now: datetime) -> None:
    """Give an agency an approved review with one decision done and two on their way."""

    def people(role: str, at: datetime) -> Actor:
        return actor_with(agency, role, agency_id=agency_id, now=at)

    begun, held, signed, done = (now - timedelta(days=n) for n in (PREPARED, HELD, APPROVED, DONE))
    secretary = people("iso_secretary", begun)
    head = people("unit_head", begun)
    reception = people("reception", begun)
    review_id = _prepared(secretary, begun, held)
    services.review_remark(
        actor=secretary, review_id=review_id, now=begun + timedelta(hours=1),
        remarks={"processes": "Hồ sơ dồn vào sáng thứ Hai; chậm nhất là bước thẩm định."},
    )  # fmt: skip
    page = review_page(actor=secretary, review_id=review_id, today=local(begun).date())
    services.review_write(
        actor=people("iso_secretary", held), review_id=review_id, now=held,
        minutes=_minutes(head, reception, frozenset(one.person_id for one in page.participants),
                         local(held).date()),
    )  # fmt: skip
    leader = people("leader", signed)
    page = review_page(actor=leader, review_id=review_id, today=local(signed).date())
    services.review_approve(
        actor=leader, review_id=review_id, read_hash=page.minutes_hash, now=signed
    )
    services.review_deposit(actor=leader, review_id=review_id, now=signed)
    _first_done(people, review_id, agency_id, done)


def _prepared(secretary: Actor, begun: datetime, held: datetime) -> int:
    today = local(begun).date()
    start = start_values(actor=secretary, edition="2015", today=today)
    since = date(today.year, 1, 1)
    if today - since < SHORTEST:
        since = date(today.year - 1, 1, 1)
    return services.review_prepare(
        actor=secretary, edition="2015", starts_on=since, ends_on=today, now=begun,
        plan=ReviewPlan(
            meets_on=local(held).date(), chair_id=start.chair_id or 0, people=start.people,
            meets_at="08:00", place=start.place, agenda=start.agenda,
        ),
    )  # fmt: skip


def _minutes(head: Actor, reception: Actor, present: frozenset[int], held_on: date) -> Minutes:
    return Minutes(
        held_on=held_on, present=present, verdict="partly",
        conclusion="Hệ thống giữ được nền nếp; còn dồn hồ sơ đầu tuần và vài quy trình phải bổ sung hồ "
        "sơ nhiều lần.",
        outputs={
            "improve": "Hướng dẫn người dân chuẩn bị hồ sơ bằng tờ rơi có ảnh ở quầy.",
            "system": "Rà soát các quy trình có nhiều hồ sơ phải bổ sung.",
        },
        nothing_else=True,
        decisions=(
            Decided("Bố trí thêm một người ở quầy tiếp nhận vào sáng thứ Hai", head.person_id,
                    held_on + timedelta(days=15), "resources"),
            Decided("Làm tờ rơi hướng dẫn chuẩn bị hồ sơ cho ba thủ tục có nhiều người nộp",
                    reception.person_id, held_on + timedelta(days=45), "improve"),
            Decided("Rà soát hai quy trình có nhiều hồ sơ phải bổ sung nhất", head.person_id,
                    held_on + timedelta(days=60), "system"),
        ),
    )  # fmt: skip


def _first_done(people: Any, review_id: int, agency_id: int, at: datetime) -> None:
    """Report the first decision as done, and have the secretary check it."""
    first = of_origin(agency_id=agency_id, kind="review", ids=[review_id], today=local(at).date())[
        0
    ]
    actions.action_done(
        actor=people("unit_head", at), action_id=first.id, now=at,
        evidence="Lịch trực quầy mới áp dụng từ thứ Hai tuần này; thời gian chờ giảm còn khoảng 20 phút.",
    )  # fmt: skip
    actions.action_check(
        actor=people("iso_secretary", at), action_id=first.id, accepted=True,
        note="Đã xem lịch trực.", now=at + timedelta(hours=2),
    )  # fmt: skip
