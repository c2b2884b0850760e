"""The agencies of the demonstration: units, people, accounts and appointments."""

from datetime import date, datetime
from typing import Any

from nep.apps.organization.rules import UNIT_ROLES, setup_actor
from nep.apps.organization.services import (
    agency_setup,
    appointment_start,
    person_add,
    unit_add,
)
from nep.demonstration import facts
from nep.foundation.accounts.services import account_create

MAIL_DOMAIN = "lam-son.example"  # a domain that RFC 2606 gives to nobody


def build_agency(agency: dict[str, Any], *, now: datetime, since: date) -> int:
    """Set up one agency with its units and people; return its id."""
    agency_id = agency_setup(
        actor=setup_actor(),
        now=now,
        name=agency["name"],
        code=agency["code"],
        kind=agency["kind"],
        province=facts.read("agencies")["province"],
        valid_from=since,
        is_demonstration=True,
        abbreviation=agency["abbreviation"],
        reception_name=agency["reception_name"],
        address=agency["address"],
        phone=agency["phone"],
    )
    actor = setup_actor(agency_id=agency_id)
    units = {
        unit["code"]: unit_add(
            actor=actor,
            now=now,
            agency_id=agency_id,
            code=unit["code"],
            name=unit["name"],
            is_reception=unit["code"] in {"MC", "TTHCC"},
        )
        for unit in agency["units"]
    }
    for person in agency["people"]:
        _add_person(person, agency_id=agency_id, units=units, now=now, since=since)
    return agency_id


def _add_person(
    person: dict[str, Any], *, agency_id: int, units: dict[str, int], now: datetime, since: date
) -> None:
    actor = setup_actor(agency_id=agency_id)
    account = account_create(
        username=person["login"],
        actor=actor,
        now=now,
        password=facts.password(),
        must_change=False,
        is_system_admin="province_admin" in person["roles"],
        is_demonstration=True,
    )
    person_id = person_add(
        actor=actor, now=now, agency_id=agency_id, name=person["name"], user_id=account.user_id,
        email=f"{person['login']}@{MAIL_DOMAIN}",
    )  # fmt: skip
    for role in person["roles"]:
        appointment_start(
            actor=actor,
            now=now,
            agency_id=agency_id,
            person_id=person_id,
            role=role,
            unit_id=units[person["unit"]] if role in UNIT_ROLES or role == "leader" else None,
            position=person["position"],
            starts_on=since,
        )
