"""Edits of what a step carries: its controlled forms, the record it leaves, its data fields."""

from dataclasses import replace

from nep.apps.procedures.rules.carried import (
    CHOICE,
    FILE,
    FILE_KINDS,
    KIND_NAMES,
    MAX_CHOICES,
    MAX_FIELDS,
    MAX_FORMS,
    NAME,
    NOTHING,
    TEXT,
    Carried,
    DataField,
    FormRef,
    KeptRecord,
    name_made_of,
)
from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.edits._ground import Answer, Changed, Edit, label, typed_condition
from nep.apps.procedures.rules.edits._readers import readers, values_read
from nep.apps.procedures.rules.table import Step
from nep.bpmn import RESERVED, ConditionError, fields_of, parse_condition
from nep.kernel.decisions import Refused
from nep.kernel.text import clean, clean_lines, whole_number

MOST_MB = 200


def form_attach(draft: Draft, step: Step, edit: Edit) -> Answer:
    """Name a controlled form for a step; who calls has looked up its code and title."""
    known = draft.carried.get(step.id, NOTHING)
    document_id = whole_number(edit.text("document"))
    if not document_id:
        return Refused("form_missing", "Hãy chọn một biểu mẫu trong thư viện.", field="document")
    form = FormRef(document_id, edit.text("code")[:60], edit.text("title")[:300])
    if any(one.document_id == form.document_id for one in known.forms):
        return Refused("form_twice", "Bước này đã có biểu mẫu đó.", field="document")
    if len(known.forms) >= MAX_FORMS:
        return Refused("too_many_forms", f"Một bước có tối đa {MAX_FORMS} biểu mẫu.")
    text = f"thêm biểu mẫu {form.code} cho {label(draft.table, step)}"
    return _put(draft, step, replace(known, forms=(*known.forms, form)), text)


def form_detach(draft: Draft, step: Step, edit: Edit) -> Answer:
    """Take a controlled form off a step."""
    known = draft.carried.get(step.id, NOTHING)
    gone = next((one for one in known.forms if str(one.document_id) == edit.text("document")), None)
    if gone is None:
        return Refused("form_gone", "Biểu mẫu này không còn ở bước. Hãy tải lại trang.")
    kept = tuple(one for one in known.forms if one is not gone)
    text = f"bỏ biểu mẫu {gone.code} ở {label(draft.table, step)}"
    return _put(draft, step, replace(known, forms=kept), text)


def record_put(draft: Draft, step: Step, edit: Edit) -> Answer:
    """Write which record a step leaves, where and how long it is kept; without a name none."""
    known = draft.carried.get(step.id, NOTHING)
    name = edit.text("record")[:300]
    if not name:
        text = f"bỏ hồ sơ để lại ở {label(draft.table, step)}"
        return _put(draft, step, replace(known, record=None), text)
    term = edit.text("term")[:120]
    if not term:
        return Refused(
            "term_missing", "Hãy ghi thời hạn lưu, ví dụ “5 năm” hoặc “Vĩnh viễn”.", field="term"
        )
    record = KeptRecord(name, edit.text("place")[:300], term, edit.text("series")[:60])
    text = f"{label(draft.table, step)} để lại hồ sơ “{name}”"
    return _put(draft, step, replace(known, record=record), text)


def field_put(draft: Draft, step: Step, edit: Edit) -> Answer:
    """Add a data field to a step, or change the one that `field` names."""
    known = draft.carried.get(step.id, NOTHING)
    old = known.field(edit.text("field"))
    if edit.text("field") and old is None:
        return Refused("field_gone", "Ô dữ liệu này không còn. Hãy tải lại trang.")
    found = _field(draft, step, edit, old)
    if isinstance(found, Refused):
        return found
    if old is not None and (refused := _misread(draft, old, found)) is not None:
        return refused
    if old is None and len(known.fields) >= MAX_FIELDS:
        return Refused("too_many_fields", f"Một bước có tối đa {MAX_FIELDS} ô dữ liệu.")
    fields = (
        (*known.fields, found)
        if old is None
        else tuple(found if one is old else one for one in known.fields)
    )
    verb = "thêm" if old is None else "sửa"
    text = f"{verb} ô dữ liệu “{found.label}” ở {label(draft.table, step)}"
    return _put(draft, step, replace(known, fields=fields), text)


def field_remove(draft: Draft, step: Step, edit: Edit) -> Answer:
    """Remove a data field that no condition reads."""
    known = draft.carried.get(step.id, NOTHING)
    gone = known.field(edit.text("field"))
    if gone is None:
        return Refused("field_gone", "Ô dữ liệu này không còn. Hãy tải lại trang.")
    user = next(iter(readers(draft, gone.name)), "")
    if user:
        return Refused(
            "field_in_use",
            f"Ô “{gone.label}” đang dùng trong điều kiện của {user}. Hãy sửa ở đó trước.",
        )
    kept = tuple(one for one in known.fields if one is not gone)
    text = f"bỏ ô dữ liệu “{gone.label}” ở {label(draft.table, step)}"
    return _put(draft, step, replace(known, fields=kept), text)


def field_raise(draft: Draft, step: Step, edit: Edit) -> Answer:
    """Move a data field one place up."""
    known = draft.carried.get(step.id, NOTHING)
    moved = known.field(edit.text("field"))
    at = known.fields.index(moved) if moved else 0
    if moved is None or at == 0:
        return Refused("field_at_edge", "Ô dữ liệu này đã ở đầu danh sách.")
    fields = list(known.fields)
    fields.insert(at - 1, fields.pop(at))
    text = f"chuyển ô “{moved.label}” lên trên ở {label(draft.table, step)}"
    return _put(draft, step, replace(known, fields=tuple(fields)), text)


