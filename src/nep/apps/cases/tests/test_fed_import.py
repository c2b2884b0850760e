"""Files of another system become cases: looked at, brought in, once, with reasons for the rest."""

import csv
import io
from datetime import date, datetime, timedelta

import pytest

from nep.apps.cases import queries, services
from nep.apps.cases.models import (
    Case,
    CaseApplicant,
    CaseEvent,
    CasePause,
    FedImport,
    FedMapping,
    FedRow,
    StepRun,
)
from nep.apps.cases.rules import statuses
from nep.apps.cases.services import fed
from nep.apps.cases.tests.scene import PERMIT, Office, office
from nep.apps.documents.models import Revision
from nep.config.commands import import_cases
from nep.foundation.db import doctor
from nep.foundation.journal.models import JournalEntry
from nep.foundation.outbox.models import QueueRow
from nep.foundation.printing import SheetColumn, xlsx
from nep.kernel.errors import Conflict, Forbidden, NotFound, Refusal
from nep.kernel.vietnamese import VN
from tests.standing import kept

NOW = datetime(2026, 12, 20, 9, tzinfo=VN)
HEADS = ["Mã hồ sơ", "Mã TTHC", "Bước", "Người xử lý", "Bắt đầu", "Kết thúc", "Trạng thái"]
CODE = "1.009645"
FULL = [
    ["X1", CODE, "Tiếp nhận hồ sơ", "Hoàng Minh Tuấn", "01/12/2026 08:00", "01/12/2026 09:00", ""],
    ["X1", CODE, "Phân công thụ lý", "Đặng Văn Toàn", "01/12/2026 09:00", "01/12/2026 10:00", ""],
    ["X1", CODE, "Thẩm định hồ sơ", "Người ngoài", "01/12/2026 10:00", "04/12/2026 10:00", ""],
    ["X1", CODE, "Ký giấy phép", "Nguyễn Thị Thu Hà", "04/12/2026 10:00", "04/12/2026 11:00", ""],
    ["X1", CODE, "Trả kết quả", "Hoàng Minh Tuấn", "07/12/2026 08:00", "07/12/2026 08:10", ""],
]
OPEN = [
    ["X2", CODE, "Tiếp nhận hồ sơ", "Hoàng Minh Tuấn", "14/12/2026 08:00", "14/12/2026 09:00", ""],
    ["X2", CODE, "Phân công thụ lý", "Đặng Văn Toàn", "14/12/2026 09:00", "", ""],
]


def office_since_january() -> Office:
    found = office()
    in_force_since(date(2026, 1, 5))
    return found


at = kept(office_since_january)


def in_force_since(day: date) -> None:
    Revision.objects.update(effective_from=day)


