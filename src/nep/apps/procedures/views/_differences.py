"""The page that says what changed between two versions: in words, in the table, on the diagram."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from nep.apps.procedures import queries
from nep.apps.procedures.queries import ComparedVersions
from nep.apps.procedures.rules import differences as rules
from nep.apps.procedures.rules.beside_changed import BESIDE
from nep.apps.procedures.rules.carried import NOTHING
from nep.apps.procedures.rules.condition_words import labels_of
from nep.apps.procedures.rules.diagram import drawn_process
from nep.apps.procedures.rules.differences import Difference
from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.pairing import Pairing, pair
from nep.apps.procedures.rules.table import Step, Table, node_rows
from nep.bpmn import render_svg
from nep.foundation.web import pages
from nep.kernel.difference import Piece, words_changed
from nep.kernel.errors import NotFound
from nep.kernel.text import whole_number

SIGNS = {rules.ADDED: "+", rules.REMOVED: "–", rules.CHANGED: "≠", rules.MOVED: "↕"}
SAME = "same"


@dataclass(frozen=True, slots=True)
class MarkedRow:
    """One row of both tables in one; `marks` are (kind, sign, word) of what became of it."""

    id: str
    before: str
    after: str
    kind: str
    marks: tuple[tuple[str, str, str], ...]
    cells: tuple[tuple[tuple[Piece, ...], ...], ...]


def revision_differences(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Show what a version changes against another one; `voi` names the other one."""
    asked = request.GET.get("voi", "")
    with_id = whole_number(asked) or None
    if asked and with_id is None:
        raise NotFound()
    found = queries.compared_versions(
        agency_id=request.actor.agency_id,  # type: ignore[attr-defined]
        revision_id=revision_id,
        with_id=with_id,
    )
    context = {"compared": found, "revision": found.new, "signs": SIGNS, **_shown(found)}
    return pages.render(request, "procedures/differences.html", context)


def _shown(found: ComparedVersions) -> dict[str, object]:
    if found.old_draft is None:
        return {"heading": _("Đây là bản đầu tiên, chưa có bản nào để so")}
    pairing = pair(found.old_draft.table, found.new_draft.table)
    marks = _marks(found.found)
    return {
        "heading": heading(found.found),
        "lines": tuple(
            (one.kind, SIGNS[one.kind], rules.KIND_WORDS[one.kind], _sentence(one.words))
            for one in found.found
        ),
        "rows": tuple(_rows(found, pairing, marks)),
        "old_diagram": _diagram(found.old_draft, found, _old_marks(found, pairing, marks)),
        "new_diagram": _diagram(found.new_draft, found, _flow_marks(found, marks)),
    }


def _sentence(words: str) -> str:
    """Return words with their full stop, one that stands within the last quotation marks counts."""
    return words if words.rstrip("”").endswith((".", "…")) else f"{words}."


def heading(found: tuple[Difference, ...]) -> str:
    """Return what changed in numbers: "Thêm 1 bước, sửa 2 bước"."""
    steps = {(one.kind, one.step) for one in found if one.step}
    counts = Counter(kind for kind, _step in steps)
    parts = [
        _("%(verb)s %(n)s bước") % {"verb": rules.KIND_WORDS[kind], "n": counts[kind]}
        for kind in SIGNS
        if counts[kind]
    ]
    if any(not one.step and one.field != BESIDE for one in found):
        parts.append(_("sửa quy định chung"))
    if any(one.field == BESIDE for one in found):
        parts.append(_("sửa ghi chú"))
    said = ", ".join(parts)
    return said[:1].upper() + said[1:] if said else _("Hai bản giống nhau")


def _marks(found: tuple[Difference, ...]) -> dict[str, list[str]]:
    """Return what became of each step, by its identifier in the new table ("-id" when removed)."""
    marks: dict[str, list[str]] = {}
    for one in found:
        key = f"-{one.step}" if one.kind == rules.REMOVED else one.step
        known = marks.setdefault(key, [])
        if one.kind not in known:
            known.append(one.kind)
    return marks


def _rows(
    found: ComparedVersions, pairing: Pairing, marks: Mapping[str, list[str]]
) -> Iterator[MarkedRow]:
    """Yield the rows of the new table, each removed row after the row it stood below."""
    old, new = found.old_draft, found.new_draft
    if old is None:
        return
    removed = _removed_after(old.table, pairing)
    for step in removed.get("", ()):
        yield _row(found, step, None, marks)
    for step in new.table.steps:
        known = old.table.step(pairing.to_old.get(step.id, ""))
        yield _row(found, known, step, marks)
        if known is not None:
            for gone in removed.get(known.id, ()):
                yield _row(found, gone, None, marks)


