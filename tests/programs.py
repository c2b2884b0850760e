"""Our own programs for files of strangers, run in a fork of the tests or in their own process.

Outside the tests each is an interpreter of its own under a warden, which takes ten times as long to
start as to work. The tests of `foundation/printing`, some of `foundation/signing` and the journeys
run them so; where a test asks what comes of a file and not how the child is bound, a fork does the
same, and a call where the program leaves nothing behind: to split a process as large as the tests'
takes three times as long as to lay a stamp.
"""

import contextlib
import os
import threading
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

CALLED = {"preview_pdfium.py": preview_pdfium.main}
FORKED = {"program_start.py": program.main}
_one_at_a_time = threading.Lock()  # the folder is the whole process's, and PDFium knows no threads


def run_quickly(command, *, folder, bounds, environment=None) -> int:
    """Call one of our programs or run it in a fork, any other as it always is."""
    name = Path(command[2]).name if len(command) > 2 else ""
    if name in CALLED:
        return office_bounds.judged(_called(CALLED[name], list(command[3:]), folder))
    main = FORKED.get(name)
    if main is None:
        return office_bounds.run_bounded(
            command, folder=folder, bounds=bounds, environment=environment
        )
    child = os.fork()
    if not child:
        _end(main, list(command[3:]), folder)
    return office_bounds.judged(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))


def _called(main, arguments, folder) -> int:
    """Do the work here, in the folder; return the exit code."""
    with _one_at_a_time, contextlib.chdir(folder):
        try:
            return main(arguments)
        except SystemExit as stop:
            return stop.code


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
    """Fork or call our programs where the system can fork and the test asks not for the real ones."""
    if hasattr(os, "fork") and "programs_real" not in request.fixturenames:
        for user in (texts, preview, preparing):
            monkeypatch.setattr(user, "run_bounded", run_quickly)
