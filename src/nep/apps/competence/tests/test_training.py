from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nep.apps.competence import queries, services
from nep.apps.competence.models import (
    Attendance,
    Need,
    Session,
    SessionMove,
    TrainingPlan,
)
from nep.apps.competence.rules import training as rules
from nep.apps.organization.rules import Actor
from nep.apps.organization.tests.scene import NOW
from nep.apps.planning.queries import measured
from nep.apps.work.models import WorkItem
from nep.foundation.db.doctor import examine
from nep.kernel.decisions import Refused
from nep.kernel.errors import Conflict, Forbidden, NotFound, Refusal
from nep.kernel.references import Reference

TODAY = NOW.date()
LATER = NOW + timedelta(days=rules.EFFECT_DAYS)


# Rules


@given(st.sampled_from(sorted(rules.STATE_NAMES)), st.sampled_from(rules.MOVES))
def test_a_move_leads_where_the_table_says_or_is_refused_in_words(state, move):
    found = rules.next_state(state, move)

    if (state, move) in rules.LIFE:
        assert found == rules.LIFE[state, move]
    else:
        assert isinstance(found, Refused)
        assert found.code == "session_state"


@given(st.integers(1, 4), st.sets(st.integers(1, 4)), st.one_of(st.none(), st.integers(1, 4)))
def test_nobody_judges_what_they_attended_or_taught_whatever_their_role(person, there, trainer):
    facts = rules.Facts("held", TODAY, 9, trainer, TODAY, frozenset(there))
    leader = Actor(person, None, "Ai đó", 1, roles=frozenset({"leader"}))

    decision = rules.decide_judge(leader, facts, worked=True, note="Bài kiểm tra", today=TODAY)

    assert bool(decision) == (person not in there and person != trainer)


@pytest.mark.parametrize(
    ("met_on", "months", "lacks"),
    [
        (None, None, True),
        (date(2020, 1, 1), None, False),
        (date(2025, 12, 10), 12, False),
        (date(2025, 12, 9), 12, True),
        (date(2026, 12, 1), 1, False),
    ],
)
def test_a_competence_is_lacking_without_proof_or_after_its_months(met_on, months, lacks):
    assert rules.lacks(met_on=met_on, months=months, today=TODAY) is lacks


def test_the_unit_that_most_people_came_from_is_asked_first_whatever_its_code():
    holders = {
        ("A", "unit_head"): {1}, ("B", "unit_head"): {2}, ("B", "specialist"): {3, 4},
        ("C", "specialist"): {5, 6}, ("D", "reception"): {3},
    }  # fmt: skip

    assert rules.units_by_presence(holders, {1, 3, 4, 5}) == ("B", "A", "C", "D")
    assert rules.units_by_presence(holders, set()) == ()


# Services


def told(agency, **change) -> services.SessionValues:
    values = {
        "title": "Tiếp nhận hồ sơ trên hệ thống", "starts_at": NOW, "hours": Decimal(4),
        "organiser_id": agency.people["thu"], "place": "Phòng họp",
        "person_ids": (agency.people["lan"], agency.people["huy"]),
    }  # fmt: skip
    return services.SessionValues(**{**values, **change})


def added(agency, *, needs=(), **change) -> int:
    return services.session_add(
        actor=agency.actor("thu"), values=told(agency, **change), need_ids=needs, now=NOW
    )


def approved(agency, **change) -> int:
    one = added(agency, **change)
    services.plan_send(actor=agency.actor("thu"), year=2026, now=NOW)
    plan = TrainingPlan.objects.get()
    services.plan_approve(actor=agency.actor("ha"), plan_id=plan.pk, sha256=plan.sha256, now=NOW)
    return one


def held(agency, one: int, *there: str, by: str = "thu", now=NOW) -> None:
    services.session_hold(
        actor=agency.actor(by), session_id=one, effect_on=None, now=now,
        present_ids=[agency.people[name] for name in there or ("lan", "huy")],
    )  # fmt: skip


def judged(agency, one: int, *, by: str = "toan", worked: bool = True, now=LATER) -> None:
    services.session_judge(
        actor=agency.actor(by, now=now), session_id=one, worked=worked,
        note="Không còn hồ sơ nhập thiếu.", now=now,
    )  # fmt: skip


def items() -> list[tuple[str, str, int | None]]:
    rows = WorkItem.objects.filter(source_type__startswith="training", state=0)
    return list(rows.values_list("step_label", "role", "person_id"))


def quiet() -> bool:
    return not [found for _, found in examine(parts=("competence",)) if found]


