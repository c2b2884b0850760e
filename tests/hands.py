"""Run the tests of one collection with several processes, forked when everything is loaded.

Loading the product and collecting its tests takes a process six seconds, much more where nothing is
compiled yet: here it happens once, and the hands share the memory of what was loaded. A hand takes
one file after the other and tells of each test as soon as it is over. Asked for by `--hands N`, on
systems that fork.
"""

import atexit
import contextlib
import os
import pickle
import random
import signal
import sys
import traceback
import warnings
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait

import pytest

Span = tuple[int, int]


def pytest_addoption(parser):
    """Let the number of processes be asked for."""
    parser.addoption("--hands", type=int, default=0, help="processes that run the tests")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session):
    """Give the collected files to the hands, where any are asked for."""
    hands = session.config.getoption("--hands")
    if hands < 1 or session.config.option.collectonly or session.testsfailed or not session.items:
        return None
    _Crew(session).work(hands)
    return True


def files_of(items: list[pytest.Item]) -> Iterator[Span]:
    """Yield where the tests of each file begin and end, and of files marked `together`."""
    begin = 0
    for index in range(1, len(items) + 1):
        if index == len(items) or _belongs_to(items[index]) != _belongs_to(items[begin]):
            yield begin, index
            begin = index


def _belongs_to(item: pytest.Item) -> object:
    marker = item.get_closest_marker("together")
    return marker.args[0] if marker else item.path


@dataclass
class _Hand:
    number: int
    pid: int
    line: Connection
    todo: deque[int] = field(default_factory=deque)


class _Crew:
    """The process that collected: hands out files and reports what comes back."""

    def __init__(self, session: pytest.Session) -> None:
        self.session, self.config = session, session.config
        self.files = deque(files_of(session.items))
        self.hands: list[_Hand] = []
        self.made = 0

    def work(self, count: int) -> None:
        """Have every test run once; a hand that dies fails its test and is replaced."""
        self.config._tmp_path_factory.getbasetemp()
        try:
            for _ in range(min(count, len(self.files))):
                self._take_on()
            while self.hands:
                ready = wait([hand.line for hand in self.hands])
                for hand in [hand for hand in self.hands if hand.line in ready]:
                    self._hear(hand)
        finally:
            for hand in self.hands:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(hand.pid, signal.SIGTERM)
        for why, stop in (
            (self.session.shouldfail, self.session.Failed),
            (self.session.shouldstop, self.session.Interrupted),
        ):
            if why:
                raise stop(why)

    def _take_on(self) -> None:
        here, there = Pipe()
        number, self.made = self.made, self.made + 1
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if not pid:
            here.close()
            for other in self.hands:
                other.line.close()
            _serve(self.session, there, number)
        there.close()
        hand = _Hand(number, pid, here)
        self.hands.append(hand)
        self._give(hand)

    def _give(self, hand: _Hand) -> None:
        """Send the next file, or None when no more is to be done."""
        is_over = not self.files or self.session.shouldfail or self.session.shouldstop
        span = None if is_over else self.files.popleft()
        if span is not None:
            hand.todo = deque(range(*span))
        with contextlib.suppress(BrokenPipeError):  # found dead by the next look at its line
            hand.line.send(span)

    def _hear(self, hand: _Hand) -> None:
        try:
            reports, told = pickle.loads(hand.line.recv_bytes())
        except (EOFError, ConnectionResetError):
            self._miss(hand)
            return
        hook = self.config.hook
        for data in reports:
            report = hook.pytest_report_from_serializable(config=self.config, data=data)
            hook.pytest_runtest_logreport(report=report)
        for one in told:
            hook.pytest_warning_recorded.call_historic(kwargs=one)
        item = self.session.items[hand.todo.popleft()]
        hook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
        if not hand.todo or self.session.shouldfail or self.session.shouldstop:
            self._give(hand)

    def _miss(self, hand: _Hand) -> None:
        """Let a hand go: at its end, or fail the test during which it died."""
        self.hands.remove(hand)
        hand.line.close()
        _, status = os.waitpid(hand.pid, 0)
        code = os.waitstatus_to_exitcode(status)
        is_over = self.session.shouldfail or self.session.shouldstop
        if code == 0 and (not hand.todo or is_over):
            return
        index = hand.todo[0] if hand.todo else len(self.session.items) - 1
        item = self.session.items[index]
        report = pytest.TestReport(
            nodeid=item.nodeid, location=item.location, keywords={}, outcome="failed",
            longrepr=f"hand {hand.number} died with code {code}", when="call",
        )  # fmt: skip
        self.config.hook.pytest_runtest_logreport(report=report)
        if len(hand.todo) > 1:
            self.files.appendleft((index + 1, hand.todo[-1] + 1))
        if self.files and not self.session.shouldfail:
            self._take_on()


class _Between:
    """The test after the last one of a file: nothing is kept for it but what the session keeps."""

    def __init__(self, session: pytest.Session) -> None:
        self._session = session

    def listchain(self) -> list:
        """Return the collectors that stay set up."""
        return [self._session]


class _Telling:
    """Gathers the reports of the present test in a hand."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.reports: list[dict] = []
        self.warnings: list[dict] = []

    def pytest_runtest_logreport(self, report):
        """Keep a report as plain values."""
        as_data = self.config.hook.pytest_report_to_serializable
        self.reports.append(as_data(config=self.config, report=report))

    def pytest_warning_recorded(self, warning_message, when, nodeid, location):
        """Keep a warning as text of its kind."""
        kind = warning_message.category
        plain = warnings.WarningMessage(
            str(warning_message.message), kind, warning_message.filename, warning_message.lineno
        )
        self.warnings.append(
            {"warning_message": plain, "when": when, "nodeid": nodeid, "location": location}
        )

    def over(self) -> tuple[list[dict], list[dict]]:
        """Return what was gathered and begin anew."""
        told = self.reports, self.warnings
        self.reports, self.warnings = [], []
        return told


def _serve(session: pytest.Session, line: Connection, number: int) -> None:
    """Be a hand: run the files that are sent, and leave without what only the first may clear."""
    code = 1
    try:
        telling = _settle(session, number)
        while (span := line.recv()) is not None:
            for index in range(*span):
                item = session.items[index]
                after = session.items[index + 1] if index + 1 < span[1] else _Between(session)
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
                line.send_bytes(pickle.dumps(telling.over()))
                if session.shouldfail or session.shouldstop:
                    break
        session._setupstate.teardown_exact(None)
        atexit._run_exitfuncs()
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _settle(session: pytest.Session, number: int) -> _Telling:
    """Leave the first process's output, files and names to it and have one's own."""
    config, name = session.config, f"gw{number}"
    atexit._clear()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    random.seed()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what no test's report holds is told nowhere
    os.environ["PYTEST_XDIST_WORKER"] = name
    config.workerinput = {"workerid": name}  # what pytest-django calls its databases by
    folder = config._tmp_path_factory.getbasetemp() / name
    folder.mkdir(mode=0o700)
    config._tmp_path_factory._basetemp = folder
    capture = config.pluginmanager.get_plugin("capturemanager")
    if capture._global_capturing is not None:
        capture._global_capturing.stop_capturing()
        capture._global_capturing = None
        capture.start_global_capturing()
        capture.suspend_global_capture()
    config.pluginmanager.unregister(name="terminalreporter")
    telling = _Telling(config)
    config.pluginmanager.register(telling)
    return telling
