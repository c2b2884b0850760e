"""The verdict of `check-model`: subset and soundness of one file."""

from dataclasses import replace
from typing import Any

from nep.bpmn.model import Reason
from nep.bpmn.reading import read_bpmn
from nep.bpmn.soundness import prove_soundness


def check_model(data: bytes, *, file: str) -> dict[str, Any]:
    """Return {file, accepted, subset, sound, reasons, states, path}.

    `subset`: only elements that run; `sound` is None where it is not; `accepted`: both. Roles and
    limits are not judged. `reasons` hold {code, message, element, line}.
    """
    reading = read_bpmn(data)
    if reading.process is None:
        return _verdict(file, False, None, reading.reasons, 0, ())
    proof = prove_soundness(reading.process)
    reasons = tuple(
        replace(reason, line=reading.lines.get(reason.element or "")) for reason in proof.reasons
    )
    return _verdict(file, True, proof.sound, reasons, proof.states, proof.path)


def _verdict(
    file: str,
    subset: bool,
    sound: bool | None,
    reasons: tuple[Reason, ...],
    states: int,
    path: tuple[str, ...],
) -> dict[str, Any]:
    return {
        "file": file,
        "accepted": subset and sound is True,
        "subset": subset,
        "sound": sound,
        "reasons": [
            {"code": r.code, "message": r.message, "element": r.element, "line": r.line}
            for r in reasons
        ],
        "states": states,
        "path": list(path),
    }
