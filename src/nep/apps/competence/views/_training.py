"""The year of training: needs, positions, the plan and its approval, papers."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from nep.apps.competence import queries, services
from nep.apps.competence.forms import (
    ApproveForm,
    ChosenForm,
    NeedForm,
    ReasonForm,
    RequirementForm,
    SessionForm,
)
from nep.apps.competence.rules import training as rules
from nep.apps.organization.queries import people_choices, position_choices, who
from nep.apps.organization.rules import may
from nep.apps.workcal import queries as workcal
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of, when
from nep.foundation.web.answers import paper_answer, sheet_answer
from nep.foundation.web.once import once
from nep.kernel.errors import NotFound
from nep.kernel.text import whole_number
from nep.kernel.vietnamese import VN, local, number_text

FIRST_YEAR, LAST_YEAR = 2015, 2100
SOON = timedelta(days=14)
USUAL_HOUR, USUAL_HOURS = time(8, 0), Decimal(4)


def year_of(request: HttpRequest) -> int:
    """Return the year that is asked for, by default this one."""
    asked = request.POST.get("nam", "") or request.GET.get("nam", "")
    if asked.isascii() and asked.isdigit() and FIRST_YEAR <= int(asked[:5]) <= LAST_YEAR:
        return int(asked)
    return today_of(request).year


def home(request: HttpRequest) -> HttpResponse:
    """Show the needs, the plan and the sessions of a year, and what comes next."""
    year, actor = year_of(request), who(request)
    page = queries.training_page(agency_id=actor.agency_id, year=year, today=today_of(request))
    may_manage = bool(may(actor, "competence.manage"))
    context = {
        "page": page, "year": year,
        "years": sorted({year, today_of(request).year + 1, today_of(request).year,
                         today_of(request).year - 1}, reverse=True),
        "may_manage": may_manage,
        "may_approve": bool(may(actor, "competence.approve")),
        "may_send": may_manage and page.drafts
        and (page.plan is None or page.plan.state != rules.PLAN_SENT),
    }  # fmt: skip
    return pages.render(request, "competence/home.html", context)


@once
def need_new(request: HttpRequest) -> HttpResponse:
    """Propose that some people learn something."""
    form = NeedForm(request.POST or None, people=people_choices(request))

    def act() -> None:
        services.need_add(
            actor=who(request), title=form.cleaned_data["title"],
            person_ids=form.cleaned_data["people"], now=when(request),
        )  # fmt: skip

    if request.method == "POST" and did(form, act):
        return done(request, _("Đã ghi nhu cầu đào tạo."), "competence:home")
    context = {"form": form}
    return pages.render(request, "competence/need_new.html", context, status=status_of(form))


@once
def need_drop(request: HttpRequest, need_id: int) -> HttpResponse:
    """Say that a need is none."""
    page = queries.training_page(
        agency_id=who(request).agency_id, year=year_of(request), today=today_of(request)
    )
    need = next((one for one in page.needs if one.id == need_id), None)
    if need is None:
        raise NotFound()
    form = ReasonForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        services.need_drop(
            actor=who(request), need_id=need_id, now=when(request), **form.cleaned_data
        )

    if request.method == "POST" and did(form, act):
        return done(request, _("Đã bỏ nhu cầu."), "competence:home")
    context = {"need": need, "form": form}
    return pages.render(request, "competence/need_drop.html", context, status=status_of(form))


def positions(
    request: HttpRequest, form: RequirementForm | None = None, chosen: ChosenForm | None = None
) -> HttpResponse:
    """Show which competence each position asks for, and who lacks it."""
    found = queries.gaps(agency_id=who(request).agency_id, today=today_of(request))
    may_manage = bool(may(who(request), "competence.manage"))
    if form is None and may_manage:
        form = RequirementForm(initial={"role": "specialist"}, posts=_posts(request))
    context = {
        "gaps": found, "form": form, "chosen": chosen, "may_manage": may_manage,
        "lacking": sum(len(one.lacking) for one in found),
        "may_take": may_manage and any(one.lacking and not one.has_need for one in found),
    }  # fmt: skip
    return pages.render(
        request, "competence/positions.html", context, status=status_of(form, chosen)
    )


def _posts(request: HttpRequest) -> list[str]:
    return [name for _id, name in position_choices(who(request).agency_id)]


@once
def requirement_add(request: HttpRequest) -> HttpResponse:
    """Say which competence a position asks for."""
    if request.method != "POST":
        return redirect("competence:positions")
    form = RequirementForm(request.POST, posts=_posts(request))
    made: list[int] = []

    @transaction.atomic
    def act() -> None:
        wanted = services.requirement_add(actor=who(request), now=when(request), **form.values())
        if request.POST.get("teach"):
            made.extend(
                services.needs_of_positions(
                    actor=who(request), requirement_ids=[wanted], now=when(request)
                )
            )

    if did(form, act):
        if made:
            return _to_session(request, made)
        return done(request, _("Đã ghi yêu cầu của vị trí."), "competence:positions")
    return positions(request, form)


@once
def requirement_end(request: HttpRequest, requirement_id: int) -> HttpResponse:
    """Require a competence no more."""
    if request.method == "POST":
        services.requirement_end(
            actor=who(request), requirement_id=requirement_id, now=when(request)
        )
        return done(request, _("Đã bỏ yêu cầu."), "competence:positions")
    known = {
        one.id for one in queries.gaps(agency_id=who(request).agency_id, today=today_of(request))
    }
    if requirement_id not in known:
        raise NotFound()
    return redirect("competence:positions")


@once
def needs_take(request: HttpRequest) -> HttpResponse:
    """Propose what people lack for their positions."""
    if request.method != "POST":
        return redirect("competence:positions")
    found = queries.gaps(agency_id=who(request).agency_id, today=today_of(request))
    form = ChosenForm(request.POST, choices=[(one.id, one.title) for one in found])

    made: list[int] = []

    def act() -> None:
        made.extend(
            services.needs_of_positions(
                actor=who(request), requirement_ids=form.cleaned_data["chosen"], now=when(request)
            )
        )

    if did(form, act):
        if request.POST.get("teach"):
            return _to_session(request, made)
        return done(request, _("Đã đưa vào nhu cầu đào tạo."), "competence:home")
    return positions(request, chosen=form)


def _to_session(request: HttpRequest, need_ids: list[int]) -> HttpResponse:
    """Lead on to a session for needs that have just been written down."""
    done(request, _("Đã ghi nhu cầu đào tạo."), "competence:home")
    asked = "&".join(f"can={one}" for one in need_ids)
    return redirect(f"{reverse('competence:session_new')}?{asked}")


def session_form(request: HttpRequest, data: Any = None, **kwargs: Any) -> SessionForm:
    """Return the form of a session with the choices of the agency."""
    wanted = queries.requirement_choices(who(request).agency_id)
    return SessionForm(data, people=people_choices(request), requirements=wanted, **kwargs)


@once
def session_new(request: HttpRequest) -> HttpResponse:
    """Put a session into the plan, from needs where they are named."""
    asked = request.POST.getlist("can") if request.method == "POST" else request.GET.getlist("can")
    ids = [key for one in asked if (key := whole_number(one))]
    page = queries.training_page(
        agency_id=who(request).agency_id, year=year_of(request), today=today_of(request)
    )
    needs = [one for one in page.needs if one.id in ids]
    start = {
        "title": needs[0].title if len(needs) == 1 else "", "form": "inside",
        "people": sorted({person for need in needs for person, _name in need.people}),
        "day": workcal.working_day_from(
            agency_id=who(request).agency_id, day=today_of(request) + SOON
        ),
        "time": USUAL_HOUR, "hours": number_text(USUAL_HOURS),
        "organiser": who(request).person_id,
    }  # fmt: skip
    form = session_form(request, request.POST or None, initial=start)
    made: list[int] = []

    @transaction.atomic
    def act() -> None:
        made.append(
            services.session_add(
                actor=who(request), values=form.values(), now=when(request),
                need_ids=[one.id for one in needs],
            )
        )  # fmt: skip
        if request.POST.get("send"):
            year = form.cleaned_data["day"].year
            services.plan_send(actor=who(request), year=year, now=when(request))

    if request.method == "POST" and did(form, act):
        year = local(datetime.combine(form.cleaned_data["day"], USUAL_HOUR, VN)).year
        said = _("Đã đưa vào kế hoạch. Trình lãnh đạo khi đủ.")
        if request.POST.get("send"):
            said = _("Đã đưa vào kế hoạch và trình lãnh đạo.")
        done(request, said, "competence:home")
        return redirect(f"{reverse('competence:home')}?nam={year}")
    context = {"form": form, "needs": needs}
    return pages.render(request, "competence/session_new.html", context, status=status_of(form))


@once
def plan_send(request: HttpRequest) -> HttpResponse:
    """Send the year's plan to the head."""
    year = year_of(request)
    if request.method == "POST":
        services.plan_send(actor=who(request), year=year, now=when(request))
        done(request, _("Đã trình kế hoạch."), "competence:home")
    return redirect(f"{reverse('competence:home')}?nam={year}")


