"""`nep backup` while people work, `nep restore` elsewhere: one instant, whole, or refused."""

import json
import random
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from nep.foundation.db.archive import verify_archive
from nep.kernel.errors import Refusal
from tests import world
from tests.installation import Installation, engine_address

PATIENCE = 120
ENGINES = {"SQLite": lambda: "", "PostgreSQL": engine_address}


def written(log: Path, lines: int) -> list[str]:
    """Return the lines of a file as soon as it has so many."""
    deadline = time.monotonic() + PATIENCE
    while len(found := log.read_text(encoding="utf-8").splitlines()) < lines:
        assert time.monotonic() < deadline, found[-20:]
        time.sleep(0.02)
    return found


@pytest.fixture(scope="module")
def saved(tmp_path_factory) -> Iterator[tuple[Installation, Path, list[str]]]:
    """An installation, its archive written while people worked, and what they did before."""
    folder = tmp_path_factory.mktemp("sao lưu")
    with Installation(folder / "nguồn") as source:
        source.prepare(world.WARD)
        stop, log = source.folder / "stop", source.folder / "people.log"
        log.touch()
        people = source.start_loaded("people", "tests.crash.playing", str(world.WARD), str(stop))
        before = written(log, 60)[:60]
        done = source.nep("backup", str(folder / "bản sao.nep"))
        stop.touch()
        source.running.pop("people")
        assert people.wait(PATIENCE) == 0, log.read_text(encoding="utf-8")[-4000:]
        assert done.returncode == 0, done.stderr
        after = written(log, 60)[60:]
        assert len(after) > 2, "không ai làm việc trong lúc sao lưu"
        yield source, folder / "bản sao.nep", before


@pytest.mark.parametrize("engine", ENGINES)
def test_a_backup_taken_under_load_restores_to_one_instant_on_either_engine(
    saved, engine, tmp_path
):
    _, archive, before = saved
    server = ENGINES[engine]()
    if engine == "PostgreSQL" and not server:
        pytest.skip("bộ kiểm thử này đang chạy trên SQLite, không có máy chủ PostgreSQL")
    with Installation(tmp_path, server=server) as target:
        if server != engine_address():  # a database with no table at all is met on one engine
            target.lay_migrated()
        done = target.nep("restore", str(archive))
        assert done.returncode == 0, done.stderr

        checked = target.python("-m", "tests.invariants")
        assert checked.returncode == 0, checked.stdout
        examined = target.nep("doctor", "--json")
        assert examined.stdout, examined.stderr
        assert json.loads(examined.stdout)["findings"] == []
        assert set(before) <= ledger(target)

        assert target.nep("backup", str(tmp_path / "lại.nep")).returncode == 0
        assert contents(tmp_path / "lại.nep") == contents(archive)


def ledger(installation: Installation) -> set[str]:
    """Return what stands in an installation, in the words of those who played."""
    found = installation.python("-m", "tests.crash.ledger")
    assert found.returncode == 0, found.stderr
    return set(found.stdout.split("\n")) - {""}


def contents(archive: Path) -> dict:
    """Return hash and number of rows of every table, and the names of the files."""
    with zipfile.ZipFile(archive) as opened:
        manifest = json.loads(opened.read("manifest.json"))
    assert len(manifest["files"]) > 5
    return {"tables": manifest["tables"], "files": manifest["files"]}


def test_a_damaged_archive_restores_nothing(saved, tmp_path):
    _, archive, _ = saved
    data = bytearray(archive.read_bytes())
    data[len(data) // 3] ^= 0x41
    damaged = tmp_path / "hỏng.nep"
    damaged.write_bytes(data)

    with Installation(tmp_path / "đích") as target:
        target.lay_migrated()
        done = target.nep("restore", str(damaged))
        assert done.returncode == 1
        assert "Bản sao lưu bị hỏng" in done.stderr
        assert ledger(target) == set()


def test_any_one_damaged_byte_anywhere_in_the_archive_is_found(saved, tmp_path):
    _, archive, _ = saved
    whole, damaged = archive.read_bytes(), tmp_path / "hỏng.nep"
    verify_archive(archive)
    chance = random.Random(26)
    places = [0, 4, len(whole) - 1, len(whole) - 70, *chance.choices(range(len(whole)), k=120)]
    unseen = []
    for place in places:
        data = bytearray(whole)
        data[place] ^= chance.randrange(1, 256)
        damaged.write_bytes(data)
        try:
            verify_archive(damaged)
            unseen.append(place)
        except Refusal as refusal:
            assert refusal.code == "archive_damaged"
    assert unseen == []


def test_a_database_with_rows_is_never_restored_over(saved):
    source, archive, _ = saved
    done = source.nep("restore", str(archive))

    assert done.returncode == 1
    assert "đã có dữ liệu" in done.stderr
