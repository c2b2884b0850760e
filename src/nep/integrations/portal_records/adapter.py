"""Reading dossier and status records in the shape of the national portal's synchronisation.

A dossier record says what a case is: its TTHC, when it was received, promised, dealt with and given
back, and what was asked for. A status record says who did what and when. Names, numbers and
addresses of the applicant are passed over and never kept.
Source: dịch vụ DongBoHoSoMC và DongBoTrangThaiHoSo của Cổng Dịch vụ công quốc gia (tên trường và
mười mã trạng thái).
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from nep.kernel.errors import Refusal
from nep.kernel.text import fold

FIELDS = {
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
HEADS = list(FIELDS.values())
LISTS = ("data", "danhsachhoso", "danhsachtrangthai", "hoso", "records", "items")
_STATE_MARKS = ("thoidiemxuly", "nguoixuly", "noidungxuly")
_DOSSIER_MARKS = ("matthc", "trangthaihoso", "ngaytiepnhan")


class PortalReader:
    """Reads JSON of dossier records, status records, or plain rows in our own field names."""

    shape = "records"
    keeps_waiting = True

    def reads(self, data: bytes, *, name: str) -> bool:
        """Say whether the data look like JSON."""
        start = data[:400].lstrip(b"\xef\xbb\xbf \r\n\t")
        return name.lower().endswith(".json") or start[:1] in {b"{", b"["}

    def table(self, data: bytes, *, name: str, most_rows: int) -> list[list[Any]]:
        """Return one row for each thing that a record tells of a case.

        Raises Refusal("json_broken", "file_no_rows", "too_many_rows").
        """
        try:
            content = json.loads(data.decode("utf-8-sig"))
        except (ValueError, RecursionError) as error:
            raise Refusal("json_broken", f"Dữ liệu “{name}” không phải JSON đúng dạng.") from error
        table: list[list[Any]] = [HEADS]
        for number, record in enumerate(_records(content, name), start=1):
            for row in _rows(record):
                table.append([row.get(field, "") for field in FIELDS if field != "record"])
                table[-1].append(number)
            if len(table) > most_rows + 1:  # the heading is no row
                raise Refusal(
                    "too_many_rows", f"Dữ liệu “{name}” có hơn {most_rows} dòng. Hãy chia nhỏ."
                )
        if len(table) == 1:
            raise Refusal("file_no_rows", f"Dữ liệu “{name}” không có bản ghi nào.")
        return table


def _records(content: Any, name: str) -> list[Mapping[str, Any]]:
    """Return the records of a message: a list, one record, or a list under a known name."""
    if isinstance(content, Mapping):
        inner = next(
            (value for key, value in content.items()
             if key.lower() in LISTS and isinstance(value, (list, Mapping))), None,
        )  # fmt: skip
        content = content if inner is None else inner
    if isinstance(content, Mapping):
        content = [content]
    if not isinstance(content, list) or not all(isinstance(one, Mapping) for one in content):
        raise Refusal(
            "json_shape",
            f"Dữ liệu “{name}” phải là danh sách bản ghi, mỗi bản ghi là một đối tượng.",
        )
    return content


def _rows(record: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    facts = {key.lower().replace("_", ""): value for key, value in record.items()}
    if "mahoso" not in facts and "case" in facts:
        yield {field: _text(record.get(field)) for field in FIELDS if field != "record"}
    elif any(mark in facts for mark in _STATE_MARKS):
        yield _state(facts)
    elif any(mark in facts for mark in _DOSSIER_MARKS):
        yield from _dossier(facts)
    else:  # a record of no known shape is told as one that lacks everything, and refused
        yield {"case": _text(facts.get("mahoso"))}


def _state(facts: Mapping[str, Any]) -> dict[str, Any]:
    role = [_text(facts.get(name)) for name in ("chucdanh", "phongbanxuly")]
    return {
        "case": _text(facts.get("mahoso")),
        "tthc": _text(facts.get("matthc")),
        "step": _text(facts.get("noidungxuly")),
        "status": _text(facts.get("trangthai")),
        "actor": _text(facts.get("nguoixuly")),
        "role": ", ".join(part for part in role if part),
        "start": _text(facts.get("ngaybatdau")),
        "end": _text(facts.get("thoidiemxuly")),
    }


def _dossier(facts: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield what a dossier record tells: taken in, each supplement, dealt with, given back."""
    case, received = _text(facts.get("mahoso")), _text(facts.get("ngaytiepnhan"))
    state = _state_code(facts.get("trangthaihoso"))
    before, due = _text(facts.get("ngayhentratruoc")), _text(facts.get("ngayhentra"))
    new = _text(facts.get("ngayhentramoi")) or (due if before and before != due else "")
    base = {"case": case, "tthc": _text(facts.get("matthc")) or _text(facts.get("tentthc"))}
    yield {
        **base, "status": "3" if state == "3" else "2", "start": received, "end": received,
        "received": received, "due": before or due, "due_new": new,
    }  # fmt: skip
    for asked in _list(facts, "danhsachhosobosung"):
        yield {
            **base, "status": "5", "start": _text(asked.get("ngaybosung")),
            "end": _text(asked.get("ngaytiepnhanbosung")),
            "actor": _text(asked.get("nguoiyeucaubosung")),
            "note": _text(asked.get("noidungbosung")),
        }  # fmt: skip
    finished, given = _text(facts.get("ngayketthucxuly")), _text(facts.get("ngaytra"))
    if state in {"7", "8"}:
        at = finished or given
        yield {**base, "status": state, "start": at, "end": at}
        return
    if finished:
        yield {**base, "status": "9", "start": finished, "end": finished}
    if given:
        yield {**base, "status": "10", "start": given, "end": given}


def _list(facts: Mapping[str, Any], name: str) -> Iterator[dict[str, Any]]:
    found = facts.get(name)
    for one in found if isinstance(found, list) else ():
        if isinstance(one, Mapping):
            yield {key.lower(): value for key, value in one.items()}


def _state_code(value: Any) -> str:
    text = fold(_text(value))
    return text.split("-")[0].split(" ")[0].strip() if text else ""


def _text(value: Any) -> str:
    if value is None or isinstance(value, (dict, list)):
        return ""
    return str(value).strip()