def plan(request: HttpRequest, training_plan_id: int, **bound: Any) -> HttpResponse:
    """Show the plan as it is approved, with the approval where it waits."""
    found = queries.plan_page(actor=who(request), plan_id=training_plan_id)
    waits = found.state == rules.PLAN_SENT and bool(may(who(request), "competence.approve"))
    forms = {
        "approve_form": ApproveForm(initial={"sha256": found.sha256}),
        "return_form": ReasonForm(auto_id="r_%s"),
    } if waits else {}  # fmt: skip
    context = {"plan": found, **forms, **bound}
    return pages.render(request, "competence/plan.html", context, status=status_of(*bound.values()))


@once
def plan_approve(request: HttpRequest, training_plan_id: int) -> HttpResponse:
    """Approve the plan that is shown."""
    found = queries.plan_page(actor=who(request), plan_id=training_plan_id)
    if request.method != "POST":
        return redirect("competence:plan", training_plan_id)
    form = ApproveForm(request.POST)

    def act() -> None:
        services.plan_approve(
            actor=who(request), plan_id=training_plan_id, sha256=form.cleaned_data["sha256"],
            now=when(request),
        )  # fmt: skip

    if did(form, act):
        done(request, _("Đã phê duyệt kế hoạch đào tạo."), "competence:home")
        return redirect(f"{reverse('competence:home')}?nam={found.year}")
    return plan(request, training_plan_id, approve_form=form)


