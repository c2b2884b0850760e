"""What cases ask of the outside: readers of what other systems write."""

from collections.abc import Sequence
from typing import Any, Protocol

CellTable = list[list[Any]]


class FedReader(Protocol):
    """Reads one shape of outside data into a table whose heads are our own field names.

    `keeps_waiting` says that its records of a case may come before the one that names its TTHC.
    """

    shape: str
    keeps_waiting: bool

    def reads(self, data: bytes, *, name: str) -> bool:
        """Say whether the data look like this shape."""
        ...

    def table(self, data: bytes, *, name: str, most_rows: int) -> CellTable:
        """Return heads and rows; nothing of the applicant. Raises Refusal."""
        ...


_readers: list[FedReader] = []


def connect_readers(readers: Sequence[FedReader]) -> None:
    """Let cases read these shapes besides tables; connected once, where the parts are tied."""
    _readers[:] = readers


def reader_of(data: bytes, *, name: str) -> FedReader | None:
    """Return the reader of some data, None for what may be a table."""
    return next((one for one in _readers if one.reads(data, name=name)), None)
