"""Random nets on the engine, on SpiffWorkflow and in the second token game, many of them.

`python3 dev.py drill nets [--nets 20000] [--first 0] [--workers 2]` plays of every
five nets two plain ones beside SpiffWorkflow and the token game, one of sub-processes and opinions
beside both, two of every construct beside the token game, and a spoilt one that the proof was asked
about first. Printed are how many were compared, how often SpiffWorkflow parted (it may only where its
joins are known to open too early, and the token game must say so), and each net in which the engine
and the token game differ. Ends with 1 when there is one.
"""

import argparse
import json
import logging
import multiprocessing
import time
from collections import Counter
from collections.abc import Callable

from nep.bpmn import check_structure, engine, prove_soundness, tables
from nep.bpmn.structure import FATAL
from tests.bpmn.nets import RandomNet, random_net
from tests.bpmn.players import play_beside_game, play_what_is_proven
from tests.bpmn.test_beside_spiffworkflow import part_at, spiff_can_judge
from tests.bpmn.widenets import judged_net, swapped_net, wide_net

KINDS: tuple[tuple[str, Callable[[int], RandomNet]], ...] = (
    ("plain", random_net), ("wide", wide_net), ("judged", judged_net), ("plain", random_net),
    ("wide", wide_net),
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--nets", type=int, default=20_000)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    seeds = range(options.first, options.first + options.nets)
    found: Counter[str] = Counter()
    wrong: list[str] = []
    with multiprocessing.Pool(options.workers) as pool:
        for counts, complaints, seconds in pool.imap_unordered(_portion, _portions(seeds)):
            found.update(counts)
            found["processor_ms"] += round(seconds * 1000)
            wrong += complaints
            for complaint in complaints:
                print(complaint, flush=True)
    print(json.dumps({**dict(sorted(found.items())), "wrong": len(wrong)}, ensure_ascii=False))
    raise SystemExit(1 if wrong else 0)


def _portions(seeds: range) -> list[range]:
    return [seeds[start : start + 100] for start in range(0, len(seeds), 100)]


def _portion(seeds: range) -> tuple[Counter[str], list[str], float]:
    logging.getLogger("spiff").setLevel(logging.ERROR)
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    began = time.process_time()
    for seed in seeds:
        kind, maker = KINDS[seed % len(KINDS)]
        net = maker(seed)
        counts[kind] += 1
        counts["tasks"] += net.tasks
        try:
            if kind == "wide":
                _wide(net, seed, counts)
            else:
                _beside_both(net, counts)
        except Exception as error:
            wrong.append(f"{kind} {seed}: {type(error).__name__}: {str(error)[:300]}")
    return counts, wrong, time.process_time() - began


def _wide(net: RandomNet, seed: int, counts: Counter[str]) -> None:
    counts["events"] += len(play_beside_game(net, engine=engine, tables=tables))
    spoilt = swapped_net(seed)
    codes = {reason.code for reason in check_structure(spoilt.process)}
    if codes & {*FATAL, "gateways_turn"}:
        return
    sound = prove_soundness(spoilt.process, cap=2_000).sound
    counts["spoilt, proven sound" if sound else "spoilt, not proven"] += 1
    if sound:
        play_what_is_proven(spoilt, engine=engine, tables=tables)


def _beside_both(net: RandomNet, counts: Counter[str]) -> None:
    counts["events"] += len(play_beside_game(net, engine=engine, tables=tables))
    parted = part_at(net)
    if spiff_can_judge(net):
        counts["beside SpiffWorkflow"] += 1
        if parted is not None:
            raise AssertionError(f"SpiffWorkflow says otherwise: {parted}")
        return
    counts["beside SpiffWorkflow, joins too early"] += 1
    if parted is not None:
        counts["SpiffWorkflow parted"] += 1
        ours, theirs, game = parted
        if ours != game or not theirs - ours or ours - theirs:
            raise AssertionError(f"parted otherwise than by an early join: {parted}")


if __name__ == "__main__":
    main()
