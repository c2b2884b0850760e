"""A small world for tests that cross apps: the demonstration's agencies, marked where asked.

Built through the services only, so that it is always legal.
"""

import copy
from datetime import datetime
from typing import Any

from django.test import Client

from nep.config.commands.migrate import load_reference
from nep.demonstration import facts
from nep.demonstration.agencies import build_agency
from nep.demonstration.procedures import build_procedures
from nep.kernel.vietnamese import VN

BEGINNING = datetime(2026, 1, 5, 8, 0, tzinfo=VN)
DEPARTMENT, WARD, COMMUNE = range(3)


def agency_facts(number: int) -> dict[str, Any]:
    """Return one of the demonstration's agencies as data that a test may change."""
    return copy.deepcopy(facts.agencies()[number])


def build(agency: dict[str, Any], *, now: datetime = BEGINNING, procedures: bool = True) -> int:
    """Build an agency, with its procedures in force; return its id."""
    load_reference()
    agency_id = build_agency(agency, now=now, since=now.date())
    if procedures:
        build_procedures(agency, agency_id=agency_id, now=now)
    return agency_id


def marked(agency: dict[str, Any], mark: str) -> dict[str, Any]:
    """Return the agency with a mark in every name and text."""
    for field in ("name", "reception_name", "address", "phone"):
        agency[field] = f"{agency[field]} {mark}"
    for unit in agency["units"]:
        unit["name"] = f"{unit['name']} {mark}"
    for person in agency["people"]:
        person["name"] = f"{person['name']} {mark}"
        person["position"] = f"{person['position']} {mark}"
    return agency


def signed_in(login: str) -> Client:
    """Return a browser in which this person of the demonstration has logged in."""
    client = Client()
    answer = client.post("/dang-nhap/", {"username": login, "password": facts.password()})
    if answer.status_code != 302:
        raise AssertionError(f"{login} cannot log in: {answer.status_code}")
    return client


def login_with(agency: dict[str, Any], role: str) -> str:
    """Return the log-in name of the first person with a role."""
    return next(person["login"] for person in agency["people"] if role in person["roles"])
