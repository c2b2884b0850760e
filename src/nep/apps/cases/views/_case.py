"""The page of one case, its explanations, its slip and its papers."""

from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse

from nep.apps.cases import queries, services
from nep.apps.cases.forms import (
    CorrectionDoneForm,
    CorrectionForm,
    EndForm,
    ExtendForm,
    JointAskForm,
    LinkForm,
    PaperForm,
    PauseForm,
    ReasonForm,
    RefusalForm,
    ResumeForm,
    StepDataForm,
    StepForm,
    SupplementForm,
)
from nep.apps.cases.services.papers import slip_sheet
from nep.apps.cases.views._given import unprinted
from nep.apps.cases.views._ground import back_to, calendar, is_fragment
from nep.apps.organization.queries import who
from nep.foundation.files import queries as files
from nep.foundation.printing import paper_data
from nep.foundation.web import pages, slots
from nep.foundation.web.acting import when
from nep.foundation.web.once import once
from nep.kernel.errors import NotFound, Refusal


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
    start = {"version": page.version}
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
        "supplement_form": SupplementForm(initial=start),
        "pause_form": PauseForm(initial=start),
        "resume_form": ResumeForm(
            initial=start, papers=[(one.id, one.name) for one in page.missing_papers]
        ),
        "end_form": EndForm(initial=start),
        "refusal_form": RefusalForm(initial=start, auto_id="tc_%s"),
        "joint_form": JointAskForm(auto_id="lt_%s"),
        "extend_form": ExtendForm(initial=start, auto_id="gh_%s"),
        "recall_form": ReasonForm(initial=start, auto_id="th_%s"),
        "urgent_form": ReasonForm(initial=start, auto_id="kh_%s"),
        "stop_form": ReasonForm(initial=start, auto_id="ds_%s"),
        "link_form": LinkForm(auto_id="nh_%s"),
        "correction_form": CorrectionForm(auto_id="dc_%s"),
        "correction_done_form": CorrectionDoneForm(auto_id="dx_%s"),
        "paper_form": PaperForm(),
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
    form = PaperForm(request.POST, request.FILES)
    if request.method != "POST" or not form.is_valid():
        raise NotFound()
    upload = form.cleaned_data["file"]
    services.paper_add(
        actor=who(request), now=when(request), case_id=case_id, name=form.cleaned_data["name"],
        upload=(upload.name, upload.read()) if upload else None,
    )  # fmt: skip
    return back_to(request, case_id, "Đã thêm giấy tờ vào hồ sơ.")


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
