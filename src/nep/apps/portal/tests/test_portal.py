"""The public pages tell the state, never a person, and not to a guesser."""

from datetime import timedelta
from typing import Any

import pytest

from nep.apps.cases.models import Case
from nep.apps.cases.rules import statuses
from nep.apps.cases.services import Applicant, PaperGiven, case_accept
from nep.apps.organization.queries import actor_for
from nep.apps.portal.models import LookupCount
from nep.apps.portal.rules import STAGES, TODO, address_key, stage_place
from nep.apps.portal.services import lookup_count, lookups_forget
from nep.apps.procedures.queries import tthc, tthc_lines
from nep.foundation.accounts.queries import account_id
from nep.kernel.errors import TooMany
from nep.kernel.vietnamese import local
from tests import world
from tests.standing import kept

SECRET_NAME = "Nguyễn Thị Bí Mật"
LIMIT = 30
pytestmark = pytest.mark.django_db


def build_ward() -> tuple[dict[str, Any], int]:
    agency = world.agency_facts(world.WARD)
    return agency, world.build(agency)


ward = kept(build_ward)


@pytest.fixture
def taken(ward):
    """A case taken in at the ward, with a person's data."""
    agency, agency_id = ward
    now = world.BEGINNING + timedelta(days=1, hours=1)
    user = account_id(world.login_with(agency, "reception"))
    actor = actor_for(user_id=user, agency_id=agency_id, today=local(now).date())
    line = tthc_lines(agency_id=agency_id, only_in_force=True)[0]
    papers = tthc(tthc_id=line.id, agency_id=agency_id).papers
    return case_accept(
        actor=actor, now=now, tthc_id=line.id,
        applicant=Applicant(name=SECRET_NAME, phone="0999123456", address="Ngõ Không Ai Biết"),
        papers=[PaperGiven(paper.name) for paper in papers],
    )  # fmt: skip


def key_of(case_id: int) -> str:
    return Case.objects.get(pk=case_id).lookup_key


def test_a_typed_code_tells_the_state_only(client, taken):
    page = client.get("/tra-cuu/", {"ma": taken.code}).content.decode()
    assert "Được tiếp nhận" in page or "Đang xử lý" in page
    assert "Hẹn trả kết quả" not in page
    for secret in (SECRET_NAME, "0999123456", "Ngõ Không Ai Biết"):
        assert secret not in page


def test_the_key_of_the_receipt_also_tells_the_promised_date(client, taken):
    page = client.get(f"/tra-cuu/k/{key_of(taken.id)}/").content.decode()
    assert "Hẹn trả kết quả" in page
    assert taken.code in page
    for secret in (SECRET_NAME, "0999123456", "Ngõ Không Ai Biết"):
        assert secret not in page


def test_an_unknown_code_and_key_are_not_found(client, ward):
    assert client.get("/tra-cuu/", {"ma": "H00-000000-0000"}).status_code == 404
    unknown = client.get("/tra-cuu/k/abcdefghijklmnopqrst/")
    assert unknown.status_code == 404
    assert (
        '<a class="btn" href="/tra-cuu/">' in unknown.content.decode()
    )  # not where officials log in


def test_an_address_may_not_guess_its_way_through(client, taken):
    for _ in range(LIMIT):
        assert client.get("/tra-cuu/", {"ma": "H00-1"}).status_code == 404
    assert client.get("/tra-cuu/", {"ma": taken.code}).status_code == 429
    assert client.get("/tra-cuu/").status_code == 200


def test_counts_start_anew_after_the_window_and_are_forgotten():
    now = world.BEGINNING
    for _ in range(LIMIT):
        lookup_count(key="a", now=now, limit=LIMIT)
    with pytest.raises(TooMany):
        lookup_count(key="a", now=now, limit=LIMIT)
    later = now + timedelta(minutes=11)
    lookup_count(key="a", now=later, limit=LIMIT)
    assert LookupCount.objects.get().count == 1
    assert lookups_forget(now=later + timedelta(minutes=11)) == 1


def test_the_address_itself_is_not_kept():
    assert "10.1.2.3" not in address_key("10.1.2.3", secret="s")
    assert address_key("10.1.2.3", secret="s") != address_key("10.1.2.3", secret="t")


def test_procedures_in_force_are_public_with_papers_steps_and_time(client, ward):
    agency, _ = ward
    listing = client.get(f"/tra-cuu/thu-tuc/{agency['code']}/", {"q": "giam ho"})
    text = listing.content.decode()
    assert "Thủ tục đăng ký giám hộ" in text
    assert "Đăng ký lại khai tử" not in text
    address = text.split("/tra-cuu/thu-tuc/")[-1].split('"')[0]
    page = client.get(f"/tra-cuu/thu-tuc/{address}").content.decode()
    assert "Văn bản cử người giám hộ" in page
    assert "3 ngày làm việc" in page
    assert agency["people"][5]["name"] not in page


def test_one_network_of_ipv6_is_one_caller(client, taken):
    for number in range(LIMIT):
        client.get("/tra-cuu/", {"ma": "H00-1"}, REMOTE_ADDR=f"2001:db8::{number + 1:x}")
    answer = client.get("/tra-cuu/", {"ma": taken.code}, REMOTE_ADDR="2001:db8::ffff")
    assert answer.status_code == 429
    other = client.get("/tra-cuu/", {"ma": taken.code}, REMOTE_ADDR="2001:db8:1::1")
    assert other.status_code == 200


ENDS = {
    "stopped": ({"status": statuses.WITHDRAWN, "outcome": "withdrawn"}, False, "Đã dừng từ"),
    "waiting": ({"status": statuses.WAITING_FIRST, "finished_at": None}, False, "Chưa tiếp nhận"),
    "refused": ({"status": statuses.DONE, "outcome": "refused"}, True, "đến nhận văn bản ấy"),
}


@pytest.mark.parametrize("stage", ENDS)
def test_a_case_that_came_to_no_result_is_told_as_what_it_is(client, taken, stage):
    columns, has_place, words = ENDS[stage]
    row = Case.objects.get(pk=taken.id)
    Case.objects.filter(pk=row.pk).update(
        **{"finished_at": row.received_at, "paused_since": None, "on_time": ""} | columns
    )
    shown = client.get(f"/tra-cuu/k/{row.lookup_key}/").content.decode()
    typed = client.get("/tra-cuu/", {"ma": taken.code}).content.decode()

    assert words in shown
    assert ('aria-current="step"' in shown) == has_place
    assert "từ chối" not in typed  # a code can be guessed: the state only


def test_every_stage_has_a_place_and_says_what_to_do():
    without = {"waiting", "stopped"}  # never accepted, or stopped: at none of them
    assert {stage for stage in TODO if stage_place(stage) is None} == without
    assert all(0 <= stage_place(stage) < len(STAGES) for stage in TODO.keys() - without)