def as_csv(rows, heads=HEADS, delimiter=",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([heads, *rows])
    return out.getvalue().encode("utf-8-sig")


def bring(at: Office, rows, *, heads=HEADS, now=NOW, **more) -> dict:
    (tally,) = fed.import_cases(
        actor=at.actor("tuan"), now=now,
        files=[("tep.csv", as_csv(rows, heads))], **more,
    )  # fmt: skip
    return tally


def standing() -> dict[str, int]:
    tables = (Case, StepRun, CaseEvent, CasePause, JournalEntry)
    return {table.__name__: table.objects.count() for table in tables}


def test_a_file_becomes_the_same_rows_as_a_case_run_here(at):
    tally = bring(at, [*FULL, *OPEN])

    assert {name: tally[name] for name in ("cases", "events", "matched", "unmatched")} == {
        "cases": 2, "events": 7, "matched": 7, "unmatched": 0,
    }  # fmt: skip
    done, running = Case.objects.get(code="X1"), Case.objects.get(code="X2")
    assert (done.origin, done.status, done.on_time) == ("fed", statuses.RETURNED, "truoc")
    assert done.revision_id == at.revision_id
    assert running.holder_person_id == at.scene.people["toan"]
    assert running.step_number == 2
    assert running.step_due_at is not None
    assert StepRun.objects.filter(case=done, late=True).count() == 1
    assert CaseApplicant.objects.count() == 0


def test_the_same_file_twice_changes_nothing(at):
    bring(at, [*FULL, *OPEN])
    before, case = standing(), Case.objects.get(code="X2")

    tally = bring(at, [*FULL, *OPEN], now=NOW + timedelta(days=1))

    assert (tally["cases"], tally["events"], tally["unchanged"]) == (0, 0, 7)
    assert standing() == before
    assert Case.objects.get(code="X2").version == case.version


def test_a_later_file_goes_on_with_the_log_and_keeps_what_stands(at):
    bring(at, OPEN)
    events = list(CaseEvent.objects.order_by("id").values_list("id", "kind", "at", "data"))
    runs = list(StepRun.objects.order_by("id").values_list("id", flat=True))
    closed = [[*OPEN[1][:5], "14/12/2026 11:00", ""]]
    following = [["X2", CODE, "Thẩm định hồ sơ", "Trần Thị Mai Lan", "14/12/2026 11:00", "", ""]]

    tally = bring(at, [OPEN[0], *closed, *following])

    assert (tally["cases"], tally["events"], tally["unchanged"]) == (1, 2, 1)
    now_there = list(CaseEvent.objects.order_by("id").values_list("id", "kind", "at", "data"))
    assert now_there[: len(events)] == events
    assert [kind for _, kind, *_ in now_there[len(events) :]] == ["step_completed", "step_opened"]
    assert list(StepRun.objects.order_by("id").values_list("id", flat=True))[:2] == runs
    case = Case.objects.get(code="X2")
    assert (case.step_number, case.holder_person_id) == (3, at.scene.people["lan"])


def test_a_case_that_stands_in_two_files_is_one_case_of_the_total(at):
    files = [("mot.csv", as_csv(FULL)), ("hai.csv", as_csv([*OPEN, FULL[0]]))]
    files.append(("ba.csv", as_csv([[*OPEN[1][:5], "14/12/2026 11:00", ""]])))

    tallies = fed.import_cases(actor=at.actor("tuan"), now=NOW, files=files)

    assert [(one["cases"], one["cases_again"]) for one in tallies] == [(1, 0), (1, 0), (1, 1)]
    assert import_cases._total(tallies)["cases"] == Case.objects.count() == 2


def test_a_row_that_comes_late_is_told_in_its_place_and_what_was_logged_stays(at):
    bring(at, FULL)
    case = Case.objects.get(code="X1")
    logged = list(CaseEvent.objects.order_by("id").values_list("id", "kind", "data"))
    late = ["X1", CODE, "Phân công thụ lý", "Ai đó", "01/12/2026 08:30", "01/12/2026 08:40", ""]

    tally = bring(at, [*FULL, late])

    assert (tally["cases"], tally["events"], tally["unchanged"]) == (1, 1, 5)
    assert tally["refused"] == []
    now_there = list(CaseEvent.objects.order_by("id").values_list("id", "kind", "data"))
    assert now_there[: len(logged)] == logged
    assert now_there[len(logged)][1] == "fed_retold"
    slip = queries.control_slip(actor=at.actor("lan"), case_id=case.pk)
    assert [row.number for row in slip.rows] == [1, 2, 2, 3, 4, 5]
    assert [found for _, found in doctor.examine() if found] == []


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["X3", "9.999999", "Ký", "A", "01/12/2026 08:00", "", ""], "không có thủ tục"),
        (["X3", CODE, "Ký", "A", "01/12/2025 08:00", "", ""], "chưa có quy trình đang áp dụng"),
        (["X3", "", "Ký", "A", "01/12/2026 08:00", "", ""], "Thiếu thủ tục"),
        (["", CODE, "Ký", "A", "01/12/2026 08:00", "", ""], "Thiếu mã hồ sơ"),
    ],
)
def test_what_cannot_be_taken_is_told_row_by_row_and_the_rest_is_taken(at, row, reason):
    tally = bring(at, [*OPEN, row])

    assert tally["cases"] == 1
    assert [one["row"] for one in tally["refused"]] == [4]
    assert reason in tally["refused"][0]["reason"]
    rows = tally["events"] + tally["unchanged"] + len(tally["refused"])
    assert rows == 3


def test_a_case_that_runs_here_is_not_overwritten(at):
    case = at.accept()

    tally = bring(at, [[case.code, *OPEN[0][1:]]])

    assert "đang được giải quyết trong Nếp" in tally["refused"][0]["reason"]
    assert Case.objects.get(pk=case.pk).origin == "run"


def test_one_tthc_may_be_named_for_a_whole_file(at):
    rows = [[row[0], *row[2:]] for row in OPEN]

    tally = bring(at, rows, heads=[HEADS[0], *HEADS[2:]], tthc_code=CODE)

    assert tally["cases"] == 1


def test_columns_may_be_named_on_the_command_line(at):
    named = {"case": "A", "tthc": "B", "step": "C", "start": "E", "end": "f", "x": "G"}

    tally = bring(at, OPEN, heads=["A", "B", "C", "D", "E", "F", "G"], named=named)

    assert (tally["cases"], tally["events"]) == (1, 2)


def test_only_who_may_import_brings_files_in(at):
    with pytest.raises(Forbidden):
        fed.import_cases(actor=at.actor("lan"), now=NOW, files=[("a.csv", as_csv(OPEN))])


