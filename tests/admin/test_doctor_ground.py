"""`nep doctor` finds damage done to documents, agencies, people and calendars, and names it."""

import json
import os
import re
import subprocess
import sys
from argparse import Namespace
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from nep.apps.documents.models import Revision, RevisionAuthor
from nep.apps.organization.models import (
    Agency,
    AgencyCode,
    Appointment,
    Delegation,
    Person,
    Succession,
    Unit,
)
from nep.apps.organization.rules import setup_actor
from nep.apps.workcal.models import OfficeHours, SpecialDay
from nep.apps.workcal.services import office_hours_set
from nep.config.commands import doctor
from nep.foundation.accounts.models import User
from nep.foundation.db import new_id
from nep.foundation.journal.services import ACCOUNT, record
from nep.foundation.outbox.models import Timetable
from nep.foundation.outbox.queries import BEAT
from nep.foundation.outbox.worker import drain
from nep.kernel.vietnamese import VN
from tests import world
from tests.installation import ROOT
from tests.standing import kept

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
BASIS = "Nghị quyết 12/NQ-HĐND"


def build_two_agencies() -> None:
    """A ward and a commune that hold one of everything."""
    for number in (world.WARD, world.COMMUNE):
        facts = world.agency_facts(number)
        agency_id = world.build(facts)
        world.fill(facts, agency_id)
        office_hours_set(
            actor=setup_actor(agency_id=agency_id), now=world.BEGINNING, agency_id=agency_id,
            morning=(time(7, 30), time(11, 30)), afternoon=(time(13, 30), time(17)),
            saturday_morning=False, reason="Theo nội quy",
        )  # fmt: skip
    now = datetime.now(VN)
    drain(now=now)
    Timetable.objects.update_or_create(name=BEAT, defaults={"last_run_at": now})


two_agencies = kept(build_two_agencies)


def findings(capsys) -> list[dict[str, str]]:
    """Return what the command finds."""
    capsys.readouterr()
    doctor.run(Namespace(json=True))
    return json.loads(capsys.readouterr().out)["findings"]


def first(rows):
    return rows.order_by("pk").first()


def in_force() -> Revision:
    return first(Revision.objects.filter(state="in_force", exception_reason=""))


def change(row, **values) -> str:
    """Write columns past every rule of the product; return the key of the row."""
    assert row is not None
    type(row)._default_manager.filter(pk=row.pk).update(**values)
    return str(row.pk)


def other_agency(agency_id: int) -> Agency:
    return first(Agency.objects.exclude(pk=agency_id))


def agency_of_another() -> str:
    row = in_force()
    return change(row, agency=other_agency(row.agency_id)) and row.document.code


def checked_by_its_author() -> str:
    row = in_force()
    return change(row, exception_reason="", checked_by=F("drafted_by")) and row.document.code


def checked_by_one_who_wrote_with() -> str:
    row = in_force()
    RevisionAuthor.objects.get_or_create(revision=row, person_id=row.checked_by_id)
    return row.document.code


def approved_before_checked() -> str:
    row = in_force()
    change(row, approved_at=row.checked_at - DAY)
    return row.document.code


def never_submitted() -> str:
    row = in_force()
    return change(row, submitted_at=None) and row.document.code


def hash_cut() -> str:
    row = in_force()
    return change(row, content_hash=row.content_hash[:40]) and row.document.code


def retired_without_a_day() -> str:
    row = in_force()
    return change(row, state="retired") and row.document.code


def living_with_a_day() -> str:
    row = in_force()
    return change(row, retired_on=date(2026, 6, 1)) and row.document.code


def retired_too_early() -> str:
    row = in_force()
    change(row, state="retired", retired_on=row.effective_from - DAY)
    return row.document.code


def hat_in_a_foreign_unit() -> str:
    row = first(Appointment.objects.exclude(unit=None))
    return change(row, unit=first(Unit.objects.exclude(agency_id=row.agency_id)))


def hat_of_no_role() -> str:
    return change(first(Appointment.objects.all()), role="vua")


def unit_role_without_a_unit() -> str:
    return change(first(Appointment.objects.filter(role="unit_head")), unit=None)


def delegation_of_a_foreign_hat() -> str:
    row = first(Delegation.objects.all())
    return change(row, appointment=first(Appointment.objects.exclude(agency_id=row.agency_id)))


def delegation_to_oneself() -> str:
    row = first(Delegation.objects.select_related("appointment"))
    return change(row, receiver_id=row.appointment.person_id)


def unit_under_a_foreign_unit() -> str:
    row = first(Unit.objects.all())
    change(row, parent=first(Unit.objects.exclude(agency_id=row.agency_id)))
    return row.code


def parents_in_a_ring() -> str:
    one, two = Agency.objects.order_by("pk")
    change(one, parent=two)
    change(two, parent=one)
    return one.name


def successions_in_a_ring() -> str:
    one, two = Agency.objects.order_by("pk")
    for before, after in ((one, two), (two, one)):
        Succession.objects.create(
            predecessor=before, successor=after, on=date(2026, 9, 1), basis=BASIS
        )
    return two.name


def succession_before_both_began() -> str:
    one, two = Agency.objects.order_by("pk")
    Succession.objects.create(predecessor=one, successor=two, on=date(1999, 1, 1), basis=BASIS)
    return one.name


def code_of_two_agencies() -> str:
    one, two = Agency.objects.order_by("pk")
    AgencyCode.objects.create(agency=one, scheme="Mã cũ", code=two.code.lower())
    return two.code.lower()


def name_nobody_finds() -> str:
    row = first(Person.objects.all())
    return change(row, name="Trịnh Thị Đổi Tên") and "Trịnh Thị Đổi Tên"


