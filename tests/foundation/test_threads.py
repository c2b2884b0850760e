"""A connection belongs to its thread, whatever else runs in it."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from django.db import connections


def test_a_thread_finds_one_connection_whether_a_loop_runs_in_it_or_not():
    async def inside() -> object:
        return connections["default"]

    assert asyncio.run(inside()) is connections["default"]


def test_another_thread_has_another_connection():
    with ThreadPoolExecutor(1) as pool:
        first, again = (pool.submit(connections.__getitem__, "default").result() for _ in range(2))

    assert first is again
    assert first is not connections["default"]
