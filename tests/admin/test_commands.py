"""Each `nep` command as an administrator types it: exit codes, words, JSON shapes, nothing left."""

import json
import os
import sqlite3
import subprocess
import sys
import urllib.request
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from nep.config.cli import main
from nep.foundation.outbox.models import QueueRow
from tests import world
from tests.installation import ROOT, Installation, engine_address

SETUP = (
    "setup", "--agency-name", "UBND xã Tân Lập", "--agency-code", "H99.36.12",
    "--province", "Lam Sơn", "--admin-name", "Trần Thị Lan", "--username", "tranlan",
)  # fmt: skip
PASSWORD = "Giay-To-Gon-Gang-26\n"
NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
MODELS = ROOT / "tests" / "bpmn" / "models"


@pytest.fixture(scope="module")
def founding(tmp_path_factory):
    """An installation, and what became of its set-up: first with a weak password, then again."""
    with Installation(tmp_path_factory.mktemp("thư mục mẫu")) as made:
        made.lay_migrated()  # from nothing at all: `nep restore` in tests/crash/test_backup.py
        done = made.nep("migrate")
        assert done.returncode == 0, done.stderr
        yield made, made.nep(*SETUP, stdin="123456\n"), made.nep(*SETUP, stdin=PASSWORD)


@pytest.fixture(scope="module")
def founded(founding):
    """An installation set up by its first administrator, in a folder with spaces and diacritics."""
    made, _, done = founding
    assert done.returncode == 0, done.stderr
    assert "UBND xã Tân Lập" in done.stdout
    return made


def without_database(folder: Path, *arguments: str, **extra: str):
    """Run a command where no database may be touched: its address leads nowhere."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("NEP_")} | {
        "PYTHONPATH": str(ROOT / "src"), "PYTHONUTF8": "1", "NEP_DATA": str(folder),
        "DJANGO_SETTINGS_MODULE": "nep.config.settings",
        "NEP_DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none", **extra,
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-m", "nep.config.cli", *arguments], env=environment,
        capture_output=True, text=True, timeout=120, cwd=folder.parent,
    )  # fmt: skip


def test_a_system_just_set_up_is_sound(founded):
    done = founded.nep("doctor", "--json")

    assert json.loads(done.stdout)["findings"] == [], done.stdout
    assert json.loads(done.stdout)["checks"] > 12
    assert done.returncode == 0
    assert "Hệ thống lành." in founded.nep("doctor").stdout


def tables_known(made: Installation) -> int:
    """Return of how many tables the planner of an installation's database knows the size."""
    if made.database:
        with psycopg.connect(made.database) as server:
            found = server.execute(
                "SELECT count(*) FROM pg_class WHERE relkind = 'r' "
                "AND relnamespace = 'public'::regnamespace AND reltuples >= 0"
            )
            return found.fetchone()[0]
    with sqlite3.connect(made.data / "nep.sqlite3") as file:
        try:
            return file.execute("SELECT count(DISTINCT tbl) FROM sqlite_stat1").fetchone()[0]
        except sqlite3.OperationalError:  # there is none before the first look
            return 0


@pytest.mark.skipif(bool(engine_address()), reason="PostgreSQL looks by itself")
def test_migrating_tells_the_planner_how_large_tables_are(founded):
    assert tables_known(founded) > 5


def test_a_second_set_up_is_refused(founded):
    done = founded.nep(*SETUP, stdin=PASSWORD)

    assert done.returncode == 1
    assert "đã có cơ quan" in done.stderr


def test_a_weak_password_is_refused_and_founds_nothing(founding):
    _, refused, afterwards = founding

    assert refused.returncode == 1
    assert refused.stderr.strip()
    assert "Traceback" not in refused.stderr
    assert afterwards.returncode == 0, afterwards.stderr  # a second agency would be refused


def test_migrating_again_changes_nothing(founded, tmp_path):
    before, after = tmp_path / "trước.nep", tmp_path / "sau.nep"
    assert founded.nep("backup", str(before)).returncode == 0
    done = founded.nep("migrate")
    assert done.returncode == 0, done.stderr
    assert founded.nep("backup", str(after)).returncode == 0

    assert tables(before) == tables(after)