@pytest.mark.django_db
def test_a_need_becomes_an_approved_session_that_somebody_else_finds_to_work(agency):
    need = services.need_add(
        actor=agency.actor("thu"), title="Dùng hệ thống mới", now=NOW,
        person_ids=[agency.people["lan"]],
    )  # fmt: skip
    one = added(agency, needs=[need])
    services.plan_send(actor=agency.actor("thu"), year=2026, now=NOW)
    sent = items()
    plan = TrainingPlan.objects.get()
    with pytest.raises(Conflict):
        services.plan_approve(actor=agency.actor("ha"), plan_id=plan.pk, sha256="0", now=NOW)
    services.plan_approve(actor=agency.actor("ha"), plan_id=plan.pk, sha256=plan.sha256, now=NOW)
    coming = items()
    services.session_attend(actor=agency.actor("lan"), session_id=one, now=NOW)
    held(agency, one, "lan")
    judge = items()
    with pytest.raises(Refusal) as early:
        judged(agency, one, now=NOW)
    with pytest.raises(Refusal) as own:
        judged(agency, one, by="lan")
    judged(agency, one)

    assert [one[:2] for one in sent] == [("Phê duyệt kế hoạch", "leader")]
    assert coming == [("Mở lớp, điểm danh", "", agency.people["thu"])]
    assert [one[:2] for one in judge] == [("Xét hiệu quả đào tạo", "unit_head")]
    assert (early.value.code, own.value.code) == ("effect_early", "attended")
    assert Session.objects.get().state == "effective"
    assert Need.objects.get().state == "met"
    states = dict(Attendance.objects.values_list("person_id", "state"))
    assert states == {agency.people["lan"]: "present", agency.people["huy"]: "absent"}
    assert Attendance.objects.get(state="present").how == "self"
    tally = queries.training_of(agency_id=agency.agency_id, year=2026)
    assert (tally.held, tally.effective, tally.people) == (1, 1, 1)
    assert items() == []
    assert quiet()


@pytest.mark.django_db
def test_without_effect_the_people_need_it_again(agency):
    one = approved(agency)
    held(agency, one)
    judged(agency, one, worked=False)

    (need,) = queries.training_page(agency_id=agency.agency_id, year=2026, today=TODAY).needs
    assert need.origin_name == "Buổi đào tạo chưa hiệu quả"
    assert {name for name, _ in need.people} == {agency.people["lan"], agency.people["huy"]}


@pytest.mark.django_db
def test_a_cancelled_session_opens_its_needs_again(agency):
    need = services.need_add(
        actor=agency.actor("thu"), title="Dùng hệ thống mới", now=NOW,
        person_ids=[agency.people["lan"]],
    )  # fmt: skip
    one = approved(agency, needs=[need])
    services.session_cancel(
        actor=agency.actor("thu"), session_id=one, reason="Giảng viên bận.", now=NOW
    )

    assert (Need.objects.get().state, Need.objects.get().session_id) == ("open", None)
    assert items() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"title": "x"}, "title_missing"),
        ({"form": "sleep"}, "form_unknown"),
        ({"hours": Decimal(0)}, "hours_wrong"),
        ({"person_ids": ()}, "people_missing"),
        ({"person_ids": (7,)}, "person_unknown"),
        ({"organiser_id": 7}, "person_unknown"),
        ({"requirement_id": 7}, "requirement_unknown"),
    ],
)
def test_what_a_session_needs(agency, change, code):
    with pytest.raises(Refusal) as refused:
        added(agency, **change)

    assert refused.value.code == code
    assert not Session.objects.exists()


@pytest.mark.django_db
def test_attendance_is_only_for_the_invited_on_the_day(agency):
    one, other = approved(agency), None
    cases = [("tuan", NOW, "not_invited"), ("lan", NOW + timedelta(days=1), "other_day")]
    for who, now, code in cases:
        with pytest.raises(Refusal) as refused:
            services.session_attend(actor=agency.actor(who), session_id=one, now=now)
        assert refused.value.code == code
    with pytest.raises(Refusal) as nobody:
        services.session_hold(
            actor=agency.actor("thu"), session_id=one, present_ids=[], effect_on=None, now=NOW
        )
    with pytest.raises(Forbidden):
        services.session_cancel(
            actor=agency.actor("lan"), session_id=one, reason="Không muốn học.", now=NOW
        )
    assert (nobody.value.code, other) == ("nobody_present", None)


