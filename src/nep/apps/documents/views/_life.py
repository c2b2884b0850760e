"""The acts of a document's life: the card that names the next one, and a page for each."""

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nep.apps.documents import queries, rules, services
from nep.apps.documents.forms import (
    ApproveForm,
    CheckForm,
    LifeReasonForm,
    OpinionForm,
    RedraftForm,
    ReplaceForm,
    SubmitForm,
    WithdrawForm,
)
from nep.apps.documents.queries import DocumentPage, Life
from nep.apps.documents.views._panels import add_panel
from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of, when
from nep.foundation.web.once import once
from nep.kernel.errors import NotFound, Refusal

FINISHED = {
    rules.CHECKED: gettext_lazy("Đã kiểm tra xong, trình phê duyệt."),
    rules.APPROVED: gettext_lazy("Đã phê duyệt, có hiệu lực vào ngày đã chọn."),
}


def _acts_card(request: HttpRequest, page: DocumentPage) -> str:
    """Say what comes next and hold the one button of it."""
    actor = who(request)
    on_way = page.open
    found = queries.life(actor=actor, revision_id=on_way.id, facts=on_way) if on_way else None
    may_draft = bool(may(actor, "document.draft")) and page.kind != rules.PROCEDURE
    is_alive = page.status != "withdrawn"
    context = {
        "page": page,
        "life": found,
        "may_begin": may_draft and is_alive and page.open is None,
        "may_ask": is_alive and bool(may(actor, "document.ask")),
        "may_withdraw": page.status == "in_force"
        and page.open is None
        and bool(may(actor, "document.approve")),
    }
    return render_to_string("documents/life_card.html", context, request)


def _approval_tab(request: HttpRequest, page: DocumentPage) -> str:
    """Show the route of what is on its way, and who decided what, ever."""
    shown = [one for one in (page.open, page.current) if one is not None] or list(
        page.revisions[:1]
    )
    if not shown:
        return ""
    actor = who(request)
    blocks = [
        (
            one,
            queries.life(actor=actor, revision_id=one.id, facts=one),
            queries.history(revision_id=one.id, agency_id=page.agency_id),
        )
        for one in shown
    ]
    older = [one for one in page.revisions if one not in shown]
    context = {"page": page, "blocks": blocks, "older": older}
    return render_to_string("documents/life_history.html", context, request)


