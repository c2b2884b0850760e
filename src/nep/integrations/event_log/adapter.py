"""Reading XES: every trace is a case, every event a piece of work done.

Source: IEEE Std 1849-2016 (XES), extensions concept, lifecycle, organizational and time.
"""

import gzip
import zlib
from collections.abc import Iterator
from typing import Any

from nep.kernel.errors import Refusal
from nep.kernel.safexml import XmlRefused, stream_xml

HEADS = [
    "Mã hồ sơ", "Bước hoặc việc đã làm", "Trạng thái", "Người xử lý", "Chức danh, phòng xử lý",
    "Bắt đầu", "Kết thúc", "Ghi chú, lý do",
]  # fmt: skip
MOST_UNPACKED = 1_500_000_000
_PIECE = 1 << 16
_BEGINS, _ENDS = frozenset({"start"}), frozenset({"complete", ""})
_STATES = {"suspend": "Tạm dừng", "resume": "Tiếp tục xử lý"}


class XesReader:
    """Reads .xes and .xes.gz without holding more than their rows."""

    shape = "xes"
    keeps_waiting = False

    def reads(self, data: bytes, *, name: str) -> bool:
        """Say whether the data are an XES log: by name, or by what the first bytes say."""
        bare = name.lower()
        if bare.endswith((".xes", ".xes.gz")):
            return True
        return data[:400].lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<") and b"<log" in data[:4000]

    def table(self, data: bytes, *, name: str, most_rows: int) -> list[list[Any]]:
        """Return one row for each event; a start and its complete are one row.

        Raises Refusal("file_broken", "too_many_rows", "file_no_rows", "file_bomb").
        """
        log = _Log(most_rows, name)
        try:
            stream_xml(_pieces(data, name), start=log.start, end=log.end, max_bytes=MOST_UNPACKED)
        except XmlRefused as refused:
            raise Refusal("file_broken", f"Tệp “{name}”: {refused.message}") from refused
        if not log.rows:
            raise Refusal("file_no_rows", f"Tệp “{name}” không có sự kiện nào.")
        return [HEADS, *log.rows]


def _pieces(data: bytes, name: str) -> Iterator[bytes]:
    if data[:2] != b"\x1f\x8b":
        for at in range(0, len(data), _PIECE):
            yield data[at : at + _PIECE]
        return
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        for at in range(0, len(data), _PIECE):
            rest = data[at : at + _PIECE]
            while rest:
                yield unpacker.decompress(rest, _PIECE * 16)
                rest = unpacker.unconsumed_tail
        if not unpacker.eof:
            raise Refusal("file_broken", f"Tệp “{name}” bị cắt ngắn, chưa giải nén hết.")
    except (zlib.error, gzip.BadGzipFile) as error:
        raise Refusal("file_broken", f"Tệp “{name}” bị hỏng, không giải nén được.") from error


class _Log:
    """Collects rows while the parser goes through the log; attributes of attributes are passed
    over."""

    def __init__(self, most_rows: int, name: str) -> None:
        self.rows: list[list[str]] = []
        self.most_rows, self.name = most_rows, name
        self.path: list[str] = []
        self.trace: dict[str, str] = {}
        self.event: dict[str, str] = {}
        self.events: list[dict[str, str]] = []
        self.traces = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "trace":
            self.trace, self.events = {}, []
            self.traces += 1
        elif name == "event":
            self.event = {}
        elif self.path and "key" in attributes:
            if self.path[-1] == "event":
                self.event[attributes["key"]] = attributes.get("value", "")
            elif self.path[-1] == "trace":
                self.trace[attributes["key"]] = attributes.get("value", "")
        self.path.append(name)

    def end(self, name: str) -> None:
        self.path.pop()
        if name == "event" and self.path and self.path[-1] == "trace":
            self.events.append(self.event)
            self._bound(len(self.rows) + len(self.events))
        elif name == "trace":
            self._close()

    def _close(self) -> None:
        case = self.trace.get("concept:name") or f"{self.name.split('.')[0][:40]}-{self.traces}"
        begun: dict[tuple[str, str], list[list[str]]] = {}
        for event in self.events:
            self._add(case, event, begun)

    def _bound(self, count: int) -> None:
        if count > self.most_rows:
            raise Refusal(
                "too_many_rows",
                f"Tệp “{self.name}” có hơn {self.most_rows} sự kiện. Hãy chia tệp theo tháng.",
            )

    def _add(
        self, case: str, event: dict[str, str], begun: dict[tuple[str, str], list[list[str]]]
    ) -> None:
        activity, at = event.get("concept:name", ""), event.get("time:timestamp", "")
        who = event.get("org:resource", "")
        role = event.get("org:role", "") or event.get("org:group", "")
        role = "" if role == "UNKNOWN" else role
        moved = event.get("lifecycle:transition", "").lower()
        key = activity, event.get("concept:instance", "") or who
        if moved in _BEGINS:
            row = [case, activity, "", who, role, at, "", ""]
            begun.setdefault(key, []).append(row)
        elif moved in _ENDS and begun.get(key):
            begun[key].pop(0)[6] = at
            return
        elif moved in _ENDS:
            row = [case, activity, "", who, role, "", at, ""]
        elif moved in _STATES:
            row = [case, "", _STATES[moved], who, role, at, "", activity]
        else:
            row = [case, f"lifecycle: {moved}", "", who, role, "", at, activity]
        self.rows.append(row)
