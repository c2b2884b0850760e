"""The one place where ports meet adapters and where parts that may not know each other are tied."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from nep.apps.cases import ports as cases
from nep.apps.cases.queries import searching
from nep.apps.legal import ports as legal
from nep.apps.organization import queries as organization
from nep.apps.organization import rules
from nep.apps.records.ports import register_leaver_group
from nep.apps.work import ports as work
from nep.apps.workcal import queries as workcal
from nep.config.setup import first_setup
from nep.config.tasks import LEAVERS_WORK, Worklist
from nep.demonstration.progress import read_progress
from nep.foundation.web import access, hooks
from nep.integrations.event_log.adapter import XesReader
from nep.integrations.portal_records.adapter import PortalReader
from nep.integrations.watched_folder import inbound as _watched_folder  # noqa: F401  # its round
from nep.kernel.vietnamese import local

SESSION_AGENCY = "agency_id"
CHANGED, CHANGED_SECONDS = "nep_changed", 3  # what is remembered is looked at every two
access.connect_gate(rules.may)  # type: ignore[arg-type]  # the gate sees only actors
hooks.connect_first_setup(first_setup, is_done=organization.agency_exists, kinds=rules.KIND_NAMES)


def _long_work() -> str:
    """Say how far the demonstration is, while it is being built."""
    progress = read_progress()
    return "" if progress is None or progress.finished else progress.text


hooks.connect_long_work(_long_work)
work.set_calendar_source(workcal.calendar_for)
work.register_finder("case", searching.open_case_ids)
cases.connect_readers((XesReader(), PortalReader()))
legal.connect_tasks(Worklist())
register_leaver_group(LEAVERS_WORK)


class OwnChangesMiddleware:
    """Let people see at once what they changed, whichever process answers them.

    What is remembered of organization and calendar may be two seconds old. Who changed some of it
    carries a cookie for as long, which has the next process look for a newer edition first.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if CHANGED in request.COOKIES:
            organization.look_again()
            workcal.look_again()
        before = organization.changes() + workcal.changes()
        response = self.get_response(request)
        if organization.changes() + workcal.changes() != before:
            response.set_cookie(
                CHANGED, "1", max_age=CHANGED_SECONDS, samesite="Lax", httponly=True,
                secure=settings.SESSION_COOKIE_SECURE,
            )  # fmt: skip
        return response


class ActorMiddleware:
    """Give each signed-in request its actor: the person, the agency chosen, the hats worn today."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, *_asked: Any) -> None:
        """Give the view the actor itself: a page asks it some hundred times. What is open to
        everybody, health among it, asks no session for that."""
        if getattr(view, "permission", "public") != "public":
            request.actor = _actor(request)  # type: ignore[attr-defined]


def _actor(request: HttpRequest) -> rules.Actor | None:
    if not request.user.is_authenticated:
        return None
    return organization.actor_for(
        user_id=request.user.pk,
        agency_id=request.session.get(SESSION_AGENCY),
        today=local(request.now).date(),  # type: ignore[attr-defined]
    )
