"""What is done on a case's page: each view is one service and a way back."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from nep.apps.cases import queries, services
from nep.apps.cases.forms import (
    EndForm,
    PauseForm,
    RefusalForm,
    ResumeForm,
    StepForm,
    SupplementForm,
    asked_typed,
    given_files,
    typed_data,
    wanted_papers,
)
from nep.apps.cases.views._acted import Told, acted
from nep.apps.cases.views._case import show
from nep.apps.cases.views._ground import back_to, calendar, page_of
from nep.apps.organization import queries as organization
from nep.apps.organization.queries import who
from nep.apps.work import services as work
from nep.foundation.web.acting import when
from nep.foundation.web.once import once
from nep.foundation.web.refusals import form_refused
from nep.kernel.errors import Refusal

_SUPPLEMENT = Told(_l("Yêu cầu bổ sung hồ sơ"), _l("Lập phiếu yêu cầu bổ sung"), hint="supplement")
_PAUSE = Told(_l("Tạm dừng hồ sơ"), _l("Tạm dừng"))
_RESUME = Told(_l("Cho hồ sơ chạy lại"), _l("Chạy tiếp"), hint="resume")
_ACCEPT = Told(_l("Tiếp nhận hồ sơ đã nộp đủ"), _l("Tiếp nhận"))
_SUPPLEMENTED = Told(_l("Nhận bổ sung"), _l("Đã nhận đủ, chạy tiếp"), hint="resume")
_REFUSE = Told(_l("Từ chối giải quyết"), hint="refuse", is_grave=True)
_WITHDRAW = Told(
    _l("Người nộp rút hồ sơ"), _l("Ghi nhận rút hồ sơ"), back=_l("Giữ lại"), is_grave=True
)


@once
def step(request: HttpRequest, case_id: int, run_id: int) -> HttpResponse:
    """Finish a step with the conclusion picked, and give the case on."""
    if request.method != "POST":
        return redirect("cases:case", case_id)
    form = StepForm(request.POST)
    if not form.is_valid():
        return show(request, case_id, status=422, form=form)
    try:
        done = _finish(request, case_id, run_id, form)
    except Refusal as refusal:
        if refusal.status != Refusal.status:
            raise
        if refusal.code != "step_data":  # which the fields of the step say themselves
            form_refused(form, refusal)
        return show(request, case_id, status=422, form=form, refusal=refusal)
    return back_to(request, case_id, _done_text(done))


def _finish(request: HttpRequest, case_id: int, run_id: int, form: StepForm) -> services.StepDone:
    values = form.cleaned_data
    page = page_of(request, case_id)
    action = queries.next_action(
        actor=who(request), case_id=case_id, run_id=run_id, now=when(request),
        calendar=calendar(request),
    )  # fmt: skip
    chosen = next((one for one in action.options if one.value == values["outcome"]), None)
    goes_on = chosen is None or chosen.kind == "on"
    more: dict[str, Any] = {
        "actor": who(request), "now": when(request), "run_id": run_id,
        "outcome": values["outcome"] or None,
        "receiver_id": values["receiver"] if goes_on else None,
        "typed": typed_data(request.POST), "uploads": given_files(request.FILES),
    }  # fmt: skip
    if not page.is_outside:
        more["papers"] = form.wanted()
    if action.asks and goes_on:
        more["asked"] = asked_typed(request.POST, request.POST.getlist("hoi"))
    if action.is_opinion:
        upload = request.FILES.get("tep")
        file = (upload.name or "", upload.read()) if upload else None
        return services.opinion_answer(**more, answer=values["note"], upload=file)
    act = services.outside_returned if page.is_outside else services.step_complete
    return act(**more, note=values["note"])


def _done_text(done: services.StepDone) -> str:
    if not done.opened:
        return _("Đã hoàn thành bước này.")
    person = done.opened[0][2]
    names = organization.person_names([person])
    if person in names:
        return _("Đã chuyển hồ sơ cho %(name)s.") % {"name": names[person]}
    return _("Đã chuyển hồ sơ; bước tiếp theo chờ người nhận trong đơn vị.")


@once
def claim(request: HttpRequest, case_id: int) -> HttpResponse:
    """Take the open step of the case, as from the worklist."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    page = page_of(request, case_id)
    if page.item_id is None:
        return redirect("cases:case", case_id)
    work.item_claim(actor=who(request), now=when(request), item_id=page.item_id)
    return back_to(request, case_id, _("Bạn đã nhận bước này."))


