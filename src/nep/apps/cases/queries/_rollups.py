"""What each roll-up counts, written once: folding, reading and recounting all use it.

Every name here is this program's own text; values reach the database as numbers or parameters.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
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
STEP = _step_kind(
    "cases_stepmonth", tthc_id="f.tthc_id", content_hash="c.content_hash", node="r.node"
)
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
    only: Mapping[str, Any] | None = None,
) -> list[dict[str, Any]]:
    """Return the sums of a roll-up, with the facts not folded yet, in one statement.

    One row per combination of the keys `by`; `months` are the first and the last, both counted;
    `only` holds further keys to given values. A statement sees one moment, so the figures are the
    raw counts of that moment whatever the worker is doing.
    """
    names = list(measures or kind.measures)
    if kind.whole not in names:
        names.append(kind.whole)
    wanted = sorted({int(agency) for agency in agencies})
    if not wanted:
        return []
    conditions: dict[str, tuple[str, list[Any]]] = {
        "agency_id": (f"IN ({', '.join(map(str, wanted))})", []),
        "month": ("BETWEEN %s AND %s", list(months)),
    }
    for name, value in (only or {}).items():
        conditions[name] = ("= %s", [value])
    for name, text in kind.keys.items():
        if text.startswith("'"):
            conditions[name] = (f"= {text}", [])
    held = ", ".join([f"t.{name}" for name in (*by, *names)])
    told = ", ".join(
        [f"{kind.keys[name]} AS {name}" for name in by]
        + [f"{kind.measures[name]} AS {name}" for name in names]
    )
    in_table = " AND ".join(f"t.{name} {text}" for name, (text, _) in conditions.items())
    in_facts = " AND ".join(f"{kind.keys[name]} {text}" for name, (text, _) in conditions.items())
    values = [value for _, found in conditions.values() for value in found]
    keys = "".join(f"x.{name}, " for name in by)
    grouped = f"GROUP BY {', '.join(f'x.{name}' for name in by)} " if by else ""
    statement = (
        f"SELECT {keys}{', '.join(f'SUM(x.{name})' for name in names)} FROM ("  # noqa: S608
        f"SELECT {held} FROM {kind.table} t WHERE {in_table} UNION ALL "
        f"SELECT {told} FROM {_FROM_PENDING} {kind.source} "
        f"WHERE f.case_id = p.case_id AND {kind.given} AND {in_facts}) x "
        f"{grouped}HAVING SUM(x.{kind.whole}) > 0"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, *values])
        rows = cursor.fetchall()
    places = (*by, *names)
    found = [dict(zip(places, row, strict=True)) for row in rows]
    for row in found:
        for name in names:
            row[name] = int(row[name])
    return found
