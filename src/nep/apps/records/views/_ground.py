"""What the views of records share."""

from django.http import HttpRequest

from nep.apps.organization import queries as organization
from nep.apps.organization.queries import who
from nep.apps.records.services import Ending
from nep.foundation.web.acting import today_of
from nep.kernel.errors import NotFound
from nep.kernel.text import whole_number


def chosen_ids(request: HttpRequest, name: str = "file") -> tuple[int, ...]:
    """Return the ids checked in a list."""
    return tuple(key for value in request.POST.getlist(name) if (key := whole_number(value)))


def paper_ending(ending: str) -> Ending:
    """Return the ending asked for. Raises NotFound for any other than pdf and docx."""
    if ending == "pdf":
        return "pdf"
    if ending == "docx":
        return "docx"
    raise NotFound("no_such_form", "Biên bản này chỉ có dạng PDF và Word.")


def people_choices(request: HttpRequest, *, without: int = 0) -> list[tuple[int, str]]:
    """Return (id, name with unit) of everybody who holds a role in the agency today."""
    people = organization.people_for(agency_id=who(request).agency_id, today=today_of(request))
    return [
        (one.id, ", ".join(filter(None, (one.name, one.position or one.unit))))
        for one in people
        if one.id != without
    ]
