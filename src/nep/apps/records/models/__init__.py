"""Tables of records. People are kept by their id in organization."""

from nep.apps.records.models._files import Hold, Record, RecordEdition, RecordFile
from nep.apps.records.models._movements import (
    Disposal,
    DisposalLine,
    LeaverHandover,
    Transfer,
    TransferLine,
)
from nep.apps.records.models._plans import DepositRule, FilePlan, Series

__all__ = [
    "DepositRule",
    "Disposal",
    "DisposalLine",
    "FilePlan",
    "Hold",
    "LeaverHandover",
    "Record",
    "RecordEdition",
    "RecordFile",
    "Series",
    "Transfer",
    "TransferLine",
]
