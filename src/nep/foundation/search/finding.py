"""One ranked statement per question, in each engine's own words.

Both rank by how often the words stand there, a word of the title or the code counting most; both
sift by agency, kind, sort, state and unit in the same statement. Who may see what is not open to
the whole agency is decided afterwards, by the part that owns it (see `queries`).
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db import connections
from django.db.models.functions import Substr

from nep.foundation.db import driver
from nep.foundation.search.asking import Asked, Phrase
from nep.foundation.search.models import Entry

Piece = tuple[str, bool, bool]
AROUND, BEFORE = 1_000, 300
READ_OF_TEXT = 4_000
_ROW = (
    'e."id", e."kind", e."object_id", e."sort", e."state", e."code", e."title", e."detail", '
    'e."link", e."at", e."is_open"'
)
_STANDS = "((' ' || e.folded_title || ' ') LIKE %s OR (' ' || e.folded || ' ') LIKE %s)"


@dataclass(frozen=True, slots=True)
class Filters:
    """What is wanted; empty means any. Old things are found only when named in `states`."""

    kinds: tuple[str, ...] = ()
    sorts: tuple[str, ...] = ()
    states: tuple[str, ...] = ("current", "open")
    unit_id: int | None = None


def best(
    asked: Asked,
    *,
    agency_id: int,
    filters: Filters,
    limit: int,
    offset: int = 0,
    with_texts: bool = False,
) -> list[tuple[Any, ...]]:
    """Return (id, kind, object id, sort, state, code, title, detail, link, day, open), best first.

    `with_texts` adds a piece of the text, whether it is its begin and whether it is its end (see
    `pieces`), all in one statement.
    """
    where, values = _sifted(agency_id, filters)
    make = _postgresql if _is_postgresql() else _sqlite
    needles = asked.needles if with_texts else ()
    statement, given = make(asked, where, [*values, limit, offset], needles)
    if _is_postgresql():  # planned once for each shape of question: planning costs a tenth of it
        return driver.run_all(connections["default"], _numbered(statement), given)
    with connections["default"].cursor() as cursor:
        cursor.execute(statement, given)
        return cursor.fetchall()


@lru_cache(maxsize=512)
def _numbered(statement: str) -> str:
    """Return a statement with the driver's own marks, $1 and on."""
    first, *rest = statement.split("%s")
    return first + "".join(f"${place}{part}" for place, part in enumerate(rest, start=1))


def _sqlite(
    asked: Asked, where: str, values: list[Any], needles: tuple[str, ...]
) -> tuple[str, list[Any]]:
    """Let the index lead; its rows are looked at one by one until there are enough."""
    place = f", e.text, {_start(needles)} AS start_at" if needles else ""
    statement = (
        f"SELECT {_ROW}{place} FROM search_words w CROSS JOIN search_entry e ON e.id = w.rowid "  # noqa: S608
        f"WHERE search_words MATCH %s AND {where} ORDER BY w.rank LIMIT %s OFFSET %s"
    )
    if needles:
        statement = f"SELECT {_ROW}, {_piece('e')} FROM ({statement}) e"  # noqa: S608
    return statement, [*_spots(needles), fts5_match(asked), *values]


def _postgresql(
    asked: Asked, where: str, values: list[Any], needles: tuple[str, ...]
) -> tuple[str, list[Any]]:
    """Match every word; words side by side are read in the text itself where it is very long."""
    given: list[Any] = [tsquery(asked)]
    beside = ""
    if asked.phrases:
        stand = " AND ".join([_STANDS] * len(asked.phrases))
        beside = f" AND (e.words @@ to_tsquery('simple', %s) OR (e.is_long AND {stand}))"
        given.append(tsquery(asked, side_by_side=True))
        given += [_like(phrase) for phrase in asked.phrases for _column in range(2)]
    rank = "ts_rank('{0.1,0.1,0.2,1.0}', e.words, q)"
    statement = (
        f"SELECT {f'e.id, {rank} AS rank' if needles else _ROW} "  # noqa: S608
        "FROM search_entry e, to_tsquery('simple', %s) q "
        f"WHERE e.words @@ q{beside} AND {where} "
        f"ORDER BY {rank} DESC, e.at DESC NULLS LAST, e.id LIMIT %s OFFSET %s"
    )
    if needles:
        statement = (
            f"SELECT {_ROW}, {_piece('p')} FROM ({statement}) b "  # noqa: S608
            "JOIN search_entry e ON e.id = b.id "
            f"CROSS JOIN LATERAL (SELECT e.text, {_start(needles)} AS start_at) p "
            "ORDER BY b.rank DESC, e.at DESC NULLS LAST, e.id"
        )
    return statement, [*given, *values, *_spots(needles)]


def _like(phrase: Phrase) -> str:
    return f"% {' '.join(phrase.words)}{'' if phrase.is_begun else ' '}%"


