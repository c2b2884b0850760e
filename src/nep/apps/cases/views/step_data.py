"""What an open step asks for: its fields as they are typed, its forms as files."""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from nep.apps.cases import queries
from nep.apps.cases.forms import StepDataForm
from nep.apps.cases.services.step_forms import step_form
from nep.apps.cases.views._ground import page_of
from nep.apps.cases.views.papers import known
from nep.apps.organization.queries import who
from nep.foundation.files.kinds import CONTENT_TYPES
from nep.foundation.web import pages
from nep.foundation.web.acting import when
from nep.foundation.web.answers import file_answer


@require_POST
def step_fields(request: HttpRequest, case_id: int, run_id: int) -> HttpResponse:
    """Show the fields of a step again, those asked for under a condition as it now holds."""
    page = page_of(request, case_id)
    asks = queries.asks_of_run(actor=who(request), case_id=case_id, run_id=run_id)
    form = StepDataForm(request.POST, asks=asks, is_whole=False, files=request.FILES)
    context = {"case": page, "data_form": form}
    return pages.render(request, "cases/_step_data.html", context)


def step_file(request: HttpRequest, case_id: int, data_id: int, field_name: str) -> HttpResponse:
    """Give a file that was handed over with a step."""
    found = queries.step_file(actor=who(request), case_id=case_id, data_id=data_id, name=field_name)
    return file_answer(found)


def step_form_file(
    request: HttpRequest, case_id: int, run_id: int, document_id: int, ending: str
) -> HttpResponse:
    """Give a form of a step, filled from the case, as Word or PDF."""
    ending = known(ending)
    made = step_form(
        actor=who(request), case_id=case_id, run_id=run_id, document_id=document_id,
        ending=ending, now=when(request),
    )  # fmt: skip
    answer = HttpResponse(made.data, content_type=CONTENT_TYPES[ending])
    place = "inline" if ending == "pdf" else "attachment"
    answer["Content-Disposition"] = f"{place}; filename*=UTF-8''{quote(made.name)}"
    answer["Cache-Control"] = "private, no-store"
    return answer
