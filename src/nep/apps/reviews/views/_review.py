"""One review: its page, its papers, and what is done before the meeting."""

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.apps.records.queries import records_of_source
from nep.apps.reviews import queries, services
from nep.apps.reviews.forms import (
    OpinionForm,
    PlanForm,
    ReasonForm,
    RemarksForm,
    plan_initial,
)
from nep.apps.reviews.rules import life
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of, when
from nep.foundation.web.answers import paper_answer
from nep.foundation.web.once import once
from nep.kernel.errors import NotFound


def review(request: HttpRequest, leader_review_id: int) -> HttpResponse:
    """Show one review: inputs, minutes, decisions, what comes next."""
    return show(request, leader_review_id)


def show(request: HttpRequest, leader_review_id: int, **bound: Form) -> HttpResponse:
    """Show the page of a review, with a form that was refused."""
    page = page_of(request, leader_review_id)
    context = {"page": page, "inputs": _with_remarks(page), **_kept(request, page),
               **_forms(request, page), **bound}  # fmt: skip
    return pages.render(request, "reviews/review.html", context, status=status_of(*bound.values()))


def page_of(request: HttpRequest, leader_review_id: int) -> queries.ReviewPage:
    """Return the review that an address names."""
    return queries.review_page(
        actor=who(request), review_id=leader_review_id, today=today_of(request)
    )


def act(
    request: HttpRequest,
    leader_review_id: int,
    name: str,
    form: Form,
    told: str,
    go: Callable[[], Any],
) -> HttpResponse:
    """Do one action of a form, and show the page again."""
    if did(form, go):
        return done(request, told, "reviews:review", leader_review_id)
    return show(request, leader_review_id, **{name: form})


def _with_remarks(page: queries.ReviewPage) -> list[dict[str, Any]]:
    return [
        {"number": place, "line": one, "remark": page.remarks.get(one.key, "")}
        for place, one in enumerate(page.inputs, start=1)
    ]


def _kept(request: HttpRequest, page: queries.ReviewPage) -> dict[str, Any]:
    """Return where an approved review is kept, or that it may be."""
    if page.state not in life.DONE:
        return {}
    found = records_of_source(
        agency_id=who(request).agency_id, source_type="form", source_ids=[page.id, page.frozen_id]
    )
    return {"kept": found, "may_keep": not found and bool(may(who(request), "record.keep"))}


def _forms(request: HttpRequest, page: queries.ReviewPage) -> dict[str, Form]:
    """Return the forms of what the reader may do now."""
    found: dict[str, Form] = {}
    if life.REMARK in page.may:
        found["remarks_form"] = RemarksForm(
            auto_id="n_%s",
            inputs=page.inputs,
            initial=dict(page.remarks) | {"version": page.version},
        )
    if life.OPINE in page.may:
        found["opinion_form"] = OpinionForm(auto_id="y_%s", inputs=page.inputs)
    if life.PLAN in page.may:
        found["plan_form"] = _plan_form(request, page)
    if life.DROP in page.may:
        found["drop_form"] = ReasonForm(auto_id="h_%s")
    if life.RETURN in page.may:
        found["return_form"] = ReasonForm(auto_id="t_%s")
    return found


def _plan_form(request: HttpRequest, page: queries.ReviewPage, data: Any = None) -> PlanForm:
    start = queries.start_values(
        actor=who(request), edition=page.demands.edition, today=today_of(request)
    )
    return PlanForm(data, auto_id="l_%s", start=start, initial=plan_initial(page))


@once
def freeze(request: HttpRequest, leader_review_id: int) -> HttpResponse:
    """Freeze the inputs again."""
    if request.method != "POST":
        return redirect("reviews:review", leader_review_id)
    services.review_freeze(actor=who(request), review_id=leader_review_id, now=when(request))
    return done(request, _("Đã chốt lại số liệu đến hôm nay."), "reviews:review", leader_review_id)


@once
def remark(request: HttpRequest, leader_review_id: int) -> HttpResponse:
    """Keep remarks on the inputs."""
    if request.method != "POST":
        return redirect("reviews:review", leader_review_id)
    form = RemarksForm(
        request.POST, auto_id="n_%s", inputs=page_of(request, leader_review_id).inputs
    )

    def go() -> None:
        services.review_remark(
            actor=who(request),
            review_id=leader_review_id,
            remarks=form.cleaned_data,
            now=when(request),
            expected_version=form.cleaned_data.pop("version"),
        )

    return act(request, leader_review_id, "remarks_form", form, _("Đã lưu nhận xét."), go)


@once
def opinion(request: HttpRequest, leader_review_id: int) -> HttpResponse:
    """Keep what somebody called says of an input."""
    if request.method != "POST":
        return redirect("reviews:review", leader_review_id)
    inputs = page_of(request, leader_review_id).inputs
    form = OpinionForm(request.POST, auto_id="y_%s", inputs=inputs)

    def go() -> None:
        services.review_opine(
            actor=who(request), review_id=leader_review_id, now=when(request),
            input_key=form.cleaned_data["input"], text=form.cleaned_data["text"],
        )  # fmt: skip

    told = _("Đã ghi ý kiến; thư ký và chủ trì thấy ở mục đầu vào.")
    return act(request, leader_review_id, "opinion_form", form, told, go)


@once
def plan(request: HttpRequest, leader_review_id: int) -> HttpResponse:
    """Change day, place, people, agenda."""
    if request.method != "POST":
        return redirect("reviews:review", leader_review_id)
    form = _plan_form(request, page_of(request, leader_review_id), request.POST)

    def go() -> None:
        services.review_plan(
            actor=who(request), review_id=leader_review_id, plan=form.plan(), now=when(request)
        )

    return act(request, leader_review_id, "plan_form", form, _("Đã đổi lịch và mời lại."), go)


def inputs_paper(request: HttpRequest, leader_review_id: int, ending: str) -> HttpResponse:
    """Give the frozen inputs as PDF or Word."""
    return _paper(request, leader_review_id, "dau-vao", ending)


def minutes_paper(request: HttpRequest, leader_review_id: int, ending: str) -> HttpResponse:
    """Give the minutes as PDF or Word."""
    return _paper(request, leader_review_id, "bien-ban", ending)


def _paper(request: HttpRequest, review_id: int, kind: services.Kind, ending: str) -> HttpResponse:
    if ending not in {"pdf", "docx"}:
        raise NotFound("no_such_form", "Giấy này chỉ có dạng PDF và Word.")
    data = services.review_paper(
        actor=who(request), review_id=review_id, kind=kind, now=when(request),
        ending="pdf" if ending == "pdf" else "docx",
    )  # fmt: skip
    return paper_answer(data, name=f"{kind}-{review_id}", ending=ending)
