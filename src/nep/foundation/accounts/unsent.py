"""A form sent into a locked session, or into one that is over: kept until its owner sends it again.

Only what was typed is kept, never a file nor a form that asks for a password, and only where the
form's own secret (CSRF) was right: nobody else can put words into somebody's session. It ends with
the session, an hour after unlocking or logging in again, when it is sent, or when its owner drops
it. Where the session itself is over, it waits an hour in the same browser for whoever wrote it to
log in. Nothing of it is journaled, backed up or sent on its own.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.urls import reverse

UNSENT = "unsent"
MARK = "_unsent"  # the field by which the second sending is known
AFTER_UNLOCK = timedelta(hours=1)
MOST_CHARACTERS = 200_000
_SECRET = ("password", "again", "secret", "otp")
_TOKEN = "csrfmiddlewaretoken"  # noqa: S105
_OWN_PAGES = ("login", "code", "unlock", "unsent", "logout", "account", "security")


@dataclass(frozen=True, slots=True)
class Unsent:
    """One form as it was sent: where to, from which page, each field's values, names of files."""

    path: str
    came_from: str
    fields: tuple[tuple[str, tuple[str, ...]], ...]
    files: tuple[str, ...]


def keep(request: HttpRequest) -> bool:
    """Keep a form that met the lock, in place of an earlier one; say whether it was kept."""
    if request.method != "POST" or not _may_be_kept(request):
        return False
    fields = [(name, values) for name, values in request.POST.lists() if name not in {_TOKEN, MARK}]
    if sum(len(name) + sum(map(len, values)) for name, values in fields) > MOST_CHARACTERS:
        return False
    request.session[UNSENT] = {
        "path": request.get_full_path(),
        "came_from": _own_page(request),
        "fields": fields,
        "files": sorted(request.FILES),
    }
    return True


def _may_be_kept(request: HttpRequest) -> bool:
    if request.path.startswith(tuple(reverse(f"accounts:{name}") for name in _OWN_PAGES)):
        return False
    if any(word in name.lower() for name in request.POST for word in _SECRET):
        return False
    return CsrfViewMiddleware(_nothing).process_view(request, _nothing, (), {}) is None


def _nothing(_request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def _own_page(request: HttpRequest) -> str:
    """Return the page the form stands on, when it is one of ours."""
    found = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer", ""))
    if found.netloc != request.get_host() or not found.path.startswith("/"):
        return "/"
    return f"{found.path}?{found.query}" if found.query else found.path


def waiting(request: HttpRequest) -> Unsent | None:
    """Return the form that waits to be sent again, or None."""
    kept = request.session.get(UNSENT)
    if not kept:
        return None
    until = kept.get("until")
    now: datetime = request.now  # type: ignore[attr-defined]
    if until is not None and now.timestamp() > until:
        drop(request)
        return None
    fields = tuple((name, tuple(values)) for name, values in kept["fields"])
    return Unsent(kept["path"], kept["came_from"], fields, tuple(kept["files"]))


def leave_behind(request: HttpRequest, kept: dict[str, Any] | None, *, by: int) -> bool:
    """Leave the form of a session just ended to the next log-in of whoever wrote it; say if there
    is one."""
    if kept:
        now: datetime = request.now  # type: ignore[attr-defined]
        until = (now + AFTER_UNLOCK).timestamp()
        request.session[UNSENT] = {**kept, "by": by, "until": until}
        request.session.set_expiry(int(AFTER_UNLOCK.total_seconds()))
    return bool(kept)


def take_up(request: HttpRequest) -> bool:
    """Say whether a form waits for the person who just logged in; another's is forgotten."""
    kept = request.session.get(UNSENT)
    if kept and kept.get("by") != request.user.pk:
        drop(request)
    if waiting(request) is None:
        return False
    begin_to_expire(request)
    return True


def begin_to_expire(request: HttpRequest) -> None:
    """Give the form its last hour, now that its owner is back."""
    kept = request.session.get(UNSENT)
    if kept:
        now: datetime = request.now  # type: ignore[attr-defined]
        request.session[UNSENT] = {**kept, "until": (now + AFTER_UNLOCK).timestamp()}


def drop(request: HttpRequest) -> None:
    """Forget the form."""
    request.session.pop(UNSENT, None)


def is_sent_again(request: HttpRequest) -> bool:
    """Say whether this request is the second sending of the form that waits."""
    return request.method == "POST" and UNSENT in request.session and MARK in request.POST
