"""Filling a controlled form, and the forms that were filled."""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from nep.apps.documents import queries, rules, services
from nep.apps.documents.forms import MORE, FillForm
from nep.apps.documents.queries import DocumentPage
from nep.apps.documents.views._panels import add_panel
from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.apps.records.queries import series_choices
from nep.foundation.files import queries as files
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of, when
from nep.foundation.web.once import once
from nep.kernel.errors import Conflict


def _fill_card(request: HttpRequest, page: DocumentPage) -> str:
    if page.kind != rules.FORM_KIND:
        return ""
    form = queries.form_to_fill(actor=who(request), document_id=page.id)
    return render_to_string("documents/filled_card.html", {"page": page, "form": form}, request)


def _filled_tab(request: HttpRequest, page: DocumentPage) -> str:
    if page.kind != rules.FORM_KIND:
        return ""
    lines = queries.filled_lines(actor=who(request), document_id=page.id)
    return render_to_string("documents/filled_list.html", {"page": page, "lines": lines}, request)


@once
def form_fill(request: HttpRequest, document_id: int) -> HttpResponse:
    """Show a form with a field for each blank; keep what was filled.

    A form that was retired or replaced since the page was opened answers 409.
    """
    actor = who(request)
    form_ = queries.form_to_fill(actor=actor, document_id=document_id)
    sent = request.POST if request.method == "POST" else None
    if sent is not None and sent.get("revision") != str(form_.revision_id):
        decision = rules.decide_fill(
            kind=rules.FORM_KIND, is_in_force=form_.revision_id is not None, is_current=False,
            has_blanks=True,
        )  # fmt: skip
        raise Conflict(getattr(decision, "code", ""), getattr(decision, "message", ""))
    keeps = bool(may(actor, "record.keep"))
    form = FillForm(
        sent,
        blanks=form_.asked,
        series=series_choices(actor=actor, year=today_of(request).year) if keeps else (),
        initial={"revision": form_.revision_id},
    )
    made: list[int] = []
    is_growing = sent is not None and MORE in sent
    if sent is not None and not is_growing and did(
        form,
        lambda: made.append(
            services.form_fill(
                actor=actor, document_id=document_id,
                revision_id=form.cleaned_data["revision"], values=form.values(),
                rows=form.rows(),
                title=form.cleaned_data["title"],
                series_id=form.cleaned_data.get("series"), now=when(request),
            )
        ),
    ):  # fmt: skip
        return done(request, _("Đã lưu biểu mẫu đã điền."), "documents:filled", made[0])
    status = 200 if is_growing else status_of(form)
    if form_.fault and sent is not None:
        status = 409
    context = {"doc": form_, "form": form}
    return pages.render(request, "documents/filled_form.html", context, status=status)


def filled(request: HttpRequest, filled_id: int) -> HttpResponse:
    """Show a filled form: number, who, when, the file."""
    line = queries.filled_form(actor=who(request), filled_id=filled_id)
    return pages.render(request, "documents/filled.html", {"line": line})


def filled_file(request: HttpRequest, filled_id: int) -> HttpResponse:
    """Give the Word file of a filled form."""
    line = queries.filled_form(actor=who(request), filled_id=filled_id)
    facts = files.facts(line.file_id)
    answer = HttpResponse(files.read(line.file_id), content_type=facts.content_type)
    answer["Content-Disposition"] = (
        f"attachment; filename=\"bieu-mau.docx\"; filename*=UTF-8''{quote(facts.name)}"
    )
    answer["Cache-Control"] = "private, no-store"
    return answer


add_panel("fill", _fill_card, place="side", order=8)
add_panel("filled", _filled_tab, place="tab", order=35, label=_("Phiếu đã điền"))
