"""Who sees, takes and hands over a work item; how urgent it is."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from nep.apps.organization.rules import Actor, acts_for, leads_unit, may, wears
from nep.kernel.decisions import ALLOWED, Decision, Refused
from nep.kernel.vietnamese import local, time_text

KIND_NAMES: dict[str, str] = {
    "case": "Hồ sơ",
    "procedure": "Quy trình",
    "document": "Tài liệu",
    "reading": "Cần đọc",
    "record": "Hồ sơ lưu",
    "action": "Hành động",
    "improvement": "Cải tiến",
    "audit": "Đánh giá",
    "risk": "Rủi ro",
    "objective": "Mục tiêu",
    "review": "Xem xét",
    "declaration": "Công bố",
    "year": "Năm ISO",
}
# Only their own person can do these: they keep nobody from leaving, and their app reminds of them.
PERSONAL_KINDS = frozenset({"reading"})
LATE, TODAY, WEEK, LATER, PAUSED = "late", "today", "week", "later", "paused"
WAITING = "waiting"
GROUP_NAMES: dict[str, str] = {
    LATE: "Quá hạn",
    TODAY: "Hạn hôm nay",
    WEEK: "Trong tuần này",
    LATER: "Sau đó",
    PAUSED: "Tạm dừng",
    WAITING: "Đơn vị bạn, chưa ai nhận",
}
MINIMUM_REASON = 5
# What a pleat keeps in place of a percent: (percent drawn, state) of a fold that is not just done.
UNDONE: dict[int, tuple[int, str]] = {-1: (0, "now"), -2: (0, "next"), 101: (100, "late")}


@dataclass(frozen=True, slots=True)
class Holding:
    """Who holds an item, as far as rules need it."""

    agency_id: int
    person_id: int | None
    unit_id: int | None
    role: str
    is_open: bool


def may_see_item(actor: Actor, item: Holding) -> Decision:
    """Decide whether the item's line may be seen: its holder, its role, or who leads the unit."""
    if item.agency_id != actor.agency_id:
        return Refused("not_found", "Không tìm thấy việc này trong cơ quan của bạn.")
    if item.person_id == actor.person_id or holds_role(actor, item):
        return ALLOWED
    if may(actor, "case.manage") and leads_unit(actor, unit_id=item.unit_id):
        return ALLOWED
    return Refused("not_found", "Không tìm thấy việc này trong danh sách của bạn.")


def holds_role(actor: Actor, item: Holding) -> bool:
    """Say whether the actor wears the hat the item is meant for today."""
    return wears(actor, unit_id=item.unit_id, role=item.role) is not None


def replaces(actor: Actor, item: Holding) -> bool:
    """Say whether the actor acts for the item's holder by delegation today."""
    lent = acts_for(actor, person_id=item.person_id, unit_id=item.unit_id, role=item.role)
    return lent is not None


def may_act_on(actor: Actor, item: Holding) -> Decision:
    """Decide whether the actor may do the work of an item: its holder, who acts for the holder by
    delegation, or anyone of its role while nobody has taken it."""
    if item.agency_id != actor.agency_id:
        return Refused("not_found", "Không tìm thấy việc này trong cơ quan của bạn.")
    if item.person_id == actor.person_id or replaces(actor, item):
        return ALLOWED
    if item.person_id is None and holds_role(actor, item):
        return ALLOWED
    if item.person_id is None:
        return Refused("not_your_role", "Việc này chờ người giữ vai trò khác với vai trò của bạn.")
    return Refused("not_your_item", "Việc này đang do người khác giữ.")


def decide_claim(actor: Actor, item: Holding) -> Decision:
    """Decide whether the actor may take an item that nobody has taken yet."""
    if not item.is_open:
        return Refused("item_closed", "Việc này đã xong. Danh sách sẽ được làm mới.")
    if item.person_id is not None:
        return Refused("item_taken", "Việc này đã có người nhận. Danh sách sẽ được làm mới.")
    if not holds_role(actor, item):
        return Refused("not_your_role", "Việc này chờ người giữ vai trò khác với vai trò của bạn.")
    return ALLOWED


