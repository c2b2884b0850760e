"""Worlds that stand between tests: built once, given to each test as they were built.

A fixture made by `kept` builds its world in a transaction that stays open. Every test works in a
savepoint inside it and is rolled back to it, so that the next test of the same world finds it
untouched. A test that wants another world, an empty database or real transactions has what stands
rolled back first: whatever the order, each test finds exactly what it would have built itself.
"""

import copy
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.transaction import Atomic

Build = Callable[..., Any]
_stands_on: dict[Build, Build | None] = {}


def kept(build: Build, *, on: Build | None = None) -> Any:
    """Return a fixture that gives each test its own copy of a world built once.

    `build` takes nothing, or a copy of the world that `on` builds. It may use services, models and
    the data folder, but no fixture and no clock.
    """
    _stands_on[build] = on
    if on is not None:  # also where no other fixture of the run keeps it
        _stands_on.setdefault(on, None)

    def world(db, worlds):
        return worlds.value_of(build)

    world.build = build  # type: ignore[attr-defined]
    return pytest.fixture(world)


def wanted_by(item: pytest.Item) -> list[Build]:
    """Return how the kept worlds that a test asks for are built, each after what it stands on."""
    known = getattr(item, "_fixtureinfo", None)
    fixtures = known.name2fixturedefs if known else {}
    found: list[Build] = []

    def add(build: Build) -> None:
        base = _stands_on[build]
        if base is not None:
            add(base)
        if build not in found:
            found.append(build)

    for name in sorted(fixtures):
        build = getattr(fixtures[name][-1].func, "build", None)
        if build in _stands_on:
            add(build)
    return found


@dataclass(frozen=True)
class _World:
    build: Build
    value: Any
    files: Path
    held: Atomic


class Worlds:
    """What stands now: each world in a transaction inside that of the one before it.

    `within` gives the settings in which a world is built, its files in the given folder.
    """

    def __init__(self, folder: Path, within: Callable[[Path], AbstractContextManager]) -> None:
        self._folder, self._within, self._made = folder, within, 0
        self._standing: list[_World] = []
        self._loose: dict[Build, Any] = {}  # what the present test built for itself

    def stand(self, builds: list[Build]) -> None:
        """Have exactly these worlds standing, in this order."""
        self._loose = {}
        same = 0
        if len(connection.atomic_blocks) == len(self._standing):  # no test closed the connection
            for one, build in zip(self._standing, builds, strict=False):
                if one.build is not build:
                    break
                same += 1
        self.fall(to=same)
        for build in builds[same:]:
            self._raise(build)

    def _raise(self, build: Build) -> None:
        self._made += 1
        files = self._folder / str(self._made)
        files.mkdir()
        self.give_files(files)
        base = _stands_on[build]
        held = transaction.atomic()
        held._from_testcase = True  # type: ignore[attr-defined]
        held.__enter__()
        try:
            with self._within(files):
                value = build(*([self.value_of(base)] if base else []))
        except BaseException:
            _roll_back(held)
            raise
        connection.run_on_commit = []  # it is never committed
        self._standing.append(_World(build, value, files, held))

    def fall(self, *, to: int = 0) -> None:
        """Roll back all worlds but the first `to`."""
        while len(self._standing) > to:
            world = self._standing.pop()
            _roll_back(world.held)
            shutil.rmtree(world.files, ignore_errors=True)

    def value_of(self, build: Build) -> Any:
        """Return a copy of what a builder gave; a test with real transactions builds it itself."""
        for one in self._standing:
            if one.build is build:
                return copy.deepcopy(one.value)
        if build not in self._loose:
            base = _stands_on[build]
            self._loose[build] = build(*([self.value_of(base)] if base else []))
        return self._loose[build]

    def give_files(self, folder: Path) -> None:
        """Put the files of the standing worlds into a data folder."""
        if self._standing:
            shutil.copytree(self._standing[-1].files, folder, dirs_exist_ok=True)


def _roll_back(held: Atomic) -> None:
    transaction.set_rollback(True)
    held.__exit__(None, None, None)
