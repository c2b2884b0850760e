"""What our step is held against: the physical limit, and SpiffWorkflow.

*raw*: UPDATE task + INSERT task + INSERT event with foreign keys and the indexes a worklist needs,
no Django: one prepared statement of common table expressions in one round trip on PostgreSQL,
BEGIN, three statements, COMMIT on SQLite; durable. *spiff*: load the case's JSON, complete the
open task, store the JSON, in one durable transaction; no worklist rows and no event log.
"""

import sqlite3
from datetime import UTC, datetime
from urllib.parse import urlsplit

import psycopg
from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from nep.apps.procedures.rules.table import Table, to_process
from nep.bpmn import write_bpmn

SCHEMA = """
CREATE TABLE raw_case (id bigint PRIMARY KEY, code varchar(60) NOT NULL UNIQUE,
  agency_id bigint NOT NULL, received_at {moment} NOT NULL);
CREATE TABLE raw_task (id bigint PRIMARY KEY, case_id bigint NOT NULL REFERENCES raw_case (id),
  node varchar(80) NOT NULL, person_id bigint NOT NULL, opened_at {moment} NOT NULL,
  due_at {moment} NOT NULL, closed_at {moment}, state smallint NOT NULL, data text NOT NULL);
CREATE INDEX raw_task_case ON raw_task (case_id, id);
CREATE INDEX raw_task_open ON raw_task (person_id, due_at, id) WHERE state = 0;
CREATE TABLE raw_event (id bigint PRIMARY KEY, case_id bigint NOT NULL REFERENCES raw_case (id),
  kind varchar(20) NOT NULL, at {moment} NOT NULL, actor_id bigint NOT NULL, data text NOT NULL);
CREATE INDEX raw_event_case ON raw_event (case_id, id);
CREATE TABLE spiff_case (id bigint PRIMARY KEY, agency_id bigint NOT NULL,
  state text NOT NULL, updated_at {moment} NOT NULL)
"""
_ONE = (
    "WITH u AS (UPDATE raw_task SET state = 1, closed_at = %s, data = %s WHERE id = %s "
    "AND state < 1 RETURNING case_id), "
    "t AS (INSERT INTO raw_task SELECT %s, case_id, %s, %s, %s, %s, NULL, 0, '' FROM u), "
    "e AS (INSERT INTO raw_event SELECT %s, case_id, 'step', %s, %s, %s FROM u) "
    "SELECT count(*) FROM u"
)


class Raw:
    """A plain connection of one client and its steps."""

    def __init__(self, address: str) -> None:
        self.is_postgresql = address.startswith("postgres")
        if self.is_postgresql:
            self.connection = psycopg.connect(address, autocommit=True)
            self.cursor = self.connection.cursor()
        else:
            self.connection = sqlite3.connect(
                urlsplit(address).path, timeout=20, isolation_level=None
            )
            for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON",
                           "cache_size=-64000", "temp_store=MEMORY", "wal_autocheckpoint=8000"):  # fmt: skip
                self.connection.execute(f"PRAGMA {pragma}")

    @property
    def server(self) -> int | None:
        """Return the process that serves this connection; SQLite has none."""
        return self.connection.info.backend_pid if self.is_postgresql else None

    def prepare(self, count: int) -> list[int]:
        """Make the tables and so many cases with an open task; return the tasks."""
        moment = "timestamptz" if self.is_postgresql else "datetime"
        for statement in SCHEMA.format(moment=moment).split(";"):
            self.connection.execute(statement)
        now = self.moment()
        cases = [(at, f"H99.18-261121-{at}", 1, now) for at in range(1, count + 1)]
        tasks = [(at, at, "b1", at % 3000, now, now, None, 0, "") for at in range(1, count + 1)]
        if self.is_postgresql:
            with self.cursor.copy("COPY raw_case FROM STDIN") as copy:
                for row in cases:
                    copy.write_row(row)
            with self.cursor.copy("COPY raw_task FROM STDIN") as copy:
                for row in tasks:
                    copy.write_row(row)
        else:
            self.connection.execute("BEGIN IMMEDIATE")
            self.connection.executemany("INSERT INTO raw_case VALUES (?, ?, ?, ?)", cases)
            marks = ", ".join("?" * 9)
            self.connection.executemany(f"INSERT INTO raw_task VALUES ({marks})", tasks)
            self.connection.execute("COMMIT")
        return [row[0] for row in tasks]

    def moment(self):
        now = datetime.now(UTC)
        return now if self.is_postgresql else now.isoformat(" ")

    def step(self, task: int, case: int, key: int, note: str) -> None:
        """Complete one task and open the next one under `key`."""
        now = self.moment()
        if self.is_postgresql:
            values = (now, note, task, key, "b2", key % 3000, now, now, key, now, 1, note)
            found = self.cursor.execute(_ONE, values, prepare=True).fetchone()
            assert found is not None and found[0] == 1
            return
        run = self.connection.execute
        run("BEGIN IMMEDIATE")
        done = run(
            "UPDATE raw_task SET state = 1, closed_at = ?, data = ? WHERE id = ? AND state < 1",
            (now, note, task),
        )
        assert done.rowcount == 1
        run(
            "INSERT INTO raw_task VALUES (?, ?, ?, ?, ?, ?, NULL, 0, '')",
            (key, case, "b2", key % 3000, now, now),
        )
        run("INSERT INTO raw_event VALUES (?, ?, 'step', ?, ?, ?)", (key, case, now, 1, note))
        run("COMMIT")


class Spiff:
    """SpiffWorkflow, stateless: its JSON is loaded, advanced and stored at every step."""

    def __init__(self, raw: Raw, table: Table) -> None:
        parser = BpmnParser()
        process = to_process(table)
        parser.add_bpmn_xml(etree.fromstring(write_bpmn(process)))
        self.spec = parser.get_spec(process.id)
        self.serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
        self.raw = raw
        workflow = BpmnWorkflow(self.spec)
        workflow.do_engine_steps()
        self.fresh = self.serializer.serialize_json(workflow)

    def prepare(self, count: int, *, first: int) -> list[int]:
        """Store so many fresh cases; return their keys."""
        run, mark = self.raw.connection.execute, "%s" if self.raw.is_postgresql else "?"
        run("BEGIN")
        for key in range(first, first + count):
            marks = ", ".join([mark] * 4)
            run(f"INSERT INTO spiff_case VALUES ({marks})", (key, 1, self.fresh, self.raw.moment()))
        run("COMMIT")
        return list(range(first, first + count))

    def step(self, key: int, note: str) -> bool:
        """Complete the open task of a case; tell whether the case has ended and began anew."""
        run, mark = self.raw.connection.execute, "%s" if self.raw.is_postgresql else "?"
        text = run(f"SELECT state FROM spiff_case WHERE id = {mark}", (key,)).fetchone()[0]
        workflow = self.serializer.deserialize_json(text)
        task = next(iter(workflow.get_tasks(state=TaskState.READY, manual=True)))
        task.data.update(note=note, so_lan=0)
        task.run()
        workflow.do_engine_steps()
        ended = workflow.is_completed()
        stored = self.fresh if ended else self.serializer.serialize_json(workflow)
        run(
            f"UPDATE spiff_case SET state = {mark}, updated_at = {mark} WHERE id = {mark}",
            (stored, self.raw.moment(), key),
        )
        return ended
