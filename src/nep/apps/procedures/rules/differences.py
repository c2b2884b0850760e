"""What changed between two contents of a procedure: one answer for page, diagram, readers, drift."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from nep.apps.procedures.rules.beginning import begins_said
from nep.apps.procedures.rules.beside_changed import BESIDE, note_changes
from nep.apps.procedures.rules.carried import (
    FILE,
    KIND_NAMES,
    NOTHING,
    Carried,
    DataField,
    KeptRecord,
)
from nep.apps.procedures.rules.condition_words import (
    Labels,
    condition_words,
    labels_of,
    same_condition,
)
from nep.apps.procedures.rules.draft import POLICY_NAMES, Draft
from nep.apps.procedures.rules.either import together, together_said
from nep.apps.procedures.rules.events import event_said
from nep.apps.procedures.rules.opinions import asked_said
from nep.apps.procedures.rules.other_rows import (
    UNNAMED,
    groups_around,
    groups_of,
    row_said,
    times_of,
)
from nep.apps.procedures.rules.pairing import Pairing, moved_rows, pair, place
from nep.apps.procedures.rules.paper import SECTIONS
from nep.apps.procedures.rules.table import GROUP, Branch, Step, Table, group_rows
from nep.apps.procedures.rules.targets import target_said
from nep.apps.procedures.rules.threads import threads_said
from nep.apps.procedures.rules.wording import OUTSIDE, limit_text
from nep.kernel.text import fold, shorten

ADDED, REMOVED, CHANGED, MOVED = "added", "removed", "changed", "moved"
KIND_WORDS: dict[str, str] = {
    ADDED: "thêm",
    REMOVED: "bỏ",
    CHANGED: "sửa",
    MOVED: "chuyển chỗ",
}
WHOLE = ""
BESIDE_NEXT = "làm song song với bước cạnh bên"
_LONGEST, _MOST = 160, 8
_SHEETS = {
    "changes": "Bảng theo dõi sửa đổi",
    "recipients": "Danh sách phân phối",
    "signers": "Người ký",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that changed.

    `kind` is added, removed, changed or moved; `step` the identifier in the new content (in the
    old one for a removed step, "" for the procedure as a whole); `before` and `after` are the
    numbers of the step, 0 where it does not stand; `field` names what changed ("" for the step as
    such); `words` is a sentence; `element` the flow of a changed way out.
    """

    kind: str
    step: str
    before: int
    after: int
    field: str
    words: str
    old: str = ""
    new: str = ""
    element: str = ""


def differences(
    old: Draft, new: Draft, *, roles: Mapping[str, str] | None = None
) -> tuple[Difference, ...]:
    """Return what changed, the procedure as a whole first, then by the rows of the new table.

    `roles` gives the words of role keys; without it the keys stand in the sentences. Equal
    contents give nothing.
    """
    pairing = pair(old.table, new.table)
    names = roles or {}
    found = list(_whole(old, new))
    moved = moved_rows(old.table, new.table, pairing)
    gone = [step for step in old.table.steps if step.id not in pairing.to_new]
    was_beside, beside = (_beside(one) for one in (old, new))
    for after, step in enumerate(new.table.steps, start=1):
        source = pairing.to_old.get(step.id)
        if source is None:
            words = f"Thêm bước {new.table.label(step.id)} “{step.name}”" + _said_role(step, names)
            words += f", {said}" if (said := beside.get(step.id)) else ""
            found.append(Difference(ADDED, step.id, 0, after, "", words, "", step.name))
            continue
        before = place(old.table, source)
        if step.id in moved:
            one, other = old.table.label(source), new.table.label(step.id)
            words = f"Bước {one} “{step.name}” chuyển thành bước {other}"
            found.append(Difference(MOVED, step.id, before, after, "", words, one, other))
        found += _step(old, new, source, step, pairing, names)
        was, now = was_beside.get(source, ""), beside.get(step.id, "")
        if was != now and (bool(was) is not bool(now) or BESIDE_NEXT not in (was, now)):
            head = f"Bước {new.table.label(step.id)} “{step.name}”"
            words = f"{head}: {now or 'không làm song song nữa'}"
            found.append(Difference(CHANGED, step.id, before, after, "group", words, was, now))
    found += _groups(old, new)
    for step in gone:
        before = place(old.table, step.id)
        words = f"Bỏ bước {old.table.label(step.id)} “{step.name}”"
        found.append(Difference(REMOVED, step.id, before, 0, "", words, step.name, ""))
    if old.table.wiring != new.table.wiring and not any(
        one.step or one.field == "begins" for one in found
    ):
        words = "Cả quy trình: cách nối các bước trên lưu đồ thay đổi"
        found.append(Difference(CHANGED, WHOLE, 0, 0, "wiring", words))
    for note in note_changes(old, new):
        words, was, now = note.words, note.old, note.new
        found.append(Difference(note.kind, WHOLE, 0, 0, BESIDE, words, was, now, note.id))
    return tuple(found)


