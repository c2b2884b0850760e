"""Pages of erasing by rule: the rules, a preview, a proposal, its decision, what was done."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from nep.apps.cases.forms.citizens import ErasureAskForm, ErasureDecideForm
from nep.apps.cases.queries import blackening as words
from nep.apps.cases.queries import erasure as queries
from nep.apps.cases.rules.erasure import ended_before
from nep.apps.cases.services import blackening as marking
from nep.apps.cases.services import erasure as services
from nep.apps.cases.views._ground import is_fragment
from nep.apps.organization.queries import who
from nep.foundation.web import pages
from nep.foundation.web.acting import when
from nep.foundation.web.once import once
from nep.foundation.web.refusals import form_refused
from nep.kernel.errors import NotFound, Refusal
from nep.kernel.text import whole_number
from nep.kernel.vietnamese import local


def erasures(request: HttpRequest) -> HttpResponse:
    """Show the rules of erasing and the runs of the agency."""
    lines = queries.run_lines(actor=who(request))
    open_rules = {line.label for line in lines if line.state in {"asked", "running"}}
    context = {
        "rules": list(queries.erasure_rules().values()),
        "lines": lines,
        "open_rules": open_rules,
    }
    return pages.render(request, "cases/erasures.html", context)


@once
def erasure_rule(request: HttpRequest, rule: str) -> HttpResponse:
    """Show what a rule would erase today; propose it."""
    found = queries.erasure_rules().get(rule)
    if found is None:
        raise NotFound("rule_unknown", "Không có quy tắc xóa này.")
    actor, now = who(request), when(request)
    people = services.erasure_approvers(actor.agency_id, now)
    asked = request.GET.get("thang", "")
    months = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 5 else found.months
    months = min(max(months, found.least), found.most)
    form = ErasureAskForm(
        request.POST or None,
        initial={"months": months},
        approvers=[(one.id, one.name) for one in people if one.id != actor.person_id],
    )
    if request.method == "POST" and form.is_valid():
        try:
            run_id = services.erasure_ask(
                actor=actor, now=now, rule=rule, months=form.cleaned_data["months"],
                approver_id=form.cleaned_data["approver"], reason=form.cleaned_data["reason"],
            )  # fmt: skip
        except Refusal as refusal:
            if refusal.status != Refusal.status:
                raise
            form_refused(form, refusal)
        else:
            messages.success(request, _("Đã gửi đề nghị để duyệt."))
            return redirect("cases:erasure", run_id)
    preview = queries.erasure_preview(
        agency_id=actor.agency_id, rule=found, before=ended_before(now, months=months),
        today=local(now).date(),
    )  # fmt: skip
    context = {"rule": found, "form": form, "preview": preview, "months": months}
    status = 422 if form.is_bound and form.errors else 200
    return pages.render(request, "cases/erasure_rule.html", context, status=status)


@once
def erasure(request: HttpRequest, erasure_id: int) -> HttpResponse:
    """Show one run; approve or refuse it."""
    form = ErasureDecideForm(request.POST or None)
    page = queries.run_page(actor=who(request), run_id=erasure_id, now=when(request))
    if request.method == "POST" and form.is_valid():
        approves = request.POST.get("viec") == "duyet"
        try:
            services.erasure_decide(
                actor=who(request), now=when(request), run_id=erasure_id, approves=approves,
                words=form.cleaned_data["words"],
            )  # fmt: skip
        except Refusal as refusal:
            if refusal.status != Refusal.status:
                raise
            form_refused(form, refusal)
        else:
            said = _("Đã duyệt. Máy bắt đầu xóa.") if approves else _("Đã trả lại đề nghị.")
            messages.success(request, said)
            return redirect("cases:erasure", erasure_id)
    if is_fragment(request) and request.GET.get("phan") == "tien-do":
        if page.line.state != "running":
            return HttpResponse(headers={"HX-Refresh": "true"})
        return pages.render(request, "cases/erasure.html#progress", {"page": page})
    status = 422 if form.is_bound and form.errors else 200
    return pages.render(request, "cases/erasure.html", {"page": page, "form": form}, status=status)


@once
def erasure_words(request: HttpRequest, erasure_id: int) -> HttpResponse:
    """Show the two people who decide what officers wrote; mark what goes, keep, take back."""
    actor = who(request)
    after = whole_number(request.GET.get("sau", "")) or 0
    error = ""
    if request.method == "POST":
        try:
            said = _marked(request, erasure_id)
        except Refusal as refusal:
            if refusal.status != Refusal.status:
                raise
            error = refusal.message
        else:
            messages.success(request, said)
            here = reverse("cases:erasure_words", args=[erasure_id])
            return redirect(f"{here}?sau={after}" if after else here)
    page = words.words_page(actor=actor, run_id=erasure_id, after=after)
    context = {
        "page": page, "error": error, "typed": request.POST.get("piece", ""),
        "typed_case": whole_number(request.POST.get("case", "")) or 0, "after": after,
    }  # fmt: skip
    return pages.render(request, "cases/erasure_words.html", context, status=422 if error else 200)


def _marked(request: HttpRequest, run_id: int) -> str:
    """Do what was pressed; return what to say."""
    actor, now = who(request), when(request)
    if mark_id := whole_number(request.POST.get("mark", "")):
        marking.words_unmark(actor=actor, now=now, run_id=run_id, mark_id=mark_id)
        return _("Đã bỏ dấu.")
    keeps = request.POST.get("viec") == "giu"
    marking.words_mark(
        actor=actor, now=now, run_id=run_id, keeps=keeps,
        case_id=whole_number(request.POST.get("case", "")) or 0,
        piece=request.POST.get("piece", ""),
    )  # fmt: skip
    return _("Đã giữ lại đoạn này.") if keeps else _("Đã đánh dấu, sẽ xóa cùng đề nghị này.")
