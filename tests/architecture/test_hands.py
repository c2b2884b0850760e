"""The processes that share one collection."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ONE = """
import os

def test_passes(tmp_path):
    (tmp_path / "mine").write_text("a")

def test_fails():
    print("what it printed")
    assert os.getpid() == 0

def test_dies():
    os._exit(3)

def test_after_the_dead():
    pass
"""
OTHER = """
import warnings

import pytest

@pytest.fixture(scope="session")
def session_long():
    yield
    open("ended", "a").write("x")

def test_warns(session_long):
    warnings.warn("beware")

@pytest.mark.skip(reason="told so")
def test_skipped():
    pass

def test_without_its_fixture(missing):
    pass
"""


@pytest.mark.skipif(sys.platform != "linux", reason="hands are forked on Linux only")
def test_every_test_is_told_of_once_even_of_a_hand_that_died(tmp_path):
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = together\n")
    (tmp_path / "test_one.py").write_text(ONE)
    (tmp_path / "test_other.py").write_text(OTHER)

    plain = {name: text for name, text in os.environ.items() if not name.startswith("PYTEST_")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-rA", "-p", "no:django", "-p", "no:xdist",
         "-p", "tests.hands", "--hands", "2"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
        env=plain | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip

    told = [line for line in done.stdout.splitlines() if line.split(" ")[0].isupper()]
    outcomes = {(line.split(" ")[0], line.split("::")[-1].split(" ")[0]) for line in told}
    assert outcomes >= {
        ("PASSED", "test_passes"), ("FAILED", "test_fails"), ("FAILED", "test_dies"),
        ("PASSED", "test_after_the_dead"), ("PASSED", "test_warns"),
        ("ERROR", "test_without_its_fixture"),
    }, done.stdout + done.stderr  # fmt: skip
    assert "2 failed, 3 passed, 1 skipped" in done.stdout
    assert "what it printed" in done.stdout
    assert "beware" in done.stdout
    assert (tmp_path / "ended").read_text() == "x"  # in the one hand that used it
    assert done.returncode == 1
