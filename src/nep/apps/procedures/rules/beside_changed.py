"""What became of notes and data between two contents of a procedure, in words."""

from collections.abc import Iterator
from dataclasses import dataclass

from nep.apps.procedures.rules.beside import NOTE_WORDS, notes_beside, short
from nep.apps.procedures.rules.draft import Draft
from nep.bpmn import Note

BESIDE = "beside"


@dataclass(frozen=True, slots=True)
class NoteChange:
    """One note that came ("added"), went ("removed") or changed, with both its wordings."""

    kind: str
    words: str
    old: str
    new: str
    id: str


_UNNAMED = "chưa đặt tên"


def note_changes(old: Draft, new: Draft) -> Iterator[NoteChange]:
    """Yield what became of the notes, data objects and stores beside the table."""
    if old.beside == new.beside:
        return
    before = {note.id: note for note in notes_beside(old.beside)}
    after = {note.id: note for note in notes_beside(new.beside)}
    for name, note in after.items():
        was = before.get(name)
        if was is None:
            yield NoteChange("added", f"Thêm {_said(new, note)}", "", note.text or _UNNAMED, name)
            continue
        if was.text != note.text:
            words = f"{_said(new, note)}: nay là “{short(note.text)}”, trước là “{short(was.text)}”"
            yield NoteChange(
                "changed",
                words[:1].upper() + words[1:],
                was.text or _UNNAMED,
                note.text or _UNNAMED,
                name,
            )
        elif _about(old, was) != _about(new, note):
            words = f"{_named(note)} nay {_about(new, note) or 'không gắn với hình nào'}"
            yield NoteChange(
                "changed",
                words[:1].upper() + words[1:],
                was.text or _UNNAMED,
                note.text or _UNNAMED,
                name,
            )
    for name, note in before.items():
        if name not in after:
            yield NoteChange("removed", f"Bỏ {_said(old, note)}", note.text or _UNNAMED, "", name)


def _said(draft: Draft, note: Note) -> str:
    return f"{_named(note)} {_about(draft, note)}".strip()


def _named(note: Note) -> str:
    return f"{NOTE_WORDS[note.kind]} “{short(note.text)}”"


def _about(draft: Draft, note: Note) -> str:
    """Return what a note is about: “ở bước “Ký”, “Trả kết quả””; "" where it is about nothing."""
    process = draft.process
    names = {node.id: node.name for node in process.nodes}
    steps = {node.id for node in process.nodes if node.kind == "task"}
    known = {flow.id for flow in process.flows} | names.keys()
    found = [tie.host for tie in note.ties if tie.host in known]
    if not found:
        return ""
    named = [f"“{short(names[host])}”" for host in found if names.get(host)]
    if not named:
        return "trên lưu đồ"
    return ("ở bước " if steps & set(found) else "ở ") + ", ".join(dict.fromkeys(named))
