"""Read procedures from Word files: whole decisions, annexes, and procedures in the ISO form.

Pure: bytes in, values out. No rule names a file, a place or a person; tables are known by the
words of their heads. What is uncertain comes back as a caution, never as a silent guess.
"""

from nep.apps.procedures.rules.word._flow import looks_like_flow, read_flow
from nep.apps.procedures.rules.word._json import to_json
from nep.apps.procedures.rules.word._model import (
    Caution,
    DocumentData,
    ImportedFile,
    ImportedProcedure,
    ImportedStep,
    Reason,
)
from nep.apps.procedures.rules.word._reading import read_pages, read_procedures
from nep.apps.procedures.rules.word._times import ParsedTime, parse_time, parse_total

__all__ = [
    "Caution",
    "DocumentData",
    "ImportedFile",
    "ImportedProcedure",
    "ImportedStep",
    "ParsedTime",
    "Reason",
    "looks_like_flow",
    "parse_time",
    "parse_total",
    "read_flow",
    "read_pages",
    "read_procedures",
    "to_json",
]