@once
def supplement(request: HttpRequest, case_id: int) -> HttpResponse:
    """Ask the applicant to complete the case."""

    def act(values: dict[str, Any]) -> str:
        number = services.case_supplement_request(
            actor=who(request), now=when(request), case_id=case_id, reason=values["reason"],
            papers=wanted_papers(values["papers"]), expected_version=values["version"],
        )  # fmt: skip
        return _("Đã lập phiếu yêu cầu bổ sung số %(number)s; đồng hồ tạm dừng.") % {
            "number": number
        }

    return acted(request, case_id, SupplementForm(request.POST or None), act, _SUPPLEMENT)


@once
def pause(request: HttpRequest, case_id: int) -> HttpResponse:
    """Pause the case for another reason."""

    def act(values: dict[str, Any]) -> str:
        services.case_pause(
            actor=who(request), now=when(request), case_id=case_id, kind=values["kind"],
            reason=values["reason"], expected_version=values["version"],
        )  # fmt: skip
        return _("Đã tạm dừng hồ sơ.")

    return acted(request, case_id, PauseForm(request.POST or None), act, _PAUSE)


@once
def resume(request: HttpRequest, case_id: int) -> HttpResponse:
    """Let the case go on; papers ticked are complete now."""
    page = page_of(request, case_id)
    form = ResumeForm(
        request.POST or None,
        papers=[(one.id, one.name) for one in page.missing_papers],
        initial={"version": page.version},
    )

    def act(values: dict[str, Any]) -> str:
        facts = {
            "actor": who(request), "now": when(request), "case_id": case_id,
            "note": values["note"], "expected_version": values["version"],
        }  # fmt: skip
        if page.is_waiting or (page.pause and page.pause.kind == "supplement"):
            services.case_supplement_received(**facts, papers=values.get("papers", ()))
            if page.is_waiting:
                return _("Đã tiếp nhận hồ sơ.")
            return _("Đã nhận bổ sung, hồ sơ chạy tiếp.")
        services.case_resume(**facts)
        return _("Hồ sơ chạy tiếp.")

    is_supplement = bool(page.pause and page.pause.kind == "supplement")
    told = _ACCEPT if page.is_waiting else _SUPPLEMENTED if is_supplement else _RESUME
    return acted(request, case_id, form, act, told)


@once
def refuse(request: HttpRequest, case_id: int) -> HttpResponse:
    """Refuse to grant what was asked, with the reason."""

    def act(values: dict[str, Any]) -> str:
        services.case_refuse(
            actor=who(request), now=when(request), case_id=case_id, reason=values["reason"],
            late_reason=values["late_reason"], expected_version=values["version"],
        )  # fmt: skip
        return _("Đã từ chối giải quyết hồ sơ.")

    return acted(request, case_id, RefusalForm(request.POST or None), act, _REFUSE)


@once
def withdraw(request: HttpRequest, case_id: int) -> HttpResponse:
    """Record that the applicant takes the case back."""

    def act(values: dict[str, Any]) -> str:
        services.case_withdraw(
            actor=who(request), now=when(request), case_id=case_id, reason=values["reason"],
            expected_version=values["version"],
        )  # fmt: skip
        return _("Đã ghi nhận rút hồ sơ.")

    return acted(request, case_id, EndForm(request.POST or None), act, _WITHDRAW)


@once
def give_result(request: HttpRequest, case_id: int) -> HttpResponse:
    """Record that the applicant has the result."""
    if request.method != "POST":
        return redirect("cases:case", case_id)
    services.result_returned(actor=who(request), now=when(request), case_id=case_id)
    return back_to(request, case_id, _("Đã trả kết quả."))


@once
def hand_outside(request: HttpRequest, case_id: int, run_id: int) -> HttpResponse:
    """Record that the file went to the other agency."""
    if request.method != "POST":
        return redirect("cases:case", case_id)
    services.outside_handed(
        actor=who(request),
        now=when(request),
        run_id=run_id,
        note=request.POST.get("note", "")[:1000],
    )
    return back_to(request, case_id, _("Đã ghi nhận giao hồ sơ cho cơ quan ngoài."))
