"""A repeated post answers as the first did.

The key of a form (`{% idempotency %}`) and the action's own rows are written in one transaction:
either both stand or neither does, also when the process dies between them. A second post with the
same key waits for the first (unique key) and gets its answer.
"""

import functools
import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from nep.foundation.web.models import Submission

FIELD = "_once"
KEPT_HEADERS = ("Location", "Content-Type", "HX-Trigger", "HX-Redirect", "HX-Retarget", "HX-Reswap")
LONGEST_BODY = 200_000
KEEP = timedelta(days=2)
View = Callable[..., HttpResponse]


def once(view: View) -> View:
    """Wrap a view so that a POST whose key was answered before does nothing again.

    A refusal (4xx, raised or rendered) is not kept: the person corrects the form and sends the
    same key again. A POST without a key runs as it is.
    """

    @functools.wraps(view)
    def answered_once(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        token = request.POST.get(FIELD, "") if request.method == "POST" else ""
        if not token:
            return view(request, *args, **kwargs)
        key = _key(request, token)
        if kept := _kept_answer(key):
            return kept
        try:
            return _first(view, request, key, *args, **kwargs)
        except _AlreadyThere:
            return _kept_answer(key) or HttpResponse(status=409)

    return answered_once


class _AlreadyThere(Exception):
    """Another request with the same key came first."""


def _key(request: HttpRequest, token: str) -> str:
    text = f"{request.user.pk}\x1f{request.path}\x1f{token}"
    return hashlib.sha256(text.encode()).hexdigest()


def _first(view: View, request: HttpRequest, key: str, *args, **kwargs) -> HttpResponse:
    with transaction.atomic():
        row = Submission(
            key=key,
            user_id=request.user.pk,
            path=request.path[:300],
            at=request.now,  # type: ignore[attr-defined]
        )
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as error:
            raise _AlreadyThere from error
        response = view(request, *args, **kwargs)
        if response.status_code >= 400 or response.streaming:
            row.delete()
            return response
        row.status = response.status_code
        row.headers = {name: response[name] for name in KEPT_HEADERS if name in response}
        row.body = response.content.decode("utf-8", "replace")[:LONGEST_BODY]
        row.save(update_fields=["status", "headers", "body"])
        return response


def _kept_answer(key: str) -> HttpResponse | None:
    row = Submission.objects.filter(key=key, status__gt=0).first()
    if row is None:
        return None
    response = HttpResponse(row.body, status=row.status)
    for name, value in row.headers.items():
        response[name] = value
    response["X-Nep-Repeated"] = "1"
    return response


def submissions_forget(*, now: datetime) -> int:
    """Remove keys older than two days; return how many."""
    return Submission.objects.filter(at__lt=now - KEEP).delete()[0]