@once
def plan_return(request: HttpRequest, training_plan_id: int) -> HttpResponse:
    """Return the plan with a reason."""
    found = queries.plan_page(actor=who(request), plan_id=training_plan_id)
    if request.method != "POST":
        return redirect("competence:plan", training_plan_id)
    form = ReasonForm(request.POST, auto_id="r_%s")

    def act() -> None:
        services.plan_return(
            actor=who(request), plan_id=training_plan_id, now=when(request), **form.cleaned_data
        )

    if did(form, act):
        done(request, _("Đã trả lại kế hoạch."), "competence:home")
        return redirect(f"{reverse('competence:home')}?nam={found.year}")
    return plan(request, training_plan_id, return_form=form)


def training_file(request: HttpRequest) -> HttpResponse:
    """Give sessions, attendance and certificates of a year as an Excel file."""
    year = year_of(request)
    data = services.training_sheet(actor=who(request), year=year, now=when(request))
    return sheet_answer(data, name=f"dao-tao-{year}")


def plan_paper(request: HttpRequest, training_plan_id: int, ending: str) -> HttpResponse:
    """Give the year's plan as PDF or Word."""
    if ending not in {"pdf", "docx"}:
        raise NotFound("no_such_form", "Kế hoạch có dạng PDF và Word.")
    data = services.plan_paper(
        actor=who(request), plan_id=training_plan_id, now=when(request),
        ending="pdf" if ending == "pdf" else "docx",
    )  # fmt: skip
    return paper_answer(data, name="ke-hoach-dao-tao", ending=ending)
