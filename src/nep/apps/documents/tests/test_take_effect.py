"""The switch on its day: however many nights were missed, one failure stops nobody else."""

from datetime import timedelta

import pytest
from django.db import connection

from nep.apps.documents import jobs, services
from nep.apps.documents.models import Document, LifeEntry, Revision
from nep.apps.documents.tests.life_scene import (
    again,
    approve,
    brought,
    check,
    draft,
    state,
    submit,
)
from nep.apps.documents.tests.make import secretary
from nep.apps.organization.tests.scene import NOW
from nep.apps.work.models import WorkItem
from nep.foundation.outbox.models import QueueRow

pytestmark = pytest.mark.usefixtures("copies_unprinted")

IN_FIVE_DAYS = (NOW + timedelta(days=5)).date()


def later(agency, document_id) -> int:
    """Approve the next revision for a day to come."""
    revision_id = again(agency, document_id)
    submit(agency, revision_id)
    check(agency, revision_id)
    approve(agency, revision_id, effective_from=IN_FIVE_DAYS)
    return revision_id


def test_an_approved_revision_waits_for_its_day(agency):
    document_id, old = brought(agency)
    new = later(agency, document_id)
    jobs.take_effect(NOW + timedelta(days=4))

    assert (state(old), state(new)) == ("in_force", "approved")


def test_missed_nights_and_repeated_runs_switch_once_as_of_the_day(agency):
    document_id, old = brought(agency)
    new = later(agency, document_id)
    after = NOW + timedelta(days=40)

    assert [services.approved_take_effect(now=after) for _ in range(3)] == [1, 0, 0]
    row = Document.objects.get(pk=document_id)
    assert (state(old), state(new)) == ("retired", "in_force")
    assert Revision.objects.get(pk=old).retired_on == IN_FIVE_DAYS
    assert (row.current_id, row.in_force_since) == (new, IN_FIVE_DAYS)
    assert LifeEntry.objects.filter(revision_id=new, act="in_force").count() == 1
    assert QueueRow.objects.filter(name="event:RevisionInForce").count() == 2


def test_a_package_switches_as_one(agency):
    parent, leading = draft(agency)
    _form, one = draft(agency, code="BM-01.01", kind="form", parent_id=parent)
    submit(agency, leading, member_ids=[one])
    check(agency, leading)
    approve(agency, leading, effective_from=IN_FIVE_DAYS)
    assert (state(leading), state(one)) == ("approved", "approved")

    assert services.approved_take_effect(now=NOW + timedelta(days=5)) == 2
    assert (state(leading), state(one)) == ("in_force", "in_force")


def break_the_switch_of(revision_id: int) -> None:
    """Let the database refuse one revision's switch, as a full disk would."""
    when = f"NEW.id = {revision_id} AND NEW.state = 'in_force'"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                f"CREATE TRIGGER broken BEFORE UPDATE ON documents_revision WHEN {when} "
                "BEGIN SELECT RAISE(ABORT, 'no room'); END"
            )
            return
        cursor.execute(
            "CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'no room'; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER broken BEFORE UPDATE ON documents_revision FOR EACH ROW "
            f"WHEN ({when}) EXECUTE FUNCTION broken()"
        )


def test_a_failing_revision_stops_no_other_and_comes_before_the_secretary_once(agency, caplog):
    thuky = agency.people[secretary(agency)]
    bad, still = brought(agency, code="QT-02", title="Kiểm soát hồ sơ")
    good, _old = brought(agency)
    fails, works = later(agency, bad), later(agency, good)
    break_the_switch_of(fails)
    after = NOW + timedelta(days=6)
    words = WorkItem.objects.filter(source_type="document_effect")
    assert [services.approved_take_effect(now=after) for _ in range(2)] == [1, 0]

    assert (state(works), state(fails), state(still)) == ("in_force", "approved", "in_force")
    assert words.get(state=0).person_id == thuky
    assert "did not take effect" in caplog.text
    with connection.cursor() as cursor:
        on = "" if connection.vendor == "sqlite" else " ON documents_revision"
        cursor.execute(f"DROP TRIGGER broken{on}")
    assert services.approved_take_effect(now=after + timedelta(minutes=5)) == 1
    assert (state(fails), state(still)) == ("in_force", "retired")
    assert not words.filter(state=0).exists()
