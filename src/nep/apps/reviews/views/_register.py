"""The reviews of the agency, and a new one."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.apps.reviews import queries, services
from nep.apps.reviews.forms import PrepareForm, start_initial
from nep.apps.standards.queries import edition_of
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of, when
from nep.foundation.web.once import once


def register(request: HttpRequest) -> HttpResponse:
    """Show every review, and what comes next."""
    page = queries.register(actor=who(request), today=today_of(request))
    context = {"page": page, "may_prepare": bool(may(who(request), "review.prepare"))}
    return pages.render(request, "reviews/register.html", context)


@once
def new(request: HttpRequest) -> HttpResponse:
    """Prepare a review: freeze the inputs, call the people."""
    edition = edition_of(who(request).agency_id).in_force
    start = queries.start_values(actor=who(request), edition=edition, today=today_of(request))
    form = PrepareForm(request.POST or None, start=start, initial=start_initial(start))
    made: list[int] = []

    def act() -> None:
        kept = form.cleaned_data
        made.append(
            services.review_prepare(
                actor=who(request), edition=kept["edition"], starts_on=kept["starts_on"],
                ends_on=kept["ends_on"], plan=form.plan(), now=when(request),
            )
        )  # fmt: skip

    if request.method == "POST" and did(form, act):
        return done(request, _("Đã chốt đầu vào và mời họp."), "reviews:review", made[0])
    context = {"form": form, "start": start}
    return pages.render(request, "reviews/new.html", context, status=status_of(form))
