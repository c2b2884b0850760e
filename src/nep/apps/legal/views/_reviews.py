"""Reviews of what the law changed."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from nep.apps.legal import queries, services
from nep.apps.legal.forms import ReviewForm
from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of, when
from nep.foundation.web.once import once
from nep.kernel.decisions import require


def reviews(request: HttpRequest) -> HttpResponse:
    """Show the reviews that wait and the results of earlier ones."""
    lines = queries.reviews(actor=who(request), today=today_of(request))
    waiting = [line for line in lines if line.is_open]
    context = {"waiting": waiting, "done": [line for line in lines if not line.is_open]}
    return pages.render(request, "legal/reviews.html", context)


@once
def review(request: HttpRequest, legal_review_id: int) -> HttpResponse:
    """Show one review with what names the text; record its result."""
    actor = who(request)
    line = queries.review(actor=actor, review_id=legal_review_id, today=today_of(request))
    decision = may(actor, "legal.manage")
    form = ReviewForm(request.POST or None)

    def act() -> None:
        services.review_record(
            actor=actor, review_id=legal_review_id, result=form.cleaned_data["result"],
            note=form.cleaned_data["note"], now=when(request),
        )  # fmt: skip

    if request.method == "POST":
        require(decision)
        if did(form, act):
            return done(request, _("Đã ghi kết quả rà soát."), "legal:reviews")
    page = (
        queries.external_page(actor=actor, external_id=line.external_id, today=today_of(request))
        if line.external_id
        else None
    )
    context = {"line": line, "form": form, "page": page, "may_manage": bool(decision)}
    return pages.render(request, "legal/review.html", context, status=status_of(form))
