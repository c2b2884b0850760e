"""The controlled paper of a revision: its words around the steps, and the file to hand out."""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from nep.apps.documents import queries as documents
from nep.apps.documents import rules as life
from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.apps.procedures import queries, services
from nep.apps.procedures.rules.edits import Edit
from nep.foundation.web import pages
from nep.foundation.web.acting import done, when
from nep.foundation.web.answers import file_answer
from nep.foundation.web.once import once
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.vietnamese import local

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
OWN_FIELDS = frozenset({"csrfmiddlewaretoken", "_once", "version"})


@once
def paper_page(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Show the seven sections, the sheets before them, and on a draft let them be written."""
    actor = who(request)
    page = queries.procedure_page(revision_id=revision_id, agency_id=actor.agency_id)
    refusal: Refusal | None = None
    typed = {name: str(value) for name, value in request.POST.items() if name not in OWN_FIELDS}
    if request.method == "POST":
        edit = Edit("paper", values=typed)
        version = request.POST.get("version", "")
        try:
            services.definition_edit(
                actor=actor,
                revision_id=revision_id,
                expected_version=int(version) if version.isdecimal() and len(version) < 10 else 0,
                edit=edit,
                now=when(request),
            )
            return done(request, _("Đã lưu văn bản quy trình."), "procedures:paper", revision_id)
        except services.EditConflict as conflict:
            edit = conflict.edit or edit
            context = {
                "conflict": conflict, "revision_id": revision_id, "edit": edit,
                "typed": list(edit.values.items()),
            }  # fmt: skip
            return pages.render(request, "procedures/conflict.html", context, status=409)
        except Refusal as error:
            if error.status != Refusal.status:
                raise
            refusal = error
    context = {
        "page": page,
        "revision": page.revision,
        "paper": queries.paper_view(page, typed=typed),
        "is_editable": page.revision.state == life.DRAFT and bool(may(actor, "procedure.draft")),
        "kept": documents.paper_kept(revision_id=revision_id),
        "refusal": refusal,
        "may_template": bool(may(actor, "document.manage")),
    }
    status = 422 if refusal else 200
    return pages.render(request, "procedures/paper.html", context, status=status)


def word_file(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Give the controlled paper as a Word file."""
    actor, now = who(request), when(request)
    page = queries.procedure_page(revision_id=revision_id, agency_id=actor.agency_id)
    kept = documents.paper_kept(revision_id=page.revision.id)
    if kept is not None:
        return file_answer(kept.word_id)
    told = documents.publication(
        revision_id=page.revision.id, agency_id=actor.agency_id, today=local(now).date()
    )
    made = documents.own_word(told)
    if made is None:
        raise NotFound()
    again = documents.remade_note(
        state=page.revision.state, effective_from=told.effective_from, today=local(now).date()
    )
    name = f"{again.replace('/', '-')} - {made.name}" if again else made.name
    response = HttpResponse(made.data, content_type=WORD)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
