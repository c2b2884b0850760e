"""What the web server ties together, the worker and every command tie as well."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROBE = """
from nep.config.commands import django_ready
from nep.apps.work import ports
assert ports._calendar_source is not None, "the worker cannot remind without a calendar"
"""


def test_a_command_has_the_calendar_that_reminders_need(tmp_path):
    environment = {
        **os.environ, "NEP_DATA": str(tmp_path), "PYTHONPATH": str(ROOT / "src"),
        "DJANGO_SETTINGS_MODULE": "nep.config.settings",
    }  # fmt: skip

    done = subprocess.run(
        [sys.executable, "-c", PROBE], env=environment, capture_output=True, text=True
    )

    assert done.returncode == 0, done.stderr
