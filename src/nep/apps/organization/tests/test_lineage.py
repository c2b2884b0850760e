"""An agency through time: further codes, and who took over from whom."""

import itertools
from datetime import date, timedelta

import pytest
from django.urls import reverse

from nep.apps.organization import queries, rules, services
from nep.apps.organization.models import Agency, AgencyCode, Succession
from nep.apps.organization.rules import Lifetime, decide_succession
from nep.apps.organization.tests.scene import NOW, SINCE
from nep.foundation.journal.models import JournalEntry
from nep.kernel.decisions import Refused
from nep.kernel.errors import Forbidden, NotFound, Refusal

TODAY = NOW.date()
CODES = reverse("organization:code_add")
HEIRS = reverse("organization:successions")


@pytest.fixture
def admin(agency, client):
    agency.sign_in(client, "admin")
    return client


@pytest.fixture
def province(agency, other_agency, client):
    """A browser of the province's administrator, who works in the first agency."""
    agency.person("tinh", "Vũ Thị Tỉnh", ("", "province_admin", "Quản trị tỉnh"))
    agency.sign_in(client, "tinh")
    return client


def test_a_further_code_is_written_found_and_taken_back_with_a_reason(agency, admin):
    sent = {"scheme": "Mã trước 7/2025", "code": "000.00.18.H99", "valid_to": "30/06/2025"}
    assert admin.post(CODES, sent).status_code == 302

    assert queries.agency_by_code("000.00.18.h99").id == agency.agency_id
    shown = admin.get(reverse("organization:settings")).content.decode()
    assert "000.00.18.H99" in shown
    assert "30/06/2025" in shown

    (line,) = queries.agency_codes(agency.agency_id)
    place = reverse("organization:code_remove", args=[line.id])
    refused = admin.post(place, {"reason": " "})
    assert refused.status_code == 422
    assert AgencyCode.objects.exists()
    assert admin.post(place, {"reason": "Ghi nhầm cơ quan"}).status_code == 302
    assert not AgencyCode.objects.exists()
    entry = JournalEntry.objects.get(action="agency.code_removed")
    assert "000.00.18.H99" in entry.old
    assert entry.reason == "Ghi nhầm cơ quan"


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"scheme": "Mã cũ", "code": ""}, "code"),
        ({"scheme": "Mã cũ", "code": "A", "valid_from": "02/01/2026", "valid_to": "01/01/2026"},
         "Ngày kết thúc phải từ ngày bắt đầu"),
        ({"scheme": "Mã cũ", "code": "H99.20"}, "đang chỉ một cơ quan khác"),
        ({"scheme": "mã cổng", "code": "dvc-20"}, "đang chỉ một cơ quan khác"),
        ({"scheme": "mã CỔNG", "code": "DVC-18"}, "đã được ghi"),
    ],
)  # fmt: skip
def test_a_wrong_code_is_refused_in_words_and_the_typed_text_stays(
    agency, other_agency, admin, sent, words
):
    for one, code in ((agency, "DVC-18"), (other_agency, "DVC-20")):
        services.agency_code_add(
            actor=one.actor("admin"), now=NOW, agency_id=one.agency_id, scheme="Mã cổng", code=code
        )
    before = JournalEntry.objects.count()
    answer = admin.post(CODES, sent)

    assert answer.status_code == 422
    text = answer.content.decode()
    assert words in text
    assert f'value="{sent["scheme"]}"' in text
    assert (AgencyCode.objects.count(), JournalEntry.objects.count()) == (2, before)


def test_a_code_of_another_agency_is_not_found(agency, other_agency, admin):
    code_id = services.agency_code_add(
        actor=other_agency.actor("admin"), now=NOW, agency_id=other_agency.agency_id,
        scheme="Mã cổng", code="DVC-20",
    )  # fmt: skip
    place = reverse("organization:code_remove", args=[code_id])

    assert admin.post(place, {"reason": "phá"}).status_code == 404
    with pytest.raises(NotFound):
        services.agency_code_remove(
            actor=agency.actor("admin"), now=NOW, agency_id=agency.agency_id, code_id=code_id,
            reason="phá",
        )  # fmt: skip
    assert AgencyCode.objects.count() == 1


