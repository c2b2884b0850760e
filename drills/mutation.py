"""Small faults set into the engine and the proofs one by one: how many do the tests notice?

`PYTHONPATH=src:. python3 drills/mutation.py [--mutants 300] [--seed 1] [--only engine] [--show]` changes
one place at a time (a comparison, a truth, a number, an operator, a statement left out), runs the tests of
`tests/bpmn` that need no other library in a process of its own, and prints the share of the faults
that were noticed by file. Goal: 80 % on engine and proof. A fault that changes nothing (an equal program)
counts as not noticed, so the figure is a lower bound.
"""

import argparse
import ast
import contextlib
import importlib.abc
import importlib.util
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "nep" / "bpmn"
MODULES = (
    "engine", "moves", "scopes", "state", "tables",  # what runs
    "structure", "particulars", "transitions", "soundness", "folding", "standings",  # what is proven
    "spans", "timepaths", "timeproof", "timers", "conditions",
)  # fmt: skip
TESTS = (
    "test_micro_cases.py", "test_behaviours.py", "test_structure_and_search.py", "test_states.py",
    "test_structure_of_constructs.py",
    "test_time_proof.py", "test_time_of_constructs.py", "test_standings.py", "test_folding.py",
    "test_wide_nets.py", "test_properties.py",
)  # fmt: skip
MOST_SECONDS = 120
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


def noticed(module: str, number: int) -> bool:
    """Run the tests on one fault in a process of its own; tell whether they fail or never end."""
    pid = os.fork()
    if pid == 0:
        _child(module, number)
    begun = time.monotonic()
    while time.monotonic() - begun < MOST_SECONDS:
        done, status = os.waitpid(pid, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status) != 0
        time.sleep(0.05)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return True


def _child(module: str, number: int) -> None:
    path = SOURCE / f"{module}.py"
    tree = ast.parse(path.read_text())
    node, how = list(places(tree))[number] if number >= 0 else (tree, "")
    if how in ("leave", "leave_out"):
        tree = Without(node).visit(tree)
    else:
        change(node, how)
    sys.meta_path.insert(
        0, Changed(f"nep.bpmn.{module}", ast.fix_missing_locations(tree), str(path))
    )
    with (
        open(os.devnull, "w") as nowhere,
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
    ):
        code = pytest.main([
            *(str(ROOT / "tests" / "bpmn" / name) for name in TESTS), "-x", "-q", "-p", "no:cacheprovider",
            "-p", "no:xdist", "-p", "no:randomly", "--no-header", "-c", os.devnull, f"--rootdir={ROOT}",
            "-p", "no:django", "--noconftest",
        ])  # fmt: skip
    os._exit(int(code))


def main() -> int:
    """Set the faults and print what came of them; 1 below the goal."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--mutants", type=int, default=300)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--only", default="")
    asked.add_argument("--show", action="store_true")
    given = asked.parse_args()
    hypothesis.settings.register_profile("drill", derandomize=True, database=None)
    hypothesis.settings.load_profile("drill")
    known = [
        (module, number, node.lineno, how)
        for module in MODULES
        if given.only in ("", module)
        for number, (node, how) in enumerate(places(ast.parse((SOURCE / f"{module}.py").read_text())))
    ]  # fmt: skip
    if noticed("engine", -1):
        print("Các ca thử không qua khi chưa đặt lỗi nào; sửa trước đã.")
        return 2
    chosen = random.Random(given.seed).sample(known, min(given.mutants, len(known)))
    killed, total = Counter(), Counter()
    for module, number, line, how in chosen:
        total[module] += 1
        if noticed(module, number):
            killed[module] += 1
        elif given.show:
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
