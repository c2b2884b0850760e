"""Search over 100,000 texts beside plain FTS5 or tsvector over the same folded text, in one run.

`python3 dev.py bench search [--texts 100000] [--engines sqlite,postgresql]` prints p50 and p99 in
milliseconds, the size of the index in megabytes, the recall against brute force, and one line of
JSON. Ours is the whole question (agency, sight, states, best 20, titles and snippets marked);
plain is the engine's own best 20 by rank, keys only. tantivy is measured where it is installed.
Goal: recall 1.00 and p50 ≤ 1.2 × plain.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tools")]
AGENCY = 1
ONSETS = "b c ch d đ g gi h k kh l m n ng nh p ph qu r s t th tr v x".split()  # noqa: SIM905
RHYMES = [
    "a",
    "ác",
    "ai",
    "am",
    "an",
    "áng",
    "anh",
    "ao",
    "át",
    "ấp",
    "ay",
    "ăn",
    "ắc",
    "âm",
    "ân",
    "ất",
    "ây",
    "e",
    "em",
    "en",
    "eo",
    "ét",
    "ê",
    "ếch",
    "ên",
    "êu",
    "i",
    "ia",
    "iêm",
    "iên",
    "iết",
    "iều",
    "im",
    "in",
    "inh",
    "ít",
    "o",
    "oa",
    "oai",
    "oan",
    "oc",
    "ói",
    "om",
    "on",
    "ong",
    "ô",
    "ốc",
    "ôi",
    "ôn",
    "ông",
    "ơ",
    "ơi",
    "ơn",
    "u",
    "ua",
    "uân",
    "uật",
    "úc",
    "ui",
    "un",
    "ung",
    "uôi",
    "uôn",
    "uy",
    "uyên",
    "uyết",
    "ư",
    "ưa",
    "ưng",
    "ươi",
    "ương",
    "ướng",
    "ưu",
]
SYLLABLES = [onset + rhyme for onset in ONSETS for rhyme in RHYMES]
random.Random(3).shuffle(SYLLABLES)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--texts", type=int, default=100_000)
    parser.add_argument("--engines", default="sqlite,postgresql")
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--inside", default="")
    return parser.parse_args()


def main() -> None:
    options = arguments()
    if options.inside:
        inside(options)
        return
    results = {}
    for engine in options.engines.split(","):
        with tempfile.TemporaryDirectory(prefix="nep-bench-") as folder:
            if engine == "sqlite":
                results[engine] = run_inside(f"sqlite://{folder}/bench.sqlite3", folder, options)
                continue
            from postgres import running_server

            with running_server(durable=True) as address:
                if address is not None:
                    results[engine] = run_inside(address, folder, options)
    print(json.dumps(results, ensure_ascii=False))


def run_inside(address: str, folder: str, options: argparse.Namespace) -> dict:
    environment = {
        **os.environ, "NEP_DATABASE_URL": address, "NEP_DATABASE_POOL": "0", "NEP_DATA": folder,
        "DJANGO_SETTINGS_MODULE": "nep.config.settings", "NEP_LOG_JSON": "0",
    }  # fmt: skip
    command = [sys.executable, __file__, "--inside", address, "--texts", str(options.texts),
               "--questions", str(options.questions)]  # fmt: skip
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    *lines, last = done.stdout.strip().splitlines()
    print("\n".join(lines))
    return json.loads(last)


def texts(count: int):
    """Yield (title, text): common syllables often, rare ones seldom, as language has them."""
    chance = random.Random(7)
    weights = [1 / (rank + 2) for rank in range(len(SYLLABLES))]
    rare = [f"{a}{b}" for a in ("thôn", "xóm", "bản", "ấp") for b in range(500)]
    for _ in range(count):
        words = chance.choices(SYLLABLES, weights, k=chance.randint(18, 34))
        words.append(chance.choice(rare))
        yield " ".join(words[:8]), " ".join(words[8:])


def inside(options: argparse.Namespace) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    rows = fill(options.texts)
    asked = questions(rows, options.questions)
    timed = {name: measure(ask, asked) for name, ask in candidates(connection, rows).items()}
    found = {
        "texts": options.texts,
        "ms": timed,
        "x_plain": round(timed["ours"]["p50"] / timed["plain"]["p50"], 2),
        "x_plain_keys": round(timed["ours, keys"]["p50"] / timed["plain"]["p50"], 2),
        "index_mb": index_mb(connection),
        "recall": recall(rows, asked),
    }
    print(f"\n{connection.vendor:<24}{'p50 ms':>9}{'p99 ms':>9}")
    for name, row in timed.items():
        print(f"{name:<24}{row['p50']:>9.2f}{row['p99']:>9.2f}")
    print(f"chỉ mục {found['index_mb']} MB; độ phủ {found['recall']:.2f}; "
          f"× thường {found['x_plain']} (chỉ khóa {found['x_plain_keys']})")  # fmt: skip
    print(json.dumps(found, ensure_ascii=False))


def fill(count: int) -> list[tuple[int, str, str]]:
    from nep.foundation.db import new_id
    from nep.foundation.search.asking import folded_words
    from nep.foundation.search.models import Entry

    rows, known = [], []
    for number, (title, text) in enumerate(texts(count)):
        row = Entry(
            id=new_id(), agency_id=AGENCY, kind="document", object_id=number, title=title,
            link=f"/{number}/", folded_title=folded_words(title), folded=folded_words(text),
            text=text, state="current" if number % 5 else "old",
        )  # fmt: skip
        rows.append(row)
        known.append((row.id, row.folded_title + " " + row.folded, row.state))
        if len(rows) == 2_000:
            Entry.objects.bulk_create(rows)
            rows = []
    Entry.objects.bulk_create(rows)
    return known


def questions(rows: list, count: int) -> list[str]:
    """Return two to four words of one text each, as somebody who remembers it would type."""
    chance = random.Random(11)
    asked = []
    for _ in range(count):
        words = chance.choice(rows)[1].split()
        asked.append(" ".join(chance.sample(words, chance.randint(2, 4))))
    return asked


def candidates(connection, rows: list) -> dict:
    from nep.foundation.search.asking import read_question
    from nep.foundation.search.queries import Filters, Sight, _rows, ask

    sight, filters = Sight(AGENCY), Filters()

    def keys(typed: str) -> None:
        _rows(read_question(typed), sight, filters, limit=20, offset=0)

    def plain(typed: str) -> None:
        words = typed.split()
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute(
                    "SELECT id FROM search_entry e, to_tsquery('simple', %s) q WHERE words @@ q "
                    "ORDER BY ts_rank(words, q) DESC LIMIT 20", [" & ".join(words)])  # fmt: skip
            else:
                cursor.execute(
                    "SELECT rowid FROM search_words WHERE search_words MATCH %s "
                    "ORDER BY rank LIMIT 20", [" ".join(f'"{word}"' for word in words)])  # fmt: skip
            cursor.fetchall()

    found = {
        "plain": plain,
        "ours": lambda typed: ask(typed, sight=sight, filters=filters),
        "ours, keys": keys,
    }
    tantivy = tantivy_index(rows)
    if tantivy is not None:
        found["tantivy"] = tantivy
    return found


def tantivy_index(rows: list):
    try:
        import tantivy
    except ImportError:
        return None
    schema = tantivy.SchemaBuilder()
    schema.add_integer_field("id", stored=True)
    schema.add_text_field("text")
    index = tantivy.Index(schema.build())
    writer = index.writer()
    for key, text, _ in rows:
        writer.add_document(tantivy.Document(id=key, text=text))
    writer.commit()
    index.reload()
    searcher = index.searcher()

    def ask(typed: str) -> None:
        query = index.parse_query(" AND ".join(typed.split()), ["text"])
        searcher.search(query, 20)

    return ask


def measure(ask, asked: list[str]) -> dict[str, float]:
    for typed in asked[:20]:
        ask(typed)
    spent = []
    for _ in range(3):
        for typed in asked:
            started = time.perf_counter()
            ask(typed)
            spent.append((time.perf_counter() - started) * 1e3)
    spent.sort()
    return {
        "p50": round(statistics.median(spent), 3),
        "p99": round(spent[len(spent) * 99 // 100], 3),
    }


def index_mb(connection) -> float:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_relation_size('search_words')")
        else:
            cursor.execute(
                "SELECT sum(length(block)) + (SELECT sum(length(sz)) FROM search_words_docsize) "
                "FROM search_words_data"
            )
        return round(cursor.fetchone()[0] / 1e6, 1)


def holds(text: str, words: tuple[str, ...]) -> bool:
    there = text.split()
    *whole, last = words
    begun = any(one.startswith(last) for one in there)
    return begun and all(word in there for word in whole)


def recall(rows: list, asked: list[str]) -> float:
    """Return the share of what brute force finds that the index finds as well."""
    from nep.foundation.search.asking import read_question
    from nep.foundation.search.queries import Filters, Sight, _rows

    wanted = there = 0
    for typed in asked[:40]:
        words = read_question(typed).words
        truth = {key for key, text, state in rows if state == "current" and holds(text, words)}
        got = {row[0] for row in _rows(read_question(typed), Sight(AGENCY), Filters(),
                                       limit=len(rows), offset=0)}  # fmt: skip
        wanted, there = wanted + len(truth), there + len(truth & got)
    return there / max(wanted, 1)


if __name__ == "__main__":
    main()