def tables(archive: Path) -> dict:
    """Return the tables an archive holds, with rows and hashes."""
    with zipfile.ZipFile(archive) as opened:
        return json.loads(opened.read("manifest.json"))["tables"]


@pytest.fixture(scope="module")
def shown(tmp_path_factory):
    """An installation with people of the demonstration."""
    with Installation(tmp_path_factory.mktemp("bản mẫu")) as made:
        made.prepare(world.WARD)
        yield made


def test_a_server_refuses_demonstration_accounts_unless_told(shown):
    done = shown.nep("serve", "--port", str(shown.port))
    assert done.returncode == 1
    assert "--allow-demonstration" in done.stderr

    shown.start_web()
    with urllib.request.urlopen(f"{shown.address}/healthz", timeout=5) as answer:
        assert json.load(answer) == {"status": "ok"}
    if os.name != "posix":
        shown.kill("web")
        return
    second = shown.nep("serve", "--allow-demonstration", "--port", str(shown.port))
    assert second.returncode == 1
    assert f"Cổng {shown.port} đang có chương trình khác dùng" in second.stderr
    web = shown.running.pop("web")
    web.terminate()  # as a supervisor does, which knows this process alone
    web.wait(timeout=30)
    assert not shown.answers()


def test_an_unsafe_embedded_database_is_never_served(founded, tmp_path):
    if engine_address():
        pytest.skip("chỉ với cơ sở dữ liệu nhúng")
    settings = tmp_path / "unsafe_settings.py"
    settings.write_text(
        "from nep.config.settings import *\n"
        "DATABASES['default']['OPTIONS']['init_command'] = 'PRAGMA synchronous=OFF;'\n",
        encoding="utf-8",
    )
    environment = founded.environment() | {"DJANGO_SETTINGS_MODULE": "unsafe_settings"}
    environment["PYTHONPATH"] += os.pathsep + str(tmp_path)
    done = subprocess.run(
        [sys.executable, "-m", "nep.config.cli", "serve", "--port", str(founded.port)],
        env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60,
    )  # fmt: skip

    assert done.returncode == 1
    assert "chưa đủ an toàn" in done.stderr
    assert "synchronous" in done.stderr


def test_a_restored_system_has_the_key_its_second_factors_were_made_with(founded, tmp_path):
    archive = tmp_path / "bản sao.nep"
    assert founded.nep("backup", str(archive)).returncode == 0
    key = (founded.folder / "dữ liệu" / "secret.key").read_text()
    with Installation(tmp_path / "mới") as target:
        target.lay_migrated()
        made = target.folder / "dữ liệu" / "secret.key"
        made.parent.mkdir(parents=True, exist_ok=True)
        made.write_text("khoa-cua-may-moi-0123456789")
        done = target.nep("restore", str(archive))
        assert done.returncode == 0, done.stderr
        assert made.read_text() == key
        assert made.with_name("secret.key.before-restore").read_text().startswith("khoa-cua")
        assert made.stat().st_mode & 0o077 == 0 or os.name == "nt"
        assert tables_known(target) > 5
        assert json.loads(target.nep("doctor", "--json").stdout)["findings"] == []


def test_a_model_is_judged_without_a_database_and_nothing_is_written(tmp_path):
    folder = tmp_path / "dữ liệu trống"
    folder.mkdir()
    model = sorted(MODELS.glob("*.bpmn"))[0]
    done = without_database(folder, "check-model", str(model), "--json")
    verdict = json.loads(done.stdout)

    assert done.returncode == (0 if verdict["accepted"] else 1)
    assert set(verdict) == {
        "file", "accepted", "use", "subset", "sound", "reasons", "warnings", "states", "path",
    }  # fmt: skip
    assert verdict["accepted"] is (verdict["subset"] and verdict["sound"] is True)
    assert list(folder.iterdir()) == []


