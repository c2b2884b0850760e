"""A case played without a case: tokens, clocks, choices, pauses."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest
from django.urls import reverse

from nep.apps.procedures.rules.carried import CHOICE, Carried, DataField
from nep.apps.procedures.rules.edits import Edit, apply
from nep.apps.procedures.rules.other_rows import lasting
from nep.apps.procedures.rules.simulation import (
    Move,
    Rules,
    begin,
    coming_to,
    fields_read,
    finish,
    move_on,
    moves_text,
    played,
    read_moves,
    result_due,
    to_the_end,
    used,
    value_of,
    ways_out,
)
from nep.apps.procedures.rules.table import END, Branch, Step, Table, to_process
from nep.apps.procedures.rules.table import Event as BorderEvent
from nep.apps.procedures.tests.scene import begun, days, draft, hours, table
from nep.bpmn import (
    EngineError,
    Flow,
    Instances,
    Limit,
    Node,
    Process,
    Trigger,
    compile_process,
)
from nep.kernel.vietnamese import VN
from nep.worktime import compile_calendar, vietnam_spec

MONDAY = datetime(2026, 11, 23, 7, 30, tzinfo=VN)
CALENDAR = compile_calendar(
    vietnam_spec(days=[], noticed_years={2026}, first_year=2026, last_year=2028, version="thử")
)


def rules(one: Table | None = None, *, policy: str = "restart", **data) -> Rules:
    process = to_process(one or table())
    limit = Limit(Decimal(5), "working_day")
    return Rules(compile_process(process), CALENDAR, limit, policy, data)


def test_every_step_takes_its_whole_limit_on_the_calendar_of_the_agency():
    by = rules()
    first = begin(by, at=MONDAY)
    second = finish(by, first, Move(1))

    assert [(one.node, one.due) for one in first.standings] == [
        ("b1", MONDAY.replace(hour=11, minute=30))
    ]
    assert second.now == MONDAY.replace(hour=11, minute=30)
    assert second.standings[0].node == "b2"
    assert used(by, second) == 240


def test_auto_goes_by_the_defaults_to_the_end():
    by = rules()
    moves = to_the_end(by, begin(by, at=MONDAY))
    last = list(played(by, moves, at=MONDAY))[-1]

    assert last.is_over
    assert [leg.node for leg in last.legs] == ["b1", "b2", "b3", "b4"]
    assert last.now < result_due(by, last)
    assert result_due(by, last).date().isoformat() == "2026-11-30"


@pytest.mark.parametrize(
    ("policy", "due", "minutes"),
    [("restart", "2026-12-04", 0), ("stop", "2026-12-02", 1440), ("none", "2026-11-30", 2400)],
)
def test_a_return_for_supplement_stops_the_clock_as_the_procedure_says(policy, due, minutes):
    by = rules(policy=policy)
    play = finish(by, finish(by, begin(by, at=MONDAY), Move(1)), Move(2, "b2-n1"))

    assert play.standings[0].node == "b1"
    assert play.standings[0].since == play.pauses[0].end
    assert play.legs[-1].is_paused
    assert play.legs[-1].outcome == "Thiếu thành phần"
    assert result_due(by, play).date().isoformat() == due
    assert used(by, play) == minutes


def test_side_by_side_steps_wait_for_each_other():
    steps = (
        Step("b1", "A", limit=hours(4)),
        Step("b2", "B", limit=days(1), group="g"),
        Step("b3", "C", limit=days(3), group="g"),
        Step("b4", "D", limit=hours(4)),
    )
    by = rules(Table("t", "", steps))
    apart = finish(by, begin(by, at=MONDAY), Move(1))
    waiting = finish(by, apart, Move(apart.following.token))
    joined = finish(by, waiting, Move(waiting.following.token))

    assert [one.node for one in apart.standings] == ["b2", "b3"]
    assert apart.following.node == "b2"
    assert [(one.node, one.waits) for one in waiting.standings] == [("b3", False), ("gop-g", True)]
    assert joined.standings[0].node == "b4"
    assert joined.standings[0].since == apart.standings[1].due


@pytest.mark.parametrize(
    ("order", "ends", "late"),
    [
        (("b2", "b3", "b4"), ("b2", "b3", "b4"), ()),
        (("b4", "b2", "b3"), ("b4", "b4", "b4"), ("b2", "b3")),
        (("b3", "b4", "b2"), ("b3", "b4", "b4"), ("b2",)),
    ],
)
def test_side_by_side_steps_are_finished_in_the_order_picked(order, ends, late):
    steps = (
        Step("b1", "A", limit=hours(4)),
        Step("b2", "B", limit=days(1), group="g"),
        Step("b3", "C", limit=days(2), group="g"),
        Step("b4", "D", limit=days(3), group="g"),
        Step("b5", "E", limit=hours(4)),
    )
    by = rules(Table("t", "", steps))
    play = finish(by, begin(by, at=MONDAY), Move(1))
    due = {one.node: one.due for one in play.standings}
    for node in order:
        token = next(one.token for one in play.standings if one.node == node)
        play = finish(by, play, Move(token))

    legs = play.legs[1:]
    assert [leg.node for leg in legs] == list(order)
    assert [leg.until for leg in legs] == [due[node] for node in ends]
    assert {leg.node for leg in legs if leg.is_late} == set(late)
    assert play.standings[0].since == due["b4"]


def test_conditions_choose_by_the_data_assumed():
    steps = (
        Step("b1", "A", limit=hours(4),
             branches=(Branch("n1", END, "Từ chối", 'ket_qua = "không đạt" and diem < 5'),)),
        Step("b2", "B", limit=hours(4)),
    )  # fmt: skip
    one = Table("t", "", steps)
    refused = rules(one, ket_qua=value_of("không đạt"), diem=value_of("4,5"))
    passed = rules(one, ket_qua=value_of("đạt"))

    assert fields_read(refused.compiled) == ("diem", "ket_qua")
    assert finish(refused, begin(refused, at=MONDAY), Move(1)).is_over
    assert finish(passed, begin(passed, at=MONDAY), Move(1)).standings[0].node == "b2"
    assert [way.id for way in ways_out(passed, "b1")] == ["f-re-b1", "n1"]


def test_an_address_holds_the_moves_and_stops_where_they_no_longer_fit():
    moves = (Move(1), Move(2, "b2-n1"), Move(3))

    assert read_moves(moves_text(moves)) == moves
    assert read_moves("1,x,3") == (Move(1),)
    assert len(list(played(rules(), (Move(1), Move(9)), at=MONDAY))) == 2
    with pytest.raises(EngineError):
        finish(rules(), begin(rules(), at=MONDAY), Move(7))


def test_a_step_that_is_not_counted_takes_no_time():
    by = rules()
    last = list(played(by, to_the_end(by, begin(by, at=MONDAY)), at=MONDAY))[-1]

    assert last.legs[-1].since == last.legs[-1].until


@pytest.fixture
def lan(agency, client, time_machine):
    time_machine.move_to(MONDAY, tick=False)
    agency.sign_in(client, "lan")
    return client


def test_the_page_shows_tokens_clock_and_every_way_out(agency, lan):
    made = begun(agency)
    address = reverse("procedures:simulation", args=[made.revision_id])
    first = lan.get(address).content.decode()
    choice = lan.get(address, {"b": "1"}).content.decode()
    last = lan.get(address, {"b": "1,2,3,4"}).content.decode()

    assert "Đang ở bước 1" in first
    assert "bp-coin" in first
    assert "animateMotion" in first
    assert "Thiếu thành phần</a>" in choice
    assert "b=1%2C2~b2-n1" in choice
    assert "Kết thúc trong hạn" in last
    assert " style=" not in last


def test_the_data_that_conditions_read_is_asked_by_its_label_and_decides(agency, lan):
    way = Branch("n1", END, "Từ chối", 'ket_qua = "không đạt"')
    steps = (*table().steps[:2], replace(table().steps[2], branches=(way,)), table().steps[3])
    asked = DataField("ket_qua", "Kết quả thẩm định", CHOICE, choices=("đạt", "không đạt"))
    content = draft(table=replace(table(), steps=steps), carried={"b2": Carried(fields=(asked,))})
    made = begun(agency, content=content)
    address = reverse("procedures:simulation", args=[made.revision_id])
    shown = lan.get(address).content.decode()
    refused = lan.get(address, {"b": "1,2,3", "d-ket_qua": "không đạt"}).content.decode()

    assert "Kết quả thẩm định<select" in shown
    assert "<option>không đạt</option>" in shown
    assert "Kết thúc trong hạn" in refused


def test_a_process_that_hangs_says_where_before_it_is_played(agency, lan):
    steps = (*table().steps[:2], replace(table().steps[2], after="b3"), table().steps[3])
    made = begun(agency, content=draft(table=replace(table(), steps=steps)))
    shown = lan.get(reverse("procedures:simulation", args=[made.revision_id])).content.decode()

    assert "Chưa chạy thử được" in shown


def test_another_agency_plays_nothing(agency, other_agency, client):
    made = begun(agency)
    other_agency.sign_in(client, "lan")

    assert client.get(reverse("procedures:simulation", args=[made.revision_id])).status_code == 404


ASKS = Step("b2", "Cho ý kiến", limit=days(2), instances=Instances(over="noi_hoi"))


def asking(step: Step = ASKS) -> Table:
    return Table("t", "", (Step("b1", "A", limit=hours(4)), step, Step("b3", "C", limit=hours(4))))


@pytest.mark.parametrize("asked", [1, 3])
def test_a_step_that_asks_several_opens_once_for_each_of_those_assumed(asked):
    by = replace(rules(asking()), asked=asked)
    play = finish(by, begin(by, at=MONDAY), Move(1))
    *_rest, last = played(by, to_the_end(by, begin(by, at=MONDAY)), at=MONDAY)

    assert [one.instance for one in play.standings] == list(range(1, asked + 1))
    assert last.is_over
    assert [leg.node for leg in last.legs] == ["b1", *["b2"] * asked, "b3"]


def test_enough_opinions_end_the_asking():
    by = rules(asking(replace(ASKS, instances=Instances(over="noi_hoi", until="done >= 2"))))
    *_rest, last = played(by, to_the_end(by, begin(by, at=MONDAY)), at=MONDAY)

    assert [leg.node for leg in last.legs] == ["b1", "b2", "b2", "b3"]


@pytest.mark.parametrize(
    ("trigger", "cancels", "legs", "came"),
    [
        (lasting(1, "working_day"), True, ["q", "b2", "b3"], "2026-11-24"),
        (lasting(1, "working_day"), False, ["q", "b2", "b3", "b1", "b2", "b3"], "2026-11-24"),
        (Trigger("message", name="Rút"), True, ["q", "b2", "b3"], "2026-11-23"),
        (Trigger("error", name="Mất hồ sơ"), True, ["q", "b2", "b3"], "2026-11-23"),
    ],
)
def test_what_may_come_to_an_open_step_comes_when_the_player_says_so(trigger, cancels, legs, came):
    event = BorderEvent("q", trigger, "b2", cancels, "Khi")
    first = Step("b1", "A", limit=days(2), events=(event,))
    by = rules(Table("t", "", (first, Step("b2", "B", limit=hours(4)), Step("b3", "C"))))
    start = begin(by, at=MONDAY)
    (coming,) = coming_to(by, start, start.standings[0])
    play = finish(by, start, Move(coming.owner, coming.node))
    rest = to_the_end(by, play)
    *_rest, last = played(by, (Move(coming.owner, coming.node), *rest), at=MONDAY)

    assert play.legs[0].until.date().isoformat() == came
    assert [leg.node for leg in last.legs] == legs
    assert last.is_over
    assert coming_to(by, play, play.standings[0]) == ()


def test_where_the_first_of_several_decides_each_may_be_picked_and_the_timer_is_taken_by_itself():
    compiled = compile_process(
        Process(
            id="p",
            nodes=(
                Node("start", "start"),
                Node("cho", "event_gateway"),
                Node("het", "catch", trigger=lasting(3, "working_day")),
                Node("den", "catch", trigger=Trigger("message", name="Đã nộp")),
                Node("b1", "task", "Trả lại"),
                Node("b2", "task", "Làm tiếp"),
                Node("xong", "end"),
                Node("thoi", "end"),
            ),
            flows=(
                Flow("f1", "start", "cho"), Flow("f2", "cho", "het"), Flow("f3", "cho", "den"),
                Flow("f4", "het", "b1"), Flow("f5", "den", "b2"),
                Flow("f6", "b1", "thoi"), Flow("f7", "b2", "xong"),
            ),
        )
    )  # fmt: skip
    by = Rules(compiled, CALENDAR, None, "stop", {})
    start = begin(by, at=MONDAY)
    coming = {one.node: one for one in coming_to(by, start, start.standings[0])}
    late = finish(by, start, move_on(by, start, start.standings[0]))
    told = finish(by, start, Move(coming["den"].owner, "den"))

    assert set(coming) == {"het", "den"}
    assert late.standings[0].node == "b1"
    assert late.now.date().isoformat() == "2026-11-26"
    assert told.standings[0].node == "b2"


def test_the_page_asks_how_many_are_asked_and_says_what_may_come(agency, lan):
    event = BorderEvent("q", lasting(1, "working_day"), "b3", True, "Khi")
    steps = (*table().steps[:1], replace(ASKS, role=table().steps[1].role, events=(event,)),
             *table().steps[2:])  # fmt: skip
    made = begun(agency, content=draft(table=replace(table(), steps=steps)))
    address = reverse("procedures:simulation", args=[made.revision_id])
    shown = lan.get(address, {"b": "1", "hoi": "2"}).content.decode()
    came = lan.get(address, {"b": "1,2~q", "hoi": "2"}).content.decode()

    assert "Đang ở bước 2</h2>" in shown
    assert shown.count("nơi được hỏi thứ") == 2
    assert 'name="hoi" value="2"' in shown
    assert shown.count("Quá 1 ngày làm việc</a>") == 1
    assert "Đang ở bước 3</h2>" in came
    assert "<b>Quá 1 ngày làm việc</b>" in came


def test_nonsense_among_the_assumptions_is_said(agency, lan):
    made = begun(agency)
    address = reverse("procedures:simulation", args=[made.revision_id])
    shown = lan.get(address, {"ngay": "mai", "cho": "-3"}).content.decode()
    far = lan.get(address, {"ngay": "2099-01-01"}).content.decode()

    assert "“mai” không phải ngày" in shown
    assert "“-3” không phải số từ 1 đến 99" in shown
    assert "Ngày 01/01/2099 quá xa" in far


def test_waits_and_procedures_run_take_their_time_and_go_on():
    start = draft()
    for do, values in (
        ("add_wait", {"way": "message", "message": "Xong"}),
        ("add_wait", {"way": "for", "amount": "3", "unit": "working_day"}),
        ("add_call", {"code": "QT-05", "title": "Khác", "version_hash": "a" * 64,
                      "limit_amount": "1", "limit_unit": "working_day"}),
    ):  # fmt: skip
        start = apply(start, Edit(do, "b1", values)).draft
    by = rules(start.table)

    *_rest, over = played(by, to_the_end(by, begin(by, at=MONDAY)), at=MONDAY)

    assert over.is_over
    assert [leg.node for leg in over.legs] == ["b1", "b7", "b6", "b5", "b2", "b3", "b4"]
    spent = {leg.node: (leg.until - leg.since).days for leg in over.legs}
    assert spent["b7"] >= 1 and spent["b6"] >= 3 and spent["b5"] == 0


def test_a_condition_that_nobody_can_read_is_told_instead_of_played(agency, lan):
    first, second, *rest = table().steps
    unread = replace(second, branches=(Branch("b2-n1", END, "Thiếu", condition="còn thiếu ??"),))
    made = begun(agency, content=draft(table=replace(table(), steps=(first, unread, *rest))))
    answer = lan.get(reverse("procedures:simulation", args=[made.revision_id]))
    assert answer.status_code == 200
    assert "Chưa chạy thử được" in answer.content.decode()
