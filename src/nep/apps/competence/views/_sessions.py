"""One session: its page, attendance by list and QR, its effect, its paper."""

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from nep.apps.competence import queries, services
from nep.apps.competence.forms import EffectForm, HoldForm, ReasonForm
from nep.apps.competence.rules import training as rules
from nep.apps.competence.views._training import paper_answer, session_form
from nep.apps.organization.queries import who
from nep.foundation.printing import qr_svg
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of, when
from nep.foundation.web.once import once
from nep.kernel.errors import NotFound
from nep.kernel.vietnamese import local, number_text


def _read(request: HttpRequest, training_id: int) -> queries.SessionPage:
    return queries.session_page(actor=who(request), session_id=training_id, today=today_of(request))


def session(request: HttpRequest, training_id: int) -> HttpResponse:
    """Show one session: when, where, who, what comes next."""
    return _page(request, training_id)


def _people(page: queries.SessionPage) -> list[tuple[int, str]]:
    return [(one.person_id, ", ".join(filter(None, (one.name, one.post)))) for one in page.people]


def _page(request: HttpRequest, training_id: int, **bound: Form) -> HttpResponse:
    page = _read(request, training_id)
    forms: dict[str, Any] = {}
    if rules.HOLD in page.may:
        there = [one.person_id for one in page.people if one.state != rules.ABSENT]
        start = {"people": there, "effect_on": rules.effect_day(today_of(request))}
        forms["hold_form"] = HoldForm(auto_id="m_%s", people=_people(page), initial=start)
    if rules.WORKED in page.may:
        forms["effect_form"] = EffectForm(auto_id="h_%s")
    if rules.CANCEL in page.may:
        forms["cancel_form"] = ReasonForm(auto_id="x_%s")
    if rules.CHANGE in page.may and page.line.state == rules.PLANNED:
        address = request.build_absolute_uri(reverse("competence:session_scan", args=[page.key]))
        forms["qr"] = mark_safe(qr_svg(address))  # noqa: S308  # drawn here from an address
        forms["address"] = address
    context = {"page": page, "line": page.line, **forms, **bound}
    return pages.render(
        request, "competence/session.html", context, status=status_of(*bound.values())
    )


def _act(
    request: HttpRequest, training_id: int, name: str, form: Form, told: str,
    act: Callable[..., Any], values: Callable[[], dict[str, Any]] | None = None,
) -> HttpResponse:  # fmt: skip
    """Do one action of a form with the session's id, and show the page again."""
    if request.method != "POST":
        return redirect("competence:session", training_id)

    def go() -> None:
        kept = values() if values else form.cleaned_data
        act(actor=who(request), session_id=training_id, now=when(request), **kept)

    if did(form, go):
        return done(request, told, "competence:session", training_id)
    return _page(request, training_id, **{name: form})


@once
def session_edit(request: HttpRequest, training_id: int) -> HttpResponse:
    """Change a session that has not been held."""
    page = _read(request, training_id)
    if rules.CHANGE not in page.may:
        return redirect("competence:session", training_id)
    line, at = page.line, local(page.line.starts_at)
    start = {
        "title": line.title, "day": at.date(), "time": at.time(), "hours": number_text(line.hours),
        "form": page.form, "trainer_person": page.trainer_person_id,
        "trainer": "" if page.trainer_person_id else line.trainer, "place": line.place,
        "organiser": line.organiser_id, "requirement": page.requirement_id,
        "people": [one.person_id for one in page.people],
    }  # fmt: skip
    form = session_form(request, request.POST or None, initial=start)

    def act() -> None:
        services.session_change(
            actor=who(request), session_id=training_id, values=form.values(), now=when(request)
        )

    if request.method == "POST" and did(form, act):
        return done(request, _("Đã lưu buổi đào tạo."), "competence:session", training_id)
    context = {"form": form, "needs": (), "line": line}
    return pages.render(request, "competence/session_new.html", context, status=status_of(form))


@once
def session_hold(request: HttpRequest, training_id: int) -> HttpResponse:
    """Write who was there."""
    page = _read(request, training_id)
    form = HoldForm(
        request.POST if request.method == "POST" else None, auto_id="m_%s", people=_people(page)
    )
    return _act(
        request, training_id, "hold_form", form, _("Đã ghi người có mặt."), services.session_hold,
        lambda: {"present_ids": form.cleaned_data["people"],
                 "effect_on": form.cleaned_data["effect_on"]},
    )  # fmt: skip


@once
def session_judge(request: HttpRequest, training_id: int) -> HttpResponse:
    """Conclude on the effect."""
    _read(request, training_id)
    form = EffectForm(request.POST or None, auto_id="h_%s")
    return _act(
        request, training_id, "effect_form", form, _("Đã ghi kết luận về hiệu quả."),
        services.session_judge,
        lambda: {"worked": form.cleaned_data["verdict"] == "co",
                 "note": form.cleaned_data["note"]},
    )  # fmt: skip


@once
def session_cancel(request: HttpRequest, training_id: int) -> HttpResponse:
    """Cancel a session."""
    _read(request, training_id)
    form = ReasonForm(request.POST if request.method == "POST" else None, auto_id="x_%s")
    return _act(request, training_id, "cancel_form", form, _("Đã hủy buổi đào tạo."),
                services.session_cancel)  # fmt: skip


@once
def session_attend(request: HttpRequest, training_id: int) -> HttpResponse:
    """Say "I am here"."""
    _read(request, training_id)
    if request.method == "POST":
        services.session_attend(actor=who(request), session_id=training_id, now=when(request))
        return done(request, _("Đã ghi bạn có mặt."), "competence:session", training_id)
    return redirect("competence:session", training_id)


def session_scan(request: HttpRequest, training_key: str) -> HttpResponse:
    """Lead who has scanned the code to the session, where one tap says "I am here"."""
    return redirect(
        "competence:session", queries.session_of_key(actor=who(request), session_key=training_key)
    )


def session_paper(request: HttpRequest, training_id: int, ending: str) -> HttpResponse:
    """Give a session with who was there as PDF or Word."""
    if ending not in {"pdf", "docx"}:
        raise NotFound("no_such_form", "Biên bản có dạng PDF và Word.")
    data = services.session_paper(
        actor=who(request), session_id=training_id, now=when(request),
        ending="pdf" if ending == "pdf" else "docx",
    )  # fmt: skip
    return paper_answer(data, name="bien-ban-dao-tao", ending=ending)
