from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from importlib import import_module
from itertools import pairwise

import pytest
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st

from nep.apps.actions.models import Action
from nep.apps.actions.tests.conftest import with_secretary
from nep.apps.cases.models import AgencyMonth, UnitMonth
from nep.apps.organization.rules import Actor
from nep.apps.organization.tests.scene import NOW, department
from nep.apps.planning import queries, services
from nep.apps.planning.models import (
    Objective,
    ObjectiveList,
    ObjectiveMove,
    ObjectiveValue,
)
from nep.apps.planning.rules import measuring
from nep.apps.planning.rules import objectives as rules
from nep.apps.planning.rules.series import series
from nep.apps.planning.services._objectives import BOOK
from nep.apps.work.models import WorkItem
from nep.apps.work.services import item_hand_over
from nep.foundation.db.doctor import examine
from nep.foundation.journal.models import JournalEntry
from nep.foundation.numbering.models import Book
from nep.kernel.decisions import Refused
from nep.kernel.errors import Conflict, Forbidden, NotFound, Refusal
from nep.kernel.vietnamese import VN
from tests.at_once import at_once
from tests.standing import kept

agency = kept(with_secretary, on=department)
TODAY = NOW.date()  # 10 December 2026
Q1, Q2, Q3, Q4 = (one.starts_on for one in measuring.windows(2026, "quarter"))


# Rules


@given(st.sampled_from(sorted(rules.STATE_NAMES)), st.sampled_from(rules.MOVES))
def test_a_move_leads_where_the_table_says_or_is_refused_in_words(state, move):
    found = rules.next_state(state, move)

    if (state, move) in rules.LIFE:
        assert found == rules.LIFE[state, move]
    else:
        assert isinstance(found, Refused)
        assert found.code == "objective_state"


@given(st.integers(2015, 2100), st.sampled_from(sorted(measuring.FREQUENCY_NAMES)))
def test_the_periods_of_a_year_cover_every_day_once(year, frequency):
    found = measuring.windows(year, frequency)

    assert (found[0].starts_on, found[-1].ends_on) == (date(year, 1, 1), date(year, 12, 31))
    assert all(a.ends_on + timedelta(days=1) == b.starts_on for a, b in pairwise(found))


@given(st.lists(st.decimals(0, 1000, places=2), min_size=1, max_size=12))
def test_the_year_follows_from_its_periods(values):
    assert measuring.whole(values, "last") == values[-1]
    assert measuring.whole(values, "sum") == sum(values)
    assert min(values) - 1 < measuring.whole(values, "mean") < max(values) + 1
    assert measuring.whole([], "mean") is None


@pytest.mark.parametrize(
    ("value", "better", "met"),
    [("95", "up", True), ("94.99", "up", False), ("95", "down", True), ("95.01", "down", False)],
)
def test_a_value_on_the_target_meets_it(value, better, met):
    assert measuring.is_met(Decimal(value), target=Decimal("95"), better=better) is met


@given(st.lists(st.one_of(st.none(), st.decimals(0, 100, places=2)), min_size=4, max_size=4))
def test_the_drawing_holds_every_value_between_its_edges(values):
    drawn = series(
        ["Quý 1", "Quý 2", "Quý 3", "Quý 4"], values, [None] * 4, target=Decimal("95"),
        target_said="từ 95% trở lên", better="up", unit="%",
    )  # fmt: skip

    known = [value for value in values if value is not None]
    if not known:
        assert drawn is None
        return
    assert len(drawn.marks) == len(known)
    assert all(24 <= float(one.y) <= 160 for one in drawn.marks)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"title": "x"}, "title_missing"),
        ({"target": None}, "target_missing"),
        ({"target": Decimal("NaN")}, "target_missing"),
        ({"method": ""}, "method_missing"),
        ({"frequency": "week"}, "choice_unknown"),
        ({"year": 1990}, "year_unknown"),
        ({"unit_word": "%", "target": Decimal("-5")}, "percent_wrong"),
        ({"unit_word": "%", "target": Decimal("98555")}, "percent_wrong"),
        ({"unit_word": "%", "target": Decimal("120")}, ""),
        ({"unit_word": "hồ sơ", "target": Decimal("98555")}, ""),
    ],
)
def test_an_objective_has_to_be_measurable(change, code):
    values = {"title": "Đúng hạn", "year": 2026, "target": Decimal("95"), "better": "up",
              "frequency": "quarter", "way": "mean", "method": "Đếm hồ sơ"}  # fmt: skip

    assert getattr(rules.decide_values(**{**values, **change}), "code", "") == code


