"""Edits made by drawing: the whole diagram taken over, and dragged places given up."""

from collections.abc import Mapping
from dataclasses import replace

from nep.apps.procedures.rules.beside import followed, notes_said
from nep.apps.procedures.rules.beside_drawn import merged_beside
from nep.apps.procedures.rules.by_hand import (
    MOST_LANES,
    kept_places,
    spare_lanes,
    with_spare_lane,
    without_lane,
)
from nep.apps.procedures.rules.differences import differences
from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.drawn import read_drawing
from nep.apps.procedures.rules.edits._ground import Answer, Changed, Edit, label
from nep.apps.procedures.rules.merging import merged
from nep.apps.procedures.rules.table import NotATable, gateway_id, table_of_graph, to_process
from nep.bpmn import Note, counterparts
from nep.kernel.decisions import Refused

_FEW = 3


def drawing_take(draft: Draft, edit: Edit, *, roles: Mapping[str, str] | None = None) -> Answer:
    """Take over a drawn diagram: rows, ways and places; what removed steps carried goes.

    `roles` gives the words of role keys for the sentence.
    """
    data = edit.values.get("xml", "").encode()
    found = read_drawing(data, table=draft.table, places=draft.places, beside=draft.beside)
    if isinstance(found, Refused):
        return found
    kept = {step.id for step in found.table.tasks}
    carried = {step: one for step, one in draft.carried.items() if step in kept}
    changed = replace(
        draft, table=found.table, places=found.places, carried=carried, beside=found.beside
    )
    said = [
        one.words[:1].lower() + one.words[1:] for one in differences(draft, changed, roles=roles)
    ]
    if not said:
        drawn = found.table != draft.table
        said = ["sửa đường nối" if drawn else "xếp lại chỗ đứng, đường nối"]
    more = f"; và {len(said) - _FEW} thay đổi khác" if len(said) > _FEW else ""
    return Changed(changed, f"trên lưu đồ: {'; '.join(said[:_FEW])}{more}")


def places_clear(draft: Draft, edit: Edit) -> Answer:
    """Let every step and line stand where the table puts it; empty lanes stay."""
    return Changed(replace(draft, places=kept_places(draft.places)), "xếp lưu đồ theo bảng")


def lane_put(draft: Draft, edit: Edit) -> Answer:
    """Keep a lane for a role although no step stands in it yet."""
    role = edit.text("role")[:160]
    if not role:
        return Refused("role_missing", "Hãy chọn vai trò của làn.", field="role")
    if role in {step.role for step in draft.table.steps} or role in spare_lanes(draft.places):
        return Refused("lane_known", "Lưu đồ đã có làn của vai trò này.", field="role")
    if len(spare_lanes(draft.places)) >= MOST_LANES:
        return Refused("too_many_lanes", f"Một lưu đồ có tối đa {MOST_LANES} làn trống.")
    return Changed(replace(draft, places=with_spare_lane(draft.places, role)), "thêm làn trống")


def lane_remove(draft: Draft, edit: Edit) -> Answer:
    """Give up a lane that no step stands in."""
    role = edit.text("role")
    if role not in spare_lanes(draft.places):
        return Refused("lane_gone", "Làn này không còn. Hãy tải lại trang.")
    return Changed(replace(draft, places=without_lane(draft.places, role)), "bỏ làn trống")


def drawing_merge(
    base: Draft, draft: Draft, edit: Edit, *, roles: Mapping[str, str] | None = None
) -> Answer:
    """Bring a diagram drawn from an older content together with what changed since.

    Codes besides those of a drawing: `drawing_clash`, where both changed the same element.
    """
    mine = drawing_take(base, edit, roles=roles)
    if isinstance(mine, Refused):
        return mine
    if draft.table == base.table:
        table = mine.draft.table
    else:
        both = merged(base.process, mine.draft.process, draft.process)
        if isinstance(both, str):
            return _clash(draft, mine.draft, both)
        try:
            table = table_of_graph(both, draft.table, draft.process)
        except NotATable as error:
            return _clash(draft, mine.draft, str(error))
    kept = {step.id for step in table.tasks}
    carried = {step: one for step, one in draft.carried.items() if step in kept}
    places = {**draft.places, **mine.draft.places}
    graph = to_process(table)
    called = counterparts(mine.draft.process, graph, {})
    theirs = followed(draft.process, graph, draft.beside).beside
    beside = merged_beside(base.beside, mine.draft.beside, theirs, called)
    if isinstance(beside, Note):
        return Refused(
            "drawing_clash",
            f"Cả hai cùng sửa {notes_said([beside])}, không ghép được. Hãy mở bản mới và sửa lại "
            "chỗ ấy.",
            field=beside.id,
        )
    changed = replace(draft, table=table, places=places, carried=carried, beside=beside)
    return Changed(changed, f"{mine.text} (ghép với thay đổi của người khác)")


def _clash(draft: Draft, mine: Draft, element: str) -> Refused:
    """Refuse by the step that both sides changed."""
    for table in (draft.table, mine.table):
        for step in table.steps:
            near = {step.id, gateway_id(step.id), f"f-{step.id}", f"f-{gateway_id(step.id)}"}
            if element in near or any(branch.id == element for branch in step.branches):
                return Refused(
                    "drawing_clash",
                    f"Cả hai cùng sửa {label(table, step)} hoặc đường đi của nó, không ghép được. "
                    "Hãy mở bản mới và vẽ lại chỗ ấy.",
                    field=step.id,
                )
    return Refused(
        "drawing_clash",
        f"Cả hai cùng sửa phần “{element}” của lưu đồ, không ghép được. Hãy mở bản mới và vẽ lại "
        "chỗ ấy.",
        field=element,
    )
