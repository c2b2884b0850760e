"""One nonconformity: its page and what is done with it."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from nep.apps.improvement import queries, services
from nep.apps.improvement.forms import (
    ActForm,
    AnalyseForm,
    AssignForm,
    ChangeForm,
    CheckForm,
    CloseForm,
    CorrectForm,
    EffectForm,
    ReasonForm,
    SolveForm,
)
from nep.apps.improvement.rules import life
from nep.apps.organization.queries import people_choices, who
from nep.apps.organization.rules import may
from nep.apps.records.queries import records_of_source
from nep.apps.workcal import queries as workcal
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of, when
from nep.foundation.web.answers import paper_answer
from nep.foundation.web.once import once
from nep.kernel.errors import NotFound

EFFECT_DAYS = 30


def sheet(request: HttpRequest, nonconformity_id: int) -> HttpResponse:
    """Show one nonconformity: what is known, what is missing, what comes next."""
    return _page(request, nonconformity_id)


def _page(request: HttpRequest, nonconformity_id: int, **bound: Form) -> HttpResponse:
    page = queries.nonconformity_page(
        actor=who(request), nonconformity_id=nonconformity_id, today=today_of(request)
    )
    context = {
        "page": page, "line": page.line, **_kept(request, page), **_forms(request, page), **bound
    }  # fmt: skip
    return pages.render(
        request, "improvement/sheet.html", context, status=status_of(*bound.values())
    )


def _kept(request: HttpRequest, page: queries.SheetPage) -> dict[str, Any]:
    """Return where a closed sheet is kept, or that it may be."""
    if page.line.state != life.CLOSED:
        return {}
    found = records_of_source(
        agency_id=who(request).agency_id, source_type="form", source_ids=[page.line.id]
    )
    return {"kept": found, "may_keep": not found and bool(may(who(request), "record.keep"))}


def _forms(request: HttpRequest, page: queries.SheetPage) -> dict[str, Form]:
    """Return the forms of what the reader may do now."""
    line, today = page.line, today_of(request)
    asks_people = page.may & {life.ASSIGN, life.ACT}
    people = people_choices(request) if asks_people else []
    whys = {f"why_{place}": text for place, text in enumerate(page.whys, start=1)}
    made: dict[str, tuple[str, Callable[[], Form]]] = {
        life.ASSIGN: ("assign_form", lambda: AssignForm(
            auto_id="g_%s", people=people,
            initial={"owner": line.owner_id, "due_on": max(line.due_on, today)})),
        life.CORRECT: ("correct_form", lambda: CorrectForm(
            auto_id="s_%s",
            initial={"correction": line.correction, "on": page.correction_on or today})),
        life.ANALYSE: ("analyse_form", lambda: AnalyseForm(
            auto_id="n_%s", initial={"cause": line.cause, **whys})),
        life.ACT: ("act_form", lambda: ActForm(auto_id="h_%s", people=people)),
        life.DOCUMENT: ("change_form", lambda: ChangeForm(auto_id="t_%s")),
        life.CHECK: ("check_form", lambda: CheckForm(
            auto_id="k_%s", initial={"effect_on": _effect_day(request)})),
        life.RETURN: ("return_form", lambda: ReasonForm(auto_id="r_%s")),
        life.WORKED: ("effect_form", lambda: EffectForm(
            auto_id="e_%s", initial={"close": True})),
        life.CLOSE: ("close_form", lambda: CloseForm(auto_id="d_%s")),
        life.REJECT: ("reject_form", lambda: ReasonForm(auto_id="x_%s")),
    }  # fmt: skip
    found = {name: make() for move, (name, make) in made.items() if move in page.may}
    is_begun = line.owner_id is None or bool(line.cause) or line.potential
    if {life.CORRECT, life.ANALYSE} <= page.may and not is_begun:
        found["solve_form"] = SolveForm(
            auto_id="w_%s", people=people_choices(request),
            initial={"correction": line.correction, "on": page.correction_on or today},
        )  # fmt: skip
    if life.DOCUMENT in page.may:
        found["no_change_form"] = ReasonForm(
            auto_id="u_%s", initial={"reason": page.no_update_reason}
        )
    return found


def _effect_day(request: HttpRequest) -> date:
    day = today_of(request) + timedelta(days=EFFECT_DAYS)
    return workcal.working_day_from(agency_id=who(request).agency_id, day=day)


def _act(
    request: HttpRequest, nonconformity_id: int, name: str, form: Form, told: str,
    act: Callable[..., Any], values: Callable[[], dict[str, Any]] | None = None,
) -> HttpResponse:  # fmt: skip
    """Do one action of a form with the sheet's id, and show the page again."""
    if request.method != "POST":
        return redirect("improvement:sheet", nonconformity_id)
    queries.nonconformity_page(
        actor=who(request), nonconformity_id=nonconformity_id, today=today_of(request)
    )

    def go() -> None:
        kept = values() if values else form.cleaned_data
        act(actor=who(request), nonconformity_id=nonconformity_id, now=when(request), **kept)

    if did(form, go):
        return done(request, told, "improvement:sheet", nonconformity_id)
    return _page(request, nonconformity_id, **{name: form})


