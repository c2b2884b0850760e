"""Processes as BPMN 2.0: read, write, prove, run, draw. Pure: no clock, no I/O, no Django."""

from nep.bpmn.canonical import (
    FormatError,
    canonical_json,
    content_hash,
    process_from_dict,
    process_to_dict,
)
from nep.bpmn.conditions import ConditionError, Expr, evaluate, fields_of, parse_condition
from nep.bpmn.counterparts import counterparts
from nep.bpmn.drawing import path_marks, render_svg
from nep.bpmn.engine import advance, open_calls, open_waits, start, walk
from nep.bpmn.events import (
    CallClosed,
    CallFailed,
    CallOpened,
    CallReturned,
    Effect,
    EngineError,
    Event,
    Incident,
    MessageArrived,
    MessageSent,
    ProcessEnded,
    Retried,
    TaskClosed,
    TaskDone,
    TaskFailed,
    TaskOpened,
    TimerFired,
    WaitClosed,
    WaitOpened,
    Withdrawn,
)
from nep.bpmn.landing import Landed, NotLanded, land, mapped_nodes
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
from nep.bpmn.notes import Note, notes_of
from nep.bpmn.parts import kept_elements
from nep.bpmn.places import read_boxes, read_drawn, read_lines, read_places
from nep.bpmn.portrait import portray
from nep.bpmn.reading import Reading, read_bpmn
from nep.bpmn.renaming import renamed, renamed_part
from nep.bpmn.soundness import Soundness, prove_soundness
from nep.bpmn.standings import standings
from nep.bpmn.state import Scope, State, StateError, Token, decode_state, encode_state
from nep.bpmn.structure import check_duties, check_structure
from nep.bpmn.tables import Compiled, ModelError, choices, compile_process
from nep.bpmn.timeproof import PathTime, TimeProof, prove_time
from nep.bpmn.verdict import check_model, draw_verdict
from nep.bpmn.writing import write_bpmn

__all__ = [
    "UNITS",
    "CallClosed",
    "CallFailed",
    "CallOpened",
    "CallReturned",
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
    "Landed",
    "Lane",
    "Layout",
    "Limit",
    "MessageArrived",
    "MessageSent",
    "ModelError",
    "Node",
    "NotLanded",
    "Note",
    "PathTime",
    "Process",
    "ProcessEnded",
    "Reading",
    "Reason",
    "Retried",
    "Scope",
    "Soundness",
    "State",
    "StateError",
    "TaskClosed",
    "TaskDone",
    "TaskFailed",
    "TaskOpened",
    "TimeProof",
    "TimerFired",
    "Token",
    "Trigger",
    "WaitClosed",
    "WaitOpened",
    "Withdrawn",
    "advance",
    "canonical_json",
    "check_duties",
    "check_model",
    "check_structure",
    "choices",
    "compile_process",
    "content_hash",
    "counterparts",
    "decode_state",
    "draw_verdict",
    "encode_state",
    "evaluate",
    "fields_of",
    "kept_elements",
    "land",
    "layout",
    "mapped_nodes",
    "notes_of",
    "open_calls",
    "open_waits",
    "parse_condition",
    "path_marks",
    "portray",
    "process_from_dict",
    "process_to_dict",
    "prove_soundness",
    "prove_time",
    "read_boxes",
    "read_bpmn",
    "read_drawn",
    "read_lines",
    "read_places",
    "renamed",
    "renamed_part",
    "render_svg",
    "standings",
    "start",
    "walk",
    "write_bpmn",
]
