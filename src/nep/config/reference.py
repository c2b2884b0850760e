"""Reference matter shipped with the product, found on disk and handed to the parts that own it."""

import tomllib
from typing import Any

from nep.config.env import PROJECT
from nep.worktime import Calendar, DayRule, compile_calendar, vietnam_spec

FOLDER = PROJECT / "reference"


def read_toml(folder: str) -> dict[str, dict[str, Any]]:
    """Return {file stem: content} of one folder of reference/."""
    paths = sorted((FOLDER / folder).glob("*.toml"))
    return {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in paths}


def calendar_of(_agency: None = None) -> Calendar:
    """Return the country's calendar with the usual office hours, from the shipped years alone."""
    years = read_toml("calendar").values()
    days = [
        DayRule(
            day["on"],
            day["kind"],
            day["name"],
            day.get("notice", year["notice"]),
            day.get("verified", year["verified"]),
        )
        for year in years
        for day in year["days"]
    ]
    noticed = [year["year"] for year in years]
    spec = vietnam_spec(
        days=days,
        noticed_years=noticed,
        first_year=min(noticed) - 1,
        last_year=max(noticed) + 6,
        version="reference",
    )
    return compile_calendar(spec)
