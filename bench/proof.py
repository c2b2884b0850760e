"""The proof of procedures before publishing: a thousand of them, and blocks of parallel steps.

`python3 dev.py bench proof` prints processor milliseconds, the whole search beside the folded one,
and one line of JSON. Goals: 1,000 procedures of 8 to 60 steps (structure, soundness, time) within 5 s;
6 × 5 parallel steps within 1 s.
"""

import json
import random
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from nep.bpmn import (
    Limit,
    Process,
    check_structure,
    compile_process,
    prove_soundness,
    prove_time,
    standings,
)
from nep.bpmn.soundness import searched, without_conditions
from tests.bpmn.nets import net, random_net
from tests.bpmn.widenets import wide_net

PROCEDURES = 1_000
SMALLEST, LARGEST = 8, 60
CAP = 100_000
BOTH_WAYS = 200


def timed(process: Process, seed: int) -> Process:
    """Return the process with a limit on every step and a bound on every flow back."""
    rng = random.Random(seed)
    return replace(
        process,
        nodes=tuple(
            replace(node, limit=Limit(Decimal(rng.randint(1, 16)), "working_hour"))
            if node.kind in ("task", "receive", "call")
            else node
            for node in process.nodes
        ),
        flows=tuple(
            replace(flow, bound=2) if flow.condition.endswith("'again'") else flow
            for flow in process.flows
        ),
    )


def procedures() -> list[Process]:
    """Return a thousand sound procedures of 8 to 60 steps, half of them with every construct."""
    found: list[Process] = []
    seed = 0
    while len(found) < PROCEDURES:
        process = (random_net if seed % 2 else wide_net)(seed).process
        steps = sum(node.kind == "task" for node in process.nodes)
        if SMALLEST <= steps <= LARGEST:
            found.append(timed(process, seed))
        seed += 1
    return found


def milliseconds(work: Callable[[], object]) -> float:
    """Return the processor milliseconds of one call."""
    begun = time.process_time()
    work()
    return (time.process_time() - begun) * 1_000


def prove(process: Process) -> None:
    """Do everything that stands before publishing and needs no database."""
    check_structure(process)
    prove_soundness(process, cap=CAP)
    prove_time(process, limit=Limit(Decimal(30), "working_day"))


def parallel(branches: int, steps: int) -> Process:
    """Return a block of parallel branches, each of some steps in a row."""
    ways = " ".join(
        f"P1>t{i}x0 "
        + " ".join(f"t{i}x{k}>t{i}x{k + 1}" for k in range(steps - 1))
        + f" t{i}x{steps - 1}>P2"
        for i in range(branches)
    )
    return net(f"s>P1 {ways} P2>e")


def main() -> None:
    """Measure and print."""
    known = procedures()
    each = [milliseconds(lambda process=process: prove(process)) for process in known]
    print(f"{PROCEDURES} quy trình: {sum(each) / 1_000:.2f} s; một quy trình "
          f"{statistics.median(each):.2f} ms, lâu nhất {max(each):.1f} ms")  # fmt: skip
    six = parallel(6, 5)
    block = milliseconds(lambda: prove_soundness(six))
    rests = milliseconds(lambda: standings(six))
    whole = milliseconds(lambda: searched(compile_process(without_conditions(six)), six, CAP))
    print(f"6 × 5 bước song song: {block:.2f} ms; mọi trạng thái {whole:.0f} ms; "
          f"mọi chỗ đứng {rests:.0f} ms")  # fmt: skip
    folded = full = 0.0
    for process in known[:BOTH_WAYS]:
        folded += milliseconds(lambda process=process: prove_soundness(process, cap=3_000))
        compiled = compile_process(without_conditions(process))
        full += milliseconds(
            lambda process=process, compiled=compiled: searched(compiled, process, 3_000)
        )
    print(f"{BOTH_WAYS} quy trình, gấp khối trước: {folded:.0f} ms; tìm hết: {full:.0f} ms")
    print(json.dumps({
        "procedures_s": round(sum(each) / 1_000, 2), "median_ms": round(statistics.median(each), 2),
        "most_ms": round(max(each), 1), "six_by_five_ms": round(block, 2),
        "six_by_five_whole_ms": round(whole), "folded_ms": round(folded), "whole_ms": round(full),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
