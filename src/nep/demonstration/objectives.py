"""The objectives of the year: proposed, approved in January, measured; next year's copied."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from nep.apps.organization.rules import Actor
from nep.apps.planning import services
from nep.apps.planning.queries import (
    ObjectiveLine,
    PeriodLine,
    objectives_list,
    objectives_page,
    starters,
)
from nep.apps.planning.rules import measuring
from nep.demonstration.procedures import actor_with
from nep.demonstration.year import beginning_of
from nep.kernel.vietnamese import local

CAUSES = {
    "cases.on_time": (
        "Hai người cùng nghỉ phép vào tuần cao điểm, hồ sơ dồn ở bước thẩm định.",
        "Xếp lịch nghỉ của bước thẩm định, không để trống quá một người",
    ),
    "cases.supplemented": (
        "Tờ khai mẫu cũ còn ở quầy nên người nộp ghi thiếu mục.",
        "Thay tờ khai ở quầy, dán bản ghi sẵn ví dụ",
    ),
}
ANY_CAUSE = (
    "Kỳ này chưa có người theo dõi số liệu hằng tuần.",
    "Giao một người xem số liệu mỗi tuần",
)
TRAINED = "Công chức tham gia giải quyết thủ tục được tập huấn quy trình mới"


def build_objectives(agency: dict[str, Any], *, agency_id: int, now: datetime) -> None:
    """Give an agency this year's objectives with their series, and next year's to be confirmed."""
    since, year = beginning_of(now), local(now).year
    at = max(now.replace(month=1, day=12, hour=9, minute=0), since + timedelta(days=2))
    if at >= now:
        return

    def actor(role: str, moment: datetime) -> Actor:
        return actor_with(agency, role, agency_id=agency_id, now=moment)

    secretary, head = actor("iso_secretary", at), actor("unit_head", at)
    keys = [one.key for one in starters(agency["kind"]) if one.measure]
    services.objectives_start(actor=secretary, year=year, keys=keys, now=at)
    services.objective_propose(
        actor=head, year=year, now=at + timedelta(hours=2), values=_by_hand(head)
    )
    page = objectives_page(agency_id=agency_id, year=year, today=local(at).date())
    list_id = services.objectives_gather(
        actor=secretary, year=year, now=at + timedelta(hours=5),
        objective_ids=[one.id for one in page.proposed],
    )  # fmt: skip
    signed = at + timedelta(days=1)
    leader = actor("leader", signed)
    sheet = objectives_list(actor=leader, list_id=list_id)
    services.objectives_approve(actor=leader, list_id=list_id, sha256=sheet.sha256, now=signed)
    services.objectives_measure(now=now, agency_ids=[agency_id])
    page = objectives_page(agency_id=agency_id, year=year, today=local(now).date())
    for line in page.lines:
        if line.is_automatic:
            _explain(line, actor("iso_secretary", now), now)
        else:
            _record(line, actor("unit_head", now), now)
    if local(now).month >= 11:
        services.objectives_copy(actor=actor("iso_secretary", now), year=year, now=now)


def _by_hand(head: Actor) -> services.ObjectiveValues:
    return services.ObjectiveValues(
        title=TRAINED, target=Decimal(100), frequency=measuring.HALF, whole=measuring.LAST,
        method="Số người đã đọc hoặc dự tập huấn chia cho số người phải dự, tính đến cuối kỳ",
        owner_id=head.person_id, unit_id=min(head.unit_ids),
    )  # fmt: skip


def _record(line: ObjectiveLine, owner: Actor, now: datetime) -> None:
    """Write what the first half of the year came to, a few days after it."""
    first = line.periods[0]
    if first.has_ended:
        services.value_record(
            actor=owner, objective_id=line.id, starts_on=first.starts_on, value=Decimal(100),
            evidence="Danh sách dự tập huấn tháng 3 và tháng 6: 18 người phải dự, đủ 18.", now=now,
        )  # fmt: skip


def _explain(line: ObjectiveLine, secretary: Actor, now: datetime) -> None:
    """Tell why periods missed the target, all but the last one."""
    missed: list[PeriodLine] = [one for one in line.periods if one.needs_cause]
    cause, doing = CAUSES.get(line.measure, ANY_CAUSE)
    due_on: date = local(now).date() + timedelta(days=20)
    for place, period in enumerate(missed[:-1] if len(missed) > 1 else missed):
        services.value_explain(
            actor=secretary, objective_id=line.id, starts_on=period.starts_on, cause=cause,
            act=None if place else services.Act(doing, secretary.person_id, due_on), now=now,
        )  # fmt: skip
