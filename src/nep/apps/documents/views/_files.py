"""The text of a revision: pages as pictures, text, downloads, and a PDF laid beside Word."""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from nep.apps.documents import queries, rules, services
from nep.apps.documents.forms import AttachedPdfForm
from nep.apps.documents.views._panels import add_panel
from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, when
from nep.foundation.web.once import once
from nep.kernel.decisions import require

TEXT_VIEW = "chu"


def _context(
    request: HttpRequest, found: queries.RevisionFile, form: AttachedPdfForm | None = None
) -> dict[str, object]:
    shown = queries.file_preview(found, now=when(request))
    is_text = request.GET.get("dang") == TEXT_VIEW or (shown is not None and not shown.pages)
    actor = who(request)
    may_draft = bool(may(actor, "document.draft")) and found.revision.state == rules.DRAFT
    may_original = rules.may_download_original(actor, state=found.revision.state)
    return {
        "page": found.page,
        "revision": found.revision,
        "file": found,
        "preview": shown,
        "numbers": range(1, shown.pages + 1) if shown else (),
        "groups": queries.text_groups(found) if found.own or (shown and is_text) else (),
        "is_text": is_text,
        "faults": queries.tag_faults(found) if may_draft else (),
        "may_original": bool(may_original) and found.original is not None,
        "may_attach": may_draft and (found.needs_pdf or found.pdf is not None or form is not None),
        "form": form or AttachedPdfForm(),
    }


def _fulltext_tab(request: HttpRequest, page: queries.DocumentPage) -> str:
    """Show the text of what holds, else of what is on its way."""
    if page.shown is None:
        return ""
    found = queries.file_of(page, revision_id=page.shown.id)
    if page.kind == rules.PROCEDURE and found.shown is None and not found.own:
        return ""
    return render_to_string("documents/fulltext_body.html", _context(request, found), request)


def fulltext(request: HttpRequest, document_id: int, revision_id: int) -> HttpResponse:
    """Show the text of any revision; noted as opened."""
    found = queries.revision_file(
        actor=who(request), document_id=document_id, revision_id=revision_id
    )
    services.access_note(
        actor=who(request), revision_id=revision_id, what=rules.SEEN, now=when(request)
    )
    return _fulltext_page(request, found)


def fulltext_part(request: HttpRequest, document_id: int, revision_id: int) -> HttpResponse:
    """Show the text alone, for the page that waits for it."""
    found = queries.revision_file(
        actor=who(request), document_id=document_id, revision_id=revision_id
    )
    return pages.render(request, "documents/fulltext_body.html", _context(request, found))


def page_picture(
    request: HttpRequest, document_id: int, revision_id: int, number: int
) -> HttpResponse:
    """Give the picture of one page."""
    found = queries.revision_file(
        actor=who(request), document_id=document_id, revision_id=revision_id
    )
    answer = HttpResponse(queries.page_picture(found, number=number), content_type="image/png")
    answer["Cache-Control"] = "private, max-age=600"
    return answer


def original(request: HttpRequest, document_id: int, revision_id: int) -> HttpResponse:
    """Give the file as the author gave it; noted as downloaded."""
    found = queries.revision_file(
        actor=who(request), document_id=document_id, revision_id=revision_id
    )
    require(rules.may_download_original(who(request), state=found.revision.state))
    return _handed(request, found, queries.original_copy(found))


def stamped(request: HttpRequest, document_id: int, revision_id: int) -> HttpResponse:
    """Give the PDF under the stamp of its state; noted as downloaded."""
    found = queries.revision_file(
        actor=who(request), document_id=document_id, revision_id=revision_id
    )
    return _handed(request, found, queries.stamped_copy(found, now=when(request)))


def printed(request: HttpRequest, document_id: int, revision_id: int) -> HttpResponse:
    """Open the PDF under the stamp of its state in the browser, to be printed; noted as printed."""
    found = queries.revision_file(
        actor=who(request), document_id=document_id, revision_id=revision_id
    )
    copy = queries.stamped_copy(found, now=when(request))
    services.access_note(
        actor=who(request), revision_id=revision_id, what=rules.PRINTED, now=when(request)
    )
    answer = HttpResponse(copy.data, content_type=copy.content_type)
    answer["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(copy.name)}"
    return answer


@require_POST
@once
def pdf_attach(request: HttpRequest, document_id: int, revision_id: int) -> HttpResponse:
    """Lay a PDF beside the original of a draft."""
    found = queries.revision_file(
        actor=who(request), document_id=document_id, revision_id=revision_id
    )
    form = AttachedPdfForm(request.POST, request.FILES)

    def attach() -> None:
        file = form.cleaned_data["file"]
        services.publication_attach(
            actor=who(request), revision_id=revision_id, name=file.name, data=file.read(),
            now=when(request),
        )  # fmt: skip

    if did(form, attach):
        return done(
            request, _("Đã đính kèm bản PDF."), "documents:fulltext", document_id, revision_id
        )
    return _fulltext_page(request, found, form)


def _fulltext_page(
    request: HttpRequest, found: queries.RevisionFile, form: AttachedPdfForm | None = None
) -> HttpResponse:
    status = status_of(form) if form else 200
    return pages.render(
        request, "documents/fulltext.html", _context(request, found, form), status=status
    )


def _handed(request: HttpRequest, found: queries.RevisionFile, copy: queries.Copy) -> HttpResponse:
    services.access_note(
        actor=who(request), revision_id=found.revision.id, what=rules.DOWNLOADED, now=when(request)
    )
    answer = HttpResponse(copy.data, content_type=copy.content_type)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(copy.name)}"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


add_panel("fulltext", _fulltext_tab, place="tab", order=10, label=gettext_lazy("Toàn văn"))  # type: ignore[arg-type]
