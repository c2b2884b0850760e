"""Reading the files that a command names, with a sentence when one cannot be read."""

from datetime import datetime
from pathlib import Path

from nep.kernel.errors import Refusal
from nep.kernel.vietnamese import local


def read_file(path: Path) -> bytes:
    """Return a file's bytes. Raises Refusal when it cannot be read."""
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise Refusal("file_missing", f"Không thấy tệp {path}.") from error
    except OSError as error:
        raise Refusal("file_unreadable", f"Không đọc được tệp {path}: {error.strerror}.") from error


def moment(text: str) -> datetime:
    """Read an ISO time; one without offset is Asia/Ho_Chi_Minh. Raises ValueError."""
    return local(datetime.fromisoformat(text))
