"""A run of the tests keeps its data to itself, whoever starts it and however many run at once."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROBE = """
from django.conf import settings

def test_probe(capsys):
    with capsys.disabled():
        print("FOLDER", settings.DATABASES["default"]["TEST"].get("NAME", ""), "END")
        print("STATIC", settings.STATIC_ROOT, "END")
"""
ASKED = """
from tests import settings
print("FOLDER", settings.DATABASES["default"]["TEST"].get("NAME", ""), "END")
print("STATIC", settings.STATIC_ROOT, "END")
"""


def bare_run(program: list[str], **extra: str) -> tuple[str, str]:
    """Run a program as a person would, with no variable of ours; return database and static folder."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("NEP_")}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    done = subprocess.run(
        program, cwd=ROOT, env=kept | extra, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found = dict(re.findall(r"(FOLDER|STATIC) (.*?) END", done.stdout))
    return found["FOLDER"], found["STATIC"]


@pytest.fixture
def probe(tmp_path) -> Path:
    """A test that says where its data lies."""
    path = tmp_path / "test_probe.py"
    path.write_text(PROBE, encoding="utf-8")
    return path


def test_a_bare_run_makes_its_own_database_and_a_given_folder_is_used(probe, tmp_path):
    pytest_run = [  # the settings are read before any conftest, so none is needed
        str(Path(sys.executable).with_name("pytest")), "-q", "-p", "no:cacheprovider", "--noconftest",
        "--rootdir", str(ROOT), "-c", str(ROOT / "pyproject.toml"), str(probe),
    ]  # fmt: skip
    bare, static = bare_run(pytest_run)
    asked = [sys.executable, "-c", ASKED]
    given, _ = bare_run(
        asked, NEP_DATA=str(tmp_path / "của tôi"), PYTHONPATH=os.pathsep.join(["src", "."])
    )

    assert Path(given).parent == tmp_path / "của tôi"
    assert Path(bare).parent.name.startswith("nep-test-")
    assert not Path(static).parent.exists()  # and leaves nothing behind
