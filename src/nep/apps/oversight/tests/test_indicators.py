"""Indicators: formulas are read strictly, what is not known is never nought, inputs open rows."""

import re

import pytest
from django.conf import settings

from nep.apps.oversight.rules.indicators import (
    BadFormula,
    known_points,
    read_indicators,
    score,
)
from nep.apps.oversight.tests.test_ended import HEADING, at, nothing_remembered, shown  # noqa: F401

LINKS = re.compile(r'data-l="Số đếm"><a href="([^"]+)">([\d.]+)</a>')


def indicator(**changes):
    row = {
        "code": "x", "group": "g", "label": "l", "part": "a - b", "whole": "a", "full": 80,
        "max": 12, "source": "s", "verified": "S", "points_verified": "K",
    }  # fmt: skip
    inputs = {"a": "A", "b": "B"}
    return read_indicators({"inputs": inputs, "indicator": [row | changes]})[1][0]


@pytest.mark.parametrize(
    ("inputs", "percent", "points"),
    [
        ({"a": 100, "b": 60}, 40.0, 6.0),
        ({"a": 100, "b": 20}, 80.0, 12.0),
        ({"a": 100, "b": 0}, 100.0, 12.0),
        ({"a": 100, "b": 200}, 0.0, 0.0),
        ({"a": 0, "b": 0}, None, None),
        ({"a": 9}, None, None),
    ],
)
def test_points_are_full_from_the_threshold_and_absent_without_data(inputs, percent, points):
    made = score(indicator(), inputs)

    assert (made.percent, made.points) == (percent, points)
    assert made.missing == (("b",) if "b" not in inputs else ())


def test_satisfaction_is_what_is_left_of_late_and_displeased():
    made = score(indicator(part="a + b", whole="a", reverse=True, full=100), {"a": 50, "b": -45})

    assert made.percent == 90.0


@pytest.mark.parametrize("text", ["", "a b", "a +", "c", "a; drop", "a * b", "1 + a"])
def test_a_formula_that_cannot_be_read_or_names_an_unknown_input_is_refused(text):
    with pytest.raises(BadFormula):
        indicator(part=text)


def test_points_add_up_over_what_has_a_value_alone():
    scores = [score(indicator(), {"a": 100, "b": 20}), score(indicator(), {})]

    assert known_points(scores) == (12.0, 12.0)


def test_every_shipped_indicator_names_its_source_and_its_marks():
    labels, known = read_indicators(settings.INDICATORS_766)

    assert [one.code for one in known] == ["1", "2", "3", "3b", "4", "5"]
    for one in known:
        assert "766" in one.source
        assert {one.verified, one.points_verified} <= {"S", "K", "chưa xác minh"}
    assert set(labels) >= {name for one in known for name in one.inputs}


def test_the_page_computes_from_the_counts_and_opens_them(at, client):  # noqa: F811
    at.scene.sign_in(client, "ha")

    page = shown(client, "chi-so-766/")

    assert "2. Hồ sơ giải quyết đúng và trước hạn" in page
    assert "80%" in page and "16" in page
    assert "chưa có số liệu" in page
    assert "(hồ sơ có kết quả − hồ sơ quá hạn theo chỉ số) ÷ hồ sơ có kết quả" in page
    found = dict(LINKS.findall(page.replace("&amp;", "&")))
    assert set(found.values()) == {"5", "1", "6", "3"}
    for url, text in found.items():
        assert HEADING.search(client.get(url).content.decode()).group(1) == text
    assert client.get("/dieu-hanh/chi-so-766/?dang=xlsx").status_code == 200
