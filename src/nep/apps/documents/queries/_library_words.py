"""The words of codes, titles and tags: the documents that hold what was typed.

The index of words (FTS5 or GIN, see the migration) changes with the rows. It knows whole words
and their beginnings; the signs inside a word ("QT-05") are compared with the text itself.
"""

import re
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import CharField, Lookup, Q
from django.db.models.expressions import RawSQL

from nep.kernel.text import fold

_TOKEN = re.compile(r"[a-z0-9]+")
_GLOB_SIGNS = re.compile(r"([*?\[])")
_WORDS_OF_ROW = (
    "array_to_tsvector(string_to_array(rtrim(regexp_replace('a' || agency_id::text || ' ' || "
    "folded, '[^a-z0-9]+', ' ', 'g')), ' '))"
)


@CharField.register_lookup
class WordLookup(Lookup):
    """`folded__word="kiem"`: a word of the folded text begins so; signs stand as typed."""

    lookup_name = "word"

    def _sides(self, compiler, connection) -> tuple[str, list[Any], str]:
        column, parameters = self.process_lhs(compiler, connection)
        return column, list(parameters), str(self.rhs)

    def as_sql(self, compiler, connection) -> tuple[str, list[Any]]:
        """Return the condition for SQLite."""
        column, parameters, word = self._sides(compiler, connection)
        begins = "[^a-z0-9]" if _TOKEN.match(word) else ""
        typed = _GLOB_SIGNS.sub(r"[\1]", word)
        return f"(' ' || {column}) GLOB %s", [*parameters, f"*{begins}{typed}*"]

    def as_postgresql(self, compiler, connection) -> tuple[str, list[Any]]:
        """Return the condition for PostgreSQL."""
        column, parameters, word = self._sides(compiler, connection)
        begins = "[^a-z0-9]" if _TOKEN.match(word) else ""
        return f"(' ' || {column}) ~ %s", [*parameters, begins + re.escape(word)]


def matching(q: str) -> Q:
    """Return the condition that a document holds every word of a text, each as a word's start.

    With and without marks, đ as d. Compares row by row: few rows, or many that match.
    """
    found = Q()
    for word in fold(q).split():
        found &= Q(folded__word=word)
    return found


@dataclass(frozen=True, slots=True)
class WordsAsked:
    """A typed text as a question to the index of words, for one agency's documents.

    The index finds every document that matches, and some whose signs differ: `matching` decides.
    `mark` is what must stand in the text besides.
    """

    agency_id: int
    tokens: tuple[tuple[str, bool], ...]
    mark: str = ""

    def __bool__(self) -> bool:
        return bool(self.tokens)

    def keys(self, *, most: int) -> list[int]:
        """Return the keys of documents that hold the words, at most so many, in no order."""
        statement, parameters = self._statement()
        with connection.cursor() as cursor:
            cursor.execute(f"{statement} LIMIT %s", [*parameters, most])
            return [row[0] for row in cursor.fetchall()]

    def count(self, *, most: int) -> int:
        """Return how many documents hold the words, counting no further than `most`."""
        statement, parameters = self._statement()
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT count(*) FROM ({statement} LIMIT %s) found",  # noqa: S608
                [*parameters, most],
            )
            return int(cursor.fetchone()[0])

    def condition(self) -> Q:
        """Return the condition that the index holds a document for these words."""
        return Q(pk__in=RawSQL(*self._statement()))  # noqa: S611  # no text of a stranger in it

    def _statement(self) -> tuple[str, list[Any]]:
        if connection.vendor == "postgresql":
            words = [f"'{word}'{':*' if begun else ''}" for word, begun in self.tokens]
            asked = " & ".join([f"'a{self.agency_id}'", *words])
            return (
                f"SELECT id FROM documents_document WHERE {_WORDS_OF_ROW} @@ %s::tsquery "  # noqa: S608
                "AND agency_id = %s AND strpos(folded, %s) > 0",
                [asked, self.agency_id, self.mark],
            )
        words = [f'"{word}"{" *" if begun else ""}' for word, begun in self.tokens]
        asked = f'agency_id : "{self.agency_id}" AND folded : ({" AND ".join(words)})'
        statement = "SELECT rowid FROM documents_word WHERE documents_word MATCH %s"
        if not self.mark:
            return statement, [asked]
        holding = f"SELECT id FROM documents_document WHERE id IN ({statement})"  # noqa: S608
        return f"{holding} AND instr(folded, %s) > 0", [asked, self.mark]


def words_asked(q: str, *, agency_id: int, mark: str = "") -> WordsAsked:
    """Read a typed text; words of other alphabets are left to `matching`."""
    tokens: dict[str, bool] = {}
    for word in fold(q).split():
        if any(char.isalnum() and not char.isascii() for char in word):
            continue
        parts = _TOKEN.findall(word)
        for place, part in enumerate(parts, start=1):
            begun = place == len(parts) and word.endswith(part)
            tokens[part] = tokens.get(part, True) and begun
    return WordsAsked(agency_id, tuple(tokens.items()), mark)
