"""Edits of rows that nobody here does: another procedure run, a wait, a message sent."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal

from nep.apps.procedures.rules.carried import DATE
from nep.apps.procedures.rules.condition_words import labels_of
from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.edits._ground import Answer, Edit, label, put
from nep.apps.procedures.rules.edits._rows import row_added
from nep.apps.procedures.rules.other_rows import (
    FOR,
    LONGEST,
    MESSAGE,
    NUMBER,
    TIMER,
    UNTIL,
    lasting,
    row_said,
    waits_of,
)
from nep.apps.procedures.rules.table import CALL, SENDS, WAITS, Step
from nep.apps.procedures.rules.wording import UNIT_NAMES
from nep.bpmn import Called, Limit, Trigger
from nep.kernel.decisions import Refused
from nep.kernel.vietnamese import parse_date

MOST_WAITED = 9999
WAIT_NAMES = {
    FOR: "Chờ hết thời gian", UNTIL: "Chờ đến ngày", MESSAGE: "Chờ thông điệp của hệ thống khác"
}  # fmt: skip
SEND_NAME = "Gửi thông tin cho hệ thống khác"


def call_add(draft: Draft, edit: Edit) -> Answer:
    """Add a row that runs another procedure; who calls has looked up its version."""
    return _added(draft, edit, _called(Step("", ""), edit))


def wait_add(draft: Draft, edit: Edit) -> Answer:
    """Add a row that waits for a time, a day or a message."""
    return _added(draft, edit, waiting_typed(draft, Step("", ""), edit))


def send_add(draft: Draft, edit: Edit) -> Answer:
    """Add a row that sends a message to another system."""
    return _added(draft, edit, _sending(Step("", ""), edit))


def call_put(draft: Draft, step: Step, edit: Edit) -> Answer:
    """Let a row run another procedure than before, or another issue of it."""
    return _put(draft, step, {CALL}, _called(step, edit))


def wait_put(draft: Draft, step: Step, edit: Edit) -> Answer:
    """Let a row wait for something else than before."""
    return _put(draft, step, WAITS, waiting_typed(draft, step, edit))


def send_put(draft: Draft, step: Step, edit: Edit) -> Answer:
    """Let a row send another message than before."""
    return _put(draft, step, SENDS, _sending(step, edit))


def _added(draft: Draft, edit: Edit, made: Step | Refused) -> Answer:
    if isinstance(made, Refused):
        return made
    name = edit.text("name")[:400] or made.name
    return row_added(draft, edit, replace(made, name=name))


def _put(
    draft: Draft, step: Step, kinds: frozenset[str] | set[str], made: Step | Refused
) -> Answer:
    if step.kind not in kinds:
        return Refused("row_kind", "Bước này không phải loại ấy nữa. Hãy tải lại trang.")
    if isinstance(made, Refused):
        return made
    said = row_said(made, labels_of(draft.carried))
    kept = replace(made, name=step.name)
    return put(draft, kept, f"{label(draft.table, step)} nay {said}")


def _called(step: Step, edit: Edit) -> Step | Refused:
    code, version = edit.text("code")[:60], edit.text("version_hash")
    if not code or not version:
        return Refused("call_missing", "Hãy chọn quy trình được thực hiện.", field="procedure")
    amount, unit = edit.text("limit_amount"), edit.text("limit_unit")
    limit = Limit(Decimal(amount), unit) if amount and unit in UNIT_NAMES else None
    made = replace(
        step, kind=CALL, name=edit.text("title")[:400], called=Called(code, version), limit=limit,
        untimed=False,
    )  # fmt: skip
    return made.with_fact(NUMBER, edit.text("number")[:60])


def waiting_typed(draft: Draft, step: Step, edit: Edit) -> Step | Refused:
    """Return a row that waits for what was typed, or what is wrong with it."""
    way = edit.text("way")
    read = _WAYS.get(way)
    if read is None:
        return Refused("wait_way", "Hãy chọn chờ điều gì.", field="way")
    trigger = read(draft, edit)
    if isinstance(trigger, Refused):
        return trigger
    kind = step.kind if step.kind == "receive" and way == MESSAGE else "catch"
    made = replace(step, kind=kind, name=WAIT_NAMES[way], trigger=trigger)
    return replace(made, limit=None, untimed=False) if waits_of(made) else made


def time_typed(edit: Edit) -> Trigger | Refused:
    """Return the timer that was typed, or what is wrong with it."""
    amount, unit = edit.text("amount"), edit.text("unit")
    is_whole = amount.isascii() and amount.isdigit() and len(amount) < 5
    if not is_whole or not 1 <= int(amount) <= MOST_WAITED:
        return Refused("wait_amount", "Hãy ghi số giờ hoặc số ngày tròn, từ 1.", field="amount")
    if unit not in UNIT_NAMES:
        return Refused("unit_missing", "Hãy chọn đơn vị của thời gian chờ.", field="unit")
    return lasting(int(amount), unit)


def _dated(draft: Draft, edit: Edit) -> Trigger | Refused:
    field = labels_of(draft.carried).get(edit.text("field"))
    if field is None or field.kind != DATE:
        day = parse_date(edit.text("field"))
        if day is not None:
            return Trigger(TIMER, "date", day.isoformat())
        return Refused(
            "wait_field",
            "Hãy chọn một ô dữ liệu loại “ngày”. Ô ấy thêm ở bước ghi nó, mục Dữ liệu.",
            field="field",
        )
    return Trigger(TIMER, "date", field.name)


def message_typed(edit: Edit, field: str = "message") -> Trigger | Refused:
    """Return the message that was typed, or what is wrong with its name."""
    name = edit.text(field)
    if not name or len(name) > LONGEST or "“" in name or "”" in name:
        return Refused(
            "message_name",
            f"Hãy ghi tên thông điệp, tối đa {LONGEST} chữ, không có ngoặc kép; hai hệ thống gọi nó "
            "bằng cùng tên ấy.",
            field=field,
        )
    return Trigger(MESSAGE, name=name)


def _sending(step: Step, edit: Edit) -> Step | Refused:
    found = message_typed(edit)
    if isinstance(found, Refused):
        return found
    return replace(step, kind=step.kind if step.kind in SENDS else "send", name=SEND_NAME,
                   trigger=found)  # fmt: skip


_WAYS: Mapping[str, Callable[[Draft, Edit], Trigger | Refused]] = {
    FOR: lambda _draft, edit: time_typed(edit),
    UNTIL: _dated,
    MESSAGE: lambda _draft, edit: message_typed(edit),
}
