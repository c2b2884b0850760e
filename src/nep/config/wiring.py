"""The one place where ports meet adapters and where parts that may not know each other are tied."""

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from nep.apps.organization import queries as organization
from nep.apps.organization import rules
from nep.foundation.web import access
from nep.kernel.vietnamese import local

SESSION_AGENCY = "agency_id"
access.connect_gate(rules.may)


class ActorMiddleware:
    """Give each signed-in request its actor: the person, the agency chosen, the hats worn today."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def _actor(request: HttpRequest) -> rules.Actor | None:
    if not request.user.is_authenticated:
        return None
    return organization.actor_for(
        user_id=request.user.pk,
        agency_id=request.session.get(SESSION_AGENCY),
        today=local(request.now).date(),  # type: ignore[attr-defined]
    )
