"""What the web server ties together, the worker and every command tie as well."""

from tests.installation import Installation

PROBE = """
from nep.config.commands import django_ready
from nep.apps.work import ports
assert ports._calendar_source is not None, "the worker cannot remind without a calendar"
"""


def test_a_command_has_the_calendar_that_reminders_need(tmp_path):
    with Installation(tmp_path, server="") as installation:
        done = installation.python("-c", PROBE)

    assert done.returncode == 0, done.stderr
