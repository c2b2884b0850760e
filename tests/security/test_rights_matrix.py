"""Every address × every role: the answer is what the policy table says, and nothing else."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.template.backends.django import Template
from django.urls import resolve

from nep.apps.organization.rules import PERMISSIONS, ROLE_NAMES
from nep.foundation.web import access
from nep.foundation.web.access import addresses
from nep.kernel.errors import Forbidden
from tests import world
from tests.security.test_other_agency import AS_PROGRAM
from tests.standing import kept
from tests.whole import IS_WHOLE

pytestmark = pytest.mark.django_db
ARGUMENT = re.compile(r"<(?:(\w+):)?\w+>")
SAMPLES = {
    "int": "1", "str": "x", "slug": "x", "uuid": "00000000-0000-0000-0000-000000000000",
    "path": "x", "ending": "pdf", "own_ending": "pdf", None: "x",
}  # fmt: skip
SPECIAL = {"public", "signed_in"}
SENT = {"name": "Tên ghi trộm", "reason": "Lý do ghi trộm", "code": "TROM", "version": "1"}


def guarded_addresses() -> list[tuple[str, str]]:
    """Return (path with sample arguments, permission) of every address of the product."""
    found = []
    for place, pattern in addresses():
        permission = getattr(pattern.callback, "permission", None)
        if permission is not None:
            filled = ARGUMENT.sub(lambda match: SAMPLES[match.group(1)], place)
            found.append(("/" + filled, permission))
    return found


def test_every_permission_that_an_address_names_is_in_the_policy_table():
    named = {permission for _, permission in guarded_addresses()} - SPECIAL
    assert named <= set(PERMISSIONS)
    assert len(guarded_addresses()) > 30


def test_a_stranger_is_led_to_the_log_in_page_by_every_guarded_address(client):
    open_ones = []
    for path, permission in guarded_addresses():
        for method in (client.get, client.post):
            answer = method(path)
            led = answer.status_code == 302 and "/dang-nhap/" in answer["Location"]
            if permission != "public" and not led:
                open_ones.append((path, answer.status_code))
    assert open_ones == []


def build_department() -> dict[str, Any]:
    """The demonstration's department with one person of each role."""
    agency = world.agency_facts(world.DEPARTMENT)
    held = {role for person in agency["people"] for role in person["roles"]}
    for role in sorted(set(ROLE_NAMES) - held):
        agency["people"].append(
            {"login": f"thu.{role.replace('_', '')}", "name": f"Người {role}", "unit": "VP",
             "position": ROLE_NAMES[role], "roles": [role]}
        )  # fmt: skip
    world.build(agency, procedures=False)
    return agency


department = kept(build_department)


def rows() -> dict[str, int]:
    """Return how many rows each table holds, open sessions left out."""
    return {
        model._meta.label: model._base_manager.count()
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and model is not Session
    }


def one_of_each(people: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the first person with each set of roles: the policy table knows nothing else."""
    return list({frozenset(person["roles"]): person for person in reversed(people)}.values())


@pytest.fixture
def undrawn(monkeypatch):
    """Leave the pages empty: a verdict is given before one is drawn, and drawing takes long."""
    monkeypatch.setattr(Template, "render", lambda self, context=None, request=None: "")


@pytest.fixture
def gate(monkeypatch) -> Callable[[HttpRequest, str], int]:
    """Return what tells how the gate of an address answers a request; its view is left out."""
    ask, asks_alone = access.ask, False
    views: dict[str, Callable[..., HttpResponse]] = {}

    def asked(request: HttpRequest, permission: str) -> HttpResponse | None:
        answer = ask(request, permission)
        return HttpResponse(status=204) if asks_alone and answer is None else answer

    def verdict(request: HttpRequest, path: str) -> int:
        nonlocal asks_alone
        view = views.get(path) or views.setdefault(path, resolve(path).func)
        asks_alone = True
        try:
            return view(request).status_code
        except Forbidden as refusal:
            return refusal.status
        finally:
            asks_alone = False

    monkeypatch.setattr(access, "ask", asked)
    return verdict


class Caller:
    """A person before the addresses: who is the first to be let in by one, or to be turned away,
    asks as a browser does; whoever comes later asks its gate (everybody the server with
    `NEP_TEST_WHOLE`)."""

    def __init__(self, person: dict[str, Any], gate: Callable[[HttpRequest, str], int]) -> None:
        self.browser, self._gate = world.signed_in(person["login"]), gate
        self._roles = set(person["roles"])
        self._request = self.browser.get("/khong-co-trang-nay/").wsgi_request

    def is_allowed(self, permission: str) -> bool:
        """Say what the policy table says."""
        return bool(PERMISSIONS[permission] & self._roles)

    def status(
        self, method: str, path: str, permission: str, answered: set[tuple[str, bool]], **sent: str
    ) -> int:
        """Return the status of the answer; `answered` holds what was asked of the server before."""
        turn = path, self.is_allowed(permission)
        if turn in answered and not IS_WHOLE:
            return self._gate(self._request, path)
        answered.add(turn)
        return getattr(self.browser, method)(path, sent, headers=AS_PROGRAM).status_code


def test_each_role_opens_exactly_what_the_policy_table_gives_it(department, undrawn, gate):
    wrong, answered = [], set()
    for person in one_of_each(department["people"]):
        caller = Caller(person, gate)
        for path, permission in guarded_addresses():
            if permission in SPECIAL:
                continue
            status = caller.status("get", path, permission, answered)
            if caller.is_allowed(permission) == (status == 403):
                wrong.append((person["login"], path, permission, status))
    assert wrong == []


def test_no_role_changes_a_row_through_an_address_it_may_not_use(department, gate):
    wrong, answered, asked = [], set(), 0
    for person in one_of_each(department["people"]):
        caller = Caller(person, gate)
        before = rows()
        for path, permission in guarded_addresses():
            if permission in SPECIAL or caller.is_allowed(permission):
                continue
            asked += 1
            status = caller.status("post", path, permission, answered, **SENT)
            if status not in {403, 404}:
                wrong.append((person["login"], path, permission, status))
        after = rows()
        changed = {name for name in after if after[name] != before[name]}
        if changed:
            wrong.append((person["login"], changed))
    assert wrong == []
    assert asked > 300


def test_a_forbidden_post_says_so_on_a_page(department):
    wrong = []
    browser = world.signed_in(world.login_with(department, "viewer"))
    for path, permission in guarded_addresses():
        if permission in SPECIAL or "viewer" in PERMISSIONS[permission]:
            continue
        answer = browser.post(path)
        if answer.status_code != 403 or "không gồm quyền" not in answer.content.decode():
            wrong.append((path, answer.status_code))
    assert wrong == []
