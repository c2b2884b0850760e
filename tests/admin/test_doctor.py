"""`nep doctor` finds every damage done to rows and files, names the record, and cries wolf never."""

import io
import json
import os
import random
import sys
from argparse import Namespace
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from nep.apps.cases.models import Case, CaseEvent, CasePaper, CasePause, StepRun
from nep.apps.cases.queries import _whole
from nep.apps.cases.queries._log import STEP_FINISHED
from nep.apps.procedures.models import Definition
from nep.apps.work.models import WorkItem
from nep.config.commands import doctor
from nep.foundation.db import new_id
from nep.foundation.db.archive import note_restored
from nep.foundation.files.models import StoredFile
from nep.foundation.files.services import path_of
from nep.foundation.journal import queries as journal
from nep.foundation.journal.models import JournalEntry
from nep.foundation.numbering.models import Book
from nep.foundation.outbox.models import QueueRow, Timetable
from nep.foundation.outbox.queries import BEAT
from nep.foundation.outbox.worker import drain
from nep.kernel.vietnamese import VN
from tests import world
from tests.crash.playing import Player
from tests.standing import kept

pytestmark = pytest.mark.django_db
ACTS = 90
ROUNDS = 2
AT_ONCE = 5  # damages before one examination
HOUR = timedelta(hours=1)
Damage = Callable[[random.Random], str]
DAMAGES: dict[str, Damage] = {}


class NothingToDamage(LookupError):
    """The world holds no row of the kind a damage needs."""


def build_busy_ward() -> None:
    """A ward with cases in every state: running, paused, waiting, outside, finished."""
    facts = world.agency_facts(world.WARD)
    agency_id = world.build(facts)
    player = Player(world.WARD)
    for _ in range(ACTS):
        player.act()
    world.fill(facts, agency_id)
    now = datetime.now(VN)
    drain(now=now)
    Timetable.objects.update_or_create(name=BEAT, defaults={"last_run_at": now})


busy_ward = kept(build_busy_ward)


@pytest.fixture(autouse=True)
def portions(monkeypatch):
    """Have cases and journal read in several portions, as those of a large system are."""
    monkeypatch.setattr(_whole, "PORTION", 10)
    monkeypatch.setattr(journal, "PORTION", 100)


def findings(capsys) -> list[dict[str, str]]:
    """Return what the command finds."""
    capsys.readouterr()
    code = doctor.run(Namespace(json=True))
    found = json.loads(capsys.readouterr().out)["findings"]
    assert code == (1 if found else 0)
    return found


def damage(what: str) -> Callable[[Damage], Damage]:
    """Keep a damage under its name; it returns a word that the finding must hold."""

    def keep(do: Damage) -> Damage:
        DAMAGES[what] = do
        return do

    return keep


def pick(chance: random.Random, rows):
    """Return one row at random."""
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    if not keys:
        raise NothingToDamage
    return rows.model.objects.get(pk=chance.choice(keys))


def code_of(row) -> str:
    """Return the code of the case a row belongs to."""
    if isinstance(row, JournalEntry):
        return Case.objects.get(pk=int(row.object_id)).code
    return (row if isinstance(row, Case) else row.case).code


def finished_steps():
    return JournalEntry.objects.filter(action=STEP_FINISHED)


def unguarded(row) -> None:
    """Take the journal's guard away, as somebody with the database password would."""
    if not isinstance(row, JournalEntry):
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE journal_journalentry DISABLE TRIGGER USER")
            return
        for what in ("update", "delete"):
            cursor.execute(f"DROP TRIGGER IF EXISTS journal_entry_no_{what}")


def edit(what: str, rows: Callable, **changes: Callable) -> None:
    """Declare the damage that changes columns of one row of a case."""

    @damage(what)
    def do(chance: random.Random) -> str:
        row = pick(chance, rows())
        code = code_of(row)
        new = {name: change(row) for name, change in changes.items()}
        unguarded(row)
        type(row).objects.filter(pk=row.pk).update(**new)
        return code


def remove(what: str, rows: Callable) -> None:
    """Declare the damage that deletes one row of a case."""

    @damage(what)
    def do(chance: random.Random) -> str:
        row = pick(chance, rows())
        code = code_of(row)
        unguarded(row)
        type(row).objects.filter(pk=row.pk)._raw_delete("default")
        return code


def accepted():
    return Case.objects.exclude(accepted_at=None)


def moving():
    return Case.objects.filter(status__in=[2, 4])


def finished():
    return Case.objects.filter(outcome="granted").exclude(result_due_at=None)


def running_runs():
    return StepRun.objects.filter(closed_at=None).exclude(running_since=None)


def done_runs():
    return StepRun.objects.filter(outcome="done", closed_by_id__isnull=False)


