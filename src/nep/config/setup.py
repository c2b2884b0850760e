"""The first set-up of an installation: agency, office hours, first administrator, in one action."""

from dataclasses import dataclass
from datetime import datetime, time

from django.db import transaction

from nep.apps.organization.queries import agency_exists
from nep.apps.organization.rules import Actor, setup_actor
from nep.apps.organization.services import agency_setup, appointment_start, person_add, unit_add
from nep.apps.workcal.services import office_hours_set
from nep.foundation.accounts.services import account_create
from nep.kernel.errors import Refusal
from nep.kernel.vietnamese import local

Span = tuple[time, time]


@dataclass(frozen=True, slots=True)
class FirstSetup:
    """What the first set-up made."""

    agency_id: int
    user_id: int


@transaction.atomic
def first_setup(
    *,
    now: datetime,
    agency_name: str,
    agency_code: str,
    agency_kind: str,
    province: str,
    reception_name: str,
    morning: Span,
    afternoon: Span,
    saturday_morning: bool,
    admin_name: str,
    username: str,
    password: str,
) -> FirstSetup:
    """Set up the first agency with its hours, a reception unit and the first administrator.

    Raises Refusal("already_set_up") when an agency exists, and the refusals of each service.
    """
    if agency_exists():
        raise Refusal(
            "already_set_up", "Hệ thống đã có cơ quan. Hãy đăng nhập bằng tài khoản quản trị."
        )
    agency_id = agency_setup(
        actor=setup_actor(),
        now=now,
        name=agency_name,
        code=agency_code,
        kind=agency_kind,
        province=province,
        reception_name=reception_name,
    )
    actor = setup_actor(agency_id=agency_id)
    unit_add(
        actor=actor, now=now, agency_id=agency_id, code="MC", name=reception_name, is_reception=True
    )
    office_hours_set(
        actor=actor,
        now=now,
        agency_id=agency_id,
        morning=morning,
        afternoon=afternoon,
        saturday_morning=saturday_morning,
        reason="Thiết lập ban đầu",
    )
    user_id = _first_administrator(
        actor, now=now, name=admin_name, username=username, password=password
    )
    return FirstSetup(agency_id, user_id)


def _first_administrator(
    actor: Actor, *, now: datetime, name: str, username: str, password: str
) -> int:
    """Give the installation somebody who administers agency and province; return the account."""
    account = account_create(
        username=username,
        actor=actor,
        now=now,
        password=password,
        must_change=False,
        is_system_admin=True,
    )
    person_id = person_add(
        actor=actor, now=now, agency_id=actor.agency_id, name=name, user_id=account.user_id
    )
    for role in ("agency_admin", "province_admin"):
        appointment_start(
            actor=actor,
            now=now,
            agency_id=actor.agency_id,
            person_id=person_id,
            role=role,
            starts_on=local(now).date(),
        )
    return account.user_id
