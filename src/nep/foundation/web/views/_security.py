"""The page of security values, for system administrators."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from nep.foundation.accounts import queries, services
from nep.foundation.web.forms import SettingForm
from nep.foundation.web.once import once
from nep.foundation.web.pages import render
from nep.foundation.web.refusals import form_refused
from nep.kernel.errors import Forbidden, Refusal


@once
def security(request: HttpRequest) -> HttpResponse:
    """Show every value with its source; change one."""
    if not request.user.is_system_admin:  # type: ignore[union-attr]
        raise Forbidden(
            "not_system_admin", _("Chỉ người quản trị hệ thống xem được thiết lập bảo mật.")
        )
    bad: SettingForm | None = None
    status = 200
    if request.method == "POST":
        bad = SettingForm(request.POST)
        status = 422
        if bad.is_valid():
            try:
                return _change(request, bad)
            except Refusal as refusal:
                form_refused(bad, Refusal(refusal.code, refusal.message, "", "value"))
                status = refusal.status
    rows = [(line, _form(line, bad)) for line in queries.security_lines()]
    changed = sum(line.value != line.shipped for line, _one in rows)
    context = {"rows": rows, "changed": changed}
    return render(request, "web/security.html", context, status=status)


def _form(line, bad: SettingForm | None) -> SettingForm:
    is_it = bad is not None and bad.data.get("key") == line.key
    return bad if is_it and bad is not None else SettingForm.of(line)


def _change(request: HttpRequest, form: SettingForm) -> HttpResponse:
    changed = services.setting_change(
        user_id=request.user.pk,  # type: ignore[arg-type]
        key=form.cleaned_data["key"],
        value=form.cleaned_data["value"],
        now=request.now,  # type: ignore[attr-defined]
    )
    if changed:
        messages.success(request, _("Đã lưu thiết lập."))
    return redirect("accounts:security")