def test_nobody_judges_the_own_objective_whatever_the_role():
    for role in ("leader", "iso_secretary", "qmr"):
        judge = Actor(7, None, "Ai đó", 1, roles=frozenset({role}))
        facts = rules.Facts("approved", 2026, 7, None, 1, True, False)
        assert rules.decide_judge(judge, facts, None).code == "owner_judges"


# Services


def told(agency, **change) -> services.ObjectiveValues:
    values = {
        "title": "Công chức được tập huấn quy trình mới", "target": Decimal("90"),
        "method": "Số người đã dự chia số người phải dự", "owner_id": agency.people["toan"],
        "unit_id": agency.units["PKH"],
    }  # fmt: skip
    return services.ObjectiveValues(**{**values, **change})


def proposed(agency, *, by: str = "toan", year: int = 2026, **change) -> int:
    return services.objective_propose(
        actor=agency.actor(by), year=year, values=told(agency, **change), now=NOW
    )


def gathered(agency, *ids: int, year: int = 2026) -> ObjectiveList:
    list_id = services.objectives_gather(
        actor=agency.actor("thu"), year=year, objective_ids=ids, now=NOW
    )
    return ObjectiveList.objects.get(pk=list_id)


def approved(agency, **change) -> int:
    one = proposed(agency, **change)
    sheet = gathered(agency, one, year=change.get("year", 2026))
    services.objectives_approve(
        actor=agency.actor("ha"), list_id=sheet.pk, sha256=sheet.sha256, now=NOW
    )
    return one


def recorded(agency, one: int, starts_on: date, value: str, *, by: str = "toan", now=NOW) -> None:
    services.value_record(
        actor=agency.actor(by), objective_id=one, starts_on=starts_on, value=Decimal(value),
        evidence="Sổ theo dõi đào tạo năm 2026", now=now,
    )  # fmt: skip


def items(**more) -> list[tuple[str, str, int | None]]:
    rows = WorkItem.objects.filter(kind="objective", state=0, **more).order_by("id")
    return list(rows.values_list("step_label", "role", "person_id"))


@pytest.mark.django_db
def test_units_propose_the_secretary_gathers_the_head_approves_what_was_shown(agency):
    first, second = proposed(agency), proposed(agency, title="Không để hồ sơ quá hạn")
    waiting = items()
    sheet = gathered(agency, first)
    sent = items()
    with pytest.raises(Conflict):
        services.objectives_approve(
            actor=agency.actor("ha"), list_id=sheet.pk, sha256="0" * 64, now=NOW
        )
    services.objectives_approve(
        actor=agency.actor("ha"), list_id=sheet.pk, sha256=sheet.sha256, now=NOW
    )

    assert [one[:2] for one in waiting] == [("Tổng hợp mục tiêu", "iso_secretary")]
    assert [one[:2] for one in sent] == [("Phê duyệt mục tiêu", "leader")]
    assert Objective.objects.get(pk=first).state == "approved"
    assert Objective.objects.get(pk=second).state == "proposed"
    assert [row["title"] for row in ObjectiveList.objects.get(edition=1).frozen] == [
        "Công chức được tập huấn quy trình mới"
    ]
    told_of = JournalEntry.objects.filter(object_type="objective_list").order_by("id")
    assert [one.action for one in told_of] == ["objective_list.send", "objective_list.approve"]


