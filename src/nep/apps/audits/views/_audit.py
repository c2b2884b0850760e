"""One audit: plan, team, sessions, moves, papers."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from nep.apps.audits import queries, services
from nep.apps.audits.forms import (
    AnnounceForm,
    EmptyForm,
    HoldForm,
    MemberForm,
    PersonForm,
    ReasonForm,
    ReportForm,
    SessionForm,
    SettleForm,
)
from nep.apps.audits.rules import independence, life
from nep.apps.audits.views._ground import ending_of
from nep.apps.organization import queries as organization
from nep.apps.organization.queries import people_choices, who
from nep.apps.workcal import queries as workcal
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of, when
from nep.foundation.web.answers import file_answer, paper_answer
from nep.foundation.web.once import once
from nep.kernel.text import shorten
from nep.kernel.vietnamese import local


def audit(request: HttpRequest, audit_id: int) -> HttpResponse:
    """Show one audit: its plan, team, findings, papers, what comes next."""
    return _page(request, audit_id)


def _page(request: HttpRequest, audit_id: int, **bound: Any) -> HttpResponse:
    page = queries.audit_page(actor=who(request), audit_id=audit_id, now=when(request))
    counts = [(key, name, page.line.counts.get(key, 0)) for key, name in life.LEVELS.items()]
    context = {
        "page": page, "line": page.line, "counts": counts, "parts": independence.PART_NAMES,
        "kinds": [(key, queries.PAPER_NAMES[key]) for key in _kinds(page)],
        **_forms(request, page), **bound,
    }  # fmt: skip
    shown = [one for one in bound.values() if isinstance(one, Form)]
    return pages.render(request, "audits/audit.html", context, status=status_of(*shown))


def _kinds(page: queries.AuditPage) -> tuple[str, ...]:
    """Return the papers that make sense by now."""
    if page.line.state in {life.PLANNED, life.SUBMITTED, life.CANCELLED}:
        return ("plan", "decision", "checklist")
    if page.line.state == life.ANNOUNCED:
        return ("plan", "decision", "checklist")
    return ("plan", "decision", "checklist", "minutes", "report")


def _forms(request: HttpRequest, page: queries.AuditPage) -> dict[str, Any]:
    """Return the forms of what the reader may do now."""
    made: dict[str, tuple[str, Callable[[], Any]]] = {
        life.EDIT: ("member_form", lambda: _member_form(request, page)),
        life.ANNOUNCE: ("announce_form", lambda: AnnounceForm(auto_id="a_%s")),
        life.RETURN: ("return_form", lambda: ReasonForm(auto_id="t_%s")),
        life.REPLAN: ("replan_form", lambda: ReasonForm(auto_id="l_%s")),
        life.CANCEL: ("cancel_form", lambda: ReasonForm(auto_id="x_%s")),
        life.HOLD: ("hold_form", lambda: HoldForm(auto_id="k_%s")),
        life.REPORT: ("report_form", lambda: _report_form(request, page)),
        life.SETTLE: ("settle_forms", lambda: _settle_forms(page)),
    }
    return {name: make() for move, (name, make) in made.items() if move in page.may}


def _member_form(request: HttpRequest, page: queries.AuditPage, data: Any = None) -> MemberForm:
    today = today_of(request)
    near = queries.neighbour_agencies(agency_id=who(request).agency_id, today=today)
    able = queries.people(agency_id=who(request).agency_id, today=today, neighbours=True)
    people = [
        (one.id, f"{one.name}, {near[one.id][1]}" if one.is_neighbour else one.name)
        for one in able if one.qualified and (one.is_neighbour is False or one.id in near)
    ]  # fmt: skip
    return MemberForm(data, auto_id="m_%s", people=people)


def _settle_forms(page: queries.AuditPage) -> dict[int, SettleForm]:
    return {
        one.id: SettleForm(auto_id=f"s{one.id}_%s", initial={"level": one.level})
        for one in page.findings if one.state == life.CONTESTED
    }  # fmt: skip


def _report_form(request: HttpRequest, page: queries.AuditPage, data: Any = None) -> ReportForm:
    waiting = [
        one for one in page.told
        if one.level in life.TO_CORRECT and one.state in {life.AGREED, life.KEPT}
    ]  # fmt: skip
    answering = {one.id: one.representative_id for one in page.sessions}
    due = workcal.working_day_from(
        agency_id=who(request).agency_id,
        day=today_of(request) + timedelta(days=queries.figure("treat_days")),
    )
    start: dict[str, Any] = {}
    for one in waiting:
        start[f"owner_{one.id}"] = answering.get(one.session_id)
        start[f"due_{one.id}"] = due
    return ReportForm(
        data, auto_id="b_%s", initial=start, people=people_choices(request),
        findings=[
            (one.id, f"{one.number}. {one.level_name}: {shorten(one.text, 120)}")
            for one in waiting
        ],
    )  # fmt: skip


def _act(
    request: HttpRequest, audit_id: int, name: str, form: Form, told: str, act: Callable[..., Any],
    values: Callable[[], dict[str, Any]] | None = None,
) -> HttpResponse:  # fmt: skip
    """Do one action of a form with the audit's id, and show the page again."""
    if request.method != "POST":
        return redirect("audits:audit", audit_id)
    queries.audit_page(actor=who(request), audit_id=audit_id, now=when(request))

    def go() -> None:
        kept = values() if values else form.cleaned_data
        act(actor=who(request), audit_id=audit_id, now=when(request), **kept)

    if did(form, go):
        return done(request, told, "audits:audit", audit_id)
    return _page(request, audit_id, **{name: form})


