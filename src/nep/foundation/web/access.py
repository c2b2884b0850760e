"""Who may open which address: one gate, connected from above, asked by every route."""

from collections.abc import Callable, Iterator

from django.conf import settings
from django.core.checks import Error, register
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import resolve_url
from django.urls import URLPattern, URLResolver, get_resolver

from nep.kernel.decisions import Decision, require
from nep.kernel.errors import Forbidden

Gate = Callable[[object, str], Decision]
_gate: Gate | None = None
OUTSIDE = ("django.views.static", "django.contrib.staticfiles")


def connect_gate(gate: Gate) -> None:
    """Set the rule that decides `(actor, permission)`; called once by the wiring."""
    global _gate
    _gate = gate


def may(actor: object, permission: str) -> bool:
    """Say whether a person may, for menus and buttons."""
    if permission in {"public", "signed_in"}:
        return permission == "public" or actor is not None
    return bool(actor) and _gate is not None and bool(_gate(actor, permission))


def ask(request: HttpRequest, permission: str) -> HttpResponse | None:
    """Return None when the request may pass, or the way to the log-in page.

    Raises Forbidden when the person is known and may not.
    """
    if permission == "public":
        return None
    if not request.user.is_authenticated:
        if getattr(request, "htmx", False):
            answer = HttpResponse(status=401)
            answer["HX-Redirect"] = login_address(request)
            return answer
        return HttpResponseRedirect(login_address(request))
    if permission == "signed_in":
        return None
    actor = getattr(request, "actor", None)
    if not actor or _gate is None:
        raise Forbidden(
            "no_appointment",
            "Tài khoản này chưa được bổ nhiệm ở cơ quan nào. Hãy nhờ quản trị cơ quan bổ nhiệm.",
        )
    require(_gate(actor, permission))
    return None


def login_address(request: HttpRequest) -> str:
    """Return the log-in page that leads back to what was asked for."""
    back = QueryDict(mutable=True)
    back["next"] = request.get_full_path()
    return f"{resolve_url(settings.LOGIN_URL)}?{back.urlencode(safe='/')}"


def addresses(patterns=None, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Yield every (path, pattern) of the resolver, for the start-up check and the rights matrix."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(one, URLResolver):
            yield from addresses(one.url_patterns, prefix + str(one.pattern))
        else:
            yield prefix + str(one.pattern), one


@register()
def check_resolver(app_configs, **_kwargs):
    """Refuse to start with an address that declares no permission."""
    return [
        Error(f"Địa chỉ “{place}” không khai quyền; hãy dùng route(…).", id="nep.E001")
        for place, pattern in addresses()
        if not hasattr(pattern.callback, "permission")
        and not pattern.callback.__module__.startswith(OUTSIDE)
    ]