@once
def assign(request: HttpRequest, nonconformity_id: int) -> HttpResponse:
    """Say who answers for it."""
    form = AssignForm(request.POST or None, auto_id="g_%s", people=people_choices(request))
    return _act(
        request, nonconformity_id, "assign_form", form, _("Đã giao người phụ trách."),
        services.nonconformity_assign,
        lambda: {"owner_id": form.cleaned_data["owner"], "due_on": form.cleaned_data["due_on"]},
    )  # fmt: skip


@once
def correct(request: HttpRequest, nonconformity_id: int) -> HttpResponse:
    """Write what was done at once."""
    form = CorrectForm(request.POST or None, auto_id="s_%s")
    return _act(request, nonconformity_id, "correct_form", form, _("Đã ghi sự khắc phục."),
                services.nonconformity_correct)  # fmt: skip


@once
def analyse(request: HttpRequest, nonconformity_id: int) -> HttpResponse:
    """Write the cause."""
    form = AnalyseForm(request.POST or None, auto_id="n_%s")
    return _act(
        request, nonconformity_id, "analyse_form", form, _("Đã ghi nguyên nhân."),
        services.nonconformity_analyse,
        lambda: {"cause": form.cleaned_data["cause"], "whys": form.whys()},
    )  # fmt: skip


@once
def act(request: HttpRequest, nonconformity_id: int) -> HttpResponse:
    """Lay down a corrective action."""
    form = ActForm(request.POST or None, auto_id="h_%s", people=people_choices(request))
    return _act(request, nonconformity_id, "act_form", form, _("Đã giao hành động."),
                services.nonconformity_act, form.values)  # fmt: skip


@once
def solve(request: HttpRequest, nonconformity_id: int) -> HttpResponse:
    """Write correction, cause, action and what becomes of documents in one act."""
    form = SolveForm(request.POST or None, auto_id="w_%s", people=people_choices(request))

    @transaction.atomic
    def write(**own: Any) -> None:
        kept = form.cleaned_data
        services.nonconformity_correct(correction=kept["correction"], on=kept["on"], **own)
        services.nonconformity_analyse(cause=kept["cause"], whys=(kept["why_1"],), **own)
        services.nonconformity_act(
            title=kept["title"], owner_id=kept["owner"], due_on=kept["due_on"], **own
        )
        if kept["document_code"]:
            services.nonconformity_change_ask(
                document_code=kept["document_code"], wanted=kept["document_note"], **own
            )
        else:
            services.nonconformity_no_change(reason=kept["document_note"], **own)

    return _act(request, nonconformity_id, "solve_form", form, _("Đã ghi cả phiếu, đã giao việc."),
                write, dict)  # fmt: skip


