"""Who deposits while another closes: the record stands in an open file or is refused, never lost."""

import pytest

from nep.apps.organization.tests.scene import NOW, Scene, department
from nep.apps.records import services
from nep.apps.records.models import Record, RecordFile
from nep.apps.records.tests import make
from nep.foundation.db import doctor
from tests.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5


@pytest.fixture
def place(transactional_db) -> Scene:
    scene = department()
    scene.person("thu", "Lý Thị Thư", ("PKH", "iso_secretary", "Thư ký ISO"))
    return scene


def faults() -> list[str]:
    return [
        one.message
        for title, found in doctor.examine()
        for one in found
        if "hồ sơ" in title.lower()
    ]


def test_a_deposit_and_a_close_at_once_leave_a_sealed_file_with_its_true_count(place):
    line = make.series(place, make.plan(place))
    lan = place.actor("lan")
    for _round in range(ROUNDS):
        make.deposit(place, series_id=line)
        file = RecordFile.objects.get(state="open")
        before = file.records.count()
        answers = at_once(
            lambda file=file: services.file_close(actor=lan, file_id=file.id, now=NOW),
            lambda file=file: make.deposit(place, record_file_id=file.id),
        )
        file.refresh_from_db()

        assert answers[0] == ""
        assert answers[1] in {"", "file_closed"}
        assert file.sealed_count == file.records.count() == before + (answers[1] == "")
    assert faults() == []


def test_the_same_source_deposited_by_two_at_once_stands_once(place):
    line = make.series(place, make.plan(place))
    for source_id in range(1, ROUNDS + 1):
        act = lambda source_id=source_id: make.deposit(  # noqa: E731
            place, series_id=line, source_type="revision", source_id=source_id
        )
        assert at_once(act, act) == ["", ""]

    assert Record.objects.count() == ROUNDS
    assert sorted(Record.objects.values_list("number", flat=True)) == list(range(1, ROUNDS + 1))
    assert RecordFile.objects.count() == 1
