"""Records come in once, into the right file, and never into a closed one."""

from datetime import date, timedelta

import pytest

from nep.apps.organization import services as organization
from nep.apps.organization.tests.scene import NOW
from nep.apps.records import queries, services
from nep.apps.records.models import Record, RecordFile
from nep.apps.records.tests import make
from nep.foundation.journal.models import JournalEntry
from nep.kernel.errors import Forbidden, NotFound, Refusal


def test_a_record_opens_the_collecting_file_of_its_series_and_takes_the_next_number(agency):
    line = make.series(agency, make.plan(agency))
    first = make.deposit(agency, series_id=line, file_id=make.stored(agency))
    second = make.deposit(agency, series_id=line)
    file = RecordFile.objects.get()

    assert (file.code, file.keeper_id, file.retention_years) == (
        "ISO.01-01/2026", agency.people["lan"], 10,
    )  # fmt: skip
    assert list(Record.objects.order_by("number").values_list("id", "number")) == [
        (first, 1), (second, 2),
    ]  # fmt: skip
    assert Record.objects.get(pk=first).sha256 == make.digest()
    assert JournalEntry.objects.filter(action="record.deposited").count() == 2


def test_the_same_source_is_deposited_once(agency):
    line = make.series(agency, make.plan(agency))
    one = make.deposit(agency, series_id=line, source_type="revision", source_id=7)

    assert make.deposit(agency, series_id=line, source_type="revision", source_id=7) == one
    assert Record.objects.count() == 1


def test_the_setting_says_which_series_collects_a_kind_of_source(agency):
    make.series(agency, make.plan(agency))
    nothing = services.record_collect(
        agency_id=agency.agency_id, title="Hồ sơ", source_type="case", source_id=1, file_id=None,
        made_on=date(2026, 3, 2), now=NOW,
    )  # fmt: skip
    services.deposit_rule_set(
        actor=agency.actor("thu"), source_type="case", series_code="iso.01", now=NOW
    )
    for _again in range(2):
        services.record_collect(
            agency_id=agency.agency_id, title="Hồ sơ", source_type="case", source_id=1,
            file_id=None, made_on=date(2026, 3, 2), now=NOW,
        )  # fmt: skip

    assert nothing is None
    assert Record.objects.get().file.code == "ISO.01-01/2026"


def test_a_year_without_a_plan_leaves_the_record_to_be_filed(agency):
    make.series(agency, make.plan(agency))
    services.deposit_rule_set(
        actor=agency.actor("thu"), source_type="case", series_code="ISO.01", now=NOW
    )
    services.record_collect(
        agency_id=agency.agency_id, title="Hồ sơ", source_type="case", source_id=1, file_id=None,
        made_on=date(2025, 3, 2), now=NOW,
    )  # fmt: skip

    assert Record.objects.get().file is None


@pytest.mark.parametrize(
    ("change", "code"),
    [({"title": " "}, "title_missing"), ({"source_type": "thư"}, "source_unknown")],
)
def test_a_record_needs_a_title_and_a_known_source(agency, change, code):
    with pytest.raises(Refusal) as refused:
        make.deposit(agency, **change)
    assert refused.value.code == code
    assert not Record.objects.exists()


def test_another_agencys_series_and_bytes_are_not_found(agency, other_agency):
    line = make.series(agency, make.plan(agency))
    with pytest.raises(NotFound):
        make.deposit(other_agency, series_id=line)
    with pytest.raises(NotFound):
        make.deposit(other_agency, file_id=make.stored(agency))
    assert not Record.objects.exists()


def test_who_keeps_no_records_deposits_none(agency):
    agency.person("xem", "Vũ Thị Xem", ("PKH", "viewer", "Người xem"))
    with pytest.raises(Forbidden):
        make.deposit(agency, by="xem")


def test_a_plan_is_copied_forward_and_approved_by_another_person(agency):
    old = make.plan(agency, year=2026)
    make.series(agency, old, basis="QĐ số 12/QĐ-STP")
    new = services.plan_open(actor=agency.actor("thu"), year=2027, copy_year=2026, now=NOW)
    with pytest.raises(Refusal) as twice:
        services.plan_open(actor=agency.actor("thu"), year=2027, now=NOW)
    with pytest.raises(Forbidden):
        services.plan_approve(actor=agency.actor("thu"), plan_id=new, decision="1/QĐ", now=NOW)
    services.plan_approve(actor=agency.actor("ha"), plan_id=new, decision="02/QĐ-SKHCN", now=NOW)

    assert twice.value.code == "plan_exists"
    assert services.plan_open(actor=agency.actor("thu"), year=2028, copy_year=2027, now=NOW)


def collected(agency) -> int:
    """Deposit a revision's file by the agency's setting; return the line of the plan."""
    line = make.series(agency, make.plan(agency))
    make.deposit(
        agency, series_id=line, source_type="revision", source_id=7, file_id=make.stored(agency)
    )
    return line


