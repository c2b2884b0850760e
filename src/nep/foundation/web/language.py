"""English for the pages that are whole in it; every other page stays Vietnamese.

A page is offered in English only where its address says so (`route(…, english=True)`), so that
nobody meets a page half translated. The choice is a link, kept in a cookie; works without script.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

PARAMETER, COOKIE = "lang", "nep_language"
KEPT_SECONDS = 31_536_000


@dataclass(frozen=True, slots=True)
class OtherLanguage:
    """The way to the same page in the other language."""

    code: str
    name: str
    url: str


class LanguageMiddleware:
    """Speak the chosen language on the pages that are whole in it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            response = self.get_response(request)
        finally:
            translation.activate(settings.LANGUAGE_CODE)
        chosen = getattr(request, "language", None)
        if chosen is not None:
            patch_vary_headers(response, ("Cookie",))
            response["Content-Language"] = chosen
            if request.GET.get(PARAMETER) == chosen:
                _keep(response, chosen)
        return response

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Activate the chosen language when the view's address is declared whole in it."""
        if not getattr(view, "english", False):
            return
        chosen = language_of(request)
        request.language = chosen  # type: ignore[attr-defined]
        request.other_language = _other(request, chosen)  # type: ignore[attr-defined]
        translation.activate(chosen)


def language_of(request: HttpRequest) -> str:
    """Return the language asked for in the address, else the one chosen before, else Vietnamese."""
    for wanted in (request.GET.get(PARAMETER), request.COOKIES.get(COOKIE)):
        if wanted in dict(settings.LANGUAGES):
            return str(wanted)
    return settings.LANGUAGE_CODE


def _other(request: HttpRequest, chosen: str) -> OtherLanguage:
    code, name = next(pair for pair in settings.LANGUAGES if pair[0] != chosen)
    query = request.GET.copy()
    query[PARAMETER] = code
    return OtherLanguage(code, name, f"{request.path}?{query.urlencode()}")


def _keep(response: HttpResponse, chosen: str) -> None:
    response.set_cookie(
        COOKIE, chosen, max_age=KEPT_SECONDS, samesite="Lax", httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
