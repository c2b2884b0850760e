"""The history of a case in sentences, from its event log."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nep.apps.cases.models import Case
from nep.apps.cases.queries._plans import Followed
from nep.apps.cases.queries._steps import Names
from nep.apps.cases.rules.moving import MOVED
from nep.apps.cases.rules.plan import Plan
from nep.apps.cases.rules.privacy import FIELD_NAMES
from nep.apps.cases.rules.recall import RECALLED
from nep.apps.cases.rules.slip import LoggedEvent
from nep.kernel.vietnamese import date_text, local
from nep.worktime import PAUSE_NAMES


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line: when, who (“Bạn” for the reader), what, and the words that go with it."""

    at: datetime
    who: str
    text: str
    note: str
    is_main: bool


def history_lines(
    events: Sequence[LoggedEvent], followed: Followed, names: Names, case: Case
) -> tuple[HistoryLine, ...]:
    """Return the history, newest first."""
    lines = []
    for event in reversed(events):
        write = _WRITERS.get(event.kind)
        text = write(event, followed.at(event.id), names) if write else event.kind
        note = event.data.get("note") or event.data.get("reason") or ""
        who = "Bạn" if event.actor_id == names.reader_id else names.person(event.actor_id)
        who = who or event.data.get("by", "")
        if lent := event.data.get("as"):
            who += f" ({lent['prefix']} {names.person(lent['person'])})"
        if not who:
            who = "Hệ thống một cửa" if case.origin == "fed" else "Hệ thống"
        is_main = event.kind not in {"claimed", "paper_added", "step_opened", "fed_note"}
        lines.append(HistoryLine(event.at, who, text, note, is_main))
    return tuple(lines)


def _step(plan: Plan, node: str) -> str:
    step = plan.steps.get(node)
    return f"bước {step.number} “{step.name}”" if step else "một bước ngoài quy trình"


def _to(event: LoggedEvent, plan: Plan, names: Names) -> str:
    parts = []
    for opened in event.data.get("opened", ()):
        person = names.person(opened.get("person"))
        person = person or opened.get("name", "")
        parts.append(f"{_step(plan, opened['node'])}{f' cho {person}' if person else ''}")
    return ", ".join(parts)


def _accepted(event: LoggedEvent, plan: Plan, names: Names) -> str:
    due = event.data.get("due")
    promised = f", hẹn trả {_day(due)}" if due else ""
    return f"tiếp nhận hồ sơ{promised}"


def _completed(event: LoggedEvent, plan: Plan, names: Names) -> str:
    to = _to(event, plan, names)
    count = len(event.data.get("fields", ()))
    typed = f", ghi {count} ô dữ liệu" if count else ""
    return f"hoàn thành {_step(plan, event.node)}{typed}{f', chuyển {to}' if to else ''}"


def _returned(event: LoggedEvent, plan: Plan, names: Names) -> str:
    return f"trả lại từ {_step(plan, event.node)} về {_to(event, plan, names)}"


def _resumed(event: LoggedEvent, plan: Plan, names: Names) -> str:
    old, new = event.data.get("old_due"), event.data.get("due")
    if old and new and _day(old) != _day(new):
        return f"cho hồ sơ chạy lại; hạn trả kết quả dời từ {_day(old)} sang {_day(new)}"
    return "cho hồ sơ chạy lại" + ("; hạn trả kết quả không đổi" if new else "")


def _day(text: str) -> str:
    return date_text(local(datetime.fromisoformat(text)).date())


def _pause_name(data: Mapping[str, Any]) -> str:
    return PAUSE_NAMES.get(data.get("kind", ""), "")


def _corrected(event: LoggedEvent, plan: Plan, names: Names) -> str:
    text, old, new = event.data["text"], event.data["old"], event.data["new"]
    did = "hoàn tác việc sửa khớp bước" if event.data.get("undo") else "sửa khớp bước"
    means = f"là {_step(plan, new)}" if new else "không phải bước nào"
    meant = f"khớp {_step(plan, old)}" if old else "chưa khớp bước nào"
    return f"{did}: “{text}” {means}, trước đó {meant}"


def _recalled(event: LoggedEvent, plan: Plan, names: Names) -> str:
    return f"thu hồi {_step(plan, event.node)} đã hoàn thành nhầm, làm tiếp"


def _extended(event: LoggedEvent, plan: Plan, names: Names) -> str:
    old, new = _day(event.data["old_due"]), _day(event.data["due"])
    return f"xin lỗi và hẹn lại: hạn trả kết quả dời từ {old} sang {new}"


def _reprojected(event: LoggedEvent, plan: Plan, names: Names) -> str:
    old, new = event.data.get("old_due"), event.data.get("due")
    moved = f"hạn trả kết quả từ {_day(old)} sang {_day(new)}" if old != new and old and new else ""
    steps = event.data.get("steps") or ()
    count = f"hạn của {len(steps)} bước" if steps else ""
    waits = event.data.get("waits") or ()
    waited = f"giờ của {len(waits)} chỗ chờ" if waits else ""
    return "tính lại theo lịch làm việc mới: " + ", ".join(filter(None, (moved, count, waited)))


def _corrected_result(event: LoggedEvent, plan: Plan, names: Names) -> str:
    return "đính chính xong kết quả" + (", quá hạn" if event.data.get("late") else "")


