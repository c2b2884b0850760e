"""What people forget: file names, hidden imports, journals, sizes, style attributes."""

import ast
import re
from pathlib import Path

from tests.held import HELD

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "nep"
MODULES = [
    p for p in SOURCE.rglob("*.py") if "migrations" not in p.parts and "tests" not in p.parts
]
APP_FILES = {
    "urls", "views", "api", "management", "jobs", "subscribers", "admin", "forms", "templatetags",
    "services", "queries", "models", "events", "ports", "rules", "templates", "static", "migrations",
    "tests", "apps", "__init__",
}  # fmt: skip
BANNED_NAMES = {"utils", "helpers", "common", "misc"}
# A service may leave the journal to the service it calls; these names say so.
WITHOUT_BUSINESS_WRITES = {"portal"}  # counts look-ups per address, forgotten within the hour
# these measure how long something takes, or beat; they hold no answer for some seconds
OTHER_CLOCKS = {
    "nep.config.commands.look",
    "nep.foundation.outbox.worker",
    "nep.foundation.printing.office_warden",
    "nep.foundation.printing.texts",
}
_functions: dict[Path, list[ast.FunctionDef | ast.AsyncFunctionDef]] = {}
INDENTED_IMPORT = re.compile(r"^[ \t]+(?:import|from)\s|[:;]\s*(?:import|from)\s", re.MULTILINE)
WRITES = re.compile(r"\.(save|create|update|delete|bulk_create|get_or_create|update_or_create)\(")


def relative(path: Path) -> str:
    return str(path.relative_to(SOURCE))


def test_every_app_uses_the_agreed_file_names():
    strange = [
        relative(path)
        for app in (SOURCE / "apps").iterdir()
        if app.is_dir() and app.name != "__pycache__"
        for path in app.iterdir()
        if path.stem not in APP_FILES and path.name != "__pycache__"
    ]
    assert strange == []


def test_no_module_is_called_utils():
    assert [relative(p) for p in MODULES if p.stem.strip("_") in BANNED_NAMES] == []


def imports_inside(function: ast.AST) -> list[int]:
    """Return the lines of imports at any depth below a node."""
    return [
        node.lineno for node in ast.walk(function) if isinstance(node, (ast.Import, ast.ImportFrom))
    ]


def functions_of(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Return every function of a module, read once for all tests."""
    if path not in _functions:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
        _functions[path] = [node for node in ast.walk(tree) if isinstance(node, kinds)]
    return _functions[path]


def test_no_import_hides_inside_a_function():
    hidden = [
        f"{relative(path)}:{line}"
        for path in MODULES
        if INDENTED_IMPORT.search(path.read_text(encoding="utf-8"))
        for function in functions_of(path)
        for line in imports_inside(function)
    ]
    assert hidden == []


def test_every_module_with_services_that_write_uses_the_journal():
    silent = []
    for app in (SOURCE / "apps").iterdir():
        package = app / "services"
        files = [*package.rglob("*.py")] if package.is_dir() else [app / "services.py"]
        texts = [path.read_text(encoding="utf-8") for path in files if path.exists()]
        if app.name in WITHOUT_BUSINESS_WRITES:
            continue
        if any(WRITES.search(text) for text in texts) and not any("journal" in t for t in texts):
            silent.append(app.name)
    assert silent == []


def test_no_template_carries_style_or_script_text():
    pattern = re.compile(
        r"\sstyle=|<style|\son[a-z]+=\"|<script(?![^>]*\ssrc=)|https?://(?!www\.w3\.org)"
    )
    faults = [
        f"{relative(path)}: {match.group(0)}"
        for path in SOURCE.rglob("*.html")
        for match in pattern.finditer(path.read_text(encoding="utf-8"))
    ]
    assert faults == []


def test_files_and_functions_keep_a_readable_size():
    long_files, long_functions = [], []
    for path in MODULES:
        if path.read_text(encoding="utf-8").count("\n") > 500:
            long_files.append(relative(path))
        for node in functions_of(path):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > 60:
                long_functions.append(f"{relative(path)}:{node.name} ({length})")
    assert (long_files, long_functions) == ([], [])


def test_what_looks_again_after_seconds_is_held_in_tests():
    texts = {
        "nep." + ".".join(path.relative_to(SOURCE).with_suffix("").parts): path.read_text("utf-8")
        for path in MODULES
    }
    setting = re.compile(r"^(_?(?:FRESH|TOUCH)_SECONDS)\b", re.MULTILINE)
    waits = {name: found[1] for name, text in texts.items() if (found := setting.search(text))}
    asks_clock = {name for name, text in texts.items() if re.search(r"\bmonotonic\(\)", text)}

    assert waits == {name: held for name, (held, _) in HELD.items()}
    assert asks_clock <= HELD.keys() | OTHER_CLOCKS


def test_no_file_names_a_machines_path():
    pattern = re.compile(r"/wor[k]/(main|shared|\.library)|/root/|/home/[a-z]+/")
    tracked = [*ROOT.glob("*.*"), *SOURCE.rglob("*.py"), *(ROOT / "docs").rglob("*.md"),
               *(ROOT / "tests").rglob("*.py"), *(ROOT / "bench").rglob("*.py")]  # fmt: skip
    found = [str(p) for p in tracked if p.is_file() and p != Path(__file__)
             and p.suffix in {".py", ".md", ".toml", ".txt", ".ini"}
             and pattern.search(p.read_text(encoding="utf-8", errors="ignore"))]  # fmt: skip
    assert found == []
