"""Small faults set into the engine and the proofs one by one: how many do the tests notice?

`python3 dev.py drill mutation [--mutants 300] [--seed 1] [--only engine] [--show] [--sums FILE]`
changes one place at a time (a comparison, a truth, a number, an operator, a statement left out), runs the
tests of `tests/bpmn` that need no other library in a process of its own, and prints the share of the
faults that were noticed by file. Goal: 80 % on engine and proof. A fault that changes nothing (an equal
program) counts as not noticed, so the figure is a lower bound.

Of each fault only the tests run that reach its function, the quick ones first. With `--sums` what was
found is kept: a drill that was stopped goes on, and after new tests only what was not noticed is tried
again.
"""

import argparse
import ast
import contextlib
import hashlib
import importlib.abc
import importlib.util
import json
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "nep" / "bpmn"
MODULES = (
    "engine", "moves", "scopes", "state", "tables",  # what runs
    "landing", "structure", "particulars", "transitions", "soundness", "folding", "standings",  # what is proven
    "spans", "timepaths", "timeproof", "timers", "conditions",
)  # fmt: skip
TESTS = (
    "test_micro_cases.py", "test_behaviours.py", "test_structure_and_search.py", "test_states.py",
    "test_structure_of_constructs.py",
    "test_time_proof.py", "test_time_of_constructs.py", "test_standings.py", "test_landing.py", "test_folding.py",
    "test_wide_nets.py", "test_properties.py", "test_conditions.py",
)  # fmt: skip
COMPARED = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE,
    ast.GtE: ast.Gt, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
RECKONED = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd, ast.BitXor: ast.BitOr,
}  # fmt: skip


def places(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    """Yield every node that can be changed, with what is done to it; texts of people are left."""
    said = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"Reason", "EngineError"}
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if id(node) in said or not hasattr(node, "lineno"):
            continue
        if isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARED:
            yield node, "compare"
        elif isinstance(node, ast.BoolOp):
            yield node, "and_or"
        elif isinstance(node, ast.BinOp) and type(node.op) in RECKONED:
            yield node, "reckon"
        elif isinstance(node, ast.If | ast.While | ast.IfExp):
            yield node, "test"
        elif isinstance(node, ast.Constant) and type(node.value) in (int, bool):
            yield node, "constant"
        elif isinstance(node, ast.Continue | ast.Break):
            yield node, "leave"
        elif isinstance(node, ast.Expr | ast.AugAssign | ast.Delete) and not isinstance(
            getattr(node, "value", None), ast.Constant
        ):
            yield node, "leave_out"


def change(node: ast.AST, how: str) -> None:
    """Change a node where it stands."""
    if how == "compare":
        node.ops[0] = COMPARED[type(node.ops[0])]()  # type: ignore[attr-defined]
    elif how == "and_or":
        node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()  # type: ignore[attr-defined]
    elif how == "reckon":
        node.op = RECKONED[type(node.op)]()  # type: ignore[attr-defined]
    elif how == "test":
        node.test = ast.UnaryOp(ast.Not(), node.test)  # type: ignore[attr-defined]
    elif how == "constant":
        value = node.value  # type: ignore[attr-defined]
        node.value = (not value) if isinstance(value, bool) else value + 1  # type: ignore[attr-defined]


class Without(ast.NodeTransformer):
    """Replaces one statement by nothing."""

    def __init__(self, gone: ast.AST) -> None:
        self.gone = gone

    def visit(self, node: ast.AST) -> ast.AST:
        """Return `pass` in the statement's place."""
        return ast.Pass() if node is self.gone else self.generic_visit(node)


class Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads one module from a changed tree."""

    def __init__(self, name: str, tree: ast.Module, path: str) -> None:
        self.name, self.tree, self.path = name, tree, path

    def find_spec(self, name: str, path: object, target: object = None) -> object:
        """Take only the changed module."""
        return importlib.util.spec_from_loader(name, self) if name == self.name else None

    def exec_module(self, module: object) -> None:
        """Run the changed text in the module."""
        exec(compile(self.tree, self.path, "exec"), module.__dict__)


@dataclass
class Reach:
    """Which tests run which functions, told by module and first line; asked for as a pytest plugin.

    `early` are the functions that run while tests are collected: a fault there is every test's.
    """

    tests: dict[str, list[str]] = field(default_factory=dict)
    early: set[str] = field(default_factory=set)
    seconds: dict[str, float] = field(default_factory=dict)
    now: set[str] = field(default_factory=set)

    def called(self, frame: FrameType, event: str, _argument: Any) -> None:
        """Note a function that is called."""
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(str(SOURCE)):
            self.now.add(f"{Path(code.co_filename).stem}:{code.co_firstlineno}")

    def pytest_collection_finish(self) -> None:
        """Keep what ran until here apart."""
        self.early, self.now = self.now, set()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Keep what one test ran."""
        self.now, began = set(), time.process_time()
        found = yield
        self.seconds[item.nodeid] = time.process_time() - began
        for function in self.now:
            self.tests.setdefault(function, []).append(item.nodeid)
        return found

    def of(self, function: str) -> dict[str, float]:
        """Return the tests that can notice a fault in a function and their seconds, quick ones first."""
        everywhere = not function or function in self.early
        tests = list(self.seconds) if everywhere else self.tests.get(function, [])
        return {test: self.seconds[test] for test in sorted(tests, key=self.seconds.__getitem__)}


class Only:
    """Runs the named tests in their order; a pytest plugin. One that does not end ends the process."""

    def __init__(self, tests: Mapping[str, float]) -> None:
        self.seconds = tests
        self.places = {test: place for place, test in enumerate(tests)}
        signal.signal(signal.SIGVTALRM, lambda *_: os._exit(1))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Give a test five times the processor time it took unchanged (and watched), and a second."""
        signal.setitimer(signal.ITIMER_VIRTUAL, 1 + 5 * self.seconds[item.nodeid])
        found = yield
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        return found

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Leave the others out."""
        items[:] = sorted(
            (item for item in items if item.nodeid in self.places),
            key=lambda item: self.places[item.nodeid],
        )


def functions(tree: ast.Module) -> dict[int, int]:
    """Return by node within the body of a function the first line of the innermost one."""
    found: dict[int, int] = {}
    for node in ast.walk(tree):  # outer ones come before inner ones
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
            for part in node.body:
                found |= {id(inner): first for inner in ast.walk(part)}
    return found


def reach() -> Reach | None:
    """Run all tests once, unchanged; None where one fails."""
    got, put = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(got)
        watching = Reach()
        sys.setprofile(watching.called)
        code = _tests(TESTS, watching)
        sys.setprofile(None)
        with os.fdopen(put, "w") as told:
            json.dump([watching.tests, sorted(watching.early), watching.seconds], told)
        os._exit(code)
    os.close(put)
    with os.fdopen(got) as heard:
        tests, early, seconds = json.load(heard)
    _, status = os.waitpid(pid, 0)
    if os.waitstatus_to_exitcode(status):
        return None
    return Reach(tests, set(early), seconds)


def noticed(module: str, number: int, tests: Mapping[str, float]) -> bool:
    """Run tests on one fault in a process of its own; tell whether they fail or never end."""
    if not tests:
        return False
    pid = os.fork()
    if pid == 0:
        _child(module, number, tests)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status) != 0


def _child(module: str, number: int, tests: Mapping[str, float]) -> None:
    path = SOURCE / f"{module}.py"
    tree = ast.parse(path.read_text())
    node, how = list(places(tree))[number]
    if how in ("leave", "leave_out"):
        tree = Without(node).visit(tree)
    else:
        change(node, how)
    sys.meta_path.insert(
        0, Changed(f"nep.bpmn.{module}", ast.fix_missing_locations(tree), str(path))
    )
    files = {test.partition("::")[0].rpartition("/")[2] for test in tests}
    os._exit(_tests(tuple(sorted(files)), Only(tests)))


