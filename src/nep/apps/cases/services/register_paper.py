"""The register of cases (Mẫu 07) as a paper, kept with its edition like any other.

Source: Thông tư 03/2025/TT-VPCP, Phụ lục I, Mẫu số 07.
"""

from datetime import datetime

from django.db import transaction

from nep.apps.cases.queries.given import kept_digest, newest_like
from nep.apps.cases.queries.register import Register
from nep.apps.cases.rules.form_fields import REGISTER
from nep.apps.cases.services._form_values import register_values
from nep.apps.cases.services._giving import edition_in_force, give, no_edition
from nep.apps.cases.services.papers import Ending, given_file
from nep.apps.organization import queries as organization
from nep.apps.organization.rules import Actor
from nep.kernel.vietnamese import local


def register_file(
    *, actor: Actor, register: Register, now: datetime, ending: Ending = "pdf"
) -> bytes:
    """Return the register as PDF or Word, applicants masked; the print stands in the book.

    Printed again on the same day without a change it is the same paper. Raises NotFound.
    """
    given_id = _given(actor, register, now)
    return given_file(actor=actor, given_id=given_id, ending=ending).data


@transaction.atomic
def _given(actor: Actor, register: Register, now: datetime) -> int:
    agency = organization.agency(actor.agency_id)
    values = register_values(register, agency=agency, now=now)
    edition = edition_in_force(form=REGISTER, agency_id=agency.id, at=now, now=now)
    if edition is None:
        raise no_edition(REGISTER, now)
    before = newest_like(
        case=None, agency_id=agency.id, form=REGISTER, about=register.title,
        digest=kept_digest(edition.digest, values),
    )  # fmt: skip
    if before is not None and local(before.at).date() == local(now).date():
        return before.pk
    given = give(
        form=REGISTER, agency_id=agency.id, at=now, by_id=actor.person_id, values=values, now=now,
        about=register.title,
    )  # fmt: skip
    if given is None:
        raise no_edition(REGISTER, now)
    return given
