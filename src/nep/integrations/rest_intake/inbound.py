"""Cases sent over HTTP: authorised by the source's key, taken once, brought in by the worker.

Every refusal is JSON of one shape, `{"error": {"code", "message", "clause"}}`, like everywhere in the
product; what it means stands in `docs/admin/api.md` and in the description beside it.
"""

import json
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from nep.apps.cases.queries.messages import messages_sent
from nep.apps.cases.services.deliveries import (
    KeyRefused,
    QueueFull,
    Receipt,
    delivery_receipt,
    delivery_take,
    source_opened,
)
from nep.apps.cases.services.messages import message_take
from nep.foundation.web.refusals import as_json
from nep.integrations.rest_intake.description import description
from nep.kernel.errors import Refusal

KINDS = {
    "application/json": "json",
    "text/csv": "csv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/xml": "xes",
    "text/xml": "xes",
    "application/gzip": "xes.gz",
}
LONGEST_KEY = 200
WORDS = {"taken": "da-nhan", "kept": "cho-den-luot", "left": "khong-can-nua"}


class Unreadable(Refusal):
    """The request itself is not as the description says."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(code, message)
        self.status = status


def answered(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Wrap a view of the API: no session, no form key, every refusal as JSON of one shape."""

    @wraps(view)
    def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            answer = view(request, *args, **kwargs)
        except Refusal as refusal:
            answer = JsonResponse({"error": as_json(refusal)}, status=refusal.status)
            if isinstance(refusal, KeyRefused):
                answer["WWW-Authenticate"] = 'Bearer realm="nguon"'
            if isinstance(refusal, QueueFull):
                answer["Retry-After"] = str(refusal.retry_after)
        answer["Cache-Control"] = "no-store"
        return answer

    return csrf_exempt(asked)


@answered
def deliver(request: HttpRequest, key_id: str) -> HttpResponse:
    """Take records of cases (POST): 202 with a receipt, the same answer for the same key."""
    source_id = source_opened(key_id=key_id, secret=_secret(request))
    _only(request, "POST")
    kind = KINDS.get((request.content_type or "").lower())
    if kind is None:
        raise Unreadable(
            415, "content_type", f"Content-Type phải là một trong: {', '.join(KINDS)}."
        )
    key = _key(request)
    taken = delivery_take(
        source_id=source_id, now=request.now, name=f"gui-{request.now:%Y%m%d-%H%M%S}.{kind}",  # type: ignore[attr-defined]
        data=_body(request), idempotency_key=key,
    )  # fmt: skip
    where = reverse("rest_intake:receipt", args=[key_id, taken.receipt])
    content = {"receipt": taken.receipt, "rows": taken.rows, "url": where}
    answer = JsonResponse(content, status=202)
    answer["Location"] = where
    if not taken.is_new:
        answer["Idempotent-Replayed"] = "true"
    return answer


@answered
def messages(request: HttpRequest, key_id: str) -> HttpResponse:
    """Take a message for a case (POST), or give those that cases sent since `sau` (GET)."""
    source_id = source_opened(key_id=key_id, secret=_secret(request))
    if request.method in {"GET", "HEAD"}:
        return JsonResponse({"thong_diep": _sent(request, source_id)})
    _only(request, "POST")
    if (request.content_type or "").lower() != "application/json":
        raise Unreadable(415, "content_type", "Content-Type phải là application/json.")
    content = _object(_body(request))
    taken = message_take(
        source_id=source_id, now=request.now, case_code=_text(content, "ho_so"),  # type: ignore[attr-defined]
        name=_text(content, "thong_diep"), data=_fields(content),
        idempotency_key=_key(request),
    )  # fmt: skip
    words = {"id": str(taken.id), "ho_so": taken.case_code, "trang_thai": WORDS[taken.state]}
    answer = JsonResponse(words, status=200 if taken.state == "taken" else 202)
    if not taken.is_new:
        answer["Idempotent-Replayed"] = "true"
    return answer


def _sent(request: HttpRequest, source_id: int) -> list[dict[str, Any]]:
    after = request.GET.get("sau", "0")
    is_number = after.isascii() and after.isdecimal() and len(after) <= 19
    if not is_number or int(after) >= 2**63:
        raise Unreadable(400, "after", "“sau” phải là mã của thông điệp cuối đã nhận.")
    return [
        {
            "id": str(one.id), "ho_so": one.case_code, "thong_diep": one.name,
            "luc": one.at.isoformat(), "du_lieu": one.data,
        }
        for one in messages_sent(
            source_id=source_id, after=int(after), now=request.now  # type: ignore[attr-defined]
        )
    ]  # fmt: skip


def _object(data: bytes) -> dict[str, Any]:
    try:
        found = json.loads(data)
        # what JSON or UTF-8 cannot carry on is refused: NaN, infinity, half a character
        json.dumps(found, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError) as error:
        raise Unreadable(422, "json", "Nội dung không phải JSON đọc được.") from error
    if not isinstance(found, dict):
        raise Unreadable(422, "json", "Nội dung phải là một đối tượng JSON.")
    return found


def _text(content: dict[str, Any], name: str) -> str:
    found = content.get(name, "")
    if not isinstance(found, str):
        raise Unreadable(422, "json", f"“{name}” phải là chữ.")
    return found


def _fields(content: dict[str, Any]) -> dict[str, Any]:
    found = content.get("du_lieu", {})
    if not isinstance(found, dict):
        raise Unreadable(422, "json", "“du_lieu” phải là một đối tượng tên và giá trị.")
    return found


@answered
def receipt(request: HttpRequest, key_id: str, receipt: str) -> HttpResponse:
    """Say how far a delivery is, and its tally once it is in."""
    source_id = source_opened(key_id=key_id, secret=_secret(request))
    _only(request, "GET")
    return JsonResponse(_as_json(delivery_receipt(source_id=source_id, receipt=receipt)))


@answered
def describe(request: HttpRequest) -> HttpResponse:
    """Give the description of this interface (OpenAPI 3.1)."""
    _only(request, "GET")
    return JsonResponse(
        description(most_bytes=settings.NEP.max_upload_bytes),
        json_dumps_params={"ensure_ascii": False},
    )


def _key(request: HttpRequest) -> str:
    key = request.headers.get("Idempotency-Key", "").strip()
    if not key or len(key) > LONGEST_KEY:
        raise Unreadable(
            400, "idempotency_key", f"Cần đầu mục Idempotency-Key dài 1–{LONGEST_KEY} ký tự."
        )
    return key


def _secret(request: HttpRequest) -> str:
    kind, _, secret = request.headers.get("Authorization", "").partition(" ")
    return secret.strip() if kind.lower() == "bearer" else ""


def _only(request: HttpRequest, method: str) -> None:
    allowed = {method, "HEAD"} if method == "GET" else {method}
    if request.method not in allowed:
        raise Unreadable(405, "method", f"Địa chỉ này chỉ nhận {method}.")


def _body(request: HttpRequest) -> bytes:
    most = settings.NEP.max_upload_bytes
    data = request.read(most + 1)
    if len(data) > most:
        raise Unreadable(
            413, "body_too_large", f"Nội dung quá {most // 1_000_000} MB. Hãy chia nhỏ rồi gửi."
        )
    if not data:
        raise Unreadable(400, "body_empty", "Chưa có nội dung.")
    return data


def _as_json(taken: Receipt) -> dict[str, Any]:
    return {
        "receipt": taken.receipt,
        "state": taken.state,
        "rows": taken.rows,
        "rows_done": taken.rows_done,
        "received_at": _moment(taken.received_at),
        "finished_at": _moment(taken.finished_at),
        "report": taken.report,
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