def succession(agency, other_agency, **changes) -> dict[str, object]:
    return {
        "predecessor": agency.agency_id, "successor": other_agency.agency_id,
        "on": "01/07/2026", "basis": "Nghị quyết 12/NQ-HĐND ngày 20/6/2026", **changes,
    }  # fmt: skip


def test_the_province_writes_who_took_over_and_the_former_agency_ends_the_day_before(
    agency, other_agency, province
):
    sent = succession(agency, other_agency, ends_predecessor="on")
    assert province.post(HEIRS, sent).status_code == 302

    row = Agency.objects.get(pk=agency.agency_id)
    assert row.valid_to == date(2026, 6, 30)
    (line,) = queries.successions_of_province(row.province_id)
    assert (line.predecessor, line.on) == ("Sở Khoa học và Công nghệ", date(2026, 7, 1))
    (seen,) = queries.agency_successions(other_agency.agency_id)
    assert seen.is_predecessor
    assert seen.basis.startswith("Nghị quyết 12/NQ-HĐND")
    actions = set(JournalEntry.objects.values_list("action", flat=True))
    assert {"agency.succeeded", "agency.closed"} <= actions


def test_without_the_tick_the_former_agency_goes_on(agency, other_agency, province):
    assert province.post(HEIRS, succession(agency, other_agency)).status_code == 302

    assert Agency.objects.get(pk=agency.agency_id).valid_to is None
    page = province.get(HEIRS).content.decode()
    assert "1 lần kế thừa giữa các cơ quan" in page
    assert "Nghị quyết 12/NQ-HĐND" in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"on": "01/01/2026"}, "ngày kế thừa phải"),
        ({"on": "31/02/2026"}, "on"),
        ({"basis": "Theo chủ trương của tỉnh"}, "Hãy ghi số của nghị quyết"),
        ({"basis": ""}, "basis"),
        ({"successor": ""}, "successor"),
    ],
)
def test_a_wrong_succession_is_refused_in_words(agency, other_agency, province, changes, words):
    before = JournalEntry.objects.count()
    answer = province.post(HEIRS, succession(agency, other_agency, **changes))

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Succession.objects.exists()
    assert JournalEntry.objects.count() == before


def test_nobody_takes_over_from_the_own_heir_nor_twice(agency, other_agency, province):
    assert province.post(HEIRS, succession(agency, other_agency)).status_code == 302
    again = province.post(HEIRS, succession(agency, other_agency))
    turned = province.post(HEIRS, succession(other_agency, agency))

    assert "đã được ghi" in again.content.decode()
    assert "xem lại chiều kế thừa" in turned.content.decode()
    assert Succession.objects.count() == 1


def test_a_succession_written_by_mistake_is_taken_back(agency, other_agency, province):
    province.post(HEIRS, succession(agency, other_agency))
    place = reverse("organization:succession_remove", args=[Succession.objects.get().pk])

    assert province.post(place, {"reason": ""}).status_code == 422
    assert province.post(place, {"reason": "Ghi nhầm"}).status_code == 302
    assert not Succession.objects.exists()
    assert JournalEntry.objects.filter(action="agency.succession_removed").count() == 1


