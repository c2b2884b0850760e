"""The wizard for a person who leaves."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from nep.apps.organization import queries as organization
from nep.apps.organization.queries import who
from nep.apps.records import ports, queries, services
from nep.apps.records.forms import LeaverForm
from nep.apps.records.views._ground import paper_ending, people_choices
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of, when
from nep.foundation.web.answers import given
from nep.foundation.web.once import once
from nep.kernel.text import whole_number


def leaver_choose(request: HttpRequest) -> HttpResponse:
    """Choose the person who leaves."""
    asked = request.GET.get("nguoi", "")
    if person_id := whole_number(asked):
        return redirect("records:leaver", person_id)
    groups = organization.people_page(
        agency_id=who(request).agency_id, today=today_of(request),
        query=request.GET.get("q", "")[:80],
    )  # fmt: skip
    context = {"groups": [one for one in groups if one.people], "query": request.GET.get("q", "")}
    return pages.render(request, "records/leaver_choose.html", context)


@once
def leaver(request: HttpRequest, person_id: int) -> HttpResponse:
    """Show what a person holds; give it to receivers in one go."""
    actor = who(request)
    person = organization.person_page(
        agency_id=actor.agency_id, person_id=person_id, today=today_of(request)
    )
    shares = ports.leaver_shares(actor.agency_id, person_id, when(request))
    form = LeaverForm(
        request.POST or None,
        people=people_choices(request, without=person_id),
        shares=[(s.key, s.label) for s in shares if s.group.move and s.group.needs_receiver],
        endings=[s.key for s in shares if s.group.move and not s.group.needs_receiver],
    )
    made: list[int] = []

    def act() -> None:
        made.append(
            services.leaver_hand_over(
                actor=actor, person_id=person_id, receivers=form.receivers(),
                kept=form.kept(),
                reason=form.cleaned_data["reason"], now=when(request),
            )
        )  # fmt: skip

    if request.method == "POST" and did(form, act):
        return done(request, _("Đã bàn giao."), "records:leaver_minutes", made[0])
    rows = [(share, form[share.key] if share.key in form.fields else None) for share in shares]
    context = {"person": person, "rows": rows, "form": form,
               "count": sum(len(share.held) for share in shares)}  # fmt: skip
    return pages.render(request, "records/leaver.html", context, status=status_of(form))


def leaver_minutes(request: HttpRequest, leaver_id: int) -> HttpResponse:
    """Show the minutes of a hand-over, and what is left to do."""
    page = queries.leaver_page(actor=who(request), leaver_id=leaver_id)
    return pages.render(request, "records/leaver_minutes.html", {"page": page})


def leaver_paper(request: HttpRequest, leaver_id: int, ending: str) -> HttpResponse:
    """Give the minutes as PDF or Word."""
    kind = paper_ending(ending)
    data = services.leaver_paper(actor=who(request), leaver_id=leaver_id, ending=kind)
    return given(data, name=f"bien-ban-ban-giao-{leaver_id}", ending=ending,
                 inline=ending == "pdf")  # fmt: skip
