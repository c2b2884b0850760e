"""Cases that open nonconformities by themselves."""

from datetime import date, datetime, timedelta

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from nep.apps.cases.models import CaseFact, CaseRating
from nep.apps.cases.queries import troubles
from nep.apps.improvement import queries, services
from nep.apps.improvement.models import Nonconformity, Subject
from nep.apps.improvement.rules import case_rules
from nep.apps.improvement.rules.case_rules import CaseRule, Counted
from nep.apps.organization.tests.scene import NOW
from nep.kernel.errors import Forbidden, NotFound, Refusal
from nep.kernel.vietnamese import VN

NEXT_MONTH = datetime(2027, 1, 4, 8, 0, tzinfo=VN)
RULE = CaseRule("late", "Trễ", "Trễ", 10, 3, "", "", "")


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 100), st.integers(1, 20))
def test_both_thresholds_must_be_passed(total, hit, share, least):
    hit = min(hit, total)
    rule = CaseRule("late", "", "", share, least, "", "", "")

    found = case_rules.is_too_much(rule, Counted(1, 1, total, hit))

    assert found == (hit >= least and (100 * hit >= share * total if total else share == 0))


@pytest.mark.parametrize(
    ("today", "month"), [(date(2027, 1, 4), 202612), (date(2026, 12, 31), 202611)]
)
def test_the_month_that_is_over(today, month):
    assert case_rules.month_before(today) == month


def finished(at, count: int, **facts) -> list[int]:
    """Finish some cases in December and write their facts as given."""
    made = []
    for _ in range(count):
        case = at.accept()
        at.walk(case, "b5")
        at.complete(case, "b5", by="tuan", now=NOW + timedelta(hours=3))
        made.append(case.pk)
    CaseFact.objects.filter(case_id__in=made).update(**facts)
    return made


@pytest.mark.django_db
def test_one_sheet_a_rule_procedure_and_month_with_its_cases_and_never_twice(agency):
    late = finished(agency, 3, word="tre", supplements=2)
    finished(agency, 1)
    CaseRating.objects.bulk_create(
        CaseRating(case_id=case_id, agency_id=agency.scene.agency_id, tthc_id=agency.tthc_id,
                   degree=1, rated_at=NOW, changed_at=NOW)
        for case_id in late[:2]
    )  # fmt: skip

    first = services.nonconformities_of_cases(now=NEXT_MONTH)
    again = services.nonconformities_of_cases(now=NEXT_MONTH + timedelta(days=9))

    rows = {row.rule: row for row in Nonconformity.objects.all()}
    assert (first, again) == (3, 0)
    assert set(rows) == {"late", "supplements", "ratings"}
    assert "75%, 3/4 hồ sơ" in rows["late"].title
    assert "tháng 12/2026" in rows["late"].title
    assert "chưa xác minh" in rows["late"].detail
    about = Subject.objects.filter(nonconformity=rows["late"])
    assert set(about.values_list("ref_id", flat=True)) == set(late)
    assert (rows["late"].owner_id, rows["late"].reported_by_id) == (None, None)


@pytest.mark.django_db
def test_an_agencys_own_thresholds_hold_and_a_rule_may_be_off(agency):
    finished(agency, 3, word="tre")
    services.rule_set(
        actor=agency.actor("thu"), code="late", is_on=True, share=80, least=4, now=NOW
    )
    assert services.nonconformities_of_cases(now=NEXT_MONTH) == 0

    services.rule_set(
        actor=agency.actor("thu"), code="late", is_on=False, share=1, least=1, now=NOW
    )
    assert services.nonconformities_of_cases(now=NEXT_MONTH) == 0

    services.rule_set(actor=agency.actor("thu"), code="late", is_on=True, share=1, least=1, now=NOW)
    assert services.nonconformities_of_cases(now=NEXT_MONTH) == 1
    rules = {one.code: one for one in queries.case_rules_of(agency_id=agency.scene.agency_id)}
    assert (rules["late"].share, rules["late"].verified) == (1, "cơ quan đặt")


@pytest.mark.django_db
def test_who_may_set_a_rule_and_in_which_bounds(agency):
    setting = {"code": "late", "is_on": True, "share": 5, "least": 2, "now": NOW}
    with pytest.raises(Forbidden):
        services.rule_set(actor=agency.actor("lan"), **setting)
    with pytest.raises(NotFound):
        services.rule_set(actor=agency.actor("thu"), **{**setting, "code": "khac"})
    with pytest.raises(Refusal):
        services.rule_set(actor=agency.actor("thu"), **{**setting, "share": 101})


@pytest.mark.django_db
def test_counting_asks_three_questions_however_many_cases(agency, django_assert_num_queries):
    finished(agency, 3, word="tre", returns=1)
    with django_assert_num_queries(3):
        found = troubles.troubles(month=202612)

    assert {(one.measure, one.total, one.hit) for one in found} == {
        ("late", 3, 3), ("returned", 3, 3)
    }  # fmt: skip


def test_every_shipped_rule_is_one_that_is_counted():
    shipped = case_rules.read_case_rules(settings.NONCONFORMITY_RULES)

    assert set(shipped) == set(case_rules.CODES) == set(troubles.MEASURES)
    with pytest.raises(ValueError, match="unknown rule"):
        case_rules.read_case_rules({"moi": {}})
