"""What each roll-up counts, written once: folding, reading and recounting all use it.

Every name here is this program's own text; values reach the database as numbers or parameters.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import add
from typing import Any

from django.db import connection

from nep.apps.cases.rules.figures import BOUNDS, BUCKETS, COUNTED_OUTCOMES

PENDING = "EXISTS (SELECT 1 FROM cases_factpending p WHERE p.case_id = f.case_id)"
# The few pending facts lead: SQLite keeps the order of a cross join, PostgreSQL sees their number.
_FROM_PENDING = "cases_factpending p CROSS JOIN"
_CASES = "cases_casefact f"
_OUTCOMES = ", ".join(f"'{outcome}'" for outcome in COUNTED_OUTCOMES)
_STEPS = (
    "cases_casefact f JOIN cases_case c ON c.id = f.case_id "
    "JOIN cases_steprun r ON r.case_id = f.case_id "
    f"AND r.outcome IN ({_OUTCOMES}) AND r.closed_at <= c.finished_at"
)


def _when(condition: str, value: str = "1") -> str:
    return f"CASE WHEN {condition} THEN {value} ELSE 0 END"


_RESULT = "f.word <> 'rut'"
CASE_MEASURES: dict[str, str] = {
    "ended": "1",
    "before": _when("f.word = 'truoc'"),
    "on_time": _when("f.word = 'dung'"),
    "undated": _when("f.word = 'khong'"),
    "late": _when("f.word = 'tre'"),
    "stopped": _when("f.word = 'rut'"),
    "late_by_indicator": _when("f.late_by_indicator"),
    "supplemented": _when("f.supplements > 0"),
    "reworked": _when("f.reworks > 0 OR f.returns > 0"),
    "used_minutes": _when(_RESULT, "f.used_minutes"),
    "waited_applicant": _when(_RESULT, "f.waited_applicant"),
    "waited_agency": _when(_RESULT, "f.waited_agency"),
    **{f"b{n:02d}": _when(f"{_RESULT} AND f.bucket = {n}") for n in range(BUCKETS)},
}


def _between(place: int) -> str:
    """Return the condition of a bucket over the minutes of a run."""
    low = [f"r.used_minutes > {BOUNDS[place - 1]}"] if place else []
    high = [f"r.used_minutes <= {BOUNDS[place]}"] if place < len(BOUNDS) else []
    return " AND ".join(low + high)


_TIMED = "r.limit_minutes IS NOT NULL"
STEP_MEASURES: dict[str, str] = {
    "steps": "1",
    "in_time": _when(f"{_TIMED} AND NOT COALESCE(r.late, FALSE)"),
    "late": _when(f"{_TIMED} AND COALESCE(r.late, FALSE)"),
    "untimed": _when("r.limit_minutes IS NULL"),
    "returns": _when("r.outcome = 'returned'"),
    "reworks": _when("r.round > 1"),
    "limit_minutes": _when(f"{_TIMED} AND r.round = 1", "r.limit_minutes"),
    "timed_minutes": _when(_TIMED, "r.used_minutes"),
    "used_minutes": "r.used_minutes",
    **{f"b{n:02d}": _when(_between(n)) for n in range(BUCKETS)},
}


@dataclass(frozen=True, slots=True)
class Kind:
    """One roll-up: its table, its keys over the facts, what it counts and of what.

    `given` is the condition of the facts it counts; `whole` the count that is nought only where
    nothing is counted.
    """

    table: str
    keys: Mapping[str, str]
    source: str
    measures: Mapping[str, str]
    whole: str
    given: str = "1 = 1"


_OF_TTHC = "NOT f.is_internal"


def _kind(table: str, given: str = _OF_TTHC, **keys: str) -> Kind:
    named = {"agency_id": "f.agency_id", "month": "f.month", **keys}
    return Kind(table, named, _CASES, CASE_MEASURES, "ended", given)


def _step_kind(table: str, **keys: str) -> Kind:
    named = {"agency_id": "f.agency_id", "month": "f.month", **keys}
    return Kind(table, named, _STEPS, STEP_MEASURES, "steps")


AGENCY = _kind("cases_agencymonth")
PROCEDURE = _kind("cases_proceduremonth", "1 = 1", tthc_id="f.tthc_id")
UNIT = _kind("cases_unitmonth", unit_id="COALESCE(f.unit_id, 0)")
FIELD = _kind("cases_traitmonth", trait="'field'", value="f.field")
CHANNEL = _kind("cases_traitmonth", trait="'channel'", value="f.channel")
# A step that another agency did is nobody's of this house, whoever followed it.
PERSON = _step_kind(
    "cases_personmonth",
    person_id="CASE WHEN r.outside THEN 0 ELSE COALESCE(r.closed_by_id, r.person_id, 0) END",
)
# A run belongs to the version its case followed when it was opened.
_HASH_OF_RUN = (
    "CASE WHEN c.moved THEN COALESCE((SELECT m.from_hash FROM cases_casemove m "
    "WHERE m.case_id = c.id AND m.id > r.id ORDER BY m.id LIMIT 1), c.content_hash) "
    "ELSE c.content_hash END"
)
STEP = _step_kind("cases_stepmonth", tthc_id="f.tthc_id", content_hash=_HASH_OF_RUN, node="r.node")
KINDS: tuple[Kind, ...] = (AGENCY, PROCEDURE, UNIT, FIELD, CHANNEL, PERSON, STEP)


def fold_sql(kind: Kind, where: str, *, sign: int = 1) -> str:
    """Return the statement that adds (or takes off) the facts under a condition."""
    keys, names = ", ".join(kind.keys), list(kind.measures)
    sums = ", ".join(f"{sign} * SUM({kind.measures[name]})" for name in names)
    places = ", ".join(str(n) for n in range(1, len(kind.keys) + 1))
    added = ", ".join(f"{name} = {kind.table}.{name} + excluded.{name}" for name in names)
    return (
        f"INSERT INTO {kind.table} ({keys}, {', '.join(names)}) "  # noqa: S608
        f"SELECT {', '.join(kind.keys.values())}, {sums} FROM {kind.source} "
        f"WHERE {kind.given} AND {where} "
        f"GROUP BY {places} ON CONFLICT ({keys}) DO UPDATE SET {added}"
    )


def differences_sql(kind: Kind) -> str:
    """Return the statement that finds the keys whose roll-up is not what its facts say."""
    keys, names = ", ".join(kind.keys), list(kind.measures)
    own = "".join(
        f" AND t.{name} = {text}" for name, text in kind.keys.items() if text.startswith("'")
    )
    held = ", ".join([*(f"t.{name}" for name in kind.keys), *(f"t.{name}" for name in names)])
    told = ", ".join(
        [
            *(f"{text} AS {name}" for name, text in kind.keys.items()),
            *(f"-({kind.measures[name]}) AS {name}" for name in names),
        ]
    )
    differs = " OR ".join(f"SUM(x.{name}) <> 0" for name in names)
    return (
        f"SELECT {keys}, SUM(x.{kind.whole}) FROM ("  # noqa: S608
        f"SELECT {held} FROM {kind.table} t WHERE 1 = 1{own} UNION ALL "
        f"SELECT {told} FROM {kind.source} WHERE {kind.given} AND NOT {PENDING}) x "
        f"GROUP BY {keys} HAVING {differs} LIMIT 20"
    )


def counts(
    kind: Kind,
    *,
    by: Sequence[str],
    agencies: Iterable[int],
    months: tuple[int, int],
    measures: Sequence[str] = (),
    only: Mapping[str, int | str | Sequence[int]] | None = None,
) -> tuple[tuple[str, ...], dict[tuple[Any, ...], tuple[int, ...]]]:
    """Return the names counted, and their sums by the keys `by`: folded and not folded yet, read
    by one statement.

    `months` are the first and the last, both counted; `only` holds further keys to a value or to
    one of several. A statement sees one moment, so the figures are the raw counts of that moment
    whatever the worker is doing.
    """
    names = tuple(dict.fromkeys((*(measures or kind.measures), kind.whole)))
    wanted = sorted({int(agency) for agency in agencies})
    if not wanted:
        return names, {}
    held, told, values = _asked(kind, agencies=wanted, months=months, only=only or {})
    parts = (_folded_sql(kind, by, names, held), _told_sql(kind, by, names, told))
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), [*values, *values])
        rows = cursor.fetchall()
    places = len(by)
    found = {row[:places]: row[places:] for row in rows}
    if len(found) < len(rows):  # folded and not folded of one key
        found = {}
        for row in rows:
            key, counted = row[:places], row[places:]
            if key in found:
                counted = tuple(map(add, found[key], counted))
            found[key] = counted
    return names, found


def _asked(
    kind: Kind,
    *,
    agencies: Sequence[int],
    months: tuple[int, int],
    only: Mapping[str, int | str | Sequence[int]],
) -> tuple[str, str, list[Any]]:
    """Return the condition over the table, the same over the facts, and the values of each."""
    of_key: dict[str, tuple[str, list[Any]]] = {
        "agency_id": (f"IN ({', '.join(map(str, agencies))})", []),
        "month": ("BETWEEN %s AND %s", list(months)),
    }
    for name, value in only.items():
        if isinstance(value, int | str):
            of_key[name] = ("= %s", [value])
        else:
            of_key[name] = (f"IN ({', '.join(str(int(one)) for one in value)})", [])
    for name, text in kind.keys.items():
        if text.startswith("'"):
            of_key[name] = (f"= {text}", [])
    values = [value for _, found in of_key.values() for value in found]
    held = " AND ".join(f"t.{name} {text}" for name, (text, _) in of_key.items())
    told = " AND ".join(f"{kind.keys[name]} {text}" for name, (text, _) in of_key.items())
    return held, told, values


def _folded_sql(kind: Kind, by: Sequence[str], names: Sequence[str], condition: str) -> str:
    """Return the statement over the table; where `by` is its whole key nothing is left to add up."""
    is_row = {name for name, text in kind.keys.items() if not text.startswith("'")} <= set(by)
    counted = ", ".join(f"t.{name}" if is_row else _sum(f"t.{name}") for name in names)
    keys = "".join(f"t.{name}, " for name in by)
    asked = f"SELECT {keys}{counted} FROM {kind.table} t WHERE {condition}"  # noqa: S608
    if is_row:
        return f"{asked} AND t.{kind.whole} > 0"
    return f"{asked} {_grouped(by)}HAVING SUM(t.{kind.whole}) > 0"


def _told_sql(kind: Kind, by: Sequence[str], names: Sequence[str], condition: str) -> str:
    """Return the statement over the facts that are not folded yet."""
    keys = "".join(f"{kind.keys[name]}, " for name in by)
    return (
        f"SELECT {keys}{', '.join(_sum(kind.measures[name]) for name in names)} "  # noqa: S608
        f"FROM {_FROM_PENDING} {kind.source} "
        f"WHERE f.case_id = p.case_id AND {kind.given} AND {condition} "
        f"{_grouped(by)}HAVING COUNT(*) > 0"
    )


def _grouped(by: Sequence[str]) -> str:
    return f"GROUP BY {', '.join(str(place + 1) for place in range(len(by)))} " if by else ""


def _sum(text: str) -> str:
    return f"CAST(SUM({text}) AS bigint)"  # PostgreSQL sums bigint as numeric
