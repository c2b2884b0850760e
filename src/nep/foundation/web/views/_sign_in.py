"""Log-in, log-out, unlocking, and the password one must or wants to change."""

from datetime import timedelta

from django.conf import settings
from django.contrib import auth, messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from nep.foundation.accounts import middleware as guard
from nep.foundation.accounts import queries, services, unsent
from nep.foundation.web import hooks
from nep.foundation.web.forms import CodeForm, LoginForm, PasswordForm, UnlockForm
from nep.foundation.web.pages import render
from nep.foundation.web.refusals import form_refused
from nep.kernel.errors import Refusal

PENDING = "pending_sign_in"
PENDING_SECONDS = 300


def next_address(request: HttpRequest) -> str:
    """Return where to go afterwards: a path of ours, else the first page."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    fine = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if fine and wanted.startswith("/") else "/"


@never_cache
@sensitive_post_parameters("password")
def login(request: HttpRequest) -> HttpResponse:
    """Ask for name and password."""
    if hooks.setup_is_open():
        return redirect("web:setup")
    if request.user.is_authenticated:
        return redirect(next_address(request))
    form = LoginForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return _password_passed(request, form)
            except Refusal as refusal:
                form_refused(form, refusal)
                status = refusal.status
    context = {
        "form": form,
        "next": next_address(request),
        "is_demonstration": queries.has_demonstration(),
    }
    return render(request, "web/login.html", context, status=status)


def _password_passed(request: HttpRequest, form: LoginForm) -> HttpResponse:
    passed = services.sign_in_with_password(
        username=form.cleaned_data["username"],
        password=form.cleaned_data["password"],
        address=request.address,  # type: ignore[attr-defined]
        now=request.now,  # type: ignore[attr-defined]
    )
    target = next_address(request)
    if passed.needs_code:
        request.session.cycle_key()
        request.session[PENDING] = {
            "user": passed.user.pk,
            "at": request.now.timestamp(),  # type: ignore[attr-defined]
            "next": target,
        }
        return redirect("accounts:code")
    open_session(request, passed.user, must_enrol=passed.must_enrol)
    return _onward(request, target)


def _onward(request: HttpRequest, target: str) -> HttpResponse:
    """Go to the form that was sent into the last session, else where the person wanted to go."""
    return redirect("accounts:unsent" if unsent.take_up(request) else target)


@transaction.atomic
def open_session(
    request: HttpRequest, user, *, must_enrol: bool = False, code_passed: bool = False
) -> None:
    """Start the session of a person whose log-in is complete."""
    auth.login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    now = request.now  # type: ignore[attr-defined]
    request.session.pop(PENDING, None)
    request.session[guard.STARTED] = request.session[guard.SEEN] = now.timestamp()
    request.session[guard.CODE_PASSED] = code_passed
    request.session[guard.MUST_ENROL] = must_enrol
    request.session[guard.LOCKED] = False
    lasts = timedelta(hours=queries.security_policy().session_hours) + guard.REMEMBERED
    request.session.set_expiry(int(lasts.total_seconds()))
    services.session_open(
        user_id=user.pk,
        session_key=request.session.session_key or "",
        address=request.address,  # type: ignore[attr-defined]
        device=device_text(request.headers.get("User-Agent", "")),
        now=now,
    )


def device_text(agent: str) -> str:
    """Return a browser and system in plain words from the header browsers send."""
    browsers = (("Edg/", "Edge"), ("OPR/", "Opera"), ("coc_coc", "Cốc Cốc"), ("Firefox/", "Firefox"),
                ("Chrome/", "Chrome"), ("Safari/", "Safari"))  # fmt: skip
    systems = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"),
               ("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux"))  # fmt: skip
    browser = next((name for mark, name in browsers if mark in agent), "")
    system = next((name for mark, name in systems if mark in agent), "")
    return ", ".join(part for part in (browser, system) if part) or _("Thiết bị không rõ")


@never_cache
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the second factor; the password was right less than five minutes ago."""
    pending = request.session.get(PENDING)
    now = request.now  # type: ignore[attr-defined]
    if not pending or now.timestamp() - pending["at"] > PENDING_SECONDS:
        request.session.pop(PENDING, None)
        return redirect("accounts:login")
    form = CodeForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.sign_in_with_code(
                    user_id=pending["user"],
                    code=form.cleaned_data["code"],
                    address=request.address,  # type: ignore[attr-defined]
                    now=now,
                )
                user = auth.get_user_model().objects.get(pk=pending["user"], is_active=True)
                open_session(request, user, code_passed=True)
                return _onward(request, pending["next"])
            except Refusal as refusal:
                form_refused(form, refusal)
                status = refusal.status
    return render(request, "web/code.html", {"form": form}, status=status)


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """End the session."""
    services.session_sign_out(
        user_id=request.user.pk,  # type: ignore[arg-type]
        session_key=request.session.session_key or "",
        now=request.now,  # type: ignore[attr-defined]
    )
    auth.logout(request)
    messages.success(request, _("Đã đăng xuất."))
    return redirect("accounts:login")


@never_cache
@sensitive_post_parameters("password")
def unlock(request: HttpRequest) -> HttpResponse:
    """Ask for the password after the session was locked."""
    if not guard.is_locked(request):
        return redirect(next_address(request))
    form = UnlockForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                services.sign_in_with_password(
                    username=request.user.get_username(),
                    password=form.cleaned_data["password"],
                    address=request.address,  # type: ignore[attr-defined]
                    now=request.now,  # type: ignore[attr-defined]
                )
                with transaction.atomic():
                    request.session[guard.LOCKED] = False
                    guard.touch(request, always=True)
                    services.session_unlock(
                        user_id=request.user.pk,  # type: ignore[arg-type]
                        now=request.now,  # type: ignore[attr-defined]
                    )
                if unsent.waiting(request):
                    unsent.begin_to_expire(request)
                    return redirect("accounts:unsent")
                return redirect(next_address(request))
            except Refusal as refusal:
                form_refused(form, refusal)
                status = refusal.status
    context = {
        "form": form,
        "next": next_address(request),
        "is_kept": unsent.waiting(request) is not None,
        "minutes": guard.lock_minutes(request),
        "username": request.user.get_username(),
    }
    return render(request, "web/unlock.html", context, status=status)


@never_cache
@sensitive_post_parameters("old_password", "new_password", "again")
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; other sessions end."""
    form = PasswordForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _change(request, form)
                messages.success(request, _("Đã đổi mật khẩu. Các phiên khác đã kết thúc."))
                return redirect(resolve_url(next_address(request)))
            except Refusal as refusal:
                form_refused(form, refusal)
                status = refusal.status
    user_id = request.user.pk
    context = {
        "form": form,
        "next": next_address(request),
        "is_forced": guard.must_change_password(request),
        "is_first": request.user.must_change_password,  # type: ignore[union-attr]
        "policy": queries.security_policy(),
        "has_totp": queries.has_second_factor(user_id),  # type: ignore[arg-type]
    }
    return render(request, "web/password.html", context, status=status)


def _change(request: HttpRequest, form: PasswordForm) -> None:
    user = services.password_change(
        user_id=request.user.pk,  # type: ignore[arg-type]
        old_password=form.cleaned_data["old_password"],
        new_password=form.cleaned_data["new_password"],
        keep_session=request.session.session_key or "",
        now=request.now,  # type: ignore[attr-defined]
    )
    before = request.session.session_key or ""
    auth.update_session_auth_hash(request, user)
    request.session.save()
    services.session_moved(old_key=before, new_key=request.session.session_key or "")