def fts5_match(asked: Asked) -> str:
    """Return a question in the language of FTS5; the words hold letters or digits only."""
    parts = [f'"{word}"' for word in asked.whole]
    parts += [f'"{" ".join(one.words)}"{"*" * one.is_begun}' for one in asked.phrases]
    parts += [f'"{word}"*' for word in asked.begun]
    parts += ["(" + " OR ".join(f'"{word}"' for word in group) + ")" for group in asked.any_of]
    return " AND ".join(parts)


def tsquery(asked: Asked, *, side_by_side: bool = False) -> str:
    """Return a question in the language of to_tsquery, phrases as words or as they stand."""
    between = " <-> " if side_by_side else " & "
    parts = [*asked.whole]
    for one in asked.phrases:
        *before, last = one.words
        parts.append(f"({between.join([*before, last + ':*' * one.is_begun])})")
    parts += [f"{word}:*" for word in asked.begun]
    parts += ["(" + " | ".join(group) + ")" for group in asked.any_of]
    return " & ".join(parts)


def _sifted(agency_id: int, filters: Filters) -> tuple[str, list[Any]]:
    where: list[str] = ['e."agency_id" = %s']
    values: list[Any] = [agency_id]
    for column, wanted in (
        ("kind", filters.kinds), ("sort", filters.sorts), ("state", filters.states),
    ):  # fmt: skip
        if wanted:
            where.append(f'e."{column}" IN ({", ".join(["%s"] * len(wanted))})')
            values += wanted
    if filters.unit_id is not None:
        where.append('e."unit_id" = %s')
        values.append(filters.unit_id)
    return " AND ".join(where), values


def pieces(entry_ids: Collection[int], needles: tuple[str, ...]) -> dict[int, Piece]:
    """Return for each entry a piece of its text, whether it is its begin and whether its end.

    The piece stands where the first of the needles that occurs stands among the words; a text
    shorter than AROUND characters comes whole.
    """
    if not entry_ids:
        return {}
    keys = ", ".join(["%s"] * len(entry_ids))
    statement = (
        f"SELECT p.id, {_piece('p')} FROM (SELECT e.id, e.text, {_start(needles)} AS start_at "  # noqa: S608
        f"FROM search_entry e WHERE e.id IN ({keys})) p"
    )
    with connections["default"].cursor() as cursor:
        cursor.execute(statement, [*_spots(needles), *entry_ids])
        return {row[0]: row[1:] for row in cursor.fetchall()}


def _piece(of: str) -> str:
    return (
        f"substr({of}.text, {of}.start_at, {AROUND}), {of}.start_at = 1, "
        f"{of}.start_at + {AROUND} > length({of}.text)"
    )


def _start(needles: tuple[str, ...]) -> str:
    """Return where a piece begins: the words and the text run on at the same pace."""
    place = "position(%s in ' ' || e.folded)" if _is_postgresql() else "instr(' ' || e.folded, %s)"
    most = "GREATEST" if _is_postgresql() else "MAX"
    found = ", ".join([f"NULLIF({place}, 0)"] * len(needles))
    return (
        f"CASE WHEN length(e.text) <= {AROUND} THEN 1 ELSE CAST({most}(1, COALESCE({found}, 1) "
        f"* CAST(length(e.text) AS BIGINT) / {most}(1, length(e.folded)) - {BEFORE}) AS INTEGER) END"
    )


def _spots(needles: tuple[str, ...]) -> list[str]:
    return [f" {one}" for one in needles]


def named(
    kind: str, object_ids: Collection[int], *, agency_id: int, filters: Filters
) -> list[tuple[Any, ...]]:
    """Return things by their ids as `best` does, those that the filters let through."""
    if not object_ids:
        return []
    where, values = _sifted(agency_id, filters)
    keys = ", ".join(["%s"] * len(object_ids))
    statement = (
        f"SELECT {_ROW} FROM search_entry e WHERE e.kind = %s AND e.object_id IN ({keys}) "  # noqa: S608
        f"AND {where} ORDER BY e.id"
    )
    with connections["default"].cursor() as cursor:
        cursor.execute(statement, [kind, *object_ids, *values])
        return cursor.fetchall()


def texts_of(entry_ids: Collection[int], *, most: int) -> dict[int, str]:
    """Return the beginnings of the texts of entries, as they were written."""
    rows = Entry.objects.filter(pk__in=entry_ids)
    return dict(rows.values_list("id", Substr("text", 1, most)))


def heads_and_texts(entry_ids: Collection[int]) -> list[tuple[int, tuple[str, str]]]:
    """Return (id, (words of code and title, words of the text's beginning)) of entries."""
    rows = Entry.objects.filter(pk__in=entry_ids)
    read = rows.values_list("id", "folded_title", Substr("folded", 1, READ_OF_TEXT))
    return [(entry_id, (head, text)) for entry_id, head, text in read]


def _is_postgresql() -> bool:
    return connections["default"].vendor == "postgresql"
