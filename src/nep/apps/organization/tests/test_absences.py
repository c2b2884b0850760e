"""Absence by date: new work goes to who is there, by appointment or by delegation."""

from datetime import timedelta

import pytest
from django.urls import reverse

from nep.apps.organization import queries, services
from nep.apps.organization.tests.scene import NOW, Scene, department
from nep.foundation.journal.models import JournalEntry
from nep.kernel.errors import Forbidden, NotFound, Refusal

TODAY = NOW.date()


@pytest.fixture
def here(db) -> Scene:
    return department()


def away(here: Scene, who: str, *, by: str | None = None, days: int = 3, **more) -> int:
    return services.absence_start(
        actor=here.actor(by or who), now=NOW, person_id=here.people[who], starts_on=TODAY,
        ends_on=TODAY + timedelta(days=days), reason="Nghỉ phép năm", **more,
    )  # fmt: skip


def names(here: Scene, key: str, today=TODAY) -> list[str]:
    found = queries.directory(agency_id=here.agency_id, today=today).people(key)
    return [person.name for person in found]


def test_work_of_a_role_goes_to_who_is_there_on_those_days(here: Scene):
    away(here, "lan")

    assert names(here, "PKH/specialist") == ["Phạm Quốc Huy"]
    after = TODAY + timedelta(days=4)
    assert len(names(here, "PKH/specialist", after)) == 2
    away(here, "toan")
    assert names(here, "PKH/unit_head") == ["Đặng Văn Toàn"]  # nobody else: it still is theirs


def test_a_delegate_takes_the_place_of_an_absent_holder(here: Scene):
    away(here, "toan")
    services.delegation_start(
        actor=here.actor("toan"), now=NOW, agency_id=here.agency_id,
        appointment_id=here.hat("toan"), receiver_id=here.people["lan"], prefix="KT.",
        starts_on=TODAY, ends_on=TODAY + timedelta(days=3),
    )  # fmt: skip

    assert names(here, "PKH/unit_head") == ["Trần Thị Mai Lan"]
    one = queries.away_today(agency_id=here.agency_id, today=TODAY)[here.people["toan"]]
    assert one.stand_ins == (("KT.", "Trần Thị Mai Lan"),)


def test_who_is_back_gets_work_again(here: Scene):
    absence = away(here, "lan")

    services.absence_end(actor=here.actor("toan"), now=NOW, absence_id=absence)

    assert len(names(here, "PKH/specialist")) == 2
    with pytest.raises(Refusal, match="đã kết thúc"):
        services.absence_end(actor=here.actor("lan"), now=NOW, absence_id=absence)
    assert JournalEntry.objects.filter(action__startswith="absence.").count() == 2


def test_an_absence_to_come_is_taken_back_without_saying_that_somebody_returned(
    here: Scene, client
):
    starts_on = TODAY + timedelta(days=900)  # to come by the clock of the pages as well
    absence = services.absence_start(
        actor=here.actor("lan"), now=NOW, person_id=here.people["lan"], starts_on=starts_on,
        ends_on=starts_on + timedelta(days=4), reason="Nghỉ phép năm",
    )  # fmt: skip
    here.sign_in(client, "lan")
    place = reverse("organization:absences")
    before = client.get(place).content.decode()
    answer = client.post(
        reverse("organization:absence_end", args=[absence]), follow=True
    ).content.decode()  # fmt: skip

    assert "Bỏ lần vắng này" in before
    assert "Đã trở lại" not in before
    assert "Đã bỏ lần vắng mặt này." in answer
    assert "đã bỏ" in answer
    assert "trở lại" not in answer
    assert JournalEntry.objects.filter(action="absence.withdrawn").count() == 1


def test_absence_is_written_by_the_person_who_leads_or_keeps_people(here: Scene):
    with pytest.raises(Forbidden):
        away(here, "lan", by="huy")
    with pytest.raises(Refusal, match="Những ngày này đã qua"):
        services.absence_start(
            actor=here.actor("lan"), now=NOW, person_id=here.people["lan"],
            starts_on=TODAY - timedelta(days=9), ends_on=TODAY - timedelta(days=8),
            reason="Nghỉ phép năm",
        )  # fmt: skip
    with pytest.raises(Refusal, match="xa quá 3 năm tới"):
        services.absence_start(
            actor=here.actor("lan"), now=NOW, person_id=here.people["lan"],
            starts_on=TODAY, ends_on=TODAY.replace(year=2099), reason="Nghỉ phép năm",
        )  # fmt: skip
    away(here, "lan", by="toan")
    with pytest.raises(Refusal, match="trong những ngày ấy"):
        away(here, "lan", by="admin", days=1)
    other = department(code="H99.40", name="Sở Nội vụ")
    with pytest.raises(NotFound):
        services.absence_start(
            actor=other.actor("toan"), now=NOW, person_id=here.people["huy"], starts_on=TODAY,
            ends_on=TODAY, reason="Nghỉ phép năm",
        )  # fmt: skip
