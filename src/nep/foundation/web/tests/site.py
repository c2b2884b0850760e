"""Addresses of the test site."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from nep.foundation.accounts.models import OldPassword
from nep.foundation.web.once import once
from nep.foundation.web.routes import PUBLIC, SIGNED_IN, route
from nep.kernel.errors import Conflict, Forbidden, NotFound, Refusal, TooMany

REFUSALS = {
    "403": Forbidden("khong_quyen", "Việc này của trưởng phòng."),
    "404": NotFound(),
    "409": Conflict("da_chuyen", "Vũ Hải Yến đã chuyển hồ sơ này lúc 10:20."),
    "422": Refusal("ngay_qua", "Ngày này đã qua.", "Điều 17 Nghị định 118/2025/NĐ-CP", "on"),
    "429": TooMany("qua_nhieu", "Đã hỏi quá nhiều lần."),
}


def refuse(request: HttpRequest, status: str) -> HttpResponse:
    raise REFUSALS[status]


def fault(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("bí mật bên trong")


@once
def write(request: HttpRequest) -> HttpResponse:
    """Write one row; refuse after writing when told to."""
    OldPassword.objects.create(user=request.user, password="x", kept_at=request.now)
    if request.POST.get("refuse"):
        raise Refusal("thieu", "Thiếu lý do.")
    if request.POST.get("invalid"):
        return HttpResponse("sửa lại", status=422)
    answer = HttpResponse(f"dòng {OldPassword.objects.count()}")
    answer["HX-Trigger"] = "xong"
    return answer


def plain(request: HttpRequest) -> HttpResponse:
    return HttpResponse("nội dung")


urlpatterns = [
    path("", include("nep.foundation.web.urls")),
    route("tu-choi/<str:status>/", refuse, name="refuse", permission=PUBLIC),
    route("loi/", fault, name="fault", permission=PUBLIC),
    route("ghi/", write, name="write", permission=SIGNED_IN),
    route("trang/", plain, name="plain", permission=SIGNED_IN),
]
handler400 = "nep.foundation.web.refusals.bad_request"
handler403 = "nep.foundation.web.refusals.forbidden"
handler404 = "nep.foundation.web.refusals.not_found"
handler500 = "nep.foundation.web.refusals.server_error"
