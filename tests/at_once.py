"""Acts that begin in the same instant, each on a connection of its own."""

import threading
from collections.abc import Callable

from django.db import connection

from nep.kernel.errors import Refusal


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run acts together, each on its own connection; return "" or the code of each refusal.

    What else an act raises is raised here, the first of them.
    """
    start, answers = threading.Barrier(len(acts)), [""] * len(acts)
    failures: list[BaseException] = []

    def run(place: int, act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
        except Refusal as refusal:
            answers[place] = refusal.code
        except BaseException as failure:
            failures.append(failure)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return answers