def _beside(draft: Draft) -> dict[str, str]:
    """Return in words what each row that runs side by side runs beside."""
    grouped = {step.id: BESIDE_NEXT for step in draft.table.steps if step.group}
    return grouped | threads_said(draft.table, labels_of(draft.carried))


def _whole(old: Draft, new: Draft) -> Iterator[Difference]:
    pairs = (
        ("limit", "thời hạn giải quyết", _limit_words(old), _limit_words(new)),
        (
            "policy",
            "cách tính khi chờ bổ sung",
            POLICY_NAMES.get(old.pause_policy, old.pause_policy).lower(),
            POLICY_NAMES.get(new.pause_policy, new.pause_policy).lower(),
        ),
        ("begins", "hồ sơ bắt đầu", begins_said(old.table), begins_said(new.table)),
    )
    for field, label, before, after in pairs:
        if before != after:
            words = f"Cả quy trình: {label} {_from_to(before, after)}"
            yield Difference(CHANGED, WHOLE, 0, 0, field, words, before, after)
    for head in SECTIONS:
        one, other = old.paper.text(head.key), new.paper.text(head.key)
        if one != other:
            words = f"Mục {head.printed}: {_text_change(one, other)}"
            yield Difference(CHANGED, WHOLE, 0, 0, f"paper.{head.key}", words, one, other)
    for key, label in _SHEETS.items():
        one, other = _sheet(getattr(old.paper, key)), _sheet(getattr(new.paper, key))
        if one != other:
            words = f"{label}: {_text_change(one, other)}"
            yield Difference(CHANGED, WHOLE, 0, 0, f"paper.{key}", words, one, other)


def _sheet(rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(", ".join(cell for cell in row if cell) for row in rows)


def _text_change(old: str, new: str) -> str:
    """Return what became of a text of many lines: each changed line, from where it differs."""
    if not (old and new) or ("\n" not in old + new and max(len(old), len(new)) <= _LONGEST):
        return _from_to(old, new)
    before, after = old.split("\n"), new.split("\n")
    said: list[str] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        gone, come = [one for one in before[i1:i2] if one], [one for one in after[j1:j2] if one]
        for one, other in zip(gone, come, strict=False):
            said.append(_from_to(*_apart(one, other)))
        said += [f"thêm “{shorten(one, _LONGEST)}”" for one in come[len(gone) :]]
        said += [f"bỏ “{shorten(one, _LONGEST)}”" for one in gone[len(come) :]]
    more = f"; và {len(said) - _MOST} chỗ khác" if len(said) > _MOST else ""
    return "; ".join(said[:_MOST]) + more if said else "đổi cách xuống dòng"


def _apart(old: str, new: str) -> tuple[str, str]:
    """Return two long lines without the beginning they share."""
    if max(len(old), len(new)) <= _LONGEST:
        return old, new
    same = next(
        (at for at, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]),
        min(len(old), len(new)),
    )
    start = old.rfind(" ", 0, max(0, same - 30)) + 1
    return (f"…{old[start:]}", f"…{new[start:]}") if start else (old, new)


def _limit_words(draft: Draft) -> str:
    return limit_text(draft.limit_amount, draft.limit_unit)


def _step(
    old: Draft, new: Draft, source: str, step: Step, pairing: Pairing, names: Mapping[str, str]
) -> Iterator[Difference]:
    """Yield what changed in a step that stands in both."""
    known = old.table.step(source)
    if known is None:
        return
    before, after = place(old.table, source), place(new.table, step.id)
    head = f"Bước {new.table.label(step.id)} “{step.name}”"

    def changed(field: str, words: str, one: str, other: str, element: str = "") -> Difference:
        return Difference(
            CHANGED, step.id, before, after, field, f"{head}: {words}", one, other, element
        )

    labels, old_labels = labels_of(new.carried), labels_of(old.carried)
    one, other = row_said(known, old_labels), row_said(step, labels)
    was_, now_ = _group(old.table, known), _group(new.table, step)
    if was_ != now_:
        yield changed("inside", f"nhóm bước {_from_to(was_, now_)}", was_, now_)
    was_, now_ = (together_said(one.table, of, together(one.table))
                  for one, of in ((old, source), (new, step.id)))  # fmt: skip
    if bool(was_) is not bool(now_):
        yield changed("either", now_ or f"thôi {was_}", was_, now_)
    for words, was_, now_ in _events(old, new, known, step, (old_labels, labels)):
        yield changed("event", words, was_, now_)
    if one != other or known.called != step.called:
        yield changed("row", _row_change(one, other), one, other)
    for field, label, one, other in _cells(known, step, names):
        if one != other:
            yield changed(field, f"{label} {_from_to(one, other)}", one, other)
    one, other = after_said(old.table, known), after_said(new.table, step)
    led = pairing.to_new.get(known.after, known.after)
    if (led, known.after_bound) != (step.after, step.after_bound):
        yield changed("after", f"xong thì đi tiếp {_from_to(one, other)}", one, other)
    for verb, was, now in _branches(known, step, pairing):
        before_said = branch_said(was, old.table, old_labels)
        after_said_ = branch_said(now, new.table, labels)
        words = f"{verb} nhánh {after_said_ or before_said}"
        if was and now:
            words += f", trước là {before_said}"
        yield changed(
            "branch",
            words,
            before_said,
            after_said_,
            now.id if now else was.id if was else "",
        )
    mine, yours = old.carried.get(source, NOTHING), new.carried.get(step.id, NOTHING)
    for field, words, was_, now_ in _carried(mine, yours, old_labels, labels):
        yield changed(field, words, was_, now_)


