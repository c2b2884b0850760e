"""Files and records are found by whom they may be seen, as soon as they change."""

from datetime import timedelta

import pytest

from nep.apps.organization.tests.scene import NOW
from nep.apps.records import services
from nep.apps.records.tests.make import deposit, plan, series, stored
from nep.foundation.search.following import follow_all
from nep.foundation.search.models import Entry
from nep.foundation.search.queries import ask
from nep.foundation.search.sources import sight_of

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=1)


def found(agency, who: str, typed: str) -> list[tuple[str, int]]:
    sight = sight_of(agency.actor(who), agency_id=agency.agency_id)
    return [(hit.kind, hit.object_id) for hit in ask(typed, sight=sight)]


@pytest.fixture
def file_id(agency) -> int:
    """A file of Lan's with an uploaded record."""
    series_id = series(agency, plan(agency), code="ISO.01")
    file_id = services.file_open(
        actor=agency.actor("lan"), series_id=series_id, title="Soát xét tài liệu quý IV", now=NOW
    )
    deposit(
        agency, title="Biên bản họp ngày 02/12", record_file_id=file_id,
        file_id=stored(agency, "ý kiến;nguồn\nThu hồi bản giấy;tổ một cửa\n", name="BienBanHop.csv"),
    )  # fmt: skip
    follow_all()
    return file_id


@pytest.mark.parametrize(
    "typed",
    ["soát xét", "iso.01-01/2026", "ISO01", "kiem soat tai lieu", "biên bản họp", "BienBanHop"],
)
def test_a_file_is_found_by_its_title_code_series_and_records(agency, file_id, typed):
    assert ("record_file", file_id) in found(agency, "tuan", typed)


def test_the_words_of_a_record_are_found_by_who_may_have_its_bytes(agency, file_id):
    seen = {who: [kind for kind, _ in found(agency, who, "thu hồi bản giấy")]
            for who in ("lan", "thu", "tuan")}  # fmt: skip
    assert seen == {"lan": ["record"], "thu": ["record"], "tuan": []}


def test_another_agency_finds_nothing(agency, other_agency, file_id):
    assert found(other_agency, "thu2", "soát xét") == []
    assert found(other_agency, "thu2", "thu hồi bản giấy") == []


def test_what_happens_to_a_file_is_followed(agency, file_id):
    row = Entry.objects.get(kind="record_file")
    services.file_change(
        actor=agency.actor("lan"), file_id=file_id, version=1, title="Rà soát quý IV",
        medium="digital", location="kho 2, giá 7", now=LATER,
    )  # fmt: skip
    deposit(agency, title="Phiếu góp ý Hoa Mai", record_file_id=file_id, now=LATER)

    assert follow_all() == 1
    assert found(agency, "tuan", "kho 2") == [("record_file", file_id)]
    assert found(agency, "tuan", "hoa mai") == [("record_file", file_id)]
    assert found(agency, "tuan", "soát xét tài liệu quý") == []
    assert Entry.objects.get(kind="record_file").pk == row.pk
    assert follow_all() == 0


def test_a_record_waiting_to_be_filed_is_found_until_it_is_filed(agency, file_id):
    record_id = deposit(agency, title="Công văn chờ xếp")
    follow_all()
    assert found(agency, "tuan", "chờ xếp") == [("record", record_id)]
    services.record_move(
        actor=agency.actor("lan"), record_id=record_id, record_file_id=file_id, now=LATER
    )
    follow_all()
    assert found(agency, "tuan", "chờ xếp") == [("record_file", file_id)]