def life_history(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Show the whole history of one revision, an old one too."""
    found = queries.life(actor=who(request), revision_id=revision_id)
    lines = queries.history(revision_id=revision_id, agency_id=who(request).agency_id)
    page = queries.document_page(actor=who(request), document_id=found.revision.document_id)
    context = {"page": page, "blocks": [(found.revision, found, lines)], "life": found}
    return pages.render(request, "documents/life_revision.html", context)


def _act(
    request: HttpRequest,
    revision_id: int,
    *,
    wanted: str,
    form: Callable[[Life, Any], Form],
    act: Callable[[Life, Form], Any],
    said: Callable[[Any], str],
) -> HttpResponse:
    """Show the page of one act, or do it and go to the document."""
    found = queries.life(actor=who(request), revision_id=revision_id)
    document_id = found.revision.document_id
    bound = form(found, request.POST if request.method == "POST" else None)
    results: list[Any] = []
    if bound.is_bound and did(bound, lambda: results.append(act(found, bound))):
        return done(request, said(results[0]), "documents:page", document_id)
    if not bound.is_bound and wanted not in found.acts:
        return redirect("documents:page", document_id)
    context = {"life": found, "form": bound, "act": wanted, "revision": found.revision}
    return pages.render(request, "documents/life_act.html", context, status=status_of(bound))


def life_submit(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Send a draft along its route; first see that it can be published at all."""
    if request.method == "POST":
        found = queries.life(actor=who(request), revision_id=revision_id)
        if found.has_file and "submit" in found.acts:
            services.publication_check(
                revision_id=revision_id, agency_id=who(request).agency_id, now=when(request)
            )
    return _submit(request, revision_id)


@once
def _submit(request: HttpRequest, revision_id: int) -> HttpResponse:
    actor = who(request)

    def form(found: Life, data: Any) -> Form:
        checkers, approvers = queries.submit_people(
            actor=actor, revision_id=revision_id, today=today_of(request)
        )
        members = [(one.revision_id, f"{one.code}, {one.title}") for one in found.drafts]
        return SubmitForm(
            data, checkers=checkers, approvers=approvers, members=members,
            has_route=bool(found.lines or found.planned),
        )  # fmt: skip

    def act(_found: Life, bound: Form) -> None:
        services.document_submit(
            actor=actor, revision_id=revision_id, now=when(request),
            checker_id=bound.cleaned_data.get("checker"),
            approver_id=bound.cleaned_data.get("approver"),
            member_ids=bound.cleaned_data.get("members") or (),
        )  # fmt: skip

    return _act(
        request, revision_id, wanted="submit", form=form, act=act, said=lambda _x: _("Đã trình.")
    )


@once
def life_consult(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Give an opinion that was asked for."""
    return _act(
        request,
        revision_id,
        wanted=rules.CONSULT,
        form=lambda _found, data: OpinionForm(data),
        act=lambda _found, bound: services.document_consult(
            actor=who(request), revision_id=revision_id, text=bound.cleaned_data["text"],
            now=when(request),
        ),
        said=lambda _x: _("Đã ghi ý kiến của bạn."),
    )  # fmt: skip


@once
def life_check(request: HttpRequest, revision_id: int) -> HttpResponse:
    """State that what is shown was checked."""
    return _act(
        request,
        revision_id,
        wanted=rules.CHECK,
        form=lambda found, data: CheckForm(
            data, initial={"content_hash": found.revision.content_hash}
        ),
        act=lambda _found, bound: services.document_check(
            actor=who(request), revision_id=revision_id, now=when(request), **bound.cleaned_data
        ),
        said=lambda answer: str(
            FINISHED.get(answer.state, _("Đã ghi nhận, còn chờ người khác kiểm tra."))
        ),
    )


def life_approve(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Approve what is shown and issue it; its frozen PDF is made before anything is locked."""
    refused = _prepare(request, revision_id) if request.method == "POST" else None
    return _approve(request, revision_id, refused)


def _prepare(request: HttpRequest, revision_id: int) -> Refusal | None:
    """Make ready what the approval publishes; return why it cannot be made."""
    found = queries.life(actor=who(request), revision_id=revision_id)
    form = _approve_form(request, found, request.POST)
    if rules.APPROVE not in found.acts or not form.is_valid():
        return None
    try:
        services.approval_prepare(
            actor=who(request), revision_id=revision_id, now=when(request), **form.cleaned_data
        )
    except Refusal as refusal:
        return refusal
    return None


def _approve_form(request: HttpRequest, found: Life, data: Any) -> Form:
    today = today_of(request)
    shown = {
        "content_hash": found.revision.content_hash, "issued_on": today, "effective_from": today,
    }  # fmt: skip
    return ApproveForm(data, is_final=found.is_final, initial=shown)


@once
def _approve(request: HttpRequest, revision_id: int, refused: Refusal | None) -> HttpResponse:
    def said(answer: services.Answer) -> str:
        if answer.at_once:
            return _("Đã ban hành, có hiệu lực từ hôm nay.")
        return str(FINISHED.get(answer.state, _("Đã ghi nhận, còn chờ người khác phê duyệt.")))

    def act(_found: Life, bound: Form) -> services.Answer:
        if refused is not None:
            raise refused
        return services.document_approve(
            actor=who(request), revision_id=revision_id, now=when(request), **bound.cleaned_data
        )

    return _act(
        request,
        revision_id,
        wanted=rules.APPROVE,
        form=lambda found, data: _approve_form(request, found, data),
        act=act,
        said=said,
    )


_REASONED: dict[str, tuple[Callable[..., None], Any]] = {
    "return": (services.document_return, gettext_lazy("Đã trả lại người soạn.")),
    "recall": (services.document_recall, gettext_lazy("Đã rút lại để sửa.")),
    "drop": (services.document_drop, gettext_lazy("Đã bỏ bản thảo.")),
}


def _with_reason(request: HttpRequest, revision_id: int, wanted: str) -> HttpResponse:
    service, text = _REASONED[wanted]
    return _act(
        request,
        revision_id,
        wanted=wanted,
        form=lambda _found, data: LifeReasonForm(data),
        act=lambda _found, bound: service(
            actor=who(request), revision_id=revision_id, reason=bound.cleaned_data["reason"],
            now=when(request),
        ),
        said=lambda _x: str(text),
    )  # fmt: skip


@once
def life_return(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Send a revision back to its author with the reason."""
    return _with_reason(request, revision_id, "return")


@once
def life_recall(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Take one's own submission back."""
    return _with_reason(request, revision_id, "recall")


@once
def life_drop(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Drop a draft."""
    return _with_reason(request, revision_id, "drop")


@once
def life_replace(request: HttpRequest, revision_id: int, asked_id: int) -> HttpResponse:
    """Ask somebody else in the place of a person who has not answered."""
    actor = who(request)
    found = queries.life(actor=actor, revision_id=revision_id)
    line = next(
        (one for one in found.lines if asked_id in {person.id for person in one.people}), None
    )
    if line is None or not found.may_replace:
        raise NotFound()
    people = queries.people_who_may(
        agency_id=actor.agency_id, permission=rules.PART_PERMISSIONS[line.part],
        today=today_of(request), without=[one.person_id for one in line.people],
    )  # fmt: skip
    form = ReplaceForm(request.POST or None, people=people)

    def act() -> None:
        services.asked_replace(
            actor=actor, route_person_id=asked_id, person_id=form.cleaned_data["person"],
            reason=form.cleaned_data["reason"], now=when(request),
        )  # fmt: skip

    if form.is_bound and did(form, act):
        return done(
            request, _("Đã đổi người được hỏi."), "documents:page", found.revision.document_id
        )
    name = next(one.name for one in line.people if one.id == asked_id)
    context = {
        "life": found, "form": form, "act": "replace", "revision": found.revision, "name": name,
    }  # fmt: skip
    return pages.render(request, "documents/life_act.html", context, status=status_of(form))


@once
def life_redraft(request: HttpRequest, document_id: int) -> HttpResponse:
    """Begin the next revision beside the one in force."""
    actor = who(request)
    page = queries.document_page(actor=actor, document_id=document_id)
    if page.kind == rules.PROCEDURE:
        raise NotFound()
    form = RedraftForm(request.POST or None)

    def act() -> None:
        services.revision_draft(
            actor=actor, document_id=document_id,
            is_new_issue=form.cleaned_data["kind"] == "issue",
            change_note=form.cleaned_data["change_note"], now=when(request),
        )  # fmt: skip

    if form.is_bound and did(form, act):
        return done(request, _("Đã mở bản thảo. Hãy tải tệp lên."), "documents:edit", document_id)
    context = {"page": page, "form": form, "act": "redraft"}
    return pages.render(request, "documents/life_document.html", context, status=status_of(form))


@once
def life_withdraw(request: HttpRequest, document_id: int) -> HttpResponse:
    """Withdraw a document as a whole."""
    actor = who(request)
    page = queries.document_page(actor=actor, document_id=document_id)
    documents = queries.successors(actor=actor, document_id=document_id)
    form = WithdrawForm(request.POST or None, documents=documents)

    def act() -> None:
        services.document_withdraw(
            actor=actor, document_id=document_id, reason=form.cleaned_data["reason"],
            decision_number=form.cleaned_data["decision_number"],
            replaced_by_id=form.cleaned_data["replaced_by"], now=when(request),
        )  # fmt: skip

    if form.is_bound and did(form, act):
        return done(request, _("Đã thu hồi tài liệu."), "documents:page", document_id)
    context = {"page": page, "form": form, "act": "withdraw"}
    return pages.render(request, "documents/life_document.html", context, status=status_of(form))


add_panel("acts", _acts_card, place="side", order=5)
add_panel("approval", _approval_tab, place="tab", order=40, label=_("Phê duyệt"))
