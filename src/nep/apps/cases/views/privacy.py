"""Pages of the applicant's data: seen with a reason, put right, given out; who has looked."""

import functools
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from nep.apps.cases.forms.citizens import ApplicantForm, HoldForm, LookForm
from nep.apps.cases.queries import CasePage
from nep.apps.cases.queries import citizens as voices
from nep.apps.cases.queries import privacy as queries
from nep.apps.cases.rules.privacy import FIELD_NAMES, WAY_REASONS
from nep.apps.cases.services import privacy as services
from nep.apps.cases.services.own_data import own_data_json, own_data_pdf
from nep.apps.cases.views._acted import Told, asked
from nep.apps.cases.views._ground import back_to, is_fragment, page_of
from nep.apps.organization import queries as organization
from nep.apps.organization.queries import who
from nep.foundation.files.kinds import CONTENT_TYPES
from nep.foundation.web import pages, slots
from nep.foundation.web.acting import when
from nep.foundation.web.once import once
from nep.foundation.web.refusals import form_refused
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.text import whole_number
from nep.kernel.vietnamese import local


def applicant(request: HttpRequest, case_id: int) -> HttpResponse:
    """Show the applicant in full to who has said why; else ask why."""
    page = queries.case_privacy(actor=who(request), case_id=case_id)
    form = LookForm(request.POST or None, initial={"reason": page.reason})
    if request.method == "POST" and form.is_valid():
        try:
            services.applicant_look(
                actor=who(request), now=when(request), case_id=case_id,
                reason=form.cleaned_data["reason"],
            )  # fmt: skip
        except Refusal as refusal:
            if refusal.status != Refusal.status:
                raise
            form_refused(form, refusal)
        else:
            return redirect("cases:applicant", case_id)
    return _applicant_page(request, case_id, form=form)


@once
def applicant_correct(request: HttpRequest, case_id: int) -> HttpResponse:
    """Put the applicant's data right as the applicant asks."""
    queries.case_privacy(actor=who(request), case_id=case_id)
    if request.method != "POST" or not _sees(request, case_id):
        return redirect("cases:applicant", case_id)
    form = ApplicantForm(request.POST)
    if form.is_valid():
        values = dict(form.cleaned_data)
        reason = values.pop("reason")
        try:
            changed = services.applicant_correct(
                actor=who(request), now=when(request), case_id=case_id, values=values,
                reason=reason,
            )  # fmt: skip
        except Refusal as refusal:
            if refusal.status != Refusal.status:
                raise
            form_refused(form, refusal)
        else:
            names = ", ".join(FIELD_NAMES[key] for key in changed)
            said = _("Đã sửa: %(names)s.") % {"names": names} if changed else _("Không đổi gì.")
            messages.success(request, said)
            return redirect("cases:applicant", case_id)
    return _applicant_page(request, case_id, correct=form)


def own_data(request: HttpRequest, case_id: int, ending: str) -> HttpResponse:
    """Give the applicant's data of a case as JSON or PDF, to be handed to the applicant."""
    queries.case_privacy(actor=who(request), case_id=case_id)
    reason = queries.look_reason(actor=who(request), case_id=case_id, now=when(request))
    if not reason:
        return redirect("cases:applicant", case_id)
    services.applicant_look(
        actor=who(request), now=when(request), case_id=case_id, reason=reason, way="export"
    )
    found = queries.own_data(actor=who(request), case_id=case_id)
    if ending == "json":
        data = json.dumps(own_data_json(found), ensure_ascii=False, indent=1).encode()
        answer = HttpResponse(data, content_type="application/json; charset=utf-8")
    else:
        made = own_data_pdf(data=found, now=when(request))
        answer = HttpResponse(made, content_type=CONTENT_TYPES["pdf"])
    answer["Content-Disposition"] = f'attachment; filename="du-lieu-cua-nguoi-nop.{ending}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def looks_of_case(request: HttpRequest, case_id: int) -> HttpResponse:
    """Show who has looked at the applicant of a case."""
    lines = queries.case_looks(actor=who(request), case_id=case_id)
    context = {"case": page_of(request, case_id), "lines": lines}
    return pages.render(request, "cases/looks_of_case.html", context)


def looks(request: HttpRequest) -> HttpResponse:
    """Show every look at applicants' data in the agency, by person or case."""
    person, code = _whole(request, "nguoi"), request.GET.get("ma", "").strip()[:60]
    lines = queries.look_lines(
        actor=who(request), person_id=person, code=code, after=_whole(request, "sau")
    )
    more = len(lines) > queries.PAGE
    lines = lines[: queries.PAGE]
    values: dict[str, Any] = {"nguoi": person or "", "ma": code}
    values = {name: value for name, value in values.items() if value}
    people = organization.people_for(
        agency_id=who(request).agency_id, today=local(when(request)).date()
    )
    context = {
        "lines": lines,
        "people": sorted(((one.id, one.name) for one in people), key=lambda one: one[1]),
        "person": person,
        "code": code,
        "next_url": f"?{urlencode({**values, 'sau': lines[-1].id})}" if more else "",
    }
    part = "#rows" if is_fragment(request) and request.GET.get("sau") else ""
    return pages.render(request, f"cases/looks.html{part}", context)


