"""The proof before publishing: what fails, where, and what is said to have passed."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.conf import settings

from nep.apps.procedures.rules.edits import Edit, apply
from nep.apps.procedures.rules.lint import (
    CHECKS,
    Rule,
    RuleBook,
    decide_setting,
    lint,
    read_book,
    symbols_of,
    with_setting,
)
from nep.apps.procedures.rules.paper import Paper
from nep.apps.procedures.rules.report import EndedLaw, Facts, Pace, PackageForm
from nep.apps.procedures.rules.table import Branch, Step
from nep.apps.procedures.tests.scene import days, draft, hours

BOOK = read_book(settings.LINTER_RULES)
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
        "book": BOOK,
    }
    return Facts(**{**known, **changes})


def codes(one=None, **changes) -> list[str]:
    return [finding.code for finding in lint(one or draft(), facts(**changes)).errors]


def with_step(key: str, **changes):
    table = draft().table
    steps = tuple(replace(s, **changes) if s.id == key else s for s in table.steps)
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


def advised(one=None, **changes) -> dict[str, tuple[str, str]]:
    """Return the findings beyond the proof by code: title and text."""
    found = lint(one or draft(), facts(**changes)).advice
    return {finding.code: (finding.title, finding.text) for finding in found}


def with_steps(*more: Step):
    table = draft().table
    return draft(table=replace(table, steps=(*table.steps, *more)))


def booked(code: str, **changes) -> RuleBook:
    """Return the shipped rules, one of them set."""
    known = {"severity": "warns", "figures": {}, "words": {}}
    rule = with_setting(BOOK.rules[code], **{**known, **changes})
    return RuleBook({**BOOK.rules, code: rule}, BOOK.proof)


def test_every_rule_has_its_check_and_every_finding_says_why_and_how_to_mend():
    assert set(BOOK.rules) == set(CHECKS)
    broken = with_step("b2", role="", limit=None)
    found = lint(broken, facts(tthc_code="", tthc_amount=Decimal(1), papers=("Đơn",))).findings

    assert {one.code for one in found} >= {"role_missing", "limit_missing", "tthc_code_missing"}
    assert all(one.why and one.mend for one in found)


def test_steps_of_one_role_that_say_the_same_are_duplicates_side_by_side_ones_are_not():
    copy = Step("b9", "Thẩm  ĐỊNH", "PKH/specialist", days(1), forms=("Báo cáo",))
    apart = replace(copy, role="LD/leader")

    title, text = advised(with_steps(copy))["steps_duplicated"]
    assert title == "Bước 2, 5 gần như trùng nội dung"
    assert text == "Cùng trách nhiệm, giống nhau 100% chữ."
    assert "steps_duplicated" not in advised(with_steps(apart))


def test_a_step_of_no_hours_is_told_and_untimed_ones_from_the_number_set():
    nought = with_step("b3", limit=days(0))

    assert advised(nought)["step_without_hours"][0].startswith("Bước 3 ")
    assert "step_without_hours" not in advised()
    one = booked("step_without_hours", figures={"untimed": 1})
    assert advised(book=one)["step_without_hours"][0].startswith("Bước 4 ")


def test_a_form_that_no_step_names_by_reference_code_or_title_is_unused():
    forms = (PackageForm(1, "BM-01", "Báo cáo"), PackageForm(2, "BM-02", "Biên bản kiểm tra"))

    assert advised(package_forms=forms)["forms_unused"][0] == (
        "Biểu mẫu BM-02 Biên bản kiểm tra không bước nào dùng"
    )
    used = {"b2": frozenset({2})}
    assert "forms_unused" not in advised(package_forms=forms, step_forms=used)


def test_a_paper_is_unreached_where_no_step_takes_papers_or_names_it():
    papers = ("Đơn đề nghị cấp giấy phép", "Bản sao hộ chiếu")
    bare = with_step("b1", name="Ghi sổ", note="Xem đơn đề nghị cấp giấy phép")

    assert advised(bare, papers=papers)["papers_unreached"][0] == (
        "Không bước nào nhận hoặc kiểm tra “Bản sao hộ chiếu”"
    )
    assert "papers_unreached" not in advised(papers=papers)


def test_a_limit_that_no_past_case_met_is_told_where_enough_cases_ran():
    slow = {"b3": Pace(runs=7, longer_than=480)}

    title, text = advised(paces=slow)["limit_never_met"]
    assert title == "Bước 3 cho 1 ngày làm việc, ngắn hơn mọi hồ sơ đã làm"
    assert text == "7 lần làm bước này trước đây đều dùng hơn 1 ngày."
    assert "limit_never_met" not in advised(paces={"b3": Pace(4, 480)})
    assert "limit_never_met" not in advised(paces={"b3": Pace(7, 240)})


def test_names_of_other_agencies_are_told_unless_the_step_is_theirs():
    foreign = (("phong kinh te ha tang va do thi", "Phòng Kinh tế, Hạ tầng và Đô thị"),)
    copied = with_step("b2", note="Chuyển Phòng Kinh tế, hạ tầng và đô thị xem xét")

    title, _text = advised(copied, foreign_names=foreign)["words_of_others"]
    assert title == "Bước 2 nhắc “Phòng Kinh tế, Hạ tầng và Đô thị”, không phải của cơ quan mình"
    theirs = ("Phòng Kinh tế, Hạ tầng và Đô thị",)
    assert "words_of_others" not in advised(copied, foreign_names=foreign, own_names=theirs)


def test_a_law_that_has_ended_is_found_in_the_words_and_replaced_with_one_tap():
    old = with_step("b2", note="Theo Nghị định 61/2018/NĐ-CP, Điều 17")
    law = EndedLaw("61/2018/NĐ-CP", date(2025, 6, 30), "118/2025/NĐ-CP")
    (finding,) = [
        one for one in lint(old, facts(ended_laws=(law,))).advice if one.code == "law_ended"
    ]

    assert finding.title == "Bước 2 viện dẫn 61/2018/NĐ-CP đã hết hiệu lực"
    assert finding.text == "Hết hiệu lực ngày 30/06/2025. Thay thế bởi 118/2025/NĐ-CP."
    mended = apply(old, Edit(finding.tap, values=dict(finding.values))).draft
    assert mended.table.step("b2").note == "Theo Nghị định 118/2025/NĐ-CP, Điều 17"
    assert "law_ended" not in advised(mended, ended_laws=(law,))


def test_a_law_that_has_ended_is_found_in_the_sections_of_the_paper():
    law = EndedLaw("61/2018/NĐ-CP", date(2025, 6, 30), "118/2025/NĐ-CP")
    paper = Paper(sections={"references": "61/2018/NĐ-CP", "basis": "- 61/2018/NĐ-CP | Một cửa"})
    in_paper = replace(draft(), paper=paper)
    both = replace(with_step("b2", note="Theo 61/2018/NĐ-CP"), paper=paper)

    said = "viện dẫn 61/2018/NĐ-CP đã hết hiệu lực"
    assert symbols_of(in_paper) == {"61/2018/NĐ-CP"}
    assert advised(in_paper, ended_laws=(law,))["law_ended"][0] == f"Mục 3, 5.1 {said}"
    assert advised(both, ended_laws=(law,))["law_ended"][0] == f"Bước 2 và mục 3, 5.1 {said}"
    (finding,) = [
        one for one in lint(both, facts(ended_laws=(law,))).advice if one.code == "law_ended"
    ]
    mended = apply(both, Edit(finding.tap, values=dict(finding.values))).draft
    assert "law_ended" not in advised(mended, ended_laws=(law,))


def test_an_agency_sets_a_rule_to_block_to_hint_or_off():
    bare = with_step("b3", forms=())

    def severities(severity: str) -> list[tuple[str, str]]:
        found = lint(bare, facts(book=booked("forms_missing", severity=severity))).findings
        return [(one.code, one.severity) for one in found]

    assert severities("blocks") == [("forms_missing", "err")]
    assert severities("hints") == [("forms_missing", "hint")]
    assert severities("off") == []


@pytest.mark.parametrize(
    ("code", "changes", "refused"),
    [
        ("steps_duplicated", {"figures": {"alike": 49}}, "figure_bounds"),
        ("steps_duplicated", {"severity": "sometimes"}, "severity_unknown"),
        ("papers_unreached", {"words": {"taking": ()}}, "words_missing"),
        ("steps_duplicated", {"figures": {"alike": 60}}, ""),
    ],
)
def test_a_setting_stays_within_its_bounds(code, changes, refused):
    rule: Rule = BOOK.rules[code]
    decision = decide_setting(rule, **{"severity": "warns", "figures": {}, "words": {}, **changes})

    assert getattr(decision, "code", "") == refused
