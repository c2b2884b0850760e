"""The guard of open sessions: locks resting ones, and keeps people on what they must do first."""

from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import get_user
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from nep.foundation.accounts import rules, services, unsent
from nep.foundation.accounts.addresses import client_address, is_trusted
from nep.foundation.accounts.queries import security_policy

AUTO_HEADER = "X-Nep-Auto"
STATE_HEADER = "X-Nep-Session"
FETCH_HEADER = "X-Nep-Fetch"  # the page's script sends the form and stays with it until it is done
SEEN, STARTED, LOCKED, CODE_PASSED = "seen", "started", "locked", "code_passed"
MUST_ENROL = "must_enrol"
TOUCH_SECONDS = 20
REMEMBERED = timedelta(days=3)
"""How long a session that is over is still known, over a weekend, so that a form sent into it is not lost."""
FREE = ("/static/", "/healthz", "/readyz")


class SessionGuardMiddleware:
    """Ask of every signed-in request whether its session may go on.

    A request with the header X-Nep-Auto (an automatic refresh) never prolongs a session.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.address = client_address(  # type: ignore[attr-defined]
            request.META, proxies=settings.NEP.trusted_proxies
        )
        if request.path.startswith(FREE) or not request.user.is_authenticated:
            return self.get_response(request)
        request.user = get_user(request)  # itself: a page asks it some hundred times
        answer = self._stop(request)
        if answer is not None:
            return answer
        if not request.headers.get(AUTO_HEADER) and not request.session.get(LOCKED):
            touch(request)
        is_again = unsent.is_sent_again(request)
        response = self.get_response(request)
        if is_again and response.status_code < 500:
            unsent.drop(request)
        response.setdefault("Cache-Control", "private, no-store")  # shared machines at counters
        return response

    def _stop(self, request: HttpRequest) -> HttpResponse | None:
        """Return where the request must go instead, or None."""
        if why := _why_over(request):
            if request.headers.get(AUTO_HEADER):  # ends nothing: what is typed may still be sent
                return _told(_go(request, "accounts:login"), "over")
            unsent.keep(request)
            kept, by = request.session.get(unsent.UNSENT), request.user.pk
            services.session_sign_out(
                user_id=request.user.pk,  # type: ignore[arg-type]
                session_key=request.session.session_key or "",
                now=request.now,  # type: ignore[attr-defined]
                reason=why,
            )
            logout(request)
            if unsent.leave_behind(request, kept, by=by):  # type: ignore[arg-type]
                why += " " + _("Điều vừa nhập được giữ lại, gửi được sau khi đăng nhập.")
            messages.info(request, why)
            return _go(request, "accounts:login")
        if is_locked(request):
            if not (request.headers.get(AUTO_HEADER) or request.headers.get(FETCH_HEADER)):
                unsent.keep(request)
            stopped = _unless_there(request, "accounts:unlock")
            return _told(stopped, "locked") if stopped is not None else None
        if request.session.get(MUST_ENROL):
            return _unless_there(request, "accounts:totp")
        if must_change_password(request):
            return _unless_there(request, "accounts:password")
        return None


def _now(request: HttpRequest) -> datetime:
    return request.now  # type: ignore[attr-defined]


def _moment(request: HttpRequest, name: str) -> datetime:
    """Read a time of the session; one that is missing is taken as now."""
    seconds = request.session.get(name)
    now = _now(request)
    return datetime.fromtimestamp(seconds, tz=now.tzinfo) if seconds else now


def _why_over(request: HttpRequest) -> str:
    """Say why a session is over: too long, or moved outside without a second factor."""
    policy, user = security_policy(), request.user
    if _now(request) - _moment(request, STARTED) >= timedelta(hours=policy.session_hours):
        return _("Phiên đã mở quá %(hours)s giờ. Hãy đăng nhập lại.") % {
            "hours": policy.session_hours
        }
    if request.session.get(CODE_PASSED) or request.session.get(MUST_ENROL):
        return ""
    from_here = is_trusted(
        request.address,  # type: ignore[attr-defined]
        settings.NEP.trusted_networks,
    )
    asked = rules.needs_second_factor(
        needs_totp=False,
        has_totp=False,
        is_trusted_network=from_here,
        is_demonstration=user.is_demonstration,  # type: ignore[union-attr]
        policy=policy,
    )
    if asked:
        return _("Phiên đã chuyển ra ngoài mạng của cơ quan. Hãy đăng nhập lại bằng mã hai lớp.")
    return ""


def is_locked(request: HttpRequest) -> bool:
    """Say whether the session is locked, locking it when it has rested long enough."""
    if request.session.get(LOCKED):
        return True
    resting = rules.is_resting(
        last_active_at=_moment(request, SEEN),
        now=_now(request),
        is_administrator=request.user.needs_totp,  # type: ignore[union-attr]
        policy=security_policy(),
    )
    if resting:
        request.session[LOCKED] = True
        services.session_lock(
            user_id=request.user.pk,  # type: ignore[arg-type]
            now=_now(request),
        )
    return resting


def lock_minutes(request: HttpRequest) -> int:
    """Return after how many minutes of rest this person's session is locked."""
    rest = rules.lock_after(
        is_administrator=request.user.needs_totp,  # type: ignore[union-attr]
        policy=security_policy(),
    )
    return int(rest.total_seconds() // 60)


def must_change_password(request: HttpRequest) -> bool:
    """Say whether the person must set a new password before anything else."""
    user = request.user
    return user.must_change_password or rules.password_is_old(  # type: ignore[union-attr]
        changed_at=user.password_changed_at,  # type: ignore[union-attr]
        now=_now(request),
        is_administrator=user.needs_totp and not user.is_demonstration,  # type: ignore[union-attr]
        policy=security_policy(),
    )


def touch(request: HttpRequest, *, always: bool = False) -> None:
    """Move the time of the last own action, at most every twenty seconds."""
    now = _now(request).timestamp()
    if not always and now - request.session.get(SEEN, 0) < TOUCH_SECONDS:
        return
    request.session[SEEN] = now
    services.session_touch(
        user_id=request.user.pk,  # type: ignore[arg-type]
        session_key=request.session.session_key or "",
        now=_now(request),
    )


def _told(answer: HttpResponse, state: str) -> HttpResponse:
    """Say to the page's script why it is sent away: it stays where something is typed."""
    answer[STATE_HEADER] = state
    return answer


def _unless_there(request: HttpRequest, name: str) -> HttpResponse | None:
    allowed = {reverse(name), reverse("accounts:logout")}
    return None if request.path in allowed else _go(request, name)


def _go(request: HttpRequest, name: str) -> HttpResponse:
    """Send the person to a page and remember where they were; htmx needs a header for it."""
    is_htmx = bool(getattr(request, "htmx", False))
    here = request.headers.get("HX-Current-URL", "") if is_htmx else request.get_full_path()
    if is_htmx:
        here = "/" + here.split("/", 3)[-1] if here.count("/") > 2 else "/"
    elif request.method != "GET":
        came_from = urlsplit(request.headers.get("Referer", ""))
        here = came_from.path if came_from.netloc == request.get_host() else "/"
    target = f"{reverse(name)}?{urlencode({'next': here})}"
    if is_htmx:
        answer = HttpResponse(status=401)
        answer["HX-Redirect"] = target
        return answer
    if request.path.startswith("/api/"):
        return HttpResponse(status=401)
    return redirect(target)