def test_a_refused_model_leaves_with_one_and_says_where(tmp_path):
    folder = tmp_path / "trống"
    folder.mkdir()
    broken = tmp_path / "hỏng.bpmn"
    broken.write_text("<definitions>không phải BPMN", encoding="utf-8")
    done = without_database(folder, "check-model", str(broken), "--json")
    verdict = json.loads(done.stdout)

    assert done.returncode == 1
    assert (verdict["accepted"], verdict["sound"]) == (False, None)
    assert set(verdict["reasons"][0]) >= {"code", "message", "element", "line"}


def test_a_deadline_is_explained_without_a_database_and_nothing_is_written(tmp_path):
    folder = tmp_path / "trống"
    folder.mkdir()
    done = without_database(
        folder, "deadline", "--received", "2026-11-20T09:00", "--amount", "3",
        "--unit", "working_day", "--json",
    )  # fmt: skip
    told = json.loads(done.stdout)

    assert done.returncode == 0, done.stderr
    assert set(told) == {"due_at", "explanation", "ledger"}
    due = datetime.fromisoformat(told["due_at"])
    assert due.utcoffset().total_seconds() == 7 * 3600
    assert (due.year, due.month, due.day) == (2026, 11, 26)  # 24/11 is a holiday from 2026
    assert list(folder.iterdir()) == []


def test_an_agencys_own_calendar_counts(founded):
    done = founded.nep(
        "deadline", "--received", "2026-11-20T09:00", "--amount", "3", "--unit", "working_day",
        "--agency", "H99.36.12", "--json",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["due_at"].startswith("2026-11-26")

    unknown = founded.nep(
        "deadline", "--received", "2026-11-20", "--amount", "3", "--unit", "working_day",
        "--agency", "KHONG-CO",
    )  # fmt: skip
    assert unknown.returncode == 1


def test_word_files_are_read_without_a_database_and_nothing_is_written(tmp_path):
    folder = tmp_path / "trống"
    folder.mkdir()
    word = tmp_path / "quy trình.docx"
    word.write_bytes(world.word_file())
    other = tmp_path / "không phải Word.docx"
    other.write_bytes(b"%PDF-1.4")
    done = without_database(folder, "import-procedures", str(word), str(other), "--json")
    good, bad = json.loads(done.stdout)

    assert done.returncode == 1
    assert set(good) == {"file", "accepted", "reasons", "warnings", "procedures"}
    assert set(good["procedures"][0]) == {
        "tthc_code", "name", "variant", "steps", "declared_total_text", "declared_total_hours",
        "sum_hours", "sum_matches_declared",
    }  # fmt: skip
    assert set(good["procedures"][0]["steps"][0]) == {
        "order", "label", "section", "content", "responsible", "time_text", "time_hours",
        "time_unit", "forms",
    }  # fmt: skip
    assert [step["time_hours"] for step in good["procedures"][0]["steps"]] == [4, 8, 4]
    assert (bad["accepted"], bad["procedures"]) == (False, [])
    assert set(bad["reasons"][0]) == {"code", "message"}
    assert list(folder.iterdir()) == []


def test_real_word_files_are_read_one_report_each(real_data, tmp_path):
    files = sorted(real_data.rglob("*.docx"))[:2]
    if not files:
        pytest.skip("thư mục dữ liệu thật không có tệp Word")
    folder = tmp_path / "trống"
    folder.mkdir()
    done = without_database(folder, "import-procedures", *map(str, files), "--json")

    assert done.returncode == 0, done.stderr
    assert [one["file"] for one in json.loads(done.stdout)] == [path.name for path in files]
    assert list(folder.iterdir()) == []


def test_an_unreadable_case_file_is_refused_in_words(shown, tmp_path):
    code = world.agency_facts(world.WARD)["code"]
    empty = tmp_path / "rỗng.csv"
    empty.write_text("", encoding="utf-8")
    refused = shown.nep("import-cases", str(empty), "--agency", code, "--json")

    assert refused.returncode == 1
    assert refused.stderr.strip()
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        (), ("khong-co",), ("deadline", "--amount", "3"), ("check-model",),
        ("deadline", "--received", "hôm qua", "--amount", "3", "--unit", "working_day"),
        ("deadline", "--received", "2026-11-20", "--amount", "-3", "--unit", "working_day"),
        ("deadline", "--received", "2026-11-20", "--amount", "3", "--unit", "tuần"),
        ("backup",), ("serve", "--port", "tám nghìn"), ("import-cases", "tệp.csv"),
    ],
)  # fmt: skip
def test_wrong_use_leaves_with_two(capsys, arguments):
    with pytest.raises(SystemExit) as left:
        main(list(arguments))

    assert left.value.code == 2


