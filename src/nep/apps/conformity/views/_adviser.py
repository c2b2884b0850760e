"""The formality adviser: what an agency's own people may look at again."""

from django.http import HttpRequest, HttpResponse

from nep.apps.conformity import queries
from nep.apps.organization.queries import who
from nep.foundation.web import pages
from nep.foundation.web.acting import today_of


def adviser(request: HttpRequest) -> HttpResponse:
    """Show what asks to be looked at again, each with its reason and its question."""
    page = queries.adviser_page(actor=who(request), today=today_of(request))
    return pages.render(request, "conformity/adviser.html", {"page": page})
