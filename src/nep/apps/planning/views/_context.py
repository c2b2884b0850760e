"""Context, interested parties, scope and policy: home, writing, one edition, approval, papers."""

from typing import Any

from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.apps.planning import queries, services
from nep.apps.planning.rules import context as rules
from nep.apps.planning.views._context_writing import people_form
from nep.apps.records.queries import records_of_source
from nep.apps.standards import queries as standards
from nep.foundation.web import pages
from nep.foundation.web.acting import done, status_of, when
from nep.foundation.web.answers import paper_answer
from nep.foundation.web.once import once
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.text import whole_number


def context_home(request: HttpRequest) -> HttpResponse:
    """Show the four parts: what is in force, what is on its way, what comes next."""
    home = queries.context_home(actor=who(request))
    context = {
        "home": home,
        "may_draft": bool(may(who(request), "context.draft")),
        "may_approve": bool(may(who(request), "context.approve")) and home.to_approve,
    }
    return pages.render(request, "planning/context.html", context)


def parties(request: HttpRequest) -> HttpResponse:
    """Go to the interested parties: the edition on its way, the one in force, or a new one."""
    return _part(request, rules.PARTIES)


def scope(request: HttpRequest) -> HttpResponse:
    """Go to the scope: the edition on its way, the one in force, or a new one."""
    return _part(request, rules.SCOPE)


def policy(request: HttpRequest) -> HttpResponse:
    """Go to the policy: the edition on its way, the one in force, or a new one."""
    return _part(request, rules.POLICY)


def _part(request: HttpRequest, part: str) -> HttpResponse:
    home = queries.context_home(actor=who(request))
    line = next(one for one in home.parts if one.part == part)
    shown = line.open or line.in_force
    if shown is not None:
        return redirect("planning:statement", shown.id)
    if may(who(request), "context.draft"):
        return redirect("planning:statement_write", part)
    return redirect("planning:context")


def statement(request: HttpRequest, statement_id: int) -> HttpResponse:
    """Show one edition whole, with what the reader may do now."""
    return _page(request, statement_id)


def _page(request: HttpRequest, statement_id: int, refusal: Refusal | None = None) -> HttpResponse:
    page = queries.statement_page(actor=who(request), statement_id=statement_id)
    people: Form | None = None
    if page.line.part == rules.POLICY and rules.SUBMIT in page.may:
        people = people_form(request)
    edition = standards.edition_of(who(request).agency_id).in_force
    context = {
        "page": page, "line": page.line, "people": people, "refusal": refusal,
        "titles": _titles(page.content, edition), **_kept(request, page.line),
    }  # fmt: skip
    return pages.render(
        request, "planning/statement.html", context,
        status=422 if refusal else status_of(people),
    )  # fmt: skip


def _kept(request: HttpRequest, line: queries.StatementLine) -> dict[str, Any]:
    """Return where an approved edition is kept, or that it may be."""
    if line.approved_at is None or line.part == rules.POLICY:
        return {}
    found = records_of_source(
        agency_id=who(request).agency_id, source_type="form", source_ids=[line.id]
    )
    return {"kept": found, "may_keep": not found and bool(may(who(request), "record.keep"))}


def _titles(content: rules.Content, edition: str) -> list[tuple[rules.Excluded, str]]:
    """Return the clauses that do not apply with their titles."""
    if not isinstance(content, rules.Scope):
        return []
    return [(one, standards.clause_title(edition, one.clause)) for one in content.excluded]


def _moved(request: HttpRequest, statement_id: int, told: str, act: Any, **values: Any) -> HttpResponse:  # fmt: skip
    """Make one move of an edition and show it again."""
    if request.method != "POST":
        return redirect("planning:statement", statement_id)
    try:
        act(actor=who(request), statement_id=statement_id, now=when(request), **values)
    except Refusal as refusal:
        if refusal.status != Refusal.status:
            raise
        return _page(request, statement_id, refusal)
    return done(request, told, "planning:statement", statement_id)


