"""With which values a new review is offered: the last one's, or the usual ones."""

from dataclasses import dataclass
from datetime import date, timedelta

from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.apps.reviews.models import Review
from nep.apps.reviews.rules import life
from nep.apps.workcal import queries as workcal
from nep.kernel.text import fold

AHEAD_DAYS = 7
USUAL_ROLES = ("leader", "qmr", "iso_secretary", "unit_head")
AGENDA = (
    "Xem việc đã giao ở lần xem xét trước",
    "Nghe báo cáo đầu vào, trao đổi từng mục",
    "Kết luận về hệ thống, cơ hội cải tiến, nguồn lực; giao việc",
)


@dataclass(frozen=True, slots=True)
class StartValues:
    """What a new review's form holds at first; `copied_from` names the review it follows."""

    edition: str
    starts_on: date
    ends_on: date
    meets_on: date
    meets_at: str
    place: str
    agenda: tuple[str, ...]
    chair_id: int | None
    people: tuple[int, ...]
    copied_from: str
    leaders: tuple[tuple[int, str], ...]
    members: tuple[tuple[int, str], ...]


def start_values(*, actor: Actor, edition: str, today: date) -> StartValues:
    """Return the values a new review starts with: agenda, place and people of the last one that
    still work here, else the leaders, the ISO secretary and the heads of units."""
    last = (
        Review.objects.filter(agency_id=actor.agency_id, state__in=life.DONE)
        .order_by("-held_on", "-id")
        .first()
    )
    members = organization.members(agency_id=actor.agency_id, today=today)
    leaders = [one for one in members if "leader" in one.roles]
    usual = [one.id for one in members if one.roles & set(USUAL_ROLES)]
    known = {one.id for one in members}
    if last is not None:
        called = last.participants.order_by("id").values_list("person_id", flat=True)
        usual = [id_ for id_ in called if id_ in known]
    chair = next((one.id for one in leaders if last and one.id == last.chair_id), None)
    return StartValues(
        edition=edition, starts_on=_start(last, today), ends_on=today,
        meets_on=_meeting_day(actor.agency_id, today), meets_at=last.meets_at if last else "08:00",
        place=last.place if last else "Phòng họp cơ quan",
        agenda=tuple(last.agenda) if last else AGENDA,
        chair_id=chair or _head(leaders), people=tuple(usual),
        copied_from=f"XX {last.number:02d}/{last.year}" if last else "",
        leaders=tuple((one.id, _named(one)) for one in leaders),
        members=tuple((one.id, _named(one)) for one in members),
    )  # fmt: skip


def _head(leaders: list[organization.Member]) -> int | None:
    """Return who most likely takes the chair: a leader who is no deputy by the name of the post."""
    first = sorted(leaders, key=lambda one: fold(one.position).startswith("pho "))
    return first[0].id if first else None


def _start(last: Review | None, today: date) -> date:
    begun = date(today.year, 1, 1) if today > date(today.year, 1, 1) else date(today.year - 1, 1, 1)
    if last is None:
        return begun
    after = last.ends_on + timedelta(days=1)
    return after if after < today else begun


def _meeting_day(agency_id: int, today: date) -> date:
    ahead = today + timedelta(days=AHEAD_DAYS)
    return workcal.working_day_from(agency_id=agency_id, day=ahead)


def _named(one: organization.Member) -> str:
    return ", ".join(filter(None, (one.name, one.position or "".join(one.units[:1]))))
