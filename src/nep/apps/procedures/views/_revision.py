"""The page of one revision, and the edits of its table."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nep.apps.organization.rules import may
from nep.apps.procedures import queries, services
from nep.apps.procedures.rules.by_hand import spare_lanes
from nep.apps.procedures.rules.condition_words import labels_of
from nep.apps.procedures.rules.edits import Edit
from nep.apps.procedures.rules.opinions import WAYS
from nep.apps.procedures.rules.other_rows import group_names, row_of_group
from nep.apps.procedures.rules.table import END, START
from nep.apps.procedures.rules.targets import end_said, ends_told, target_said
from nep.apps.procedures.views._carried import carried_panel
from nep.apps.procedures.views._citations import citations_of
from nep.apps.procedures.views._groups import group_panel
from nep.apps.procedures.views._others import (
    called_in,
    end_choices,
    event_choices,
    new_dialog,
    row_choices,
)
from nep.apps.procedures.views._threads import thread_choices
from nep.apps.procedures.views._workspace import (
    diagram_of,
    rows_of,
    workspace,
)
from nep.foundation.web import pages, slots
from nep.foundation.web.acting import today_of
from nep.foundation.web.once import once
from nep.kernel.errors import NotFound, Refusal

OWN_FIELDS = frozenset({"csrfmiddlewaretoken", "_once", "version", "do", "step", "back"})
TOLD_BEFORE = frozenset({"submitted", "checked", "approved"})
CELL_EDITS = frozenset({"row"})
STAYS = {  # edits made in the dialog of a step, which stays open where the next one is typed
    "form_attach": "bieu-mau-buoc",
    "form_detach": "bieu-mau-buoc",
    "record_put": "ho-so-buoc",
    "field_put": "du-lieu-buoc",
    "field_up": "du-lieu-buoc",
    "field_remove": "du-lieu-buoc",
    "question_put": "re-nhanh",
    "branch_put": "re-nhanh",
    "branch_remove": "re-nhanh",
    "end_put": "ket-thuc",
    "supplement": "re-nhanh",
    "opinions": "xin-y-kien",
    "either_add": "cung-cho",
    "event_add": "xen-vao",
    "event_remove": "xen-vao",
}
BACK = {"undo": services.definition_undo, "redo": services.definition_redo}


def revision_page(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Show the table beside its diagram, the proof, and what may be done now."""
    agency_id = request.actor.agency_id  # type: ignore[attr-defined]
    page = queries.procedure_page(revision_id=revision_id, agency_id=agency_id)
    context = workspace(request, page, today=today_of(request)) | citations_of(request, page)
    if step := request.GET.get("buoc", ""):
        context |= _panel(request, page, step)
    elif (after := request.GET.get("them", "")) and context["is_editable"]:
        context |= new_dialog(request, page, after)
    if page.revision.state in TOLD_BEFORE:
        context["effects"] = queries.effects_of_publishing(
            agency_id=agency_id, revision_id=revision_id, today=today_of(request)
        )
    context["above"] = slots.collect("procedures.above", request=request, page=page)
    return pages.render(request, "procedures/revision.html", context)


def step_panel(request: HttpRequest, revision_id: int, step: str) -> HttpResponse:
    """Show the ways out of a step, its place and its role, as a dialog."""
    if not getattr(request, "htmx", False):
        address = reverse("procedures:revision", args=[revision_id])
        return redirect(f"{address}?buoc={step}#{step}")
    agency_id = request.actor.agency_id  # type: ignore[attr-defined]
    page = queries.procedure_page(revision_id=revision_id, agency_id=agency_id)
    context = {"page": page, "revision": page.revision, **_panel(request, page, step)}
    return pages.render(request, "procedures/revision.html#panel", context)


