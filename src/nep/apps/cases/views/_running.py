"""What is done beside the steps of a case; the agency's own time rules."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from nep.apps.cases import queries, services
from nep.apps.cases.forms import (
    CorrectionDoneForm,
    CorrectionForm,
    ExtendForm,
    LinkForm,
    ReasonForm,
    ReprojectionForm,
    TimeRulesForm,
    UnlinkForm,
)
from nep.apps.cases.views._acted import Told, acted
from nep.apps.cases.views._ground import is_fragment
from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.foundation.web import pages
from nep.foundation.web.acting import when
from nep.foundation.web.once import once
from nep.foundation.web.refusals import form_refused
from nep.kernel.errors import Refusal
from nep.kernel.vietnamese import date_text, local

_EXTEND = Told(_l("Gia hạn và xin lỗi"), _l("Hẹn lại ngày trả"), hint="extend")
_URGENT = Told(_l("Ghi hồ sơ khẩn"), hint="urgent")
_NOT_URGENT = Told(_l("Thôi ghi khẩn"), hint="urgent")
_STOP = Told(_l("Dừng giải quyết"), hint="stop", is_grave=True)
_RECALL = Told(_l("Thu hồi bước"), _l("Thu hồi, làm tiếp"), hint="recall")
_LINK = Told(_l("Nối với hồ sơ khác"), _l("Nối hai hồ sơ"), hint="link")
_UNLINK = Told(_l("Bỏ nối hồ sơ"))
_CORRECT = Told(_l("Đính chính kết quả"), _l("Mở việc đính chính"), hint="correct")
_CORRECTED = Told(_l("Đính chính xong"))


def _doer(request: HttpRequest, case_id: int) -> dict[str, Any]:
    return {"actor": who(request), "now": when(request), "case_id": case_id}


@once
def extend(request: HttpRequest, case_id: int) -> HttpResponse:
    """Apologise and promise a later date, once."""

    def act(values: dict[str, Any]) -> str:
        due = services.case_extend(
            **_doer(request, case_id), new_on=values["new_on"], reason=values["reason"],
            expected_version=values["version"],
        )  # fmt: skip
        return _("Đã hẹn lại ngày %(day)s.") % {"day": date_text(local(due).date())}

    return acted(request, case_id, ExtendForm(request.POST or None), act, _EXTEND)


@once
def urgent(request: HttpRequest, case_id: int) -> HttpResponse:
    """Mark the case as urgent, or take the mark off."""
    is_urgent = "thoi" not in request.GET

    def act(values: dict[str, Any]) -> str:
        services.case_urgent_set(
            **_doer(request, case_id), urgent=is_urgent, reason=values["reason"],
            expected_version=values["version"],
        )  # fmt: skip
        return _("Đã ghi hồ sơ là khẩn.") if is_urgent else _("Hồ sơ không còn ghi khẩn.")

    told = _URGENT if is_urgent else _NOT_URGENT
    return acted(request, case_id, ReasonForm(request.POST or None), act, told)


@once
def stop(request: HttpRequest, case_id: int) -> HttpResponse:
    """Stop dealing with the case."""

    def act(values: dict[str, Any]) -> str:
        services.case_stop(
            **_doer(request, case_id), reason=values["reason"],
            expected_version=values["version"],
        )  # fmt: skip
        return _("Đã dừng giải quyết hồ sơ.")

    return acted(request, case_id, ReasonForm(request.POST or None), act, _STOP)


@once
def recall(request: HttpRequest, case_id: int, run_id: int) -> HttpResponse:
    """Take back a step finished by mistake."""

    def act(values: dict[str, Any]) -> str:
        services.step_recall(
            actor=who(request), now=when(request), run_id=run_id, reason=values["reason"],
            expected_version=values["version"],
        )  # fmt: skip
        return _("Đã thu hồi, bạn làm tiếp bước này.")

    return acted(request, case_id, ReasonForm(request.POST or None), act, _RECALL)


@once
def link(request: HttpRequest, case_id: int) -> HttpResponse:
    """Tie the case to another one."""

    def act(values: dict[str, Any]) -> str:
        services.case_link(**_doer(request, case_id), **values)
        return _("Đã nối hai hồ sơ.")

    return acted(request, case_id, LinkForm(request.POST or None), act, _LINK)


@once
def unlink(request: HttpRequest, case_id: int, link_id: int) -> HttpResponse:
    """Take a tie off."""

    def act(values: dict[str, Any]) -> str:
        services.case_unlink(**_doer(request, case_id), link_id=link_id, reason=values["reason"])
        return _("Đã bỏ nối hai hồ sơ.")

    queries.case_tie(actor=who(request), case_id=case_id, link_id=link_id)
    return acted(request, case_id, UnlinkForm(request.POST or None), act, _UNLINK)


@once
def correct(request: HttpRequest, case_id: int) -> HttpResponse:
    """Begin to put a wrong result right."""

    def act(values: dict[str, Any]) -> str:
        due = services.correction_open(**_doer(request, case_id), reason=values["reason"])
        return _("Đã mở việc đính chính, hạn %(day)s.") % {"day": date_text(local(due).date())}

    return acted(request, case_id, CorrectionForm(request.POST or None), act, _CORRECT)


@once
def correct_done(request: HttpRequest, correction_id: int) -> HttpResponse:
    """Record that a result was put right."""

    def act(values: dict[str, Any]) -> str:
        services.correction_close(
            actor=who(request), now=when(request), correction_id=correction_id,
            answer=values["answer"],
        )  # fmt: skip
        return _("Đã ghi đính chính xong kết quả.")

    case_id = queries.case_correction(actor=who(request), correction_id=correction_id)
    return acted(request, case_id, CorrectionDoneForm(request.POST or None), act, _CORRECTED)


@once
def time_rules(request: HttpRequest) -> HttpResponse:
    """Show the agency's time rules, and change those the law leaves open."""
    page = queries.time_rule_page(actor=who(request), now=when(request))
    allowed = bool(may(who(request), "calendar.manage"))
    form = TimeRulesForm(request.POST or None, lines=page.lines) if allowed else None
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            services.time_rules_set(
                actor=who(request), now=when(request), values=form.figures(),
                reason=form.cleaned_data["reason"],
            )  # fmt: skip
        except Refusal as refusal:
            if refusal.status != Refusal.status:
                raise
            form_refused(form, refusal)
        else:
            messages.success(request, _("Đã đổi. Hồ sơ nhận từ nay theo quy tắc mới."))
            return redirect("cases:time_rules")
    status = 422 if form is not None and form.errors else 200
    context = {"page": page, "form": form}
    return pages.render(request, "cases/time_rules.html", context, status=status)


@once
def reprojection(request: HttpRequest) -> HttpResponse:
    """Show which open due dates the present calendar would move, and have them counted anew."""
    form = ReprojectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.reprojection_start(
                actor=who(request), now=when(request), reason=form.cleaned_data["reason"]
            )
        except Refusal as refusal:
            if refusal.status != Refusal.status:
                raise
            form_refused(form, refusal)
        else:
            messages.success(request, _("Đã bắt đầu tính lại hạn."))
            return redirect("cases:reprojection")
    lines = queries.reprojection_lines(actor=who(request))
    running = next((line for line in lines if not line.is_done), None)
    if is_fragment(request) and request.GET.get("phan") == "tien-do":
        if running is None:
            return HttpResponse(headers={"HX-Refresh": "true"})
        part = "cases/reprojection.html#progress"
        return pages.render(request, part, {"running": running})
    context = {
        "lines": lines,
        "running": running,
        "preview": queries.reprojection_preview(actor=who(request)),
        "form": form,
    }
    status = 422 if form.errors else 200
    return pages.render(request, "cases/reprojection.html", context, status=status)
