"""One session: its checklist on a phone, samples, evidence, the unit's answer."""

from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from nep.apps.audits import queries, services
from nep.apps.audits.forms import (
    DrawForm,
    EmptyForm,
    NoteForm,
    ProofForm,
    QuestionForm,
    ReasonForm,
    SampleForm,
    SettleForm,
)
from nep.apps.audits.rules import life
from nep.apps.organization.queries import who
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of, when
from nep.foundation.web.answers import file_answer
from nep.foundation.web.once import once

BACK = timedelta(days=365)
PICKS = (
    (life.CONFORM, "ye", "check", "Phù hợp"),
    (life.MINOR, "no", "x", "KPH nhẹ"),
    (life.MAJOR, "no", "octagon-alert", "KPH nặng"),
    (life.OBSERVATION, "op", "eye", "Quan sát"),
    (life.OPPORTUNITY, "op", "trending-up", "Cải tiến"),
)


def session(request: HttpRequest, session_id: int) -> HttpResponse:
    """Show one session: questions, samples, evidence, what the unit says."""
    return _page(request, session_id)


def _page(request: HttpRequest, session_id: int, **bound: Any) -> HttpResponse:
    page = queries.session_page(actor=who(request), session_id=session_id, now=when(request))
    today = today_of(request)
    context: dict[str, Any] = {"page": page, "line": page.line, "picks": PICKS}
    if page.may_ask:
        context["question_form"] = QuestionForm(auto_id="q_%s")
    if page.may_note or page.may_ask:
        context["draw_form"] = DrawForm(
            auto_id="r_%s",
            initial={"since": today - BACK, "until": today, "size": page.sample_size},
        )
    if page.may_answer:
        context["contest_form"] = ReasonForm(auto_id=False)
    context.update(bound)
    shown = [one for one in bound.values() if isinstance(one, Form)]
    return pages.render(request, "audits/session.html", context, status=status_of(*shown))


def note(request: HttpRequest, finding_id: int) -> HttpResponse:
    """Keep an answer as it is tapped or typed; htmx gets the question back, a browser the page."""
    session_id = queries.session_of_finding(actor=who(request), finding_id=finding_id)
    form = NoteForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return redirect("audits:session", session_id)
    text = form.cleaned_data["text"] if "text" in request.POST else None
    services.finding_note(
        actor=who(request), finding_id=finding_id, level=form.cleaned_data["level"], text=text,
        now=when(request),
    )  # fmt: skip
    if getattr(request, "htmx", False):
        page = queries.session_page(actor=who(request), session_id=session_id, now=when(request))
        one = next(each for each in page.findings if each.id == finding_id)
        context = {"page": page, "line": page.line, "one": one, "picks": PICKS, "is_open": True,
                   "saved": True}  # fmt: skip
        name = "saved" if request.POST.get("typed") else "question"
        return pages.render(request, f"audits/_question.html#{name}", context)
    return done(request, _("Đã ghi."), "audits:session", session_id, at=f"c{finding_id}")


def _act(
    request: HttpRequest, session_id: int, form: Form, told: str, act: Callable[[], Any],
    name: str = "refused", at: str = "",
) -> HttpResponse:  # fmt: skip
    if request.method != "POST":
        return redirect("audits:session", session_id)
    if did(form, act):
        return done(request, told, "audits:session", session_id, at=at)
    return _page(request, session_id, **{name: form})


@once
def proof_add(request: HttpRequest, finding_id: int) -> HttpResponse:
    """Attach evidence to an answer: a photo, a sampled case, the procedure, an address."""
    session_id = queries.session_of_finding(actor=who(request), finding_id=finding_id)
    form = ProofForm(request.POST or None, request.FILES or None)

    def act() -> None:
        services.proof_add(
            actor=who(request), finding_id=finding_id, uploads=form.uploads(), now=when(request),
            links=(*form.typed(), *_at_hand(request, session_id, form)),
            record_code=form.cleaned_data["record"],
        )  # fmt: skip

    return _act(request, session_id, form, _("Đã gắn bằng chứng."), act, at=f"c{finding_id}")


def _at_hand(request: HttpRequest, session_id: int, form: Form) -> tuple[services.Link, ...]:
    """Return the sampled case or the procedure that was tapped."""
    page = queries.session_page(actor=who(request), session_id=session_id, now=when(request))
    found = []
    if page.draw and form.cleaned_data["case"]:
        found = [
            services.Link("case", f"{one.code}, {one.title}", one.url, one.case_id)
            for one in page.draw.samples if one.case_id == form.cleaned_data["case"]
        ]  # fmt: skip
    if form.cleaned_data["document"] and page.line.procedure_id == form.cleaned_data["document"]:
        title = f"{page.line.procedure} {page.line.procedure_title}".strip()
        url = f"/tai-lieu/{page.line.procedure_id}/"
        found.append(services.Link("document", title, url, page.line.procedure_id or 0))
    return tuple(found)


@once
def question_add(request: HttpRequest, session_id: int) -> HttpResponse:
    """Add a question of one's own."""
    form = QuestionForm(request.POST or None, auto_id="q_%s")
    return _act(
        request, session_id, form, _("Đã thêm câu hỏi."),
        lambda: services.question_add(
            actor=who(request), session_id=session_id, now=when(request), **form.cleaned_data
        ),
        "question_form",
    )  # fmt: skip