def _linked(event: LoggedEvent, plan: Plan, names: Names) -> str:
    did = "nối hồ sơ" if event.kind == "linked" else "bỏ nối hồ sơ"
    return f"{did}: {event.data.get('how', '')[:1].lower()}{event.data.get('how', '')[1:]} {event.data.get('code', '')}"


def _waited(event: LoggedEvent, plan: Plan) -> str:
    node = plan.beyond.waits.get(event.node)
    return f"“{node.name or node.id}”" if node is not None else "điều đã chờ"


def _called(event: LoggedEvent) -> str:
    code = event.data.get("code", "")
    return f"thủ tục con, hồ sơ {code}," if code else "thủ tục con"


def _onward(event: LoggedEvent, plan: Plan, names: Names) -> str:
    to = _to(event, plan, names)
    return f", chuyển {to}" if to else ""


def _moved(event: LoggedEvent, plan: Plan, names: Names) -> str:
    waiting = [f"{one[:1].lower()}{one[1:]}" for one in event.data.get("waiting", ())]
    goes_on = ", ".join(filter(None, (_to(event, plan, names), *waiting)))
    told = "; ".join(("", *event.data.get("told", ())))
    versions = f"từ {event.data.get('from', '')} sang {event.data.get('to', '')}"
    return f"chuyển hồ sơ {versions}, tiếp tục {goes_on}{told}"


_WRITERS: dict[str, Callable[[LoggedEvent, Plan, Names], str]] = {
    "accepted": _accepted,
    "step_completed": _completed,
    "outside_returned": lambda e, p, n: (
        f"ghi nhận cơ quan ngoài đã trả lời {_step(p, e.node)}"
        + (f", chuyển {to}" if (to := _to(e, p, n)) else "")
    ),
    "returned": _returned,
    "claimed": lambda e, p, n: f"nhận {_step(p, e.node)}",
    "handed_over": lambda e, p, n: (
        f"bàn giao {_step(p, e.node)} cho {n.person(e.data['person'])}"
        if e.data.get("person")
        else f"trả {_step(p, e.node)} về chờ người nhận"
    ),
    "paused": lambda e, p, n: (
        f"tạm dừng: {_pause_name(e.data)}"
        + (f", phiếu gửi sau hạn {_day(e.data['ask_due'])}" if e.data.get("ask_late") else "")
    ),
    "resumed": _resumed,
    "outside_handed": lambda e, p, n: f"giao hồ sơ cho cơ quan ngoài ở {_step(p, e.node)}",
    "refused": lambda e, p, n: "từ chối giải quyết hồ sơ",
    "withdrawn": lambda e, p, n: "ghi nhận người nộp rút hồ sơ",
    "result_returned": lambda e, p, n: "trả kết quả cho người nộp",
    "paper_added": lambda e, p, n: f"thêm giấy tờ “{e.data.get('name', '')}”",
    "stopped": lambda e, p, n: "dừng giải quyết hồ sơ",
    "applicant_put_right": lambda e, p, n: (
        "sửa theo đề nghị của người nộp: "
        + ", ".join(FIELD_NAMES.get(key, key) for key in e.data.get("fields", ()))
    ),
    RECALLED: _recalled,
    MOVED: _moved,
    "extended": _extended,
    "reprojected": _reprojected,
    "urgent": lambda e, p, n: "ghi hồ sơ là khẩn" if e.data.get("urgent") else "thôi ghi khẩn",
    "linked": _linked,
    "unlinked": _linked,
    "correction_opened": lambda e, p, n: f"mở việc đính chính kết quả, hạn {_day(e.data['due'])}",
    "correction_closed": _corrected_result,
    "joint_opened": lambda e, p, n: (
        f"giao {_step(p, e.node)} cho {e.data.get('agency', '')} trong hệ thống"
    ),
    "joint_answered": lambda e, p, n: f"{e.data.get('agency', '')} trả lời {_step(p, e.node)}",
    "step_opened": lambda e, p, n: f"chuyển {_to(e, p, n)}",
    "timer_fired": lambda e, p, n: f"đến giờ {_waited(e, p)}{_onward(e, p, n)}",
    "message_arrived": lambda e, p, n: (
        f"nhận thông điệp “{e.data.get('name', '')}”{_onward(e, p, n)}"
    ),
    "wait_ended": lambda e, p, n: f"thôi chờ {_waited(e, p)}{_onward(e, p, n)}",
    "opinion_withdrawn": lambda e, p, n: f"thôi hỏi ý kiến ở {_step(p, e.data.get('at', ''))}",
    "call_opened": lambda e, p, n: f"mở thủ tục con, hồ sơ {e.data.get('code', '')}",
    "call_returned": lambda e, p, n: f"{_called(e)} xong{_onward(e, p, n)}",
    "call_failed": lambda e, p, n: f"{_called(e)} không có kết quả{_onward(e, p, n)}",
    "fed_corrected": _corrected,
    "fed_retold": lambda e, p, n: (
        f"gửi {e.data.get('rows', 0)} lần xử lý đến muộn hoặc khác lần gửi trước; "
        "quá trình của hồ sơ được ghép lại theo giờ"
    ),
    "fed_note": lambda e, p, n: f"ghi “{e.data.get('text', '')}”, việc không có trong quy trình",
}
