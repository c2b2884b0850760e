"""The meeting's minutes are written, approved, returned, kept; a review is dropped."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from nep.apps.organization.queries import who
from nep.apps.reviews import queries, services
from nep.apps.reviews.forms import (
    FEWEST_ROWS,
    SPARE_ROWS,
    MinutesForm,
    ReasonForm,
    minutes_initial,
)
from nep.apps.reviews.rules import life
from nep.apps.reviews.views._review import act, page_of
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of, when
from nep.foundation.web.once import once


@once
def write(request: HttpRequest, leader_review_id: int) -> HttpResponse:
    """Write the minutes on a page of their own, beside the inputs."""
    page = page_of(request, leader_review_id)
    if life.WRITE not in page.may:
        return redirect("reviews:review", leader_review_id)
    form = _minutes_form(request, page, request.POST or None)

    def go() -> None:
        services.review_write(
            actor=who(request),
            review_id=leader_review_id,
            minutes=form.minutes(),
            now=when(request),
        )

    if request.method == "POST" and did(form, go):
        return done(
            request,
            _("Đã ghi biên bản, chuyển chủ trì phê duyệt."),
            "reviews:review",
            leader_review_id,
        )
    context = {"page": page, "form": form}
    return pages.render(request, "reviews/minutes.html", context, status=status_of(form))


def _minutes_form(request: HttpRequest, page: queries.ReviewPage, data: Any) -> MinutesForm:
    start = queries.start_values(
        actor=who(request), edition=page.demands.edition, today=today_of(request)
    )
    named = [
        (one.person_id, ", ".join(filter(None, (one.name, one.position))))
        for one in page.participants
    ]
    return MinutesForm(
        data, participants=named, people=start.members, outputs=page.demands.outputs,
        asks_follow=bool(page.left), rows=max(FEWEST_ROWS, len(page.decisions) + SPARE_ROWS),
        initial=minutes_initial(page, today=today_of(request), decisions=page.decisions),
    )  # fmt: skip


@once
def approve(request: HttpRequest, leader_review_id: int) -> HttpResponse:
    """Approve the minutes that stand on the page, then keep them in the records."""
    if request.method != "POST":
        return redirect("reviews:review", leader_review_id)
    services.review_approve(
        actor=who(request), review_id=leader_review_id, read_hash=request.POST.get("read_hash", "")[:64],
        now=when(request),
    )  # fmt: skip
    services.review_deposit(actor=who(request), review_id=leader_review_id, now=when(request))
    return done(
        request, _("Đã phê duyệt biên bản; các quyết định đã giao thành việc."), "reviews:review",
        leader_review_id,
    )  # fmt: skip


@once
def give_back(request: HttpRequest, leader_review_id: int) -> HttpResponse:
    """Return the minutes."""
    if request.method != "POST":
        return redirect("reviews:review", leader_review_id)
    form = ReasonForm(request.POST, auto_id="t_%s")

    def go() -> None:
        services.review_return(
            actor=who(request), review_id=leader_review_id, reason=form.cleaned_data["reason"],
            now=when(request),
        )  # fmt: skip

    return act(request, leader_review_id, "return_form", form, _("Đã trả lại biên bản."), go)


@once
def drop(request: HttpRequest, leader_review_id: int) -> HttpResponse:
    """Drop a review that was only prepared."""
    if request.method != "POST":
        return redirect("reviews:review", leader_review_id)
    form = ReasonForm(request.POST, auto_id="h_%s")

    def go() -> None:
        services.review_drop(
            actor=who(request), review_id=leader_review_id, reason=form.cleaned_data["reason"],
            now=when(request),
        )  # fmt: skip

    return act(request, leader_review_id, "drop_form", form, _("Đã hủy lần xem xét."), go)


@once
def deposit(request: HttpRequest, leader_review_id: int) -> HttpResponse:
    """Put the papers of an approved review into the records."""
    if request.method == "POST":
        services.review_deposit(actor=who(request), review_id=leader_review_id, now=when(request))
        return done(request, _("Đã lưu vào hồ sơ lưu."), "reviews:review", leader_review_id)
    return redirect("reviews:review", leader_review_id)
