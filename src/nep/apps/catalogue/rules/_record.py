"""One row of a source, as values: the portal's JSON record, a row of an Excel list."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from nep.apps.catalogue.rules._channels import common_fee, common_limit, read_channels
from nep.apps.catalogue.rules._glued import NOTHING, read_basis, read_papers, read_results, told
from nep.apps.catalogue.rules._values import Doubt, Published
from nep.kernel.text import clean, fold
from nep.kernel.vietnamese import parse_date

CODE = re.compile(r"^\d\.\d{6}$")
FULL_CODE = re.compile(r"^(\d\.\d{6})((?:\.[A-Z0-9]{2,6})+)$")
_DECISION = re.compile(r"^\d{1,5}(?:/\d{4})?/[A-ZĐ0-9]+(?:-[A-ZĐ0-9]+)+$")
_LEVELS = {
    "cap bo": "ministry",
    "cap trung uong": "ministry",
    "cap tinh": "province",
    "cap xa": "commune",
    "co quan khac": "other",
}
HEADS: dict[str, tuple[str, ...]] = {
    "code": ("ma so", "ma thu tuc", "ma tthc", "ma so tthc", "ma so thu tuc", "ma thu tuc hanh chinh"),
    "name": ("ten", "ten thu tuc", "ten thu tuc hanh chinh", "ten tthc", "thu tuc hanh chinh"),
    "issuer": ("co quan ban hanh", "co quan cong bo"),
    "agencies": ("co quan thuc hien", "co quan giai quyet"),
    "field": ("linh vuc",),
    "levels": ("cap thuc hien", "cap giai quyet"),
    "decision": ("so quyet dinh", "quyet dinh cong bo", "so, ky hieu quyet dinh", "quyet dinh",
                 "quyet dinh bai bo", "van ban bai bo",
                 "ten van ban qppl quy dinh viec bai bo thu tuc hanh chinh"),
    "on": ("ngay hieu luc", "ngay co hieu luc", "hieu luc tu", "ngay bai bo", "ngay het hieu luc"),
    "limit": ("thoi han giai quyet", "thoi han", "thoi gian giai quyet"),
    "fee": ("phi, le phi", "phi", "le phi"),
    "basis": ("can cu phap ly", "van ban quy dinh"),
}  # fmt: skip
_LOOK_AT = 12


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a source: what it says of which code. `fault` is (code, reason) or None.

    `day` is the first day in force, or of the abolition, where the row names one.
    """

    number: int
    code: str
    full_code: str = ""
    value: Published = field(default_factory=Published)
    day: date | None = None
    fault: tuple[str, str] | None = None


def base_and_full(text: str) -> tuple[str, str] | None:
    """Return ("2.000884", "2.000884.000.00.00.H55") of a code; None when it is none."""
    said = clean(text).upper().strip(". ")
    if CODE.match(said):
        return said, ""
    found = FULL_CODE.match(said)
    return (found.group(1), said) if found else None


def read_record(number: int, raw: Any) -> Row:
    """Return what one record of the portal (an object with `ma_thu_tuc`, …) says."""
    if not isinstance(raw, dict):
        return Row(number, "", fault=("row_shape", "Dòng không phải một bản ghi thủ tục."))
    given = {key: str(value) for key, value in raw.items() if isinstance(value, (str, int, float))}
    return _checked(number, given.get("ma_thu_tuc", ""), _published(given))


