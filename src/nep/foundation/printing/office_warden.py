"""Run one command within bounds; started as a program of its own, standard library only.

The warden adopts everything the command starts (also what forks away), watches time, memory, disk
and number of processes, and kills all of it when a bound is passed, when the command is done, or
when the warden's own parent dies. Its exit code says which bound it was.
"""

import contextlib
import ctypes
import json
import os
import select
import signal
import subprocess
import sys
import time

try:
    import resource
except ImportError:  # Windows has none; time, disk and the end of the child still hold
    resource = None  # type: ignore[assignment]

DONE, FAILED, TOO_LONG, TOO_MUCH_MEMORY, TOO_MUCH_DISK = 0, 1, 71, 72, 73
TOO_MANY, NOT_STARTED = 74, 75
ROUND = 0.05  # seconds between two looks at time, memory, disk and processes
_PDEATHSIG, _SUBREAPER = 1, 36
_NEW_NETWORK, _NEW_USER = 0x40000000, 0x10000000
_ON_LINUX = sys.platform.startswith("linux")
_PAGE = os.sysconf("SC_PAGE_SIZE") if _ON_LINUX else 4096


def main(arguments: list[str]) -> int:
    """Run `arguments[2:]` in the folder `arguments[1]` under the bounds `arguments[0]` (JSON)."""
    bounds, folder, command = json.loads(arguments[0]), arguments[1], arguments[2:]
    if _ON_LINUX:
        _adopt()
    signal.signal(signal.SIGTERM, _end_all)
    try:
        child = subprocess.Popen(  # noqa: S603
            command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, preexec_fn=(lambda: _bind(bounds)) if resource else None,
            start_new_session=os.name == "posix",
        )  # fmt: skip
    except OSError:
        return NOT_STARTED
    try:
        return _watch(child, bounds, folder)
    finally:
        _kill_all()
        if child.poll() is None:
            child.kill()


def _adopt() -> None:
    """Become the parent of orphans below, leave the network, and die with the parent."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_SUBREAPER, 1, 0, 0, 0)
    libc.prctl(_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if libc.unshare(_NEW_NETWORK) != 0:
        _leave_as_nobody(libc)


def _leave_as_nobody(libc: ctypes.CDLL) -> None:
    """Leave the network through a user namespace, keeping the same user; else stay."""
    user, group = os.getuid(), os.getgid()
    if libc.unshare(_NEW_NETWORK | _NEW_USER) != 0:
        return
    with contextlib.suppress(OSError):
        for name, text in (
            ("uid_map", f"{user} {user} 1"), ("setgroups", "deny"), ("gid_map", f"{group} {group} 1")
        ):  # fmt: skip
            with open(f"/proc/self/{name}", "w") as out:
                out.write(text)


def _bind(bounds: dict) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (bounds["disk"], bounds["disk"]))
    resource.setrlimit(resource.RLIMIT_CPU, (bounds["seconds"] * 2, bounds["seconds"] * 2 + 1))
    if _ON_LINUX:
        room = bounds["memory"] * 4  # addresses, of which little is used; `_watch` counts the used
        resource.setrlimit(resource.RLIMIT_AS, (room, room))
    with contextlib.suppress(OSError):
        os.nice(10)


def _watch(child: subprocess.Popen, bounds: dict, folder: str) -> int:
    end, round_, ended = time.monotonic() + bounds["seconds"], 0, _end_of(child)
    while True:
        code = _wait(child, ended)
        if code is not None:
            return _verdict(code, bounds, folder)
        if time.monotonic() > end:
            return TOO_LONG
        round_ += 1
        if round_ % 4 == 0:
            found = _below()
            if len(found) > bounds["processes"]:
                return TOO_MANY
            if sum(size for _, size in found) > bounds["memory"]:
                return TOO_MUCH_MEMORY
            if _size_of(folder) > bounds["disk"]:
                return TOO_MUCH_DISK


def _end_of(child: subprocess.Popen) -> int | None:
    """Return a handle that becomes readable when the command ends, where the kernel gives one."""
    try:
        return os.pidfd_open(child.pid)  # type: ignore[attr-defined,no-any-return,unused-ignore]
    except (AttributeError, OSError):
        return None


def _wait(child: subprocess.Popen, ended: int | None) -> int | None:
    """Return the exit code of the command, or None when it still runs after a moment."""
    if ended is not None:
        select.select([ended], [], [], ROUND)
        return child.poll()
    try:
        return child.wait(timeout=ROUND)
    except subprocess.TimeoutExpired:
        return None


def _verdict(code: int, bounds: dict, folder: str) -> int:
    if code == -signal.SIGXFSZ or _size_of(folder) > bounds["disk"]:
        return TOO_MUCH_DISK
    if code == -signal.SIGXCPU:
        return TOO_LONG
    return DONE if code == 0 else code if 0 < code < 70 else FAILED


def _below() -> list[tuple[int, int]]:
    """Return (process, bytes in memory) of everything that descends from the warden."""
    if not _ON_LINUX:
        return []
    parents: dict[int, tuple[int, int]] = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            with contextlib.suppress(OSError, ValueError, IndexError):
                with open(f"/proc/{name}/stat") as stat:
                    fields = stat.read().rpartition(")")[2].split()
                parents[int(name)] = (int(fields[1]), int(fields[21]) * _PAGE)
    found, new = [], {os.getpid()}
    while new:
        new = {pid for pid, (parent, _) in parents.items() if parent in new}
        found += [(pid, parents[pid][1]) for pid in new]
    return found


def _kill_all() -> None:
    """Kill until nothing is left below, since a process may fork while it is being killed."""
    for _ in range(200):
        found = _below()
        for pid, _size in found:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        if not found:
            return
        time.sleep(0.01)


def _end_all(*_signal: object) -> None:
    _kill_all()
    os._exit(FAILED)


def _size_of(folder: str) -> int:
    total = 0
    for root, _folders, names in os.walk(folder):
        for name in names:
            with contextlib.suppress(OSError):
                total += os.lstat(os.path.join(root, name)).st_size
    return total


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