def further(agency, text: str) -> services.EditionOutcome | None:
    return services.record_edition(
        agency_id=agency.agency_id, source_type="revision", source_id=7,
        file_id=make.stored(agency, text), reason="bản công bố được ký số", now=NOW,
    )  # fmt: skip


def test_a_further_edition_stands_in_the_record_and_the_bytes_before_beside_it(agency, client):
    collected(agency)
    further(agency, "a;b\n3;4\n")
    further(agency, "a;b\n3;4\n")
    row = Record.objects.get()
    page = queries.file_page(actor=agency.actor("lan"), file_id=row.file_id)

    assert row.sha256 == make.digest("a;b\n3;4\n")
    assert [one.sha256 for one in page.records[0].editions] == [make.digest()]
    assert JournalEntry.objects.filter(action="record.edition_added").count() == 1
    agency.sign_in(client, "lan")
    shown = client.get(f"/luu-tru/ho-so/{row.file_id}/").content.decode()
    address = f"/luu-tru/van-ban/{row.pk}/ban/1/"
    assert "bản công bố được ký số" in shown and address in shown
    assert client.get(address).content == b"a;b\n1;2\n"
    assert client.get(f"/luu-tru/van-ban/{row.pk}/ban/2/").status_code == 404


def test_a_closed_file_takes_no_further_edition_and_says_so(agency):
    collected(agency)
    RecordFile.objects.update(state="closed", closed_on=NOW.date(), sealed_count=1)
    outcome = further(agency, "a;b\n3;4\n")

    assert outcome is not None and not outcome.is_taken
    assert outcome.keeper_id == agency.people["lan"]
    assert Record.objects.get().sha256 == make.digest()
    assert JournalEntry.objects.filter(action="record.edition_left_out").count() == 1
    assert services.record_edition(
        agency_id=agency.agency_id, source_type="revision", source_id=8,
        file_id=make.stored(agency), reason="không có", now=NOW,
    ) is None  # fmt: skip


def test_a_collecting_file_is_not_given_to_a_keeper_who_has_left(agency):
    line = make.series(agency, make.plan(agency))
    organization.appointment_end(
        actor=agency.actor("admin"), now=NOW, agency_id=agency.agency_id,
        appointment_id=agency.hat("lan"), ends_on=NOW.date() - timedelta(days=1),
        reason="Chuyển công tác",
    )  # fmt: skip
    services.deposit_rule_set(
        actor=agency.actor("thu"), source_type="case", series_code="ISO.01", now=NOW
    )

    services.record_collect(
        agency_id=agency.agency_id, title="Hồ sơ", source_type="case", source_id=1, file_id=None,
        made_on=date(2026, 12, 9), now=NOW,
    )  # fmt: skip

    file = RecordFile.objects.get()
    assert (file.series_id, file.keeper_id) == (line, agency.people["thu"])


def test_an_issued_plan_is_changed_only_by_another_edition(agency):
    plan = make.plan(agency)
    line = make.series(agency, plan)
    make.deposit(agency, series_id=line)
    thu, ha = agency.actor("thu"), agency.actor("ha")
    services.plan_approve(actor=ha, plan_id=plan, decision="02/QĐ-SKHCN", now=NOW)

    with pytest.raises(Refusal) as changed:
        make.series(agency, plan, series_id=line, version=1, years=1)
    with pytest.raises(Refusal) as added:
        make.series(agency, plan, "ISO.02")
    with pytest.raises(Refusal) as dropped:
        services.series_drop(actor=thu, series_id=line, now=NOW)
    with pytest.raises(Refusal) as unsaid:
        services.plan_reopen(actor=thu, plan_id=plan, reason=" ", now=NOW)
    assert [one.value.code for one in (changed, added, dropped, unsaid)] == [
        "plan_issued", "plan_issued", "plan_issued", "reason_missing",
    ]  # fmt: skip

    services.plan_reopen(actor=thu, plan_id=plan, reason="Thông tư mới đổi thời hạn", now=NOW)
    make.series(agency, plan, series_id=line, version=1, years=20)
    spare = make.series(agency, plan, "ISO.02")
    services.series_drop(actor=thu, series_id=spare, now=NOW)
    assert RecordFile.objects.get().retention_years == 10  # until the edition is issued
    page = queries.plan_page(actor=thu, year=2026)
    assert (page.state, page.decision, page.edition) == ("draft", "", 2)

    services.plan_approve(actor=ha, plan_id=plan, decision="09/QĐ-SKHCN", now=NOW)
    assert RecordFile.objects.get().retention_years == 20
    told = JournalEntry.objects.get(action="file_plan.reopened")
    assert "02/QĐ-SKHCN" in told.old
    assert told.reason == "Thông tư mới đổi thời hạn"