def _misread(draft: Draft, old: DataField, new: DataField) -> Refused | None:
    """Refuse a change after which a condition that reads the field would never be true again."""
    user = next(iter(readers(draft, old.name)), "")
    if user and old.kind != new.kind:
        return Refused(
            "field_in_use",
            f"Ô “{old.label}” đang dùng trong điều kiện của {user}, nên không đổi loại được. Hãy "
            "sửa điều kiện đó trước.",
            field="kind",
        )
    for value, who in values_read(draft, old.name).items():
        if value in old.choices and value not in new.choices:
            return Refused(
                "field_in_use",
                f"Lựa chọn “{value}” đang dùng trong điều kiện của {who}. Hãy sửa ở đó trước.",
                field="choices",
            )
    return None


def _put(draft: Draft, step: Step, one: Carried, text: str) -> Changed:
    carried = {id_: kept for id_, kept in draft.carried.items() if id_ != step.id}
    if one:
        carried[step.id] = one
    return Changed(replace(draft, carried=carried), text)


def _field(draft: Draft, step: Step, edit: Edit, old: DataField | None) -> DataField | Refused:
    said = edit.text("label")[:160]
    if not said:
        return Refused("label_missing", "Hãy ghi tên ô dữ liệu.", field="label")
    kind = edit.text("kind") or TEXT
    if kind not in KIND_NAMES:
        return Refused("kind_unknown", "Hãy chọn loại dữ liệu.", field="kind")
    name = _name(draft, edit, said, old)
    if isinstance(name, Refused):
        return name
    lines = clean_lines(edit.values.get("choices", "")).split("\n")
    choices = tuple(dict.fromkeys(clean(line)[:160] for line in lines if clean(line)))
    if kind == CHOICE and not 2 <= len(choices) <= MAX_CHOICES:
        return Refused(
            "choices_missing",
            f"Hãy ghi từ 2 đến {MAX_CHOICES} lựa chọn, mỗi dòng một lựa chọn.",
            field="choices",
        )
    if kind == FILE and (strange := [one for one in choices if one.lower() not in FILE_KINDS]):
        return Refused(
            "file_kind",
            f"Không nhận được tệp loại “{strange[0]}”. Các loại: {', '.join(FILE_KINDS)}.",
            field="choices",
        )
    most = edit.text("most_mb")
    if most and not (
        most.isascii() and most.isdigit() and len(most) < 4 and 1 <= int(most) <= MOST_MB
    ):
        return Refused(
            "file_size", f"Dung lượng tối đa là số MB từ 1 đến {MOST_MB}.", field="most_mb"
        )
    shown_if = typed_condition(draft, edit.text("shown_if")[:400])
    refused = _bad_shown_if(draft, step, name, shown_if)
    if refused is not None:
        return refused
    return DataField(
        name=name,
        label=said,
        kind=kind,
        is_required=bool(edit.values.get("required")),
        choices=_choices(kind, choices),
        shown_if=shown_if,
        is_personal=bool(edit.values.get("personal")),
        most_mb=int(most or 0) if kind == FILE else 0,
    )


def _choices(kind: str, typed: tuple[str, ...]) -> tuple[str, ...]:
    if kind == FILE:
        return tuple(dict.fromkeys(one.lower() for one in typed))
    return typed if kind == CHOICE else ()


def _name(draft: Draft, edit: Edit, said: str, old: DataField | None) -> str | Refused:
    """Return the name that conditions read: as typed, as it was, or made of the label."""
    typed = edit.text("name")
    if typed in RESERVED:
        return Refused(
            "field_name",
            f"“{typed}” là một từ của điều kiện, nên không làm tên được. Hãy ghi tên khác.",
            field="name",
        )
    if typed and not NAME.fullmatch(typed):
        return Refused(
            "field_name",
            "Tên dùng trong điều kiện chỉ gồm chữ thường không dấu, số và dấu gạch dưới, bắt đầu "
            "bằng chữ; ví dụ dien_tich.",
            field="name",
        )
    taken = {one.name for carried in draft.carried.values() for one in carried.fields if one != old}
    if not typed and old is not None:
        return old.name
    name = typed or _made_of(said, taken)
    if name in taken:
        return Refused(
            "field_name_taken",
            f"Quy trình đã có ô dữ liệu tên {name}. Hãy ghi tên khác.",
            field="name",
        )
    if old is not None and name != old.name and (user := next(iter(readers(draft, old.name)), "")):
        return Refused(
            "field_in_use", f"Tên {old.name} đang dùng trong điều kiện của {user}.", field="name"
        )
    return name


def _made_of(said: str, taken: set[str]) -> str:
    made = name_made_of(said)
    name, count = made, 1
    while name in taken:
        count += 1
        name = f"{made}_{count}"
    return name


def _bad_shown_if(draft: Draft, step: Step, name: str, text: str) -> Refused | None:
    if not text:
        return None
    try:
        read = fields_of(parse_condition(text))
    except ConditionError as error:
        return Refused("condition_unreadable", error.message, field="shown_if")
    known = {one.name for carried in draft.carried.values() for one in carried.fields} - {name}
    missing = sorted(read - known)
    if missing:
        return Refused(
            "condition_field",
            f"Điều kiện dùng “{missing[0]}” nhưng quy trình không có ô dữ liệu nào tên như vậy.",
            field="shown_if",
        )
    return None
