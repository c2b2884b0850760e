"""The catalogue: its list, one entry with its editions, what is done by hand."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from nep.apps.catalogue import queries, rules, services
from nep.apps.catalogue.forms import AbolishForm, EntryForm, RestoreForm, entry_initial
from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of, when
from nep.foundation.web.once import once


def entries(request: HttpRequest) -> HttpResponse:
    """Show the entries that a filter finds, by code."""
    wanted = queries.EntryFilter.read(request.GET)
    page = queries.entries(filter=wanted, today=today_of(request))
    values = wanted.values()
    context = {
        "page": page,
        "filter": wanted,
        "levels": rules.LEVEL_NAMES.items(),
        "tabs": _tabs(wanted, page.counts),
        "is_filtered": bool(values),
        "may_import": bool(may(who(request), "catalogue.import")),
        "may_manage": bool(may(who(request), "catalogue.manage")),
        "next_url": f"?{urlencode({**values, 'sau': page.next_after})}" if page.next_after else "",
        "first_url": f"?{urlencode(values)}" if wanted.after else "",
    }
    part = "#list" if request.headers.get("HX-Target") == "ds-danh-muc" else ""
    return pages.render(request, f"catalogue/entries.html{part}", context)


def _tabs(wanted: queries.EntryFilter, counts: dict[str, int]) -> list[dict[str, Any]]:
    kept = {name: value for name, value in wanted.values().items() if name != "tt"}
    names = {"": _("Tất cả"), **rules.STATE_NAMES, "doubt": _("Chỗ chưa chắc")}
    return [
        {
            "name": name,
            "count": counts[key or "all"],
            "url": f"?{urlencode({**kept, 'tt': key} if key else kept)}",
            "is_here": key == wanted.state,
        }
        for key, name in names.items()
    ]


def entry(request: HttpRequest, tthc_code: str) -> HttpResponse:
    """Show one entry, what is uncertain of it, and what each edition changed."""
    return _page(request, tthc_code)


def _page(request: HttpRequest, code: str, **forms: Form) -> HttpResponse:
    page = queries.entry(code=code, today=today_of(request))
    manages = bool(may(who(request), "catalogue.manage"))
    given = {"version": page.version}
    context: dict[str, Any] = {
        "page": page,
        "line": page.line,
        "value": page.value,
        "basis": [one.text for one in page.value.basis],
        "papers": _grouped(page.value.papers),
        "may_manage": manages,
        "abolish_form": AbolishForm(initial=given, auto_id="bb_%s"),
        "restore_form": RestoreForm(initial=given, auto_id="kp_%s"),
    }
    return pages.render(
        request, "catalogue/entry.html", {**context, **forms}, status=status_of(*forms.values())
    )


def _grouped(
    papers: tuple[rules.PublishedPaper, ...],
) -> list[tuple[str, list[rules.PublishedPaper]]]:
    found: dict[str, list[rules.PublishedPaper]] = {}
    for paper in papers:
        found.setdefault(paper.group, []).append(paper)
    return list(found.items())


@once
def new(request: HttpRequest) -> HttpResponse:
    """Add an entry by hand."""
    form = EntryForm(request.POST or None)
    made: list[str] = []

    def act() -> None:
        made.append(
            services.entry_add(
                actor=who(request), code=form.cleaned_data["code"],
                value=form.value(rules.Published()),
                effective_from=form.cleaned_data["effective_from"], now=when(request),
            )
        )  # fmt: skip

    if request.method == "POST" and did(form, act):
        return done(request, _("Đã thêm thủ tục vào danh mục."), "catalogue:entry", made[0])
    return pages.render(request, "catalogue/edit.html", {"form": form}, status=status_of(form))


@once
def edit(request: HttpRequest, tthc_code: str) -> HttpResponse:
    """Write a further edition of an entry."""
    page = queries.entry(code=tthc_code, today=today_of(request))
    initial = entry_initial(page.line.code, page.value, page.version)
    form = EntryForm(_posted(request, page.line.code), initial=initial)
    differs: list[bool] = []

    def act() -> None:
        differs.append(
            services.entry_edit(
                actor=who(request), code=page.line.code,
                version=form.cleaned_data.get("version") or 0, value=form.value(page.value),
                effective_from=form.cleaned_data["effective_from"], now=when(request),
            )
        )  # fmt: skip

    if request.method == "POST" and did(form, act):
        told = _("Đã ghi lần công bố mới.") if differs[0] else _("Không có gì thay đổi.")
        return done(request, told, "catalogue:entry", page.line.code)
    context = {"form": form, "page": page, "line": page.line}
    return pages.render(request, "catalogue/edit.html", context, status=status_of(form))


def _posted(request: HttpRequest, code: str) -> QueryDict | None:
    """Return the posted values with the entry's own code; None when nothing was posted."""
    if request.method != "POST":
        return None
    posted = request.POST.copy()
    posted["code"] = code
    return posted


@once
def abolish(request: HttpRequest, tthc_code: str) -> HttpResponse:
    """Abolish an entry by a decision."""
    form = AbolishForm(request.POST or None, auto_id="bb_%s")
    return _change(
        request, tthc_code, "abolish_form", form, _("Đã ghi bãi bỏ."),
        lambda: services.entry_abolish(
            actor=who(request), code=tthc_code, version=form.cleaned_data.get("version") or 0,
            decision=form.cleaned_data["decision"], on=form.cleaned_data["on"], now=when(request),
        ),
    )  # fmt: skip


@once
def restore(request: HttpRequest, tthc_code: str) -> HttpResponse:
    """Take an abolition back."""
    form = RestoreForm(request.POST or None, auto_id="kp_%s")
    return _change(
        request, tthc_code, "restore_form", form, _("Đã khôi phục."),
        lambda: services.entry_restore(
            actor=who(request), code=tthc_code, version=form.cleaned_data.get("version") or 0,
            reason=form.cleaned_data["reason"], now=when(request),
        ),
    )  # fmt: skip


def _change(
    request: HttpRequest, code: str, name: str, form: Form, told: str, act: Callable[[], Any]
) -> HttpResponse:
    if request.method != "POST":
        return redirect("catalogue:entry", code)
    if did(form, act):
        return done(request, told, "catalogue:entry", code)
    return _page(request, code, **{name: form})