def open_items():
    return WorkItem.objects.filter(source_type="case", state=0, paused=False)


edit("engine state lost", moving, state=lambda _: "")
edit("engine state noise", moving, state=lambda row: row.state[:-2] + "#")
edit("token moved", moving, state=lambda row: row.state.replace("=", "=x", 1))
edit("folds changed", accepted, progress=lambda row: row.progress[:-1] + "7")
edit("folds cut", accepted, progress=lambda row: row.progress[:-1])
edit("holder changed", moving, holder_person_id=lambda _: 12345)
edit("step number changed", moving, step_number=lambda row: (row.step_number or 0) + 1)
edit("step due changed on the case", moving, step_due_at=lambda row: row.received_at)
edit("promise moved", accepted, result_due_at=lambda row: row.result_due_at + HOUR)
edit("first promise moved", accepted, result_due_original=lambda row: row.received_at)
edit("indicator date moved", accepted, indicator_due_at=lambda row: row.received_at)
edit("version swapped", Case.objects.all, content_hash=lambda _: "0" * 64)
edit("month changed", Case.objects.all, received_month=lambda row: row.received_month + 1)
edit("acceptance moved", accepted, accepted_at=lambda row: row.accepted_at + timedelta(minutes=1))
edit("accepted by nobody", accepted, accepted_by_id=lambda _: 99)
edit("on time changed", finished, on_time=lambda row: "tre" if row.on_time != "tre" else "dung")
edit("end moved", finished, finished_at=lambda row: row.finished_at + timedelta(seconds=9))
edit("limit changed", moving, limit_amount=lambda row: row.limit_amount + 5)
edit("reopened", finished, status=lambda _: 4, finished_at=lambda _: None,
     returned_at=lambda _: None)  # fmt: skip
edit("reopened without a trace", finished, status=lambda _: 4, finished_at=lambda _: None,
     returned_at=lambda _: None, outcome=lambda _: "", on_time=lambda _: "")  # fmt: skip
edit("stopped without an event", moving, status=lambda _: 8, finished_at=lambda r: r.received_at)
edit("paused without a pause", moving, status=lambda _: 11, paused_since=lambda r: r.received_at)
edit("step closed silently", running_runs, closed_at=lambda row: row.opened_at,
     outcome=lambda _: "done")  # fmt: skip
edit("step reopened", done_runs, closed_at=lambda _: None, outcome=lambda _: "")
edit("step token changed", running_runs, token=lambda row: row.token + 90)
edit("step node changed", running_runs, node=lambda row: row.node + "x")
edit("step given to another", running_runs, person_id=lambda _: 4711)
edit("step due moved", lambda: running_runs().exclude(due_at=None),
     due_at=lambda row: row.due_at + HOUR)  # fmt: skip
edit("step clock stopped", running_runs, running_since=lambda _: None)
edit("step limit changed", StepRun.objects.all, limit_minutes=lambda r: (r.limit_minutes or 0) + 60)
edit("used time changed", done_runs, used_minutes=lambda row: row.used_minutes + 7)
edit("lateness changed", done_runs, late=lambda row: not row.late)
edit("step done by another", done_runs, closed_by_id=lambda _: 4711)
edit("step opened at another time", StepRun.objects.all, opened_at=lambda r: r.opened_at - HOUR)
remove("open step deleted", running_runs)
remove("finished step deleted", done_runs)
remove("acceptance deleted", lambda: CaseEvent.objects.filter(kind="accepted"))
remove("completion deleted", finished_steps)
remove("pause event deleted", lambda: CaseEvent.objects.filter(kind="paused"))
remove("hand-over deleted", lambda: CaseEvent.objects.filter(kind="outside_handed"))
edit("completion moved", finished_steps, at=lambda row: row.at + timedelta(minutes=1))
edit("completion changed", finished_steps,
     new=lambda row: row.new.replace('"used":', '"used":1'))  # fmt: skip
edit("event moved", lambda: CaseEvent.objects.filter(kind="paused"),
     at=lambda row: row.at + timedelta(minutes=1))  # fmt: skip
remove("pause deleted", CasePause.objects.all)
edit("pause moved", CasePause.objects.all, started_at=lambda row: row.started_at - HOUR)
edit("open pause without effect", lambda: CasePause.objects.filter(ended_at=None, at_reception=False),
     policy=lambda _: "none")  # fmt: skip
edit("paper number changed", CasePaper.objects.all, position=lambda row: row.position + 3)
edit("case renamed", lambda: Case.objects.exclude(accepted_at=None),
     code=lambda row: row.code + "9")  # fmt: skip


def item_damage(what: str, change: Callable[[WorkItem], None]) -> None:
    """Declare a damage to one open item of a case."""

    @damage(what)
    def do(chance: random.Random) -> str:
        item = pick(chance, open_items())
        code = item.source_code
        change(item)
        return code


