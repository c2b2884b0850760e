"""One model: what it says, adopting it, its further editions, its withdrawal."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nep.apps.adoption import queries, rules, services
from nep.apps.adoption.forms import EditionForm, ReasonForm
from nep.apps.organization.queries import who
from nep.apps.organization.rules import may
from nep.apps.procedures import queries as procedures
from nep.apps.procedures.rules.differences import differences, time_said
from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.wording import OUTSIDE, limit_text
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of, today_of, when
from nep.foundation.web.once import once


def model(request: HttpRequest, model_id: int) -> HttpResponse:
    """Show a model: its steps, what it leaves open, how the agency stands to it."""
    return _page(request, model_id)


def steps_of(draft: Draft, roles: dict[str, str]) -> list[dict[str, Any]]:
    """Return the steps of a content as the pages here show them."""
    return [
        {
            "number": number, "name": step.name, "note": step.note,
            "role": roles.get(step.role, step.role.removeprefix(OUTSIDE)),
            "time": time_said(step), "forms": step.forms,
        }
        for number, step in enumerate(draft.table.steps, start=1)
    ]  # fmt: skip


def _page(
    request: HttpRequest,
    model_id: int,
    *,
    edition_form: EditionForm | None = None,
    reason_form: ReasonForm | None = None,
) -> HttpResponse:
    actor = who(request)
    page = queries.model_page(actor=actor, model_id=model_id)
    facts = page.facts
    is_mine = facts.agency_id == actor.agency_id and bool(may(actor, "model.publish"))
    may_adopt = (
        bool(may(actor, "model.adopt"))
        and page.adoption_id is None
        and facts.source_agency_id != actor.agency_id
        and not facts.is_withdrawn
    )
    context: dict[str, Any] = {
        "page": page,
        "model": facts,
        "steps": steps_of(page.draft, dict(page.roles)),
        "limit": limit_text(page.draft.limit_amount, page.draft.limit_unit),
        "open_words": rules.open_words(facts.openness),
        "is_mine": is_mine,
        "may_adopt": may_adopt,
    }
    if may_adopt:
        context["role_lines"] = queries.role_lines(
            actor=actor, draft=page.draft, words=page.roles, today=today_of(request)
        )
        context["options"] = procedures.role_options(
            agency_id=actor.agency_id, today=today_of(request)
        )
    if is_mine and not facts.is_withdrawn:
        context |= _publishing(request, page)
        context["edition_form"] = edition_form or EditionForm()
        context["reason_form"] = reason_form or ReasonForm(auto_id="thu_%s")
    status = status_of(edition_form, reason_form)
    return pages.render(request, "adoption/model.html", context, status=status)


def _publishing(request: HttpRequest, page: queries.ModelPage) -> dict[str, Any]:
    """Return who follows the model, and what its source has changed since."""
    facts = page.facts
    found: dict[str, Any] = {
        "adopters": queries.adopters(actor=who(request), model_id=facts.id), "newer": (),
    }  # fmt: skip
    newer = queries.followed_newer(
        model_id=facts.id, procedure_id=facts.procedure_id,
        source_agency_id=facts.source_agency_id,
    )  # fmt: skip
    if newer is not None:
        draft = procedures.version_draft(revision_id=newer, agency_id=facts.source_agency_id)
        words = {**page.roles, **queries.model_words(facts, draft)}
        found["newer"] = differences(page.draft, rules.for_adopters(draft), roles=words)
        found["has_newer"] = True
    return found


@require_POST
@once
def adopt(request: HttpRequest, model_id: int) -> HttpResponse:
    """Make the agency's own draft from the model, with the roles that were chosen."""
    actor = who(request)
    page = queries.model_page(actor=actor, model_id=model_id)
    keys = list(rules.role_keys(page.draft))
    roles = {
        key: request.POST[f"vai{place}"]
        for place, key in enumerate(keys)
        if f"vai{place}" in request.POST
    }
    made = services.model_adopt(actor=actor, model_id=model_id, roles=roles, now=when(request))
    text = _("Đã áp dụng mẫu, bản thảo của cơ quan đây.")
    if made.unmapped:
        text = _("Đã áp dụng mẫu. Còn vai trò chưa rõ là ai, chọn ở bảng soát dưới đây.")
    return done(request, text, "procedures:revision", made.revision_id)


@require_POST
@once
def edition(request: HttpRequest, model_id: int) -> HttpResponse:
    """Publish what the source has in force now to everybody who follows the model."""
    form = EditionForm(request.POST)
    queries.model_facts(actor=who(request), model_id=model_id)
    if did(form, lambda: services.edition_publish(
        actor=who(request), model_id=model_id, note=form.cleaned_data["note"], now=when(request)
    )):  # fmt: skip
        text = _("Đã công bố bản mới. Nơi áp dụng nhận việc trả lời trong ít phút.")
        return done(request, text, "adoption:model", model_id)
    return _page(request, model_id, edition_form=form)


@require_POST
@once
def withdraw(request: HttpRequest, model_id: int) -> HttpResponse:
    """Hold a model out no more."""
    form = ReasonForm(request.POST, auto_id="thu_%s")
    queries.model_facts(actor=who(request), model_id=model_id)
    if did(form, lambda: services.model_withdraw(
        actor=who(request), model_id=model_id, reason=form.cleaned_data["reason"],
        now=when(request),
    )):  # fmt: skip
        return done(request, _("Đã thu hồi mẫu."), "adoption:oversight")
    return _page(request, model_id, reason_form=form)
