"""What a stored file looks like: pages as pictures, the PDF behind them, or its text.

Everything lies under `previews/` of the data folder, by the hash of the original, and can be made
again at any time. One file at a time is opened on a machine.
"""

import contextlib
import json
import logging
import os
import queue
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256 as digest_of
from pathlib import Path

from django.conf import settings

from nep.foundation.files.kinds import kind_of
from nep.foundation.files.services import path_of
from nep.foundation.outbox.services import enqueue
from nep.foundation.printing.office import KINDS, office_pdf, office_program
from nep.foundation.printing.office_bounds import Bounds, NotMade, own_folder, run_bounded
from nep.foundation.printing.texts import blocks_of, pdfium, scan_blocks
from nep.kernel.difference import Block
from nep.kernel.errors import Refusal
from nep.kernel.vietnamese import local

try:
    import fcntl
except ImportError:  # Windows: one worker, so one conversion at a time all the same
    fcntl = None  # type: ignore[assignment]

JOB = "printing.preview"
log = logging.getLogger("nep.printing")
PIXELS, MOST_PAGES, MOST_BLOCKS = 1500, 60, 3000
READY, WORKING, FAILED = "ready", "working", "failed"
DRAW = Bounds(seconds=60, memory=1_000_000_000, disk=300_000_000, processes=4)
TRY_AGAIN = timedelta(hours=24)
_PICTURE = str(Path(__file__).resolve().with_name("preview_picture.py"))


@dataclass(frozen=True, slots=True)
class Preview:
    """How far a preview is: `pages` pictures of `total` pages, text where there is no picture.

    `message` says in a sentence why pictures are missing; `is_scan` that the text was read from
    pictures and may be wrong.
    """

    state: str
    pages: int = 0
    total: int = 0
    code: str = ""
    message: str = ""
    has_text: bool = False
    is_scan: bool = False

    @property
    def is_shortened(self) -> bool:
        """Say whether the file has more pages than are drawn."""
        return self.total > self.pages > 0


def preview(*, sha256: str, name: str, now: datetime) -> Preview:
    """Return how a stored file looks; the first question has the worker make it."""
    known = _state(sha256)
    if known is not None and not _is_stale(sha256, known, now):
        is_scan = not known.has_text and bool(scan_blocks(sha256))
        return replace(known, has_text=True, is_scan=True) if is_scan else known
    enqueue(
        JOB, {"sha256": sha256, "name": name}, at=now, urgent=True,
        key=f"{sha256[:40]} {local(now):%Y%m%d%H%M}",
    )  # fmt: skip
    return Preview(WORKING)


def page_picture(*, sha256: str, number: int) -> bytes | None:
    """Return the picture (PNG) of a page, counted from 1, or None."""
    with contextlib.suppress(FileNotFoundError):
        return (_folder(sha256) / f"{number:04d}.png").read_bytes()
    return None


def text_blocks(sha256: str) -> tuple[Block, ...]:
    """Return the text that was read from a file, at most MOST_BLOCKS blocks."""
    with contextlib.suppress(FileNotFoundError):
        rows = json.loads((_folder(sha256) / "text.json").read_text(encoding="utf-8"))
        if rows:
            return tuple(
                Block(kind, tuple(cells), level, label) for kind, cells, level, label in rows
            )
    return scan_blocks(sha256)


def known_pdf(sha256: str) -> Path | None:
    """Return where the PDF of a stored file lies when it is there already."""
    found = _folder(sha256) / "document.pdf"
    return found if found.exists() else None


def pdf_of(data: bytes, *, name: str, waits: bool = True) -> bytes:
    """Return a file as PDF, from what was made before where there is; originals stay untouched.

    It waits until no other file is being opened on the machine, except for who holds a
    transaction open and says so. Raises NotMade (code and sentence) when it cannot be made.
    """
    known = known_pdf(digest_of(data).hexdigest())
    if known is not None:
        return known.read_bytes()
    with _alone() if waits else contextlib.nullcontext():
        made = _as_pdf(data, name)
        folder = _folder(digest_of(data).hexdigest())
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / "document.pdf", made)
    return made


def make(*, sha256: str, name: str) -> Preview:
    """Make the preview of a stored file now, unless it is there; never raises for a bad file."""
    known = _state(sha256)
    if known is not None and known.state == READY:
        return known
    folder = _folder(sha256)
    folder.mkdir(parents=True, exist_ok=True)
    data = path_of(sha256).read_bytes()
    has_text = _keep_text(folder, data, name)
    try:
        made = pdf_of(data, name=name)
        with _alone():
            pages, total = _draw(folder, made)
        found = Preview(READY, pages, total, has_text=has_text)
    except NotMade as reason:
        found = Preview(FAILED, code=reason.code, message=reason.message, has_text=has_text)
    _write(folder / "state.json", json.dumps(asdict(found)).encode())
    return found


