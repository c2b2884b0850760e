"""A folder and a child process for files of strangers: bounded, and gone afterwards."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from nep.foundation.printing import office_warden as warden

_WARDEN = Path(__file__).resolve().with_name("office_warden.py")
_REASONS = {
    warden.TOO_LONG: ("convert_too_long", "Tệp mất quá nhiều thời gian để mở nên đã dừng lại."),
    warden.TOO_MUCH_MEMORY: ("convert_memory", "Tệp cần quá nhiều bộ nhớ để mở nên đã dừng lại."),
    warden.TOO_MUCH_DISK: ("convert_disk", "Tệp sinh ra quá nhiều dữ liệu khi mở nên đã dừng lại."),
    warden.TOO_MANY: ("convert_processes", "Tệp sinh ra quá nhiều tiến trình nên đã dừng lại."),
    warden.NOT_STARTED: ("convert_missing", "Máy chủ chưa có chương trình để mở loại tệp này."),
}


class NotMade(Exception):
    """Say why nothing was made of a file: a code and a full Vietnamese sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a child may use: seconds, bytes of memory and of disk, number of processes."""

    seconds: int = 45
    memory: int = 1_500_000_000
    disk: int = 400_000_000
    processes: int = 24


@contextlib.contextmanager
def own_folder() -> Iterator[Path]:
    """Yield an empty folder that is removed with all in it, whatever happens."""
    folder = Path(tempfile.mkdtemp(prefix="nep-convert-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def run_bounded(
    command: Sequence[str],
    *,
    folder: Path,
    bounds: Bounds,
    environment: Mapping[str, str] | None = None,
) -> int:
    """Run a command in its folder and return its exit code (0 to 69).

    Raises NotMade when it passed a bound, was killed, or could not be started.
    """
    surroundings = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        **(environment or {}),
    }
    child = subprocess.Popen(  # noqa: S603  # our own warden; the command is ours too
        [sys.executable, "-I", "-S", str(_WARDEN), json.dumps(asdict(bounds)), str(folder), *command],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env=surroundings,
    )  # fmt: skip
    try:  # the warden says nothing: its closed pipe tells of its end at once, without polling
        child.communicate(timeout=bounds.seconds + 15)
        code = child.returncode
    except subprocess.TimeoutExpired:
        code = warden.TOO_LONG
    finally:
        if child.poll() is None:
            child.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(timeout=5)
            child.kill()
            child.wait()
        if child.stdout is not None:
            child.stdout.close()
    return judged(code)


def judged(code: int) -> int:
    """Return the exit code of a command that came to its end; raise NotMade for any other."""
    if code in _REASONS:
        raise NotMade(*_REASONS[code])
    if not 0 <= code < 70 or code == warden.FAILED:
        raise NotMade("convert_failed", "Không mở được tệp: tệp hỏng hoặc dùng định dạng lạ.")
    return code
