"""Coverage-guided fuzzing of what reads strangers' text: `python3 dev.py drill fuzz [options] [TARGET…]`.

Targets: `parser` (BPMN files), `conditions` (the condition language), `codec` (stored states). Each
runs alone in a process of its own. An input that reaches a line no input reached before is kept and
mutated on. A fault is any exception but the refusals of the target, an answer that contradicts
itself, a run over 2 seconds of processor time, or more than 256 MB. Inputs of faults are written to
`--found`.

A target runs in parts, each with a seed and a process of its own; what a part kept is where the next
one begins. After each part the sums stand in `--found`, so that a drill that was stopped goes on there.

Whole: `python3 dev.py drill fuzz` (1,000,000 runs each). Short: `python3 dev.py drill fuzz --seconds 5`.
"""

import argparse
import gc
import itertools
import json
import random
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from nep.bpmn import (  # noqa: E402
    ConditionError,
    StateError,
    decode_state,
    encode_state,
    evaluate,
    parse_condition,
    read_bpmn,
    render_svg,
    write_bpmn,
)
from nep.bpmn.portrait import portray  # noqa: E402

SECONDS, MEGABYTES = 2.0, 256
LONGEST = 20_000
PART = 25_000
WATCHED_FIRST, WATCHED_THEN = 2_000, 32
"""Of a part so many runs are watched for new lines, after them one in so many: watching costs time."""
WATCHED = (str(ROOT / "src" / "nep" / "bpmn"), str(ROOT / "src" / "nep" / "kernel" / "safexml"))


def parser(data: bytes) -> None:
    """Read a file; what is read must be written, read again and drawn."""
    reading = read_bpmn(data)
    assert reading.process is not None or reading.reasons
    assert all(reason.message.endswith(".") for reason in reading.reasons)
    if reading.sketch is not None and len(data) % 4 == 0:
        assert render_svg(reading.sketch).startswith("<svg")
        portray(data, marks={"a": "bp-err"})
    if reading.process is not None:
        again = read_bpmn(write_bpmn(reading.process))
        assert again.reasons == () or again.process is None


def conditions(data: bytes) -> None:
    """Parse a condition; one that parses is decided for any fields."""
    try:
        expression = parse_condition(data.decode("utf-8", "replace"))
    except ConditionError as error:
        assert error.message and 0 <= error.position <= len(data)
        return
    for fields in ({}, {"a": "1", "b": True, "c": 3}, {"a": None, "ket_qua": "Đạt"}):
        assert evaluate(expression, fields) in (True, False)


def codec(data: bytes) -> None:
    """Read a stored state; one that is read is written and read again as the same."""
    try:
        state = decode_state(data.decode("utf-8", "replace"))
    except StateError:
        return
    assert decode_state(encode_state(state)) == state


def _models() -> list[bytes]:
    folders = (ROOT / "tests" / "bpmn" / "models", ROOT / "tests" / "bpmn" / "behaviours")
    files = [path.read_bytes() for folder in folders for path in sorted(folder.glob("*.bpmn"))]
    return [data for data in files if len(data) < LONGEST] or [b"<definitions/>"]


XML_WORDS = (
    b'id="a"', b'id=""', b'sourceRef="a"', b'default="a"', b'attachedToRef="a"', b'nep:limit="1e9"',
    b'nep:bound="0"', b'isExecutable="false"', b"<bpmn:subProcess id=\"a\">", b"</bpmn:subProcess>",
    b"<bpmn:timerEventDefinition/>", b"<bpmn:messageEventDefinition/>", b"<bpmn:laneSet>",
    b"<bpmn:multiInstanceLoopCharacteristics/>", b"<bpmn:timeCycle>R/P1D</bpmn:timeCycle>",
    b'<bpmn:boundaryEvent id="a" attachedToRef="a">', b"<bpmn:callActivity/>", b"&amp;", b"&#0;",
    b"<![CDATA[", b"]]>", b"<!--", b"-->", b'xmlns=""', b'xmlns:bpmn="x"', b"<x>", b"</x>", b"/>",
    b"<bpmn:extensionElements>", b"<bpmn:eventBasedGateway/>", b"\xff", b"\x00", b"<!DOCTYPE x>",
)  # fmt: skip
WORDS = tuple(
    word.encode()
    for word in (
        "và", "hoặc", "không", "thuộc", "(", ")", "'", '"', "“", "”", "=", "≠", "<=", "in (", ",",
        "1.5", "-", "đúng", "a", "ket_qua", "not ", " and ", "&&", "||", "!", "\u0301", "ß", "İ",
    )
)  # fmt: skip
MARKS = (b":", b",", b"=", b">", b"@", b";", b"!", b"%", b"%3A", b"1:", b"2:", b"r", b"e", b"-1",
         b"99999999999999999999", b"\xc4\x91", b"")  # fmt: skip
