"""One external document: its page and what is done with it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from nep.apps.legal import queries, services
from nep.apps.legal.forms import (
    AmendForm,
    ExternalForm,
    ReasonForm,
    ReplaceForm,
    external_initial,
)
from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.foundation.files import queries as files
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of, when
from nep.foundation.web.once import once


def external(request: HttpRequest, external_id: int) -> HttpResponse:
    """Show one text, whether it holds, and what names it."""
    return _page(request, external_id)


def _page(request: HttpRequest, external_id: int, **forms: Form) -> HttpResponse:
    page = queries.external_page(
        actor=who(request), external_id=external_id, today=today_of(request)
    )
    manages = bool(may(who(request), "legal.manage"))
    context: dict[str, Any] = {"page": page, "line": page.line, "may_manage": manages}
    if manages:
        others = queries.choices(actor=who(request), today=today_of(request), without=external_id)
        context |= {
            "replace_form": ReplaceForm(auto_id="tt_%s"),
            "amend_form": AmendForm(auto_id="sd_%s"),
            "withdraw_form": ReasonForm(auto_id="bo_%s"),
            "others": others,
        }
    return pages.render(
        request, "legal/external.html", {**context, **forms}, status=status_of(*forms.values())
    )


@once
def new(request: HttpRequest) -> HttpResponse:
    """Write a text into the register."""
    form = ExternalForm(request.POST or None, request.FILES or None)
    made: list[int] = []

    def act() -> None:
        made.append(
            services.external_add(
                actor=who(request), values=form.values(), upload=form.upload(),
                follow=form.cleaned_data["follow"], now=when(request),
            )
        )  # fmt: skip

    if request.method == "POST" and did(form, act):
        return done(request, _("Đã ghi vào danh mục."), "legal:external", made[0])
    return pages.render(request, "legal/edit.html", {"form": form}, status=status_of(form))


@once
def edit(request: HttpRequest, external_id: int) -> HttpResponse:
    """Change what the register says of a text."""
    page = queries.external_page(
        actor=who(request), external_id=external_id, today=today_of(request)
    )
    form = ExternalForm(request.POST or None, request.FILES or None, initial=external_initial(page))

    def act() -> None:
        services.external_change(
            actor=who(request), external_id=external_id, values=form.values(),
            version=form.cleaned_data.get("version") or 0, upload=form.upload(), now=when(request),
        )  # fmt: skip

    if request.method == "POST" and did(form, act):
        return done(request, _("Đã lưu."), "legal:external", external_id)
    context = {"form": form, "page": page, "line": page.line}
    return pages.render(request, "legal/edit.html", context, status=status_of(form))


@once
def replace(request: HttpRequest, external_id: int) -> HttpResponse:
    """Write which text takes this one's place."""
    form = ReplaceForm(request.POST or None, auto_id="tt_%s")
    return _change(
        request, external_id, "replace_form", form, _("Đã ghi văn bản thay thế."),
        lambda: services.external_replace(
            actor=who(request), external_id=external_id, new_id=_chosen(request, form, external_id),
            on=form.cleaned_data["on"], reason=form.cleaned_data["reason"], now=when(request),
        ),
    )  # fmt: skip


@once
def amend(request: HttpRequest, external_id: int) -> HttpResponse:
    """Write which text amends this one."""
    form = AmendForm(request.POST or None, auto_id="sd_%s")
    return _change(
        request, external_id, "amend_form", form, _("Đã ghi văn bản sửa đổi."),
        lambda: services.external_amended(
            actor=who(request), external_id=external_id,
            by_id=_chosen(request, form, external_id), now=when(request),
        ),
    )  # fmt: skip


def _chosen(request: HttpRequest, form: Form, external_id: int) -> int:
    return queries.chosen(
        actor=who(request), typed=form.cleaned_data["new"], today=today_of(request),
        without=external_id,
    )  # fmt: skip


def suggest(request: HttpRequest) -> HttpResponse:
    """Offer texts of the register for what is being typed, as options of a list."""
    typed = request.GET.get("new") or request.GET.get("external", "")
    found = queries.choices(actor=who(request), today=today_of(request), query=typed[:200])
    return pages.render(request, "legal/external.html#offered", {"others": found})


@once
def checked(request: HttpRequest, external_id: int) -> HttpResponse:
    """Note that the text's validity was looked up today."""
    if request.method == "POST":
        services.external_checked(actor=who(request), external_id=external_id, now=when(request))
        return done(request, _("Đã ghi ngày tra hiệu lực."), "legal:external", external_id)
    return redirect("legal:external", external_id)


@once
def withdraw(request: HttpRequest, external_id: int) -> HttpResponse:
    """Take the text out of the register."""
    form = ReasonForm(request.POST or None, auto_id="bo_%s")
    return _change(
        request, external_id, "withdraw_form", form, _("Đã bỏ khỏi danh mục."),
        lambda: services.external_withdraw(
            actor=who(request), external_id=external_id, reason=form.cleaned_data["reason"],
            now=when(request),
        ),
    )  # fmt: skip


def file(request: HttpRequest, external_id: int) -> HttpResponse:
    """Give the file of a text as it was uploaded."""
    facts = files.facts(queries.file_of(actor=who(request), external_id=external_id))
    answer = HttpResponse(files.read(facts.id), content_type=facts.content_type)
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(facts.name)}"
    answer["Cache-Control"] = "private, no-store"
    return answer


def _change(
    request: HttpRequest,
    external_id: int,
    name: str,
    form: Form,
    told: str,
    act: Callable[[], Any],
) -> HttpResponse:
    if request.method != "POST":
        return redirect("legal:external", external_id)
    if did(form, act):
        return done(request, told, "legal:external", external_id)
    return _page(request, external_id, **{name: form})
