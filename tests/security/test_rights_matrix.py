"""Every address × every role: the answer is what the policy table says, and nothing else."""

import re
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.template.backends.django import Template

from nep.apps.organization.rules import PERMISSIONS, ROLE_NAMES
from nep.foundation.web import access
from nep.foundation.web.access import addresses
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
def opened_once(monkeypatch):
    """Carry out each address for the first who passes its gate; for who comes later the gate alone
    decides (every address for everybody with `NEP_TEST_WHOLE`)."""
    ask, opened = access.ask, set()

    def asked(request: HttpRequest, permission: str) -> HttpResponse | None:
        answer = ask(request, permission)
        if answer is not None or permission in SPECIAL or IS_WHOLE:
            return answer
        if request.path in opened:
            return HttpResponse(status=204)
        opened.add(request.path)
        return None

    monkeypatch.setattr(access, "ask", asked)


def test_each_role_opens_exactly_what_the_policy_table_gives_it(department, undrawn, opened_once):
    wrong = []
    for person in one_of_each(department["people"]):
        browser = world.signed_in(person["login"])
        for path, permission in guarded_addresses():
            if permission in SPECIAL:
                continue
            allowed = bool(PERMISSIONS[permission] & set(person["roles"]))
            status = browser.get(path, headers=AS_PROGRAM).status_code
            if allowed == (status == 403):
                wrong.append((person["login"], path, permission, status))
    assert wrong == []


def test_no_role_changes_a_row_through_an_address_it_may_not_use(department):
    wrong, asked = [], 0
    for person in one_of_each(department["people"]):
        browser = world.signed_in(person["login"])
        before = rows()
        for path, permission in guarded_addresses():
            if permission in SPECIAL or PERMISSIONS[permission] & set(person["roles"]):
                continue
            asked += 1
            answer = browser.post(path, SENT, headers=AS_PROGRAM)
            if answer.status_code not in {403, 404}:
                wrong.append((person["login"], path, permission, answer.status_code))
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
