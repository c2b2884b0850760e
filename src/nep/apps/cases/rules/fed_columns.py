"""Which column of another system's file means what, and what a row says. Pure.

Source: the field names of the synchronisation with Cổng Dịch vụ công quốc gia (MaHoSo, MaTTHC,
NguoiXuLy, ThoiDiemXuLy, TrangThai …) and the heads that one-stop systems write into their files.
"""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from nep.apps.cases.rules.fed_moments import read_moment
from nep.kernel.text import clean, fold, likeness
from nep.kernel.vietnamese import VN

FIELD_NAMES: dict[str, str] = {
    "case": "Mã hồ sơ",
    "tthc": "Thủ tục (mã hoặc tên)",
    "step": "Bước hoặc việc đã làm",
    "status": "Trạng thái",
    "actor": "Người xử lý",
    "start": "Bắt đầu",
    "end": "Kết thúc",
    "received": "Ngày tiếp nhận",
    "due": "Ngày hẹn trả",
    "note": "Ghi chú, lý do",
    "variant": "Trường hợp hoặc mã quy trình",
    "role": "Chức danh, phòng xử lý",
    "due_new": "Ngày hẹn trả mới",
    "record": "Số thứ tự bản ghi",
}
REQUIRED = ("case",)
_HEADS: dict[str, tuple[str, ...]] = {
    "case": (
        "ma ho so",
        "mahoso",
        "so ho so",
        "so bien nhan",
        "case",
        "case id",
        "caseid",
        "case concept name",
        "ma bien nhan",
    ),
    "tthc": (
        "thu tuc",
        "ma tthc",
        "matthc",
        "ten tthc",
        "tentthc",
        "ma thu tuc",
        "ten thu tuc",
        "thu tuc hanh chinh",
        "ten thu tuc hanh chinh",
        "ma thu tuc hanh chinh",
        "tthc",
        "procedure",
    ),
    "step": (
        "buoc",
        "ten buoc",
        "buoc xu ly",
        "cong viec",
        "viec",
        "noi dung xu ly",
        "noidungxuly",
        "cong doan",
        "quy trinh buoc",
        "activity",
        "concept name",
        "step",
        "buoc thuc hien",
    ),
    "status": (
        "trang thai",
        "trangthai",
        "trang thai ho so",
        "trangthaihoso",
        "tinh trang",
        "status",
        "lifecycle",
        "tinh trang ho so",
    ),
    "actor": (
        "nguoi xu ly",
        "nguoixuly",
        "can bo",
        "can bo xu ly",
        "nguoi thuc hien",
        "nguoi giai quyet",
        "chuyen vien",
        "resource",
        "org resource",
        "actor",
        "user",
        "can bo thu ly",
    ),
    "start": (
        "bat dau",
        "ngay bat dau",
        "ngaybatdau",
        "thoi gian bat dau",
        "tu ngay",
        "thoi gian nhan",
        "ngay nhan",
        "nhan luc",
        "start",
        "start time",
        "start timestamp",
        "time start",
    ),
    "end": (
        "ket thuc",
        "ngay ket thuc",
        "thoi gian ket thuc",
        "den ngay",
        "thoi diem xu ly",
        "thoidiemxuly",
        "hoan thanh",
        "ngay hoan thanh",
        "thoi gian hoan thanh",
        "thoi gian xu ly",
        "end",
        "end time",
        "time timestamp",
        "complete timestamp",
        "timestamp",
        "ngay xu ly",
    ),
    "received": (
        "ngay tiep nhan",
        "ngaytiepnhan",
        "thoi gian tiep nhan",
        "tiep nhan luc",
        "received",
        "ngay nop",
    ),
    "due": ("ngay hen tra", "ngayhentra", "hen tra", "han tra", "thoi gian hen tra", "due"),
    "note": ("ghi chu", "ly do", "noi dung", "note", "y kien"),
    "variant": (
        "ma quy trinh",
        "truong hop",
        "quy trinh",
        "so hieu quy trinh",
        "ma qt",
        "variant",
    ),
    "role": (
        "chuc danh",
        "chucdanh",
        "phong ban xu ly",
        "phongbanxuly",
        "chuc vu",
        "vai tro",
        "chuc danh phong xu ly",
        "org role",
        "org group",
    ),
    "due_new": ("ngay hen tra moi", "ngayhentramoi", "hen tra moi", "hen lai ngay tra"),
    "record": ("so thu tu ban ghi",),
}
_EXACT = frozenset({"role", "due_new", "record"})  # never guessed from a head that is but alike  # fmt: skip
_PERSONAL = (
    "nguoi nop", "chu ho so", "nguoi yeu cau", "cong dan", "ho ten", "ho va ten", "dien thoai",
    "sdt", "email", "thu dien tu", "dia chi", "cccd", "cmnd", "can cuoc", "dinh danh",
    "ngay sinh", "tai khoan nop",
)  # fmt: skip
_LIKE_ENOUGH = 0.6
_WORDS = re.compile(r"[^0-9a-z]+")
_HEADER_DEPTH = 12