def set_(**values) -> Callable[[WorkItem], None]:
    return lambda item: WorkItem.objects.filter(pk=item.pk).update(
        **{name: value(item) for name, value in values.items()}
    )


def twice(item: WorkItem) -> None:
    item.pk = new_id()
    item.save(force_insert=True)


item_damage("item deleted", lambda i: WorkItem.objects.filter(pk=i.pk)._raw_delete("default"))
item_damage("item closed", set_(state=lambda _: 1, closed_at=lambda item: item.opened_at))
item_damage("item given to another", set_(person_id=lambda _: 4711))
item_damage("item due moved", set_(due_at=lambda item: item.opened_at - HOUR))
item_damage("item paused", set_(paused=lambda _: True))
item_damage("item of another case", set_(source_id=lambda _: Case.objects.earliest("pk").pk + 1))
item_damage("item doubled", twice)


@damage("closed item reopened")
def reopened_item(chance: random.Random) -> str:
    item = pick(chance, WorkItem.objects.filter(source_type="case", state=1))
    WorkItem.objects.filter(pk=item.pk).update(state=0, closed_at=None)
    return item.source_code


@damage("case deleted with all it had")
def case_gone(chance: random.Random) -> str:
    case = pick(chance, accepted())
    WorkItem.objects.filter(source_type="case", source_id=case.pk).delete()
    number = str(case.pk)
    case.delete()
    return number


def definition_damage(what: str, change: Callable[[Definition], dict]) -> None:
    """Declare a damage to what one version says."""

    @damage(what)
    def do(chance: random.Random) -> str:
        row = pick(chance, Definition.objects.filter(revision__state="in_force"))
        Definition.objects.filter(pk=row.pk).update(**change(row))
        return row.revision.document.code


definition_damage("graph edited", lambda row: {"graph": row.graph.replace("ước", "uớc", 1)
                                               if "ước" in row.graph
                                               else row.graph.replace('"name":"', '"name":"x', 1)})  # fmt: skip
definition_damage("graph cut", lambda row: {"graph": row.graph[:-20]})
definition_damage("policy edited", lambda row: {"pause_policy": "none"})
definition_damage("limit edited", lambda row: {"limit_amount": 99})
definition_damage("steps miscounted", lambda row: {"step_count": row.step_count + 1})


@damage("book set back")
def book_back(chance: random.Random) -> str:
    book = pick(chance, Book.objects.filter(name__startswith="case:", last_number__gt=0))
    Book.objects.filter(pk=book.pk).update(last_number=book.last_number - 1)
    return book.name


@damage("book set ahead")
def book_ahead(chance: random.Random) -> str:
    book = pick(chance, Book.objects.filter(name__startswith="case:"))
    Book.objects.filter(pk=book.pk).update(last_number=book.last_number + 2)
    return book.name


@damage("hash of a file changed")
def file_hash(chance: random.Random) -> str:
    row = pick(chance, StoredFile.objects.all())
    StoredFile.objects.filter(pk=row.pk).update(sha256="0" * 64)
    return row.name


def test_a_sound_system_has_no_findings(busy_ward, capsys):
    assert findings(capsys) == []


def done_to_distinct_rows(
    wanted: list[str], chance: random.Random
) -> tuple[dict[str, str], list[str]]:
    """Do damages; return {damage: what its finding must name}, and those that met the row of
    another or found none left."""
    named, left = {}, []
    for what in wanted:
        try:
            with transaction.atomic():
                name = DAMAGES[what](chance)
                if name in named.values():
                    left.append(what)
                    transaction.set_rollback(True)
                else:
                    named[what] = name
        except IntegrityError:  # the database itself holds this rule
            continue
        except NothingToDamage:
            if len(wanted) == 1:
                raise AssertionError(f"thế giới thử không có gì cho: {what}") from None
            left.append(what)
    return named, left


def unseen_of(
    wanted: list[str], chance: random.Random, capsys
) -> tuple[list[str], list[str], list]:
    """Examine the rows that were damaged; return the damages done, to be done alone, and told."""
    with transaction.atomic():
        named, alone = done_to_distinct_rows(wanted, chance)
        found = findings(capsys)
        transaction.set_rollback(True)
    unseen = [what for what, name in named.items()
              if not any(name in one["record"] for one in found)]  # fmt: skip
    return [what for what in named if what not in unseen], [*alone, *unseen], found


