"""Real steps written anew in layouts drawn at random are read as they were written."""

import pytest

from drills import word_layouts, word_offices
from drills.word_layouts import Tally, compare
from tests.word.measure import data_folder

SEED = 20261121
needs_data = pytest.mark.skipif(
    not data_folder().is_dir(), reason="no test data; set NEP_TEST_DATA to its folder"
)


@needs_data
@pytest.mark.parametrize(("drawn", "count"), [(word_layouts, 12), (word_offices, 16)])
def test_layouts_never_seen_are_read(drawn, count):
    tally = Tally()
    for at, (_, data, wanted) in enumerate(drawn.files(count, SEED)):
        compare(data, wanted, f"{at:02d}.docx", tally)

    assert tally.steps > 100
    assert tally.silent == 0, tally.faults
    assert tally.equal >= 0.98 * tally.steps, tally.faults


@needs_data
def test_a_wrong_reading_is_counted():
    (_, data, wanted) = next(word_layouts.files(1, SEED))
    wanted[0]["steps"][1]["responsible"] = "Người khác"
    tally = Tally()
    compare(data, wanted, "a.docx", tally)
    assert (tally.steps - tally.equal, tally.silent) == (1, 1)