def decide_hand_over(
    actor: Actor, item: Holding, *, receiver_id: int, receiver_fits: bool, reason: str
) -> Decision:
    """Decide whether an item may go to another person.

    Its holder may, and who leads the unit or the agency. The receiver must hold the item's role
    today, and a reason is always asked for.
    """
    if not item.is_open:
        return Refused("item_closed", "Việc này đã xong nên không bàn giao được.")
    is_manager = bool(may(actor, "case.manage")) and leads_unit(actor, unit_id=item.unit_id)
    is_holder = item.person_id == actor.person_id or replaces(actor, item)
    if not is_holder and not is_manager:
        return Refused(
            "not_your_item",
            "Chỉ người đang giữ việc, trưởng đơn vị hoặc lãnh đạo mới bàn giao được việc này.",
        )
    if receiver_id == item.person_id:
        return Refused(
            "same_holder", "Người này đang giữ việc. Hãy chọn người khác.", field="receiver"
        )
    if not receiver_fits:
        return Refused(
            "receiver_unfit",
            "Người được chọn hôm nay không giữ vai trò của bước này. Hãy chọn người trong danh "
            "sách.",
            field="receiver",
        )
    if len(reason.strip()) < MINIMUM_REASON:
        return Refused(
            "reason_missing",
            "Chưa có lý do. Ghi một câu để người nhận hiểu việc.",
            field="reason",
        )
    return ALLOWED


def group_bounds(now: datetime) -> tuple[datetime, datetime]:
    """Return the end of today and the end of this week (Sunday), on Vietnam's clock."""
    here = local(now)
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = midnight + timedelta(days=1)
    return tomorrow, midnight + timedelta(days=7 - here.weekday())


def group_of(*, now: datetime, due_at: datetime | None, paused: bool) -> str:
    """Return the group of the list in which an item stands."""
    if paused:
        return PAUSED
    if due_at is None:
        return LATER
    if due_at < now:
        return LATE
    tomorrow, next_week = group_bounds(now)
    if due_at < tomorrow:
        return TODAY
    return WEEK if due_at < next_week else LATER


NO_DUE, ON_PAUSE = 0, -1


class Place(NamedTuple):
    """Where the counts hold an open item: unit and person (0 for none), role, kind, due day."""

    unit_id: int
    person_id: int
    role: str
    kind: str
    day: int

    @property
    def text(self) -> str:
        """Return the place as one text, which `place_of_text` reads."""
        return f"{self.unit_id}|{self.person_id}|{self.role}|{self.kind}|{self.day}"

    @property
    def lists(self) -> tuple[tuple[str, int], ...]:
        """Return the lists that count the item, as (scope, owner)."""
        own = (
            ("p", self.person_id) if self.person_id else (f"{ROLE_SCOPE}{self.role}", self.unit_id)
        )
        return (("a", 0), ("u", self.unit_id), own)


ROLE_SCOPE = "r:"


def place_of_text(text: str) -> Place | None:
    """Return the place a text names; None of an empty one."""
    if not text:
        return None
    unit_id, person_id, role, kind, day = text.split("|")
    return Place(int(unit_id), int(person_id), role, kind, int(day))


def place_of(
    *,
    is_open: bool,
    unit_id: int | None,
    person_id: int | None,
    role: str,
    kind: str,
    due_at: datetime | None,
    paused: bool,
) -> Place | None:
    """Return where the counts are to hold an item; None once it is closed."""
    if not is_open:
        return None
    day = ON_PAUSE if paused else NO_DUE if due_at is None else day_number(local(due_at).date())
    return Place(unit_id or 0, person_id or 0, role, kind, day)


def day_number(day: date) -> int:
    """Return a day as 20261121."""
    return day.year * 10_000 + day.month * 100 + day.day


