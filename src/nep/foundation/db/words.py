"""Words of a folded text in an index that changes with its row: FTS5 on SQLite, GIN on PostgreSQL.

A table with the columns `id`, `agency_id` and `folded` gets its index by a migration, on SQLite as
a table of that name beside it (see documents 0011). The index knows whole words and their
beginnings; the signs inside a typed word ("QT-05") are compared with the text itself.
"""

import re
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connection
from django.db.models import CharField, Lookup, Model, QuerySet

from nep.kernel.text import fold

_TOKEN = re.compile(r"[a-z0-9]+")
_GLOB_SIGNS = re.compile(r"([*?\[])")
_WORDS_OF_ROW = (
    "array_to_tsvector(string_to_array(rtrim(regexp_replace('a' || agency_id::text || ' ' || "
    "folded, '[^a-z0-9]+', ' ', 'g')), ' '))"
)
Row = TypeVar("Row", bound=Model)


@CharField.register_lookup
class WordLookup(Lookup):
    """`folded__word="kiem"`: a word of the folded text begins so; signs stand as typed."""

    lookup_name = "word"

    def _sides(self, compiler, connection) -> tuple[str, tuple[str | int, ...], str]:
        column, parameters = self.process_lhs(compiler, connection)
        return column, tuple(parameters), str(self.rhs)

    def as_sql(self, compiler, connection) -> tuple[str, tuple[str | int, ...]]:
        """Return the condition for SQLite."""
        column, parameters, word = self._sides(compiler, connection)
        return f"(' ' || {column}) GLOB %s", (*parameters, _glob(word))

    def as_postgresql(self, compiler, connection) -> tuple[str, tuple[str | int, ...]]:
        """Return the condition for PostgreSQL."""
        column, parameters, word = self._sides(compiler, connection)
        return f"(' ' || {column}) ~ %s", (*parameters, _regex(word))


def _glob(word: str) -> str:
    begins = "[^a-z0-9]" if _TOKEN.match(word) else ""
    typed = _GLOB_SIGNS.sub(r"[\1]", word)
    return f"*{begins}{typed}*"


def _regex(word: str) -> str:
    return ("[^a-z0-9]" if _TOKEN.match(word) else "") + re.escape(word)


@dataclass(frozen=True, slots=True)
class WordsAsked:
    """A typed text as a question to an index of words, for one agency's rows.

    The index finds every row that matches, and some whose signs differ: `folded__word` decides.
    `words` are as they were typed. Without tokens there is nothing to ask.
    """

    index: str
    table: str
    agency_id: int
    tokens: tuple[tuple[str, bool], ...]
    words: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.tokens)

    @property
    def is_exact(self) -> bool:
        """Say whether the index alone decides: nothing but letters and digits was typed."""
        return all(_TOKEN.fullmatch(word) for word in self.words)

    def common(self, *, order: str, among: int) -> int:
        """Return how many of the first rows in an order hold the words, so many looked at."""
        is_regex = connection.vendor == "postgresql"
        place, pattern = ("~ %s", _regex) if is_regex else ("GLOB %s", _glob)
        holding = " AND ".join([f"(' ' || d.folded) {place}"] * len(self.words))
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT count(*) FROM (SELECT folded FROM {self.table} "  # noqa: S608
                f"WHERE agency_id = %s ORDER BY {order} LIMIT %s) d WHERE {holding}",
                [self.agency_id, among, *map(pattern, self.words)],
            )
            return int(cursor.fetchone()[0])

    def keys(self, *, most: int) -> list[int]:
        """Return the keys of rows that hold the words, at most so many, in no order."""
        statement, parameters = self._statement()
        with connection.cursor() as cursor:
            cursor.execute(f"{statement} LIMIT %s", [*parameters, most])
            return [row[0] for row in cursor.fetchall()]

    def _statement(self) -> tuple[str, list[Any]]:
        if connection.vendor == "postgresql":
            words = [f"'{word}'{':*' if begun else ''}" for word, begun in self.tokens]
            asked = " & ".join([f"'a{self.agency_id}'", *words])
            return (
                f"SELECT id FROM {self.table} WHERE {_WORDS_OF_ROW} @@ %s::tsquery "  # noqa: S608
                "AND agency_id = %s",
                [asked, self.agency_id],
            )
        words = [f'"{word}"{" *" if begun else ""}' for word, begun in self.tokens]
        asked = f'agency_id : "{self.agency_id}" AND folded : ({" AND ".join(words)})'
        return f"SELECT rowid FROM {self.index} WHERE {self.index} MATCH %s", [asked]  # noqa: S608


def words_asked(q: str, *, index: str, table: str, agency_id: int) -> WordsAsked:
    """Read a typed text; words of other alphabets are left to `folded__word`."""
    tokens: dict[str, bool] = {}
    for word in fold(q).split():
        if any(char.isalnum() and not char.isascii() for char in word):
            continue
        parts = _TOKEN.findall(word)
        for place, part in enumerate(parts, start=1):
            begun = place == len(parts) and word.endswith(part)
            tokens[part] = tokens.get(part, True) and begun
    return WordsAsked(index, table, agency_id, tuple(tokens.items()), tuple(fold(q).split()))


def to_be_counted(rows: QuerySet[Row], *order: str) -> QuerySet[Row]:
    """Return rows that are counted up to a bound: in the order of an index on SQLite.

    Without statistics SQLite then keeps to that index; PostgreSQL would sort all rows first.
    """
    return rows.order_by(*order) if connection.vendor == "sqlite" else rows.order_by()
