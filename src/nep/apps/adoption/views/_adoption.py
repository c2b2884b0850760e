"""One adoption: the drift of its model, and what the agency answers."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nep.apps.adoption import queries, rules, services
from nep.apps.adoption.forms import ReasonForm
from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.apps.procedures.rules.differences import KIND_WORDS
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, when
from nep.foundation.web.once import once


def adoption(request: HttpRequest, adoption_id: int) -> HttpResponse:
    """Show how the agency stands to a model: what changed in it, what was answered."""
    return _page(request, adoption_id)


def _page(
    request: HttpRequest,
    adoption_id: int,
    *,
    decline_form: ReasonForm | None = None,
    leave_form: ReasonForm | None = None,
) -> HttpResponse:
    actor = who(request)
    page = queries.adoption_page(actor=actor, adoption_id=adoption_id)
    may_answer = bool(may(actor, "model.adopt")) and not page.has_left
    waits = page.state in {rules.DRIFTED, rules.DECLINED} and not page.model.is_withdrawn
    context = {
        "page": page,
        "model": page.model,
        "heading": _headline(page),
        "drift": [(KIND_WORDS[one.kind], one) for one in page.drift],
        "may_answer": may_answer,
        "may_accept": may_answer and waits,
        "may_renew": may_answer and any(one.has_newer for one in page.forms),
        "may_decline": (
            may_answer
            and page.state == rules.DRIFTED
            and not page.model.is_withdrawn
            and page.number < page.model.number
        ),
        "decline_form": decline_form or ReasonForm(auto_id="giu_%s"),
        "leave_form": leave_form or ReasonForm(auto_id="thoi_%s"),
    }
    status = status_of(decline_form, leave_form)
    return pages.render(request, "adoption/adoption.html", context, status=status)


def _headline(page: queries.AdoptionPage) -> str:
    if page.has_left:
        return _("Cơ quan đã thôi theo mẫu này")
    if page.model.is_withdrawn:
        return _("Mẫu đã thu hồi, quy trình của cơ quan vẫn giữ nguyên")
    if page.state == rules.DRIFTED and page.number == page.model.number:
        return _("Bản thảo theo mẫu đã bỏ, hãy làm lại hoặc thôi theo mẫu")
    if page.state == rules.DRIFTED:
        return _("Mẫu có bản %(n)s, cơ quan đang theo bản %(own)s") % {
            "n": page.model.number, "own": page.number,
        }  # fmt: skip
    if page.state == rules.DECLINED:
        return _("Cơ quan giữ bản %(own)s, đã ghi lý do không nhận bản %(n)s") % {
            "n": page.model.number, "own": page.number,
        }  # fmt: skip
    if page.state == rules.DRAFTING:
        return _("Đang làm bản thảo theo bản %(n)s của mẫu") % {"n": page.number}
    return _("Cơ quan đang theo bản hiện hành của mẫu")


@require_POST
@once
def accept(request: HttpRequest, adoption_id: int) -> HttpResponse:
    """Take the newest edition over as a draft."""
    revision_id = services.drift_accept(
        actor=who(request), adoption_id=adoption_id, now=when(request)
    )
    text = _("Đã mở bản thảo theo bản mới, phần riêng của cơ quan được giữ.")
    return done(request, text, "procedures:revision", revision_id)


@require_POST
@once
def decline(request: HttpRequest, adoption_id: int) -> HttpResponse:
    """Keep the edition followed so far, with the reason."""
    form = ReasonForm(request.POST, auto_id="giu_%s")
    queries.adoption_page(actor=who(request), adoption_id=adoption_id)
    if did(form, lambda: services.drift_decline(
        actor=who(request), adoption_id=adoption_id, reason=form.cleaned_data["reason"],
        now=when(request),
    )):  # fmt: skip
        text = _("Đã ghi lý do, nơi công bố mẫu đọc được.")
        return done(request, text, "adoption:adoption", adoption_id)
    return _page(request, adoption_id, decline_form=form)


@require_POST
@once
def renew_forms(request: HttpRequest, adoption_id: int) -> HttpResponse:
    """Draft anew the forms whose file the publisher has changed."""
    renewed = services.forms_renew(actor=who(request), adoption_id=adoption_id, now=when(request))
    text = _("Đã mở bản thảo của %(n)s biểu mẫu theo tệp mới của mẫu.") % {"n": renewed}
    return done(request, text, "adoption:adoption", adoption_id)


@require_POST
@once
def leave(request: HttpRequest, adoption_id: int) -> HttpResponse:
    """Follow the model no more."""
    form = ReasonForm(request.POST, auto_id="thoi_%s")
    queries.adoption_page(actor=who(request), adoption_id=adoption_id)
    if did(form, lambda: services.adoption_leave(
        actor=who(request), adoption_id=adoption_id, reason=form.cleaned_data["reason"],
        now=when(request),
    )):  # fmt: skip
        return done(request, _("Đã thôi theo mẫu."), "adoption:adoption", adoption_id)
    return _page(request, adoption_id, leave_form=form)