def _removed_after(old: Table, pairing: Pairing) -> dict[str, list[Step]]:
    above, found = "", {}  # type: str, dict[str, list[Step]]
    for step in old.steps:
        if step.id in pairing.to_new:
            above = step.id
        else:
            found.setdefault(above, []).append(step)
    return found


def _row(
    found: ComparedVersions, old: Step | None, new: Step | None, marks: Mapping[str, list[str]]
) -> MarkedRow:
    shown = new or old
    assert shown is not None
    kinds = marks.get(shown.id if new else f"-{shown.id}", [])
    return MarkedRow(
        id=f"moi-{shown.id}" if new else f"cu-{shown.id}",
        before=_number(found.old_draft, old),
        after=_number(found.new_draft, new),
        kind=kinds[0] if kinds else SAME,
        marks=tuple((kind, SIGNS[kind], rules.KIND_WORDS[kind]) for kind in kinds),
        cells=tuple(
            tuple(words_changed(one, other) for one, other in lines if one or other)
            for lines in _cells(old, new, found)
        ),
    )  # fmt: skip


def _number(draft: Draft | None, step: Step | None) -> str:
    return draft.table.label(step.id) if draft is not None and step is not None else ""


def _cells(
    old: Step | None, new: Step | None, found: ComparedVersions
) -> Iterator[Iterator[tuple[str, str]]]:
    """Yield the lines of the four cells of a row as (old, new)."""
    one, other = _said(old, found.old_draft, found), _said(new, found.new_draft, found)
    for cell in range(4):
        keys = dict.fromkeys([*one[cell], *other[cell]])
        yield ((one[cell].get(key, ""), other[cell].get(key, "")) for key in keys)


def _said(
    step: Step | None, draft: Draft | None, found: ComparedVersions
) -> tuple[dict[str, str], ...]:
    """Return the lines of the four cells of a step, each under a key that both versions share."""
    if step is None or draft is None:
        return {}, {}, {}, {}
    carried = draft.carried.get(step.id, NOTHING)
    labels = labels_of(draft.carried)
    ways = {f"way-{one.id}": rules.branch_said(one, draft.table, labels) for one in step.branches}
    then = f"→ {rules.after_said(draft.table, step)}" if step.after else ""
    return (
        {"name": step.name, "note": step.note, **ways, "then": then},
        {"role": rules.role_said(step, found.roles)},
        {"time": rules.time_said(step)},
        {
            "forms": "; ".join(step.forms),
            **{
                f"form-{one.document_id}": f"{one.code} {one.title}".strip()
                for one in carried.forms
            },
            "record": rules.record_said(carried.record),
            **{f"field-{one.name}": rules.field_said(one, labels) for one in carried.fields},
        },
    )


def _flow_marks(found: ComparedVersions, marks: Mapping[str, list[str]]) -> dict[str, str]:
    """Return the marks of the new diagram."""
    known = {step: " ".join(kinds) for step, kinds in marks.items() if step and step[0] != "-"}
    ways = {one.element: _mark(one) for one in found.found if one.element and one.new}
    return {**ways, **known}


def _mark(one: Difference) -> str:
    """Return what became of a way or a note; a way that came or went changed its step."""
    return one.kind if one.field == BESIDE else rules.CHANGED


def _old_marks(
    found: ComparedVersions, pairing: Pairing, marks: Mapping[str, list[str]]
) -> dict[str, str]:
    """Return the marks of the old diagram: what went, what changed, what moved."""
    gone = {step[1:]: rules.REMOVED for step in marks if step.startswith("-")}
    known = {
        pairing.to_old[step]: " ".join(kinds)
        for step, kinds in marks.items()
        if step in pairing.to_old
    }
    ways = {one.element: _mark(one) for one in found.found if one.element and one.old}
    return {**ways, **known, **gone}


def _diagram(draft: Draft, found: ComparedVersions, marks: Mapping[str, str]) -> SafeString:
    process = drawn_process(draft, found.roles)
    rows = node_rows(draft.table)
    drawn = render_svg(process, marks=marks, labels=found.roles, lanes=False, rows=rows)
    return mark_safe(drawn)  # noqa: S308
