"""One's own account: second factor, recovery codes, sessions."""

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from nep.foundation.accounts import middleware as guard
from nep.foundation.accounts import queries, services
from nep.foundation.web.forms import CodeForm
from nep.foundation.web.pages import render
from nep.foundation.web.refusals import form_refused
from nep.foundation.web.views._sign_in import next_address
from nep.kernel.errors import Refusal


@never_cache
def account(request: HttpRequest) -> HttpResponse:
    """Show what guards the account and where it is open."""
    user_id = _user_id(request)
    row = queries.account_row(user_id, now=request.now)  # type: ignore[attr-defined]
    key = request.session.session_key or ""
    context = {
        "account": row,
        "password_changed_at": request.user.password_changed_at,  # type: ignore[union-attr]
        "recovery_left": queries.recovery_codes_left(user_id),
        "sessions": queries.sessions_of(user_id, current_key=key, now=request.now),
        "policy": queries.security_policy(),
    }
    return render(request, "web/account.html", context)


def _user_id(request: HttpRequest) -> int:
    return request.user.pk  # type: ignore[return-value]


@never_cache
def totp(request: HttpRequest) -> HttpResponse:
    """Enrol the second factor: a QR to scan, the first code to prove it."""
    user_id = _user_id(request)
    if queries.has_second_factor(user_id):
        return redirect("accounts:account")
    form = CodeForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                codes = services.second_factor_confirm(
                    user_id=user_id,
                    code=form.cleaned_data["code"],
                    now=request.now,  # type: ignore[attr-defined]
                )
            except Refusal as refusal:
                form_refused(form, refusal)
                status = refusal.status
            else:
                request.session[guard.MUST_ENROL] = False
                request.session[guard.CODE_PASSED] = True
                return _show_codes(request, codes)
    setup = services.second_factor_start(user_id=user_id)
    image = segno.make(setup.address, error="m").svg_inline(
        scale=1, border=0, omitsize=True, dark="#000"
    )
    context = {
        "form": form,
        "secret": " ".join(setup.secret[i : i + 4] for i in range(0, len(setup.secret), 4)),
        "qr": SafeString(image),
        "is_forced": request.session.get(guard.MUST_ENROL),
        "next": next_address(request),
    }
    return render(request, "web/totp.html", context, status=status)


def _show_codes(request: HttpRequest, codes: tuple[str, ...]) -> HttpResponse:
    return render(
        request, "web/recovery_codes.html", {"codes": codes, "next": next_address(request)}
    )


@require_POST
@never_cache
def recovery(request: HttpRequest) -> HttpResponse:
    """Make new recovery codes and show them once."""
    if not queries.has_second_factor(_user_id(request)):
        raise Refusal("totp_missing", _("Chưa bật mã hai lớp nên chưa có mã dự phòng."))
    codes = services.recovery_codes_renew(
        user_id=_user_id(request),
        now=request.now,  # type: ignore[attr-defined]
    )
    return _show_codes(request, codes)


@require_POST
def session_end(request: HttpRequest) -> HttpResponse:
    """End one of one's sessions."""
    services.session_end(
        user_id=_user_id(request),
        key=request.POST.get("key", ""),
        now=request.now,  # type: ignore[attr-defined]
    )
    return redirect("accounts:account")


@require_POST
def sessions_end(request: HttpRequest) -> HttpResponse:
    """End every session but this one."""
    services.sessions_end(
        user_id=_user_id(request),
        except_key=request.session.session_key or "",
        now=request.now,  # type: ignore[attr-defined]
    )
    return redirect("accounts:account")