def test_a_database_that_does_not_answer_is_told_in_words(tmp_path):
    done = without_database(tmp_path, "doctor", NEP_DATABASE_POOL="0")

    assert done.returncode == 1
    assert done.stderr.startswith("Cơ sở dữ liệu không trả lời")
    assert "Traceback" not in done.stderr


def test_help_names_every_command(tmp_path):
    done = without_database(tmp_path, "--help")

    assert done.returncode == 0
    for name in ("setup", "migrate", "serve", "worker", "doctor", "backup", "restore",
                 "import-procedures", "check-model", "deadline", "import-cases",
                 "import-documents", "search-rebuild"):  # fmt: skip
        assert f"  {name} " in done.stdout
        assert f"`nep {name}" in (ROOT / "docs" / "admin" / "cli.md").read_text(encoding="utf-8")


def test_a_missing_file_is_refused_in_words(tmp_path):
    done = without_database(tmp_path, "check-model", "không có.bpmn")

    assert done.returncode == 1
    assert "Không thấy tệp không có.bpmn" in done.stderr


def test_every_fault_of_the_environment_is_listed_at_once(tmp_path):
    done = without_database(
        tmp_path, "doctor", NEP_DATABASE_URL="mysql://a/b", NEP_MAX_UPLOAD_MB="nhiều",
        NEP_HTTPS="có", NEP_TRUSTED_NETWORKS="10.0.0.0/99",
    )  # fmt: skip

    assert done.returncode == 2
    for name in ("NEP_DATABASE_URL", "NEP_MAX_UPLOAD_MB", "NEP_HTTPS", "NEP_TRUSTED_NETWORKS"):
        assert name in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.django_db
def test_work_that_gave_up_is_listed_tried_again_and_dropped(capsys):
    def told(*arguments):
        with pytest.raises(SystemExit) as left:
            main(["queue", *arguments])
        return left.value.code, capsys.readouterr()

    code, said = told()
    assert (code, said.out) == (0, "Không việc nền nào đã thôi thử.\n")

    made = [
        QueueRow.objects.create(
            name=name, state=QueueRow.FAILED, attempts=8, run_at=NOW, finished_at=NOW,
            error="Traceback…\nOSError: đĩa đầy\n",
        ).pk
        for name in ("đọc tệp", "gửi thư")
    ]  # fmt: skip
    code, said = told()
    assert code == 1
    assert f"{made[0]}  đọc tệp, thôi thử lúc 10:00 ngày 21/11/2026 sau 8 lần" in said.out
    assert "    OSError: đĩa đầy" in said.out
    code, said = told("--json")
    assert (code, [row["id"] for row in json.loads(said.out)]) == (1, made[::-1])

    code, said = told("--drop", str(made[0]))
    assert (code, said.err) == (1, "Ghi một câu lý do.\n")
    code, said = told("--drop", str(made[0]), "--reason", "tệp không còn")
    assert (code, said.out) == (0, "Đã bỏ 1 việc nền.\n")
    code, said = told("--retry", str(made[0]))
    assert (code, said.err) == (1, f"Không có việc nền đã thôi thử mang mã {made[0]}.\n")
    code, said = told("--retry-all", "--json")
    assert (code, json.loads(said.out)) == (0, {"retried": [made[1]]})
    assert QueueRow.objects.get().state == QueueRow.WAITING
    assert told("--retry", "--drop")[0] == 2