SEEDS: dict[str, Callable[[], list[bytes]]] = {
    "parser": _models,
    "conditions": lambda: [
        text.encode()
        for text in ("ket_qua = 'Đạt' and (so_ngay > 3 or loai in ('A', 'B'))", "không a", "a != 1",
                     "a thuộc (1; 2) hoặc b", "not (a) && !b || c >= 1.5")
    ],
    "codec": lambda: [b"1:r:7:3=b2,6=P2>f9", b"1:e:4:", b"1:i:9:8=X1>!",
                      b"2:r:9:5=a@2,8=b@7:2=sub,7=b@2;3;1;2:2=timer"],
}  # fmt: skip
TARGETS = {
    "parser": (parser, XML_WORDS), "conditions": (conditions, WORDS), "codec": (codec, MARKS),
}  # fmt: skip


_VALUE, _EMPTY = re.compile(rb'="[^"]*"'), re.compile(rb"<\w[^<>]*/>")


@dataclass
class Coverage:
    """The lines of the watched code that were reached; watching a line ends when it was."""

    lines: set[tuple[CodeType, int]] = field(default_factory=set)
    left: dict[CodeType, set[int]] = field(default_factory=dict)
    is_new: bool = False
    by_trace: bool = not hasattr(sys, "monitoring")

    def begin(self) -> None:
        """Watch from now on."""
        if not self.by_trace:
            tool, event = sys.monitoring.COVERAGE_ID, sys.monitoring.events.LINE
            sys.monitoring.use_tool_id(tool, "nep-fuzz")
            sys.monitoring.register_callback(tool, event, self._monitored)
            sys.monitoring.set_events(tool, event)
        else:
            sys.settrace(self._called)

    def rest(self, *, number: int) -> None:
        """Watch this run or let it pass, where watching is what costs."""
        if self.by_trace:
            watched = number < WATCHED_FIRST or number % WATCHED_THEN == 0
            sys.settrace(self._called if watched else None)

    def _monitored(self, code: CodeType, line: int) -> Any:
        if code.co_filename.startswith(WATCHED):
            self.lines.add((code, line))
            self.is_new = True
        return sys.monitoring.DISABLE  # type: ignore[attr-defined]

    def _called(self, frame: FrameType, _event: str, _argument: Any) -> Any:
        code = frame.f_code
        left = self.left.get(code)
        if left is None:
            watched = code.co_filename.startswith(WATCHED)
            lines = {line for *_, line in code.co_lines() if line} if watched else set()
            left = self.left[code] = lines
        return self._line if left else None

    def _line(self, frame: FrameType, event: str, _argument: Any) -> Any:
        if event == "line":
            left = self.left[frame.f_code]
            if frame.f_lineno in left:
                left.discard(frame.f_lineno)
                self.lines.add((frame.f_code, frame.f_lineno))
                self.is_new = True
        return self._line


class Mutator:
    """Changes inputs: bytes, pieces, words of the language, halves of two."""

    def __init__(self, rng: random.Random, words: tuple[bytes, ...]) -> None:
        self.rng = rng
        self.words = words

    def changed(self, data: bytes, other: bytes) -> bytes:
        """Return an input changed one to four times; of XML a quarter stays well-formed."""
        once = self._once
        if b'="' in data and self.rng.random() < 0.25:
            once = self._gently
        for _ in range(self.rng.randint(1, 4)):
            data = once(data, other)
        return data[:LONGEST]

    def _gently(self, data: bytes, other: bytes) -> bytes:
        """Change the value of an attribute, or take out, repeat or bring in an empty element."""
        rng = self.rng
        form = rng.choice((_VALUE, _VALUE, _EMPTY))
        places = [found.span() for found in form.finditer(data)]
        if not places:
            return self._once(data, other)
        start, end = rng.choice(places)
        new = rng.choice(form.findall(rng.choice((data, other))) or [b""])
        if form is _EMPTY:
            return data[:start] + rng.choice((b"", data[start:end] * 2, new)) + data[end:]
        return data[:start] + (new or b'="a"') + data[end:]

    def _once(self, data: bytes, other: bytes) -> bytes:
        rng = self.rng
        at = rng.randint(0, len(data))
        end = min(len(data), at + rng.choice((1, 2, 8, 40, 200)))
        kind = rng.randrange(7)
        if kind == 0:
            return data[:at] + data[end:]
        if kind == 1:
            return data[:at] + rng.choice(self.words) + data[at:]
        if kind == 2:
            return data[:at] + rng.choice(self.words) + data[end:]
        if kind == 3:
            return data[:at] + data[at:end] * rng.choice((2, 3, 20)) + data[end:]
        if kind == 4:
            return data[:at] + other[rng.randint(0, len(other)) :]
        if kind == 5:
            return data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]
        start = rng.randint(0, len(other))
        return data[:at] + other[start : start + rng.choice((4, 30, 200))] + data[at:]


