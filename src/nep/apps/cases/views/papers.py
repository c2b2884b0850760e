"""The legal papers of a case as files."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from nep.apps.cases import queries
from nep.apps.cases.rules.papers import file_name
from nep.apps.cases.services import papers
from nep.foundation.files.kinds import CONTENT_TYPES
from nep.kernel.errors import NotFound


def receipt_file(request: HttpRequest, case_id: int, ending: str) -> HttpResponse:
    """Give the receipt (Mẫu 01) as PDF or Word."""
    kind = _known(ending)
    data = queries.receipt_data(actor=request.actor, case_id=case_id)
    made = papers.receipt(
        actor=request.actor, case_id=case_id, address=settings.NEP.public_address, ending=kind
    )
    return _file(made, file_name(form="giay-hen", code=data.head.code, ending=ending), ending)


def supplement_file(request: HttpRequest, case_id: int, ending: str) -> HttpResponse:
    """Give a supplement request (Mẫu 02) as PDF or Word, the one numbered `so` or the latest."""
    asked = request.GET.get("so", "")
    number = int(asked) if asked.isdigit() and len(asked) < 9 else None
    kind = _known(ending)
    data = queries.supplement_data(actor=request.actor, case_id=case_id, number=number)
    made = papers.supplement(
        actor=request.actor, case_id=case_id, address=settings.NEP.public_address, ending=kind,
        number=number,
    )  # fmt: skip
    name = file_name(form="phieu-bo-sung", code=data.head.code, ending=ending)
    return _file(made, name, ending)


def slip_file(request: HttpRequest, case_id: int, ending: str) -> HttpResponse:
    """Give the control slip (Mẫu 06) as PDF or Word."""
    kind = _known(ending)
    data = queries.control_slip(actor=request.actor, case_id=case_id)
    made = papers.control_slip(actor=request.actor, case_id=case_id, now=request.now, ending=kind)
    name = file_name(form="phieu-kiem-soat", code=data.head.code, ending=ending)
    return _file(made, name, ending)


def _known(ending: str) -> papers.Ending:
    """Return the file ending asked for. Raises NotFound for any other than pdf and docx."""
    if ending == "pdf":
        return "pdf"
    if ending == "docx":
        return "docx"
    raise NotFound("no_such_form", "Giấy tờ này chỉ có dạng PDF và Word.")


def _file(data: bytes, name: str, ending: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=CONTENT_TYPES[ending])
    place = "inline" if ending == "pdf" else "attachment"
    answer["Content-Disposition"] = f'{place}; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer
