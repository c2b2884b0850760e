"""Bring an internal procedure that asks several units into force in the ward, and open a case of it.

Run inside the installation it prints the id of the case, at its first step.
"""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from nep.config.commands import django_ready  # noqa: F401  # isort: skip
from nep.apps.cases.services import internal_start
from nep.apps.organization.queries import agency_by_code
from nep.apps.procedures.rules.draft import Draft
from nep.apps.procedures.rules.table import from_process
from nep.apps.procedures.services import TthcValues, procedure_create, tthc_create
from nep.bpmn import Process
from nep.demonstration import facts
from nep.demonstration.asking import drawn
from nep.demonstration.procedures import actor_of, actor_with, publish_revision
from nep.kernel.vietnamese import VN
from tests import world

ROLES = {
    "VP/specialist": "VPHD/specialist",
    "VP/unit_head": "VHXH/unit_head",
    "BGD/leader": "LD/leader",
}


def main() -> None:
    """Publish the demonstration's drawing with the ward's own roles, and begin a case."""
    ward, now = world.agency_facts(world.WARD), datetime.now(VN)
    agency_id = agency_by_code(ward["code"]).id
    row = facts.read("asking")["procedure"][0]
    graph = _here(drawn(row["drawing"], {}))
    author, checker, leader = (
        actor_with(ward, role, agency_id=agency_id, now=now)
        for role in ("iso_secretary", "unit_head", "leader")
    )
    amount = Decimal(row["limit"])
    tthc_id = tthc_create(
        actor=author, now=now,
        values=TthcValues(
            name=row["name"], field=row["field"], is_internal=True, result=row["result"],
            limit_amount=amount, limit_unit="working_day", legal_basis="Tự viết",
        ),
    )  # fmt: skip
    begun = procedure_create(
        actor=author, tthc_id=tthc_id, now=now, code="QT-NB-31",
        draft=Draft(from_process(graph), amount, "working_day"),
    )  # fmt: skip
    publish_revision(begun.revision_id, author, checker, leader, now)
    clerk = actor_of("sn.thukyiso", agency_id=agency_id, now=now)
    print(
        internal_start(actor=clerk, now=now, tthc_id=tthc_id, subject="Dự thảo quy chế làm việc").id
    )


def _here(graph: Process) -> Process:
    return replace(
        graph, nodes=tuple(replace(one, role=ROLES.get(one.role, one.role)) for one in graph.nodes)
    )


main()
