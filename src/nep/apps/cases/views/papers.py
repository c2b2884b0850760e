"""The legal papers of a case as files."""

from django.http import HttpRequest, HttpResponse

from nep.apps.cases.rules import form_fields
from nep.apps.cases.services import papers
from nep.apps.organization.queries import who
from nep.foundation.files.kinds import CONTENT_TYPES
from nep.foundation.web.acting import when
from nep.kernel.errors import NotFound


def receipt_file(request: HttpRequest, case_id: int, ending: str) -> HttpResponse:
    """Give the receipt (Mẫu 01) as PDF or Word."""
    return _case_paper(request, case_id, form_fields.RECEIPT, ending)


def supplement_file(request: HttpRequest, case_id: int, ending: str) -> HttpResponse:
    """Give a supplement request (Mẫu 02) as PDF or Word, the one numbered `so` or the latest."""
    asked = request.GET.get("so", "")
    number = int(asked) if asked.isdecimal() and len(asked) < 9 else None
    return _case_paper(request, case_id, form_fields.SUPPLEMENT, ending, number)


def refusal_file(request: HttpRequest, case_id: int, ending: str) -> HttpResponse:
    """Give the refusal (Mẫu 03) as PDF or Word."""
    return _case_paper(request, case_id, form_fields.REFUSAL, ending)


def apology_file(request: HttpRequest, case_id: int, ending: str) -> HttpResponse:
    """Give the apology with its later date (Mẫu 04) as PDF or Word."""
    return _case_paper(request, case_id, form_fields.APOLOGY, ending)


def stop_file(request: HttpRequest, case_id: int, ending: str) -> HttpResponse:
    """Give the notice that a case is stopped (Mẫu 05) as PDF or Word."""
    return _case_paper(request, case_id, form_fields.STOP, ending)


def slip_file(request: HttpRequest, case_id: int, ending: str) -> HttpResponse:
    """Give the control slip (Mẫu 06) as PDF or Word."""
    return _case_paper(request, case_id, form_fields.SLIP, ending)


def given_file(request: HttpRequest, given_id: int, ending: str) -> HttpResponse:
    """Give a paper of the book as it was given out."""
    made = papers.given_file(actor=who(request), given_id=given_id, ending=known(ending))
    return as_answer(made, ending)


def _case_paper(
    request: HttpRequest, case_id: int, form: str, ending: str, number: int | None = None
) -> HttpResponse:
    made = papers.case_paper(
        actor=who(request), now=when(request), case_id=case_id, form=form, ending=known(ending),
        number=number,
    )  # fmt: skip
    return as_answer(made, ending)


def known(ending: str) -> papers.Ending:
    """Return the file ending asked for. Raises NotFound for any other than pdf and docx."""
    if ending == "pdf":
        return "pdf"
    if ending == "docx":
        return "docx"
    raise NotFound("no_such_form", "Giấy tờ này chỉ có dạng PDF và Word.")


def as_answer(made: papers.PaperFile, ending: str) -> HttpResponse:
    """Answer with a paper, shown by the browser as PDF, saved as Word."""
    answer = HttpResponse(made.data, content_type=CONTENT_TYPES[ending])
    place = "inline" if ending == "pdf" else "attachment"
    answer["Content-Disposition"] = f'{place}; filename="{made.name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
