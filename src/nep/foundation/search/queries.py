"""Asking the index: every word, the last by its beginning; best first; only what may be seen."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connections

from nep.foundation.search import asking, marking
from nep.foundation.search.models import Entry

_MOST = 200
_FIRST_LOOK = 200
_ROW = (
    'e."id", e."kind", e."object_id", e."sort", e."state", e."code", e."title", e."detail", '
    'e."link", e."at"'
)


@dataclass(frozen=True, slots=True)
class Sight:
    """What the asker may see: one agency's open entries, the granted ones, or all of it."""

    agency_id: int
    tokens: frozenset[str] = frozenset()
    sees_all: bool = False


@dataclass(frozen=True, slots=True)
class Filters:
    """What is wanted; empty means any. Old things are found only when named in `states`."""

    kinds: tuple[str, ...] = ()
    sorts: tuple[str, ...] = ()
    states: tuple[str, ...] = ("current", "open")
    unit_id: int | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer; the HTML fields carry <mark> around the words and are escaped otherwise."""

    entry_id: int
    kind: str
    object_id: int
    sort: str
    state: str
    code: str
    title: str
    detail: str
    link: str
    at: date | None
    title_html: str = ""
    snippet_html: str = ""


def ask(
    typed: str, *, sight: Sight, filters: Filters = Filters(), limit: int = 20, offset: int = 0
) -> tuple[Hit, ...]:
    """Return the best answers that hold every word, the best first."""
    asked = asking.read_question(typed)
    if not asked:
        return ()
    rows = _rows(asked, sight, filters, limit=min(limit, _MOST), offset=offset)
    return _hits(asked, rows)


def ask_loosely(
    typed: str, *, sight: Sight, filters: Filters = Filters(), limit: int = 10
) -> tuple[Hit, ...]:
    """Return what fits own words best: rare words count more, not every word need be there."""
    asked = asking.read_question(typed)
    if not asked:
        return ()
    found: dict[int, tuple] = {}
    weight: dict[int, float] = {}
    for word in asked.words:
        rows = _rows(asking.Asked((word,)), sight, filters, limit=_MOST, offset=0)
        if not rows:
            continue
        worth = 1.0 / len(rows)  # a word that stands everywhere says little
        for row in rows:
            found[row[0]] = row
            in_title = any(part.startswith(word) for part in asking.folded_words(row[6]).split())
            weight[row[0]] = weight.get(row[0], 0.0) + worth * (3.0 if in_title else 1.0)
    best = sorted(found, key=lambda key: (-weight[key], found[key][6]))[:limit]
    return _hits(asked, [found[key] for key in best])


def _rows(
    asked: asking.Asked, sight: Sight, filters: Filters, *, limit: int, offset: int
) -> list[tuple]:
    connection = connections["default"]
    where, values = _sifted(sight, filters)
    for phrase in asked.phrases:
        where.append("(' ' || e.\"folded_title\" || ' ' || e.\"folded\") LIKE %s")
        values.append(f"% {phrase}%")
    if connection.vendor == "postgresql":
        return _ranked_postgresql(connection, asked, where, values, limit, offset)
    return _ranked_sqlite(connection, asked, where, values, limit, offset)


def _ranked_postgresql(connection, asked, where, values, limit: int, offset: int) -> list[tuple]:
    *whole, last = asked.words
    words = " & ".join([*whole, f"{last}:*" if asked.is_begun else last])
    statement = (
        f"SELECT {_ROW} FROM search_entry e, to_tsquery('simple', %s) q "  # noqa: S608
        f"WHERE e.words @@ q AND {' AND '.join(where)} "
        "ORDER BY ts_rank('{0.1,0.1,0.2,1.0}', e.words, q) DESC, e.at DESC NULLS LAST, e.id "
        "LIMIT %s OFFSET %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [words, *values, limit, offset])
        return cursor.fetchall()


def _ranked_sqlite(connection, asked, where, values, limit: int, offset: int) -> list[tuple]:
    """Sift the index's own best first; only when too few of them may be seen, sift all."""
    *whole, last = asked.words
    words = " ".join([*(f'"{word}"' for word in whole), f'"{last}"' + "*" * asked.is_begun])
    sifted = " AND ".join(where)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rowid FROM search_words WHERE search_words MATCH %s ORDER BY rank LIMIT %s",
            [words, _FIRST_LOOK],
        )
        best = [row[0] for row in cursor.fetchall()]
        if len(best) < _FIRST_LOOK or limit + offset <= _FIRST_LOOK // 4:
            place = {key: at for at, key in enumerate(best)}
            cursor.execute(
                f"SELECT {_ROW} FROM search_entry e "  # noqa: S608
                f"WHERE e.id IN (SELECT value FROM json_each(%s)) AND {sifted}",
                [json.dumps(best), *values],
            )
            rows = sorted(cursor.fetchall(), key=lambda row: place[row[0]])
            if len(best) < _FIRST_LOOK or len(rows) >= limit + offset:
                return rows[offset : offset + limit]
        cursor.execute(
            f"SELECT {_ROW} FROM search_words w JOIN search_entry e ON e.id = w.rowid "  # noqa: S608
            f"WHERE search_words MATCH %s AND {sifted} ORDER BY w.rank LIMIT %s OFFSET %s",
            [words, *values, limit, offset],
        )
        return cursor.fetchall()


def _sifted(sight: Sight, filters: Filters) -> tuple[list[str], list[Any]]:
    where: list[str] = ['e."agency_id" = %s']
    values: list[Any] = [sight.agency_id]
    if not sight.sees_all:
        granted = ""
        if sight.tokens:
            marks = ", ".join(["%s"] * len(sight.tokens))
            granted = (
                ' OR EXISTS (SELECT 1 FROM "search_grant" g WHERE g."entry_id" = e."id" '  # noqa: S608
                f'AND g."token" IN ({marks}))'
            )
        where.append(f'(e."is_open"{granted})')
        values += sorted(sight.tokens)
    for column, wanted in (
        ("kind", filters.kinds), ("sort", filters.sorts), ("state", filters.states),
    ):  # fmt: skip
        if wanted:
            where.append(f'e."{column}" IN ({", ".join(["%s"] * len(wanted))})')
            values += wanted
    if filters.unit_id is not None:
        where.append('e."unit_id" = %s')
        values.append(filters.unit_id)
    return where, values


def _hits(asked: asking.Asked, rows: Collection[tuple]) -> tuple[Hit, ...]:
    texts = dict(Entry.objects.filter(pk__in=[row[0] for row in rows]).values_list("id", "text"))
    hits = []
    for row in rows:
        entry_id, kind, object_id, sort, state, code, title, detail, link, at = row
        hits.append(
            Hit(
                entry_id, kind, object_id, sort, state, code, title, detail, link,
                date.fromisoformat(at) if isinstance(at, str) else at,
                marking.marked_title(title, asked.words),
                marking.snippet(texts.get(entry_id, ""), asked.words),
            )
        )  # fmt: skip
    if asked.marked:  # typed with marks: what carries them goes first, else the order stays
        hits.sort(key=lambda hit: -_carried(asked.marked, hit, texts))
    return tuple(hits)


def _carried(marked: tuple[str, ...], hit: Hit, texts: dict[int, str]) -> int:
    whole = f"{hit.title} {texts.get(hit.entry_id, '')[: marking.SCANNED]}".lower()
    return sum(word in whole for word in marked)
