"""A model file: uploaded, judged on its drawing, taken over as a draft."""

import base64
import binascii
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from nep.apps.organization.rules import may
from nep.apps.procedures import queries, services
from nep.apps.procedures.forms import ProcedureForm
from nep.apps.procedures.rules.model_file import LARGEST, TOO_LARGE, Judgement, judged
from nep.foundation.web import pages
from nep.foundation.web.acting import did, done, status_of
from nep.foundation.web.once import once
from nep.kernel.decisions import Refused


def model_check(request: HttpRequest) -> HttpResponse:
    """Take a BPMN file and show what is wrong with it, on its drawing; nothing is stored."""
    upload = request.FILES.get("file") if request.method == "POST" else None
    if request.method != "POST":
        return pages.render(request, "procedures/model_check.html", {})
    if upload is None:
        context: dict[str, Any] = {"refusal": _("Hãy chọn tệp mô hình (.bpmn).")}
        return pages.render(request, "procedures/model_check.html", context, status=422)
    if (upload.size or 0) > LARGEST:
        context = {"refusal": TOO_LARGE.message}
        return pages.render(request, "procedures/model_check.html", context, status=422)
    return _answer(request, upload.name or "mo-hinh.bpmn", upload.read(), None)


@require_POST
@once
def model_import(request: HttpRequest) -> HttpResponse:
    """Make a draft of the model that was just judged."""
    name = request.POST.get("file_name", "")[:200] or "mo-hinh.bpmn"
    try:
        data = base64.b64decode(request.POST.get("model", ""), validate=True)
    except (binascii.Error, ValueError):
        data = b""
    form = _form(request)
    taken: list[services.ModelTaken] = []

    def act() -> None:
        found = form.cleaned_data
        taken.append(
            services.model_import(
                actor=request.actor,  # type: ignore[attr-defined]
                tthc_id=found["tthc"],
                file=name,
                data=data,
                code=found["code"],
                title=found["title"],
                variant=found["variant"],
                now=request.now,  # type: ignore[attr-defined]
            )
        )

    if not did(form, act):
        return _answer(request, name, data, form)
    text = _("Đã lập bản thảo từ mô hình.")
    if taken[0].kept:
        kept = ", ".join(taken[0].kept)
        text += " " + _("Giữ bên cạnh bảng: %(kept)s; xuất tệp thì có lại.") % {"kept": kept}
    return done(request, text, "procedures:revision", taken[0].begun.revision_id)


def _form(request: HttpRequest, *, fresh: bool = False) -> ProcedureForm:
    agency_id = request.actor.agency_id  # type: ignore[attr-defined]
    lines = queries.tthc_lines(agency_id=agency_id)
    choices = [(line.id, f"{line.code} {line.name}".strip()) for line in lines]
    return ProcedureForm(None if fresh else request.POST, choices=choices)


def _answer(
    request: HttpRequest, name: str, data: bytes, form: ProcedureForm | None
) -> HttpResponse:
    found = judged(data, file=name)
    if isinstance(found, Refused):
        context: dict[str, Any] = {"refusal": found.message}
        return pages.render(request, "procedures/model_check.html", context, status=422)
    is_importable = found.verdict["accepted"] and bool(may(request.actor, "procedure.draft"))  # type: ignore[attr-defined]
    context = _told(found) | {
        "form": (form or _form(request, fresh=True)) if is_importable else None,
        "model": base64.b64encode(data).decode() if is_importable else "",
    }
    return pages.render(request, "procedures/model_check.html", context, status=status_of(form))


def _told(found: Judgement) -> dict[str, Any]:
    drawing = found.drawing
    reasons = [
        {**reason, "place": place} for place, reason in enumerate(found.verdict["reasons"], 1)
    ]
    first = {reason["element"]: reason["place"] for reason in reversed(reasons)}
    for reason in reasons:
        reason["anchor"] = first.get(reason["element"], reason["place"])
        reason["is_drawn"] = f'id="hinh-{reason["anchor"]}"' in drawing
    return {
        "verdict": found.verdict,
        "reasons": reasons,
        "path": found.path,
        "drawing": mark_safe(drawing),  # noqa: S308
    }