@pytest.mark.django_db
def test_who_sends_the_plan_does_not_approve_it_and_an_empty_one_is_not_sent(agency):
    agency.appoint("thu", "LD", "leader")
    added(agency)
    services.plan_send(actor=agency.actor("thu"), year=2026, now=NOW)
    plan = TrainingPlan.objects.get()
    with pytest.raises(Refusal) as own:
        services.plan_approve(
            actor=agency.actor("thu"), plan_id=plan.pk, sha256=plan.sha256, now=NOW
        )
    services.plan_return(
        actor=agency.actor("ha"), plan_id=plan.pk, reason="Thêm lớp cho một cửa.", now=NOW
    )
    services.session_cancel(
        actor=agency.actor("thu"), session_id=Session.objects.get().pk, reason="Gộp lớp.", now=NOW
    )
    with pytest.raises(Refusal) as empty:
        services.plan_send(actor=agency.actor("thu"), year=2026, now=NOW)

    assert (own.value.code, empty.value.code) == ("author_is_approver", "plan_empty")
    assert TrainingPlan.objects.get().return_note == "Thêm lớp cho một cửa."


@pytest.mark.django_db
def test_positions_tell_who_lacks_what_and_training_or_a_certificate_fills_it(agency):
    secretary = agency.actor("thu")
    wanted = services.requirement_add(
        actor=secretary, title="Đánh giá nội bộ", role="specialist", months=None, now=NOW
    )
    (gap,) = queries.gaps(agency_id=agency.agency_id, today=TODAY)
    services.qualification_add(
        actor=secretary, now=NOW,
        values=services.QualificationValues(
            agency.people["huy"], "auditor", "Đánh giá nội bộ", "Chi cục", date(2025, 1, 5)
        ),
    )  # fmt: skip
    made = len(services.needs_of_positions(actor=secretary, requirement_ids=[wanted], now=NOW))
    with pytest.raises(Refusal) as again:
        services.needs_of_positions(actor=secretary, requirement_ids=[wanted], now=NOW)
    need = Need.objects.get()
    one = approved(agency, needs=[need.pk], person_ids=(agency.people["lan"],))
    held(agency, one, "lan")
    (filled,) = queries.gaps(agency_id=agency.agency_id, today=TODAY)

    assert len(gap.lacking) == gap.holders == 2
    assert (made, again.value.code) == (1, "nothing_lacking")
    assert [one.person_id for one in need.people.all()] == [agency.people["lan"]]
    assert filled.lacking == ()


@pytest.mark.django_db
def test_a_post_asks_of_whoever_holds_it_whatever_the_role(agency):
    secretary = agency.actor("thu")
    services.requirement_add(
        actor=secretary, title="Quản lý nhà nước", post="Trưởng phòng", months=None, now=NOW
    )
    with pytest.raises(Refusal) as unknown:
        services.requirement_add(
            actor=secretary, title="Kế toán", post="Kế toán trưởng", months=None, now=NOW
        )
    with pytest.raises(Refusal) as twice:
        services.requirement_add(
            actor=secretary, title="Quản lý nhà nước", post="Trưởng phòng", months=12, now=NOW
        )
    (gap,) = queries.gaps(agency_id=agency.agency_id, today=TODAY)

    assert (gap.role_name, gap.holders) == ("Trưởng phòng", 1)
    assert gap.lacking == ((agency.people["toan"], "Đặng Văn Toàn"),)
    assert (unknown.value.code, twice.value.code) == ("role_unknown", "required_already")
    assert queries.requirement_choices(agency.agency_id)[0][1] == "Quản lý nhà nước (Trưởng phòng)"


@pytest.mark.django_db
def test_the_form_offers_roles_and_the_posts_of_the_agency(agency, client):
    agency.sign_in(client, "thu")
    page = client.get("/nang-luc/vi-tri/").content.decode()
    assert 'value="chuc-danh:Trưởng phòng"' in page
    client.post(
        "/nang-luc/vi-tri/them/",
        {"title": "Quản lý nhà nước", "role": "chuc-danh:Trưởng phòng", "months": ""},
    )
    (gap,) = queries.gaps(agency_id=agency.agency_id, today=TODAY)

    assert (gap.title, gap.role_name) == ("Quản lý nhà nước", "Trưởng phòng")


