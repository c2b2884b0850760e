"""The diagram to draw on: one model with the table, saved as a whole, never over somebody's change."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nep.apps.documents import rules as life
from nep.apps.organization.rules import may
from nep.apps.procedures import queries, services
from nep.apps.procedures.queries import ProcedurePage
from nep.apps.procedures.rules.beside import undrawn
from nep.apps.procedures.rules.by_hand import spare_lanes
from nep.apps.procedures.rules.carried import DATE
from nep.apps.procedures.rules.condition_words import condition_words, labels_of
from nep.apps.procedures.rules.diagram import drawn_process
from nep.apps.procedures.rules.drawn import editor_file
from nep.apps.procedures.rules.table import node_rows
from nep.bpmn import render_svg
from nep.foundation.web import pages
from nep.foundation.web.acting import today_of
from nep.kernel.errors import Refusal


def diagram(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Show the diagram, a lane per role; a draft's can be drawn on where the screen is wide."""
    actor = request.actor  # type: ignore[attr-defined]
    page = queries.procedure_page(revision_id=revision_id, agency_id=actor.agency_id)
    names = _names(page, actor.agency_id)
    is_editable = page.revision.state == life.DRAFT and bool(may(actor, "procedure.draft"))
    draft = page.draft
    drawn = render_svg(
        drawn_process(draft, names),
        labels=names,
        moved=draft.places,
        rows=node_rows(draft.table),
    )
    context = {
        "page": page,
        "revision": page.revision,
        "diagram": mark_safe(drawn),  # noqa: S308
        "is_editable": is_editable,
        "undrawn": undrawn(draft.process, draft.beside),
        **(_editing(request, page, names) if is_editable else {}),
    }
    return pages.render(request, "procedures/diagram.html", context)


def _names(page: ProcedurePage, agency_id: int) -> dict[str, str]:
    keys = [step.role for step in page.draft.table.steps]
    return queries.role_texts(agency_id=agency_id, keys=[*keys, *spare_lanes(page.draft.places)])


def _editing(request: HttpRequest, page: ProcedurePage, names: dict[str, str]) -> dict:
    """Return what the drawing program starts from, and which lanes may be kept empty."""
    agency_id = request.actor.agency_id  # type: ignore[attr-defined]
    options = queries.role_options(agency_id=agency_id, today=today_of(request))
    roles = {one.key: one.words for one in options} | names
    used, empty = {step.role for step in page.draft.table.steps}, spare_lanes(page.draft.places)
    return {
        "facts": _facts(page, names, roles),
        "lane_choices": [one for one in options if one.key not in used and one.key not in empty],
        "empty_lanes": [(role, roles.get(role, role)) for role in empty if role not in used],
    }


def _facts(page: ProcedurePage, names: dict[str, str], roles: dict[str, str]) -> dict:
    return {
        "xml": _file(page, names),
        "version": page.version,
        "roles": [{"key": key, "words": words} for key, words in roles.items()],
        "conditions": {
            one.condition: condition_words(one.condition, labels_of(page.draft.carried))
            for step in page.draft.table.steps
            for one in step.branches
            if one.condition
        },
        "callable": [
            {"code": one.code, "version": one.content_hash, "title": one.title,
             "words": f"{one.code} {one.title} ({one.number})"}
            for one in queries.procedures_in_force(page.revision.agency_id)
            if one.procedure_id != page.procedure_id
            and (one.is_internal or not page.tthc.is_internal)
        ],
        "days": [
            {"name": one.name, "label": one.label}
            for one in labels_of(page.draft.carried).values()
            if one.kind == DATE
        ],
        "save": reverse("procedures:draw", args=[page.revision.id]),
    }  # fmt: skip


def _file(page: ProcedurePage, names: dict[str, str]) -> str:
    draft = page.draft
    title = page.revision.title
    return editor_file(
        draft.table, names=names, places=draft.places, title=title, beside=draft.beside
    ).decode()


@require_POST
def draw(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Take over a drawn diagram; answer with the file as it is stored now, or why not, as JSON."""
    actor = request.actor  # type: ignore[attr-defined]
    typed = request.POST.get("version", "")
    try:
        done = services.drawing_save(
            actor=actor,
            revision_id=revision_id,
            expected_version=int(typed) if typed.isdecimal() and len(typed) < 10 else 0,
            xml=request.POST.get("xml", ""),
            is_merged=bool(request.POST.get("merge")),
            now=request.now,  # type: ignore[attr-defined]
        )
    except services.EditConflict as conflict:
        said = {"message": conflict.message, "details": list(conflict.details)}
        return JsonResponse({**said, "version": conflict.version}, status=409)
    except Refusal as refusal:
        if refusal.status != Refusal.status:
            raise
        return JsonResponse({"message": refusal.message, "element": refusal.field}, status=422)
    page = queries.procedure_page(revision_id=revision_id, agency_id=actor.agency_id)
    text = done.text[:1].upper() + done.text[1:] if done.text else _("Lưu đồ không có gì đổi.")
    xml = _file(page, _names(page, actor.agency_id))
    return JsonResponse({"version": done.version, "text": text, "xml": xml})