def _bare(request: HttpRequest) -> EmptyForm:
    return EmptyForm(request.POST if request.method == "POST" else None)


@once
def audit_submit(request: HttpRequest, audit_id: int) -> HttpResponse:
    """Put the plan before the head."""
    return _act(request, audit_id, "refused", _bare(request), _("Đã trình kế hoạch."),
                services.audit_submit)  # fmt: skip


@once
def audit_announce(request: HttpRequest, audit_id: int) -> HttpResponse:
    """Approve the plan and tell everybody."""
    form = AnnounceForm(request.POST if request.method == "POST" else None, auto_id="a_%s")
    return _act(request, audit_id, "announce_form", form,
                _("Đã phê duyệt. Đoàn và các đơn vị nhận được lịch."), services.audit_announce)  # fmt: skip


@once
def audit_return(request: HttpRequest, audit_id: int) -> HttpResponse:
    """Give the plan back."""
    form = ReasonForm(request.POST or None, auto_id="t_%s")
    return _act(request, audit_id, "return_form", form, _("Đã trả lại người lập."),
                services.audit_return)  # fmt: skip


@once
def audit_replan(request: HttpRequest, audit_id: int) -> HttpResponse:
    """Take an announced plan back."""
    form = ReasonForm(request.POST or None, auto_id="l_%s")
    return _act(request, audit_id, "replan_form", form, _("Đã mở kế hoạch để sửa."),
                services.audit_replan)  # fmt: skip


@once
def audit_cancel(request: HttpRequest, audit_id: int) -> HttpResponse:
    """Drop an audit."""
    form = ReasonForm(request.POST or None, auto_id="x_%s")
    return _act(request, audit_id, "cancel_form", form, _("Đã dừng cuộc đánh giá này."),
                services.audit_cancel)  # fmt: skip


@once
def audit_hold(request: HttpRequest, audit_id: int) -> HttpResponse:
    """End the audit at the units."""
    form = HoldForm(request.POST if request.method == "POST" else None, auto_id="k_%s")
    return _act(request, audit_id, "hold_form", form, _("Đã kết thúc tại đơn vị, gửi phát hiện."),
                services.audit_hold)  # fmt: skip


@once
def audit_report(request: HttpRequest, audit_id: int) -> HttpResponse:
    """Report the audit and open sheets."""
    page = queries.audit_page(actor=who(request), audit_id=audit_id, now=when(request))
    form = _report_form(request, page, request.POST or None)
    return _act(
        request, audit_id, "report_form", form, _("Đã lập báo cáo, mở phiếu khắc phục."),
        services.audit_report,
        lambda: {"conclusion": form.cleaned_data["conclusion"], "treatments": form.treatments()},
    )  # fmt: skip


@once
def audit_close(request: HttpRequest, audit_id: int) -> HttpResponse:
    """Close the audit."""
    return _act(request, audit_id, "refused", _bare(request), _("Đã kết thúc cuộc đánh giá."),
                services.audit_close)  # fmt: skip


@once
def team_propose(request: HttpRequest, audit_id: int) -> HttpResponse:
    """Choose the team anew."""
    return _act(request, audit_id, "refused", _bare(request), _("Đã đề xuất lại đoàn."),
                services.team_propose)  # fmt: skip


