"""The proof before publishing: what fails, where, and what is said to have passed."""

from dataclasses import replace
from decimal import Decimal

import pytest

from nep.apps.procedures.rules.edits import Edit, apply
from nep.apps.procedures.rules.lint import lint
from nep.apps.procedures.rules.report import Facts
from nep.apps.procedures.rules.table import Branch
from nep.apps.procedures.tests.scene import days, draft, hours

ROLES = {
    "MC/reception": "Bộ phận Một cửa",
    "PKH/specialist": "Chuyên viên, Phòng Kế hoạch",
    "LD/leader": "Lãnh đạo cơ quan, Ban lãnh đạo",
}


def facts(**changes) -> Facts:
    known = {
        "holders": dict.fromkeys(ROLES, 2),
        "role_words": ROLES,
        "tthc_code": "1.009645",
        "is_internal": False,
        "tthc_amount": Decimal(5),
        "tthc_unit": "working_day",
    }
    return Facts(**{**known, **changes})


def codes(one=None, **changes) -> list[str]:
    return [finding.code for finding in lint(one or draft(), facts(**changes)).errors]


def with_step(name: str, **changes):
    table = draft().table
    steps = tuple(replace(s, **changes) if s.id == name else s for s in table.steps)
    return draft(table=replace(table, steps=steps))


def test_a_whole_procedure_passes_every_check():
    report = lint(draft(), facts())

    assert report.findings == ()
    assert (report.total, report.limit, report.slack) == (Decimal(28), Decimal(40), Decimal(12))
    assert len(report.passed) == 8


def test_a_procedure_over_its_limit_fails_with_the_path_marked():
    report = lint(with_step("b2", limit=days(5)), facts())

    assert [one.code for one in report.errors] == ["over_limit"]
    assert {"b1", "b2", "b3"} <= report.failing
    assert "vượt thời hạn 1 ngày 4 giờ" in report.errors[0].title
    assert [fold.is_over for fold in report.folds] == [False, True, True]


def test_the_loop_for_supplement_does_not_count_and_another_loop_needs_a_bound():
    step = draft().table.step("b3")
    back = Branch("b3-n1", "b2", "Chưa đạt")
    unbound = with_step(step.id, branches=(back,))
    once = with_step(step.id, branches=(replace(back, bound=1),))

    assert codes(unbound) == ["time.loop_without_bound"]
    assert codes(once) == ["over_limit"]  # 4 + 2 × (16 + 8) hours


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"role": ""}, "role_missing"),
        ({"role": "XX/specialist"}, "role_empty"),
        ({"limit": None}, "limit_missing"),
    ],
)
def test_every_step_needs_a_role_in_post_and_a_time(changes, code):
    report = lint(with_step("b2", **changes), facts())

    assert [one.code for one in report.errors] == [code]
    assert report.errors[0].steps == ("b2",)


def test_steps_without_a_time_for_one_reason_are_one_finding_that_names_them_all():
    bare = [
        replace(step, limit=None, extra=(("time", "Giờ hành chính"),) if step.id == "b1" else ())
        for step in draft().table.steps
    ]
    report = lint(draft(table=replace(draft().table, steps=tuple(bare))), facts())

    missing = [one for one in report.errors if one.code == "limit_missing"]
    assert [one.steps for one in missing] == [("b1",), ("b2", "b3")]
    assert missing[0].text.startswith("Văn bản ghi “Giờ hành chính”.")
    assert missing[1].title == "Bước 2, 3 chưa có thời hạn"


def test_a_role_that_nobody_holds_is_an_error_and_a_single_holder_an_advice():
    empty = lint(draft(), facts(holders={**dict.fromkeys(ROLES, 2), "LD/leader": 0}))
    single = lint(draft(), facts(holders={**dict.fromkeys(ROLES, 2), "LD/leader": 1}))

    assert [one.code for one in empty.errors] == ["role_empty"]
    assert single.errors == ()
    assert [one.code for one in single.advice] == ["one_holder"]


def test_missing_forms_are_an_advice():
    report = lint(with_step("b3", forms=()), facts())

    assert report.errors == ()
    assert [one.code for one in report.advice] == ["forms_missing"]


def test_an_open_kind_of_day_is_asked():
    asked = draft().table.step("b2").with_fact("ask", "unit")

    assert codes(with_step("b2", extra=asked.extra)) == ["unit_ambiguous"]
    assert codes(draft(limit_unit="")) == ["unit_ambiguous"]


def test_working_days_and_calendar_days_are_never_added():
    assert codes(with_step("b2", limit=replace(days(1), unit="calendar_day"))) == [
        "time.mixed_units"
    ]


def test_a_total_that_does_not_match_is_asked_until_settled():
    wrong = draft(declared_hours=Decimal(40))

    assert codes(wrong) == ["total_mismatch"]
    assert codes(replace(wrong, declared_settled=True)) == []
    assert codes(draft(declared_hours=Decimal(28))) == []


def test_a_limit_longer_than_the_law_gives_is_refused():
    assert codes(draft(limit_amount=Decimal(6))) == ["limit_above_tthc"]


def test_a_tthc_needs_its_code_unless_the_procedure_is_internal():
    assert codes(tthc_code="") == ["tthc_code_missing"]
    assert codes(tthc_code="", is_internal=True) == []


def test_a_step_nobody_reaches_is_found():
    skipped = apply(draft(), Edit("after", "b3", {"target": "ket-thuc"})).draft

    assert codes(skipped) == ["structure.node_loose"]


def test_an_unknown_limit_is_an_error_and_the_sum_still_shows():
    report = lint(draft(limit_amount=None), facts())

    assert [one.code for one in report.errors] == ["limit_unknown"]
    assert report.total == Decimal(28)


def test_side_by_side_steps_count_the_longest():
    together = apply(draft(), Edit("parallel", "b4")).draft
    timed = apply(together, Edit("limit", "b4", {"amount": "12", "unit": "working_hour"})).draft

    assert lint(timed, facts()).total == Decimal(4 + 16 + 12)
    assert hours(12) == timed.table.step("b4").limit
