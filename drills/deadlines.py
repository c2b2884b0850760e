"""100,000 random deadlines beside the minute-by-minute oracle: `python3 dev.py drill deadlines [N]`."""

import random
import sys
from concurrent.futures import ProcessPoolExecutor
from os import cpu_count

from drills._typed import typed
from tests.worktime.cases import all_offices, disagreement, random_case


def run(seed: int, count: int) -> list[str]:
    """Return the disagreements of `count` cases."""
    chance, offices = random.Random(seed), all_offices()
    found = (disagreement(random_case(chance), offices) for _ in range(count))
    return [fault for fault in found if fault]


def main() -> int:
    """Share the cases among the cores; fail when one disagrees."""
    (total,) = typed(__doc__, cases=100_000)
    shares = cpu_count() or 1
    with ProcessPoolExecutor(shares) as pool:
        parts = pool.map(run, range(1, shares + 1), [total // shares] * shares)
        faults = [fault for part in parts for fault in part]
    print(f"{total} trường hợp, {len(faults)} khác nhau")
    print("\n".join(faults[:20]))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
