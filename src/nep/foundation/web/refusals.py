"""One place that turns a refusal or a fault into a page, a fragment or JSON of one shape."""

import logging
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import DisallowedHost, ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import loader
from django.utils.translation import gettext as _

from nep.foundation.web import pages
from nep.kernel.errors import Refusal

log = logging.getLogger("nep.refusal")


@dataclass(frozen=True, slots=True)
class Words:
    """The title of a status and what to do next."""

    title: str
    next_step: str


def answer_refusal(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Answer a refusal in the form the caller reads."""
    log.info("refused %s: %s", request.path, refusal.code)
    if pages.wants_json(request):
        return JsonResponse({"error": as_json(refusal)}, status=refusal.status)
    if getattr(request, "htmx", False):
        return _fragment(request, refusal)
    return error_page(
        request,
        status=refusal.status,
        message=_(refusal.message) if refusal.message else "",
        clause=refusal.clause,
        details=getattr(refusal, "details", ()),
    )


def as_json(refusal: Refusal) -> dict[str, str]:
    """Return a refusal as programs read it."""
    found = {"code": refusal.code, "message": refusal.message, "clause": refusal.clause}
    return {**found, "field": refusal.field} if refusal.field else found


def _fragment(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Answer htmx: the sentence goes to the form that asked, or to the top of the page."""
    response = pages.render(
        request, "web/error.html#refusal", {"refusal": refusal}, status=refusal.status
    )
    response["X-Nep-Refusal"] = refusal.code
    response["HX-Retarget"] = "#tu-choi"
    response["HX-Reswap"] = "innerHTML show:top"
    return response


def words_of(status: int) -> Words:
    """Return the title and the next step of a status."""
    known = {
        400: (_("Yêu cầu này không đọc được"), _("Quay lại trang trước và làm lại từ đầu.")),
        403: (
            _("Việc này không thuộc quyền của bạn"),
            _("Nếu công việc cần đến, hãy nhờ quản trị cơ quan giao vai trò."),
        ),
        404: (
            _("Không có nội dung này"),
            _("Địa chỉ có thể đã đổi, hoặc nội dung thuộc cơ quan khác."),
        ),
        409: (
            _("Nội dung này vừa đổi"),
            _("Mở lại trang để xem thay đổi ấy, rồi làm tiếp nếu còn cần."),
        ),
        422: (_("Chưa làm được việc này"), _("Quay lại, sửa theo câu trên rồi gửi lại.")),
        429: (_("Hỏi quá nhiều lần"), _("Chờ vài phút rồi thử lại.")),
        500: (_("Máy chủ gặp lỗi"), _("Lỗi đã được ghi lại. Hãy thử lại sau vài phút.")),
    }
    return Words(*known.get(status, known[400]))


def error_page(
    request: HttpRequest,
    *,
    status: int,
    message: str = "",
    clause: str = "",
    details: tuple[str, ...] = (),
    title: str = "",
) -> HttpResponse:
    """Answer with a full page that says what happened, why, and what to do next."""
    if pages.wants_json(request):
        error = {"code": f"http_{status}", "message": message, "clause": clause}
        return JsonResponse({"error": error}, status=status)
    words = words_of(status)
    is_public = getattr(request, "other_language", None) is not None
    is_member = bool(getattr(request, "actor", None)) and not is_public
    context: dict[str, Any] = {
        "base": "web/page.html" if is_member else "web/public.html",
        "status": status,
        "title": title or words.title,
        "message": message,
        "clause": clause,
        "details": details,
        "next_step": words.next_step,
        "back": back_address(request),
        "home": f"/{request.path.split('/')[1]}/" if is_public else "/",
        "typed": typed_text(request),
    }
    return pages.render(request, "web/error.html", context, status=status)


def back_address(request: HttpRequest) -> str:
    """Return the path of the page the person came from, when it is one of ours."""
    found = urlsplit(request.headers.get("Referer", ""))
    try:
        is_ours = found.netloc == request.get_host()
    except DisallowedHost:  # no page of ours is under that name
        return ""
    if not is_ours or not found.path:
        return ""
    return f"{found.path}?{found.query}" if found.query else found.path


def typed_text(request: HttpRequest) -> tuple[str, ...]:
    """Return the sentences of a refused post, so that nobody has to write them again."""
    if request.method != "POST":
        return ()
    secret = ("csrf", "_", "next", "password", "again", "code", "old_password", "new_password")
    return tuple(
        value
        for name, values in request.POST.lists()
        if not name.startswith(secret)
        for value in values
        if " " in value.strip()
    )


def form_refused(form: BaseForm, refusal: Refusal) -> None:
    """Put a refusal at its field, or above the form, so that the page keeps the typed text."""
    name = refusal.field if refusal.field in form.fields else None
    text = refusal.message
    if refusal.clause:
        text = f"{text} ({refusal.clause})"
    form.add_error(name, ValidationError(text, code=refusal.code))


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer what cannot be read, or asks for a name under which nothing is served."""
    message = ""
    if isinstance(exception, DisallowedHost):
        message = _(
            "Máy chủ này không phục vụ dưới tên trong địa chỉ vừa mở. Hãy dùng địa chỉ cơ quan đã "
            "thông báo; người quản trị hệ thống thêm tên mới ở thiết lập NEP_HOSTS."
        )
    return error_page(request, status=400, message=message)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer what is not permitted."""
    return error_page(request, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer an address that leads nowhere."""
    return error_page(request, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a fault without asking the database or the session."""
    if pages.wants_json(request):
        words = words_of(500)
        error = {"code": "server_error", "message": f"{words.title}. {words.next_step}"}
        return JsonResponse({"error": {**error, "clause": ""}}, status=500)
    number = getattr(request, "request_id", "")
    text = loader.get_template("web/500.html").render({"number": number})
    return HttpResponse(text, status=500)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose secret does not match: an old page, or another site."""
    return error_page(
        request,
        status=403,
        title=_("Biểu mẫu này đã cũ"),
        message=_(
            "Trang được mở trước lần đăng nhập mới nhất, hoặc trình duyệt đang chặn cookie. "
            "Quay lại, tải lại trang rồi gửi lần nữa."
        ),
    )