@pytest.mark.django_db
def test_needs_that_the_system_finds_gather_their_people(agency):
    origin = Reference("reading", 12, "QT-01 Cấp phép", "/tai-lieu/12/")
    for name in ("lan", "huy", "lan"):
        services.need_propose(
            agency_id=agency.agency_id, origin=origin, title="Hiểu QT-01", now=NOW,
            person_ids=[agency.people[name]],
        )  # fmt: skip

    (need,) = queries.training_page(agency_id=agency.agency_id, year=2026, today=TODAY).needs
    assert len(need.people) == 2
    assert need.proposed_by == "Nếp"
    services.need_drop(
        actor=agency.actor("thu"), need_id=need.id, reason="Đã kèm tại chỗ.", now=NOW
    )
    assert Need.objects.get().state == "dropped"


ROADS = {
    "draft": (), "planned": ("approve",), "held": ("approve", "hold"),
    "effective": ("approve", "hold", "worked"), "failed": ("approve", "hold", "failed"),
    "cancelled": ("cancel",),
}  # fmt: skip


def act(agency, one: int, move: str) -> None:
    secretary = {"actor": agency.actor("thu"), "now": NOW}
    if move == "approve":
        services.plan_send(year=2026, **secretary)
        plan = TrainingPlan.objects.get()
        services.plan_approve(
            actor=agency.actor("ha"), plan_id=plan.pk, sha256=plan.sha256, now=NOW
        )
        return
    {
        "change": lambda: services.session_change(
            session_id=one, values=told(agency, place="Hội trường"), **secretary),
        "hold": lambda: held(agency, one),
        "worked": lambda: judged(agency, one),
        "failed": lambda: judged(agency, one, worked=False),
        "cancel": lambda: services.session_cancel(
            session_id=one, reason="Không còn cần.", **secretary),
    }[move]()  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("state", sorted(rules.STATE_NAMES))
def test_every_move_that_the_table_does_not_hold_leaves_the_row_unchanged(agency, state):
    one = added(agency)
    for move in ROADS[state]:
        act(agency, one, move)
    before, steps = Session.objects.values().get(), SessionMove.objects.count()
    there = list(Attendance.objects.values())
    assert before["state"] == state

    for move in rules.MOVES:
        if (state, move) in rules.LIFE:
            continue
        with pytest.raises(Refusal):
            act(agency, one, move)
        assert Session.objects.values().get() == before
        assert list(Attendance.objects.values()) == there
    assert SessionMove.objects.count() == steps
    assert quiet()


@pytest.mark.django_db
def test_another_agency_and_officers_change_nothing(agency, other_agency):
    one = approved(agency)
    plan = TrainingPlan.objects.get()
    with pytest.raises(NotFound):
        services.session_attend(actor=other_agency.actor("lan"), session_id=one, now=NOW)
    with pytest.raises(NotFound):
        services.plan_approve(
            actor=other_agency.actor("ha"), plan_id=plan.pk, sha256=plan.sha256, now=NOW
        )
    with pytest.raises(Forbidden):
        services.need_add(
            actor=agency.actor("lan"), title="Học tiếng Anh", now=NOW,
            person_ids=[agency.people["lan"]],
        )  # fmt: skip


@pytest.mark.django_db
def test_objectives_read_how_much_was_held_and_had_an_effect(agency):
    def read(key: str, until: date) -> Decimal | None:
        found = measured(key, agency_id=agency.agency_id, since=date(2026, 10, 1), until=until)
        return found.value if found else None

    nothing = read("competence.held", TODAY)
    added(agency, title="Lớp đến ngày chưa mở")
    one = approved(agency)
    held(agency, one)
    unjudged = read("competence.effective", TODAY)
    judged(agency, one)

    assert (nothing, unjudged) == (None, None)
    assert read("competence.held", TODAY - timedelta(days=1)) is None
    assert read("competence.held", TODAY) == 50
    assert read("competence.effective", TODAY) == 100


@pytest.mark.django_db
def test_evidence_is_folded_by_agency(agency, other_agency, django_assert_num_queries):
    held(agency, approved(agency))
    services.qualification_add(
        actor=agency.actor("thu"), now=NOW,
        values=services.QualificationValues(
            agency.people["huy"], "auditor", "Đánh giá nội bộ", "Chi cục", date(2025, 1, 5)
        ),
    )  # fmt: skip
    with django_assert_num_queries(1):
        found = queries.evidence([agency.agency_id, other_agency.agency_id])

    assert [(e.agency_id, e.clause, e.kind, e.count) for e in found] == [
        (agency.agency_id, "7.2", "training", 1), (agency.agency_id, "7.3", "training", 1),
        (agency.agency_id, "7.2", "qualification", 1),
    ]  # fmt: skip
    assert found[0].newest_on == datetime(2026, 12, 10).date()