def test_a_succession_of_another_province_is_not_found(agency, province):
    common = {"actor": rules.setup_actor(), "now": NOW}
    elsewhere = [
        services.agency_setup(
            **common, name=f"Sở {code}", code=code, kind="so", province="tỉnh Khác",
            valid_from=SINCE,
        )
        for code in ("H98.1", "H98.2")
    ]  # fmt: skip
    row = services.succession_add(
        **common, predecessor_id=elsewhere[0], successor_id=elsewhere[1], on=TODAY,
        basis="Quyết định 9/QĐ-UBND",
    )  # fmt: skip
    place = reverse("organization:succession_remove", args=[row])

    assert province.post(place, {"reason": "phá"}).status_code == 404
    assert "Quyết định 9" not in province.get(HEIRS).content.decode()
    assert (
        province.post(HEIRS, succession(agency, agency, successor=elsewhere[1])).status_code == 422
    )
    assert Succession.objects.count() == 1


def test_only_the_provinces_administrator_writes_successions(agency, other_agency, admin):
    assert admin.get(HEIRS).status_code == 403
    assert admin.post(HEIRS, succession(agency, other_agency)).status_code == 403
    with pytest.raises((Forbidden, NotFound)):
        services.succession_add(
            actor=agency.actor("admin"), now=NOW, predecessor_id=agency.agency_id,
            successor_id=other_agency.agency_id, on=TODAY, basis="Quyết định 1/QĐ",
        )  # fmt: skip


LONG_AGO = Lifetime(SINCE, None)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, ""),
        ({"successor_id": 1}, "succession_same"),
        ({"ancestors": frozenset({2, 9})}, "succession_reversed"),
        ({"on": SINCE}, "succession_too_early"),
        ({"successor": Lifetime(TODAY + timedelta(days=1), None)}, "succession_too_early"),
        ({"successor": Lifetime(SINCE, TODAY - timedelta(days=1))}, "succession_too_late"),
        ({"basis": "không số"}, "basis_unnumbered"),
    ],
)
def test_what_may_follow_what(changes, code):
    asked = {
        "predecessor_id": 1, "successor_id": 2, "predecessor": LONG_AGO, "successor": LONG_AGO,
        "on": TODAY, "basis": "12/NQ-HĐND", "ancestors": frozenset(),
    }  # fmt: skip
    decision = decide_succession(**asked | changes)

    assert (decision.code if isinstance(decision, Refused) else "") == code


def test_a_chain_of_three_is_never_closed_into_a_ring(agency, other_agency):
    third = services.agency_setup(
        actor=rules.setup_actor(), now=NOW, name="Sở Nội vụ", code="H99.30", kind="so",
        province="tỉnh Lam Sơn", valid_from=SINCE,
    )  # fmt: skip
    chain = [agency.agency_id, other_agency.agency_id, third]
    common = {"actor": rules.setup_actor(), "now": NOW, "on": TODAY, "basis": "Nghị quyết 5/NQ"}
    for before, after in itertools.pairwise(chain):
        services.succession_add(**common, predecessor_id=before, successor_id=after)

    with pytest.raises(Refusal) as caught:
        services.succession_add(**common, predecessor_id=third, successor_id=chain[0])
    assert caught.value.code == "succession_reversed"


def test_an_agency_that_was_written_as_ended_is_not_ended_on_another_day(
    agency, other_agency, province
):
    """A division names the predecessor once for each successor; its last day stands."""
    services.agency_close(
        actor=agency.actor("tinh"), now=NOW, agency_id=other_agency.agency_id,
        valid_to=date(2026, 6, 30), reason="Quyết định 9/QĐ-UBND",
    )  # fmt: skip
    closed = JournalEntry.objects.filter(action="agency.closed")

    answer = province.post(HEIRS, succession(other_agency, agency, on="01/08/2026",
                                             ends_predecessor="on"))  # fmt: skip
    assert answer.status_code == 422
    assert "đã được ghi kết thúc ngày 30/06/2026" in answer.content.decode()
    assert not Succession.objects.exists()

    sent = succession(other_agency, agency, ends_predecessor="on")
    assert province.post(HEIRS, sent).status_code == 302
    assert Agency.objects.get(pk=other_agency.agency_id).valid_to == date(2026, 6, 30)
    assert closed.count() == 1
