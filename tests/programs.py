"""Our own programs for files of strangers, run in a fork of the tests.

Outside the tests each is an interpreter of its own under a warden, which takes ten times as long to
start as to work. The tests of `foundation/printing`, some of `foundation/signing` and the journeys
run them so; where a test asks what comes of a file and not how the child is bound, a fork does the
same.
"""

import os
import traceback
from pathlib import Path

import pytest

from nep.foundation.printing import (
    office_bounds,
    preview,
    preview_pdfium,
    texts,
)
from nep.foundation.signing import preparing, program

PROGRAMS = {
    "preview_pdfium.py": preview_pdfium.main,
    "program_start.py": program.main,
}


def run_forked(command, *, folder, bounds, environment=None) -> int:
    """Run one of our programs in a fork, any other as it always is."""
    main = PROGRAMS.get(Path(command[2]).name) if len(command) > 2 else None
    if main is None:
        return office_bounds.run_bounded(
            command, folder=folder, bounds=bounds, environment=environment
        )
    child = os.fork()
    if not child:
        _end(main, list(command[3:]), folder)
    return office_bounds.judged(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def _end(main, arguments, folder) -> None:
    """Do the work and leave the fork, past everything that the tests would still do."""
    code = 1
    try:
        os.chdir(folder)
        code = main(arguments)
    except SystemExit as stop:
        code = stop.code
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


@pytest.fixture
def programs_real():
    """Ask for the programs as they are outside the tests, where a module forks them."""


@pytest.fixture
def programs_forked(monkeypatch, request):
    """Fork our programs where the system can fork and the test does not ask for the real ones."""
    if hasattr(os, "fork") and "programs_real" not in request.fixturenames:
        for user in (texts, preview, preparing):
            monkeypatch.setattr(user, "run_bounded", run_forked)
