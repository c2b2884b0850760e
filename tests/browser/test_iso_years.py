"""The whole ISO year of a commune and of a department in a real browser, every click and every typed
field counted, each on a server whose clock the story sets.

The tables in `docs/design/commune-year.md` are the ones these stories make.
"""

from pathlib import Path

import pytest

from tests import world
from tests.browser.commune_year import commune
from tests.browser.department_year import department
from tests.browser.story import Stage
from tests.installation import Installation

COMMUNE_LIMIT = 120  # a department has no such goal; its table says what it takes
TABLES = Path(__file__).resolve().parents[2] / "docs" / "design" / "commune-year.md"


@pytest.fixture(scope="module", params=[commune, department], ids=lambda one: one.__name__)
def told(request, chromium, tmp_path_factory):
    """A year's story once it has been told; the browser is still open."""
    folder = tmp_path_factory.mktemp("năm ISO")
    with Installation(folder / "site") as site:
        site.prepare(world.WARD)
        if request.param is department:
            made = site.python("-m", "tests.browser.department_world")
            assert made.returncode == 0, made.stderr
        clock = folder / "clock"
        clock.write_text("2027-01-12T08:30:00+07:00", encoding="ascii")
        site.start_clocked(clock)
        stage, story = Stage(site, chromium, clock), request.param()
        stage.tell(story)
        yield story
        stage.close()


def test_a_year_ends_in_a_declaration_after_the_clicks_that_are_written_down(told):
    clicks, _, table = told.counted()

    assert told.agency != world.WARD or clicks <= COMMUNE_LIMIT
    assert table in TABLES.read_text(encoding="utf-8"), table
    told.secretary.go("/nam-iso/")
    told.secretary.sees("Năm ISO 2027: đã xong cả 14 việc")


def test_a_year_leaves_nothing_broken_behind_it_and_no_fault_in_the_browser(told):
    assert told.stage.site.python("-m", "tests.invariants").returncode == 0
    assert told.stage.screen.faults == []
