"""An agency that holds model procedures out: the demonstration's department, one procedure in force.

`python -m tests.browser.giver` inside an installation builds it; `… giver tighter` brings a further
version of its procedure into force, one step of which takes fewer hours.
"""

import sys
from datetime import UTC, datetime, timedelta
from typing import Any

from nep.config.commands import django_ready  # noqa: F401  # isort: skip
from nep.apps.organization.queries import agency_by_code
from nep.apps.procedures.queries import procedure_page, procedures_in_force
from nep.apps.procedures.rules.edits import Edit
from nep.apps.procedures.services import definition_edit, procedure_revise
from nep.demonstration import facts
from nep.demonstration.procedures import actor_with, bring_into_force, publish_revision
from nep.foundation.outbox.worker import drain
from nep.kernel.vietnamese import VN
from tests import world

CODE = "QT-NB-02"
PEOPLE = {"stp.giamdoc", "stp.thukyiso", "stp.chanhvp", "tinh.quantri"}


def build(agency: dict[str, Any], *, now: datetime) -> None:
    """Build the department and bring its internal procedure into force."""
    agency_id = world.build(agency, now=now, procedures=False)
    internal = facts.read("procedures_internal")
    content = next(
        one for one in internal["procedure"]
        if (one["agency"], one["document"]) == (agency["code"], CODE)
    )  # fmt: skip
    bring_into_force(
        agency, content, agency_id=agency_id, now=now, is_internal=True,
        source=internal["source"],
    )  # fmt: skip


def tighten(agency: dict[str, Any], *, now: datetime) -> None:
    """Bring a version into force whose first step takes sixteen hours."""
    agency_id = agency_by_code(agency["code"]).id
    author, checker, approver = (
        actor_with(agency, role, agency_id=agency_id, now=now)
        for role in ("iso_secretary", "unit_head", "leader")
    )
    (version,) = procedures_in_force(agency_id)
    revision_id = procedure_revise(
        actor=author, procedure_id=version.procedure_id, is_new_issue=False,
        change_note="Rút thời gian tổng hợp.", now=now,
    )  # fmt: skip
    page = procedure_page(revision_id=revision_id, agency_id=agency_id)
    definition_edit(
        actor=author, revision_id=revision_id, expected_version=page.version, now=now,
        edit=Edit("limit", "b1", {"amount": "16", "unit": "working_hour"}),
    )  # fmt: skip
    publish_revision(revision_id, author, checker, approver, now)


def main(what: str = "") -> None:
    """Do what is asked, the building as of forty days ago."""
    now = datetime.now(VN).replace(microsecond=0)
    agency = world.agency_facts(world.DEPARTMENT)
    agency["people"] = [one for one in agency["people"] if one["login"] in PEOPLE]
    if what == "tighter":
        tighten(agency, now=now)
    else:
        build(agency, now=now - timedelta(days=40))
    drain(now=datetime.now(UTC))


if __name__ == "__main__":
    main(*sys.argv[1:])
