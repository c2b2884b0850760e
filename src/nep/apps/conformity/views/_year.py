"""The ISO year: what is next, the whole year, one obligation, the start set, the burden meter."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from nep.apps.conformity import queries, services
from nep.apps.conformity.forms import ExcludeForm, ItemForm, TickForm
from nep.apps.conformity.rules import year as rules
from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of, when
from nep.foundation.web.answers import paper_answer
from nep.foundation.web.once import once
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.text import whole_number

YEARS = range(2000, 2101)  # as the table of years allows


def year(request: HttpRequest) -> HttpResponse:
    """Show the one thing that is next in the year, why, and one button."""
    return _render(request, "conformity/year.html")


def year_whole(request: HttpRequest) -> HttpResponse:
    """Show the whole year as calendar and list."""
    return _render(request, "conformity/year_whole.html")


def _render(request: HttpRequest, template: str) -> HttpResponse:
    asked = _asked(request)
    page = queries.year_page(agency_id=who(request).agency_id, year=asked, today=today_of(request))
    context = {
        "page": page, "may_manage": bool(may(who(request), "year.manage")),
        "role": queries.role_name(page.next.role) if page.next else "",
        "is_new": queries.is_new_secretary(actor=who(request), year=asked),
        "years": (today_of(request).year - 1, today_of(request).year, today_of(request).year + 1),
    }  # fmt: skip
    return pages.render(request, template, context)


def _asked(request: HttpRequest) -> int:
    """Return the year that is asked for, by default this one."""
    this, asked = today_of(request).year, whole_number(request.GET.get("nam", ""))
    return asked if this - 5 <= asked <= this + 1 else this


def year_paper(request: HttpRequest, year: int, ending: str) -> HttpResponse:
    """Give the year's plan as PDF or Word."""
    if ending not in {"pdf", "docx"} or year not in YEARS:
        raise NotFound()
    data = services.year_paper(
        actor=who(request), year=year, now=when(request),
        ending="pdf" if ending == "pdf" else "docx",
    )  # fmt: skip
    return paper_answer(data, name=f"nam-iso-{year}", ending=ending)


@once
def year_open(request: HttpRequest) -> HttpResponse:
    """Open a year, anew or from the one before."""
    if request.method != "POST":
        return redirect("conformity:year")
    asked = whole_number(request.POST.get("nam", ""))
    services.year_open(
        actor=who(request), year=asked, copy=request.POST.get("chep") == "1", now=when(request)
    )
    answer = done(request, _("Đã mở năm."), "conformity:year")
    answer["Location"] += f"?nam={asked}"
    return answer


def _line(request: HttpRequest, year: int, obligation: str) -> rules.Line:
    if year not in YEARS:
        raise NotFound()
    page = queries.year_page(agency_id=who(request).agency_id, year=year, today=today_of(request))
    found = next((one for one in page.lines if one.code == obligation), None)
    if found is None or not page.opened:
        raise NotFound()
    return found


@once
def year_item(request: HttpRequest, year: int, obligation: str) -> HttpResponse:
    """Show one obligation and change it."""
    line = _line(request, year, obligation)
    if request.method != "POST":
        return _item_page(request, year, line)
    form = _item_form(line, request.POST)
    return _kept(request, year, line, "item_form", form, lambda: services.year_item_keep(
        actor=who(request), year=year, code=obligation, now=when(request), **form.cleaned_data
    ))  # fmt: skip


@once
def year_item_new(request: HttpRequest, year: int) -> HttpResponse:
    """Add an obligation of the agency's own."""
    form = ItemForm(request.POST or None, is_own=True, initial={"minutes": 30})

    def act() -> None:
        services.year_item_keep(
            actor=who(request), year=year, code="", now=when(request), **form.cleaned_data
        )

    if request.method == "POST" and did(form, act):
        return done(request, _("Đã thêm việc của năm."), "conformity:year_whole")
    context = {"form": form, "year": year}
    return pages.render(request, "conformity/year_item_new.html", context, status=status_of(form))


def _item_form(line: rules.Line, data: Any = None) -> ItemForm:
    start = {"title": line.title, "due_on": line.due_on, "role": line.role,
             "minutes": line.minutes}  # fmt: skip
    return ItemForm(data, is_own=line.is_own, initial=start)


