"""The page of one case, its explanations, its slip and its papers."""

from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from nep.apps.cases import queries, services
from nep.apps.cases.forms import (
    CorrectionDoneForm,
    JointAskForm,
    PaperForm,
    StepDataForm,
    StepForm,
)
from nep.apps.cases.services.papers import slip_sheet
from nep.apps.cases.views._acted import Told, acted
from nep.apps.cases.views._given import unprinted
from nep.apps.cases.views._ground import calendar, is_fragment
from nep.apps.organization.queries import who
from nep.foundation.files import queries as files
from nep.foundation.printing import paper_data
from nep.foundation.web import pages, slots
from nep.foundation.web.acting import when
from nep.foundation.web.once import once
from nep.kernel.errors import Refusal

_PAPER = Told(_l("Thêm giấy tờ"), _l("Thêm vào hồ sơ"))


def case(request: HttpRequest, case_id: int) -> HttpResponse:
    """Show a case: who holds it, both clocks, its steps, what comes next."""
    return show(request, case_id)


def show(
    request: HttpRequest,
    case_id: int,
    *,
    status: int = 200,
    form: StepForm | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    """Answer with the case's page; a refused form keeps what was typed."""
    found = queries.case_view(
        actor=who(request), case_id=case_id, now=when(request), calendar=calendar(request)
    )
    page, running, papers = found.page, found.running, found.papers
    data_form = None
    if found.asks is not None:
        typed = request.POST if form is not None else None
        data_form = StepDataForm(
            typed,
            asks=found.asks,
            is_whole=refusal is not None and refusal.code == "step_data",
            refusal=refusal,
            files=request.FILES if form is not None else None,
        )
    context = {
        "asks": found.asks,
        "data_form": data_form,
        "data_lines": found.data,
        "record_lines": found.records,
        "case": page,
        "action": found.action,
        "running": running,
        "waiting": found.waiting,
        **_asked_rows(request, found.action),
        "form": form or StepForm(),
        "slip": found.slip,
        "given": papers,
        "unprinted": unprinted(page, papers, is_extended=running.extension is not None),
        "cards": slots.collect("case.side", request=request, case=page),
        "joint_form": JointAskForm(auto_id="lt_%s") if running.joint_agency else None,
        "correction_done_form": CorrectionDoneForm(auto_id="dx_%s")
        if running.corrections
        else None,
    }
    return pages.render(request, "cases/case.html", context, status=status)


def _asked_rows(request: HttpRequest, action: queries.NextAction | None) -> dict[str, Any]:
    """Return the list of whom the next step may ask, with what was ticked and typed."""
    if action is None or not action.asks:
        return {}
    chosen = set(request.POST.getlist("hoi"))
    return {
        "asked_post": request.POST,
        "asked_rows": [
            {
                "value": value, "text": text, "is_on": value in chosen,
                "due": request.POST.get(f"han-{value}", ""),
            }
            for value, text in action.asked_choices
        ],
    }  # fmt: skip


def step_explanation(request: HttpRequest, case_id: int, item_id: int) -> HttpResponse:
    """Explain a step's due date, as a pop-over or as a page."""
    found = queries.step_account(
        actor=who(request), case_id=case_id, item_id=item_id, now=when(request),
        calendar=calendar(request),
    )  # fmt: skip
    return _explained(request, case_id, found)


def result_explanation(request: HttpRequest, case_id: int) -> HttpResponse:
    """Explain the date promised to the applicant."""
    found = queries.result_account(actor=who(request), case_id=case_id, calendar=calendar(request))
    return _explained(request, case_id, found)


def _explained(request: HttpRequest, case_id: int, account: queries.Account) -> HttpResponse:
    context = {"account": account, "case_id": case_id}
    part = "#pop" if is_fragment(request) else ""
    return pages.render(request, f"cases/account.html{part}", context)


def slip(request: HttpRequest, case_id: int) -> HttpResponse:
    """Show the control slip as the edition in force prints it, for reading and printing."""
    actor = who(request)
    sheet = slip_sheet(actor=actor, case_id=case_id, now=when(request))
    context = {
        "slip": queries.control_slip(actor=actor, case_id=case_id),
        "paper": paper_data(sheet),
        "case_id": case_id,
    }
    return pages.render(request, "cases/slip.html", context)


@once
def paper_add(request: HttpRequest, case_id: int) -> HttpResponse:
    """Add a paper to the case."""

    def act(values: dict[str, Any]) -> str:
        upload = values["file"]
        services.paper_add(
            actor=who(request), now=when(request), case_id=case_id, name=values["name"],
            upload=(upload.name, upload.read()) if upload else None,
        )  # fmt: skip
        return _("Đã thêm giấy tờ vào hồ sơ.")

    form = PaperForm(request.POST or None, request.FILES or None)
    return acted(request, case_id, form, act, _PAPER)


def paper_file(request: HttpRequest, case_id: int, paper_id: int) -> HttpResponse:
    """Give the file of a paper."""
    return as_file(queries.paper_file(actor=who(request), case_id=case_id, paper_id=paper_id))


def as_file(file_id: int) -> HttpResponse:
    """Answer with a stored file, saved under its own name."""
    facts = files.facts(file_id)
    answer = HttpResponse(files.read(file_id), content_type=facts.content_type)
    name = facts.name.replace('"', "")
    answer.headers["Content-Disposition"] = _disposition(name)
    answer["Cache-Control"] = "private, no-store"
    return answer


def _disposition(name: str) -> str:
    """Return the header that saves a file under its own name, marks included."""
    plain = name.encode("ascii", "ignore").decode() or "tep"
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"
