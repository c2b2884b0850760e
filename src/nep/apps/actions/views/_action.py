"""One action: its page and what is done with it."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from nep.apps.actions import queries, services
from nep.apps.actions.forms import ActionForm, CheckForm, DoneForm, MoveForm, ReasonForm
from nep.apps.organization.queries import people_choices, who
from nep.apps.organization.rules import may
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of, when
from nep.foundation.web.answers import file_answer
from nep.foundation.web.once import once
from nep.kernel.references import Reference


def action(request: HttpRequest, action_id: int) -> HttpResponse:
    """Show one action: what, who, until when, its evidence and its history."""
    return _page(request, action_id)


def _page(request: HttpRequest, action_id: int, **bound: Form) -> HttpResponse:
    page = queries.action_page(actor=who(request), action_id=action_id, today=today_of(request))
    forms: dict[str, Any] = {}
    if page.may_finish:
        forms["done_form"] = DoneForm(auto_id="x_%s")
    if page.may_check:
        forms["check_form"] = CheckForm(auto_id="k_%s")
    if page.may_steer:
        forms["move_form"] = MoveForm(auto_id="d_%s", initial={"due_on": page.line.due_on})
        forms["cancel_form"] = ReasonForm(auto_id="t_%s")
    context = {"page": page, "line": page.line, **forms, **bound}
    return pages.render(request, "actions/action.html", context, status=status_of(*bound.values()))


@once
def new(request: HttpRequest) -> HttpResponse:
    """Give an action that comes from nothing else in the system."""
    form = ActionForm(request.POST or None, people=people_choices(request))
    made: list[int] = []

    def act() -> None:
        made.append(
            services.action_open(
                actor=who(request), agency_id=who(request).agency_id, unit_id=None,
                origin=Reference("hand", 0, ""), now=when(request), **form.values(),
            )
        )  # fmt: skip

    if request.method == "POST" and did(form, act):
        return done(request, _("Đã giao việc."), "actions:action", made[0])
    return pages.render(request, "actions/new.html", {"form": form}, status=status_of(form))


def _act(
    request: HttpRequest, action_id: int, name: str, form: Form, told: str, act: Callable[[], Any]
) -> HttpResponse:
    if request.method != "POST":
        return redirect("actions:action", action_id)
    queries.action_page(actor=who(request), action_id=action_id, today=today_of(request))
    if did(form, act):
        return done(request, told, "actions:action", action_id)
    return _page(request, action_id, **{name: form})


@once
def finish(request: HttpRequest, action_id: int) -> HttpResponse:
    """Report an action as done with its evidence."""
    form = DoneForm(request.POST or None, request.FILES or None, auto_id="x_%s")
    return _act(
        request, action_id, "done_form", form, _("Đã báo xong. Việc chuyển sang người kiểm tra."),
        lambda: services.action_done(
            actor=who(request), action_id=action_id, evidence=form.cleaned_data["evidence"],
            uploads=form.uploads(), links=form.links(), now=when(request),
        ),
    )  # fmt: skip


@once
def check(request: HttpRequest, action_id: int) -> HttpResponse:
    """Accept a done action or return it."""
    form = CheckForm(request.POST or None, auto_id="k_%s")
    answer = _act(
        request, action_id, "check_form", form, _("Đã ghi kết luận kiểm tra."),
        lambda: services.action_check(
            actor=who(request), action_id=action_id, note=form.cleaned_data["note"],
            accepted=form.cleaned_data["verdict"] == "dat", now=when(request),
        ),
    )  # fmt: skip
    if request.method == "POST" and answer.status_code == HTTPStatus.FOUND:
        return _to_origin(request, action_id) or answer
    return answer


def _to_origin(request: HttpRequest, action_id: int) -> HttpResponse | None:
    """Lead who steers back to what the action comes from, where the next step is taken."""
    if not may(who(request), "improvement.manage"):
        return None
    page = queries.action_page(actor=who(request), action_id=action_id, today=today_of(request))
    return redirect(page.line.origin_url) if page.line.origin_url else None


@once
def move(request: HttpRequest, action_id: int) -> HttpResponse:
    """Give an action another day."""
    form = MoveForm(request.POST or None, auto_id="d_%s")
    return _act(
        request, action_id, "move_form", form, _("Đã dời hạn."),
        lambda: services.action_move(
            actor=who(request), action_id=action_id, now=when(request), **form.cleaned_data
        ),
    )  # fmt: skip


@once
def cancel(request: HttpRequest, action_id: int) -> HttpResponse:
    """Drop an action."""
    form = ReasonForm(request.POST or None, auto_id="t_%s")
    return _act(
        request, action_id, "cancel_form", form, _("Đã thôi việc này."),
        lambda: services.action_cancel(
            actor=who(request), action_id=action_id, now=when(request), **form.cleaned_data
        ),
    )  # fmt: skip


def proof(request: HttpRequest, proof_id: int) -> HttpResponse:
    """Give a file that shows what was done."""
    file_id = queries.proof_file(actor=who(request), proof_id=proof_id)
    return file_answer(file_id)
