"""Search over 100,000 texts beside the engine's own plain query and tantivy, in one run.

`python3 dev.py bench search [--texts 100000] [--engines sqlite,postgresql]` prints, for three ways
of asking (remembered words, a word half typed, a code), p50 and p99 in milliseconds, the size of
the index in megabytes and the recall against brute force, and one line of JSON.

"plain" is one statement of the engine over the same folded texts: the same words (the last by its
beginning), the same rank, the best 20, keys only. "plain + rights" joins the rows and sifts by
agency and state. "ours" is the whole answer: agency, state, what may be seen, 20 titles and pieces
of text marked; "ours, typing" is the answer to a keystroke, titles only. Every question is put to
all of them in random order, so that a busy machine slows all alike; the ratio is that of the
medians, of processor time on SQLite, which works in this process, of the clock on PostgreSQL. Goal:
recall 1.00 and ours ≤ 1.2 × plain. tantivy is asked for the same words over the same
folded texts, from the library's own memory-mapped index, without rights.
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
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tools")]
Clock = Callable[[], float]
AGENCY = 1
LIMIT = 20
ONSETS = "b c ch d đ g gi h k kh l m n ng nh p ph qu r s t th tr v x".split()  # noqa: SIM905
RHYMES = """
a ác ai am an áng anh ao át ấp ay ăn ắc âm ân ất ây e em en eo ét ê ếch ên êu i ia iêm iên
iết iều im in inh ít o oa oai oan oc ói om on ong ô ốc ôi ôn ông ơ ơi ơn u ua uân uật úc ui
un ung uôi uôn uy uyên uyết ư ưa ưng ươi ương ướng ưu
""".split()  # noqa: SIM905
SYLLABLES = [onset + rhyme for onset in ONSETS for rhyme in RHYMES]
random.Random(3).shuffle(SYLLABLES)
PLACES = [f"{kind}{number}" for kind in ("thôn", "xóm", "bản", "ấp") for number in range(500)]


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--texts", type=int, default=100_000)
    parser.add_argument("--engines", default="sqlite,postgresql")
    parser.add_argument("--questions", type=int, default=150)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--words", type=int, default=26, help="words of an average text")
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
    command = [sys.executable, __file__, "--inside", folder, "--texts", str(options.texts),
               "--questions", str(options.questions), "--rounds", str(options.rounds),
               "--words", str(options.words)]  # fmt: skip
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    *lines, last = done.stdout.strip().splitlines()
    print("\n".join(lines), flush=True)
    return json.loads(last)


def texts(count: int, words: int):
    """Yield (code, title, text): common syllables often, rare ones seldom, as language has them."""
    chance = random.Random(7)
    weights = [1 / (rank + 2) for rank in range(len(SYLLABLES))]
    for number in range(count):
        size = chance.randint(words * 2 // 3, words * 4 // 3)
        said = chance.choices(SYLLABLES, weights, k=size)
        said.append(chance.choice(PLACES))
        code = f"S{number % 30}-BM{number % 97:02d}-QT{number // 97 % 89:02d}/{2018 + number % 9}"
        yield code, " ".join(said[:8]), " ".join(said[8:])


def inside(options: argparse.Namespace) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    kept = fill(options)
    settle(connection)
    plain = plain_of(connection)
    ways = questions(kept, options.questions)
    # SQLite works within this process: its own time tells more on a machine that others use too
    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    asks = {**candidates(plain), **tantivy_of(kept, Path(options.inside) / "tantivy")}
    found: dict = {"texts": options.texts, "index_mb": index_mb(connection), "ways": {}}
    print(f"\n{connection.vendor}, {options.texts:,} văn bản, chỉ mục {found['index_mb']} MB")
    for way, asked in ways.items():
        timed = measure(asks, asked, options.rounds, clock)
        told = recall(kept, asked)
        base = timed["plain"]["p50"]
        found["ways"][way] = {
            "ms": timed, "recall": told,
            "x_plain": {name: round(row["p50"] / base, 2) for name, row in timed.items()},
        }  # fmt: skip
        print(f"{way:<26}{'p50 ms':>9}{'p99 ms':>9}{'× plain':>9}   (độ phủ {told:.2f})")
        for name, row in timed.items():
            print(f"  {name:<24}{row['p50']:>9.2f}{row['p99']:>9.2f}{row['p50'] / base:>9.2f}")
    print(json.dumps(found, ensure_ascii=False))


def fill(options: argparse.Namespace) -> list[tuple[int, str, str, str]]:
    from nep.foundation.db import new_id
    from nep.foundation.search.models import Entry
    from nep.foundation.search.services import outgrows_positions
    from nep.foundation.search.words import index_form

    rows, kept = [], []
    for number, (code, title, text) in enumerate(texts(options.texts, options.words)):
        head, folded = index_form(f"{code} {title}"), index_form(text)
        rows.append(Entry(
            id=new_id(), agency_id=AGENCY, kind="document", object_id=number, title=title,
            code=code, link=f"/{number}/", folded_title=head, folded=folded, text=text,
            state="current" if number % 5 else "old", is_long=outgrows_positions(head, folded),
        ))  # fmt: skip
        kept.append((rows[-1].id, head, folded, rows[-1].state))
        if len(rows) == 2_000:
            Entry.objects.bulk_create(rows)
            rows = []
    Entry.objects.bulk_create(rows)
    return kept


def settle(connection) -> None:
    """Bring the index into the state that a night's upkeep leaves."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("VACUUM ANALYZE search_entry")
        else:
            cursor.execute("INSERT INTO search_words(search_words) VALUES ('optimize')")
            cursor.execute("ANALYZE")


