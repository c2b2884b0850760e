"""Requests for a change: the list by state, asking, and one request with its decision."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nep.apps.documents import queries, rules, services
from nep.apps.documents.forms import AcceptForm, AskForm, RefuseForm
from nep.apps.documents.queries import RequestLine
from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of, when
from nep.foundation.web.once import once
from nep.kernel.text import whole_number


def requests(request: HttpRequest) -> HttpResponse:
    """List the requests, those that wait first."""
    actor = who(request)
    wanted = request.GET.get("trang-thai", "")
    state = wanted if wanted in rules.REQUEST_STATE_NAMES else ""
    asked = request.GET.get("sau", "")
    after = whole_number(asked)
    found = queries.requests_page(actor=actor, state=state, after=after)
    more = urlencode({**({"trang-thai": state} if state else {}), "sau": found.after})
    next_url = f"?{more}" if found.after else ""
    if after and getattr(request, "htmx", False):
        part = {"lines": found.lines, "next_url": next_url}
        return pages.render(request, "documents/requests.html#rows", part)
    counts = queries.request_counts(actor=actor)
    context = {
        "lines": found.lines,
        "next_url": next_url,
        "state": state,
        "states": [(code, name, counts[code]) for code, name in rules.REQUEST_STATE_NAMES.items()],
        "total": sum(counts.values()),
        "waiting": counts[rules.ASKED],
        "may_ask": bool(may(actor, "document.ask")),
    }
    return pages.render(request, "documents/requests.html", context)


@once
def request_new(request: HttpRequest) -> HttpResponse:
    """Ask for a new document."""
    return _ask(request, None)


@once
def request_about(request: HttpRequest, document_id: int) -> HttpResponse:
    """Ask for a change or the withdrawal of a document."""
    return _ask(request, queries.document_page(actor=who(request), document_id=document_id))


def _ask(request: HttpRequest, page: queries.DocumentPage | None) -> HttpResponse:
    form = AskForm(request.POST or None, has_document=page is not None)
    made: list[int] = []

    def act() -> None:
        found = form.cleaned_data
        made.append(
            services.request_ask(
                actor=who(request),
                wish=form.wish,
                reason=found["reason"],
                content=found["content"],
                document_id=page.id if page else None,
                kind=found.get("kind", ""),
                title=found.get("title", ""),
                now=when(request),
            )
        )

    if form.is_bound and did(form, act):
        return done(request, _("Đã gửi đề nghị đến thư ký ISO."), "documents:request", made[0])
    context = {"form": form, "page": page}
    return pages.render(request, "documents/request_new.html", context, status=status_of(form))


def change_request(request: HttpRequest, request_id: int) -> HttpResponse:
    """Show one request with what may be done about it."""
    line = queries.request_page(actor=who(request), request_id=request_id)
    return _page(request, line)


@require_POST
@once
def request_accept(request: HttpRequest, request_id: int) -> HttpResponse:
    """Accept a request and open its draft."""
    line = queries.request_page(actor=who(request), request_id=request_id)
    form = _accept_form(request, line, request.POST)

    def act() -> None:
        services.request_accept(
            actor=who(request), request_id=request_id, now=when(request),
            note=form.cleaned_data["note"], author_id=form.cleaned_data.get("author"),
            code=form.cleaned_data.get("code", ""),
        )  # fmt: skip

    if did(form, act):
        return done(request, _("Đã chấp nhận đề nghị."), "documents:request", request_id)
    return _page(request, line, accept=form)


@require_POST
@once
def request_refuse(request: HttpRequest, request_id: int) -> HttpResponse:
    """Refuse a request with the reason."""
    line = queries.request_page(actor=who(request), request_id=request_id)
    form = RefuseForm(request.POST, auto_id="tu-choi-%s")

    def act() -> None:
        services.request_refuse(
            actor=who(request), request_id=request_id, note=form.cleaned_data["note"],
            now=when(request),
        )  # fmt: skip

    if did(form, act):
        return done(request, _("Đã trả lời người đề nghị."), "documents:request", request_id)
    return _page(request, line, refuse=form)


@require_POST
@once
def request_take_back(request: HttpRequest, request_id: int) -> HttpResponse:
    """Take one's own request back."""
    services.request_take_back(actor=who(request), request_id=request_id, now=when(request))
    return done(request, _("Đã rút lại đề nghị."), "documents:request", request_id)


def _accept_form(request: HttpRequest, line: RequestLine, data=None) -> AcceptForm:
    opens = line.wish != rules.WITHDRAW_WISH and not line.is_procedure
    authors = queries.people_who_may(
        agency_id=who(request).agency_id, permission="document.draft", today=today_of(request)
    )
    known = {id_ for id_, _name in authors}
    return AcceptForm(
        data,
        authors=authors,
        needs_author=opens,
        needs_code=opens and line.wish == rules.NEW_WISH,
        initial={"author": line.asked_by if line.asked_by in known else ""},
    )


def _page(
    request: HttpRequest,
    line: RequestLine,
    *,
    accept: AcceptForm | None = None,
    refuse: RefuseForm | None = None,
) -> HttpResponse:
    actor = who(request)
    is_open = line.state == rules.ASKED
    decides = bool(may(actor, "document.manage")) or bool(may(actor, "document.approve"))
    context = {
        "line": line,
        "accept": (accept or _accept_form(request, line)) if is_open and decides else None,
        "refuse": (refuse or RefuseForm(auto_id="tu-choi-%s")) if is_open and decides else None,
        "may_take_back": is_open and line.asked_by == actor.person_id,
        "may_withdraw": line.wish == rules.WITHDRAW_WISH
        and line.state == rules.ACCEPTED
        and bool(may(actor, "document.approve")),
    }
    return pages.render(
        request, "documents/request.html", context, status=422 if accept or refuse else 200
    )
