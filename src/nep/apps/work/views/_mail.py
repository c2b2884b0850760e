"""Letters as the administrator of the system sees them: the server, a trial, what did not go."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from nep.apps.organization import queries as organization
from nep.apps.work.forms import TrialForm
from nep.foundation.notify import queries as notify
from nep.foundation.notify import services as letters
from nep.foundation.web import hooks, pages
from nep.foundation.web.forms import SettingForm
from nep.foundation.web.once import once
from nep.foundation.web.refusals import form_refused
from nep.kernel.errors import Forbidden, NotFound, Refusal
from nep.kernel.text import whole_number

_SECURITY = {"starttls": "STARTTLS", "tls": "TLS", "none": _("không mã hóa")}


@once
def mail(request: HttpRequest) -> HttpResponse:
    """Show how letters leave; send a trial, send again, put aside, change a value."""
    if not request.user.is_system_admin:  # type: ignore[union-attr]
        raise Forbidden(
            "not_system_admin", _("Chỉ người quản trị hệ thống xem được trang thư báo.")
        )
    if request.method != "POST":
        return _page(request)
    act = _ACTS.get(request.POST.get("act", ""))
    if act is None:
        raise NotFound()
    return act(request)


def _page(
    request: HttpRequest,
    *,
    trial: TrialForm | None = None,
    changed: SettingForm | None = None,
    result: tuple[str, str] = ("", ""),
    status: int = 200,
) -> HttpResponse:
    now = request.now  # type: ignore[attr-defined]
    failed, waiting = notify.letters_to_look_at(), notify.letters_waiting()
    names = organization.person_names(line.person_id for line in (*failed, *waiting))
    context = {
        "tally": notify.tally(since=now - timedelta(days=1)),
        "failed": [(line, names.get(line.person_id, "")) for line in failed],
        "waiting": [(line, names.get(line.person_id, "")) for line in waiting],
        "server": settings.NEP,
        "security": _SECURITY[settings.NEP.mail_security],
        "folder": settings.EMAIL_FILE_PATH,
        "trial": trial or TrialForm(),
        "result": result,
        "rows": [(line, _setting(line, changed)) for line in notify.value_lines()],
    }
    return pages.render(request, "work/mail.html", context, status=status)


def _setting(line: Any, changed: SettingForm | None) -> SettingForm:
    if changed is not None and changed.data.get("key") == line.key:
        return changed
    return SettingForm.of(line)


def _facts(request: HttpRequest) -> dict[str, Any]:
    return {"user_id": request.user.pk, "now": request.now}  # type: ignore[attr-defined]


def _try(request: HttpRequest) -> HttpResponse:
    """Send a trial letter and say what came of it, on the same page."""
    form = TrialForm(request.POST)
    if not form.is_valid():
        return _page(request, trial=form, status=422)
    address = form.cleaned_data["address"]
    fault = letters.letter_try(address=address, **_facts(request))
    if fault:
        return _page(request, trial=form, result=("bad", fault))
    if settings.NEP.mail_host:
        text = _("Máy chủ thư đã nhận thư thử gửi đến %s. Hãy xem hộp thư ấy, cả mục thư rác.")
    else:
        text = _("Thư thử gửi đến %s đã ghi vào thư mục, chưa gửi ra ngoài.")
    return _page(request, trial=form, result=("good", text % address))


def _resend(request: HttpRequest) -> HttpResponse:
    letters.letter_resend(letter_id=_letter(request), **_facts(request))
    messages.success(request, _("Thư sẽ được gửi lại trong vòng một phút."))
    return redirect("work:mail")


def _seen(request: HttpRequest) -> HttpResponse:
    letters.letter_seen(letter_id=_letter(request), **_facts(request))
    messages.success(request, _("Đã cất thư khỏi danh sách cần xem."))
    return redirect("work:mail")


def _letter(request: HttpRequest) -> int:
    letter_id = whole_number(request.POST.get("letter", ""))
    if not letter_id:
        raise NotFound("letter_gone", _("Thư này không còn."))
    return letter_id


def _change(request: HttpRequest) -> HttpResponse:
    form = SettingForm(request.POST)
    if form.is_valid():
        try:
            letters.value_change(**form.cleaned_data, **_facts(request))
        except Refusal as refusal:
            form_refused(form, Refusal(refusal.code, refusal.message, "", "value"))
        else:
            messages.success(request, _("Đã lưu thiết lập."))
            return redirect("work:mail")
    return _page(request, changed=form, status=422)


_ACTS: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "trial": _try, "resend": _resend, "seen": _seen, "value": _change,
}  # fmt: skip


def _warning() -> hooks.Alert | None:
    """Tell the administrator on every page that letters do not leave."""
    count = notify.letters_held_up()
    if not count:
        return None
    return hooks.Alert(
        _("%d thư chưa gửi được hoặc không rõ đã gửi.") % count, "work:mail", _("Xem thư báo")
    )


hooks.connect_warning(_warning)
