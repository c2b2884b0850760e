"""Feedback: the register, one piece of it, what is done with it."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from nep.apps.cases.queries import citizens, troubles
from nep.apps.improvement import queries, services
from nep.apps.improvement.forms import (
    AnswerForm,
    EndForm,
    FeedbackForm,
    FeedbackLimitForm,
    GiveForm,
    ReasonForm,
)
from nep.apps.improvement.rules import feedback as rules
from nep.apps.organization import queries as organization
from nep.apps.organization.queries import people_choices, who
from nep.apps.organization.rules import may
from nep.foundation.printing import SheetColumn, xlsx
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of, when
from nep.foundation.web.answers import sheet_answer
from nep.foundation.web.lists import offset_of, paging_of, tabs_of
from nep.foundation.web.once import once
from nep.kernel.errors import Refusal
from nep.kernel.vietnamese import local

PAGE, MOST_EXPORTED = 50, 20_000
COLUMNS = (
    SheetColumn("Số", width=14),
    SheetColumn("Loại", width=26),
    SheetColumn("Gửi bằng", width=18),
    SheetColumn("Ngày nhận", "date", 12),
    SheetColumn("Tóm tắt", width=60),
    SheetColumn("Hồ sơ liên quan", width=40),
    SheetColumn("Đơn vị", width=24),
    SheetColumn("Người xử lý", width=24),
    SheetColumn("Hạn", "date", 12),
    SheetColumn("Ngày trả lời", "date", 12),
    SheetColumn("Kết luận", width=16),
    SheetColumn("Trạng thái", width=18),
)


def feedbacks(request: HttpRequest) -> HttpResponse:
    """Show the feedback that a filter finds, with what citizens say through their receipts."""
    actor, wanted, offset = (
        who(request),
        queries.FeedbackFilter.read(request.GET),
        offset_of(request),
    )
    found = queries.feedback_register(
        actor=actor, filter=wanted, today=today_of(request), offset=offset
    )
    values, year = wanted.values(), today_of(request).year
    context = {
        "page": found,
        "filter": wanted,
        "is_filtered": bool(wanted.query or wanted.kind),
        "tabs": tabs_of(queries.FEEDBACK_SCOPES, values,
                        {"": found.open_count, "toi": found.mine, "qua-han": found.late}),
        "kinds": queries.limits().values(),
        "may_answer": bool(may(actor, "feedback.answer")),
        "ratings": citizens.ratings_told(agency_id=actor.agency_id, period=year),
        "reports": citizens.open_report_count(agency_id=actor.agency_id),
        "sees_ratings": bool(may(actor, "figures.see")),
        "year": year,
        "export_url": f"{reverse('improvement:feedback_export')}?{urlencode(values)}",
        "paging": paging_of(offset=offset, shown=len(found.lines), found=found.found, page=PAGE,
                            values=values),
    }  # fmt: skip
    return pages.render(request, "improvement/feedbacks.html", context)


def feedback_export(request: HttpRequest) -> HttpResponse:
    """Give the filtered register as an Excel file, without senders."""
    found = queries.feedback_register(
        actor=who(request), filter=queries.FeedbackFilter.read(request.GET),
        today=today_of(request), limit=MOST_EXPORTED,
    )  # fmt: skip
    rows = [
        (
            one.code, one.kind_name, one.channel_name, one.received_on, one.title, one.case_title,
            one.unit, one.owner, one.due_on,
            local(one.answered_at).date() if one.answered_at else None, one.founded_name,
            one.state_name,
        )
        for one in found.lines
    ]  # fmt: skip
    heading = (
        f"Sổ phản ánh, kiến nghị, khiếu nại, {organization.agency(who(request).agency_id).name}"
    )
    data = xlsx([("Phản hồi", COLUMNS, rows)], heading=heading)
    return sheet_answer(data, name="so-theo-doi-phan-hoi")


@once
def feedback_new(request: HttpRequest) -> HttpResponse:
    """Write feedback into the register."""
    kinds = [(one.kind, one.label) for one in queries.limits().values()]
    form = FeedbackForm(
        request.POST or None, people=people_choices(request), kinds=kinds,
        initial={"received_on": today_of(request), "kind": "petition"},
    )  # fmt: skip
    made: list[int] = []

    def act() -> None:
        code, case = form.cleaned_data["case_code"].strip(), None
        if code:
            case = troubles.case_by_code(actor=who(request), code=code)
            if case is None:
                raise Refusal("case_unknown", "Không có hồ sơ mang mã này.", field="case_code")
        made.append(
            services.feedback_add(
                actor=who(request), values=form.values(), case=case, now=when(request)
            )
        )

    if request.method == "POST" and did(form, act):
        return done(request, _("Đã ghi sổ."), "improvement:feedback", made[0])
    context = {"form": form, "limits": queries.limits_of(who(request).agency_id).values()}
    return pages.render(request, "improvement/feedback_new.html", context, status=status_of(form))


def feedback(request: HttpRequest, feedback_id: int) -> HttpResponse:
    """Show one piece of feedback and what comes next."""
    return _page(request, feedback_id)


def _page(request: HttpRequest, feedback_id: int, **bound: Form) -> HttpResponse:
    page = queries.feedback_page(
        actor=who(request), feedback_id=feedback_id, today=today_of(request)
    )
    forms: dict[str, Form] = {}
    if rules.ASSIGN in page.may:
        start = {"owner": page.line.owner_id}
        forms["give_form"] = GiveForm(auto_id="g_%s", people=people_choices(request), initial=start)
    if rules.ANSWER in page.may:
        forms["answer_form"] = AnswerForm(auto_id="t_%s")
    if rules.WITHDRAW in page.may:
        forms["end_form"] = EndForm(auto_id="d_%s")
    if rules.ERASE in page.may:
        forms["erase_form"] = ReasonForm(auto_id="x_%s")
    if rules.ACCEPT in page.may and page.needs_acceptance:
        forms["accept_form"] = Form(auto_id="a_%s")
    if rules.CLOSE in page.may:
        forms["close_form"] = Form(auto_id="k_%s")
    may_report = bool(may(who(request), "improvement.report"))
    context = {"page": page, "line": page.line, "may_report": may_report, **forms, **bound}
    return pages.render(
        request, "improvement/feedback.html", context, status=status_of(*bound.values())
    )


def _act(
    request: HttpRequest, feedback_id: int, name: str, form: Form, told: str,
    act: Callable[..., Any], values: Callable[[], dict[str, Any]] | None = None,
) -> HttpResponse:  # fmt: skip
    if request.method != "POST":
        return redirect("improvement:feedback", feedback_id)
    queries.feedback_page(actor=who(request), feedback_id=feedback_id, today=today_of(request))

    def go() -> None:
        kept = values() if values else form.cleaned_data
        act(actor=who(request), feedback_id=feedback_id, now=when(request), **kept)

    if did(form, go):
        return done(request, told, "improvement:feedback", feedback_id)
    return _page(request, feedback_id, **{name: form})


@once
def feedback_give(request: HttpRequest, feedback_id: int) -> HttpResponse:
    """Give it to who handles it."""
    form = GiveForm(request.POST or None, auto_id="g_%s", people=people_choices(request))
    return _act(request, feedback_id, "give_form", form, _("Đã giao người xử lý."),
                services.feedback_assign, lambda: {"owner_id": form.cleaned_data["owner"]})  # fmt: skip


@once
def feedback_accept(request: HttpRequest, feedback_id: int) -> HttpResponse:
    """Accept it."""
    form = Form(request.POST if request.method == "POST" else None)
    return _act(request, feedback_id, "accept_form", form, _("Đã thụ lý."),
                services.feedback_accept)  # fmt: skip


@once
def feedback_answer(request: HttpRequest, feedback_id: int) -> HttpResponse:
    """Answer it."""
    form = AnswerForm(request.POST or None, auto_id="t_%s")
    return _act(request, feedback_id, "answer_form", form, _("Đã ghi trả lời."),
                services.feedback_answer)  # fmt: skip


@once
def feedback_close(request: HttpRequest, feedback_id: int) -> HttpResponse:
    """Close an answered one."""
    form = Form(request.POST if request.method == "POST" else None)
    return _act(request, feedback_id, "close_form", form, _("Đã kết thúc."),
                services.feedback_end, lambda: {"move": rules.CLOSE, "reason": ""})  # fmt: skip


@once
def feedback_end(request: HttpRequest, feedback_id: int) -> HttpResponse:
    """End it without an answer."""
    form = EndForm(request.POST or None, auto_id="d_%s")
    return _act(request, feedback_id, "end_form", form, _("Đã kết thúc."),
                services.feedback_end)  # fmt: skip


@once
def sender_erase(request: HttpRequest, feedback_id: int) -> HttpResponse:
    """Erase who sent it."""
    form = ReasonForm(request.POST or None, auto_id="x_%s")
    return _act(request, feedback_id, "erase_form", form, _("Đã xóa thông tin người gửi."),
                services.feedback_sender_erase)  # fmt: skip


def feedback_limits(request: HttpRequest) -> HttpResponse:
    """Show how long each kind of feedback may take, on what ground, and let it be set."""
    return _limits(request)


@once
def feedback_limit_set(request: HttpRequest) -> HttpResponse:
    """Set how long a kind of feedback may take."""
    if request.method != "POST":
        return redirect("improvement:feedback_limits")
    form = FeedbackLimitForm(request.POST, auto_id="han_%s")
    if did(form, lambda: services.feedback_limit_set(actor=who(request), now=when(request),
                                                     **form.cleaned_data)):  # fmt: skip
        return done(request, _("Đã đặt thời hạn."), "improvement:feedback_limits")
    return _limits(request, form)


def _limits(request: HttpRequest, asked: FeedbackLimitForm | None = None) -> HttpResponse:
    actor = who(request)
    may_set = bool(may(actor, "improvement.set"))
    rows = [
        (one, asked if asked is not None and asked["kind"].value() == one.kind
         else FeedbackLimitForm(auto_id=f"{one.kind}_%s", initial=asdict(one)) if may_set
         else None)
        for one in queries.limits_of(actor.agency_id).values()
    ]  # fmt: skip
    return pages.render(request, "improvement/limits.html", {"rows": rows}, status=status_of(asked))
