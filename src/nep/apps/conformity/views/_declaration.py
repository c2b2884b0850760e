"""Declarations: the register, one declaration and what is done with it, its papers."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from nep.apps.conformity import queries, services
from nep.apps.conformity.forms import (
    ConfirmForm,
    DecideForm,
    PostForm,
    PostsForm,
    ScopeForm,
    StartForm,
    WhyForm,
)
from nep.apps.conformity.rules import declaration as law
from nep.apps.organization import queries as organization
from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.apps.records.queries import records_of_source
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of, when
from nep.foundation.web.answers import paper_answer
from nep.foundation.web.once import once
from nep.kernel.errors import NotFound

POST_ALL = "post_all"  # several postings in one act of the page


def declarations(request: HttpRequest) -> HttpResponse:
    """List the agency's declarations; say where it stands and what comes next."""
    found = queries.register(actor=who(request))
    context = {
        "page": found,
        "may_start": bool(may(who(request), law.MANAGE)) and found.open is None,
    }
    return pages.render(request, "conformity/declarations.html", context)


@once
def declaration_new(request: HttpRequest) -> HttpResponse:
    """Begin a declaration."""
    known = queries.register(actor=who(request))
    form = StartForm(
        request.POST or None, is_first=known.standing is None,
        initial=None if request.POST else _begin(request, known),
    )  # fmt: skip
    made: list[int] = []

    @transaction.atomic
    def act() -> None:
        made.append(
            services.declaration_start(actor=who(request), now=when(request), **form.cleaned_data)
        )
        if request.POST.get("apply"):
            services.declaration_apply(
                actor=who(request), declaration_id=made[0], now=when(request)
            )

    if request.method == "POST" and did(form, act):
        return done(request, _("Đã bắt đầu."), "conformity:declaration", made[0])
    context = {"form": form, "page": known, "lines": queries.scope_lines(who(request).agency_id)}
    return pages.render(request, "conformity/declaration_new.html", context, status=status_of(form))


def _begin(request: HttpRequest, known: queries.Register) -> dict[str, Any]:
    """Return what a new declaration begins with: as the last one, or the whole of the agency."""
    agency = organization.agency(who(request).agency_id)
    if known.standing is not None:
        return {
            "reason": "scope" if known.change else "other", "edition": known.standing.edition,
            "scope_text": known.standing.scope_text,
            "lead_unit": f"Sở Khoa học và Công nghệ {agency.province}",
        }  # fmt: skip
    return {
        "reason": "first", "edition": "2015",
        "scope_text": f"Hoạt động giải quyết thủ tục hành chính cho tổ chức, cá nhân của {agency.name}.",
        "lead_unit": f"Sở Khoa học và Công nghệ {agency.province}",
    }  # fmt: skip


def declaration(request: HttpRequest, declaration_id: int) -> HttpResponse:
    """Show one declaration: its way, what is missing, what comes next."""
    return _page(request, declaration_id)


def _page(request: HttpRequest, declaration_id: int, **bound: Form) -> HttpResponse:
    page = queries.declaration_page(
        actor=who(request), declaration_id=declaration_id, today=today_of(request)
    )
    context = {
        "page": page, "line": page.line, "missing": sum(not gate.holds for gate in page.gates),
        **_kept(request, page), **_forms(request, page), **bound,
    }  # fmt: skip
    return pages.render(
        request, "conformity/declaration.html", context, status=status_of(*bound.values())
    )


def _kept(request: HttpRequest, page: queries.DeclarationPage) -> dict[str, Any]:
    """Return where a signed decision is kept, or that it may be."""
    if page.line.decision_on is None:
        return {}
    found = records_of_source(
        agency_id=who(request).agency_id, source_type="form", source_ids=[page.line.id]
    )
    return {"kept": found, "may_keep": not found and bool(may(who(request), "record.keep"))}


def _forms(request: HttpRequest, page: queries.DeclarationPage) -> dict[str, Form]:
    """Return the forms of what the reader may do now."""
    today, line = today_of(request), page.line
    made: dict[str, tuple[str, Callable[[], Form]]] = {
        law.CHANGE: ("change_form", lambda: ScopeForm(
            auto_id="s_%s", initial={"edition": line.edition, "scope_text": line.scope_text,
                                     "lead_unit": page.lead_unit})),
        law.APPLY: ("apply_form", lambda: Form(auto_id="a_%s")),
        law.CONFIRM: ("confirm_form", lambda: ConfirmForm(auto_id="c_%s")),
        law.DECLARE: ("declare_form", lambda: DecideForm(auto_id="d_%s", initial={"on": today})),
        law.POST: ("post_form", lambda: PostForm(auto_id="p_%s", initial=_posting(page, today))),
        POST_ALL: ("posts_form", lambda: PostsForm(
            auto_id="q_%s", proposals=_postings(page), initial={"on": today})),
        law.RETURN: ("return_form", lambda: WhyForm(auto_id="r_%s")),
        law.DROP: ("drop_form", lambda: WhyForm(auto_id="x_%s")),
    }  # fmt: skip
    allowed = set(page.may)
    if law.POST in allowed and len(_postings(page)) > 1:
        allowed.add(POST_ALL)
    return {name: make() for move, (name, make) in made.items() if move in allowed}


