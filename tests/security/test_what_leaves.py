"""Letters and calendars leave the house: nothing of applicants, nothing of another agency."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from nep.apps.cases.models import Case, CaseApplicant
from nep.apps.organization.models import Person
from nep.apps.work.services import letters_write
from nep.foundation.notify import feeds
from nep.foundation.notify.models import Letter
from nep.kernel.vietnamese import VN
from tests import world
from tests.security.conftest import MARK

pytestmark = [pytest.mark.django_db, pytest.mark.together("neighbours")]
MORNING = world.BEGINNING.astimezone(VN).replace(hour=9, minute=30)


def test_letters_and_calendars_name_no_applicant_and_nothing_of_another_agency(neighbours):
    people = list(Person.objects.filter(user__isnull=False))
    for person in people:
        Person.objects.filter(pk=person.pk).update(email=f"n{person.pk}@example.vn")
    for days in (1, 4, 7):
        letters_write(now=MORNING + timedelta(days=days))
    letters = list(Letter.objects.all())
    words = {row.pk: row.subject + row.text + row.html for row in letters}
    with time_machine.travel(MORNING + timedelta(days=1), tick=False):
        calendars = {person.pk: calendar(person) for person in people}

    named = [row for row in CaseApplicant.objects.values_list("name", "phone", "address") if row[0]]
    masks = Case.objects.exclude(applicant_mask="").values_list("applicant_mask", flat=True)
    private = {part for row in named for part in row if len(part) > 5} | set(masks)
    everything = "\n".join([*words.values(), *calendars.values()])
    own = {row.pk for row in letters if row.agency_id == neighbours.ward_id}
    assert len(private) > 3
    assert [part for part in private if part in everything] == []
    assert len(own) > 1
    assert any("/ho-so/" in words[pk] for pk in own)
    assert any("BEGIN:VEVENT" in text for text in calendars.values())
    assert [pk for pk in own if MARK in words[pk]] == []
    ward_people = {person.pk for person in people if person.agency_id == neighbours.ward_id}
    assert [pk for pk in ward_people if MARK in calendars[pk]] == []
    assert any(MARK in text for pk, text in words.items() if pk not in own)


def calendar(person: Person) -> str:
    """Return what a person's calendar says, lines joined."""
    key = feeds.feed_make(person_id=person.pk, agency_id=person.agency_id, now=MORNING)
    answer = Client().get(f"/viec/lich-ca-nhan/{key}.ics")
    return answer.content.replace(b"\r\n ", b"").decode() if answer.status_code == 200 else ""
