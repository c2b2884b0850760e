"""Every address × every role: the answer is what the policy table says, and nothing else."""

import re

import pytest

from nep.apps.organization.rules import PERMISSIONS, ROLE_NAMES
from nep.foundation.web.access import addresses
from tests import world

pytestmark = pytest.mark.django_db
ARGUMENT = re.compile(r"<(?:(\w+):)?\w+>")
SAMPLES = {
    "int": "1", "str": "x", "slug": "x", "uuid": "00000000-0000-0000-0000-000000000000",
    "path": "x", "ending": "pdf", None: "x",
}  # fmt: skip
SPECIAL = {"public", "signed_in"}


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


@pytest.fixture
def department():
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


def test_each_role_opens_exactly_what_the_policy_table_gives_it(department):
    wrong = []
    for person in department["people"]:
        browser = world.signed_in(person["login"])
        for path, permission in guarded_addresses():
            if permission in SPECIAL:
                continue
            allowed = bool(PERMISSIONS[permission] & set(person["roles"]))
            status = browser.get(path).status_code
            if allowed == (status == 403):
                wrong.append((person["login"], path, permission, status))
    assert wrong == []


def test_a_forbidden_post_changes_nothing_and_says_so(department):
    wrong = []
    browser = world.signed_in(world.login_with(department, "viewer"))
    for path, permission in guarded_addresses():
        if permission in SPECIAL or "viewer" in PERMISSIONS[permission]:
            continue
        answer = browser.post(path)
        if answer.status_code != 403:
            wrong.append((path, answer.status_code))
    assert wrong == []