def questions(kept: list, count: int) -> dict[str, list[str]]:
    """Return what somebody types who remembers a text: some words, a word half typed, a code."""
    chance = random.Random(11)
    current = [row for row in kept if row[3] == "current"]
    remembered, typing, codes = [], [], []
    for _ in range(count):
        _, head, text, _ = chance.choice(current)
        words = [word for word in f"{head} {text}".split()[6:] if word.isalpha()]
        some = chance.sample(words, chance.randint(2, 4))
        remembered.append(" ".join(some))
        last = some[-1]
        typing.append(" ".join([*some[:-1], last[: max(2, len(last) - chance.randint(1, 3))]]))
        unit, *rest = head.split()[:7]
        codes.append(f"bm{rest[2]}-qt{rest[4]}/{rest[5]}" if unit == "s" else head)
    return {"chữ nhớ được": remembered, "đang gõ dở": typing, "mã hiệu": codes}


def plain_of(connection):
    """Return f(typed, with_rights): one statement in the engine's own language."""
    from nep.foundation.search.asking import read_question
    from nep.foundation.search.finding import fts5_match, tsquery

    sifted = f"e.agency_id = {AGENCY} AND e.state IN ('current', 'open')"
    if connection.vendor == "postgresql":
        rank = "ORDER BY ts_rank('{0.1,0.1,0.2,1.0}', e.words, q) DESC"
        where = "FROM search_entry e, to_tsquery('simple', %s) q WHERE e.words @@ q"
        statements = (
            f"SELECT e.id {where} {rank} LIMIT {LIMIT}",
            f"SELECT e.id {where} AND {sifted} {rank} LIMIT {LIMIT}",
        )
    else:
        where = "WHERE search_words MATCH %s"
        statements = (
            f"SELECT rowid FROM search_words {where} ORDER BY rank LIMIT {LIMIT}",
            f"SELECT e.id FROM search_words w CROSS JOIN search_entry e ON e.id = w.rowid {where} "
            f"AND {sifted} ORDER BY w.rank LIMIT {LIMIT}",
        )

    def ask(typed: str, with_rights: bool) -> None:
        asked = read_question(typed)
        if connection.vendor == "postgresql":
            words = tsquery(asked, side_by_side=True)
        else:
            words = fts5_match(asked)
        with connection.cursor() as cursor:
            cursor.execute(statements[with_rights], [words])
            cursor.fetchall()

    return ask


def candidates(plain) -> dict:
    from nep.foundation.search.queries import Sight, ask

    sight = Sight(AGENCY)
    return {
        "plain": lambda typed: plain(typed, False),
        "plain + rights": lambda typed: plain(typed, True),
        "ours": lambda typed: ask(typed, sight=sight, limit=LIMIT),
        "ours, typing": lambda typed: ask(typed, sight=sight, limit=8, with_texts=False),
    }


def tantivy_of(kept: list, folder: Path) -> dict:
    try:
        import tantivy
    except ImportError:
        return {}
    from nep.foundation.search.asking import read_question

    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", stored=True)
    builder.add_text_field("text", tokenizer_name="whitespace")
    schema = builder.build()
    folder.mkdir()
    index = tantivy.Index(schema, path=str(folder))
    writer = index.writer()
    for key, head, text, _ in kept:
        writer.add_document(tantivy.Document(id=key, text=f"{head} {text}"))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()
    print(f"tantivy: {sum(one.stat().st_size for one in folder.iterdir()) / 1e6:.1f} MB")
    must = tantivy.Occur.Must

    def ask(typed: str) -> None:
        asked = read_question(typed)
        parts = [tantivy.Query.term_query(schema, "text", word) for word in asked.whole]
        parts += [tantivy.Query.regex_query(schema, "text", f"{word}.*") for word in asked.begun]
        for one in asked.phrases:
            parts.append(tantivy.Query.phrase_query(schema, "text", list(one.words)))
        searcher.search(tantivy.Query.boolean_query([(must, part) for part in parts]), LIMIT)

    return {"tantivy": ask}


def measure(asks: dict, asked: list[str], rounds: int, clock: Clock) -> dict[str, dict[str, float]]:
    """Put every question to all in random order."""
    chance = random.Random(5)
    spent: dict[str, list[float]] = {name: [] for name in asks}
    for number in range(rounds + 1):
        for typed in asked if number else asked[:20]:
            for name in chance.sample(list(asks), len(asks)):
                started = clock()
                asks[name](typed)
                if number:
                    spent[name].append((clock() - started) * 1e3)
    return {
        name: {
            "p50": round(statistics.median(taken), 3),
            "p99": round(sorted(taken)[len(taken) * 99 // 100], 3),
        }
        for name, taken in spent.items()
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


def holds(asked, head: str, text: str) -> bool:
    """Say whether a text answers, read word by word."""
    sides = [f" {head} ", f" {text} "]
    whole = all(any(f" {word} " in side for side in sides) for word in asked.whole)
    begun = all(any(f" {word}" in side for side in sides) for word in asked.begun)
    ends = [" ".join(one.words) + ("" if one.is_begun else " ") for one in asked.phrases]
    return whole and begun and all(any(f" {end}" in side for side in sides) for end in ends)


def recall(kept: list, asked: list[str]) -> float:
    """Return the share of what brute force finds that the index finds as well."""
    from nep.foundation.search.asking import read_question
    from nep.foundation.search.finding import Filters
    from nep.foundation.search.queries import Sight, seen

    wanted = there = 0
    for typed in asked[:25]:
        question = read_question(typed)
        truth = {key for key, head, text, state in kept
                 if state == "current" and holds(question, head, text)}  # fmt: skip
        rows = seen(question, sight=Sight(AGENCY), filters=Filters(), limit=len(kept))
        wanted, there = wanted + len(truth), there + len(truth & {row[0] for row in rows})
    return there / max(wanted, 1)


if __name__ == "__main__":
    main()
