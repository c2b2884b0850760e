"""What cases tell the workbench: how past ones did a step, which run on a version."""

from nep.apps.cases.models import StepMonth
from nep.apps.cases.queries.versions import open_on_version, step_paces
from nep.apps.organization.tests.scene import NOW
from nep.apps.procedures import ports
from nep.apps.procedures.rules.report import Pace


def month(agency, number: int, node: str, **buckets: int) -> None:
    StepMonth.objects.create(
        agency_id=agency.agency_id, month=number, tthc_id=7, content_hash=f"{number:064}",
        node=node, steps=sum(buckets.values()), **buckets,
    )  # fmt: skip


def test_the_quickest_of_two_years_tells_what_every_run_took_more_than(at):
    agency, today = at.scene, NOW.date()
    now = today.year * 100 + today.month
    month(agency, now, "b2", b04=2, b07=1)
    month(agency, now - 100, "b2", b03=3)
    month(agency, now - 300, "b2", b00=9)
    month(agency, now, "b3", b00=1, b09=4)

    assert step_paces(agency.agency_id, 7, today) == {"b2": Pace(6, 480), "b3": Pace(5, 0)}
    assert step_paces(agency.agency_id, 8, today) == {}
    assert ports.paces_of(agency.agency_id, 7, today)["b2"].runs == 6


def test_the_open_cases_of_a_version_are_counted_and_named(at):
    case_id = at.accept()
    told = open_on_version(at.scene.agency_id, at.revision_id)

    assert told.count == 1
    assert told.first[0].link == f"/ho-so/{case_id.pk}/"
    assert open_on_version(at.scene.agency_id, at.revision_id + 1).count == 0
