"""The first page, and the first run while no agency exists."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from nep.foundation.web import hooks, navigation, pages
from nep.foundation.web.forms import SetupForm
from nep.foundation.web.refusals import form_refused
from nep.kernel.errors import NotFound, Refusal


def home(request: HttpRequest) -> HttpResponse:
    """Lead to the person's first place of the menu, to the log-in, or to the first run."""
    if hooks.setup_is_open():
        return redirect("web:setup")
    if not request.user.is_authenticated:
        return redirect("accounts:login")
    groups = navigation.groups_for(request) if getattr(request, "actor", None) else ()
    links = [link for group in groups for link in group.links]
    return redirect(links[0].url if links else "accounts:account")


@never_cache
@sensitive_post_parameters("password", "again")
def setup(request: HttpRequest) -> HttpResponse:
    """Found the first agency with its office hours and its first administrator.

    Raises NotFound once an agency exists.
    """
    service = hooks.first_setup()
    if service is None or not hooks.setup_is_open():
        raise NotFound("setup_done", _("Hệ thống đã được cài đặt. Hãy đăng nhập."))
    form = SetupForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                service(**form.values(), now=request.now)  # type: ignore[attr-defined]
            except Refusal as refusal:
                form_refused(form, _at_own_field(refusal))
                status = refusal.status
            else:
                messages.success(request, _("Đã lập cơ quan. Đăng nhập bằng tài khoản vừa tạo."))
                return redirect("accounts:login")
    return pages.render(request, "web/setup.html", {"form": form}, status=status)


def _at_own_field(refusal: Refusal) -> Refusal:
    """Point a refusal of the password at this form's field."""
    name = "password" if refusal.field == "new_password" else refusal.field
    return Refusal(refusal.code, refusal.message, refusal.clause, name)