@pytest.mark.django_db
def test_a_returned_list_comes_back_and_a_later_one_is_a_further_edition(agency):
    first = proposed(agency)
    sheet = gathered(agency, first)
    services.objectives_return(
        actor=agency.actor("ha"), list_id=sheet.pk, reason="Chỉ tiêu thấp quá.", now=NOW
    )
    services.objective_change(
        actor=agency.actor("thu"), objective_id=first, values=told(agency, target=Decimal("95")),
        now=NOW,
    )  # fmt: skip
    again = gathered(agency, first)
    services.objectives_approve(
        actor=agency.actor("ha"), list_id=again.pk, sha256=again.sha256, now=NOW
    )
    approved(agency, title="Hài lòng của người dân")

    lists = ObjectiveList.objects.order_by("edition")
    assert [(one.edition, len(one.frozen)) for one in lists] == [(1, 1), (2, 2)]
    assert lists[0].frozen[0]["target"] == "từ 95% trở lên"


@pytest.mark.django_db
def test_the_gatherer_approves_only_by_exception(agency):
    agency.appoint("thu", "LD", "leader")
    sheet = gathered(agency, proposed(agency))
    with pytest.raises(Refusal) as refused:
        services.objectives_approve(
            actor=agency.actor("thu"), list_id=sheet.pk, sha256=sheet.sha256, now=NOW
        )
    assert refused.value.code == "author_is_approver"


@pytest.mark.django_db
def test_a_missed_period_asks_for_cause_and_action_before_the_year_is_judged(agency):
    one = approved(agency)
    for starts_on, value in ((Q1, "92"), (Q2, "80"), (Q3, "95"), (Q4, "96")):
        recorded(agency, one, starts_on, value)
    asked = items(source_id=one)
    secretary = {"actor": agency.actor("thu"), "objective_id": one, "now": NOW}
    with pytest.raises(Refusal) as no_cause:
        services.objective_judge(**secretary, note="")
    own = {"actor": agency.actor("toan"), "objective_id": one, "starts_on": Q2, "now": NOW}
    with pytest.raises(Refusal) as no_action:
        services.value_explain(**own, cause="Lớp tháng 6 bị hoãn.", act=None)
    services.value_explain(
        **own, cause="Lớp tháng 6 bị hoãn.",
        act=services.Act("Mở lớp bù cho hai phòng", agency.people["lan"], date(2026, 12, 20)),
    )  # fmt: skip
    with pytest.raises(Refusal) as own_judge:
        services.objective_judge(actor=agency.actor("toan"), objective_id=one, note="", now=NOW)
    services.objective_judge(**secretary, note="Duy trì chỉ tiêu cho năm sau.")

    row = Objective.objects.get()
    assert asked == [("Ghi nguyên nhân, biện pháp: quý 2", "", agency.people["toan"])]
    assert [one.value.code for one in (no_cause, no_action, own_judge)] == [
        "cause_missing", "action_missing", "owner_judges"
    ]  # fmt: skip
    assert (row.state, row.value, row.met) == ("judged", Decimal("90.75"), True)
    assert Action.objects.get().origin_url == f"/muc-tieu/{one}/"
    line = queries.objectives_of(agency_id=agency.agency_id, year=2026, today=TODAY)[0]
    assert "Quý 2: Lớp tháng 6 bị hoãn." in line.causes
    assert items(source_id=one) == []
    assert [found for _, found in examine(parts=("planning",)) if found] == []


@pytest.mark.django_db
def test_the_year_is_judged_neither_early_nor_without_values(agency):
    one = approved(agency)
    secretary = agency.actor("thu")
    for starts_on in (Q1, Q2, Q3):
        recorded(agency, one, starts_on, "95")
    with pytest.raises(Refusal) as no_value:
        services.objective_judge(actor=secretary, objective_id=one, note="", now=NOW)
    early = datetime(2026, 11, 30, 9, tzinfo=VN)
    with pytest.raises(Refusal) as too_early:
        services.objective_judge(actor=secretary, objective_id=one, note="", now=early)

    assert [one.value.code for one in (no_value, too_early)] == ["value_missing", "too_early"]