@dataclass(frozen=True, slots=True)
class FedRow:
    """One row read: times are aware; `number` counts the file's lines from 1, heads included.

    `has_end` says that the file tells ends, so that a missing one means work still going on.
    `node` is the step that the words were said to mean, empty for none; None while the words
    themselves have to tell. `due_new` is a later promise; `actor_at` the end with which the actor
    was told where that is not `end`; `told` the tellings that contradict each other, by field.
    """

    number: int
    case: str
    tthc: str
    step: str
    status: str
    actor: str
    start: datetime | None
    end: datetime | None
    received: datetime | None
    due: datetime | None
    note: str
    has_end: bool = True
    key: str = ""
    variant: str = ""
    node: str | None = None
    role: str = ""
    due_new: datetime | None = None
    actor_at: datetime | None = None
    told: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @property
    def first_at(self) -> datetime:
        """Return the earliest moment the row speaks of."""
        return min(moment for moment in (self.start, self.end) if moment is not None)


@dataclass(frozen=True, slots=True)
class RowFault:
    """A row that is not brought in, and why."""

    row: int
    reason: str


_READ_MOMENTS = ("start", "end", "received", "due", "due_new")
_MOMENTS = (*_READ_MOMENTS, "actor_at")
_NAMES = tuple(field.name for field in fields(FedRow) if field.name != "key")


def row_data(row: FedRow) -> dict[str, Any]:
    """Return a row as it is kept, its key and what is empty apart."""
    values: dict[str, Any] = {}
    for name in _NAMES:
        value = getattr(row, name)
        if name in _MOMENTS:
            values[name] = value.isoformat() if value is not None else None
        elif name not in _LATER or value not in ("", ()):
            values[name] = value
    return values


_LATER = ("role", "told")


def row_kept(key: str, data: Mapping[str, Any]) -> FedRow:
    """Return a row that was kept as `row_data`."""
    moments = {
        name: datetime.fromisoformat(data[name]).astimezone(VN) if data.get(name) else None
        for name in _MOMENTS
    }
    told = tuple((field, tuple(values)) for field, values in data.get("told", ()))
    return FedRow(**{**data, **moments, "told": told}, key=key)


def find_header(table: Sequence[Sequence[Any]]) -> int:
    """Return the place of the row of heads: the one whose cells name most of our fields.

    Files of portals often begin with a title, so the first twelve rows are looked at.
    """
    best = (0, 0)
    for place, row in enumerate(table[:_HEADER_DEPTH]):
        known = sum(1 for cell in row if _field_of(str(cell or "")) is not None)
        if known > best[0]:
            best = (known, place)
    return best[1]


def propose_columns(heads: Sequence[str]) -> dict[str, int]:
    """Return the column of each field that the heads name, most alike first, no column twice."""
    scores = [
        (_score(head, field), -place, field)
        for place, head in enumerate(heads)
        for field in FIELD_NAMES
    ]
    found: dict[str, int] = {}
    for score, negative, field in sorted(scores, reverse=True):
        place = -negative
        if score < _LIKE_ENOUGH or field in found or place in found.values():
            continue
        if not is_personal(heads[place]):
            found[field] = place
    return found


def columns_named(heads: Sequence[str], named: Mapping[str, str]) -> dict[str, int]:
    """Return the columns of a mapping from our fields to heads; unknown names are left out."""
    places = {_bare(head): place for place, head in enumerate(heads)}
    return {
        field: places[_bare(head)]
        for field, head in named.items()
        if field in FIELD_NAMES and _bare(head) in places
    }


def is_personal(head: str) -> bool:
    """Say whether a column tells of the applicant; such columns are never read.

    Source: Luật Bảo vệ dữ liệu cá nhân 2025: only what the purpose needs is processed.
    """
    bare = _bare(head)
    return any(word in bare for word in _PERSONAL)


def headers_hash(heads: Sequence[str]) -> str:
    """Return the name under which the mapping of these heads is remembered."""
    text = "\x1f".join(_bare(head) for head in heads)
    return hashlib.sha256(text.encode()).hexdigest()


def missing_fields(columns: Mapping[str, int]) -> list[str]:
    """Return the Vietnamese names of what the mapping must still say."""
    missing = [FIELD_NAMES[field] for field in REQUIRED if field not in columns]
    if "step" not in columns and "status" not in columns:
        missing.append(f"{FIELD_NAMES['step']} hoặc {FIELD_NAMES['status'].lower()}")
    if "start" not in columns and "end" not in columns:
        missing.append(f"{FIELD_NAMES['start']} hoặc {FIELD_NAMES['end'].lower()}")
    return missing


