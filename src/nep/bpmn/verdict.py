"""The verdict of `check-model`: subset and soundness of one file, in words and on its drawing."""

from collections.abc import Mapping
from dataclasses import replace
from html import escape
from typing import Any

from nep.bpmn.drawing import path_marks, render_svg
from nep.bpmn.model import Reason
from nep.bpmn.portrait import portray
from nep.bpmn.reading import Reading, read_bpmn
from nep.bpmn.soundness import prove_soundness

EXECUTABLE, STRUCTURE, REFUSED = "executable", "structure", "refused"


def check_model(data: bytes, *, file: str) -> dict[str, Any]:
    """Return {file, accepted, use, subset, sound, reasons, warnings, states, path}.

    `subset`: only elements that run; `sound` is None where it is not; `accepted`: both. `use` is
    "executable", "structure" where the file says that it is not to be run, or "refused". Roles and
    limits are not judged. `reasons` and `warnings` hold {code, message, element, line}; `path` the
    nodes to the failure.
    """
    reading = read_bpmn(data)
    if reading.process is None:
        return _verdict(file, reading, None, reading.reasons, 0, ())
    proof = prove_soundness(reading.process)
    reasons = tuple(
        replace(reason, line=reading.lines.get(reason.element or "")) for reason in proof.reasons
    )
    return _verdict(file, reading, proof.sound, reasons, proof.states, proof.path)


def draw_verdict(data: bytes, verdict: Mapping[str, Any]) -> str:
    """Return the drawing of a judged file, refused elements and the failing path marked, or "".

    The file's own diagram where it has one, else one laid out. The shape of the first reason that
    names it carries the id `hinh-N`, N the reason's place from 1.
    """
    sketch = read_bpmn(data).sketch
    if sketch is None:
        return ""
    marks = path_marks(sketch, verdict["path"])
    anchors: dict[str, str] = {}
    for place, reason in enumerate(verdict["reasons"], 1):
        element = reason["element"]
        if element:
            marks[element] = "bp-err"
            anchors.setdefault(element, f"hinh-{place}")
    drawn = portray(data, marks=marks) or render_svg(sketch, marks=marks)
    for element, anchor in anchors.items():
        for name in ("data-node", "data-flow"):
            said = f'{name}="{escape(element)}"'
            drawn = drawn.replace(said, f'{said} id="{anchor}"', 1)
    return drawn


def _verdict(
    file: str,
    reading: Reading,
    sound: bool | None,
    reasons: tuple[Reason, ...],
    states: int,
    path: tuple[str, ...],
) -> dict[str, Any]:
    accepted = reading.process is not None and sound is True
    return {
        "file": file,
        "accepted": accepted,
        "use": (EXECUTABLE if reading.executable else STRUCTURE) if accepted else REFUSED,
        "subset": reading.process is not None,
        "sound": sound,
        "reasons": [_told(reason) for reason in reasons],
        "warnings": [_told(warning) for warning in reading.warnings],
        "states": states,
        "path": list(path),
    }


def _told(reason: Reason) -> dict[str, Any]:
    return {
        "code": reason.code,
        "message": reason.message,
        "element": reason.element,
        "line": reason.line,
    }
