"""A child that hangs, forks, eats memory or fills the disk is ended, and nothing of it is left."""

import os
import socket
import sys
import time
from pathlib import Path

import pytest

from nep.foundation.printing.office_bounds import Bounds, NotMade, own_folder, run_bounded

TIGHT = Bounds(seconds=3, memory=150_000_000, disk=5_000_000, processes=6)


def run(script: str, *, bounds: Bounds = TIGHT) -> str:
    """Run a script as the converter; return the code of the refusal."""
    with own_folder() as folder, pytest.raises(NotMade) as refused:
        run_bounded([sys.executable, "-c", script], folder=folder, bounds=bounds)
    assert not folder.exists()
    assert refused.value.message.endswith(".")
    return refused.value.code


def alive(marker: str) -> list[str]:
    """Return the processes of this machine that carry the marker in their command line."""
    found = []
    for one in Path("/proc").glob("[0-9]*"):
        try:
            line = (one / "cmdline").read_bytes().decode("utf-8", "replace")
        except OSError:
            continue
        if marker in line and one.name != str(os.getpid()):
            found.append(one.name)
    return found


def test_a_command_that_does_its_work_leaves_its_files_and_its_code():
    with own_folder() as folder:
        script = "open('made.txt', 'w').write('xong'); raise SystemExit(10)"
        code = run_bounded([sys.executable, "-c", script], folder=folder, bounds=TIGHT)
        assert code == 10
        assert (folder / "made.txt").read_text() == "xong"
    assert not folder.exists()


def test_a_converter_that_hangs_is_stopped_in_time():
    start = time.monotonic()

    assert run("import time; time.sleep(600)") == "convert_too_long"
    assert time.monotonic() - start < 12


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the process table is Linux's")
def test_what_forks_away_into_its_own_session_dies_as_well():
    marker = f"hidden-{os.getpid()}-{time.monotonic_ns()}"
    hidden = f"import time; time.sleep(600)  # {marker}"
    script = (
        "import subprocess, sys, time\n"
        f"subprocess.Popen([sys.executable, '-c', {hidden!r}], start_new_session=True)\n"
        "time.sleep(0.3)"
    )
    with own_folder() as folder:
        run_bounded([sys.executable, "-c", script], folder=folder, bounds=TIGHT)

    assert alive(marker) == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the process table is Linux's")
def test_a_converter_that_forks_without_end_is_stopped():
    marker = f"forks-{os.getpid()}-{time.monotonic_ns()}"
    script = f"import os, time  # {marker}\nfor _ in range(40): os.fork() or time.sleep(600)\ntime.sleep(600)"

    assert run(script) == "convert_processes"
    assert alive(marker) == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is counted on Linux")
def test_a_converter_that_eats_memory_is_stopped():
    script = "import time; kept = [bytearray(10_000_000) for _ in range(30)]; time.sleep(600)"

    assert run(script) == "convert_memory"


@pytest.mark.parametrize(
    "script",
    [
        "import time\nfor n in range(40): open(f'{n}.bin', 'wb').write(bytes(1_000_000))\ntime.sleep(60)",
        "open('one.bin', 'wb').write(bytes(90_000_000))",
    ],
)
def test_a_converter_that_fills_the_disk_is_stopped(script):
    assert run(script) in {"convert_disk", "convert_failed"}


def test_a_converter_that_is_not_there_is_named():
    with own_folder() as folder, pytest.raises(NotMade) as refused:
        run_bounded(["/khong/co/chuong-trinh"], folder=folder, bounds=TIGHT)
    assert refused.value.code == "convert_missing"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="networks are parted on Linux")
def test_the_network_is_out_of_reach_where_the_kernel_parts_it():
    script = (
        "import os, socket, sys\n"
        "apart = os.readlink('/proc/self/ns/net') != sys.argv[1]\n"
        "server = socket.socket(); server.settimeout(2)\n"
        "try:\n    server.connect(('127.0.0.1', int(sys.argv[2])))\n"
        "except OSError:\n    raise SystemExit(20 if apart else 30)\n"
        "raise SystemExit(21 if apart else 31)"
    )

    with own_folder() as folder, socket.create_server(("127.0.0.1", 0)) as server:
        code = run_bounded(
            [
                sys.executable, "-c", script, os.readlink("/proc/self/ns/net"),
                str(server.getsockname()[1]),
            ],
            folder=folder,
            bounds=TIGHT,
        )  # fmt: skip
    if code == 31:
        pytest.skip("this kernel lets nobody part from the network")
    assert code == 20