def read_rows(
    table: Sequence[Sequence[Any]], *, columns: Mapping[str, int], header: int, now: datetime
) -> tuple[list[FedRow], list[RowFault]]:
    """Return what the rows under the heads say, and the rows that say nothing usable."""
    rows: list[FedRow] = []
    faults: list[RowFault] = []
    for place in range(header + 1, len(table)):
        cells = table[place]
        if not any(str(cell if cell is not None else "").strip() for cell in cells):
            continue
        read = _read_row(place + 1, cells, columns, now)
        if isinstance(read, RowFault):
            faults.append(read)
        else:
            rows.append(read)
    return _keyed(rows), faults


def _read_row(
    number: int, cells: Sequence[Any], columns: Mapping[str, int], now: datetime
) -> FedRow | RowFault:
    def cell(field: str) -> Any:
        place = columns.get(field)
        return cells[place] if place is not None and place < len(cells) else None

    def text(field: str) -> str:
        value = cell(field)
        if value is None or value == "":
            return ""
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return clean(str(value if value is not None else ""))

    moments: dict[str, datetime | None] = {}
    for field in _READ_MOMENTS:
        value = cell(field)
        if value is None or value == "":
            moments[field] = None
            continue
        moments[field] = read_moment(value, ends_day=field in {"end", "due", "due_new"})
        if moments[field] is None and text(field):
            return RowFault(number, f"Không đọc được {FIELD_NAMES[field].lower()} “{text(field)}”.")
    number = int(told) if (told := text("record")).isdecimal() and len(told) < 10 else number
    row = FedRow(
        number, text("case")[:60], text("tthc"), text("step")[:300], text("status")[:200],
        text("actor")[:200], moments["start"], moments["end"], moments["received"],
        moments["due"], text("note")[:500], has_end="end" in columns,
        variant=text("variant")[:200], role=text("role")[:200], due_new=moments["due_new"],
    )  # fmt: skip
    reason = _fault_of(row, now)
    return RowFault(number, reason) if reason else row


def _fault_of(row: FedRow, now: datetime) -> str:
    if not row.case:
        return "Thiếu mã hồ sơ."
    if not row.step and not row.status:
        return "Thiếu cả bước và trạng thái."
    if row.start is None and row.end is None:
        return "Thiếu thời gian."
    if row.start and row.end and row.end < row.start:
        return "Giờ kết thúc trước giờ bắt đầu."
    latest = max(moment for moment in (row.start, row.end) if moment is not None)
    if latest > now:
        return "Thời gian ở sau lúc nhập tệp."
    return ""


def _keyed(rows: Sequence[FedRow]) -> list[FedRow]:
    """Give every row its name within its case: what, from when, and which of several alike.

    Rows alike are told apart by their content: the order of the lines decides nothing.
    """
    alike: dict[str, list[int]] = {}
    folded: dict[str, str] = {}
    for place, row in enumerate(rows):
        alike.setdefault(_base(row, folded), []).append(place)
    found = list(rows)
    for base, places in alike.items():
        if len(places) > 1:
            places.sort(key=lambda place: _content(rows[place]))
        for number, place in enumerate(places, start=1):
            key = hashlib.sha256(f"{base}\x1f{number}".encode()).hexdigest()
            found[place] = replace(rows[place], key=key)
    return found


def _base(row: FedRow, folded: dict[str, str]) -> str:
    words = row.step or row.status
    if words not in folded:
        folded[words] = fold(words)
    step, status = (folded[words], "") if row.step else ("", folded[words])
    moment = row.start or row.end
    at = moment.astimezone(VN).isoformat() if moment else ""
    return "\x1f".join((row.case, step, status, at))


def _content(row: FedRow) -> tuple[str, ...]:
    end = row.end.astimezone(VN).isoformat() if row.end else ""
    return (end, row.actor, row.status, row.role, row.note, row.tthc)


def _bare(head: str) -> str:
    return _WORDS.sub(" ", fold(head)).strip()


def _field_of(head: str) -> str | None:
    bare = _bare(head)
    return next((field for field, known in _HEADS.items() if bare and bare in known), None)


def _score(head: str, field: str) -> float:
    bare = _bare(head)
    if not bare:
        return 0.0
    if bare == _bare(FIELD_NAMES[field]):
        return 3.0
    if bare in _HEADS[field]:
        return 2.0 - _HEADS[field].index(bare) / 100
    if field in _EXACT:
        return 0.0
    return max(likeness(bare, known) for known in _HEADS[field])
