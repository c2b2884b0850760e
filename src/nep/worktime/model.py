"""What working time is made of: office hours, exceptional days, pauses, limits."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Unit = Literal["working_hour", "working_day", "calendar_day"]
UNITS: tuple[Unit, ...] = ("working_hour", "working_day", "calendar_day")
UNIT_NAMES: dict[str, str] = {
    "working_hour": "giờ làm việc",
    "working_day": "ngày làm việc",
    "calendar_day": "ngày",
}
HOURS_PER_DAY = 8  # for sums, export and fractions of a working day only; never converts a limit

DayKind = Literal["holiday", "swap_off", "swap_work", "half_day", "closure", "hours"]
DAY_KIND_NAMES: dict[str, str] = {
    "holiday": "nghỉ lễ, tết",
    "swap_off": "nghỉ hoán đổi",
    "swap_work": "làm bù",
    "half_day": "làm nửa ngày",
    "closure": "đóng cửa",
    "hours": "giờ riêng",
}

PauseKind = Literal["supplement", "agency", "payment", "force_majeure"]
PAUSE_NAMES: dict[str, str] = {
    "supplement": "chờ người nộp bổ sung hồ sơ",
    "agency": "chờ cơ quan khác",
    "payment": "chờ thực hiện nghĩa vụ tài chính",
    "force_majeure": "bất khả kháng",
}
Policy = Literal["stop", "restart", "none"]
POLICY_NAMES: dict[str, str] = {
    "stop": "dừng rồi tính tiếp",
    "restart": "tính lại từ đầu",
    "none": "vẫn tính",
}


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A stretch of office hours, in minutes of the day; `end` does not belong to it."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= 1440:
            raise ValueError(f"not a stretch of a day: {self.start}–{self.end}")


@dataclass(frozen=True, slots=True)
class DayRule:
    """One day that differs from its weekday. `slots` None: the kind decides (off, or weekday's).

    `notice` is the number of the official notice; `verified` is False for days that only the
    general rule of law gives ("dự kiến") or whose notice was not seen ("chưa xác minh").
    """

    on: date
    kind: DayKind
    name: str
    notice: str = ""
    verified: bool = True
    slots: tuple[Slot, ...] | None = None


@dataclass(frozen=True, slots=True)
class CalendarSpec:
    """A working calendar as data: weekly hours (Monday first) and exceptional days.

    `noticed_years` are the years whose days off an official notice has fixed; every due date that
    touches another year is an estimate.
    """

    version: str
    weekly: tuple[tuple[Slot, ...], ...]
    days: tuple[DayRule, ...]
    noticed_years: frozenset[int]
    first_year: int
    last_year: int


@dataclass(frozen=True, slots=True)
class Pause:
    """A typed pause; an open one has no end. `charged` names who bears it in the statistics."""

    kind: PauseKind
    policy: Policy
    start: datetime
    end: datetime | None = None
    charged: str = ""


OFFICE_HOURS: tuple[tuple[Slot, ...], ...] = (
    *((Slot(7 * 60 + 30, 11 * 60 + 30), Slot(13 * 60 + 30, 17 * 60 + 30)),) * 5,
    (),
    (),
)
