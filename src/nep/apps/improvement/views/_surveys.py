"""Surveys: the list, making one, its results, the public page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from nep.apps.improvement import queries, services
from nep.apps.improvement.forms import SurveyAnswerForm, SurveyForm
from nep.apps.improvement.rules import surveys as rules
from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.foundation.printing import SheetColumn, qr_svg, xlsx
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of, when
from nep.foundation.web.answers import sheet_answer
from nep.foundation.web.once import once

START = (
    "Ông/Bà hài lòng với kết quả nhận được?\n"
    "Công chức hướng dẫn có dễ hiểu, lịch sự?\n"
    "Thời gian giải quyết có đúng hẹn?\n"
    "Điều cần cải thiện nhất | Thời gian | Giấy tờ phải nộp | Thái độ phục vụ | Nơi ngồi chờ\n"
    "Ông/Bà muốn góp ý thêm điều gì …"
)


def surveys(request: HttpRequest) -> HttpResponse:
    """Show the surveys of the agency."""
    lines = queries.survey_lines(agency_id=who(request).agency_id)
    context = {
        "lines": lines,
        "open": sum(one.state == rules.OPEN for one in lines),
        "may_set": bool(may(who(request), "improvement.set")),
    }
    return pages.render(request, "improvement/surveys.html", context)


@once
def survey_new(request: HttpRequest) -> HttpResponse:
    """Make a survey."""
    return _keep(request, None, {"questions": START, "anonymous": True})


@once
def survey_edit(request: HttpRequest, survey_id: int) -> HttpResponse:
    """Change a survey that is not open yet."""
    page = queries.survey_page(actor=who(request), survey_id=survey_id, today=today_of(request))
    start = {"title": page.line.title, "lead": page.lead, "closes_on": page.line.closes_on,
             "questions": rules.questions_text(page.questions),
             "anonymous": page.line.anonymous}  # fmt: skip
    return _keep(request, survey_id, start)


def _keep(request: HttpRequest, survey_id: int | None, start: dict[str, Any]) -> HttpResponse:
    form = SurveyForm(request.POST or None, initial=start)
    made: list[int] = []

    def act() -> None:
        kept = dict(form.cleaned_data)
        kept["questions"] = rules.typed_questions(kept["questions"])
        made.append(
            services.survey_keep(actor=who(request), survey_id=survey_id, now=when(request), **kept)
        )

    if request.method == "POST" and did(form, act):
        return done(request, _("Đã lưu. Xem lại câu hỏi rồi mở nhận trả lời."),
                    "improvement:survey", made[0])  # fmt: skip
    context = {"form": form, "survey_id": survey_id}
    return pages.render(request, "improvement/survey_edit.html", context, status=status_of(form))


def survey(request: HttpRequest, survey_id: int) -> HttpResponse:
    """Show a survey with its link, its QR code and its results."""
    page = queries.survey_page(actor=who(request), survey_id=survey_id, today=today_of(request))
    address = request.build_absolute_uri(reverse("improvement:survey_public", args=[page.key]))
    context = {
        "page": page,
        "line": page.line,
        "address": address,
        "qr": mark_safe(qr_svg(address)),  # noqa: S308  # our own drawing
        "may_set": bool(may(who(request), "improvement.set")),
    }
    return pages.render(request, "improvement/survey.html", context)


def survey_open(request: HttpRequest, survey_id: int) -> HttpResponse:
    """Open a survey for answers."""
    return _move(request, survey_id, "open", _("Đã mở nhận trả lời."))


def survey_close(request: HttpRequest, survey_id: int) -> HttpResponse:
    """Close a survey."""
    return _move(request, survey_id, "close", _("Đã đóng khảo sát."))


def _move(request: HttpRequest, survey_id: int, move: str, told: str) -> HttpResponse:
    if request.method == "POST":
        services.survey_move(actor=who(request), survey_id=survey_id, move=move, now=when(request))
        return done(request, told, "improvement:survey", survey_id)
    return redirect("improvement:survey", survey_id)


def survey_export(request: HttpRequest, survey_id: int) -> HttpResponse:
    """Give the answers as an Excel file: one row an answer, one column a question."""
    page = queries.survey_page(actor=who(request), survey_id=survey_id, today=today_of(request))
    columns = [SheetColumn("Ngày", "date", 12)]
    if not page.line.anonymous:
        columns.append(SheetColumn("Họ tên", width=26))
    columns += [SheetColumn(one.text, width=30) for one in page.questions]
    rows = [
        (on, *(() if page.line.anonymous else (name,)), *said) for on, name, said in page.answers
    ]
    return sheet_answer(xlsx([("Trả lời", tuple(columns), rows)]), name=f"khao-sat-{survey_id}")


@never_cache
@once
def survey_public(request: HttpRequest, survey_key: str) -> HttpResponse:
    """Show a survey to who answers, and keep the answer; nothing of who it is."""
    page = queries.public_survey(key=survey_key, today=today_of(request))
    form = SurveyAnswerForm(
        request.POST or None, questions=page.questions, anonymous=page.anonymous
    )
    thanked = False
    if request.method == "POST":
        thanked = did(
            form,
            lambda: services.survey_answer(
                key=survey_key, given=form.given(), name=form.cleaned_data.get("name", ""),
                now=when(request),
            ),
        )  # fmt: skip
    context = {"page": page, "form": form, "thanked": thanked}
    status = 200 if thanked else status_of(form)
    return pages.render(request, "improvement/survey_public.html", context, status=status)