@once
def statement_submit(request: HttpRequest, statement_id: int) -> HttpResponse:
    """Lay an edition before the head."""
    values: dict[str, Any] = {}
    for name in ("checker_id", "approver_id"):
        values[name] = whole_number(request.POST.get(name, "")) or None
    return _moved(request, statement_id, _("Đã trình phê duyệt."), services.statement_submit,
                  **values)  # fmt: skip


@once
def statement_approve(request: HttpRequest, statement_id: int) -> HttpResponse:
    """Approve an edition as its page showed it."""
    return _moved(request, statement_id, _("Đã phê duyệt."), services.statement_approve,
                  content_hash=request.POST.get("content_hash", ""))  # fmt: skip


@once
def statement_return(request: HttpRequest, statement_id: int) -> HttpResponse:
    """Return an edition with a reason."""
    return _moved(request, statement_id, _("Đã trả lại người soạn."), services.statement_return,
                  reason=request.POST.get("reason", ""))  # fmt: skip


@once
def statement_take_back(request: HttpRequest, statement_id: int) -> HttpResponse:
    """Take a submitted edition back."""
    return _moved(request, statement_id, _("Đã rút lại."), services.statement_take_back)


@once
def statement_drop(request: HttpRequest, statement_id: int) -> HttpResponse:
    """Drop the edition being written."""
    return _moved(request, statement_id, _("Đã bỏ bản soạn."), services.statement_drop)


@once
def statement_confirm(request: HttpRequest, statement_id: int) -> HttpResponse:
    """Say that an edition in force was looked at again and holds."""
    return _moved(request, statement_id, _("Đã ghi soát lại, giữ nguyên."),
                  services.statement_confirm, note=request.POST.get("note", ""))  # fmt: skip


@once
def statement_deposit(request: HttpRequest, statement_id: int) -> HttpResponse:
    """Put the printed edition into the records."""
    return _moved(request, statement_id, _("Đã lưu vào hồ sơ lưu."), services.statement_deposit)


@once
def statements_approve(request: HttpRequest) -> HttpResponse:
    """Show every edition that waits for the head whole; approve those that were shown."""
    refusal: Refusal | None = None
    if request.method == "POST":
        shown = [one.partition(":") for one in request.POST.getlist("seen")][:10]
        try:
            _approve_all(request, [(whole_number(id_), hash_) for id_, _colon, hash_ in shown])
            return done(request, _("Đã phê duyệt %d bản.") % len(shown), "planning:context")
        except Refusal as error:
            if error.status != Refusal.status:
                raise
            refusal = error
    waiting = queries.submitted_pages(actor=who(request))
    edition = standards.edition_of(who(request).agency_id).in_force
    context = {
        "pages": [(page, _titles(page.content, edition)) for page in waiting],
        "can": sum(rules.APPROVE in page.may for page in waiting), "refusal": refusal,
    }  # fmt: skip
    return pages.render(
        request, "planning/statements_approve.html", context, status=422 if refusal else 200
    )


@transaction.atomic
def _approve_all(request: HttpRequest, shown: list[tuple[int, str]]) -> None:
    if not shown:
        raise Refusal("nothing_chosen", "Hãy chọn ít nhất một bản đã đọc.")
    for statement_id, content_hash in shown:
        services.statement_approve(
            actor=who(request), statement_id=statement_id, content_hash=content_hash,
            now=when(request),
        )  # fmt: skip


def statement_paper(request: HttpRequest, statement_id: int, ending: str) -> HttpResponse:
    """Give an edition as PDF or Word."""
    if ending not in {"pdf", "docx"}:
        raise NotFound("no_such_form", "Bản này chỉ có dạng PDF và Word.")
    data = services.statement_paper(
        actor=who(request), statement_id=statement_id, now=when(request),
        ending="pdf" if ending == "pdf" else "docx",
    )  # fmt: skip
    return paper_answer(data, name=f"boi-canh-{statement_id}", ending=ending)


def policy_poster(request: HttpRequest, statement_id: int, size: str) -> HttpResponse:
    """Give the poster of a policy in force, A4 or A3."""
    data = services.policy_poster(
        actor=who(request), statement_id=statement_id, size=size, now=when(request)
    )
    return paper_answer(data, name=f"chinh-sach-chat-luong-{size}", ending="pdf")
