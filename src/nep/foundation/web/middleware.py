"""What every request carries, and where refusals become pages."""

import logging
import time
import uuid
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse

from nep.foundation.accounts.middleware import FETCH_HEADER
from nep.foundation.web.refusals import answer_refusal
from nep.kernel.errors import Refusal
from nep.kernel.vietnamese import VN

log = logging.getLogger("nep.request")
GO_HEADER = "X-Nep-Location"


class RequestFactsMiddleware:
    """Read the clock once per request and write one log line with the time it took."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.now = datetime.now(VN)  # type: ignore[attr-defined]
        request.request_id = uuid.uuid4().hex[:12]  # type: ignore[attr-defined]
        request.actor = None  # type: ignore[attr-defined]
        started = time.perf_counter()
        response = self.get_response(request)
        path = getattr(request, "log_path", request.path)  # a view may keep a secret from the log
        spent = (time.perf_counter() - started) * 1000
        response["Server-Timing"] = f"app;dur={spent:.1f}"
        if not request.path.startswith(("/static/", "/healthz", "/readyz")):
            log.info(
                "%s %s %s %.0f ms", request.method, path, response.status_code, spent,
                extra={
                    "request_id": request.request_id,  # type: ignore[attr-defined]
                    "path": path,
                    "status": response.status_code,
                    "ms": round(spent, 1),
                },
            )  # fmt: skip
        return response


class OddSignsMiddleware:
    """Answer 404 to an address with a NUL in it: no page has one, and no database can keep it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path or "%00" in request.META.get("QUERY_STRING", ""):
            raise Http404
        return self.get_response(request)


class FetchedMiddleware:
    """Tell the script that sent a form with files where to go on, instead of taking it there.

    So it keeps the page, with every chosen file, until the form is done.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.headers.get(FETCH_HEADER) and response.has_header("Location"):
            response.status_code = 204
            response[GO_HEADER] = response["Location"]
            del response["Location"]
        return response


class RefusalMiddleware:
    """Turn a refusal raised anywhere below into a page, a fragment or JSON."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer refusals; every other error stays an error."""
        return answer_refusal(request, error) if isinstance(error, Refusal) else None
