"""Searching: the page of answers, suggestions while typing, the form one needs in own words."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from nep.apps.documents import queries, rules
from nep.apps.organization import queries as organization
from nep.apps.organization.queries import who
from nep.foundation.search.queries import Hit
from nep.foundation.web import pages
from nep.kernel.text import whole_number

OTHER_SORTS = {  # what other parts bring in
    "external": _("Văn bản bên ngoài"),
    "filled": _("Biểu mẫu đã điền"),
    "record": _("Hồ sơ lưu"),
}
PAGE = 20
SUGGESTED = 8
LONGEST = 200
FURTHEST = 180


def search_page(request: HttpRequest) -> HttpResponse:
    """Show what holds every word typed, best first, with the words marked."""
    actor = who(request)
    typed = request.GET.get("q", "").strip()[:LONGEST]
    offset = _number(request.GET.get("tu", ""), most=FURTHEST)
    sort = request.GET.get("loai", "")
    wanted = queries.SearchWanted(
        sort=sort if sort in rules.KIND_NAMES or sort in OTHER_SORTS else "",
        unit_id=_number(request.GET.get("dv", "")) or None,
        with_old=request.GET.get("cu") == "1",
    )
    hits = queries.search(typed, actor=actor, wanted=wanted, limit=PAGE + 1, offset=offset)
    values = {
        name: value
        for name, value in {
            "q": typed, "loai": wanted.sort, "dv": wanted.unit_id, "cu": int(wanted.with_old),
        }.items()
        if value
    }  # fmt: skip
    following = {**values, "tu": offset + PAGE}
    near = None
    if typed and not hits and not offset:
        near = queries.search_near(typed, actor=actor, wanted=wanted)
    context = {
        "typed": typed,
        "wanted": wanted,
        "lines": [_line(hit) for hit in hits[:PAGE]],
        "near": [_line(hit) for hit in near.hits] if near else [],
        "wording": near.wording if near else "",
        "wording_url": f"?{urlencode({**values, 'q': near.wording})}" if near else "",
        "with_old_url": "" if wanted.with_old else f"?{urlencode({**values, 'cu': 1})}",
        "any_url": f"?{urlencode({'q': typed})}" if wanted.sort or wanted.unit_id else "",
        "next_url": f"?{urlencode(following)}" if len(hits) > PAGE and offset < FURTHEST else "",
        "is_later": offset > 0,
        "kinds": [*rules.KIND_NAMES.items(), *OTHER_SORTS.items()],
        "units": organization.units_of(actor.agency_id),
        "finder_url": f"{reverse('documents:form_finder')}?{urlencode({'q': typed})}",
    }
    return pages.render(request, "documents/search.html", context)


def search_suggest(request: HttpRequest) -> HttpResponse:
    """Answer while somebody types: the best few, as a list of links."""
    typed = request.GET.get("q", "").strip()[:LONGEST]
    hits = queries.search(typed, actor=who(request), limit=SUGGESTED, with_texts=False)
    context = {
        "typed": typed,
        "lines": [_line(hit) for hit in hits],
        "all_url": f"{reverse('documents:search')}?{urlencode({'q': typed})}",
    }
    return pages.render(request, "documents/search_suggest.html", context)


def form_finder(request: HttpRequest) -> HttpResponse:
    """Find the form somebody needs, told in own words."""
    typed = request.GET.get("q", "").strip()[:LONGEST]
    hits = queries.forms_fitting(typed, actor=who(request)) if typed else ()
    context = {"typed": typed, "lines": [_line(hit) for hit in hits]}
    return pages.render(request, "documents/form_finder.html", context)


def _line(hit: Hit) -> dict[str, Any]:
    return {
        "code": hit.code,
        "title": SafeString(hit.title_html),  # escaped where the words are marked
        "snippet": SafeString(hit.snippet_html),
        "detail": hit.detail,
        "link": hit.link,
        "at": hit.at,
        "is_old": hit.state == "old",
        "is_open": hit.state == "open",
    }


def _number(text: str, *, most: int = 2**62) -> int:
    return min(whole_number(text), most)
