"""Joint handling: handing a step to another agency here, and answering one."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from nep.apps.cases import queries, services
from nep.apps.cases.forms import JointAnswerForm, JointAskForm, JointAssignForm
from nep.apps.cases.views._case import as_file
from nep.apps.cases.views._ground import back_to, page_of
from nep.apps.organization.queries import who
from nep.apps.work import services as work
from nep.foundation.web import pages
from nep.foundation.web.acting import when
from nep.foundation.web.once import once
from nep.foundation.web.refusals import form_refused
from nep.kernel.errors import Refusal


@once
def joint_open(request: HttpRequest, case_id: int, run_id: int) -> HttpResponse:
    """Hand an outside step to its agency of this installation."""
    page_of(request, case_id)
    form = JointAskForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return redirect("cases:case", case_id)
    services.joint_open(
        actor=who(request), now=when(request), run_id=run_id, asked=form.cleaned_data["asked"]
    )
    return back_to(request, case_id, _("Đã giao cho cơ quan kia trong hệ thống."))


def joints(request: HttpRequest) -> HttpResponse:
    """Show the joint work of the agency, both ways, with how each went."""
    found = queries.joint_lists(actor=who(request), now=when(request))
    return pages.render(request, "cases/joints.html", {"lists": found})


def joint(request: HttpRequest, joint_id: int) -> HttpResponse:
    """Show one joint step: what is asked, until when, the papers."""
    return _show(request, joint_id)


def _show(
    request: HttpRequest,
    joint_id: int,
    *,
    answer: JointAnswerForm | None = None,
    assign: JointAssignForm | None = None,
) -> HttpResponse:
    page = queries.joint_page(actor=who(request), joint_id=joint_id, now=when(request))
    context = {
        "page": page,
        "answer_form": answer or JointAnswerForm(),
        "assign_form": assign or JointAssignForm(people=_people(request)),
    }
    status = 200 if answer is None and assign is None else 422
    return pages.render(request, "cases/joint.html", context, status=status)


def _people(request: HttpRequest) -> list[tuple[str, str]]:
    return services.joint_receivers(who(request).agency_id, when(request))


@once
def joint_claim(request: HttpRequest, joint_id: int) -> HttpResponse:
    """Take a joint step that waits for the role."""
    page = queries.joint_page(actor=who(request), joint_id=joint_id, now=when(request))
    if request.method == "POST" and page.item_id is not None:
        work.item_claim(actor=who(request), now=when(request), item_id=page.item_id)
        messages.success(request, _("Bạn đã nhận việc này."))
    return redirect("cases:joint", joint_id)


@once
def joint_answer(request: HttpRequest, joint_id: int) -> HttpResponse:
    """Give the result back to the agency that asked."""
    form = JointAnswerForm(request.POST or None, request.FILES or None)

    def act() -> str:
        upload = form.cleaned_data["file"]
        services.joint_answer(
            actor=who(request), now=when(request), joint_id=joint_id,
            answer=form.cleaned_data["answer"],
            upload=(upload.name, upload.read()) if upload else None,
        )  # fmt: skip
        return _("Đã trả lời cơ quan giao việc.")

    return _done(request, joint_id, form, act, lambda: _show(request, joint_id, answer=form))


@once
def joint_assign(request: HttpRequest, joint_id: int) -> HttpResponse:
    """Give a joint step to a person of the agency."""
    form = JointAssignForm(request.POST or None, people=_people(request))

    def act() -> str:
        services.joint_assign(
            actor=who(request), now=when(request), joint_id=joint_id, **form.cleaned_data
        )
        return _("Đã giao việc liên thông.")

    return _done(request, joint_id, form, act, lambda: _show(request, joint_id, assign=form))


def _done(
    request: HttpRequest,
    joint_id: int,
    form: forms.Form,
    act: Callable[[], str],
    again: Callable[[], HttpResponse],
) -> HttpResponse:
    """Do what a form asks, or show the page again with what is wrong. Raises NotFound."""
    queries.joint_page(actor=who(request), joint_id=joint_id, now=when(request))
    if request.method != "POST":
        return redirect("cases:joint", joint_id)
    if form.is_valid():
        try:
            text = act()
        except Refusal as refusal:
            if refusal.status != Refusal.status:
                raise
            form_refused(form, refusal)
        else:
            messages.success(request, text)
            return redirect("cases:joint", joint_id)
    return again()


def joint_paper(request: HttpRequest, joint_id: int, paper_id: int) -> HttpResponse:
    """Give the file of a paper of a joint step."""
    return as_file(queries.joint_paper(actor=who(request), joint_id=joint_id, paper_id=paper_id))
