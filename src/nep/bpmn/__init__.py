"""Processes as BPMN 2.0: read, write, prove, run, draw. Pure: no clock, no I/O, no Django."""

from nep.bpmn.canonical import (
    FormatError,
    canonical_json,
    content_hash,
    process_from_dict,
    process_to_dict,
)
from nep.bpmn.conditions import ConditionError, Expr, evaluate, fields_of, parse_condition
from nep.bpmn.drawing import render_svg
from nep.bpmn.engine import (
    Effect,
    EngineError,
    Event,
    Incident,
    ProcessEnded,
    Retried,
    TaskClosed,
    TaskDone,
    TaskOpened,
    advance,
    start,
    walk,
)
from nep.bpmn.layout import Layout, layout
from nep.bpmn.model import (
    UNITS,
    Called,
    Flow,
    Foreign,
    Instances,
    Lane,
    Limit,
    Node,
    Process,
    Reason,
    Trigger,
)
from nep.bpmn.places import read_places
from nep.bpmn.reading import Reading, read_bpmn
from nep.bpmn.soundness import Soundness, prove_soundness
from nep.bpmn.state import State, StateError, Token, decode_state, encode_state
from nep.bpmn.structure import check_duties, check_structure
from nep.bpmn.tables import Compiled, ModelError, choices, compile_process
from nep.bpmn.timeproof import PathTime, TimeProof, prove_time
from nep.bpmn.verdict import check_model
from nep.bpmn.writing import write_bpmn

__all__ = [
    "UNITS",
    "Called",
    "Compiled",
    "ConditionError",
    "Effect",
    "EngineError",
    "Event",
    "Expr",
    "Flow",
    "Foreign",
    "FormatError",
    "Incident",
    "Instances",
    "Lane",
    "Layout",
    "Limit",
    "ModelError",
    "Node",
    "PathTime",
    "Process",
    "ProcessEnded",
    "Reading",
    "Reason",
    "Retried",
    "Soundness",
    "State",
    "StateError",
    "TaskClosed",
    "TaskDone",
    "TaskOpened",
    "TimeProof",
    "Token",
    "Trigger",
    "advance",
    "canonical_json",
    "check_duties",
    "check_model",
    "check_structure",
    "choices",
    "compile_process",
    "content_hash",
    "decode_state",
    "encode_state",
    "evaluate",
    "fields_of",
    "layout",
    "parse_condition",
    "process_from_dict",
    "process_to_dict",
    "prove_soundness",
    "prove_time",
    "read_bpmn",
    "read_places",
    "render_svg",
    "start",
    "walk",
    "write_bpmn",
]
