"""Run inside an installation: sixteen threads finish the same step, round after round.

Prints how each attempt ended, counted: {"won": …, "conflict": …, "other": […]}. With "recall" half of
them take the step before back while the other half finish the present one; {"recalled": …,
"finished": …, "told": …} counts who won and who was told in a sentence.
"""

import json
import sys
import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime

from nep.config.commands import django_ready  # noqa: F401  # isort: skip
from django.db import connection

from nep.apps.cases.services import step_complete, step_recall
from nep.demonstration.open_runs import open_runs
from nep.kernel.errors import Conflict, Refusal
from nep.kernel.vietnamese import VN
from tests import world
from tests.crash.playing import Player

CLIENTS = 16


def race(player: Player) -> Counter:
    """Let everybody finish one step at once; count the ends."""
    (run,) = open_runs(player.accept())
    actor = player.actor(player.doer(run))

    def finish() -> str:
        try:
            step_complete(actor=actor, now=datetime.now(VN), run_id=run.id, outcome=run.usual_flow)
        except Conflict as conflict:
            return "conflict" if conflict.message else "conflict without a sentence"
        return "won"

    return together([finish] * CLIENTS)


def race_recall(player: Player) -> Counter:
    """Let half take the first step back while half finish the second; count the ends."""
    case_id = player.accept()
    (first,) = open_runs(case_id)
    doer = player.actor(player.doer(first))
    step_complete(actor=doer, now=datetime.now(VN), run_id=first.id, outcome=first.usual_flow)
    second = open_runs(case_id)[0]
    next_doer = player.actor(player.doer(second))

    def recall() -> str:
        try:
            step_recall(
                actor=doer, now=datetime.now(VN), run_id=first.id, reason="Bấm nhầm, làm tiếp"
            )
        except Refusal as refusal:
            return "told" if refusal.message else "told without a sentence"
        return "recalled"

    def finish() -> str:
        try:
            step_complete(
                actor=next_doer, now=datetime.now(VN), run_id=second.id,
                outcome=second.usual_flow,
            )  # fmt: skip
        except Refusal as refusal:
            return "told" if refusal.message else "told without a sentence"
        return "finished"

    return together([recall, finish] * (CLIENTS // 2))


def together(acts: list[Callable[[], str]]) -> Counter:
    """Let everybody act in the same instant; count how each ended."""
    start, ends, lock = threading.Barrier(len(acts)), Counter(), threading.Lock()

    def run(act: Callable[[], str]) -> None:
        start.wait()
        try:
            end = act()
        except Exception as error:
            end = repr(error)[:200]
        finally:
            connection.close()
        with lock:
            ends[end] += 1

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


if __name__ == "__main__":
    player = Player(world.WARD)
    play = race_recall if "recall" in sys.argv else race
    print(json.dumps([play(player) for _ in range(int(sys.argv[1]))]))