def make_later(*, sha256: str, name: str) -> None:
    """Have this process make the preview beside its other work, one after the other."""
    _wanted.put((sha256, name))
    with _start:
        if not any(
            thread.name == _THREAD and thread.is_alive() for thread in threading.enumerate()
        ):
            threading.Thread(target=_work, name=_THREAD, daemon=True).start()


_THREAD = "nep-previews"
_start = threading.Lock()
_wanted: queue.Queue[tuple[str, str]] = queue.Queue()


def _work() -> None:
    while True:
        sha256, name = _wanted.get()
        try:
            make(sha256=sha256, name=name)
        except OSError:  # bytes gone or disk full: the page asks again
            log.warning("preview of %s not made", sha256)
        except Exception:  # a file no reader was prepared for must not be tried for ever
            log.exception("preview of %s not made", sha256)
            _give_up(sha256)
        _wanted.task_done()


def _give_up(sha256: str) -> None:
    folder = _folder(sha256)
    folder.mkdir(parents=True, exist_ok=True)
    found = Preview(
        FAILED, code="preview_failed",
        message="Chưa dựng được trang xem trước của tệp này. Bạn vẫn tải được tệp gốc.",
        has_text=(folder / "text.json").exists(),
    )  # fmt: skip
    _write(folder / "state.json", json.dumps(asdict(found)).encode())


def _folder(sha256: str) -> Path:
    return settings.NEP.data_folder / "previews" / sha256[:2] / sha256


def _state(sha256: str) -> Preview | None:
    try:
        return Preview(**json.loads((_folder(sha256) / "state.json").read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def _is_stale(sha256: str, known: Preview, now: datetime) -> bool:
    """Say whether to try again: LibreOffice has come, or the failure is a day old."""
    if known.state == READY:
        return False
    if known.code == "office_missing":
        return office_program() is not None
    made = (_folder(sha256) / "state.json").stat().st_mtime
    return now.timestamp() - made > TRY_AGAIN.total_seconds()


def _keep_text(folder: Path, data: bytes, name: str) -> bool:
    try:
        blocks = blocks_of(data, name=name)[:MOST_BLOCKS]
    except NotMade:
        return False
    rows = [[block.kind, block.cells, block.level, block.label] for block in blocks]
    _write(folder / "text.json", json.dumps(rows, ensure_ascii=False).encode())
    return bool(blocks)


def _as_pdf(data: bytes, name: str) -> bytes:
    try:
        kind = kind_of(data, name=name).name
    except Refusal as refused:
        raise NotMade(refused.code, refused.message) from refused
    if kind == "pdf":
        return data
    if kind in KINDS:
        return office_pdf(data, kind=kind)
    if kind in {"png", "jpg"}:
        return _picture_pdf(data, kind)
    raise NotMade("no_pages", "Loại tệp này không có trang in; hãy đọc phần chữ hoặc tải tệp gốc.")


def _picture_pdf(data: bytes, kind: str) -> bytes:
    with own_folder() as folder:
        (folder / f"in.{kind}").write_bytes(data)
        run_bounded(
            [sys.executable, "-I", _PICTURE, f"in.{kind}", "out.pdf"], folder=folder, bounds=DRAW
        )
        return (folder / "out.pdf").read_bytes()


def _draw(folder: Path, made: bytes) -> tuple[int, int]:
    with own_folder() as work:
        (work / "in.pdf").write_bytes(made)
        pdfium(
            "sizes", "in.pdf", "sizes.json", "+",
            "pages", "in.pdf", ".", str(PIXELS), str(MOST_PAGES), folder=work, bounds=DRAW,
        )  # fmt: skip
        total = len(json.loads((work / "sizes.json").read_text()))
        pictures = sorted(work.glob("[0-9]*.png"))
        for picture in pictures:
            shutil.copyfile(picture, folder / picture.name)
        if not (folder / "document.pdf").exists():
            _write(folder / "document.pdf", made)
    return len(pictures), total


def _write(path: Path, data: bytes) -> None:
    """Put a file in its place whole or not at all."""
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Let one conversion run on the machine at a time."""
    root = settings.NEP.data_folder / "previews"
    root.mkdir(parents=True, exist_ok=True)
    with (root / "one-at-a-time.lock").open("w") as lock:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