def _group(table: Table, step: Step) -> str:
    around = groups_around(table).get(step.id, ())
    return ", trong ".join(group.name or UNNAMED for group in around[::-1])


def _events(
    old: Draft, new: Draft, known: Step, step: Step, labels: tuple[Labels, Labels]
) -> Iterator[tuple[str, str, str]]:
    """Yield (words, old, new) of what may end or accompany a step and differs."""
    whole = step.kind == GROUP
    had = {one.id: event_said(old.table, one, labels[0], is_whole=whole) for one in known.events}
    has = {one.id: event_said(new.table, one, labels[1], is_whole=whole) for one in step.events}
    for id_ in dict.fromkeys((*has, *had)):
        was, now = had.get(id_, ""), has.get(id_, "")
        if was and now and was != now:
            yield f"nay {now}, trước là {was}", was, now
        elif was != now:
            yield f"{'thêm' if now else 'bỏ'} “{now or was}”", was, now


def _groups(old: Draft, new: Draft) -> Iterator[Difference]:
    """Yield what may end or accompany a whole group and differs, at the group's first row."""
    known = {one.id: one for one in group_rows(old.table)}
    labels = labels_of(old.carried), labels_of(new.carried)
    begun = groups_of(new.table).items()
    for first, group in ((row, group) for row, groups in begun for group in groups):
        had = known.get(group.id, replace(group, events=()))
        before, after = place(old.table, first), place(new.table, first)
        for said, was, now in _events(old, new, had, group, labels):
            words = f"Nhóm bước “{group.name}”: {said}"
            yield Difference(CHANGED, first, before, after, "event", words, was, now)


def _row_change(old: str, new: str) -> str:
    """Return what became of a row that runs, waits or sends; "chọn lần ban hành khác" where only that."""
    if old == new:
        return "chọn lần ban hành khác của quy trình được thực hiện"
    if not new:
        return f"nay có người làm, trước là {old}"
    return f"nay {new}" + (f", trước là {old}" if old else "")


def _cells(old: Step, new: Step, names: Mapping[str, str]) -> Iterator[tuple[str, str, str, str]]:
    yield "name", "tên bước", old.name, new.name
    yield "note", "mô tả", old.note, new.note
    yield "role", "người chịu trách nhiệm", role_said(old, names), role_said(new, names)
    yield "limit", "thời hạn", time_said(old), time_said(new)
    yield "asked", "cách xin ý kiến", asked_said(old.instances), asked_said(new.instances)
    yield "forms", "biểu mẫu, kết quả", "; ".join(old.forms), "; ".join(new.forms)
    yield "question", "câu hỏi ở chỗ rẽ nhánh", old.question, new.question
    if old.branches and new.branches:
        yield "default_name", "tên đường mặc định", old.default_name, new.default_name


def role_said(step: Step, names: Mapping[str, str]) -> str:
    """Return who does a step, in words."""
    return names.get(step.role, step.role.removeprefix(OUTSIDE))


def time_said(step: Step) -> str:
    """Return the limit of a step in words."""
    if step.untimed:
        return "không tính thời gian"
    return " ".join(limit_text(one.amount, one.unit) for one in times_of(step))


def after_said(table: Table, step: Step) -> str:
    """Return where a step leads when no branch is taken, in words."""
    said = target_said(table, step.after) if step.after else "bước kế tiếp"
    return f"{said}, tối đa {step.after_bound} lần" if step.after_bound is not None else said


