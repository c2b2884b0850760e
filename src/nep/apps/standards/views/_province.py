"""What the administrator of the province writes."""

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from nep.apps.organization.queries import who
from nep.apps.standards import services
from nep.apps.standards.forms import GuidanceForm, LabelForm, ReasonForm
from nep.apps.standards.views._tree import render_tree
from nep.foundation.web.acting import did, when
from nep.foundation.web.once import once


@once
def guidance_record(request: HttpRequest) -> HttpResponse:
    """Record a text of the Ministry."""
    if request.method != "POST":
        return redirect("standards:tree")
    form = GuidanceForm(request.POST)
    if did(form, lambda: services.guidance_record(actor=who(request), now=when(request),
                                                  **form.cleaned_data)):  # fmt: skip
        messages.success(request, _("Đã ghi nhận văn bản hướng dẫn; bản này công bố được."))
        return redirect("standards:tree")
    return render_tree(request, guidance=form)


@once
def guidance_withdraw(request: HttpRequest, guidance_id: int) -> HttpResponse:
    """Take a recorded text out again."""
    if request.method != "POST":
        return redirect("standards:tree")
    form = ReasonForm(request.POST)
    if did(form, lambda: services.guidance_withdraw(
            actor=who(request), guidance_id=guidance_id, now=when(request),
            **form.cleaned_data)):  # fmt: skip
        messages.success(request, _("Đã rút văn bản hướng dẫn."))
    else:
        messages.error(request, _("Ghi lý do rút văn bản."))
    return redirect("standards:tree")


@once
def label_set(request: HttpRequest) -> HttpResponse:
    """Set a title that is not official."""
    if request.method != "POST":
        return redirect("standards:tree")
    form = LabelForm(request.POST)
    if did(form, lambda: services.label_set(actor=who(request), now=when(request),
                                            **form.cleaned_data)):  # fmt: skip
        messages.success(request, _("Đã đặt tiêu đề."))
        place = {"ban": form.cleaned_data["edition"]}
        return redirect(f"{reverse('standards:tree')}?{urlencode(place)}"
                        f"#d-{form.cleaned_data['number']}")  # fmt: skip
    return render_tree(request, label=form)
