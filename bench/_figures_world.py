"""The facts of a province's finished cases, filled by SQL, and the same in a DuckDB file."""

from pathlib import Path

from django.db import connection
from django.forms.models import model_to_dict

from nep.apps.cases.tests.scene import office
from nep.apps.organization import queries as organization
from nep.apps.organization.models import Agency
from nep.foundation.accounts.models import User
from nep.foundation.db import new_id

try:
    import duckdb
except ImportError:
    duckdb = None

AGENCIES, FIRST_YEAR, YEARS, TTHC, UNITS = 200, 2022, 5, 60, 8
PORTION = 500_000
WORDS = (
    "CASE WHEN n % 20 = 0 THEN 'tre' WHEN n % 33 = 0 THEN 'rut' WHEN n % 7 = 0 THEN 'khong' "
    "WHEN n % 3 = 0 THEN 'dung' ELSE 'truoc' END"
)
# Every agency has cases in every month: 12,000 cells.
_MONTH = f"({FIRST_YEAR} + n % {YEARS}) * 100 + 1 + (n {{div}} {YEARS}) % 12"
NEWEST = (FIRST_YEAR + YEARS - 1) * 100 + 12
_COLUMNS = (
    "case_id, agency_id, month, received_month, tthc_id, field, channel, is_internal, unit_id, "
    "word, late_by_indicator, used_minutes, waited_applicant, waited_agency, bucket, supplements, "
    "steps, steps_late, reworks, returns, charged_node"
)
RAW = (
    "SELECT agency_id, month, COUNT(*), "
    "SUM(CASE WHEN word = 'truoc' THEN 1 ELSE 0 END), SUM(CASE WHEN word = 'dung' THEN 1 ELSE 0 END), "
    "SUM(CASE WHEN word = 'khong' THEN 1 ELSE 0 END), SUM(CASE WHEN word = 'tre' THEN 1 ELSE 0 END), "
    "SUM(CASE WHEN word = 'rut' THEN 1 ELSE 0 END) FROM cases_casefact GROUP BY agency_id, month"
)
COUNTED = ("ended", "before", "on_time", "undated", "late", "stopped")


def execute(statement: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def agencies() -> list[int]:
    """Return the province's agencies in their places; the first time they are made."""
    names = connection.introspection.table_names()
    if "bench_agency" in names:
        return [key for (key,) in execute("SELECT id FROM bench_agency ORDER BY place")]
    at = office(code="H99.00", name="Ủy ban của phép đo")
    own = Agency.objects.get(pk=at.scene.agency_id)
    Agency.objects.filter(pk=own.pk).update(kind="ubnd_tinh")
    rows = model_to_dict(own)
    for name in ("province", "parent", "id"):
        rows.pop(name, None)
    made = [
        Agency(**{**rows, "id": new_id(), "code": f"H98.{n:03d}", "name": f"Sở số {n}",
                  "province_id": own.province_id})
        for n in range(AGENCIES)
    ]  # fmt: skip
    Agency.objects.bulk_create(made)
    organization.forget()
    execute("CREATE TABLE bench_agency (place integer, id bigint)")
    values = ", ".join(f"({place}, {one.pk})" for place, one in enumerate(made))
    execute(f"INSERT INTO bench_agency VALUES {values}")
    execute("CREATE TABLE bench_reader (id bigint)")
    execute(f"INSERT INTO bench_reader VALUES ({at.scene.users['ha']})")
    return [one.pk for one in made]


def reader() -> User:
    """Return who sees the whole province."""
    return User.objects.get(pk=execute("SELECT id FROM bench_reader")[0][0])


def filled() -> int:
    """Return how many facts stand; they are numbered from 1."""
    return execute("SELECT COUNT(*) FROM cases_casefact WHERE case_id < 1000000000")[0][0]


def fill(first: int, last: int, *, pending: bool) -> None:
    """Write the facts of cases `first` to `last` over the years, agencies, TTHC and units; those
    that no roll-up holds yet are of the newest month, as what finishes now is."""
    if connection.vendor == "sqlite":
        execute("PRAGMA foreign_keys = OFF")
    else:
        execute("SET session_replication_role = replica")
    for start in range(first, last, PORTION):
        stop = min(last, start + PORTION)
        month = NEWEST if pending else _MONTH.format(div="/")
        execute(f"INSERT INTO cases_casefact ({_COLUMNS}) {_facts(start, stop, month)}")
        if pending:
            execute(
                "INSERT INTO cases_factpending SELECT case_id FROM cases_casefact "
                f"WHERE case_id > {start} AND case_id <= {stop}"
            )


def _facts(start: int, stop: int, month: int | str) -> str:
    is_sqlite = connection.vendor == "sqlite"
    numbers = (
        f"WITH RECURSIVE s(n) AS (SELECT {start + 1} UNION ALL SELECT n + 1 FROM s WHERE n < {stop})"
        if is_sqlite
        else f"WITH s(n) AS (SELECT * FROM generate_series({start + 1}, {stop}))"
    )
    no = "0" if is_sqlite else "FALSE"
    return (
        f"{numbers} SELECT n, a.id, {month}, {month}, 1 + (n / 11) % {TTHC}, "
        "'Lĩnh vực ' || ((n / 11) % 12), CASE WHEN n % 2 = 0 THEN 'online' ELSE 'counter' END, "
        f"{no}, 1 + (n / 13) % {UNITS}, {WORDS}, {no}, (n * 37) % 9000, n % 5, n % 3, n % 16, "
        f"n % 2, 5, 0, 0, 0, '' FROM s JOIN bench_agency a ON a.place = (n / 60) % {AGENCIES}"
    )


def duck(folder: Path, keys: list[int]):
    """Return a DuckDB file of the same facts with as many threads as cores, None without DuckDB."""
    if duckdb is None:
        return None
    path = folder / "facts.duckdb"
    is_new = not path.exists()
    store = duckdb.connect(str(path))
    store.execute("SET threads = 2")
    if (
        not is_new
        and store.execute("SELECT COUNT(*) FROM cases_casefact").fetchone()[0] == filled()
    ):
        return store
    store.execute("DROP TABLE IF EXISTS cases_casefact; DROP TABLE IF EXISTS bench_agency")
    store.execute("CREATE TABLE bench_agency (place integer, id bigint)")
    store.executemany("INSERT INTO bench_agency VALUES (?, ?)", list(enumerate(keys)))
    month = _MONTH.format(div="//")  # some thousands of pending ones stand in other months there
    store.execute(
        f"CREATE TABLE cases_casefact AS SELECT n AS case_id, a.id AS agency_id, {month} AS month, "
        f"{WORDS} AS word FROM range(1, {filled() + 1}) t(n) "
        f"JOIN bench_agency a ON a.place = (n // 60) % {AGENCIES}"
    )
    store.execute("CHECKPOINT")
    return store