def agency_nobody_finds() -> str:
    row = first(Agency.objects.all())
    return change(row, short_name="Tên khác") and row.name


def week_of_six_days() -> str:
    row = first(OfficeHours.objects.all())
    return change(row, weekly=row.weekly[:6])


def hours_backwards() -> str:
    row = first(OfficeHours.objects.all())
    return change(row, weekly=[[[700, 400]], *row.weekly[1:]])


def week_without_work() -> str:
    return change(first(OfficeHours.objects.all()), weekly=[[]] * 7)


def hours_of_no_agency() -> str:
    OfficeHours.objects.create(agency_id=4711, weekly=first(OfficeHours.objects.all()).weekly)
    return "4711"


def day_of_no_kind() -> str:
    row = first(SpecialDay.objects.exclude(agency_id=None))
    return change(row, kind="le_hoi") and row.name


def day_past_midnight() -> str:
    row = first(SpecialDay.objects.exclude(agency_id=None))
    return change(row, slots=[[480, 1500]]) and row.name


def holiday_without_source() -> str:
    row = first(SpecialDay.objects.filter(agency_id=None))
    return change(row, source="") and row.name


def day_of_no_agency() -> str:
    row = first(SpecialDay.objects.exclude(agency_id=None))
    return change(row, agency_id=4711) and row.name


def written(actor_id: int, **more) -> None:
    record(
        actor_id=actor_id, agency_id=None, action="case.note", object_type="case", object_id=1,
        at=datetime.now(UTC), **more,
    )  # fmt: skip


def entry_of_nobody() -> str:
    number = new_id()
    return written(number) or str(number)


def entry_of_no_account() -> str:
    number = new_id()
    return written(number, actor_kind=ACCOUNT) or str(number)


def person_named_as_account() -> str:
    number = first(User.objects.all()).pk
    return written(number) or str(number)  # an account's id where a person's belongs


AT_ONCE = 5  # damages before one examination
DAMAGES: tuple[Callable[[], str], ...] = (
    agency_of_another, checked_by_its_author, checked_by_one_who_wrote_with,
    approved_before_checked, never_submitted, hash_cut, retired_without_a_day, living_with_a_day,
    retired_too_early, hat_in_a_foreign_unit, hat_of_no_role, unit_role_without_a_unit,
    delegation_of_a_foreign_hat, delegation_to_oneself, unit_under_a_foreign_unit,
    parents_in_a_ring, successions_in_a_ring, succession_before_both_began, code_of_two_agencies,
    name_nobody_finds, agency_nobody_finds, week_of_six_days, hours_backwards, week_without_work,
    hours_of_no_agency, day_of_no_kind, day_past_midnight, holiday_without_source,
    day_of_no_agency, entry_of_nobody, entry_of_no_account, person_named_as_account,
)  # fmt: skip


def test_two_agencies_that_hold_everything_are_sound(two_agencies, capsys):
    assert findings(capsys) == []


def damaged(some: tuple[Callable[[], str], ...]) -> dict[Callable[[], str], str]:
    """Do damages to different records; return what the finding of each must name.

    One that meets the record of another, or finds none left, is taken back when it is not alone.
    """
    named: dict[Callable[[], str], str] = {}
    for do in some:
        try:
            with transaction.atomic():
                name = do()
                if name in named.values():
                    raise LookupError(name)
                named[do] = name
        except (LookupError, AttributeError, IntegrityError):
            if len(some) == 1:
                raise
    return named


def seen(some: tuple[Callable[[], str], ...], capsys) -> set[Callable[[], str]]:
    """Damage, examine once and undo; return the damages whose record was named."""
    with transaction.atomic():
        held_by_database(False)
        named = damaged(some)
        found = findings(capsys)
        transaction.set_rollback(True)
    return {do for do, name in named.items() if any(name in one["record"] for one in found)}


def test_every_damage_is_found_and_its_record_named(two_agencies, capsys):
    """Some at a time; whatever was not named is done again alone."""
    named = set().union(
        *(seen(DAMAGES[begun : begun + AT_ONCE], capsys)
          for begun in range(0, len(DAMAGES), AT_ONCE))
    )  # fmt: skip
    unseen = [do.__name__ for do in DAMAGES if do not in named and not seen((do,), capsys)]
    assert unseen == []
    assert findings(capsys) == []


def held_by_database(is_held: bool) -> None:
    """Let damage through that the database itself would refuse: a doctor examines old ones too."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"PRAGMA ignore_check_constraints = {'OFF' if is_held else 'ON'}")
        elif not is_held:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(
                "SELECT conrelid::regclass::text, quote_ident(conname) FROM pg_constraint "
                "WHERE contype = 'c' AND connamespace = 'public'::regnamespace"
            )
            for table, name in cursor.fetchall():
                cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")


@pytest.fixture(autouse=True)
def constraints_again():
    yield
    if connection.vendor == "sqlite" and connection.connection is not None:
        held_by_database(True)


def test_the_command_knows_every_invariant_there_is(tmp_path):
    wanted = set()
    for path in (ROOT / "src" / "nep").rglob("*.py"):
        if "tests" not in path.parts:
            found = re.findall(
                r'^@(?:case_)?invariant\(\s*"([a-z_]+)"', path.read_text("utf-8"), re.M
            )
            wanted |= set(found)
    asked = "from nep.config.commands import doctor\nfrom nep.foundation.db.doctor import _checks\nprint(*_checks)"
    told = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "nep.config.settings",
             "NEP_DATA": str(tmp_path), "PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip
    assert len(wanted) > 60
    assert wanted - set(told.stdout.split()) == set()