@once
def question_change(request: HttpRequest, finding_id: int) -> HttpResponse:
    """Put a question in other words."""
    session_id = queries.session_of_finding(actor=who(request), finding_id=finding_id)
    form = QuestionForm(request.POST or None)
    return _act(
        request, session_id, form, _("Đã sửa câu hỏi."),
        lambda: services.question_change(
            actor=who(request), finding_id=finding_id, now=when(request), **form.cleaned_data
        ),
    )  # fmt: skip


@once
def question_remove(request: HttpRequest, finding_id: int) -> HttpResponse:
    """Take a question out."""
    session_id = queries.session_of_finding(actor=who(request), finding_id=finding_id)
    form = EmptyForm(request.POST if request.method == "POST" else None)
    return _act(
        request, session_id, form, _("Đã bỏ câu hỏi."),
        lambda: services.question_remove(
            actor=who(request), finding_id=finding_id, now=when(request)
        ),
    )  # fmt: skip


@once
def rest_conforms(request: HttpRequest, session_id: int) -> HttpResponse:
    """Note that the questions left conform; lead on to the auditor's next session, or the audit."""
    form = EmptyForm(request.POST if request.method == "POST" else None)
    answer = _act(
        request, session_id, form, _("Đã ghi các câu còn lại là phù hợp."),
        lambda: services.rest_conforms(
            actor=who(request), session_id=session_id, now=when(request)
        ),
    )  # fmt: skip
    if request.method == "POST" and answer.status_code == HTTPStatus.FOUND:
        return _onward(request, session_id)
    return answer


def _onward(request: HttpRequest, session_id: int) -> HttpResponse:
    audit = queries.session_page(actor=who(request), session_id=session_id, now=when(request)).audit
    left = [one for one in audit.sessions if one.is_mine and one.answered < one.asked]
    if left:
        return redirect("audits:session", left[0].id)
    return redirect("audits:audit", audit.line.id)


@once
def sample_draw(request: HttpRequest, session_id: int) -> HttpResponse:
    """Draw a sample of cases."""
    form = DrawForm(request.POST or None, auto_id="r_%s")
    return _act(
        request, session_id, form, _("Đã rút mẫu."),
        lambda: services.sample_draw(
            actor=who(request), session_id=session_id, now=when(request), **form.cleaned_data
        ),
        "draw_form", "mau",
    )  # fmt: skip


def draw_again(request: HttpRequest, draw_id: int) -> HttpResponse:
    """Repeat a draw with its seed and say whether the same cases come out."""
    session_id, same, cases = services.draw_repeat(actor=who(request), draw_id=draw_id)
    told = (
        _("Rút lại với cùng mã: đúng %(n)d hồ sơ này.") % {"n": cases}
        if same
        else _("Số liệu hồ sơ đã thay đổi từ khi rút, nên rút lại không còn cho đúng mẫu này.")
    )
    return done(request, told, "audits:session", session_id, at="mau")


@once
def sample_note(request: HttpRequest, sample_id: int) -> HttpResponse:
    """Keep what was seen in a case."""
    session_id = queries.session_of_sample(actor=who(request), sample_id=sample_id)
    form = SampleForm(request.POST if request.method == "POST" else None)
    return _act(
        request, session_id, form, _("Đã ghi."),
        lambda: services.sample_note(
            actor=who(request), sample_id=sample_id, now=when(request), **form.cleaned_data
        ),
        at="mau",
    )  # fmt: skip


@once
def findings_agree(request: HttpRequest, session_id: int) -> HttpResponse:
    """Agree to the findings of a session."""
    form = EmptyForm(request.POST if request.method == "POST" else None)
    return _act(
        request, session_id, form, _("Đã xác nhận."),
        lambda: services.findings_agree(
            actor=who(request), session_id=session_id, now=when(request)
        ),
    )  # fmt: skip


@once
def contest(request: HttpRequest, finding_id: int) -> HttpResponse:
    """Say why a finding is not right."""
    session_id = queries.session_of_finding(actor=who(request), finding_id=finding_id)
    form = ReasonForm(request.POST or None, auto_id=False)
    return _act(
        request, session_id, form, _("Đã gửi ý kiến tới trưởng đoàn."),
        lambda: services.finding_contest(
            actor=who(request), finding_id=finding_id, now=when(request), **form.cleaned_data
        ),
    )  # fmt: skip


@once
def settle(request: HttpRequest, finding_id: int) -> HttpResponse:
    """Decide about a contested finding; the leader of the team comes from the audit's page."""
    session_id = queries.session_of_finding(actor=who(request), finding_id=finding_id)
    audit_id = queries.audit_of_session(actor=who(request), session_id=session_id)
    form = SettleForm(request.POST or None)
    if request.method != "POST":
        return redirect("audits:audit", audit_id)
    if did(form, lambda: services.finding_settle(
            actor=who(request), finding_id=finding_id, now=when(request), **form.cleaned_data)):  # fmt: skip
        return done(request, _("Đã kết luận."), "audits:audit", audit_id)
    return _page(request, session_id, refused=form)


def proof(request: HttpRequest, audit_proof_id: int) -> HttpResponse:
    """Give a file of the evidence."""
    return file_answer(queries.proof_file(actor=who(request), proof_id=audit_proof_id))