@once
def member_set(request: HttpRequest, audit_id: int) -> HttpResponse:
    """Take a person into the team, change the part, or take out of it."""
    page = queries.audit_page(actor=who(request), audit_id=audit_id, now=when(request))
    if "out" in request.POST:
        form: Form = PersonForm({"person": request.POST.get("out", "")})
        return _act(
            request, audit_id, "refused", form, _("Đã rút khỏi đoàn."), services.member_set,
            lambda: {"person_id": form.cleaned_data["person"], "part": ""},
        )  # fmt: skip
    form = _member_form(request, page, request.POST or None)
    return _act(
        request, audit_id, "member_form", form, _("Đã ghi thành viên đoàn."), services.member_set,
        lambda: {"person_id": form.cleaned_data["person"], "part": form.cleaned_data["part"],
                 "agreement": form.cleaned_data["agreement"]},
    )  # fmt: skip


# Sessions of the plan


def _session_form(
    request: HttpRequest, page: queries.AuditPage, one: queries.SessionLine | None
) -> SessionForm:
    agency_id = who(request).agency_id
    units = organization.units_of(agency_id)
    code = next((unit.code for unit in units if one and unit.id == one.unit_id), "")
    versions = queries.procedure_choices(agency_id=agency_id, unit_code=code) if code else ()
    start: dict[str, Any] = {}
    if one is not None:
        start = {
            "unit": one.unit_id, "on": one.day, "starts": local(one.starts_at).time(),
            "ends": local(one.ends_at).time(), "clauses": ", ".join(one.clauses),
            "procedure": one.procedure_id, "representative": one.representative_id,
            "auditors": [each.person_id for each in one.auditors],
        }  # fmt: skip
    return SessionForm(
        request.POST or None, initial=start, units=[(unit.id, unit.name) for unit in units],
        procedures=[(each.document_id, f"{each.code} {shorten(each.title, 80)}")
                    for each in versions],
        people=people_choices(request),
        team=[(each.person_id, each.name) for each in page.members],
    )  # fmt: skip


def _session_page(request: HttpRequest, audit_id: int, session_id: int | None) -> HttpResponse:
    page = queries.audit_page(actor=who(request), audit_id=audit_id, now=when(request))
    if life.EDIT not in page.may:
        return redirect("audits:audit", audit_id)
    one = next((each for each in page.sessions if each.id == session_id), None)
    form = _session_form(request, page, one)

    def act() -> None:
        services.session_set(
            actor=who(request), audit_id=audit_id, values=form.values(), now=when(request),
            session_id=session_id,
        )  # fmt: skip

    if request.method == "POST" and did(form, act):
        return done(request, _("Đã lưu phiên."), "audits:audit", audit_id)
    context = {"page": page, "line": page.line, "session": one, "form": form}
    return pages.render(request, "audits/session_edit.html", context, status=status_of(form))


@once
def session_new(request: HttpRequest, audit_id: int) -> HttpResponse:
    """Add a session to a plan."""
    return _session_page(request, audit_id, None)


@once
def session_edit(request: HttpRequest, session_id: int) -> HttpResponse:
    """Change a session of a plan."""
    audit_id = queries.audit_of_session(actor=who(request), session_id=session_id)
    return _session_page(request, audit_id, session_id)


@once
def session_remove(request: HttpRequest, session_id: int) -> HttpResponse:
    """Take a session out of a plan."""
    audit_id = queries.audit_of_session(actor=who(request), session_id=session_id)
    return _act(
        request, audit_id, "refused", _bare(request), _("Đã bỏ phiên."),
        lambda *, audit_id, **own: services.session_remove(session_id=session_id, **own),
    )  # fmt: skip


@once
def auditor_take(request: HttpRequest, session_id: int) -> HttpResponse:
    """Let the person proposed audit a session."""
    audit_id = queries.audit_of_session(actor=who(request), session_id=session_id)
    form = PersonForm(request.POST or None)
    return _act(
        request, audit_id, "refused", form, _("Đã đổi đánh giá viên."),
        lambda *, audit_id, **own: services.auditor_take(session_id=session_id, **own),
        lambda: {"person_id": form.cleaned_data["person"]},
    )  # fmt: skip


# Papers


def audit_paper(request: HttpRequest, audit_id: int, audit_kind: str, ending: str) -> HttpResponse:
    """Give a paper of an audit with what is known by now."""
    shape = ending_of(ending)
    data = services.audit_paper(
        actor=who(request), audit_id=audit_id, kind=audit_kind, now=when(request), ending=shape
    )
    return paper_answer(data, name=f"{audit_kind}-{audit_id}", ending=ending)


def paper(request: HttpRequest, audit_paper_id: int) -> HttpResponse:
    """Give a paper as it was given out."""
    return file_answer(queries.paper_file(actor=who(request), paper_id=audit_paper_id))