def test_every_damage_to_a_row_is_found_and_its_record_named(busy_ward, capsys):
    """Some at a time, each to a record of its own; whatever was not named is done again alone."""
    chance, seen, unnamed = random.Random(2611), 0, []
    wanted = list(DAMAGES) * ROUNDS
    for begun in range(0, len(wanted), AT_ONCE):
        done, alone, _ = unseen_of(wanted[begun : begun + AT_ONCE], chance, capsys)
        seen += len(done)
        for what in alone:
            done, missed, found = unseen_of([what], chance, capsys)
            seen += len(done)
            unnamed += [(what, found[:2])] if missed else []
    assert unnamed == []
    assert seen >= 110
    assert findings(capsys) == []


def test_a_damaged_or_lost_file_is_found_and_named(busy_ward, capsys):
    chance = random.Random(7)
    rows = chance.sample(list(StoredFile.objects.order_by("pk")), 6)
    for number, row in enumerate(rows):
        path = path_of(row.sha256)
        whole = path.read_bytes()
        if number % 2:
            path.unlink()
        else:
            path.write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
        found = findings(capsys)
        path.write_bytes(whole)
        assert {one["code"] for one in found} == {"file_missing" if number % 2 else "file_damaged"}
        assert any(row.name in one["record"] for one in found)


def test_bytes_that_no_row_names_are_found_once_no_upload_can_still_be_under_way(
    busy_ward, capsys, settings
):
    stray = path_of("ab" * 32)
    half = stray.parent / "tmpdodang"
    stray.parent.mkdir(parents=True)
    for path in (stray, half):
        path.write_bytes("%PDF-1.7 không ai nhắc đến".encode())
    assert findings(capsys) == []

    long_ago = (datetime.now(VN) - 2 * HOUR).timestamp()
    for path in (stray, half):
        os.utime(path, (long_ago, long_ago))
    found = findings(capsys)
    assert {one["code"] for one in found} == {"file_orphan"}
    assert [one["record"] for one in found] == [
        f"tệp {path.relative_to(settings.NEP.data_folder / 'files').as_posix()}"
        for path in (stray, half)
    ]


def test_a_named_file_in_a_wrong_place_is_found(busy_ward, capsys):
    row = StoredFile.objects.order_by("pk").first()
    path = path_of(row.sha256)
    moved = path.parents[2] / "00" / path.name
    moved.parent.mkdir(parents=True, exist_ok=True)
    os.utime(path, (0, 0))
    path.rename(moved)

    assert {one["code"] for one in findings(capsys)} == {"file_missing", "file_orphan"}


def test_a_standing_queue_is_told_but_not_while_a_restored_system_has_just_begun(
    busy_ward, capsys, settings
):
    now = datetime.now(VN)
    QueueRow.objects.create(name="thu.cho", run_at=now - 5 * HOUR)
    assert [one["code"] for one in findings(capsys)] == ["queue_stuck"]

    note_restored(settings.NEP.data_folder, at=now - timedelta(minutes=2))
    assert findings(capsys) == []

    note_restored(settings.NEP.data_folder, at=now - timedelta(minutes=20))
    assert [one["code"] for one in findings(capsys)] == ["queue_stuck"]


def test_a_job_that_gave_up_is_told_with_its_last_words(busy_ward, capsys):
    now = datetime.now(VN)
    error = "Traceback\nValueError: tệp lạ"
    QueueRow.objects.create(name="thu.hong", error=error, state=QueueRow.FAILED, run_at=now)

    found = findings(capsys)
    told = "ValueError: tệp lạ; nep queue cho thử lại hoặc bỏ việc này"
    assert [(f["code"], f["message"]) for f in found] == [("job_failed", told)]


def test_nothing_more_is_asked_of_tables_that_wait_for_a_migration(busy_ward, capsys):
    MigrationRecorder.Migration.objects.filter(app="outbox").latest("name").delete()
    capsys.readouterr()
    assert doctor.run(Namespace(json=True)) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["checks"] == 2
    assert [one["code"] for one in told["findings"]] == ["migration_waiting"]
    assert "nep migrate" in told["findings"][0]["message"]


class Terminal(io.StringIO):
    """What a person at a terminal is shown of the command's way."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_shows_what_is_looked_at_and_a_file_nothing_of_it(
    busy_ward, capsys, monkeypatch
):
    shown = Terminal()
    monkeypatch.setattr(sys, "stderr", shown)
    assert doctor.run(Namespace(json=False)) == 0
    looks = shown.getvalue().split("\r\x1b[K")
    assert "… Nhật ký nguyên vẹn" in looks
    many = [f"… Mỗi hồ sơ theo đúng lần ban hành đã ghim: {n}" for n in (10, 20)]
    assert [look for look in looks if look in many] == many
    assert looks[-1] == ""
    told = capsys.readouterr().out.splitlines()
    assert told[-1] == "Hệ thống lành."
    assert all(line.startswith("✓ ") for line in told[:-1])
    assert len(told) > 70
