"""What stands behind the bell."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect

from nep.apps.work import queries, services
from nep.foundation.web import pages


def notices(request: HttpRequest) -> HttpResponse:
    """Show the latest notices."""
    actor = request.actor  # type: ignore[attr-defined]
    lines = queries.notice_lines(actor=actor)
    context = {"lines": lines, "new_count": sum(1 for line in lines if line.is_new)}
    return pages.render(request, "work/notices.html", context)


def notices_read(request: HttpRequest) -> HttpResponse:
    """Mark every notice as read."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    services.notices_read(
        actor=request.actor,  # type: ignore[attr-defined]
        now=request.now,  # type: ignore[attr-defined]
    )
    return redirect("work:notices")
