"""Edits of a draft: one by one in the table, whole drawings, and taking them back."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from nep.apps.documents import services as documents
from nep.apps.organization.queries import person_names
from nep.apps.organization.rules import Actor, may
from nep.apps.procedures.models import Definition, DefinitionEdit
from nep.apps.procedures.ports import decide_content
from nep.apps.procedures.queries import draft_of_row, role_options
from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.edits import (
    Answer,
    Changed,
    Edit,
    apply,
    drawing_merge,
    drawing_take,
    typed_on,
)
from nep.apps.procedures.rules.undo import Pile, after_change, after_redo, after_undo
from nep.apps.procedures.services._carried import (
    with_called_version,
    with_drawn_calls,
    with_known_form,
)
from nep.apps.procedures.services._drafts import columns_of
from nep.foundation.journal.services import record
from nep.kernel.decisions import Refused, require
from nep.kernel.errors import Conflict, NotFound, Refusal
from nep.kernel.vietnamese import local, time_text

DERIVED = frozenset({"content_hash", "total_hours", "step_count"})


@dataclass(frozen=True, slots=True)
class Edited:
    """A draft just changed: its new version and what was done."""

    version: int
    text: str


class EditConflict(Conflict):
    """Somebody else changed the draft first; `details` says who changed what, newest last.

    `edit` is what was typed on the older page, to be sent again.
    """

    def __init__(self, details: tuple[str, ...], version: int, edit: Edit | None = None) -> None:
        super().__init__(
            "definition_changed",
            "Có người đã sửa bản thảo này trước bạn. Thay đổi của bạn chưa được ghi.",
        )
        self.details = details
        self.version = version
        self.edit = edit


def definition_edit(
    *, actor: Actor, revision_id: int, expected_version: int, edit: Edit, now: datetime
) -> Edited:
    """Do one edit on a draft.

    An edit from an older page passes when only the same person changed the draft since, and takes
    back nothing that was written since; else EditConflict says who changed what, and nothing is
    written. Raises NotFound, Refusal.
    """
    require(may(actor, "procedure.draft"))
    with transaction.atomic():
        row = _locked(actor, revision_id, now)
        if row.version != expected_version:
            base = _draft_at(row, expected_version)
            edit = typed_on(base, edit) if base else edit
            _refuse_when_others(actor, row, expected_version, edit)
        known = with_called_version(actor, with_known_form(actor, edit), row.procedure_id)
        return _done(actor, row, apply(draft_of_row(row), known), now)


def definition_replace(
    *, actor: Actor, revision_id: int, draft: Draft, text: str, now: datetime
) -> Edited:
    """Let a draft say what another rule made of it, as one change that can be taken back.

    `text` says what was done. Raises NotFound, Refusal.
    """
    require(may(actor, "procedure.draft"))
    with transaction.atomic():
        return _done(actor, _locked(actor, revision_id, now), Changed(draft, text), now)


def drawing_save(
    *,
    actor: Actor,
    revision_id: int,
    expected_version: int,
    xml: str,
    is_merged: bool = False,
    now: datetime,
) -> Edited:
    """Take over a diagram drawn from the version `expected_version`.

    Where anybody changed the draft since, in another window too, EditConflict says what; with
    `is_merged` both changes are brought together instead, and what both changed is refused by
    name. Raises NotFound, Refusal.
    """
    require(may(actor, "procedure.draft"))
    with transaction.atomic():
        row = _locked(actor, revision_id, now)
        draft, edit = draft_of_row(row), Edit("draw", values={"xml": xml})
        roles = _role_words(actor.agency_id, now)
        if row.version == expected_version:
            answer = drawing_take(draft, edit, roles=roles)
            return _done(actor, row, with_drawn_calls(actor, draft, answer, row.procedure_id), now)
        base = _draft_at(row, expected_version) if is_merged else None
        if base is None:
            raise EditConflict(_said(row.edits.filter(version__gt=expected_version)), row.version)
        answer = drawing_merge(base, draft, edit, roles=roles)
        return _done(actor, row, with_drawn_calls(actor, draft, answer, row.procedure_id), now)


def _role_words(agency_id: int, now: datetime) -> dict[str, str]:
    """Return the words of every role a step of the agency can be given to."""
    options = role_options(agency_id=agency_id, today=local(now).date())
    return {one.key: one.words for one in options}


def definition_undo(
    *,
    actor: Actor,
    revision_id: int,
    expected_version: int,
    is_of_others: bool = False,
    now: datetime,
) -> Edited:
    """Take the last change of a draft back.

    Somebody else's change only with `is_of_others`. Raises NotFound, EditConflict,
    Refusal("nothing_to_undo", "undo_of_others").
    """
    return _taken_back(actor, revision_id, expected_version, False, is_of_others, now)


def definition_redo(
    *,
    actor: Actor,
    revision_id: int,
    expected_version: int,
    is_of_others: bool = False,
    now: datetime,
) -> Edited:
    """Do again what was taken back last.

    What somebody else took back only with `is_of_others`. Raises NotFound, EditConflict,
    Refusal("nothing_to_redo", "undo_of_others").
    """
    return _taken_back(actor, revision_id, expected_version, True, is_of_others, now)


def _taken_back(
    actor: Actor, revision_id: int, expected: int, is_redo: bool, is_of_others: bool, now: datetime
) -> Edited:
    require(may(actor, "procedure.draft"))
    with transaction.atomic():
        row = _locked(actor, revision_id, now)
        if row.version != expected:
            _refuse_when_others(actor, row, expected)
        last = _pile(row.edits.get(version=row.version))
        wanted = last.next_redo if is_redo else last.next_undo
        back = row.edits.filter(version=wanted).first() if wanted else None
        if back is None or back.before is None:
            raise Refusal(
                "nothing_to_redo" if is_redo else "nothing_to_undo",
                "Không còn thay đổi nào để làm lại."
                if is_redo
                else "Không còn thay đổi nào để hoàn tác.",
            )
        if back.person_id != actor.person_id and not is_of_others:
            raise Refusal("undo_of_others", _others_words(back, is_redo))
        following = after_redo if is_redo else after_undo
        text = back.text.removeprefix("hoàn tác: ") if is_redo else back.text
        for name, value in _unpacked(back.before).items():
            setattr(row, name, value)
        verb = "làm lại" if is_redo else "hoàn tác"
        changed = Changed(draft_of_row(row), f"{verb}: {text}")
        row.refresh_from_db()
        _save(actor, row, changed, following(last, _pile(back)), now)
    return Edited(row.version, changed.text)


def _others_words(back: DefinitionEdit, is_redo: bool) -> str:
    name = person_names([back.person_id]).get(back.person_id, "người khác")
    text = back.text.removeprefix("hoàn tác: ")
    if is_redo:
        return (
            f"{name} đã hoàn tác “{text}” lúc {time_text(back.at)}. Hãy hỏi lại trước khi làm lại."
        )
    return f"Thay đổi gần nhất là của {name} lúc {time_text(back.at)}: “{text}”."


def _done(actor: Actor, row: Definition, answer: Answer, now: datetime) -> Edited:
    if isinstance(answer, Refused):
        raise Refusal(answer.code, answer.message, answer.clause, answer.field)
    if answer.draft == draft_of_row(row):
        return Edited(row.version, "")
    last = _pile(row.edits.defer("before").get(version=row.version))
    _save(actor, row, answer, after_change(last), now)
    return Edited(row.version, answer.text)


def _save(actor: Actor, row: Definition, answer: Changed, pile: Pile, now: datetime) -> None:
    require(decide_content(row.agency_id, row.procedure_id, answer.draft), kind=Refusal)
    old_hash = row.content_hash
    columns = columns_of(answer.draft)
    replaced = {
        name: getattr(row, name)
        for name, value in columns.items()
        if name not in DERIVED and getattr(row, name) != value
    }
    row.version += 1
    for name, value in columns.items():
        setattr(row, name, value)
    changed = Definition.objects.filter(pk=row.pk, version=row.version - 1).update(
        version=row.version, **columns
    )
    if not changed:
        raise EditConflict(("Bản thảo vừa được người khác sửa cùng lúc.",), row.version)
    DefinitionEdit.objects.create(
        definition=row,
        version=row.version,
        person_id=actor.person_id,
        at=now,
        text=answer.text[:400],
        before=_packed(replaced),
        undoes=pile.undoes,
        next_undo=pile.next_undo,
        next_redo=pile.next_redo,
        below=pile.below,
    )
    record(
        actor_id=actor.person_id,
        agency_id=actor.agency_id,
        action="procedure.edited",
        object_type="revision",
        object_id=row.revision_id,
        at=now,
        old=old_hash,
        new={"hash": row.content_hash, "edit": answer.text},
    )


def _pile(edit: DefinitionEdit) -> Pile:
    return Pile(edit.version, edit.next_undo, edit.next_redo, edit.undoes, edit.below)


def _packed(columns: Mapping[str, Any]) -> bytes:
    """Return columns as packed JSON; numbers as text, nothing as null."""
    values = {
        name: value if value is None or isinstance(value, (bool, str)) else str(value)
        for name, value in columns.items()
    }
    return zlib.compress(json.dumps(values, ensure_ascii=False).encode(), 6)


def _unpacked(data: bytes | memoryview) -> dict[str, Any]:
    values = json.loads(zlib.decompress(bytes(data)))
    return {name: _FIELDS[name].to_python(value) for name, value in values.items()}


def _draft_at(row: Definition, version: int) -> Draft | None:
    """Return the draft as it was at an earlier version, or None where that is not known."""
    later = list(row.edits.filter(version__gt=version).order_by("-version"))
    if version < 1 or len(later) != row.version - version:
        return None
    past = Definition(**{name: getattr(row, name) for name in _CONTENT})
    for edit in later:
        if edit.before is None:
            return None
        for name, value in _unpacked(edit.before).items():
            setattr(past, name, value)
    return draft_of_row(past)


_FIELDS = {field.name: field for field in Definition._meta.concrete_fields}
_CONTENT = tuple(
    name
    for name, field in _FIELDS.items()
    if not field.is_relation and name not in {"id", "version", "item_id"}
)


def _refuse_when_others(
    actor: Actor, row: Definition, expected: int, edit: Edit | None = None
) -> None:
    edits = row.edits.defer("before").filter(version__gt=expected).order_by("version")
    others = [edit for edit in edits if edit.person_id != actor.person_id]
    if not others and expected < row.version:
        return
    raise EditConflict(_said(others), row.version, edit)


def _said(edits: Any) -> tuple[str, ...]:
    """Return who changed what when, the last eight edits."""
    found = sorted(edits, key=lambda edit: edit.version)[-8:]
    names = person_names(edit.person_id for edit in found)
    return tuple(
        f"{time_text(edit.at)} {names.get(edit.person_id, '')}: {edit.text}" for edit in found
    )


def _locked(actor: Actor, revision_id: int, now: datetime) -> Definition:
    """Return the definition of a draft of the actor's agency, locked until the end."""
    row = (
        Definition.objects.select_for_update()
        .filter(revision_id=revision_id, agency_id=actor.agency_id)
        .first()
    )
    if row is None:
        raise NotFound()
    documents.revision_touch(actor=actor, revision_id=revision_id, now=now)
    return row
