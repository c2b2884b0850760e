"""A reader asks the author back, beside the document; the author answers there."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from nep.apps.documents import queries, services
from nep.apps.documents.forms import AnswerForm, InquiryForm
from nep.apps.documents.queries import DocumentPage
from nep.apps.documents.views._panels import add_panel
from nep.apps.organization.queries import who
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, when
from nep.foundation.web.once import once
from nep.kernel.errors import NotFound


def _context(request: HttpRequest, page: DocumentPage) -> dict[str, Any]:
    actor, shown = who(request), page.shown
    authors = shown.author_ids if shown else frozenset()
    lines = queries.inquiries_of(actor=actor, document_id=page.id, author_ids=authors)
    return {
        "page": page,
        "lines": lines,
        "waiting": sum(1 for one in lines if one.may_answer),
        "may_ask": page.current is not None and actor.person_id not in authors,
        "form": InquiryForm(auto_id="hoi-%s"),
        "answer_form": AnswerForm(auto_id=False),
    }


def _card(request: HttpRequest, page: DocumentPage) -> str:
    """Show what was asked about the document, and the form of a new question."""
    context = _context(request, page)
    if not context["lines"] and not context["may_ask"]:
        return ""
    return render_to_string("documents/inquiries_card.html", context, request)


@once
def inquiry_ask(request: HttpRequest, document_id: int) -> HttpResponse:
    """Ask the author of the version in force something."""
    actor = who(request)
    page = queries.document_page(actor=actor, document_id=document_id)
    current = page.current
    if request.method != "POST":
        return redirect("documents:page", document_id)
    if current is None:
        raise NotFound("inquiry_no_version", _("Tài liệu này chưa có bản hiệu lực để hỏi."))
    form = InquiryForm(request.POST, auto_id="hoi-%s")

    def act() -> None:
        services.inquiry_ask(
            actor=actor, revision_id=current.id, text=form.cleaned_data["text"], now=when(request)
        )

    if did(form, act):
        said = _("Đã gửi câu hỏi. Câu trả lời sẽ hiện ở đây và ở thông báo của bạn.")
        return done(request, said, "documents:page", document_id)
    context = {**_context(request, page), "form": form, "form_of": 0}
    return pages.render(request, "documents/inquiries.html", context, status=status_of(form))


@once
def inquiry_answer(request: HttpRequest, inquiry_id: int) -> HttpResponse:
    """Answer a reader's question."""
    actor = who(request)
    document_id = queries.inquiry_document(actor=actor, inquiry_id=inquiry_id)
    if document_id is None:
        raise NotFound()
    page = queries.document_page(actor=actor, document_id=document_id)
    if request.method != "POST":
        return redirect("documents:page", document_id)
    form = AnswerForm(request.POST, auto_id=False)

    def act() -> None:
        services.inquiry_answer(
            actor=actor, inquiry_id=inquiry_id, answer=form.cleaned_data["answer"],
            now=when(request),
        )  # fmt: skip

    if did(form, act):
        return done(request, _("Đã gửi câu trả lời."), "documents:page", document_id)
    context = {**_context(request, page), "answer_form": form, "form_of": inquiry_id}
    return pages.render(request, "documents/inquiries.html", context, status=status_of(form))


add_panel("inquiries", _card, place="side", order=11)
