"""The evidence pack: its points, its states, its manifest; pure.

Source: Thông tư 26/2014/TT-BKHCN Điều 36 khoản 1 (seven points on the standard), khoản 2 (six points
on Quyết định 19/2014/QĐ-TTg).
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from nep.kernel.decisions import ALLOWED, Decision, Refused
from nep.kernel.text import fold

FORMAT = "nep-goi-bang-chung/1"
INDEX_HTML, INDEX_PDF = "00-muc-luc.html", "00-muc-luc.pdf"
INDEX_STYLE = "00-muc-luc.css"
MANIFEST, CHECKER = "manifest.json", "kiem_tra.py"
BUILDING, DONE, FAILED = "building", "done", "failed"
STATE_NAMES: dict[str, str] = {
    BUILDING: "Đang gom bằng chứng",
    DONE: "Đã xong",
    FAILED: "Không lập được",
}
ENDINGS: dict[str, str] = {"docx": "Word", "xlsx": "Excel", "jpg": "ảnh", "png": "ảnh"}
MOST_WORDS = 4000
_LONGEST = 90


@dataclass(frozen=True, slots=True)
class Point:
    """One point an inspection looks at."""

    key: str
    number: str
    folder: str
    title: str


@dataclass(frozen=True, slots=True)
class Points:
    """All points in the order of the law, with their source and mark."""

    source: str
    verified: str
    points: tuple[Point, ...]

    def of(self, key: str) -> Point:
        """Return the point of a key."""
        return next(one for one in self.points if one.key == key)


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a pack: where it lies, what it is, its hash; size in bytes."""

    point: str
    path: str
    title: str
    sha256: str
    size: int

    @property
    def ending(self) -> str:
        """Return what kind of file it is, as people call it."""
        ending = self.path.rpartition(".")[2]
        return ENDINGS.get(ending, ending.upper())


@dataclass(frozen=True, slots=True)
class Head:
    """Of whom, of which days, by whom, when a pack was made."""

    agency: str
    code: str
    year: int
    starts_on: date
    ends_on: date
    made_by: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What a point tells in place of a file, and why."""

    point: str
    title: str
    why: str


@dataclass(frozen=True, slots=True)
class Said:
    """What a pack says beside its files: the agency's words by point, and what is left out."""

    statements: Mapping[str, str]
    left_out: tuple[LeftOut, ...] = ()

    def without(self, point: str) -> tuple[LeftOut, ...]:
        """Return what a point leaves out."""
        return tuple(one for one in self.left_out if one.point == point)


def read_points(values: Mapping[str, Any]) -> Points:
    """Return the points of the shipped file."""
    return Points(
        values["source"], values["verified"], tuple(Point(**one) for one in values["points"])
    )


def file_path(
    point: Point, title: str, ending: str, taken: Collection[str] = (), *, folder: str = ""
) -> str:
    """Return where a file lies in a pack: plain letters, no two alike."""
    place = f"{point.folder}/{folder}" if folder else point.folder
    name = re.sub(r"[^a-z0-9]+", "-", fold(title)).strip("-")[:_LONGEST].rstrip("-") or "tep"
    found, count = f"{place}/{name}.{ending}", 1
    while found in taken:
        count += 1
        found = f"{place}/{name}-{count}.{ending}"
    return found


def decide_start(*, year: int, first_year: int, today: date, is_building: bool) -> Decision:
    """Decide whether a pack of a year may be made now."""
    if is_building:
        return Refused(
            "pack_building", "Đang có một gói được lập. Hãy chờ gói ấy xong rồi lập gói khác."
        )
    if not first_year <= year <= today.year:
        return Refused("pack_year", "Hãy chọn một năm cơ quan đã hoạt động.", field="year")
    return ALLOWED


def days_of(year: int, today: date) -> tuple[date, date]:
    """Return the first and the last day a pack of a year tells of."""
    return date(year, 1, 1), min(date(year, 12, 31), today)


def manifest(head: Head, points: Points, said: Said, entries: Sequence[Entry]) -> dict[str, Any]:
    """Return what a pack says of itself: every file with its hash, and what is left out, by point."""
    return {
        "format": FORMAT,
        "agency": head.agency,
        "code": head.code,
        "year": head.year,
        "starts_on": head.starts_on.isoformat(),
        "ends_on": head.ends_on.isoformat(),
        "made_by": head.made_by,
        "made_at": head.made_at.isoformat(timespec="seconds"),
        "basis": points.source,
        "points": [
            {
                "number": one.number,
                "title": one.title,
                "folder": one.folder,
                "statement": said.statements.get(one.key, ""),
                "files": sum(entry.point == one.key for entry in entries),
                "left_out": [
                    {"title": left.title, "why": left.why} for left in said.without(one.key)
                ],
            }
            for one in points.points
        ],
        "files": [asdict(entry) for entry in entries],
    }


def headline(*, count: int, building: bool) -> str:
    """Return the answer of the list in words."""
    if building:
        return "Đang lập một gói bằng chứng"
    return f"{count} gói bằng chứng đã lập" if count else "Chưa lập gói bằng chứng nào"