def lanes(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Show the diagram with one lane per responsible role."""
    agency_id = request.actor.agency_id  # type: ignore[attr-defined]
    page = queries.procedure_page(revision_id=revision_id, agency_id=agency_id)
    keys = [step.role for step in page.draft.table.steps] + [*spare_lanes(page.draft.places)]
    words = queries.role_texts(agency_id=agency_id, keys=keys)
    report = queries.proof(
        agency_id=agency_id, draft=page.draft, tthc=page.tthc, today=today_of(request)
    )
    context = {"page": page, "diagram": diagram_of(page, words, report, lanes=True)}
    is_htmx = bool(getattr(request, "htmx", False))
    name = "revision.html#lane_dialog" if is_htmx else "lanes.html"
    return pages.render(request, f"procedures/{name}", context)


def _panel(request: HttpRequest, page: queries.ProcedurePage, step_id: str) -> dict:
    """Return what the dialog of one step needs. Raises NotFound."""
    actor = request.actor  # type: ignore[attr-defined]
    table = page.draft.table
    step = table.step(step_id)
    rows_named = [
        (one.id, f"{target_said(table, one.id).capitalize()}: {one.name}") for one in table.steps
    ]
    ends = [
        (END, _("Kết thúc")),
        *((one, capfirst(end_said(one))) for one in ends_told(table)),
    ]
    whose = {
        "may_edit": page.revision.state == "draft" and bool(may(actor, "procedure.draft")),
        "is_htmx": bool(getattr(request, "htmx", False)),
    }
    if step_id == START:
        return whose | {"panel": {"is_begin": True}}
    if step is None:
        group = row_of_group(table, step_id)
        if group is None:
            raise NotFound("step_gone", "Bước này không còn trong bảng.")
        labels = labels_of(page.draft.carried)
        return whose | group_panel(table, group, labels, [*rows_named, *ends])
    options = queries.role_options(agency_id=actor.agency_id, today=today_of(request))
    words = queries.role_texts(agency_id=actor.agency_id, keys=[step.role])
    rows = rows_of(table, words, set(), page.draft.carried, called_in(page))
    row = next(one for one in rows if one.step.id == step_id)
    others = [one for one in rows_named if one[0] != step_id]
    return {
        **whose,
        "panel": row,
        "panel_options": options,
        "asked_ways": WAYS.items(),
        "targets": [*others, *ends],
        "branch_targets": [*rows_named, *ends],
        **event_choices(step),
        **end_choices(step, row.events),
        **thread_choices(table, page.draft.process, step),
        "group_name": group_names(table).get(step.parent, ""),
        "group_ends": rows_named[table.index(step_id) or 0 :],
        "has_supplement": any(branch.supplement for branch in step.branches),
        **(carried_panel(request, page, step_id) if step.is_task else row_choices(request, page)),
    }


@require_POST
@once
def revision_edit(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Do one edit; answer with the parts of the page that it changed."""
    actor = request.actor  # type: ignore[attr-defined]
    typed = {
        name: "\n".join(value for value in values if value)
        for name, values in request.POST.lists()
        if name not in OWN_FIELDS
    }
    edit = Edit(do=request.POST.get("do", ""), step=request.POST.get("step", ""), values=typed)
    versions = [
        value for value in request.POST.getlist("version") if value.isdecimal() and len(value) < 10
    ]
    try:
        done = _do(request, revision_id, int(versions[-1]) if versions else 0, edit)
    except services.EditConflict as conflict:
        return _conflict(request, revision_id, edit, conflict)
    except Refusal as refusal:
        if refusal.code != "undo_of_others":
            raise
        return _asked(request, revision_id, edit, refusal)
    if edit.do == "map_role" and request.POST.get("role"):
        services.role_mapping_keep(
            actor=actor,
            text=edit.text("text"),
            role=edit.text("role"),
            now=request.now,  # type: ignore[attr-defined]
        )
    if not getattr(request, "htmx", False):
        place = "diagram" if request.POST.get("back") == "diagram" else "revision"
        address = reverse(f"procedures:{place}", args=[revision_id])
        if edit.do in STAYS and place == "revision":
            return redirect(f"{address}?buoc={edit.step}#{STAYS[edit.do]}")
        return redirect(f"{address}#{edit.step}" if edit.step else address)
    page = queries.procedure_page(revision_id=revision_id, agency_id=actor.agency_id)
    context = workspace(request, page, today=today_of(request))
    if edit.do in CELL_EDITS:
        return pages.render(request, "procedures/revision.html#cells_saved", context)
    if edit.do in STAYS:
        context |= _panel(request, page, edit.step) | {"at": STAYS[edit.do]}
    toast = done.text[:1].upper() + done.text[1:]
    response = pages.render(request, "procedures/revision.html#board_saved", context, toast=toast)
    response["HX-Retarget"] = "#ban"
    response["HX-Reswap"] = "outerHTML"
    return response


def _do(request: HttpRequest, revision_id: int, expected: int, edit: Edit) -> services.Edited:
    """Do the edit, or take the last one back."""
    actor, now = request.actor, request.now  # type: ignore[attr-defined]
    back = BACK.get(edit.do)
    if back is None:
        return services.definition_edit(
            actor=actor, revision_id=revision_id, expected_version=expected, edit=edit, now=now
        )
    return back(
        actor=actor,
        revision_id=revision_id,
        expected_version=expected,
        is_of_others=bool(edit.values.get("others")),
        now=now,
    )


def _asked(request: HttpRequest, revision_id: int, edit: Edit, refusal: Refusal) -> HttpResponse:
    """Ask before somebody else's change is taken back."""
    page = queries.procedure_page(
        revision_id=revision_id,
        agency_id=request.actor.agency_id,  # type: ignore[attr-defined]
    )
    context = {"refusal": refusal, "page": page, "revision_id": revision_id, "do": edit.do}
    if not getattr(request, "htmx", False):
        return pages.render(request, "procedures/undo_others.html", context, status=422)
    response = pages.render(request, "procedures/undo_others.html#fragment", context, status=422)
    response["HX-Retarget"] = "#tu-choi"
    response["HX-Reswap"] = "innerHTML show:top"
    return response


def _conflict(
    request: HttpRequest, revision_id: int, edit: Edit, conflict: services.EditConflict
) -> HttpResponse:
    """Answer the loser of a race: who changed what, and the typed text, ready to send again."""
    edit = conflict.edit or edit
    context = {
        "conflict": conflict,
        "revision_id": revision_id,
        "edit": edit,
        "typed": [(name, value) for name, value in edit.values.items()],
    }
    if not getattr(request, "htmx", False):
        return pages.render(request, "procedures/conflict.html", context, status=409)
    response = pages.render(request, "procedures/conflict.html#fragment", context, status=409)
    response["HX-Retarget"] = "#tu-choi"
    response["HX-Reswap"] = "innerHTML show:top"
    return response
