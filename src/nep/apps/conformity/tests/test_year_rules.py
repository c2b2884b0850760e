from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from nep.apps.conformity.rules import adviser, burden, year
from nep.kernel.references import Approval, Wording
from nep.kernel.vietnamese import VN

TODAY = date(2026, 6, 10)
SHIPPED = settings.ISO_YEAR
PLAN = year.read_obligations(SHIPPED["obligations"], kind="xa", name="UBND xã Tân Lập", people=40)
ONE = next(one for one in PLAN if one.code == "danh-muc-ho-so")
HAND = next(one for one in PLAN if one.seen == year.HAND)


def lined(obligation=ONE, *, kept=None, seen=None, today=TODAY):
    return year.line_of(obligation, kept, seen or year.Seen(), year=2026, today=today)


def test_every_obligation_names_its_source_and_mark_and_stands_in_the_year():
    for one in year.read_obligations(
        SHIPPED["obligations"], kind="so", name="Sở Khoa học và Công nghệ", people=60
    ):
        assert one.source
        assert one.verified in {"S", "K"}
        assert one.day_verified in {"S", "chưa xác minh"}
        assert year.day_of(one.due, 2027).year == 2027
        assert one.minutes > 0


def test_the_lead_unit_alone_reports_in_november_and_december_and_small_offices_plan_no_training():
    lead = {
        one.code
        for one in year.read_obligations(
            SHIPPED["obligations"], kind="so", name="Sở Khoa học và Công nghệ", people=60
        )
    }
    small = {
        one.code
        for one in year.read_obligations(
            SHIPPED["obligations"], kind="xa", name="UBND xã", people=4
        )
    }

    assert lead - {one.code for one in PLAN} == {"tong-hop-thang-11", "bao-cao-thang-12"}
    assert {one.code for one in PLAN} - small == {"dao-tao"}


@pytest.mark.parametrize(
    ("seen", "state"),
    [
        (year.Seen(done_on=date(2026, 1, 20)), "done"),
        (year.Seen(), "late"),
        (year.Seen(due_on=date(2026, 6, 20)), "soon"),
        (year.Seen(due_on=date(2026, 9, 1)), "later"),
        (year.Seen(needed=False), "done"),
    ],
)
def test_a_line_stands_as_the_data_say(seen, state):
    assert lined(seen=seen).state == state


def test_where_data_tell_a_hand_written_day_counts_nothing():
    kept = year.Kept(ONE.code, ONE.title, date(2026, 1, 31), ONE.role, 30, False, False, True, "",
                     date(2026, 1, 9), "Đã làm.")  # fmt: skip

    assert lined(kept=kept).state == "late"
    assert lined(HAND, kept=replace(kept, code=HAND.code)).state == "done"
    assert lined(kept=replace(kept, excluded="Chưa áp dụng.")).state == "excluded"


@given(
    st.lists(st.tuples(st.sampled_from(list(year.STATE_NAMES)), st.integers(1, 300)), max_size=9)
)
def test_the_next_thing_is_the_latest_overdue_then_the_nearest_and_never_a_finished_one(drawn):
    lines = [replace(lined(), code=str(n), state=state, due_on=date(2026, 1, 1) + timedelta(days=d))
             for n, (state, d) in enumerate(drawn)]  # fmt: skip
    left = [one for one in lines if one.state not in {"done", "excluded"}]
    found = year.next_of(lines)

    assert (found is None) == (not left)
    if found:
        late = [one for one in left if one.state == "late"]
        assert found.due_on == min(one.due_on for one in (late or left))


@pytest.mark.parametrize(
    ("obligation", "evidence", "on", "code"),
    [
        (ONE, "Quyết định số 1", TODAY, "seen_from_data"),
        (HAND, "  ", TODAY, "evidence_missing"),
        (HAND, "Báo cáo số 45", TODAY + timedelta(days=1), "done_later"),
        (HAND, "Báo cáo số 45", date(1990, 1, 1), "done_early"),
        (HAND, "Báo cáo số 45", TODAY, ""),
        (None, "Báo cáo số 45", TODAY, ""),
    ],
)
def test_only_what_no_data_can_tell_is_ticked_and_with_evidence(obligation, evidence, on, code):
    decision = year.decide_tick(
        obligation=obligation, evidence=evidence, on=on, year=TODAY.year, today=TODAY
    )

    assert getattr(decision, "code", "") == code


