"""Days ahead of the clock that pages go by, whenever the tests run."""

from datetime import date

YEAR_AHEAD = date.today().year + 2
LATER, LATER_EVE = f"31/12/{YEAR_AHEAD}", f"30/12/{YEAR_AHEAD}"
