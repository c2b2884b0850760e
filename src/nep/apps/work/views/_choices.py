"""How a person is told: their choices of letters and bell, and their calendar by address."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from nep.apps.organization.queries import reachable_people
from nep.apps.work import queries
from nep.apps.work.forms import ChoiceForm
from nep.foundation.notify import feeds
from nep.foundation.notify import queries as notify
from nep.foundation.notify import services as letters
from nep.foundation.notify.calendar_text import CONTENT_TYPE, calendar_text, entity_tag
from nep.foundation.notify.rules import NEVER
from nep.foundation.web import pages
from nep.foundation.web.once import once
from nep.kernel.errors import NotFound, TooMany
from nep.kernel.vietnamese import local

MASKED = "/viec/lich-ca-nhan/…"  # the key of a calendar stands in no log


@once
def choices(request: HttpRequest) -> HttpResponse:
    """Show and keep how the person wants to be told."""
    actor = request.actor  # type: ignore[attr-defined]
    form = ChoiceForm(request.POST or None, wish=notify.wish_of(actor.person_id))
    if request.method == "POST" and form.is_valid():
        letters.choice_change(
            person_id=actor.person_id,
            agency_id=actor.agency_id,
            now=request.now,  # type: ignore[attr-defined]
            **form.values(),
        )
        messages.success(request, _("Đã lưu cách nhận thông báo."))
        return redirect("work:choices")
    return _page(request, form, status=422 if form.is_bound else 200)


def _page(
    request: HttpRequest, form: ChoiceForm, *, address: str = "", status: int = 200
) -> HttpResponse:
    actor = request.actor  # type: ignore[attr-defined]
    today = local(request.now).date()  # type: ignore[attr-defined]
    person = reachable_people(today=today, person_id=actor.person_id).get(actor.person_id)
    wish = notify.wish_of(actor.person_id)
    email = person.email if person and "@" in person.email else ""
    context = {
        "form": form,
        "email": email,
        "hour": wish.hour,
        "has_letters": any(wish.pace(kind) != NEVER for kind, *_rest in form.kinds()),
        "letters": notify.letters_of(actor.person_id),
        "values": notify.values(),
        "feed": notify.feed_of(actor.person_id),
        "feed_address": address,
    }
    response = pages.render(request, "work/choices.html", context, status=status)
    if address:
        response["Cache-Control"] = "no-store"
    return response


def feed_change(request: HttpRequest) -> HttpResponse:
    """Make, renew or withdraw the person's calendar; a new address is shown once, kept nowhere."""
    if request.method != "POST":
        return redirect("work:choices")
    actor = request.actor  # type: ignore[attr-defined]
    facts = {"person_id": actor.person_id, "agency_id": actor.agency_id, "now": request.now}  # type: ignore[attr-defined]
    if request.POST.get("act") == "withdraw":
        if feeds.feed_withdraw(**facts):
            messages.success(request, _("Địa chỉ lịch không còn dùng được nữa."))
        return redirect("work:choices")
    path = reverse("work:feed", args=[feeds.feed_make(**facts)])
    form = ChoiceForm(None, wish=notify.wish_of(actor.person_id))
    return _page(request, form, address=request.build_absolute_uri(path))


@require_safe
def feed(request: HttpRequest, feed_key: str) -> HttpResponse:
    """Answer a person's due dates to their calendar program, which knows the address."""
    request.log_path = MASKED  # type: ignore[attr-defined]
    now = request.now  # type: ignore[attr-defined]
    person_id = feeds.feed_person(key=feed_key)
    person = reachable_people(today=local(now).date(), person_id=person_id).get(person_id)
    if person is None:  # the account was stopped, or nothing is held any more
        raise NotFound("feed_unknown", _("Địa chỉ lịch này không còn dùng được."))
    home = settings.NEP.public_address
    entries = [
        feeds.Entry(one.item_id, one.at, one.what, one.about, f"{home}{one.link}")
        for one in queries.due_entries(person_id=person_id, limit=feeds.MOST)
    ]
    try:
        events = feeds.feed_events(
            person_id=person_id, agency_id=person.agency_id, entries=entries, now=now
        )
    except TooMany as refusal:
        answer = HttpResponse(refusal.message, status=429, content_type="text/plain; charset=utf-8")
        answer["Retry-After"] = str(int(feeds.WINDOW.total_seconds()))
        return answer
    body = calendar_text(name=_("Hạn việc của %s") % person.name, events=events)
    tag = entity_tag(body)
    if tag in {one.strip().removeprefix("W/") for one in _asked_tags(request)}:
        answer = HttpResponseNotModified()
    else:
        answer = HttpResponse(body, content_type=CONTENT_TYPE)
        answer["Content-Disposition"] = 'inline; filename="nep.ics"'
    answer["ETag"] = tag
    answer["Cache-Control"] = "private, no-cache"
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _asked_tags(request: HttpRequest) -> list[str]:
    return request.headers.get("If-None-Match", "").split(",")