def day_of_number(number: int) -> date:
    """Return the day of 20261121."""
    return date(number // 10_000, number // 100 % 100, number % 100)


def group_of_day(*, day: int, today: date) -> str:
    """Return the group of a due day; today's items that are late already are told apart later."""
    if day == ON_PAUSE:
        return PAUSED
    if day == NO_DUE:
        return LATER
    if day < day_number(today):
        return LATE
    if day == day_number(today):
        return TODAY
    sunday = today + timedelta(days=6 - today.weekday())
    return WEEK if day <= day_number(sunday) else LATER


def headline(*, open_count: int, late: int, today: int, unclaimed: int) -> str:
    """Return the page's first line: the answer, not a name."""
    if not open_count:
        if unclaimed:
            return f"{unclaimed} việc của đơn vị đang chờ người nhận"
        return "Hôm nay bạn không còn việc nào"
    text = f"{open_count} việc đang chờ bạn"
    if late:
        return f"{text}, {late} việc đã quá hạn"
    if today:
        return f"{text}, {today} việc hạn hôm nay"
    return f"{text}, chưa việc nào quá hạn"


def notice_key(stage: str, on: date) -> str:
    """Return the key under which reminders of one stage and day become one line."""
    return f"remind:{stage}:{on.isoformat()}"


OF_AWAY = "vang-"  # before a stage: work of who is away, told to who can hand it over


def notice_text(stage: str, count: int) -> str:
    """Return the words of a bundled reminder."""
    whose = "của người vắng mặt" if stage.startswith(OF_AWAY) else "của bạn"
    when = "vừa quá hạn" if stage.endswith("qua") else "sắp đến hạn"
    return f"{count} việc {whose} {when}"


OWN, UNIT, AGENCY = "toi", "don-vi", "co-quan"
SCOPE_NAMES: dict[str, str] = {OWN: "Của tôi", UNIT: "Của đơn vị", AGENCY: "Của cơ quan"}
MOST_ASSIGNED = 500
UNDO_HOURS = 24


def led_units(actor: Actor) -> tuple[int, ...]:
    """Return the units the actor heads today, own ones and lent ones."""
    return tuple(sorted({h.unit_id for h in actor.hats if h.role == "unit_head" and h.unit_id}))


def may_see_list(actor: Actor, *, scope: str, unit_id: int | None = None) -> Decision:
    """Decide whether the actor may see a list: their own, a unit's they lead, or the agency's."""
    if scope == OWN:
        return ALLOWED
    allowed = may(actor, "case.manage")
    if not allowed:
        return allowed
    if leads_unit(actor, unit_id=unit_id if scope == UNIT else None):
        return ALLOWED
    return Refused("not_found", "Không có danh sách này cho bạn xem.")


def decide_assignment(*, count: int, reason: str) -> Decision:
    """Decide whether so many items may be given to one person at once."""
    if not count:
        return Refused("items_missing", "Chưa chọn việc nào. Hãy đánh dấu việc cần giao.")
    if count > MOST_ASSIGNED:
        return Refused(
            "items_many", f"Mỗi lần giao tối đa {MOST_ASSIGNED} việc. Hãy lọc bớt rồi giao tiếp."
        )
    if len(reason.strip()) < MINIMUM_REASON:
        return Refused(
            "reason_missing", "Chưa có lý do. Ghi một câu để người nhận hiểu việc.", field="reason"
        )
    return ALLOWED


def decide_undo(*, is_undone: bool, is_late: bool) -> Decision:
    """Decide whether an assignment may be taken back: once, and within a day."""
    if is_undone:
        return Refused("undo_twice", "Lần giao này đã được hoàn tác rồi.")
    if is_late:
        return Refused(
            "undo_late",
            f"Chỉ hoàn tác được trong {UNDO_HOURS} giờ sau khi giao. Hãy bàn giao từng việc, hoặc "
            "giao lại từ danh sách.",
        )
    return ALLOWED


def decide_filter_name(*, name: str, query: str, count: int) -> Decision:
    """Decide whether a filter may be kept under a name; a person keeps thirty at most."""
    if not name.strip():
        return Refused("name_missing", "Hãy đặt tên cho bộ lọc.", field="name")
    if not query:
        return Refused("filter_empty", "Chưa lọc gì để lưu. Hãy chọn ít nhất một điều kiện.")
    if count >= MOST_FILTERS:
        return Refused("filters_many", f"Đã lưu {MOST_FILTERS} bộ lọc. Hãy xóa bớt bộ lọc cũ.")
    return ALLOWED


MOST_FILTERS = 30


def reason_next(
    *, late: bool, percent: int | None, after: int | None, due_at: datetime, now: datetime
) -> str:
    """Return in one sentence why an item stands where it does in what to do next."""
    if late:
        return "Bước này đã quá hạn."
    if percent is not None and after is not None and percent - after >= 1:
        return f"Làm xong bước này bây giờ, khả năng trễ của hồ sơ giảm từ {percent}% còn {after}%."
    days = (local(due_at).date() - local(now).date()).days
    when = "hôm nay" if days == 0 else "ngày mai" if days == 1 else f"ngày {local(due_at):%d/%m}"
    return f"Xếp theo hạn: đến hạn lúc {time_text(due_at)} {when}."