def _published(given: Mapping[str, str]) -> Published:
    def one(name: str) -> str:
        return clean(told(given.get(name, "")))

    channels, time_doubts = read_channels(given.get("cach_thuc_thuc_hien", ""))
    amount, unit, limit_text, limit_doubts = common_limit(channels)
    papers, paper_doubts = read_papers(given.get("thanh_phan_ho_so", ""))
    levels, level_doubts = _read_levels(one("cap_thuc_hien"))
    decision = one("so_quyet_dinh")
    doubts = [*time_doubts, *limit_doubts, *paper_doubts, *level_doubts]
    if decision and not _DECISION.match(decision):
        text = f"Số quyết định “{decision}” không đúng thể thức."
        doubts.append(Doubt("decision", "decision", text))
    return Published(
        name=one("ten_thu_tuc"),
        field=one("linh_vuc"),
        levels=levels,
        agencies=_agencies(told(given.get("co_quan_thuc_hien", "")), ","),
        kind=one("loai_thu_tuc"),
        applicants=one("doi_tuong_thuc_hien"),
        papers=papers,
        channels=channels,
        limit_amount=amount if unit else "",
        limit_unit=unit,
        limit_text=limit_text,
        fee=common_fee(channels),
        basis=read_basis(given.get("can_cu_phap_ly", "")),
        results=read_results(given.get("ket_qua_xu_ly", "")),
        conditions=told(given.get("yeu_cau_dieu_kien", "")),
        steps=told(given.get("trinh_tu_thuc_hien", "")),
        address=told(given.get("dia_chi_tiep_nhan", "")),
        decision=decision,
        portal_id=one("formality_id"),
        doubts=tuple(dict.fromkeys(doubts)),
    )


def _read_levels(text: str) -> tuple[tuple[str, ...], list[Doubt]]:
    levels, doubts = [], []
    for part in filter(None, map(clean, re.split(r"[,;\n]", text))):
        level = _LEVELS.get(fold(part))
        if level is None:
            doubts.append(Doubt("level", "levels", f"Cấp thực hiện “{part}” không có trong bảng."))
        elif level not in levels:
            levels.append(level)
    return tuple(levels), doubts


def _agencies(text: str, mark: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part for part in map(clean, text.split(mark)) if part))


def find_head(table: Sequence[Sequence[Any]]) -> tuple[int, dict[str, int]]:
    """Return the row of the heads and the column of each field; (-1, {}) when there is none."""
    for place, row in enumerate(table[:_LOOK_AT]):
        heads = [fold(clean(str(cell or ""))) for cell in row]
        found = {
            name: heads.index(head)
            for name, names in HEADS.items()
            for head in reversed(names)
            if head in heads
        }
        if "code" in found and "name" in found:
            return place, found
    return -1, {}


def read_list_row(number: int, cells: Sequence[Any], columns: Mapping[str, int]) -> Row:
    """Return what one row of an Excel list says; `columns` as `find_head` found them."""
    given = {name: cells[at] if at < len(cells) else "" for name, at in columns.items()}

    def one(name: str) -> str:
        said = clean(str(given.get(name) or ""))
        return "" if said == NOTHING else said

    levels, doubts = _read_levels(one("levels"))
    day, fault = _day(given.get("on"))
    value = Published(
        name=one("name"),
        field=one("field"),
        levels=levels,
        issuer=one("issuer"),
        agencies=_agencies(str(given.get("agencies") or ""), "\n"),
        limit_text=one("limit"),
        fee=one("fee"),
        decision=one("decision"),
        doubts=tuple(doubts),
    )
    row = _checked(number, str(given.get("code") or ""), value, day)
    return row if row.fault or fault is None else Row(number, row.code, fault=fault)


def _day(value: Any) -> tuple[date | None, tuple[str, str] | None]:
    if isinstance(value, datetime):
        return value.date(), None
    if isinstance(value, date):
        return value, None
    text = clean(str(value or ""))
    found = parse_date(text) if text else None
    if text and found is None:
        return None, ("day_unread", f"Ngày “{text}” không đọc được; hãy ghi dd/mm/yyyy.")
    return found, None


def _checked(number: int, code: str, value: Published, day: date | None = None) -> Row:
    said = clean(code)
    known = base_and_full(said)
    if not said:
        return Row(number, "", fault=("code_missing", "Dòng không có mã thủ tục."))
    if known is None:
        fault = ("code_malformed", f"Mã “{said[:40]}” không đúng dạng, ví dụ 1.012766.")
        return Row(number, said[:40], fault=fault)
    base, full = known
    if not value.name:
        return Row(number, base, fault=("name_missing", f"Mã {base} không có tên thủ tục."))
    if len(value.name) > 2000:
        return Row(number, base, fault=("name_long", f"Tên của mã {base} dài quá 2.000 ký tự."))
    return Row(number, base, full, value, day)
