"""What a condition means, word by word, and where one that is none goes wrong."""

from decimal import Decimal

import pytest

from nep.bpmn import ConditionError, evaluate, fields_of, parse_condition

DATA = {
    "a": 3,
    "b": "Đạt",
    "c": True,
    "d": Decimal("2.5"),
    "e": None,
    "f": False,
    "g": float("nan"),
}


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("a = 3", True), ("a == 3.0", True), ("a != 3", False), ("a <> 4", True), ("a ≠ 3", False),
        ("a < 3", False), ("a < 3.5", True), ("a <= 3", True), ("a ≤ 2", False),
        ("a > 3", False), ("a > 2", True), ("a >= 3", True), ("a ≥ 4", False), ("d >= 2.5", True),
        ("a > -1", True), ("-4 < a", True), ("b = 'Đạt'", True), ('b = "Đạt"', True),
        ("b < 'Ấ'", True), ("b != 'Đạt'", False), ("c = true", True), ("c = đúng", True),
        ("c != sai", True), ("f = sai", True),
        # a missing field, or values of two kinds, make a comparison false
        ("e = 1", False), ("e != 1", False), ("z != 'x'", False), ("g = g", False),
        ("b = 3", False), ("b != 3", False), ("a != 'x'", False), ("c != 1", False),
        ("c = 1", False), ("c > f", False), ("c >= c", False),
        # a truth stands alone; anything else alone is not true
        ("c", True), ("f", False), ("a", False), ("b", False), ("z", False), ("true", True),
        ("sai", False),
        ("a in (1, 3)", True), ("a thuộc (1; 2)", False), ("b in ('Không', 'Đạt')", True),
        ("a not in (1, 2)", True), ("b không thuộc ('Đạt')", False), ("e not in (1)", True),
        ("not c", False), ("!f", True), ("not not c", True),
        ("c and f", False), ("c && not f", True), ("c or f", True), ("f || f", False),
        # and binds before or, not before both
        ("c or c and f", True), ("(c or c) and f", False), ("f and f or c", True),
        ("not f and c", True), ("not (f or c)", False), ("không c hoặc c", True),
    ],
)  # fmt: skip
def test_a_condition_means_what_it_says(text, holds):
    assert evaluate(parse_condition(text), DATA) is holds


@pytest.mark.parametrize(
    ("text", "position", "words"),
    [
        ("", 0, "bỏ dở"), ("a =", 3, "bỏ dở"), ("a = 1 b", 6, "thừa “b”"), ("(c", 2, "thiếu dấu “)”"),
        ("a in 1", 5, "thiếu dấu “(”"), ("a in (1", 7, "thiếu dấu “)”"), ("a in ()", 6, "không phải “)”"),
        ("'x'", 3, "thiếu phép so sánh"), ("3 and c", 2, "thiếu phép so sánh"),
        ("a = and", 4, "không phải “and”"), ("a = -b", 5, "không phải “b”"),
        ("a = -'x'", 5, "không phải"), ("a ? 1", 1, "Không hiểu"), ("c not f", 2, "thừa"),
        ("a = -true", 5, "không phải “true”"),
    ],
)  # fmt: skip
def test_what_is_no_condition_is_refused_where_it_goes_wrong(text, position, words):
    with pytest.raises(ConditionError) as refused:
        parse_condition(text)
    assert (refused.value.position, words in refused.value.message) == (position, True), (
        refused.value.message
    )


@pytest.mark.parametrize("nested", ["not {}", "({})", "not ({})"])
def test_fifty_levels_are_read_and_one_more_is_refused(nested):
    def levels(count: int) -> str:
        text = "c"
        for _ in range(count):
            text = nested.format(text)
        return text

    most = 25 if nested.startswith("not (") else 50
    assert evaluate(parse_condition(levels(most)), DATA) in (True, False)
    with pytest.raises(ConditionError, match="quá sâu"):
        parse_condition(levels(most + 1))


def test_two_thousand_letters_are_read_and_one_more_is_refused():
    text = "a = '" + "x" * 1_994 + "'"
    assert len(text) == 2_000 and evaluate(parse_condition(text), {"a": "x" * 1_994})
    with pytest.raises(ConditionError, match="2000") as refused:
        parse_condition(text + " ")
    assert refused.value.position == 2_000


def test_every_field_that_is_read_is_told():
    text = "a = b and (c or not d) or e in (f, 1, 'g') and h not in (i) and 'x' = j"
    assert fields_of(parse_condition(text)) == set("abcdefhij")