@pytest.mark.django_db
def test_going_back_takes_only_those_conclusions_back_that_had_nothing_to_measure(agency):
    empty, valued = approved(agency), approved(agency, title="Tập huấn hai lớp trong năm")
    told = {"state": "judged", "judged_by": agency.people["thu"], "judged_at": NOW}
    Objective.objects.filter(pk=empty).update(measure="cases.on_time", **told)
    Objective.objects.filter(pk=valued).update(value=Decimal("95"), met=True, **told)
    migration = "nep.apps.planning.migrations.0005_conclusions_without_data_go_back"

    import_module(migration).take_back(apps, None)

    left = Objective.objects.in_bulk([empty, valued])
    assert (left[empty].state, left[empty].judged_by_id) == ("approved", None)
    assert (left[valued].state, left[valued].met) == ("judged", True)


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["-1", "98555"])
def test_a_share_that_cannot_be_is_not_recorded(agency, value):
    one = approved(agency)

    with pytest.raises(Refusal) as refused:
        recorded(agency, one, Q1, value)

    assert (refused.value.code, refused.value.field) == ("percent_wrong", "value")
    assert not ObjectiveValue.objects.exists()


@pytest.mark.django_db
def test_hand_values_need_evidence_a_begun_period_and_the_owner(agency):
    one, later = approved(agency), approved(agency, year=2027, title="Mục tiêu năm sau")
    cases = [
        (one, Q1, "toan", "", "evidence_missing"),
        (one, Q1, "lan", "Sổ theo dõi", "not_the_owner"),
        (one, date(2026, 2, 1), "toan", "Sổ theo dõi", "period_unknown"),
        (later, date(2027, 1, 1), "toan", "Sổ theo dõi", "period_later"),
    ]
    for objective_id, starts_on, by, evidence, code in cases:
        with pytest.raises(Refusal) as refused:
            services.value_record(
                actor=agency.actor(by), objective_id=objective_id, starts_on=starts_on,
                value=Decimal("95"), evidence=evidence, now=NOW,
            )  # fmt: skip
        assert refused.value.code == code
    assert not ObjectiveValue.objects.exists()


