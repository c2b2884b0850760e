"""All objectives of a year are concluded on, on one page."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from nep.apps.organization.queries import people_choices, who
from nep.apps.planning import queries, services
from nep.apps.planning.forms import JudgeAllForm
from nep.apps.planning.views._objectives import to_year, year_of
from nep.foundation.web import pages
from nep.foundation.web.acting import did, status_of, today_of, when
from nep.foundation.web.once import once


@once
def objectives_judge(request: HttpRequest) -> HttpResponse:
    """Show every objective of the year with its computed conclusion; conclude on all of them."""
    year = year_of(request)
    page = queries.judging_page(actor=who(request), year=year, today=today_of(request))
    form = JudgeAllForm(
        request.POST if request.method == "POST" else None, lines=page.ready,
        people=people_choices(request),
    )  # fmt: skip

    def act() -> None:
        services.objectives_judge(
            actor=who(request), year=year, told=form.told(), now=when(request)
        )

    if request.method == "POST" and did(form, act):
        return to_year(request, _("Đã đánh giá %d mục tiêu.") % len(page.ready), year)
    context = {"page": page, "form": form, "rows": form.rows()}
    return pages.render(request, "planning/objectives_judge.html", context, status=status_of(form))
