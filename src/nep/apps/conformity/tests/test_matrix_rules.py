"""Which evidence makes a clause complete, thin, stale or missing."""

from datetime import date

import pytest
from django.conf import settings

from nep.apps.conformity.rules import matrix as rules
from nep.apps.conformity.rules.mending import WAYS
from nep.apps.standards.rules import read_standards
from nep.kernel.references import Evidence

TODAY = date(2026, 11, 20)
ALL = read_standards(settings.STANDARDS)
SHIPPED = rules.read_evidence_rules(settings.EVIDENCE_RULES)


def seen(kind="audit", n=1, day=date(2026, 10, 1), title="Đánh giá 2026") -> Evidence:
    return Evidence(7, "2015", "9.2", kind, n, day, title, "/danh-gia/1/")


def ask(**change) -> rules.Ask:
    given = {
        "rule": "9.2",
        "label": "đánh giá nội bộ",
        "kinds": frozenset({"audit"}),
        "least": 1,
        "months": 12,
        "mend": "audit",
        "clauses": ("9.2",),
        "source": "",
        "verified": "",
    }
    return rules.Ask(**{**given, **change})  # fmt: skip


@pytest.mark.parametrize(
    ("asks", "lines", "state", "words"),
    [
        ([ask()], [], "missing", "Chưa có đánh giá nội bộ."),
        ([ask()], [seen("document")], "missing", "Chưa có đánh giá nội bộ."),
        ([ask()], [seen()], "complete", "Có đánh giá nội bộ, mới nhất ngày 01/10/2026."),
        ([ask(least=2)], [seen()], "thin", "Mới có 1/2 đánh giá nội bộ."),
        ([ask()], [seen(day=date(2025, 11, 19))], "stale", "quá 12 tháng"),
        ([ask()], [seen(day=date(2025, 11, 20))], "complete", "20/11/2025"),
        ([ask()], [seen(day=None)], "stale", "không có ngày"),
        ([ask(months=0)], [seen(day=None)], "complete", "Có đánh giá nội bộ."),
        ([ask(), ask(label="kế hoạch", kinds=frozenset({"plan"}), mend="plan")], [seen()],
         "thin", "Chưa có kế hoạch."),
    ],
)  # fmt: skip
def test_a_clause_stands_as_its_evidence_says(asks, lines, state, words):
    found = rules.judge(asks, lambda clause: lines if clause == "9.2" else [], today=TODAY)

    assert found.state == state
    assert words in found.reason


def test_what_stands_beside_what_is_asked_makes_a_clause_thin_not_missing():
    found = rules.judge([ask()], lambda _: [seen("document")], today=TODAY, has_other=True)

    assert (found.state, found.mend) == ("thin", "audit")
    assert "Chưa có đánh giá nội bộ" in found.reason


def test_evidence_that_says_the_same_is_counted_once():
    twice = [seen(n=1), seen(n=1), seen(n=3, title="Khác")]

    assert [one.count for one in rules.gathered(twice)] == [1, 3]
    thin = rules.judge([ask(least=5)], lambda _: twice, today=TODAY)
    assert "4/5" in thin.reason


def test_every_row_of_every_edition_is_asked_for_and_every_ask_can_be_mended():
    backbone = set(SHIPPED.asks)
    for row in ALL.editions["2015"].rows:
        assert row.number in backbone, row.number
    assert {name for name in backbone if ":" not in name} == {
        row.number for row in ALL.editions["2015"].rows
    }
    for name in backbone:
        edition, _, number = name.rpartition(":")
        assert number in ALL.editions[edition or "2015"].numbers
        for one in SHIPPED.asks[name]:
            assert one.mend in WAYS, one
            assert one.verified in {"đã đọc nguồn", "chưa xác minh"}
            assert set(one.clauses) <= set(ALL.editions["2015"].numbers), one


def test_an_edition_s_own_rule_goes_before_the_mapping():
    own = rules.asks_of(SHIPPED, edition="2026", number="6.1.2", backbone=("6.1",))
    mapped = rules.asks_of(SHIPPED, edition="2026", number="10.1", backbone=("10.1", "10.3"))

    assert [one.mend for one in own] == ["risk"]
    assert [one.rule for one in mapped] == ["10.1", "10.3"]


def test_an_agency_sets_how_much_and_how_new():
    found = rules.with_settings((ask(),), {("9.2", "đánh giá nội bộ"): (2, 6)})

    assert (found[0].least, found[0].months, found[0].verified) == (2, 6, "cơ quan đặt")
    assert rules.with_settings((ask(),), {}) == (ask(),)


@pytest.mark.parametrize(
    ("rows", "backbone", "reason", "code"),
    [
        (("8.3.1",), ("8.3.1",), "Thủ tục do pháp luật quy định.", None),
        ((), (), "Thủ tục do pháp luật quy định.", "clause_unknown"),
        (("9.2",), ("9.2",), "Thủ tục do pháp luật quy định.", "always_applies"),
        (("8.3.1",), ("8.3.1",), "Không cần", "reason_short"),
    ],
)
def test_what_may_be_left_out(rows, backbone, reason, code):
    found = rules.decide_left_out(SHIPPED, rows=rows, backbone=backbone, reason=reason)

    assert getattr(found, "code", None) == code


@pytest.mark.parametrize(
    ("least", "months", "code"),
    [(1, 0, None), (0, 0, "least_bounds"), (1, 121, "months_bounds"), (1001, 3, "least_bounds")],
)
def test_bounds_of_what_is_asked(least, months, code):
    assert getattr(rules.decide_ask(least=least, months=months), "code", None) == code


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [(date(2026, 3, 31), 1, date(2026, 2, 28)), (date(2024, 3, 30), 1, date(2024, 2, 29)),
     (date(2026, 1, 15), 13, date(2024, 12, 15))],
)  # fmt: skip
def test_months_are_counted_back_by_the_calendar(day, months, before):
    assert rules.months_before(day, months) == before