def test_the_slip_names_people_who_are_not_in_the_agency(at):
    bring(at, FULL)
    case = Case.objects.get(code="X1")

    slip = queries.control_slip(actor=at.actor("lan"), case_id=case.pk)

    assert [row.receiver for row in slip.rows] == [
        "Hoàng Minh Tuấn", "Đặng Văn Toàn", "Người ngoài", "Nguyễn Thị Thu Hà", "Hoàng Minh Tuấn",
    ]  # fmt: skip
    assert slip.rows[3].giver == "Người ngoài"
    assert all(row.giver for row in slip.rows)
    assert [row.result for row in slip.rows] == ["truoc", "truoc", "tre", "truoc", ""]
    assert all(row.closed_at for row in slip.rows)


def test_fed_and_run_cases_count_in_the_same_figures(at):
    bring(at, [*FULL, *OPEN])
    at.accept(now=NOW)

    table = queries.figures(actor=at.actor("lan"), month=2026, now=NOW)

    assert (table.total.received, table.total.before, table.total.running) == (3, 1, 2)


def test_a_waiting_case_is_paused_and_goes_on_with_the_next_file(at):
    waiting = [*OPEN, ["X2", CODE, "", "Đặng Văn Toàn", "15/12/2026 08:00", "", "Chờ bổ sung"]]
    bring(at, waiting)
    case = Case.objects.get(code="X2")
    assert (case.status, case.paused_since) == (statuses.SUPPLEMENT, moment(15, 8))

    bring(at, [*waiting, ["X2", CODE, "", "", "16/12/2026 08:00", "", "Đang xử lý"]])

    case.refresh_from_db()
    assert (case.status, case.paused_since) == (statuses.RUNNING, None)
    assert CasePause.objects.get().ended_at == moment(16, 8)


def moment(day: int, hour: int) -> datetime:
    return datetime(2026, 12, day, hour, tzinfo=VN)


def looked(at: Office, data: bytes, *, name="tep.csv", by="tuan") -> FedImport:
    key = fed.fed_look(actor=at.actor(by), now=NOW, name=name, data=data)
    return FedImport.objects.get(pk=key)


def test_a_file_is_looked_at_tried_out_and_brought_in_by_the_worker(at):
    row = looked(at, as_csv([*FULL, *OPEN], delimiter=";"))
    assert row.columns["case"] == 0

    report = fed.fed_columns_set(
        actor=at.actor("tuan"), now=NOW, import_id=row.pk, columns=row.columns
    )
    assert (report["cases"], report["events"]) == (2, 7)
    assert Case.objects.count() == 0

    fed.fed_start(actor=at.actor("tuan"), now=NOW, import_id=row.pk)
    fed.fed_start(actor=at.actor("tuan"), now=NOW, import_id=row.pk)
    assert QueueRow.objects.filter(name=fed.FED_JOB).count() == 1
    fed.fed_run(import_id=row.pk, now=NOW)
    fed.fed_run(import_id=row.pk, now=NOW)

    row.refresh_from_db()
    assert (row.state, row.rows_done, row.report["cases"]) == ("done", 7, 2)
    assert Case.objects.count() == 2


def test_a_long_file_comes_in_part_by_part_and_is_told_as_a_whole(at):
    row = looked(at, as_csv([*FULL, *OPEN]))
    fed.fed_columns_set(actor=at.actor("tuan"), now=NOW, import_id=row.pk, columns=row.columns)
    fed.fed_start(actor=at.actor("tuan"), now=NOW, import_id=row.pk)

    assert fed.fed_run(import_id=row.pk, now=NOW, part_rows=2) is True
    row.refresh_from_db()
    assert (row.state, row.rows_done, Case.objects.count()) == ("running", 5, 1)
    assert fed.fed_run(import_id=row.pk, now=NOW, part_rows=2) is False

    row.refresh_from_db()
    assert (row.state, row.rows_done, row.report["cases"], Case.objects.count()) == (
        "done", 7, 2, 2,
    )  # fmt: skip
    assert "taken" not in row.report


def test_what_the_columns_mean_is_remembered_for_such_files(at):
    heads = ["A", "B", "C", "D", "E", "F", "G"]
    row = looked(at, as_csv(OPEN, heads=heads))
    assert row.columns == {}
    columns = {"case": 0, "tthc": 1, "step": 2, "actor": 3, "start": 4, "end": 5}
    fed.fed_columns_set(actor=at.actor("tuan"), now=NOW, import_id=row.pk, columns=columns)

    assert looked(at, as_csv(FULL, heads=heads)).columns == columns
    assert FedMapping.objects.count() == 1


