"""The sentence of the page and the columns of its chart."""

import pytest

from nep.apps.oversight.rules import BOTTOM, TOP, chart, headline, percent_text, scale_top
from nep.apps.oversight.templatetags.figures import cells
from nep.apps.oversight.views._table import Number, Row


@pytest.mark.parametrize(
    ("counts", "sentence"),
    [
        ((0, 0, 0, 0, 0), "Năm 2026 chưa nhận hồ sơ nào"),
        ((5, 0, 0, 0, 0), "Năm 2026 chưa hồ sơ nào giải quyết xong, không hồ sơ nào đang quá hạn"),
        ((9, 4, 1, 3, 3), "Năm 2026 đạt 75% đúng hạn, 3 hồ sơ đang quá hạn"),
        ((9, 3, 1, 0, 0), "Năm 2026 đạt 66,7% đúng hạn, không hồ sơ nào đang quá hạn"),
        (
            (9, 4, 1, 3, 5),
            "Năm 2026 đạt 75% đúng hạn, 3 hồ sơ của kỳ đang quá hạn, các kỳ khác 2",
        ),
        (
            (9, 4, 0, 0, 5),
            "Năm 2026 đạt 100% đúng hạn, không hồ sơ nào của kỳ đang quá hạn, các kỳ khác 5",
        ),
    ],
)
def test_the_heading_answers_whether_we_are_on_time(counts, sentence):
    received, finished, late, overdue, ever = counts

    found = headline(
        period="Năm 2026", received=received, finished=finished, late=late, overdue=overdue,
        overdue_ever=ever,
    )  # fmt: skip

    assert found == sentence


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (9999, 10000, "99,9%"),
        (1, 1, "100%"),
        (0, 7, "0%"),
        (1, 8, "12,5%"),
        (414, 427, "97%"),
        (25, 27, "92,6%"),
        (1, 10000, "0%"),
        (1, 16, "6,3%"),
    ],
)
def test_a_share_is_never_rounded_up_to_the_whole(part, whole, text):
    assert percent_text(part, whole) == text


@pytest.mark.parametrize(
    ("most", "top"),
    [(0, 4), (4, 4), (5, 8), (11, 12), (21, 40), (97, 100), (101, 200), (999, 1000)],
)
def test_the_scale_ends_above_the_largest_column_in_quarters(most, top):
    assert scale_top(most) == top
    assert top % 4 == 0


def test_a_column_is_as_high_as_its_count_and_empty_parts_are_left_out():
    made = chart([(202601, (("dung", 6), ("tre", 0), ("dang", 2))), (202602, (("dung", 0),))])

    first, second = made.columns
    assert [part.name for part in first.segments] == ["dung", "dang"]
    assert sum(float(part.height) for part in first.segments) == pytest.approx(
        BOTTOM - TOP, abs=0.2
    )
    assert float(first.segments[0].height) == pytest.approx(
        3 * float(first.segments[1].height), 0.01
    )
    assert (first.received, second.received, second.segments) == (8, 0, ())
    assert made.label == "Hồ sơ nhận theo tháng: tháng 1: 8, tháng 2: 0"


def test_places_are_written_with_a_point_whatever_the_language():
    made = chart([(202601, (("dung", 7),))])

    assert "," not in made.columns[0].x + made.columns[0].segments[0].y + made.lines[1].y


def test_cells_are_escaped_and_a_figure_of_nothing_opens_nothing():
    row = Row("", (Number("<b>", url='?a=1&b="'), Number("0"), Number("Vì sao", is_words=True)))

    assert cells(row) == (
        '<td class="right num"><a href="?a=1&amp;b=&quot;">&lt;b&gt;</a></td>'
        '<td class="right num"><span class="mut">0</span></td>'
        '<td class="words"><span class="mut">Vì sao</span></td>'
    )
