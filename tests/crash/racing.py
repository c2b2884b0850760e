"""Run inside an installation: sixteen threads finish the same step, round after round.

Prints how each attempt ended, counted: {"won": …, "conflict": …, "other": […]}.
"""

import json
import sys
import threading
from collections import Counter
from datetime import datetime

from nep.config.commands import django_ready  # noqa: F401  # isort: skip
from django.db import connection

from nep.apps.cases.services import step_complete
from nep.demonstration.open_runs import open_runs
from nep.kernel.errors import Conflict
from nep.kernel.vietnamese import VN
from tests import world
from tests.crash.playing import Player

CLIENTS = 16


def race(player: Player) -> Counter:
    """Let everybody finish one step at once; count the ends."""
    (run,) = open_runs(player.accept())
    actor = player.actor(player.doer(run))
    start, ends, lock = threading.Barrier(CLIENTS), Counter(), threading.Lock()

    def finish() -> None:
        start.wait()
        try:
            step_complete(actor=actor, now=datetime.now(VN), run_id=run.id, outcome=run.usual_flow)
            end = "won"
        except Conflict as conflict:
            end = "conflict" if conflict.message else "conflict without a sentence"
        except Exception as error:
            end = repr(error)[:200]
        finally:
            connection.close()
        with lock:
            ends[end] += 1

    threads = [threading.Thread(target=finish) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


if __name__ == "__main__":
    player = Player(world.WARD)
    print(json.dumps([race(player) for _ in range(int(sys.argv[1]))]))
