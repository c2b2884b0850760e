"""The year's objectives: the table, a new one, starters, copies, the list to be approved."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from nep.apps.organization import queries as organization
from nep.apps.organization.queries import people_choices, who
from nep.apps.organization.rules import may
from nep.apps.planning import queries, services
from nep.apps.planning.forms import (
    ApproveForm,
    ChosenForm,
    ObjectiveForm,
    StarterForm,
    WhyForm,
)
from nep.apps.planning.rules import objectives as rules
from nep.apps.records.queries import records_of_source
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of, when
from nep.foundation.web.answers import paper_answer, sheet_answer
from nep.foundation.web.once import once
from nep.kernel.errors import NotFound


def year_of(request: HttpRequest) -> int:
    """Return the year that is asked for, by default this one."""
    asked = request.POST.get("nam", "") or request.GET.get("nam", "")
    known = asked.isascii() and asked.isdigit() and len(asked) == 4
    if known and rules.FIRST_YEAR <= int(asked) <= rules.LAST_YEAR:
        return int(asked)
    return today_of(request).year


def _year(request: HttpRequest) -> queries.YearPage:
    return queries.objectives_page(
        agency_id=who(request).agency_id, year=year_of(request), today=today_of(request)
    )


def to_year(request: HttpRequest, text: Any, year: int) -> HttpResponse:
    """Say what has happened and show a year."""
    done(request, text, "planning:objectives")
    return redirect(f"{reverse('planning:objectives')}?nam={year}")


def objectives(request: HttpRequest, chosen: ChosenForm | None = None) -> HttpResponse:
    """Show the objectives of a year in the usual table, and what comes next."""
    page = _year(request)
    actor = who(request)
    may_manage = bool(may(actor, "objective.manage"))
    context = {
        "page": page,
        "chosen": chosen,
        "may_propose": bool(may(actor, "objective.propose")),
        "may_manage": may_manage,
        "may_approve": bool(may(actor, "objective.approve")),
        "may_judge": (may_manage or bool(may(actor, "objective.approve")))
        and today_of(request) >= rules.judged_from(page.year)
        and any(one.state == rules.APPROVED for one in page.lines),
        "may_copy": may_manage
        and page.year >= today_of(request).year - 1
        and any(one.state in rules.IN_FORCE for one in page.lines),
        "next_year": page.year + 1,
    }
    return pages.render(request, "planning/objectives.html", context, status=status_of(chosen))


def form_of(request: HttpRequest, data: Any = None, **kwargs: Any) -> ObjectiveForm:
    """Return the form of an objective with the choices of the agency."""
    units = [(u.id, u.name) for u in organization.units_of(who(request).agency_id)]
    measures = [(one.key, f"{one.label} ({one.unit})") for one in queries.measures()]
    return ObjectiveForm(
        data, people=people_choices(request), units=units, measures=measures, **kwargs
    )


@once
def objective_new(request: HttpRequest) -> HttpResponse:
    """Propose an objective."""
    year, actor = year_of(request), who(request)
    own = next(iter(sorted(actor.unit_ids)), None)
    start = {
        "owner": actor.person_id, "unit_word": "%", "frequency": "quarter", "whole": "mean",
        "unit": None if may(actor, "objective.manage") else own,
    }  # fmt: skip
    form = form_of(request, request.POST or None, initial=start)
    made: list[int] = []

    def act() -> None:
        made.append(
            services.objective_propose(
                actor=actor, year=year, values=form.values(), now=when(request)
            )
        )

    if request.method == "POST" and did(form, act):
        return done(request, _("Đã đề xuất mục tiêu."), "planning:objective", made[0])
    context = {"form": form, "year": year}
    return pages.render(request, "planning/objective_new.html", context, status=status_of(form))


@once
def objectives_start(request: HttpRequest) -> HttpResponse:
    """Take over starter objectives of the agency's kind as proposals; sent at once, those that
    the units have proposed go along, alone where no starter is ticked."""
    page = _year(request)
    year, along = page.year, [one for one in page.proposed if not one.to_confirm]
    kind = organization.agency(who(request).agency_id).kind
    offered = queries.starters(kind)
    form = StarterForm(
        request.POST if request.method == "POST" else None,
        choices=[(one.key, one.title) for one in offered], people=people_choices(request),
        proposed=[(str(one.id), one.title) for one in along],
        initial={"chosen": [one.key for one in offered], "along": [str(one.id) for one in along]},
    )  # fmt: skip
    made: list[int] = []
    sends = bool(request.POST.get("submit"))

    @transaction.atomic
    def act() -> None:
        keys, theirs = form.cleaned_data["chosen"], form.cleaned_data["along"]
        if keys or not (sends and theirs):
            made.extend(
                services.objectives_start(
                    actor=who(request), year=year, keys=keys, now=when(request),
                    owner_id=form.cleaned_data["owner"],
                )
            )  # fmt: skip
        if sends:
            services.objectives_gather(
                actor=who(request), year=year, now=when(request),
                objective_ids=[*made, *map(int, theirs)],
            )  # fmt: skip

    if request.method == "POST" and did(form, act):
        if sends:
            return to_year(request, _("Đã trình lãnh đạo phê duyệt."), year)
        text = _("Đã đưa %(n)d mục tiêu vào đề xuất. Hãy xem chỉ tiêu trước khi trình.")
        return to_year(request, text % {"n": len(made)}, year)
    context = {"form": form, "starters": offered, "along": along, "year": year}
    return pages.render(
        request, "planning/objective_starters.html", context, status=status_of(form)
    )


@once
def objectives_copy(request: HttpRequest) -> HttpResponse:
    """Copy a year's objectives into the next as proposals to be confirmed."""
    year = year_of(request)
    if request.method != "POST":
        return redirect(f"{reverse('planning:objectives')}?nam={year}")
    count = services.objectives_copy(actor=who(request), year=year, now=when(request))
    text = _("Đã chép %(n)d mục tiêu. Hãy xác nhận từng mục tiêu trước khi trình.")
    return to_year(request, text % {"n": count}, year + 1)


