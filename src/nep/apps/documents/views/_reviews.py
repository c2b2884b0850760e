"""Reviews: what is due, how one ended, the intervals; a yearly document carried forward."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nep.apps.documents import queries, rules, services
from nep.apps.documents.forms import ForwardForm, HoldForm, IntervalForm, ReviewForm, YearForm
from nep.apps.documents.queries import DocumentPage
from nep.apps.documents.views._panels import add_panel
from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of, when
from nep.foundation.web.once import once
from nep.kernel.decisions import require


@once
def reviews(request: HttpRequest) -> HttpResponse:
    """List what is to be reviewed within 90 days; state of several at once that they still hold."""
    actor, today = who(request), today_of(request)
    after = request.GET.get("sau", "")[:80]
    found = queries.reviews_due(actor=actor, today=today, after=after)
    mine = {
        line.id: f"{line.id}:{line.version}"
        for line in found.lines
        if line.id and rules.may_review(actor, owner_unit_id=line.owner_unit_id)
    }
    form = HoldForm(request.POST or None, lines=list(mine.values()))
    if request.method == "POST" and did(
        form,
        lambda: services.reviews_hold(
            actor=actor, chosen=form.reviews(), note=form.cleaned_data["note"], now=when(request)
        ),
    ):
        return done(request, _("Đã ghi kết quả soát xét."), "documents:reviews")
    context = {
        "lines": found.lines,
        "mine": mine,
        "form": form,
        "next_url": f"?{urlencode({'sau': found.after})}" if found.after else "",
        "late": min(found.late, queries.MOST_DUE),
        "soon": min(found.soon, queries.MOST_DUE),
        "is_more": max(found.late, found.soon if not found.late else 0) > queries.MOST_DUE,
        "may_manage": bool(may(actor, "document.manage")),
    }
    part = "#rows" if after and getattr(request, "htmx", False) else ""
    return pages.render(
        request, f"documents/review_list.html{part}", context, status=status_of(form)
    )


@once
def review(request: HttpRequest, review_id: int) -> HttpResponse:
    """Show a review that is open, and take its result."""
    actor = who(request)
    line = queries.review(actor=actor, review_id=review_id, today=today_of(request))
    form = ReviewForm(request.POST or None, initial={"version": line.version})
    may_end = bool(rules.may_review(actor, owner_unit_id=line.owner_unit_id))
    if request.method == "POST":
        require(rules.may_review(actor, owner_unit_id=line.owner_unit_id))
        if did(
            form,
            lambda: services.review_end(
                actor=actor, review_id=review_id, result=form.cleaned_data["result"],
                note=form.cleaned_data["note"], version=form.cleaned_data["version"],
                now=when(request),
            ),
        ):  # fmt: skip
            return done(request, _("Đã ghi kết quả soát xét."), "documents:page", line.document_id)
    past = queries.reviews_done(document_id=line.document_id, agency_id=actor.agency_id)
    context = {"line": line, "form": form, "may_end": may_end, "past": past}
    return pages.render(request, "documents/review.html", context, status=status_of(form))


@once
def intervals(request: HttpRequest) -> HttpResponse:
    """Show and set after how many months each kind is reviewed."""
    actor = who(request)
    sent = IntervalForm(request.POST or None)
    if request.method == "POST" and did(
        sent,
        lambda: services.review_interval_set(
            actor=actor, kind=sent.cleaned_data["kind"], months=sent.cleaned_data["months"],
            version=sent.cleaned_data["version"], now=when(request),
        ),
    ):  # fmt: skip
        return done(request, _("Đã lưu chu kỳ soát xét."), "documents:review_intervals")
    rows = []
    for line in queries.review_intervals(actor.agency_id):
        is_sent = sent.is_bound and sent.data.get("kind") == line.kind
        facts = {"kind": line.kind, "months": line.months, "version": line.version}
        rows.append(
            (line, sent if is_sent else IntervalForm(initial=facts, auto_id=f"{line.kind}-%s"))
        )
    context = {"rows": rows, "mark": rules.DEFAULT_MARK}
    return pages.render(request, "documents/review_intervals.html", context, status=status_of(sent))


@once
def forward(request: HttpRequest, document_id: int) -> HttpResponse:
    """Show what next year's document would be and what must change; open its draft."""
    actor = who(request)
    asked = request.POST.get("to") or request.GET.get("nam", "")
    found = queries.forward_proposal(
        actor=actor, document_id=document_id,
        to=int(asked) if asked.isdecimal() and len(asked) == 4 else None,
    )  # fmt: skip
    form = ForwardForm(
        request.POST or None, initial={"to": found.to, "code": found.code, "title": found.title}
    )
    made: list[int] = []
    if request.method == "POST" and did(
        form,
        lambda: made.append(
            services.document_forward(
                actor=actor, document_id=document_id, to=form.cleaned_data["to"],
                code=form.cleaned_data["code"], title=form.cleaned_data["title"],
                now=when(request),
            )[0]
        ),
    ):  # fmt: skip
        words = _("Đã mở bản thảo cho năm %(year)s.") % {"year": form.cleaned_data["to"]}
        return done(request, words, "documents:page", made[0])
    context = {"found": found, "form": form}
    return pages.render(request, "documents/review_forward.html", context, status=status_of(form))


@require_POST
@once
def document_year(request: HttpRequest, document_id: int) -> HttpResponse:
    """Say of which year a document is."""
    actor = who(request)
    page = queries.document_page(actor=actor, document_id=document_id)
    form = YearForm(request.POST)
    year = form.cleaned_data["year"] if form.is_valid() else -1
    services.document_year_set(actor=actor, document_id=page.id, year=year, now=when(request))
    return done(request, _("Đã lưu năm của tài liệu."), "documents:page", page.id)


def _review_tab(request: HttpRequest, page: DocumentPage) -> str:
    if page.status not in ("in_force", "withdrawn"):
        return ""
    actor = who(request)
    context = {
        "page": page,
        "line": queries.open_review(document_id=page.id, today=today_of(request)),
        "past": queries.reviews_done(document_id=page.id, agency_id=page.agency_id),
        "months": queries.review_months(page.agency_id, page.kind),
        "may_end": bool(rules.may_review(actor, owner_unit_id=page.owner_unit_id)),
        "may_manage": bool(may(actor, "document.manage")) and page.kind != rules.PROCEDURE,
        "may_draft": bool(may(actor, "document.draft")) and page.kind != rules.PROCEDURE,
        "year_form": YearForm(initial={"year": page.year}, auto_id="cua-nam-%s"),
        "next_year": (page.year or 0) + 1,
    }
    return render_to_string("documents/review_tab.html", context, request)


add_panel("review", _review_tab, place="tab", order=60, label=_("Soát xét"))
