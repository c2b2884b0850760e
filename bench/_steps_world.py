"""What the steps benchmark stands on: agencies with procedures in force, and many cases."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django.db import connection, transaction

from nep.apps.cases.models import Case, StepRun
from nep.apps.cases.services import Applicant, case_accept, step_complete
from nep.apps.cases.services.figures import figures_fold
from nep.apps.cases.tests.scene import Office, with_procedure
from nep.apps.organization.rules import Actor
from nep.apps.organization.tests.scene import NOW, department
from nep.apps.procedures.rules.table import Branch, Step, Table
from nep.apps.work.services import counts_fold
from nep.bpmn import Limit
from nep.foundation.db import new_id

KEYS = ("MC/reception", "PKH/unit_head", "PKH/specialist", "PKH/specialist", "LD/leader")
ACTORS = {
    "MC/reception": "tuan",
    "PKH/unit_head": "toan",
    "PKH/specialist": "lan",
    "LD/leader": "ha",
}
STANDS = timedelta(days=60)  # how long the test office has stood when the bench begins
SHIFT = NOW + STANDS - datetime.now(UTC)
NOTE = "Hồ sơ đầy đủ, hợp lệ theo quy định; đề nghị trình lãnh đạo xem xét, phê duyệt. " * 2


def clock() -> datetime:
    """Return the present moment, moved to the days in which the test office stands."""
    return datetime.now(UTC) + SHIFT


def procedure(steps: int) -> Table:
    """Return a procedure of so many steps; every third asks for a choice, as real ones do.

    Of more than six, three of every ten are done side by side.
    """
    rows = []
    for number in range(1, steps + 1):
        last = number == steps
        key = KEYS[0] if last or number == 1 else KEYS[(number - 1) % len(KEYS)]
        branches = ()
        beside = steps > 6 and number % 10 in (4, 5, 6)
        after_beside = steps > 6 and number % 10 == 7
        if number % 3 == 0 and not (last or beside or after_beside):
            branches = (
                Branch(f"b{number}-lai", f"b{number - 1}", "Làm lại", "so_lan > 9", bound=1),
            )
        rows.append(
            Step(f"b{number}", f"Bước công việc {number}", key,
                 Limit(Decimal(8), "working_hour"), branches=branches,
                 group=f"nhom-{number // 10}" if beside else "")
        )  # fmt: skip
    return Table(f"qt-{steps}", f"Thủ tục {steps} bước", tuple(rows))


@dataclass(frozen=True)
class World:
    """One agency: who acts at each node of its procedures, and a template case of each size."""

    office: Office
    actors: dict[str, Actor]
    templates: dict[int, int]
    tables: dict[int, Table]

    def actor(self, size: int, node: str) -> Actor:
        """Return who does a step."""
        return self.actors[self.tables[size].step(node).role]


def world(number: int, sizes: tuple[int, ...]) -> World:
    """Make one agency with a procedure in force of each size, through the services."""
    scene = department(code=f"H99.{number:02d}", name=f"Sở số {number}")
    today = clock()
    actors = {key: scene.actor(name, now=today) for key, name in ACTORS.items()}
    templates, tables = {}, {}
    office = None
    for size in sizes:
        tables[size] = procedure(size)
        office = with_procedure(
            scene, table=tables[size], amount=7 * size // 4 + 20, code=f"1.{900000 + size}",
            name=f"Thủ tục {size} bước",
        )  # fmt: skip
        made = case_accept(
            actor=actors["MC/reception"], now=clock(), tthc_id=office.tthc_id,
            applicant=Applicant("Nguyễn Thị Thu Hà", phone="0900 000 118", address="xã Tân Lập"),
        )  # fmt: skip
        templates[size] = made.id
    assert office is not None
    return World(office, actors, templates, tables)


def aged(world_: World, size: int, count: int) -> list[int]:
    """Make and finish cases spread over the days the office has stood, through the services."""
    tthc_id = Case.objects.get(pk=world_.templates[size]).tthc_id
    made = []
    for number in range(count):
        at = clock() - (STANDS - timedelta(days=2)) * ((number + 1) / count)
        case = case_accept(
            actor=world_.actors["MC/reception"], now=at, tthc_id=tthc_id,
            applicant=Applicant("Nguyễn Thị Thu Hà", phone="0900 000 118", address="xã Tân Lập"),
        )  # fmt: skip
        finish(world_, size, case.id, now=at + timedelta(days=1))
        made.append(case.id)
    return made


def finish(world_: World, size: int, case_id: int, *, now: datetime | None = None) -> None:
    """Walk a case to its end through the service, now or at one earlier moment."""
    runs = [(StepRun.objects.get(case_id=case_id, closed_at=None).pk, "b1")]
    while runs:
        run_id, node = runs.pop()
        done = step_complete(
            actor=world_.actor(size, node), now=now or clock(), run_id=run_id, note=NOTE,
            outcome=way_on(world_.tables[size], node),
        )  # fmt: skip
        runs += [(run, step) for run, step, _ in done.opened]


def way_on(table: Table, node: str) -> str | None:
    """Return the flow that goes on from a step with a choice."""
    step = table.step(node)
    return f"f-re-{node}" if step is not None and step.branches else None


# Filling by bulk SQL: every row of a template case, copied under new keys.

TABLES = (
    ("cases_case", "id"), ("cases_caseapplicant", "case_id"), ("cases_steprun", "case_id"),
    ("cases_caseevent", "case_id"), ("work_workitem", "source_id"),
    ("journal_journalentry", "object_id"), ("cases_casefact", "case_id"),
    ("cases_factpending", "case_id"),
)  # fmt: skip


def copies(template: int, count: int) -> list[int]:
    """Copy a case with all its rows so many times, and return the new keys in order.

    Their work and figures are counted, as the worker of a running installation does every few
    seconds.
    """
    rows = {table: rows_of(table, column, template) for table, column in TABLES}
    made: list[int] = []
    for first in range(0, count, 2_000):
        size = min(2_000, count - first)
        out: dict[str, list[list]] = {table: [] for table, _ in TABLES}
        for at in range(first, first + size):
            made.append(_copy(rows, out, at))
        with transaction.atomic():
            for table, _ in TABLES:
                _insert(table, rows[table][0], out[table])
    while counts_fold():
        pass
    while figures_fold(now=clock()):
        pass
    return made


def rows_of(table: str, column: str, template: int) -> tuple[list[str], list[tuple]]:
    key = str(template) if column == "object_id" else template
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}" WHERE "{column}" = %s ORDER BY 1', [key])
        return [column[0] for column in cursor.description], cursor.fetchall()


def _copy(rows: dict, out: dict[str, list[list]], at: int) -> int:
    case_id = new_id()
    keys: dict[int, int] = {rows["cases_case"][1][0][0]: case_id}
    for table in ("cases_steprun", "work_workitem"):
        for row in rows[table][1]:
            keys[row[0]] = new_id()
    for table, _ in TABLES[:-1]:
        columns, found = rows[table]
        for row in found:
            values = list(row)
            for place, name in enumerate(columns):
                values[place] = _changed(table, name, values[place], keys, at, case_id)
            if table == "journal_journalentry":
                values[columns.index("content_hash")] = _hash(columns, values)
            if table == "work_workitem":  # what is done was never counted
                is_open = values[columns.index("state")] == 0
                values[columns.index("stale")] = values[columns.index("listed")] = is_open
            out[table].append(values)
            if table == "cases_casefact":  # no roll-up holds the copy yet
                out["cases_factpending"].append([case_id])
    return case_id


def _changed(table: str, name: str, value, keys: dict[int, int], at: int, case_id: int):
    if name == "id" and table in {"cases_caseevent", "journal_journalentry"}:
        return new_id()
    if name in {"id", "case_id", "source_id", "item_id"}:
        return keys.get(value, value)
    if name in {"code", "source_code"}:
        return f"{value[:14]}-{case_id}"
    if name == "counted":
        return ""
    if name == "lookup_key":
        return hashlib.sha256(str(case_id).encode()).hexdigest()[:24]
    if name == "object_id":
        return str(case_id)
    if name == "link":
        return f"/ho-so/{case_id}/"
    if name in {"data", "new"} and value:
        for old, new in keys.items():
            value = value.replace(str(old), str(new))
    return value


def _hash(columns: list[str], values: list) -> str:
    row = dict(zip(columns, values, strict=True))
    moment = row["at"] if row["at"].tzinfo else row["at"].replace(tzinfo=UTC)
    at = moment.astimezone(UTC).isoformat(timespec="microseconds")
    parts = (
        row["id"], row["agency_id"], row["actor_id"], row["action"], row["object_type"],
        row["object_id"], at, row["old"], row["new"], row["reason"],
    )  # fmt: skip
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()


def _insert(table: str, columns: list[str], rows: list[list]) -> None:
    if not rows:
        return
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(columns))
        cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)


def open_runs(case_ids: list[int]) -> dict[int, list[tuple[int, str]]]:
    """Return the open steps of each case as (run, node)."""
    found: dict[int, list[tuple[int, str]]] = {}
    for first in range(0, len(case_ids), 500):
        rows = StepRun.objects.filter(case_id__in=case_ids[first : first + 500], closed_at=None)
        for case_id, run_id, node in rows.order_by("id").values_list("case_id", "id", "node"):
            found.setdefault(case_id, []).append((run_id, node))
    return found


def count_cases() -> int:
    """Return how many cases there are, open and finished."""
    return Case.objects.count()


def server() -> int | None:
    """Return the process that serves this connection; SQLite has none."""
    connection.ensure_connection()
    is_postgresql = connection.vendor == "postgresql"
    return connection.connection.info.backend_pid if is_postgresql else None


def settle() -> None:
    """Let the database have its statistics and its files in order, as a running one has."""
    connection.ensure_connection()
    is_sqlite = connection.vendor == "sqlite"
    for statement in _SETTLED_SQLITE if is_sqlite else ("VACUUM ANALYZE", "CHECKPOINT"):
        with connection.cursor() as cursor:
            cursor.execute(statement)


_SETTLED_SQLITE = ("PRAGMA analysis_limit = 10000", "ANALYZE", "PRAGMA wal_checkpoint(TRUNCATE)")


def bytes_of_database() -> int:
    """Return the size of the database in bytes."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")
        return cursor.fetchone()[0]


__all__ = [
    "NOTE", "World", "aged", "bytes_of_database", "copies", "finish", "open_runs",
    "server", "settle", "way_on", "world",
]  # fmt: skip