@once
def hold(request: HttpRequest, case_id: int) -> HttpResponse:
    """Hold a case back from erasing, or let it go."""
    page = queries.case_privacy(actor=who(request), case_id=case_id)
    form = HoldForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = services.hold_lift if page.hold else services.hold_place
        try:
            act(
                actor=who(request), now=when(request), case_id=case_id,
                reason=form.cleaned_data["reason"],
            )  # fmt: skip
        except Refusal as refusal:
            if refusal.status != Refusal.status:
                raise
            form_refused(form, refusal)
        else:
            said = _("Đã thôi giữ lại dữ liệu.") if page.hold else _("Đã giữ lại dữ liệu hồ sơ.")
            return back_to(request, case_id, said)
    title = _("Thôi giữ lại dữ liệu") if page.hold else _("Giữ lại dữ liệu")
    return asked(request, form, Told(title), case=page_of(request, case_id))


def recorded(view: Callable[..., HttpResponse], way: str) -> Callable[..., HttpResponse]:
    """Wrap a view that shows the applicant in full, so that no answer leaves unrecorded."""

    @functools.wraps(view)
    def shown(request: HttpRequest, case_id: int, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = view(request, case_id, *args, **kwargs)
        if answer.status_code == 200:
            page = queries.case_privacy(actor=who(request), case_id=case_id)
            services.applicant_look(
                actor=who(request), now=when(request), case_id=case_id, way=way,
                reason=page.reason or WAY_REASONS[way],
            )  # fmt: skip
        return answer

    return shown


def given_recorded(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Wrap the view of a paper given out, so that no answer leaves unrecorded."""

    @functools.wraps(view)
    def shown(request: HttpRequest, given_id: int, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = view(request, given_id, *args, **kwargs)
        if answer.status_code == 200:
            services.given_look(actor=who(request), now=when(request), given_id=given_id)
        return answer

    return shown


def joint_recorded(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Wrap the view of a joint step's paper, so that the other agency's looking is recorded."""

    @functools.wraps(view)
    def shown(request: HttpRequest, joint_id: int, *args: Any, **kwargs: Any) -> HttpResponse:
        answer = view(request, joint_id, *args, **kwargs)
        if answer.status_code == 200:
            services.joint_look(actor=who(request), now=when(request), joint_id=joint_id)
        return answer

    return shown


def _sees(request: HttpRequest, case_id: int) -> bool:
    found = queries.seen_applicant(actor=who(request), case_id=case_id, now=when(request))
    return found is not None


def _applicant_page(
    request: HttpRequest,
    case_id: int,
    *,
    form: LookForm | None = None,
    correct: ApplicantForm | None = None,
) -> HttpResponse:
    privacy = queries.case_privacy(actor=who(request), case_id=case_id)
    page = page_of(request, case_id)
    if page.is_internal:
        raise NotFound("no_applicant", "Việc nội bộ không có người nộp.")
    found = queries.seen_applicant(actor=who(request), case_id=case_id, now=when(request))
    values = {}
    if found is not None:
        values = {key: getattr(found, key) for key in FIELD_NAMES}
    bad = any(one is not None and one.is_bound and one.errors for one in (form, correct))
    context = {
        "case": page,
        "privacy": privacy,
        "found": found,
        "typed": queries.seen_typed(actor=who(request), case_id=case_id) if found else (),
        "form": form or LookForm(initial={"reason": privacy.reason}),
        "correct_form": correct or ApplicantForm(initial=values, auto_id="sn_%s"),
        "may_correct": "case.accept" in who(request).permissions,
    }
    answer = pages.render(request, "cases/applicant.html", context, status=422 if bad else 200)
    answer["Cache-Control"] = "private, no-store"
    return answer


def _whole(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "")
    return whole_number(text)


def applicant_cards(request: HttpRequest, case: CasePage) -> str:
    """Return what stands beside a case of its applicant, masked, and of what its citizen said."""
    if case.is_internal:
        return ""
    found = case.beside
    context = {
        "privacy": queries.card(actor=who(request), page=case, found=found),
        "case": case,
        "voice": voices.case_voice(actor=who(request), case_id=case.id, now=when(request))
        if found.is_voiced
        else None,
    }
    return render_to_string("cases/_applicant.html", context, request=request).strip()


slots.register("case.side", applicant_cards, order=20)