def _ticked(line: rules.Line, today: date) -> dict[str, Any]:
    """Return what was written when it was done, today where it is not."""
    return {"on": line.done_on, "evidence": line.told} if line.done_on else {"on": today}


def _item_page(request: HttpRequest, year: int, line: rules.Line, **bound: Any) -> HttpResponse:
    allowed = bool(may(who(request), "year.manage"))
    context = {
        "line": line, "year": year, "role": queries.role_name(line.role),
        "may_manage": allowed,
        "item_form": _item_form(line) if allowed else None,
        "tick_form": TickForm(auto_id="t_%s", initial=_ticked(line, today_of(request)))
        if allowed and line.by_hand else None,
        "exclude_form": ExcludeForm(auto_id="e_%s") if allowed and not line.done_on else None,
        **bound,
    }  # fmt: skip
    status = status_of(*bound.values())
    return pages.render(request, "conformity/year_item.html", context, status=status)


def _kept(
    request: HttpRequest, year: int, line: rules.Line, name: str, form: Any, act: Any
) -> HttpResponse:
    """Do what a form of an obligation asks, and show the year or the form again."""
    if did(form, act):
        answer = done(request, _("Đã ghi."), "conformity:year_whole")
        answer["Location"] += f"?nam={year}"
        return answer
    return _item_page(request, year, line, **{name: form})


@once
def year_item_done(request: HttpRequest, year: int, obligation: str) -> HttpResponse:
    """Write down that it is done."""
    line = _line(request, year, obligation)
    if request.method != "POST":
        return redirect("conformity:year_item", year, obligation)
    form = TickForm(request.POST, auto_id="t_%s")
    return _kept(request, year, line, "tick_form", form, lambda: services.year_item_tick(
        actor=who(request), year=year, code=obligation, now=when(request), **form.cleaned_data
    ))  # fmt: skip


@once
def year_item_exclude(request: HttpRequest, year: int, obligation: str) -> HttpResponse:
    """Leave it out of the year, or take it in again."""
    line = _line(request, year, obligation)
    if request.method != "POST":
        return redirect("conformity:year_item", year, obligation)
    form = ExcludeForm(request.POST, auto_id="e_%s")
    if line.excluded:
        form.fields["reason"].required = False
    return _kept(request, year, line, "exclude_form", form, lambda: services.year_item_exclude(
        actor=who(request), year=year, code=obligation, now=when(request), **form.cleaned_data
    ))  # fmt: skip


@once
def year_item_confirm(request: HttpRequest, year: int, obligation: str) -> HttpResponse:
    """Say that a copied line holds this year too."""
    _line(request, year, obligation)
    if request.method == "POST":
        services.year_item_confirm(
            actor=who(request), year=year, code=obligation, now=when(request)
        )
    answer = redirect("conformity:year_whole")
    answer["Location"] += f"?nam={year}"
    return answer


@once
def start_set(request: HttpRequest) -> HttpResponse:
    """Offer the documents of the start set; make drafts of those chosen."""
    refused = ""
    if request.method == "POST":
        try:
            count = services.start_take(
                actor=who(request), keys=request.POST.getlist("tai_lieu"), now=when(request)
            )
        except Refusal as refusal:
            if refusal.status != Refusal.status:
                raise
            refused = refusal.message
        else:
            said = _("Đã tạo %d bản thảo trong thư viện tài liệu, chưa ai duyệt.") % count
            answer = done(request, said, "documents:library")
            answer["Location"] += "?tt=soan"
            return answer
    source, verified = queries.start_source()
    context = {
        "lines": queries.start_lines(actor=who(request), now=when(request)), "refused": refused,
        "source": source, "verified": verified,
    }  # fmt: skip
    return pages.render(
        request, "conformity/start_set.html", context, status=422 if refused else 200
    )


def burden(request: HttpRequest) -> HttpResponse:
    """Show how many minutes ISO work took, by person and month."""
    page = queries.burden_page(agency_id=who(request).agency_id, today=today_of(request))
    return pages.render(request, "conformity/burden.html", {"page": page})