def counted(agency_id: int, since: date, until: date) -> services.Measured | None:
    """Read a quarter as its number times twenty, the year as ninety."""
    if (until - since).days > 100:
        return services.Measured(Decimal("90"), 400, "/ho-so/")
    return services.Measured(Decimal(20 * ((since.month + 2) // 3)), 100, "/ho-so/?thang=1")


@pytest.mark.django_db
def test_measures_fill_themselves_and_ask_only_where_the_target_was_missed(agency):
    services.register_measure("test.count", "Số đếm của thử nghiệm", "%", "up", counted)
    try:
        one = approved(agency, measure="test.count", target=Decimal("60"))
        first = services.objectives_measure(now=NOW)
        again = services.objectives_measure(now=NOW)
        with pytest.raises(Refusal) as by_hand:
            recorded(agency, one, Q1, "100")
    finally:
        services.register_measure("test.count", "Số đếm của thử nghiệm", "%", "up", lambda *_: None)

    values = ObjectiveValue.objects.order_by("starts_on")
    assert [(v.value, v.met, v.final) for v in values] == [
        (20, False, True), (40, False, True), (60, True, True), (80, True, False)
    ]  # fmt: skip
    assert (first, again, by_hand.value.code) == (1, 0, "measured_itself")
    assert Objective.objects.get().value == 90
    assert items(source_id=one) == [
        ("Ghi nguyên nhân, biện pháp: quý 1", "", agency.people["toan"])
    ]


@pytest.mark.django_db
def test_a_value_whose_data_are_gone_is_taken_back_unless_its_period_has_settled(agency):
    known = {Q1, Q4}

    def reader(agency_id: int, since: date, until: date) -> services.Measured | None:
        return services.Measured(Decimal("90"), 3, "/ho-so/") if since in known else None

    services.register_measure("test.gone", "Số đếm của thử nghiệm", "%", "up", reader)
    try:
        one = approved(agency, measure="test.gone", target=Decimal("60"))
        services.objectives_measure(now=NOW)
        had = list(ObjectiveValue.objects.order_by("starts_on").values_list("starts_on", flat=True))
        known.clear()
        changed = services.objectives_measure(now=NOW)
        left = list(ObjectiveValue.objects.values_list("starts_on", flat=True))
    finally:
        services.register_measure("test.gone", "Số đếm của thử nghiệm", "%", "up", lambda *_: None)

    assert (had, changed, left) == ([Q1, Q4], 1, [Q1])
    assert Objective.objects.get(pk=one).value == 90  # what the first quarter came to
    last = JournalEntry.objects.filter(action="objective.measure").order_by("id").last()
    assert "Quý 4" in last.new


@pytest.mark.django_db
def test_a_book_of_numbers_opens_where_the_numbers_of_its_year_ended(agency):
    proposed(agency)
    proposed(agency, title="Tập huấn hai lớp trong năm")
    Book.objects.filter(name=BOOK).delete()

    module = import_module("nep.apps.planning.migrations.0006_numbers_from_a_book")
    module.open_books(apps, None)
    third = proposed(agency, title="Rút ngắn thời gian giải quyết")

    assert (module.BOOK, Objective.objects.get(pk=third).number) == (BOOK, 3)


@pytest.mark.django_db(transaction=True)
def test_two_who_propose_at_once_get_a_number_each(transactional_db):
    place = with_secretary(department())
    acts = [
        partial(proposed, place, by=by, title=f"Mục tiêu {by} {n}")
        for n in range(3) for by in ("toan", "thu")
    ]  # fmt: skip

    assert at_once(*acts) == [""] * 6
    numbers = Objective.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == [1, 2, 3, 4, 5, 6]
    assert ObjectiveList.objects.count() == 1


@pytest.mark.parametrize(
    ("low", "high", "hours", "said"),
    [
        (0, 60, "1.0", "Trung vị không quá 1 giờ làm việc; ghi mức 1 giờ."),
        (480, 960, "16.0",
         "Trung vị trong khoảng trên 8 đến 16 giờ làm việc; ghi mức 16 giờ."),
        (96_000, None, "1600.1", "Trung vị trên 1.600 giờ làm việc."),
    ],
)  # fmt: skip
def test_a_median_known_by_its_class_is_never_told_too_good(low, high, hours, said):
    assert measuring.middle(low, high) == (Decimal(hours), said)


@pytest.mark.django_db
def test_own_measures_know_nothing_of_an_agency_without_cases(agency):
    for key in ("cases.on_time", "cases.median", "cases.satisfied", "cases.supplemented"):
        assert (
            queries.measured(key, agency_id=agency.agency_id, since=Q1, until=date(2026, 6, 30))
            is None
        )


@pytest.mark.django_db
def test_starters_and_last_years_copies_are_proposals_that_have_to_be_looked_at(agency):
    one = approved(agency)
    secretary = agency.actor("thu")
    made = services.objectives_start(
        actor=secretary, year=2027, keys=["on_time", "satisfied", "nothing"], now=NOW
    )
    again = services.objectives_start(actor=secretary, year=2027, keys=["on_time"], now=NOW)
    copied = services.objectives_copy(actor=secretary, year=2026, now=NOW)
    with pytest.raises(Refusal) as twice:
        services.objectives_copy(actor=secretary, year=2026, now=NOW)
    copy = Objective.objects.get(copied_from=one)
    with pytest.raises(Refusal) as unconfirmed:
        gathered(agency, copy.pk, *made, year=2027)
    services.objective_confirm(actor=agency.actor("toan"), objective_id=copy.pk, now=NOW)
    sheet = gathered(agency, copy.pk, *made, year=2027)

    assert (len(made), again, copied) == (2, (), 1)
    assert (twice.value.code, unconfirmed.value.code) == ("nothing_to_copy", "copy_unconfirmed")
    assert len(sheet.frozen) == 3


ROADS = {
    "proposed": (), "gathered": ("gather",), "approved": ("gather", "approve"),
    "judged": ("gather", "approve", "judge"), "dropped": ("drop",),
}  # fmt: skip


def act(agency, one: int, move: str) -> None:
    secretary = {"actor": agency.actor("thu"), "now": NOW}
    head = {"actor": agency.actor("ha"), "now": NOW}
    sheet = ObjectiveList.objects.first()
    list_id, sha256 = (sheet.pk, sheet.sha256) if sheet else (0, "")
    is_approved = Objective.objects.filter(pk=one, state="approved").exists()
    if move == "judge" and is_approved and not ObjectiveValue.objects.exists():
        for starts_on in (Q1, Q2, Q3, Q4):
            recorded(agency, one, starts_on, "95")
    {
        "gather": lambda: services.objectives_gather(year=2026, objective_ids=[one], **secretary),
        "approve": lambda: services.objectives_approve(list_id=list_id, sha256=sha256, **head),
        "return": lambda: services.objectives_return(
            list_id=list_id, reason="Chỉ tiêu thấp.", **head),
        "judge": lambda: services.objective_judge(objective_id=one, note="", **secretary),
        "change": lambda: services.objective_change(
            objective_id=one, values=told(agency, target=Decimal("91")), **secretary),
        "confirm": lambda: services.objective_confirm(objective_id=one, **secretary),
        "drop": lambda: services.objective_drop(
            objective_id=one, reason="Trùng mục tiêu khác.", **secretary),
        "record": lambda: recorded(agency, one, Q1, "97", by="thu"),
        "explain": lambda: services.value_explain(
            objective_id=one, starts_on=Q1, cause="Thiếu người.", act=None, **secretary),
    }[move]()  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("state", sorted(rules.STATE_NAMES))
def test_every_move_that_the_table_does_not_hold_leaves_the_row_unchanged(agency, state):
    one = proposed(agency)
    for move in ROADS[state]:
        act(agency, one, move)
    before, steps = Objective.objects.values().get(), ObjectiveMove.objects.count()
    values = list(ObjectiveValue.objects.values())
    assert before["state"] == state

    for move in rules.MOVES:
        if (state, move) in rules.LIFE:
            continue
        with pytest.raises((Refusal, ObjectiveList.DoesNotExist)):
            act(agency, one, move)
        assert Objective.objects.values().get() == before
        assert list(ObjectiveValue.objects.values()) == values
    assert ObjectiveMove.objects.count() == steps
    assert [found for _, found in examine(parts=("planning",)) if found] == []


@pytest.mark.django_db
def test_roles_and_agencies_keep_to_their_own(agency, other_agency):
    one = proposed(agency)
    sheet = gathered(agency, one)
    with pytest.raises(Forbidden):
        proposed(agency, by="lan")
    with pytest.raises(Refusal) as other_unit:
        proposed(agency, unit_id=agency.units["MC"])
    with pytest.raises(Forbidden):
        services.objectives_approve(
            actor=agency.actor("thu"), list_id=sheet.pk, sha256=sheet.sha256, now=NOW
        )
    with pytest.raises(NotFound):
        services.objectives_approve(
            actor=other_agency.actor("ha"), list_id=sheet.pk, sha256=sheet.sha256, now=NOW
        )
    with pytest.raises(NotFound):
        services.objective_drop(
            actor=other_agency.actor("ha"), objective_id=one, reason="Thử xem sao.", now=NOW
        )
    assert other_unit.value.code == "unit_other"


@pytest.mark.django_db
def test_a_handed_over_item_takes_the_objective_with_it(agency):
    one = approved(agency)
    services.objectives_measure(now=NOW)  # asks for the first quarter
    item = WorkItem.objects.get(state=0, source_type="objective", source_id=one)
    item_hand_over(
        actor=agency.actor("toan"), now=NOW, item_id=item.pk, receiver_id=agency.people["huy"],
        reason="Đi học dài ngày.",
    )  # fmt: skip

    assert Objective.objects.get().owner_id == agency.people["huy"]
    recorded(agency, one, Q1, "95", by="huy")


@pytest.mark.django_db
def test_evidence_is_folded_by_agency(agency, other_agency, django_assert_num_queries):
    one = approved(agency)
    recorded(agency, one, Q1, "95")
    with django_assert_num_queries(1):
        found = queries.evidence([agency.agency_id, other_agency.agency_id])

    assert [(e.agency_id, e.clause, e.count) for e in found] == [
        (agency.agency_id, "6.2", 1), (agency.agency_id, "9.1.1", 1)
    ]  # fmt: skip


@pytest.mark.django_db
def test_doctor_finds_a_changed_list_a_wrong_verdict_and_a_lost_step(agency):
    one = approved(agency)
    recorded(agency, one, Q1, "95")
    clean = [found for _, found in examine(parts=("planning",)) if found]
    ObjectiveList.objects.update(frozen=[{"title": "Khác"}])
    ObjectiveValue.objects.update(met=False)
    Objective.objects.update(state="proposed")

    codes = {one.code for _, found in examine(parts=("planning",)) for one in found}
    assert clean == []
    assert codes >= {"objective_list", "objective_value", "objective_history"}


@pytest.mark.django_db
def test_a_units_objective_counts_the_units_own_cases(agency):
    month = {"agency_id": agency.agency_id, "month": 202605}
    AgencyMonth.objects.create(**month, ended=10, on_time=6, late=4)
    UnitMonth.objects.create(**month, unit_id=agency.units["PKH"], ended=4, on_time=4)
    UnitMonth.objects.create(**month, unit_id=agency.units["MC"], ended=6, on_time=2, late=4)

    def found(key: str, unit: str = "") -> services.Measured | None:
        return queries.measured(
            key, agency_id=agency.agency_id, since=date(2026, 4, 1), until=date(2026, 6, 30),
            unit_id=agency.units[unit] if unit else None,
        )  # fmt: skip

    assert [found("cases.on_time", unit).value for unit in ("", "PKH", "MC")] == [
        60, 100, Decimal("33.33")
    ]  # fmt: skip
    assert found("cases.on_time", "MC").url.endswith(f"&dv={agency.units['MC']}")
    services.register_measure("test.count", "Số đếm của thử nghiệm", "%", "up", counted)
    try:
        assert found("test.count", "MC").said == "tính cho cả cơ quan"
        assert found("test.count").said == ""
    finally:
        services.register_measure("test.count", "Số đếm của thử nghiệm", "%", "up", lambda *_: None)


def test_what_the_first_list_left_is_asked_for_and_gathered_next(agency):
    first, second = proposed(agency), proposed(agency, title="Không để hồ sơ quá hạn")
    sheet = gathered(agency, first)
    services.objectives_approve(
        actor=agency.actor("ha"), list_id=sheet.pk, sha256=sheet.sha256, now=NOW
    )
    asked = ObjectiveList.objects.get(state="draft")
    assert asked.item_id is not None and asked.edition == 2

    services.objectives_gather(
        actor=agency.actor("thu"), year=asked.year, objective_ids=[second], now=NOW
    )

    asked.refresh_from_db()
    assert asked.state == "sent"
    assert Objective.objects.get(pk=second).of_list_id == asked.pk
