"""The buttons of a revision's life: submit, check, publish, return, drop, next revision."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nep.apps.procedures import queries, services
from nep.apps.procedures.forms import PublishForm, ReviseForm
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of
from nep.foundation.web.once import once
from nep.kernel.errors import Refusal
from nep.kernel.text import whole_number
from nep.kernel.vietnamese import date_text


def _number(text: str | None) -> int | None:
    return whole_number(text or "") or None


def _seen(request: HttpRequest) -> str:
    return request.POST.get("content_hash", "")


@require_POST
@once
def submit(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Send the draft to its checker."""
    services.revision_submit(
        actor=request.actor,  # type: ignore[attr-defined]
        revision_id=revision_id,
        checker_id=_number(request.POST.get("person")),
        member_ids=[int(one) for one in request.POST.getlist("member") if _number(one)],
        now=request.now,  # type: ignore[attr-defined]
    )
    return done(request, _("Đã gửi kiểm tra."), "procedures:revision", revision_id)


@require_POST
@once
def confirm(request: HttpRequest, revision_id: int) -> HttpResponse:
    """State that the revision was checked."""
    services.revision_confirm(
        actor=request.actor,  # type: ignore[attr-defined]
        revision_id=revision_id,
        content_hash=_seen(request),
        approver_id=_number(request.POST.get("person")),
        now=request.now,  # type: ignore[attr-defined]
    )
    return done(
        request, _("Đã kiểm tra xong, trình phê duyệt."), "procedures:revision", revision_id
    )


@require_POST
@once
def publish(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Approve the revision and bring it into force on its day."""
    form = PublishForm(request.POST)
    if not form.is_valid():
        raise _unreadable(form)
    at_once = services.revision_publish(
        actor=request.actor,  # type: ignore[attr-defined]
        revision_id=revision_id,
        content_hash=_seen(request),
        effective_from=form.cleaned_data["effective_from"],
        decision_number=form.cleaned_data["decision_number"],
        now=request.now,  # type: ignore[attr-defined]
    )
    effects = queries.effects_of_publishing(
        agency_id=request.actor.agency_id,  # type: ignore[attr-defined]
        revision_id=revision_id,
        today=today_of(request),
    )
    day = date_text(form.cleaned_data["effective_from"])
    text = _("Đã ban hành.") if at_once else _("Đã phê duyệt, có hiệu lực từ %s.") % day
    if effects.before:
        text = f"{text} {effects.headline}."
    return done(request, text, "procedures:revision", revision_id)


def _unreadable(form: PublishForm) -> Refusal:
    """Return what is wrong with the day in force, or with the number of the decision."""
    typed = form.data.get("effective_from", "").strip()
    if "effective_from" not in form.errors:
        text = _("Số quyết định ban hành dài quá 120 chữ. Hãy ghi ngắn lại.")
        return Refusal("decision_long", text, field="decision_number")
    text = _("Hãy ghi ngày hiệu lực dạng dd/mm/yyyy.")
    if typed:
        text = _("Không có ngày “%(typed)s”. %(how)s") % {"typed": typed[:40], "how": text}
    return Refusal("effective_unreadable", text, field="effective_from")


@require_POST
@once
def give_back(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Send the revision back to its author with the reason."""
    _act_with_reason(request, revision_id, services.revision_return)
    return done(request, _("Đã trả lại người soạn."), "procedures:revision", revision_id)


@require_POST
@once
def recall(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Take one's own submission back to the draft, with the reason."""
    _act_with_reason(request, revision_id, services.revision_recall)
    return done(request, _("Đã rút lại, bản thảo sửa được."), "procedures:revision", revision_id)


@require_POST
@once
def drop(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Drop a revision that was never approved."""
    _act_with_reason(request, revision_id, services.revision_drop)
    return done(request, _("Đã bỏ bản thảo."), "procedures:list")


def _act_with_reason(request: HttpRequest, revision_id: int, act: Callable[..., None]) -> None:
    act(
        actor=request.actor,  # type: ignore[attr-defined]
        revision_id=revision_id,
        reason=request.POST.get("reason", ""),
        now=request.now,  # type: ignore[attr-defined]
    )


@once
def procedure_revise(request: HttpRequest, procedure_id: int) -> HttpResponse:
    """Begin the next revision from the one in force. Raises NotFound."""
    queries.best_revision(
        procedure_id=procedure_id,
        agency_id=request.actor.agency_id,  # type: ignore[attr-defined]
    )
    form = ReviseForm(request.POST or None)
    made: list[int] = []

    def act() -> None:
        made.append(
            services.procedure_revise(
                actor=request.actor,  # type: ignore[attr-defined]
                procedure_id=procedure_id,
                is_new_issue=form.cleaned_data["kind"] == "issue",
                change_note=form.cleaned_data["change_note"],
                now=request.now,  # type: ignore[attr-defined]
            )
        )

    if request.method == "POST" and did(form, act):
        return done(request, _("Đã mở bản thảo."), "procedures:revision", made[0])
    context = {"form": form, "procedure_id": procedure_id}
    return pages.render(request, "procedures/revise.html", context, status=status_of(form))