@pytest.mark.django_db
def test_a_session_is_neither_changed_nor_cancelled_while_the_head_reads_its_plan(agency):
    one = added(agency)
    services.plan_send(actor=agency.actor("thu"), year=2026, now=NOW)
    own = {"actor": agency.actor("thu"), "session_id": one, "now": NOW}
    other = told(agency, title="Học lái xe nâng", hours=Decimal(400))
    with pytest.raises(Refusal) as changed:
        services.session_change(values=other, **own)
    with pytest.raises(Refusal) as cancelled:
        services.session_cancel(reason="Giảng viên bận.", **own)
    shown = [queries.session_page(actor=own["actor"], session_id=one, today=TODAY).may]
    plan = TrainingPlan.objects.get()
    services.plan_return(
        actor=agency.actor("ha"), plan_id=plan.pk, reason="Thêm lớp cho một cửa.", now=NOW
    )
    shown.append(queries.session_page(actor=own["actor"], session_id=one, today=TODAY).may)
    services.session_change(values=other, **own)

    assert (changed.value.code, cancelled.value.code) == ("plan_sent", "plan_sent")
    assert changed.value.message.endswith("đợi kết quả rồi sửa.")
    assert shown == [frozenset(), {"change", "cancel"}]
    assert (plan.frozen[0]["title"], Session.objects.get().title) == (
        "Tiếp nhận hồ sơ trên hệ thống", "Học lái xe nâng",
    )  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("worked", [True, False])
def test_who_was_absent_still_needs_what_others_have_learnt(agency, worked):
    wanted = services.requirement_add(
        actor=agency.actor("thu"), title="Đánh giá nội bộ", role="specialist", months=None, now=NOW
    )
    (need,) = services.needs_of_positions(
        actor=agency.actor("thu"), requirement_ids=[wanted], now=NOW
    )
    one = approved(agency, needs=[need])
    held(agency, one, "lan")
    judged(agency, one, worked=worked)

    met = Need.objects.get(state="met")
    again = Need.objects.get(state="open", origin_kind="position")
    assert met.pk == need
    assert [one.person_id for one in met.people.all()] == [agency.people["lan"]]
    assert [one.person_id for one in again.people.all()] == [agency.people["huy"]]
    assert (again.origin_id, again.requirement_id) == (wanted, wanted)
    assert Need.objects.filter(origin_kind="session").count() == (0 if worked else 1)
    assert quiet()


@pytest.mark.django_db
def test_a_need_that_nobody_of_it_came_for_is_open_again(agency):
    need = services.need_add(
        actor=agency.actor("thu"), title="Dùng hệ thống mới", now=NOW,
        person_ids=[agency.people["huy"]],
    )  # fmt: skip
    one = approved(agency, needs=[need])
    held(agency, one, "lan")
    judged(agency, one)

    assert (Need.objects.get().state, Need.objects.get().session_id) == ("open", None)


@pytest.mark.django_db
def test_who_was_absent_joins_an_open_need_of_the_same_origin(agency):
    origin = Reference("reading", 12, "QT-01 Cấp phép", "/tai-lieu/12/")
    ask = {"agency_id": agency.agency_id, "origin": origin, "title": "Hiểu QT-01", "now": NOW}
    lan, huy, tuan = (agency.people[name] for name in ("lan", "huy", "tuan"))
    need = services.need_propose(person_ids=[lan, huy], **ask)
    one = approved(agency, needs=[need])
    later = services.need_propose(person_ids=[tuan], **ask)
    held(agency, one, "lan")
    judged(agency, one)

    states = dict(Need.objects.values_list("id", "state"))
    people = Need.objects.get(pk=later).people.values_list("person_id", flat=True)
    assert states == {need: "met", later: "open"}
    assert set(people) == {huy, tuan}


@pytest.mark.django_db
@pytest.mark.parametrize(("until", "lacks"), [(TODAY - timedelta(days=1), True), (TODAY, False)])
def test_an_expired_certificate_fills_no_gap(agency, until, lacks):
    services.requirement_add(
        actor=agency.actor("thu"), title="An toàn bức xạ", role="specialist", months=None, now=NOW
    )
    services.qualification_add(
        actor=agency.actor("thu"), now=NOW,
        values=services.QualificationValues(
            agency.people["lan"], "other", "An toàn bức xạ", "Cục An toàn bức xạ",
            date(2022, 1, 5), valid_until=until,
        ),
    )  # fmt: skip
    (gap,) = queries.gaps(agency_id=agency.agency_id, today=TODAY)

    assert (agency.people["lan"] in dict(gap.lacking)) is lacks
