"""The life of a file: closed, opened again, held, handed over, destroyed with a stub."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from nep.apps.organization import services as organization
from nep.apps.organization.models import Delegation
from nep.apps.organization.rules import setup_actor
from nep.apps.organization.tests.scene import NOW
from nep.apps.records import queries, services
from nep.apps.records.models import (
    Disposal,
    DisposalLine,
    LeaverHandover,
    Record,
    RecordFile,
)
from nep.apps.records.tests import make
from nep.foundation.files.models import StoredFile
from nep.foundation.files.services import path_of
from nep.foundation.journal.models import JournalEntry
from nep.kernel.errors import Conflict, Forbidden, NotFound, Refusal
from nep.kernel.vietnamese import VN

LATER = datetime(2038, 1, 4, 9, 0, tzinfo=VN)


@pytest.fixture
def line(agency):
    return make.series(agency, make.plan(agency))


@pytest.fixture
def file_id(agency, line):
    make.deposit(agency, series_id=line, file_id=make.stored(agency))
    return RecordFile.objects.get().id


def close(agency, file_id, *, by="lan", **more):
    services.file_close(actor=agency.actor(by), file_id=file_id, now=NOW, **more)


def propose(agency, *ids, now=LATER):
    return services.disposal_propose(actor=agency.actor("thu"), file_ids=ids, remark="", now=now)


def approve(agency, disposal_id, *, by="ha", number="45/QĐ-SKHCN"):
    services.disposal_approve(
        actor=agency.actor(by), disposal_id=disposal_id, council="Hội đồng theo QĐ 40/QĐ-SKHCN",
        decision_number=number, decision_on=date(2038, 1, 2), now=LATER,
    )  # fmt: skip


def test_a_closed_file_takes_nothing_more_and_its_retention_runs_from_the_years_end(
    agency, line, file_id
):
    close(agency, file_id)
    with pytest.raises(Refusal) as refused:
        make.deposit(agency, record_file_id=file_id)
    make.deposit(agency, series_id=line)
    row = RecordFile.objects.get(pk=file_id)

    assert refused.value.code == "file_closed"
    assert (row.state, row.retain_until, row.sealed_count) == ("closed", date(2036, 12, 31), 1)
    assert sorted(RecordFile.objects.values_list("code", flat=True)) == [
        "ISO.01-01/2026", "ISO.01-02/2026",
    ]  # fmt: skip


def test_a_file_is_not_closed_empty_or_without_a_retention(agency, line):
    empty = services.file_open(actor=agency.actor("lan"), series_id=line, title="Trống", now=NOW)
    with pytest.raises(Refusal, match="chưa có văn bản"):
        close(agency, empty)
    other = make.series(agency, RecordFile.objects.get().series.plan_id, "ISO.02", years=None)
    make.deposit(agency, series_id=other)
    undecided = RecordFile.objects.get(series_id=other).id
    with pytest.raises(Refusal, match="thời hạn lưu"):
        close(agency, undecided)
    close(agency, undecided, is_permanent=True)
    assert RecordFile.objects.get(pk=undecided).retain_until is None


def test_paper_is_counted_when_its_file_is_closed(agency, line):
    paper = services.file_open(
        actor=agency.actor("lan"), series_id=line, title="Giấy", medium="paper", now=NOW
    )
    with pytest.raises(Refusal, match="số tờ"):
        close(agency, paper)
    close(agency, paper, sheets=120)
    assert RecordFile.objects.get(pk=paper).sheets == 120


def test_a_closed_file_opens_again_only_with_a_reason(agency, file_id):
    close(agency, file_id)
    with pytest.raises(Refusal) as refused:
        services.file_reopen(actor=agency.actor("lan"), file_id=file_id, reason="", now=NOW)
    services.file_reopen(
        actor=agency.actor("lan"), file_id=file_id, reason="Bổ sung biên bản thiếu", now=NOW
    )

    assert refused.value.code == "reason_missing"
    assert RecordFile.objects.get().retain_until is None
    assert make.deposit(agency, record_file_id=file_id)


def test_only_the_keeper_the_head_and_the_manager_work_on_a_file(agency, other_agency, file_id):
    with pytest.raises(Forbidden):
        close(agency, file_id, by="huy")
    with pytest.raises(NotFound):
        close(other_agency, file_id, by="thu2")
    close(agency, file_id, by="toan")
    assert RecordFile.objects.get().state == "closed"


def test_who_comes_second_with_a_close_is_told(agency, file_id):
    version = RecordFile.objects.get().version
    services.file_change(actor=agency.actor("lan"), file_id=file_id, version=version,
                         title="Tên mới", medium="digital", location="Tủ 3", now=NOW)  # fmt: skip
    with pytest.raises(Conflict):
        close(agency, file_id, version=version)


def test_closed_files_go_to_the_archive_together_or_not_at_all(agency, line, file_id):
    close(agency, file_id)
    short = services.file_open(actor=agency.actor("lan"), series_id=line, title="Ngắn", now=NOW)
    make.deposit(agency, record_file_id=short)
    close(agency, short, years=2)

    def transfer(*ids):
        return services.transfer_make(
            actor=agency.actor("thu"), file_ids=ids, receiver="Ngô Thị Lưu",
            receiver_position="Lưu trữ cơ quan", remark="", now=NOW,
        )  # fmt: skip

    with pytest.raises(Refusal, match="từ 5 năm"):
        transfer(file_id, short)
    assert RecordFile.objects.filter(state="transferred").count() == 0
    transfer(file_id)
    assert RecordFile.objects.get(pk=file_id).transferred_on == NOW.date()
    with pytest.raises(Refusal):
        transfer(file_id)


def test_minutes_made_by_mistake_are_cancelled_and_the_files_go_again(agency, file_id):
    close(agency, file_id)
    thu = agency.actor("thu")

    def transfer():
        return services.transfer_make(
            actor=thu, file_ids=[file_id], receiver="Ngô Thị Lưu",
            receiver_position="Lưu trữ cơ quan", remark="", now=NOW,
        )  # fmt: skip

    first = transfer()
    with pytest.raises(Refusal, match="lý do"):
        services.transfer_cancel(actor=thu, transfer_id=first, reason=" ", now=LATER)
    with pytest.raises(Forbidden):
        services.transfer_cancel(
            actor=agency.actor("lan"), transfer_id=first, reason="Lập nhầm hồ sơ", now=LATER
        )
    services.transfer_cancel(actor=thu, transfer_id=first, reason="Lập nhầm hồ sơ", now=LATER)
    row = RecordFile.objects.get(pk=file_id)
    assert (row.state, row.transferred_on) == ("closed", None)
    page = queries.transfer_page(actor=thu, transfer_id=first)
    assert [one.id for one in page.files] == [file_id]
    assert (page.cancelled_by, page.cancelled_reason) == ("Lý Thị Thư", "Lập nhầm hồ sơ")
    with pytest.raises(Refusal, match="đã hủy rồi"):
        services.transfer_cancel(actor=thu, transfer_id=first, reason="Lập nhầm hồ sơ", now=LATER)
    second = transfer()
    assert RecordFile.objects.get(pk=file_id).state == "transferred"
    lines = queries.movements(actor=thu)
    assert {one.id: one.state_name for one in lines} == {
        first: "Đã hủy biên bản", second: "Đã giao nhận",
    }  # fmt: skip
    assert {one.number for one in lines} == {"01/2026", "02/2026"}


def test_a_file_is_proposed_only_when_its_time_is_over_and_nobody_holds_it(agency, file_id):
    close(agency, file_id)
    with pytest.raises(Refusal, match="31/12/2036"):
        propose(agency, file_id, now=NOW)
    services.file_hold(actor=agency.actor("thu"), file_id=file_id, now=LATER,
                       reason="Thanh tra tỉnh yêu cầu", authority="Thanh tra tỉnh")  # fmt: skip
    with pytest.raises(Refusal, match="giữ lại"):
        propose(agency, file_id)
    services.hold_lift(
        actor=agency.actor("thu"), file_id=file_id, reason="Kết luận thanh tra số 9", now=LATER
    )
    propose(agency, file_id)
    with pytest.raises(Refusal, match="đã nằm trong"):
        propose(agency, file_id)


def test_disposal_takes_three_acts_of_two_people_and_leaves_a_stub(
    agency, file_id, django_capture_on_commit_callbacks
):
    close(agency, file_id)
    agency.appoint("thu", "LD", "leader", "Phó Giám đốc")
    disposal_id = propose(agency, file_id)
    with pytest.raises(Refusal) as own:
        approve(agency, disposal_id, by="thu")
    with pytest.raises(Refusal) as early:
        services.disposal_execute(actor=agency.actor("thu"), disposal_id=disposal_id, now=LATER)
    approve(agency, disposal_id)
    with django_capture_on_commit_callbacks(execute=True):
        removed = services.disposal_execute(
            actor=agency.actor("thu"), disposal_id=disposal_id, now=LATER
        )
    stub, file = Record.objects.get(), RecordFile.objects.get()

    assert (own.value.code, early.value.code) == ("proposer_is_approver", "disposal_state")
    assert removed == 1
    assert (stub.stored_file_id, stub.sha256, stub.title) == (
        None, make.digest(), "Biên bản họp soát xét tài liệu",
    )  # fmt: skip
    assert (file.state, file.destroyed_on) == ("destroyed", LATER.date())
    assert DisposalLine.objects.get().hashes[0]["sha256"] == make.digest()
    assert not StoredFile.objects.exists()
    assert not path_of(make.digest()).exists()
    assert JournalEntry.objects.filter(action="disposal.executed").count() == 1


def test_bytes_that_another_row_names_stay(agency, file_id, django_capture_on_commit_callbacks):
    other = make.stored(agency, name="ban-khac.csv")
    close(agency, file_id)
    disposal_id = propose(agency, file_id)
    approve(agency, disposal_id)
    with django_capture_on_commit_callbacks(execute=True):
        services.disposal_execute(actor=agency.actor("thu"), disposal_id=disposal_id, now=LATER)

    assert list(StoredFile.objects.values_list("id", flat=True)) == [other]
    assert path_of(make.digest()).exists()


def test_a_stored_file_that_two_records_name_is_forgotten_once(
    agency, file_id, django_capture_on_commit_callbacks
):
    record = Record.objects.get()
    make.deposit(agency, record_file_id=file_id, file_id=record.stored_file_id)
    close(agency, file_id)
    disposal_id = propose(agency, file_id)
    approve(agency, disposal_id)
    with django_capture_on_commit_callbacks(execute=True):
        removed = services.disposal_execute(
            actor=agency.actor("thu"), disposal_id=disposal_id, now=LATER
        )

    assert removed == 1
    assert not StoredFile.objects.exists()
    assert not path_of(make.digest()).exists()


def test_a_hold_placed_meanwhile_stops_the_whole_disposal(agency, file_id):
    close(agency, file_id)
    disposal_id = propose(agency, file_id)
    approve(agency, disposal_id)
    services.file_hold(
        actor=agency.actor("thu"), file_id=file_id, reason="Đơn khiếu nại số 7", now=LATER
    )
    with pytest.raises(Refusal, match="giữ lại"):
        services.disposal_execute(actor=agency.actor("thu"), disposal_id=disposal_id, now=LATER)
    assert Disposal.objects.get().state == "approved"
    assert Record.objects.get().stored_file_id


def test_a_rejected_disposal_sets_its_files_free(agency, file_id):
    close(agency, file_id)
    disposal_id = propose(agency, file_id)
    services.disposal_reject(
        actor=agency.actor("ha"), disposal_id=disposal_id, reason="Còn cần đối chiếu", now=LATER
    )
    assert propose(agency, file_id) != disposal_id


def test_what_a_leaver_keeps_goes_to_the_receiver_or_nothing_goes(agency, file_id):
    def leave(**receivers):
        return services.leaver_hand_over(
            actor=agency.actor("thu"), person_id=agency.people["lan"], receivers=receivers,
            reason="Chuyển công tác theo QĐ 12/QĐ", now=NOW,
        )  # fmt: skip

    with pytest.raises(Refusal) as nobody:
        leave()
    with pytest.raises(Refusal) as oneself:
        leave(files=agency.people["lan"])
    assert (nobody.value.code, oneself.value.code) == ("receiver_missing", "receiver_is_leaver")
    leave(files=agency.people["huy"])

    assert RecordFile.objects.get().keeper_id == agency.people["huy"]
    assert JournalEntry.objects.filter(action="leaver.handed_over").count() == 1
    with pytest.raises(Refusal, match="không giữ gì"):
        leave(files=agency.people["huy"])


def lend(agency) -> int:
    """Let Huy act for Lan for a month."""
    today = NOW.date()
    return organization.delegation_start(
        actor=setup_actor(), now=NOW, agency_id=agency.agency_id, appointment_id=agency.hat("lan"),
        receiver_id=agency.people["huy"], prefix="TL.", starts_on=today,
        ends_on=today + timedelta(days=30),
    )  # fmt: skip


def test_the_delegations_of_a_leaver_end_with_the_hand_over_and_its_reason(agency, file_id):
    delegation_id = lend(agency)
    services.leaver_hand_over(
        actor=agency.actor("thu"), person_id=agency.people["lan"], now=NOW,
        receivers={"files": agency.people["huy"]}, reason="Nghỉ hưu theo QĐ 12/QĐ",
    )  # fmt: skip
    row = Delegation.objects.get(pk=delegation_id)
    (told,) = [one for one in LeaverHandover.objects.get().groups if "Ủy quyền" in one["label"]]

    assert row.revoked_on == NOW.date()
    assert row.end_reason == "Bàn giao khi thôi việc: Nghỉ hưu theo QĐ 12/QĐ"
    assert (told["moved"], told["receiver"], len(told["lines"])) == (True, "", 1)
    assert JournalEntry.objects.filter(action="delegation.ended").count() == 1


def test_a_delegation_that_is_kept_stands_and_the_minutes_say_so(agency, file_id):
    delegation_id = lend(agency)
    services.leaver_hand_over(
        actor=agency.actor("thu"), person_id=agency.people["lan"], now=NOW, kept={"delegations"},
        receivers={"files": agency.people["huy"]}, reason="Nghỉ hưu theo QĐ 12/QĐ",
    )  # fmt: skip
    (told,) = [one for one in LeaverHandover.objects.get().groups if "Ủy quyền" in one["label"]]

    assert Delegation.objects.get(pk=delegation_id).revoked_on is None
    assert not told["moved"]
    with pytest.raises(Forbidden):
        organization.delegations_hand_back(
            actor=agency.actor("huy"), now=NOW, person_id=agency.people["lan"],
            delegation_ids=[delegation_id], reason="Nghỉ hưu",
        )  # fmt: skip
    with pytest.raises(NotFound):
        organization.delegations_hand_back(
            actor=agency.actor("thu"), now=NOW, person_id=agency.people["toan"],
            delegation_ids=[delegation_id], reason="Nghỉ hưu",
        )  # fmt: skip


def test_a_disposal_is_decided_by_the_right_over_records_not_over_documents(agency, file_id):
    close(agency, file_id)
    disposal_id = propose(agency, file_id)
    said = {
        "disposal_id": disposal_id, "council": "Hội đồng", "decision_number": "45/QĐ",
        "decision_on": LATER.date(), "now": LATER,
    }  # fmt: skip
    of_documents = replace(agency.actor("ha"), permissions=frozenset({"document.approve"}))
    of_records = replace(agency.actor("ha"), permissions=frozenset({"record.approve"}))

    with pytest.raises(Forbidden, match="quyết định tiêu hủy"):
        services.disposal_approve(actor=of_documents, **said)
    with pytest.raises(Forbidden):
        services.disposal_reject(
            actor=of_documents, disposal_id=disposal_id, reason="Còn cần", now=LATER
        )
    services.disposal_approve(actor=of_records, **said)
    assert Disposal.objects.get().state == "approved"