def _postings(page: queries.DeclarationPage) -> dict[str, str]:
    """Return where it was neither sent nor posted yet: the kinds and their usual places."""
    posted = {one.kind for one in page.postings}
    places = {
        law.NOTICE: page.lead_unit,
        law.OFFICE: _("Bảng niêm yết tại trụ sở"),
        law.WEB: _("Cổng, trang thông tin điện tử của cơ quan"),
    }
    return {kind: place for kind, place in places.items() if kind not in posted}


def _posting(page: queries.DeclarationPage, today: Any) -> dict[str, Any]:
    """Return what the next posting begins with: the first kind not yet done, and its place."""
    kind, place = next(iter(_postings(page).items()), (law.WEB, ""))
    return {"kind": kind, "place": place, "on": today}


def _act(
    request: HttpRequest, declaration_id: int, name: str, form: Form, told: str,
    act: Callable[..., Any], values: Callable[[], dict[str, Any]] | None = None,
) -> HttpResponse:  # fmt: skip
    """Do one action of a form with the declaration's id, and show the page again."""
    if request.method != "POST":
        return redirect("conformity:declaration", declaration_id)
    queries.declaration_page(
        actor=who(request), declaration_id=declaration_id, today=today_of(request)
    )

    def go() -> None:
        kept = values() if values else form.cleaned_data
        act(actor=who(request), declaration_id=declaration_id, now=when(request), **kept)

    if did(form, go):
        return done(request, told, "conformity:declaration", declaration_id)
    return _page(request, declaration_id, **{name: form})


@once
def declaration_change(request: HttpRequest, declaration_id: int) -> HttpResponse:
    """Change scope, edition and lead unit."""
    form = ScopeForm(request.POST or None, auto_id="s_%s")
    return _act(request, declaration_id, "change_form", form, _("Đã lưu phạm vi."),
                services.declaration_change)  # fmt: skip


@once
def declaration_apply(request: HttpRequest, declaration_id: int) -> HttpResponse:
    """Say that the system is applied."""
    form = Form(request.POST, auto_id="a_%s")
    return _act(request, declaration_id, "apply_form", form, _("Đã đưa vào áp dụng."),
                services.declaration_apply)  # fmt: skip


@once
def declaration_confirm(request: HttpRequest, declaration_id: int) -> HttpResponse:
    """Confirm that the system is effective."""
    form = ConfirmForm(request.POST or None, auto_id="c_%s")
    return _act(request, declaration_id, "confirm_form", form, _("Đã ký xác nhận hiệu lực."),
                services.declaration_confirm)  # fmt: skip


@once
def declaration_return(request: HttpRequest, declaration_id: int) -> HttpResponse:
    """Give it back to building."""
    form = WhyForm(request.POST or None, auto_id="r_%s")
    return _act(request, declaration_id, "return_form", form, _("Đã trả về xây dựng."),
                services.declaration_return, lambda: {"reason": form.cleaned_data["text"]})  # fmt: skip


@once
def declaration_declare(request: HttpRequest, declaration_id: int) -> HttpResponse:
    """Sign the decision to declare."""
    form = DecideForm(request.POST or None, auto_id="d_%s")
    return _act(request, declaration_id, "declare_form", form, _("Đã ký quyết định công bố."),
                services.declaration_declare)  # fmt: skip


@once
def declaration_post(request: HttpRequest, declaration_id: int) -> HttpResponse:
    """Write down that it was sent or posted, one place or all that are left."""
    if "all" in request.POST:
        return _post_all(request, declaration_id)
    form = PostForm(request.POST or None, auto_id="p_%s")
    return _act(request, declaration_id, "post_form", form, _("Đã ghi."),
                services.declaration_post)  # fmt: skip


def _post_all(request: HttpRequest, declaration_id: int) -> HttpResponse:
    page = queries.declaration_page(
        actor=who(request), declaration_id=declaration_id, today=today_of(request)
    )
    form = PostsForm(request.POST, auto_id="q_%s", proposals=_postings(page))

    @transaction.atomic
    def post(**own: Any) -> None:
        for one in form.postings():
            services.declaration_post(**own, **one)

    return _act(request, declaration_id, "posts_form", form, _("Đã ghi."), post, dict)


@once
def declaration_drop(request: HttpRequest, declaration_id: int) -> HttpResponse:
    """Give an unfinished declaration up."""
    form = WhyForm(request.POST or None, auto_id="x_%s")
    return _act(request, declaration_id, "drop_form", form, _("Đã thôi công bố này."),
                services.declaration_drop, lambda: {"reason": form.cleaned_data["text"]})  # fmt: skip


@once
def declaration_deposit(request: HttpRequest, declaration_id: int) -> HttpResponse:
    """Put the printed decision into the records."""
    if request.method == "POST":
        services.declaration_deposit(
            actor=who(request), declaration_id=declaration_id, now=when(request)
        )
        return done(request, _("Đã lưu vào hồ sơ lưu."), "conformity:declaration", declaration_id)
    return redirect("conformity:declaration", declaration_id)


def declaration_paper(
    request: HttpRequest, declaration_id: int, paper: str, ending: str
) -> HttpResponse:
    """Give a paper of the declaration as PDF or Word."""
    if ending not in {"pdf", "docx"}:
        raise NotFound("no_such_form", "Văn bản này chỉ có dạng PDF và Word.")
    data = services.declaration_paper(
        actor=who(request), declaration_id=declaration_id, paper=paper, now=when(request),
        ending="pdf" if ending == "pdf" else "docx",
    )  # fmt: skip
    return paper_answer(data, name=f"{paper}-{declaration_id}", ending=ending)
