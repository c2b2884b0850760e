"""What the import contracts cannot see: no I/O, no clock, no chance in pure modules."""

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[2] / "src" / "nep"
FORBIDDEN_MODULES = {
    "sqlite3", "socket", "subprocess", "requests", "urllib.request", "http.client", "random",
    "secrets", "os", "shutil", "tempfile", "time", "threading", "logging",
}  # fmt: skip
FORBIDDEN_CALLS = {"now", "today", "utcnow", "open", "input", "print", "eval", "exec", "time_ns"}


def pure_modules() -> list[Path]:
    """Return every module of the pure packages and every app's rules, events and ports."""
    found = [
        path
        for package in ("kernel", "bpmn", "worktime")
        for path in (SOURCE / package).rglob("*.py")
    ]
    for app in sorted((SOURCE / "apps").iterdir()):
        for name in ("rules", "events", "ports"):
            found += [*(app / name).rglob("*.py")] if (app / name).is_dir() else []
            found += [app / f"{name}.py"] if (app / f"{name}.py").exists() else []
    return found


def faults(source: str) -> list[str]:
    """Return what a pure module does that it may not."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [a.name for a in node.names if a.name in FORBIDDEN_MODULES]
        elif isinstance(node, ast.ImportFrom) and node.module in FORBIDDEN_MODULES:
            found.append(node.module)
        elif isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else None
            name = node.func.id if isinstance(node.func, ast.Name) else name
            on_module = isinstance(node.func, ast.Attribute) and name in {"open", "print", "input"}
            if name in FORBIDDEN_CALLS and not on_module:
                found.append(f"{name}()")
    return found


def test_pure_modules_read_no_clock_and_touch_nothing_outside():
    modules = pure_modules()
    found = {
        str(path.relative_to(SOURCE)): wrong
        for path in modules
        if (wrong := faults(path.read_text(encoding="utf-8")))
    }
    assert found == {}
    assert len(modules) > 100


@pytest.mark.parametrize(
    "line",
    ["import sqlite3", "from random import choice", "datetime.now()", "open('x')", "eval('1')"],
)
def test_the_guard_sees_each_kind_of_fault(line):
    assert faults(line)