def test_what_tells_of_the_applicant_is_not_kept_beside_the_file(at):
    heads = [*HEADS, "Người nộp", "Số điện thoại"]
    rows = [[*row, "Nguyễn Thị Bí Mật", "0912 345 678"] for row in OPEN]

    row = looked(at, as_csv(rows, heads=heads))
    fed.fed_columns_set(actor=at.actor("tuan"), now=NOW, import_id=row.pk, columns=row.columns)
    fed.fed_start(actor=at.actor("tuan"), now=NOW, import_id=row.pk)
    fed.fed_run(import_id=row.pk, now=NOW)

    kept = [*FedImport.objects.values_list("sample", "report"), *FedRow.objects.values_list("data")]
    kept += [*CaseEvent.objects.values_list("data"), *JournalEntry.objects.values_list("new")]
    assert Case.objects.count() == 1
    assert "Bí Mật" not in str(kept)
    assert "345 678" not in str(kept)


def test_columns_that_do_not_suffice_are_refused(at):
    row = looked(at, as_csv(OPEN))
    change = {"actor": at.actor("tuan"), "now": NOW, "import_id": row.pk}

    with pytest.raises(Refusal, match="Bắt đầu hoặc kết thúc"):
        fed.fed_columns_set(**change, columns={"case": 0, "step": 2})
    with pytest.raises(Refusal, match="hai ý nghĩa"):
        fed.fed_columns_set(**change, columns={"case": 0, "step": 0, "start": 4})
    with pytest.raises(NotFound):
        fed.fed_columns_set(**change, columns=row.columns, tthc_id=12345)


def test_only_who_may_import_sees_a_file_and_no_other_agency(at, other_agency):
    row = looked(at, as_csv(OPEN))

    with pytest.raises(Forbidden):
        looked(at, as_csv(OPEN), by="lan")
    with pytest.raises(NotFound):
        fed.fed_start(actor=other_agency.actor("tuan"), now=NOW, import_id=row.pk)


def test_a_started_import_keeps_its_columns(at):
    row = looked(at, as_csv(OPEN))
    change = {"actor": at.actor("tuan"), "now": NOW, "import_id": row.pk}
    fed.fed_columns_set(**change, columns=row.columns)
    fed.fed_start(**change)

    with pytest.raises(Conflict):
        fed.fed_columns_set(**change, columns=row.columns)


def test_excel_files_are_read_below_a_title(at):
    data = xlsx(
        [("Hồ sơ", [SheetColumn("BÁO CÁO"), *[SheetColumn("")] * 6], [[""] * 7, HEADS, *OPEN])]
    )

    row = looked(at, data, name="tep.xlsx")

    assert row.columns["case"] == 0
    assert row.rows == 2


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.csv", "Mã,Bước\n1,Ký\n".encode("utf-16-le"), "file_kind"),
        ("a.csv", "Mã,Bước\n1,Ký\n".encode("cp1258", "replace"), "file_kind"),
        ("a.csv", b"Ma ho so\n", "file_no_rows"),
        ("a.pdf", b"%PDF-1.7 x", "file_kind"),
        ("a.xlsx", b"PK\x03\x04 broken", "file_broken"),
        ("a.xls", b"\xd0\xcf\x11\xe0 old", "file_old_or_encrypted"),
        ("a.csv", b"", "file_empty"),
    ],
)
def test_what_is_no_table_is_refused_with_a_sentence(at, name, data, code):
    with pytest.raises(Refusal) as refused:
        looked(at, data, name=name)

    assert refused.value.code == code
    assert refused.value.message.endswith(".")
    assert FedImport.objects.count() == 0


def test_the_plan_of_the_scene_is_the_one_the_files_speak_of():
    assert [step.name for step in PERMIT.steps] == [row[2] for row in FULL]


def test_what_another_system_deals_with_is_not_dealt_with_here(at):
    bring(at, OPEN)
    case = Case.objects.get(code="X2")
    run, ha = StepRun.objects.get(case=case, closed_at=None), at.actor("ha")
    facts = {"now": NOW, "case_id": case.pk}
    doer, said = at.actor("toan"), "Lãnh đạo tỉnh yêu cầu"
    acts = (
        lambda: services.step_complete(actor=doer, now=NOW, run_id=run.pk),
        lambda: services.case_pause(actor=doer, kind="payment", reason=said, **facts),
        lambda: services.case_refuse(actor=doer, reason=said, late_reason=said, **facts),
        lambda: services.case_withdraw(actor=at.actor("tuan"), reason=said, **facts),
        lambda: services.case_stop(actor=ha, reason=said, **facts),
        lambda: services.case_extend(actor=ha, reason=said, new_on=moment(31, 0).date(), **facts),
        lambda: services.case_urgent_set(actor=ha, urgent=True, reason=said, **facts),
    )
    for act in acts:
        with pytest.raises(Refusal, match="hệ thống một cửa của tỉnh") as told:
            act()
        assert told.value.code == "fed_case"