def _tests(names: tuple[str, ...], plugin: object) -> int:
    """Run test files without a word; return the exit code."""
    with (
        open(os.devnull, "w") as nowhere,
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
    ):
        return int(pytest.main([
            *(str(ROOT / "tests" / "bpmn" / name) for name in names), "-x", "-q", "-p", "no:cacheprovider",
            "-p", "no:xdist", "-p", "no:randomly", "--no-header", "-c", os.devnull, f"--rootdir={ROOT}",
            "-p", "no:django", "--noconftest",
        ], plugins=[plugin]))  # fmt: skip


class Sums:
    """What was found so far, kept in a file: of the same source; what was not noticed by the same tests."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.found: dict[str, bool] = {}
        self.reached: Reach | None = None
        self.source = _digest(SOURCE / f"{name}.py" for name in MODULES)
        self.tests = _digest(sorted((ROOT / "tests" / "bpmn").rglob("*.*")))
        kept = json.loads(path.read_text()) if path is not None and path.exists() else {}
        if kept.get("source") == self.source:
            same = kept["tests"] == self.tests
            self.found = {one: told for one, told in kept["found"].items() if told or same}
            if same:
                tests, early, seconds = kept["reached"]
                self.reached = Reach(tests, set(early), seconds)

    def keep(self, one: str, told: bool) -> None:
        """Keep what came of one fault."""
        self.found[one] = told
        if self.path is not None:
            reached = self.reached or Reach()
            kept = {
                "source": self.source, "tests": self.tests, "found": self.found,
                "reached": [reached.tests, sorted(reached.early), reached.seconds],
            }  # fmt: skip
            self.path.write_text(json.dumps(kept))


def _digest(paths: Iterable[Path]) -> str:
    found = hashlib.sha256()
    for path in paths:
        if path.is_file() and "__pycache__" not in path.parts:
            found.update(path.read_bytes())
    return found.hexdigest()


def main() -> int:
    """Set the faults and print what came of them; 1 below the goal."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--mutants", type=int, default=300)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--only", default="")
    asked.add_argument("--show", action="store_true")
    asked.add_argument("--sums", type=Path)
    given = asked.parse_args()
    hypothesis.settings.register_profile("drill", derandomize=True, database=None)
    hypothesis.settings.load_profile("drill")
    known = []
    for module in MODULES:
        tree = ast.parse((SOURCE / f"{module}.py").read_text())
        owners = functions(tree)
        known += [
            (module, number, node.lineno, how, owners.get(id(node), 0))
            for number, (node, how) in enumerate(places(tree))
            if given.only in ("", module)
        ]
    sums = Sums(given.sums)
    reached = sums.reached = sums.reached or reach()
    if reached is None:
        print("Các ca thử không qua khi chưa đặt lỗi nào; sửa trước đã.")
        return 2
    chosen = random.Random(given.seed).sample(known, min(given.mutants, len(known)))
    killed, total = Counter(), Counter()
    for module, number, line, how, owner in chosen:
        one = f"{module}:{number}"
        if one not in sums.found:
            tests = reached.of(f"{module}:{owner}" if owner else "")
            sums.keep(one, noticed(module, number, tests))
        total[module] += 1
        killed[module] += sums.found[one]
        if given.show and not sums.found[one]:
            print(f"{module}.py:{line} {how}", flush=True)
    for module in MODULES:
        if total[module]:
            print(
                f"{module:<14}{killed[module]:>5} / {total[module]:<5}{killed[module] / total[module]:.0%}"
            )
    share = killed.total() / max(1, total.total())
    print(f"{killed.total()} trong {total.total()} lỗi ({len(known)} chỗ): {share:.1%}")
    return 0 if share >= 0.8 else 1


if __name__ == "__main__":
    sys.exit(main())
