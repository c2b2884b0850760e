"""Many finished cases like given ones, written by the database itself: millions in minutes.

Every row of a template case is written anew under keys of its own by one INSERT … SELECT a row;
texts that name keys (journal, events) name the new ones, an entry of the journal has the hash of its
own words, and the roll-ups count them all. So `nep doctor` finds nothing amiss in them.
"""

import hashlib
import re
import sqlite3
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

from _steps_world import TABLES, rows_of, settle
from django.db import connection, connections, transaction

from nep.apps.cases.queries import _rollups as rollups
from nep.foundation.db import new_id
from nep.foundation.journal.services import COLUMNS

PORTION = 5_000
_KEYED = {"id", "case_id", "source_id", "item_id", "ends_id"}
_OWN_KEYS = ("cases_case", "cases_steprun", "cases_caseevent", "work_workitem",
             "journal_journalentry")  # fmt: skip
_HASHED = COLUMNS[:-1]  # of an entry; nothing here has an actor of another kind
_DAY = 86_400_000 << 22  # between the keys of two moments a day apart
_KEY = re.compile(r"\d{16,19}")


def copied(address: str) -> str:
    """Copy the database at an address, which nobody else uses now; return the copy's name."""
    connections.close_all()
    parts = urlsplit(address)
    if connection.vendor == "sqlite":
        copy = f"{parts.path}.few"
        with sqlite3.connect(parts.path) as source, sqlite3.connect(copy) as target:
            source.backup(target)
        return copy
    import psycopg

    name = parts.path[1:]
    with psycopg.connect(address, dbname="template1", autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}_few" TEMPLATE "{name}"')
    return f"{name}_few"


def multiply(templates: list[int], count: int, *, say: Callable[[str], None]) -> None:
    """Write `count` finished cases, as many like each of the templates, and count them."""
    is_sqlite = connection.vendor == "sqlite"
    if is_sqlite:
        connection.ensure_connection()
        connection.connection.create_function("sha256_of", 1, _sha256, deterministic=True)
    _run("PRAGMA foreign_keys = OFF" if is_sqlite else "SET session_replication_role = replica")
    first = free = new_id() - _DAY  # before every key of this run
    began, made = time.perf_counter(), 0
    for place, template in enumerate(templates):
        share = count // len(templates) + (place < count % len(templates))
        free = _copy(_Template(template, free), share)
        made += share
        say(f"{made} hồ sơ, {time.perf_counter() - began:.0f} s")
    _run("PRAGMA foreign_keys = ON" if is_sqlite else "RESET session_replication_role")
    settle()
    for kind in rollups.KINDS:
        _run(rollups.fold_sql(kind, f"f.case_id >= {first} AND f.case_id < {free}"))
    say(f"đã cộng số liệu, {time.perf_counter() - began:.0f} s")


def _copy(template: "_Template", count: int) -> int:
    """Write so many copies and return the first key that is free after them."""
    for begin in range(0, count, PORTION):
        with transaction.atomic():
            for statement, values in template.statements:
                _run(statement, [*values, begin, min(count, begin + PORTION)])
    return template.first + (count + 1) * template.stride


class _Template:
    """One finished case as statements, each of which writes one of its rows many times over.

    Copy `n` has the keys `first + n * stride + rank`, `rank` being the place of a row among those
    of its case by age.
    """

    def __init__(self, case_id: int, first: int) -> None:
        self.first = first
        self.rows = {table: rows_of(table, column, case_id) for table, column in TABLES[:-1]}
        keys = sorted(
            row[columns.index("id")]
            for table in _OWN_KEYS
            for columns, found in [self.rows[table]]
            for row in found
        )
        self.stride = len(keys)
        self.ranks = {key: rank for rank, key in enumerate(keys)}
        self.case_key = self.key(case_id)
        self.statements = list(self._statements())

    def key(self, old: int) -> str:
        """Return the expression of the key that stands for a key of the template."""
        return f"({self.first + self.ranks[old]} + n * {self.stride})"

    def _statements(self) -> Iterator[tuple[str, list]]:
        for table, (columns, found) in self.rows.items():
            for row in found:
                yield self._statement(table, dict(zip(columns, row, strict=True)))

    def _statement(self, table: str, row: dict) -> tuple[str, list]:
        made = {name: self._value(table, name, value) for name, value in row.items()}
        if table == "journal_journalentry":
            words = [made[name] if name != "at" else _given(_iso(row["at"])) for name in _HASHED]
            made["content_hash"] = _hash_of(
                [("'None'", []) if row[name] is None else word
                 for name, word in zip(_HASHED, words, strict=True)]
            )  # fmt: skip
        return _insert(table, made)

    def _value(self, table: str, name: str, value) -> tuple[str, list]:
        if name in _KEYED and value in self.ranks:
            return self.key(value), []
        if name in {"code", "source_code"}:
            return f"%s || {_text(self.case_key)}", [f"{value[:14]}-"]
        if name == "lookup_key":
            return f"substr({_sha256_sql(_text(self.case_key))}, 1, 24)", []
        if name == "link":
            return f"'/ho-so/' || {_text(self.case_key)} || '/'", []
        if name == "counted":
            return "''", []
        if table == "work_workitem" and name in {"stale", "listed"}:
            return _given(False)  # what is done is counted nowhere
        if isinstance(value, str) and _KEY.search(value):
            return self._told(value)
        return _given(value)

    def _told(self, text: str) -> tuple[str, list]:
        """Return a text that names keys, with those of the copy in their place."""
        parts: list[str] = []
        values: list[str] = []
        at = 0
        for found in _KEY.finditer(text):
            if int(found[0]) in self.ranks:
                parts += ["%s", _text(self.key(int(found[0])))]
                values.append(text[at : found.start()])
                at = found.end()
        return " || ".join([*parts, "%s"]), [*values, text[at:]]


def _given(value) -> tuple[str, list]:
    return "%s", [value]


def _text(expression: str) -> str:
    return f"CAST({expression} AS text)"


def _iso(moment) -> str:
    """Return a moment as the hash of an entry holds it."""
    text = moment.isoformat(timespec="microseconds")
    return text if moment.tzinfo else f"{text}+00:00"


def _hash_of(words: list[tuple[str, list]]) -> tuple[str, list]:
    between = " || '\x1f' || "
    joined = between.join(
        _text(expression) if values else f"({expression})" for expression, values in words
    )
    return _sha256_sql(joined), [value for _, values in words for value in values]


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _sha256_sql(text: str) -> str:
    if connection.vendor == "sqlite":
        return f"sha256_of({text})"
    return f"encode(sha256(convert_to({text}, 'UTF8')), 'hex')"


def _insert(table: str, made: dict[str, tuple[str, list]]) -> tuple[str, list]:
    """Return the statement that writes one row for each number above one value, up to another."""
    names = ", ".join(f'"{name}"' for name in made)
    wanted = ", ".join(expression for expression, _ in made.values())
    if connection.vendor == "sqlite":
        source = ("(WITH RECURSIVE s(n) AS (SELECT %s + 1 UNION ALL SELECT n + 1 FROM s "
                  "WHERE n < %s) SELECT n FROM s)")  # fmt: skip
    else:
        source = "generate_series(%s::bigint + 1, %s::bigint) AS s(n)"
    values = [value for _, given in made.values() for value in given]
    return f'INSERT INTO "{table}" ({names}) SELECT {wanted} FROM {source}', values


def _run(statement: str, values: list | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