@once
def objectives_gather(request: HttpRequest) -> HttpResponse:
    """Put the ticked proposals together and send them to the head."""
    page = _year(request)
    if request.method != "POST":
        return redirect(f"{reverse('planning:objectives')}?nam={page.year}")
    form = ChosenForm(request.POST, choices=[(str(one.id), one.title) for one in page.proposed])

    def act() -> None:
        services.objectives_gather(
            actor=who(request), year=page.year, now=when(request),
            objective_ids=[int(one) for one in form.cleaned_data["chosen"]],
        )  # fmt: skip

    if did(form, act):
        return to_year(request, _("Đã trình lãnh đạo phê duyệt."), page.year)
    return objectives(request, form)


def objective_list(request: HttpRequest, list_id: int, **bound: Any) -> HttpResponse:
    """Show one edition of a year's list as it is approved, with the approval where it waits."""
    sheet = queries.objectives_list(actor=who(request), list_id=list_id)
    waits = sheet.state == rules.SET_SENT and bool(may(who(request), "objective.approve"))
    forms = {
        "approve_form": ApproveForm(initial={"sha256": sheet.sha256}),
        "return_form": WhyForm(auto_id="r_%s"),
    } if waits else {}  # fmt: skip
    kept = records_of_source(
        agency_id=who(request).agency_id, source_type="form", source_ids=[list_id]
    )
    is_done = sheet.state == rules.SET_APPROVED
    context = {
        "sheet": sheet, **forms, **bound, "kept": kept,
        "may_keep": is_done and not kept and bool(may(who(request), "record.keep")),
    }  # fmt: skip
    return pages.render(
        request, "planning/objective_list.html", context, status=status_of(*bound.values())
    )


@once
def objectives_approve(request: HttpRequest, list_id: int) -> HttpResponse:
    """Approve the list that is shown."""
    sheet = queries.objectives_list(actor=who(request), list_id=list_id)
    if request.method != "POST":
        return redirect("planning:objective_list", list_id)
    form = ApproveForm(request.POST)

    def act() -> None:
        services.objectives_approve(
            actor=who(request), list_id=list_id, sha256=form.cleaned_data["sha256"],
            now=when(request),
        )  # fmt: skip

    if did(form, act):
        return to_year(request, _("Đã phê duyệt mục tiêu."), sheet.year)
    return objective_list(request, list_id, approve_form=form)


@once
def objectives_return(request: HttpRequest, list_id: int) -> HttpResponse:
    """Return the list with a reason."""
    sheet = queries.objectives_list(actor=who(request), list_id=list_id)
    if request.method != "POST":
        return redirect("planning:objective_list", list_id)
    form = WhyForm(request.POST, auto_id="r_%s")

    def act() -> None:
        services.objectives_return(
            actor=who(request), list_id=list_id, now=when(request), **form.cleaned_data
        )

    if did(form, act):
        return to_year(request, _("Đã trả lại danh sách."), sheet.year)
    return objective_list(request, list_id, return_form=form)


@once
def objectives_deposit(request: HttpRequest, list_id: int) -> HttpResponse:
    """Put the printed list into the records."""
    queries.objectives_list(actor=who(request), list_id=list_id)
    if request.method == "POST":
        services.objectives_deposit(actor=who(request), list_id=list_id, now=when(request))
        return done(request, _("Đã lưu vào hồ sơ lưu."), "planning:objective_list", list_id)
    return redirect("planning:objective_list", list_id)


def objective_list_paper(request: HttpRequest, list_id: int, ending: str) -> HttpResponse:
    """Give one edition of a year's list as PDF or Word."""
    if ending not in {"pdf", "docx"}:
        raise NotFound("no_such_form", "Danh sách có dạng PDF và Word.")
    data = services.objectives_list_paper(
        actor=who(request), list_id=list_id, now=when(request),
        ending="pdf" if ending == "pdf" else "docx",
    )  # fmt: skip
    return paper_answer(data, name="danh-sach-muc-tieu", ending=ending)


def objectives_file(request: HttpRequest, ending: str) -> HttpResponse:
    """Give the table of a year as PDF, Word or Excel."""
    year, actor, now = year_of(request), who(request), when(request)
    name = f"muc-tieu-chat-luong-{year}"
    if ending == "xlsx":
        data = services.objectives_sheet(actor=actor, year=year, now=now)
        return sheet_answer(data, name=name)
    if ending not in {"pdf", "docx"}:
        raise NotFound("no_such_form", "Bảng này có dạng PDF, Word và Excel.")
    data = services.objectives_paper(
        actor=actor, year=year, now=now, ending="pdf" if ending == "pdf" else "docx"
    )
    return paper_answer(data, name=name, ending=ending)