def run(target: str, *, runs: int, seconds: float, seed: int, found: Path) -> dict[str, Any]:
    """Fuzz one target in this process and return its figures."""
    check, words = TARGETS[target]
    rng = random.Random(seed)
    mutator, coverage = Mutator(rng, words), Coverage()
    grown = found / f"{target}-kept"
    corpus = SEEDS[target]() + [path.read_bytes() for path in sorted(grown.glob("*.bin"))]
    faults: list[str] = []
    gc.freeze()
    slowest, done = 0.0, 0
    began = time.process_time()
    coverage.begin()
    for number in itertools.count():
        if number >= runs or (seconds and time.process_time() - began > seconds):
            break
        first = number < len(corpus)
        data = corpus[number] if first else mutator.changed(rng.choice(corpus), rng.choice(corpus))
        coverage.is_new = False
        coverage.rest(number=number)
        before = time.process_time()
        try:
            check(data)
        except Exception as fault:
            faults.append(f"{type(fault).__name__}: {fault}"[:200])
            _keep(found, f"{target}-{seed}-{len(faults)}", data)
            if len(faults) >= 20:
                break
        took = time.process_time() - before
        slowest, done = max(slowest, took), number + 1
        if took > SECONDS:
            faults.append(f"{took:.1f} s")
            _keep(found, f"{target}-{seed}-{len(faults)}", data)
        if coverage.is_new and not first:
            corpus.append(data)
            _keep(grown, f"{seed:06}-{number:06}", data)
    sys.settrace(None)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if memory > MEGABYTES:
        faults.append(f"{memory:.0f} MB")
    return {
        "target": target, "runs": done, "lines": len(coverage.lines), "kept": len(corpus),
        "slowest_ms": round(slowest * 1000, 1), "memory_mb": round(memory), "seed": seed,
        "cpu_seconds": round(time.process_time() - began, 1), "faults": faults,
    }  # fmt: skip


def _keep(folder: Path, name: str, data: bytes) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.bin").write_bytes(data)


def parts(target: str, *, runs: int, seconds: float, seed: int, found: Path) -> bool:
    """Fuzz one target part by part from where it stopped; tell whether no fault was found."""
    found.mkdir(parents=True, exist_ok=True)
    path = found / f"{target}.json"
    sums: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {
        "target": target, "runs": 0, "parts": 0, "lines": 0, "kept": 0, "slowest_ms": 0.0,
        "memory_mb": 0, "cpu_seconds": 0.0, "faults": [],
    }  # fmt: skip
    until = sums["cpu_seconds"] + seconds
    while sums["runs"] < runs and (not seconds or sums["cpu_seconds"] < until):
        command = [
            sys.executable, __file__, target, "--alone", f"--runs={min(PART, runs - sums['runs'])}",
            f"--seconds={max(0.0, until - sums['cpu_seconds']) if seconds else 0}",
            f"--seed={seed + sums['parts']}", f"--found={found}",
        ]  # fmt: skip
        done = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True)
        if not done.stdout:
            return False  # it died; what it was doing is done again
        part = json.loads(done.stdout)
        sums["parts"] += 1
        for name in ("runs", "cpu_seconds"):
            sums[name] = round(sums[name] + part[name], 1)
        for name in ("lines", "kept", "slowest_ms", "memory_mb"):
            sums[name] = max(sums[name], part[name])
        sums["faults"] += part["faults"]
        path.write_text(json.dumps(sums, ensure_ascii=False))
        print(json.dumps(sums, ensure_ascii=False), flush=True)
    return not sums["faults"]


def main() -> int:
    """Run the targets one after the other, each in its own process; 1 when a fault was found."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("targets", nargs="*", choices=[*TARGETS, []], metavar="TARGET")
    options.add_argument("--runs", type=int, default=1_000_000)
    options.add_argument("--seconds", type=float, default=0.0, help="processor time of each target")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--found", type=Path, default=Path("fuzz-found"))
    options.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    asked = {
        "runs": chosen.runs, "seconds": chosen.seconds, "seed": chosen.seed, "found": chosen.found
    }  # fmt: skip
    if chosen.alone:
        print(json.dumps(run(chosen.targets[0], **asked), ensure_ascii=False))
        return 0
    whole = [parts(target, **asked) for target in chosen.targets or TARGETS]
    return 0 if all(whole) else 1


if __name__ == "__main__":
    sys.exit(main())
