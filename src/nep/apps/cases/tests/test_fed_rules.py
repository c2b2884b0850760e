"""What the rows of another system mean: columns, times, steps, and the timeline they make."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import pairwise

import pytest

from nep.apps.cases.rules import statuses
from nep.apps.cases.rules.fed_columns import (
    find_header,
    headers_hash,
    is_personal,
    missing_fields,
    propose_columns,
    read_moment,
    read_rows,
)
from nep.apps.cases.rules.fed_steps import match_step, status_of
from nep.apps.cases.rules.fed_timeline import Terms, timeline
from nep.apps.cases.rules.plan import Plan, plan_of
from nep.apps.cases.tests.scene import PERMIT
from nep.apps.procedures.rules.table import to_process
from nep.bpmn import compile_process
from nep.kernel.vietnamese import VN
from nep.worktime import compile_calendar, vietnam_spec

NOW = datetime(2026, 12, 20, 9, tzinfo=VN)
HEADS = ["Mã hồ sơ", "Bước", "Người xử lý", "Bắt đầu", "Kết thúc", "Trạng thái"]


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 12, day, hour, minute, tzinfo=VN)


@pytest.fixture(scope="module")
def plan() -> Plan:
    compiled = compile_process(to_process(PERMIT))
    return plan_of(compiled, [step.id for step in PERMIT.steps])


@pytest.fixture(scope="module")
def calendar():
    return compile_calendar(
        vietnam_spec(
            days=[], noticed_years=frozenset({2026}), first_year=2025, last_year=2027, version="t"
        )
    )


def rows_of(*lines, heads=HEADS, now=NOW):
    table = [heads, *lines]
    return read_rows(table, columns=propose_columns(heads), header=0, now=now)


def made(lines, plan, calendar, *, heads=HEADS, policy="stop", amount=10):
    rows, faults = rows_of(*lines, heads=heads)
    assert faults == []
    terms = Terms(plan, calendar, Decimal(amount), "working_day", policy)
    return timeline(rows, terms=terms)


@pytest.mark.parametrize(
    ("heads", "expected"),
    [
        (HEADS, {"case": 0, "step": 1, "actor": 2, "start": 3, "end": 4, "status": 5}),
        (
            ["MaHoSo", "MaTTHC", "NguoiXuLy", "ThoiDiemXuLy", "NoiDungXuLy", "TrangThai"],
            {"case": 0, "tthc": 1, "actor": 2, "end": 3, "step": 4, "status": 5},
        ),
        (
            ["case:concept:name", "concept:name", "org:resource", "time:timestamp"],
            {"case": 0, "step": 1, "actor": 2, "end": 3},
        ),
        (
            ["STT", "Số hồ sơ", "Tên thủ tục hành chính", "Công việc", "Từ ngày", "Đến ngày"],
            {"case": 1, "tthc": 2, "step": 3, "start": 4, "end": 5},
        ),
        (["mã hồ sơ".upper(), "BƯỚC XỬ LÝ", "Ngày xử lý"], {"case": 0, "step": 1, "end": 2}),
    ],
)
def test_columns_are_proposed_by_their_heads(heads, expected):
    assert propose_columns(heads) == expected


@pytest.mark.parametrize(
    "head",
    ["Người nộp", "Chủ hồ sơ", "Số điện thoại", "CCCD/CMND", "Địa chỉ", "E-mail", "Họ và tên"],
)
def test_columns_about_the_applicant_are_never_proposed(head):
    assert is_personal(head.replace("E-mail", "Email"))
    assert 1 not in propose_columns(["Mã hồ sơ", head]).values()


def test_columns_of_work_are_not_taken_for_personal():
    known = ["Mã hồ sơ", "Người xử lý", "Cán bộ thụ lý", "Bước", "Ngày nhận", "Trạng thái"]
    assert [head for head in known if is_personal(head)] == []


def test_the_heads_are_found_below_a_title():
    table = [["BÁO CÁO HỒ SƠ", None], [None, None], ["Mã hồ sơ", "Bước"], ["1", "2"]]

    assert find_header(table) == 2


def test_the_same_heads_with_other_spelling_are_the_same_file_kind():
    assert headers_hash(["Mã hồ sơ", "Bước"]) == headers_hash(["MÃ HỒ  SƠ", "bước"])
    assert headers_hash(["Mã hồ sơ", "Bước"]) != headers_hash(["Bước", "Mã hồ sơ"])


def test_a_mapping_without_time_says_what_is_missing():
    assert missing_fields({"case": 0, "step": 1}) == ["Bắt đầu hoặc kết thúc"]
    assert missing_fields({"case": 0, "status": 1, "end": 2}) == []


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("05/01/2026", datetime(2026, 1, 5, tzinfo=VN)),
        ("05/01/2026 08:30", datetime(2026, 1, 5, 8, 30, tzinfo=VN)),
        ("5-1-2026 8:30:15", datetime(2026, 1, 5, 8, 30, 15, tzinfo=VN)),
        ("08:30 05/01/2026", datetime(2026, 1, 5, 8, 30, tzinfo=VN)),
        ("08:30 ngày 05/01/2026", datetime(2026, 1, 5, 8, 30, tzinfo=VN)),
        ("2026-01-05T08:30:00+00:00", datetime(2026, 1, 5, 8, 30, tzinfo=UTC)),
        ("2026-01-05 08:30", datetime(2026, 1, 5, 8, 30, tzinfo=VN)),
        ("20260105083000", datetime(2026, 1, 5, 8, 30, tzinfo=VN)),
        (datetime(2026, 1, 5, 8, 30), datetime(2026, 1, 5, 8, 30, tzinfo=VN)),
        (date(2026, 1, 5), datetime(2026, 1, 5, tzinfo=VN)),
        ("31/02/2026", None),
        ("hôm qua", None),
        ("25:70 05/01/2026", None),
        ("", None),
    ],
)
def test_moments_are_read_as_vietnamese_offices_write_them(value, expected):
    assert read_moment(value) == expected


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (["", "Ký", "A", "01/12/2026 08:00", ""], "Thiếu mã hồ sơ."),
        (["X", "", "A", "01/12/2026 08:00", ""], "Thiếu cả bước và trạng thái."),
        (["X", "Ký", "A", "", ""], "Thiếu thời gian."),
        (["X", "Ký", "A", "sáng nay", ""], "Không đọc được bắt đầu “sáng nay”."),
        (["X", "Ký", "A", "02/12/2026 08:00", "01/12/2026 08:00"], "Giờ kết thúc trước"),
        (["X", "Ký", "A", "01/01/2027 08:00", ""], "Thời gian ở sau lúc nhập tệp."),
    ],
)
def test_a_row_that_says_nothing_usable_is_refused_with_its_line(line, reason):
    rows, faults = rows_of(["Y", "Ký", "A", "01/12/2026 08:00", ""], line)

    assert [row.case for row in rows] == ["Y"]
    assert [fault.row for fault in faults] == [3]
    assert faults[0].reason.startswith(reason)


def test_empty_lines_between_rows_are_no_fault():
    rows, faults = rows_of(["", None, "", "", ""], ["Y", "Ký", "A", "01/12/2026 08:00", ""])

    assert (len(rows), faults) == (1, [])


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Bước 3", 3),
        ("3", 3),
        ("Bước 3: Thẩm định hồ sơ", 3),
        ("B3. tham dinh", 3),
        ("Thẩm định hồ sơ", 3),
        ("THẨM  ĐỊNH HỒ SƠ", 3),
        ("Ký giấy phép", 4),
        ("Chuyên viên thẩm định hồ sơ", 3),
        ("Bước 9: Ký giấy phép", 4),
        ("Xin ý kiến Bộ", None),
        ("Bước 9", None),
    ],
)
def test_steps_are_matched_by_number_name_and_likeness(plan, text, number):
    found = match_step(text, plan=plan)

    assert (found.number if found else None) == number


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("5", 5), ("4 - Đang xử lý", 4), ("Đã trả kết quả", 10), ("Chờ bổ sung", 5),
        ("ĐÃ XỬ LÝ XONG", 9), ("rút hồ sơ", 7), ("gì đó", None), ("12", None), ("", None),
    ],
)  # fmt: skip
def test_states_are_read_from_codes_and_words(text, code):
    assert status_of(text) == code


FULL = (
    ["X", "Tiếp nhận hồ sơ", "Tuấn", "01/12/2026 08:00", "01/12/2026 09:00"],
    ["X", "Phân công thụ lý", "Toàn", "01/12/2026 09:00", "01/12/2026 10:00"],
    ["X", "Thẩm định hồ sơ", "Lan", "01/12/2026 10:00", "04/12/2026 10:00"],
    ["X", "Ký giấy phép", "Hà", "04/12/2026 10:00", "04/12/2026 11:00"],
    ["X", "Trả kết quả", "Tuấn", "07/12/2026 08:00", "07/12/2026 08:10"],
)


def test_a_whole_case_has_steps_clocks_and_its_end(plan, calendar):
    case = made(FULL, plan, calendar)

    assert [run.step.number for run in case.runs] == [1, 2, 3, 4, 5]
    assert [run.used for run in case.runs] == [60, 60, 3 * 480, 60, 10]
    assert [run.late for run in case.runs] == [False, False, True, False, False]
    assert case.status == statuses.RETURNED
    assert case.finished_at == at(4, 11)
    assert case.returned_at == at(7, 8, 10)
    assert case.on_time == "truoc"
    assert case.holder is None


def test_the_log_of_a_case_only_grows_with_later_rows(plan, calendar):
    whole = made(FULL, plan, calendar).events
    opened = [list(line) for line in FULL]

    for count in range(1, len(FULL)):
        part = made(opened[:count], plan, calendar).events
        assert [event.sign for event in part] == [event.sign for event in whole[: len(part)]]


def test_an_open_step_is_held_and_a_later_file_closes_it(plan, calendar):
    open_line = [*FULL[1][:4], ""]
    before = made([FULL[0], open_line], plan, calendar)
    after = made(FULL[:2], plan, calendar)

    assert before.holder.step.number == 2
    assert before.holder.row.key == after.runs[1].row.key
    assert after.runs[1].closed_at == at(1, 10)
    assert before.status == statuses.RUNNING


def test_ends_alone_make_each_step_begin_where_the_one_before_ended(plan, calendar):
    heads = ["Mã hồ sơ", "Bước", "Người xử lý", "Thời điểm xử lý"]
    lines = [[line[0], line[1], line[2], line[4]] for line in FULL[:3]]

    case = made(lines, plan, calendar, heads=heads)

    assert [run.opened_at for run in case.runs] == [at(1, 9), at(1, 9), at(1, 10)]
    assert all(run.closed_at for run in case.runs)


def test_starts_alone_leave_only_the_last_step_open(plan, calendar):
    heads = ["Mã hồ sơ", "Bước", "Người xử lý", "Bắt đầu"]
    lines = [line[:4] for line in FULL[:3]]

    case = made(lines, plan, calendar, heads=heads)

    assert [run.closed_at for run in case.runs] == [at(1, 9), at(1, 10), None]


def test_waiting_for_papers_stops_the_clocks(plan, calendar):
    lines = [
        *FULL[:2],
        ["X", "Thẩm định hồ sơ", "Lan", "01/12/2026 10:00", "08/12/2026 10:00"],
        ["X", "Yêu cầu bổ sung", "Lan", "01/12/2026 13:30", ""],
        ["X", "", "Lan", "07/12/2026 13:30", "", "Đang xử lý"],
    ]

    case = made(lines, plan, calendar)

    assert [(p.kind, p.started_at, p.ended_at) for p in case.pauses] == [
        ("supplement", at(1, 13, 30), at(7, 13, 30))
    ]
    assert case.runs[2].used == 90 + 4 * 60 + 150
    assert case.runs[2].late is False
    plain = made([*FULL[:2]], plan, calendar)
    assert case.due_at > plain.due_at
    assert case.status == statuses.RUNNING


@pytest.mark.parametrize("policy", ["stop", "restart", "none"])
def test_waiting_for_a_payment_stops_the_clocks_whatever_is_said_of_supplements(
    plan, calendar, policy
):
    lines = [
        *FULL[:2],
        ["X", "Thẩm định hồ sơ", "Lan", "01/12/2026 10:00", "08/12/2026 10:00"],
        ["X", "", "Lan", "01/12/2026 13:30", "", "Yêu cầu thực hiện nghĩa vụ tài chính"],
        ["X", "", "Lan", "03/12/2026 13:30", "", "Đang xử lý"],
    ]

    case, stopped = made(lines, plan, calendar, policy=policy), made(lines, plan, calendar)

    assert [one.kind for one in case.pauses] == ["payment"]
    assert (case.due_at, case.runs[2].used) == (stopped.due_at, stopped.runs[2].used)
    assert case.due_at > made([*FULL[:2]], plan, calendar, policy=policy).due_at


def test_a_case_that_waits_now_is_paused(plan, calendar):
    lines = [*FULL[:2], ["X", "", "Lan", "02/12/2026 08:00", "", "5"]]

    case = made(lines, plan, calendar)

    assert case.status == statuses.SUPPLEMENT
    assert case.paused_since == at(2, 8)
    assert case.finished_at is None


def test_a_withdrawn_case_ends_without_a_word_on_time(plan, calendar):
    case = made([*FULL[:2], ["X", "", "Tuấn", "02/12/2026 08:00", "", "Rút hồ sơ"]], plan, calendar)

    assert (case.status, case.outcome, case.on_time) == (statuses.WITHDRAWN, "withdrawn", "")
    assert case.events[-1].kind == "withdrawn"


def test_a_step_done_again_goes_on_with_its_clock(plan, calendar):
    lines = [
        *FULL[:3],
        ["X", "Phân công thụ lý", "Toàn", "04/12/2026 10:00", "04/12/2026 11:00"],
        ["X", "Thẩm định hồ sơ", "Lan", "04/12/2026 11:00", "04/12/2026 11:30"],
    ]

    case = made(lines, plan, calendar)

    again = case.runs[-1]
    assert (again.round, again.carried, again.used) == (2, 3 * 480, 30)
    assert again.late is True


def test_words_that_are_no_step_are_kept_as_notes(plan, calendar):
    case = made([FULL[0], ["X", "Xin ý kiến Bộ", "Lan", "01/12/2026 09:30", ""]], plan, calendar)

    assert [one.row.step for one in case.unmatched] == ["Xin ý kiến Bộ"]
    assert case.matched == 1
    assert ("fed_note", at(1, 9, 30)) in [(event.kind, event.at) for event in case.events]


def test_every_step_is_opened_before_it_is_closed_in_the_log(plan, calendar):
    same = [[line[0], line[1], line[2], "01/12/2026 08:00", "01/12/2026 08:00"] for line in FULL]

    events = made(same, plan, calendar).events

    for place, event in enumerate(events):
        if event.kind == "step_completed":
            assert ("step_opened", event.run) in [(e.kind, e.run) for e in events[:place]]
    assert all(a.at <= b.at for a, b in pairwise(events))
