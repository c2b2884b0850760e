"""What is urgent stands first in its group and carries the mark."""

from nep.apps.organization.tests.scene import NOW
from nep.apps.work import queries, services
from nep.apps.work.models import WorkItem
from nep.apps.work.tests.make import at, item


def urge(agency, item_id: int, *, urgent: bool = True) -> None:
    row = WorkItem.objects.get(pk=item_id)
    services.source_urgent_set(
        agency_id=agency.agency_id, source_type=row.source_type, source_id=row.source_id,
        urgent=urgent, at=NOW,
    )  # fmt: skip


def shown(agency, calendar, who="lan"):
    return queries.my_items(actor=agency.actor(who), now=NOW, calendar=calendar)


def test_urgent_work_stands_first_in_its_group_until_the_mark_is_taken_off(agency, calendar):
    near = item(agency, due=at(11, 9))
    far = item(agency, due=at(11, 16))
    WorkItem.objects.filter(pk=far).update(source_id=far)
    urge(agency, far)
    urge(agency, far)  # a second time changes nothing

    first = shown(agency, calendar).groups[0].rows
    urge(agency, far, urgent=False)
    then = shown(agency, calendar).groups[0].rows

    assert [(row.id, row.urgent) for row in first] == [(far, True), (near, False)]
    assert [(row.id, row.urgent) for row in then] == [(near, False), (far, False)]


def test_urgent_work_that_waits_for_the_role_stands_first_too(agency, calendar):
    near = item(agency, None, due=at(11, 9))
    far = item(agency, None, due=at(11, 16))
    WorkItem.objects.filter(pk=far).update(source_id=far)
    urge(agency, far)

    assert [row.id for row in shown(agency, calendar).waiting.rows] == [far, near]
    page = queries.group_page(
        actor=agency.actor("lan"), now=NOW, calendar=calendar, key="waiting",
        after=f"{at(10, 8).isoformat()}~1",
    )  # fmt: skip
    assert [row.id for row in page.rows] == [near]