def _branches(
    old: Step, new: Step, pairing: Pairing
) -> Iterator[tuple[str, Branch | None, Branch | None]]:
    """Yield (verb, old branch, new branch) of the ways out that differ, by identifier or name."""
    left = list(old.branches)
    for branch in new.branches:
        known = next((one for one in left if one.id == branch.id), None) or next(
            (one for one in left if fold(one.name) == fold(branch.name)), None
        )
        if known is None:
            yield "thêm", None, branch
            continue
        left.remove(known)
        same = same_condition(known.condition, branch.condition)
        if _way(known, pairing) != _way(branch, None) or not same:
            yield "sửa", known, branch
    for branch in left:
        yield "bỏ", branch, None


def _way(branch: Branch, pairing: Pairing | None) -> tuple[object, ...]:
    target = pairing.to_new.get(branch.target, branch.target) if pairing else branch.target
    return target, branch.name, branch.supplement, branch.bound


def branch_said(branch: Branch | None, table: Table, labels: Labels) -> str:
    """Return a way out in words: "“Chưa đạt” đến bước 2, khi Kết quả là Đạt, tối đa 2 lần"."""
    if branch is None:
        return ""
    said = f"“{branch.name}” đến {target_said(table, branch.target)}"
    if branch.condition:
        said += f", khi {condition_words(branch.condition, labels)}"
    if branch.supplement:
        said += ", chờ bổ sung"
    if branch.bound is not None:
        said += f", tối đa {branch.bound} lần"
    return said


def _carried(
    old: Carried, new: Carried, old_labels: Labels, labels: Labels
) -> Iterator[tuple[str, str, str, str]]:
    """Yield (field, words, old, new) of forms, record and data that differ."""
    had = {form.document_id: f"{form.code} {form.title}".strip() for form in old.forms}
    has = {form.document_id: f"{form.code} {form.title}".strip() for form in new.forms}
    for id_, said in has.items():
        if id_ not in had:
            yield "carried_forms", f"thêm biểu mẫu {said}", "", said
    for id_, said in had.items():
        if id_ not in has:
            yield "carried_forms", f"bỏ biểu mẫu {said}", said, ""
    one, other = record_said(old.record), record_said(new.record)
    if one != other:
        yield "record", f"hồ sơ để lại {_from_to(one, other)}", one, other
    for field in new.fields:
        known = old.field(field.name)
        if known is None:
            said = field_said(field, labels)
            yield "data", f"thêm ô dữ liệu {said}", "", said
        elif known != field:
            was, now = field_said(known, old_labels), field_said(field, labels)
            yield "data", f"sửa ô dữ liệu {now}, trước là {was}", was, now
    for field in old.fields:
        if new.field(field.name) is None:
            said = field_said(field, old_labels)
            yield "data", f"bỏ ô dữ liệu {said}", said, ""


def record_said(record: KeptRecord | None) -> str:
    """Return the record of a step in words: "Biên bản thẩm định, lưu tại Phòng X, 5 năm"."""
    if record is None:
        return ""
    parts = [record.name, f"lưu tại {record.place}" if record.place else "", record.term]
    return ", ".join(part for part in parts if part)


def field_said(field: DataField, labels: Labels) -> str:
    """Return a field in words: "“Diện tích” (số, bắt buộc)"."""
    return f"“{field.label}” ({field_facts(field, labels)})"


def field_facts(field: DataField, labels: Labels) -> str:
    """Return what a field asks for: "số, bắt buộc"."""
    facts = [KIND_NAMES.get(field.kind, field.kind)]
    facts += ["bắt buộc"] if field.is_required else []
    verb = "nhận" if field.kind == FILE else "chọn"
    facts += [f"{verb}: {'; '.join(field.choices)}"] if field.choices else []
    facts += [f"tối đa {field.most_mb} MB"] if field.most_mb else []
    facts += [f"khi {condition_words(field.shown_if, labels)}"] if field.shown_if else []
    facts += ["dữ liệu cá nhân"] if field.is_personal else []
    return ", ".join(facts)


def _from_to(old: str, new: str) -> str:
    before, after = shorten(_on_one_line(old), _LONGEST), shorten(_on_one_line(new), _LONGEST)
    if not old:
        return f"nay ghi “{after}”"
    if not new:
        return f"bỏ trống, trước là “{before}”"
    return f"từ “{before}” thành “{after}”"


def _on_one_line(text: str) -> str:
    """Return lines one after the other, a semicolon where a line ends without a mark of its own."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    ended = [line if line[-1] in ".;:,!?" else f"{line};" for line in lines[:-1]]
    return " ".join([*ended, *lines[-1:]])


def _said_role(step: Step, names: Mapping[str, str]) -> str:
    said = [role_said(step, names), time_said(step)]
    words = ", ".join(part for part in said if part)
    return f", {words}" if words else ""