@once
def change_ask(request: HttpRequest, nonconformity_id: int) -> HttpResponse:
    """Ask for a change of a document."""
    form = ChangeForm(request.POST or None, auto_id="t_%s")
    return _act(request, nonconformity_id, "change_form", form, _("Đã gửi đề nghị sửa tài liệu."),
                services.nonconformity_change_ask)  # fmt: skip


@once
def no_change(request: HttpRequest, nonconformity_id: int) -> HttpResponse:
    """Write why no document has to change."""
    form = ReasonForm(request.POST or None, auto_id="u_%s")
    return _act(request, nonconformity_id, "no_change_form", form, _("Đã ghi lý do."),
                services.nonconformity_no_change)  # fmt: skip


@once
def check(request: HttpRequest, nonconformity_id: int) -> HttpResponse:
    """Accept what was done."""
    form = CheckForm(request.POST or None, auto_id="k_%s")
    return _act(request, nonconformity_id, "check_form", form, _("Đã ghi kết quả kiểm tra."),
                services.nonconformity_check)  # fmt: skip


@once
def give_back(request: HttpRequest, nonconformity_id: int) -> HttpResponse:
    """Return what was done."""
    form = ReasonForm(request.POST or None, auto_id="r_%s")
    return _act(request, nonconformity_id, "return_form", form, _("Đã trả lại người phụ trách."),
                services.nonconformity_return)  # fmt: skip


@once
def effect(request: HttpRequest, nonconformity_id: int) -> HttpResponse:
    """Judge whether the actions worked; close at once when asked."""
    form = EffectForm(request.POST or None, auto_id="e_%s")

    @transaction.atomic
    def judge(*, note: str, verdict: str, close: bool, **own: Any) -> None:
        worked = verdict == "co"
        services.nonconformity_effect(worked=worked, note=note, **own)
        if worked and close:
            services.nonconformity_close(note="", **own)

    return _act(request, nonconformity_id, "effect_form", form, _("Đã ghi kết luận về hiệu lực."),
                judge)  # fmt: skip


@once
def close(request: HttpRequest, nonconformity_id: int) -> HttpResponse:
    """Close a sheet of which nothing is missing."""
    form = CloseForm(request.POST if request.method == "POST" else None, auto_id="d_%s")
    return _act(request, nonconformity_id, "close_form", form, _("Đã đóng phiếu."),
                services.nonconformity_close)  # fmt: skip


@once
def reject(request: HttpRequest, nonconformity_id: int) -> HttpResponse:
    """Find that it is no nonconformity."""
    form = ReasonForm(request.POST or None, auto_id="x_%s")
    return _act(request, nonconformity_id, "reject_form", form, _("Đã kết thúc phiếu."),
                services.nonconformity_reject)  # fmt: skip


@once
def deposit(request: HttpRequest, nonconformity_id: int) -> HttpResponse:
    """Put the printed sheet of a closed one into the records."""
    if request.method == "POST":
        services.nonconformity_deposit(
            actor=who(request), nonconformity_id=nonconformity_id, now=when(request)
        )
        return done(request, _("Đã lưu vào hồ sơ lưu."), "improvement:sheet", nonconformity_id)
    return redirect("improvement:sheet", nonconformity_id)


def paper(request: HttpRequest, nonconformity_id: int, ending: str) -> HttpResponse:
    """Give the sheet as PDF or Word."""
    if ending not in {"pdf", "docx"}:
        raise NotFound("no_such_form", "Phiếu này chỉ có dạng PDF và Word.")
    data = services.nonconformity_paper(
        actor=who(request), nonconformity_id=nonconformity_id, now=when(request),
        ending="pdf" if ending == "pdf" else "docx",
    )  # fmt: skip
    return paper_answer(data, name=f"phieu-{nonconformity_id}", ending=ending)