def test_the_longest_known_beginning_of_an_act_gives_its_minutes():
    known = {"reading.": 2, "reading.acknowledged": 5}

    assert [burden.minutes_of(code, known) for code in
            ("reading.acknowledged", "reading.asked", "case.accepted")] == [5, 2, 0]  # fmt: skip


def test_every_kind_of_act_has_its_name():
    shipped = settings.ISO_YEAR["burden"]

    assert set(shipped["names"]) == set(shipped["minutes"])
    assert len(set(shipped["names"].values())) == len(shipped["names"])


@given(st.lists(st.tuples(st.integers(1, 3), st.sampled_from([202610, 202611, 202601]),
                          st.sampled_from(["risk.rate", "case.note"]), st.integers(1, 9))))  # fmt: skip
def test_the_burden_is_every_counted_act_times_its_minutes(drawn):
    months = burden.months_of(2026, 11, count=3)
    found = burden.burden([burden.Acts(*one) for one in drawn], months=months, minutes={"risk.": 6})

    assert sum(one.total for one in found) == sum(
        6 * count for _, month, action, count in drawn
        if action.startswith("risk.") and month in months
    )  # fmt: skip
    assert [one.total for one in found] == sorted((one.total for one in found), reverse=True)


AT = datetime(2026, 5, 4, 9, tzinfo=VN)
RULES = SHIPPED["adviser"]


def hinted(**facts) -> list[str]:
    return [one.rule for one in adviser.hints(adviser.Facts(**facts), RULES)]


def test_an_approval_minutes_after_submission_asks_and_one_hours_after_does_not():
    fast = Approval("QT-01", "/tai-lieu/1/", AT, AT + timedelta(minutes=1), 4)
    slow = replace(fast, approved_at=AT + timedelta(hours=3))
    (hint,) = adviser.hints(adviser.Facts(approved=(fast, slow)), RULES)

    assert (hint.rule, hint.unit_id, hint.url) == ("minutes_apart", 4, "/tai-lieu/1/")
    assert "cách 1 phút" in hint.told
    assert hinted(approved=(slow,)) == []


def test_the_same_sentence_in_three_places_asks_whatever_its_marks_and_case():
    said = "Do cán bộ chưa nắm rõ quy trình giải quyết"
    texts = (said, said.upper(), f"  {said}  ")
    written = tuple(Wording("nguyên nhân", text, f"/k/{n}/", 7) for n, text in enumerate(texts))

    assert hinted(written=written) == ["identical_texts"]
    assert hinted(written=written[:2]) == []
    assert (
        hinted(written=(*written[:2], replace(written[2], text="Máy in ở phòng khác nên đến sau")))
        == []
    )


def test_sessions_all_at_one_hour_and_years_without_findings_ask():
    starts = tuple(AT + timedelta(days=day) for day in range(3))
    empty = [adviser.AuditYear(year_, starts if year_ == 2026 else (), 0, 5, True)
             for year_ in (2025, 2026)]  # fmt: skip

    assert hinted(audits=tuple(empty)) == ["one_hour", "no_findings"]
    assert (
        hinted(audits=(replace(empty[0], findings=1), replace(empty[1], starts=starts[:2]))) == []
    )
    assert hinted(audits=(replace(empty[1], starts=(), late=0), replace(empty[0], late=0))) == []


def test_work_ended_on_its_last_day_asks_when_most_is():
    last = [adviser.Ended("hành động", TODAY, TODAY)] * 4
    early = [adviser.Ended("hành động", TODAY, TODAY - timedelta(days=9))] * 2

    assert hinted(ended=tuple(last + early)) == ["last_day"]
    assert hinted(ended=tuple(last)) == []
    assert hinted(ended=tuple(last[:3] + early * 2)) == []
