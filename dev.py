#!/usr/bin/env python3
"""Nếp's one entry point for people who try or change it. Standard library only.

It makes the locked environment in .venv, then runs the wanted command inside it:

    python3 dev.py run            everything a first look needs; prints address and log-ins
    python3 dev.py test           everything the tests need, then the tests
    python3 dev.py check          format, lint, types, import contracts, migrations, docs
    python3 dev.py bench NAME     one of the programs in bench/
    python3 dev.py drill NAME     one of the programs in drills/
    python3 dev.py nep …          the `nep` command line
    python3 dev.py env            only make the environment
    python3 dev.py clean          remove the environment and the local data
"""

import contextlib
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PY = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "nep-stamp.txt"
DATA = ROOT / "var"
LOCKS = {
    "run": ROOT / "requirements" / "run.txt",
    "test": ROOT / "requirements" / "test.txt",
}


def sh(*args, **options):
    """Run one program in the project's folder; raise when it fails."""
    return subprocess.run([str(arg) for arg in args], check=True, cwd=ROOT, **options)


@contextlib.contextmanager
def one_at_a_time():
    """Hold a lock so that two runs started together do not build one environment twice."""
    lock = ROOT / ".venv.lock"
    for _ in range(1200):
        try:
            handle = os.open(lock, os.O_CREAT | os.O_EXCL | os.O_WRONLY)
            break
        except FileExistsError:
            with contextlib.suppress(OSError):
                if time.time() - lock.stat().st_mtime > 600:
                    lock.unlink()
            time.sleep(0.5)
    else:
        sys.exit(
            "Một lần chạy khác đang dựng môi trường quá lâu. Hãy xóa tệp .venv.lock rồi thử lại."
        )
    try:
        yield
    finally:
        os.close(handle)
        lock.unlink(missing_ok=True)


def wanted_stamp(kind):
    """Name the exact content of an environment: lock file and interpreter."""
    digest = hashlib.sha256(LOCKS[kind].read_bytes()).hexdigest()
    return f"{kind} {digest} {sys.version_info[:3]}"


def is_ready(kind):
    """Say whether .venv already holds what `kind` needs; a test environment covers a run."""
    if not PY.exists() or not STAMP.exists():
        return False
    stamp = STAMP.read_text(encoding="utf-8")
    kinds = ("run", "test") if kind == "run" else ("test",)
    return any(stamp == wanted_stamp(one) for one in kinds)


def make_venv():
    """Make an empty .venv and return the pip command that fills it."""
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        sh(sys.executable, "-m", "venv", "--clear", VENV, **quiet)
        return [PY, "-m", "pip"]
    except subprocess.CalledProcessError:  # Debian without python3-venv
        sh(sys.executable, "-m", "venv", "--clear", "--without-pip", VENV)
        return [sys.executable, "-m", "pip", "--python", PY]


def install(kind):
    """Fill .venv from the hashed lock, by uv when it can be had, else by pip alone."""
    print("Đang dựng môi trường (chỉ lần đầu)…", flush=True)
    lock = LOCKS[kind]
    secure = ["--only-binary", ":all:", "--require-hashes"]
    wheels = os.environ.get("NEP_WHEELS")  # a folder of wheels for machines without a network
    offline = ["--no-index", "--find-links", wheels] if wheels else []
    pip = [*make_venv(), "install", "--quiet", "--disable-pip-version-check", *secure, *offline]
    try:
        sh(*pip, "-r", ROOT / "tools" / "uv.txt", stderr=subprocess.DEVNULL)
        uv = BIN / ("uv.exe" if os.name == "nt" else "uv")
        compiled = ["--compile-bytecode"] if kind == "test" else []  # many processes load it there
        sh(uv, "pip", "sync", "--quiet", *compiled, *secure, *offline, "--python", PY, lock)
    except (subprocess.CalledProcessError, OSError):
        sh(*pip, "-r", lock)
    STAMP.write_text(wanted_stamp(kind), encoding="utf-8")


def ensure(kind):
    """Have the environment for `kind` ready, in a fraction of a second when nothing changed."""
    if is_ready(kind):
        return
    with one_at_a_time():
        if not is_ready(kind):
            install(kind)


def ensure_rivals():
    """Lay what benchmarks stand beside over the environment of the tests; go on without it."""
    lock = ROOT / "requirements" / "bench.txt"
    mark = VENV / "nep-bench.txt"
    wanted = f"{wanted_stamp('test')} {hashlib.sha256(lock.read_bytes()).hexdigest()}"
    if mark.exists() and mark.read_text(encoding="utf-8") == wanted:
        return
    wheels = os.environ.get("NEP_WHEELS")
    offline = ["--no-index", "--find-links", wheels] if wheels else []
    command = [BIN / ("uv.exe" if os.name == "nt" else "uv"), "pip", "install", "--python", PY]
    try:
        sh(*command, "--quiet", "--only-binary", ":all:", "--require-hashes", *offline, "-r", lock)
        mark.write_text(wanted, encoding="utf-8")
    except (subprocess.CalledProcessError, OSError):
        print("Không cài được thư viện để so sánh (requirements/bench.txt); đo không có chúng.")


def environment(**extra):
    """Return the process environment in which the project's code runs."""
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    return {
        **os.environ,
        "PYTHONPATH": path,
        "PYTHONUTF8": "1",
        "DJANGO_SETTINGS_MODULE": "nep.config.settings",
        **extra,
    }


def inside(*args, **extra):
    """Run a Python command line inside .venv and leave with its exit code.

    Where that is possible this process becomes it: who stops the one stops the other.
    """
    command = [str(PY), *[str(arg) for arg in args]]
    if os.name == "posix":
        sys.stdout.flush()
        os.chdir(ROOT)
        os.execve(command[0], command, environment(**extra))
    try:
        return subprocess.run(command, cwd=ROOT, env=environment(**extra), check=False).returncode
    except KeyboardInterrupt:
        return 0


def run(arguments):
    """Start everything: database, reference data, demonstration, web server and worker."""
    ensure("run")
    DATA.mkdir(exist_ok=True)
    return inside("-m", "nep.config.cli", "try", *arguments)


def test(arguments):
    """Run the tests on SQLite, then on PostgreSQL where a server can be had."""
    ensure("test")
    return inside(ROOT / "tools" / "test.py", *arguments)


def check(arguments):
    """Run every static check."""
    ensure("test")
    return inside(ROOT / "tools" / "check.py", *arguments)


def bench(arguments):
    """Run one program of bench/ by its name."""
    return program("bench", arguments)


def drill(arguments):
    """Run one program of drills/ by its name."""
    return program("drills", arguments)


def program(folder, arguments):
    """Run one program of a folder by its name, beside the libraries it compares with."""
    ensure("test")
    names = sorted(path.stem for path in (ROOT / folder).glob("[a-z]*.py"))
    if not arguments or arguments[0] not in names:
        print("Chọn một trong:", ", ".join(names))
        return 2
    ensure_rivals()
    return inside(ROOT / folder / f"{arguments[0]}.py", *arguments[1:])


def nep(arguments):
    """Run the `nep` command line."""
    ensure("run")
    return inside("-m", "nep.config.cli", *arguments)


def env(_arguments):
    """Make the environment for tests and stop."""
    ensure("test")
    return 0


def clean(_arguments):
    """Remove the environment and the local data after asking once."""
    if sys.stdin.isatty() and input("Xóa .venv và var/ (dữ liệu thử)? [y/N] ").lower() != "y":
        return 1
    for folder in (VENV, DATA):
        shutil.rmtree(folder, ignore_errors=True)
    return 0


COMMANDS = {f.__name__: f for f in (run, test, check, bench, drill, nep, env, clean)}


def main():
    """Read the command line and leave with the exit code of what ran."""
    if sys.version_info < (3, 11):
        major, minor = sys.version_info[:2]
        sys.exit(f"Nếp cần Python 3.11 trở lên. Máy này có Python {major}.{minor}.")
    if len(sys.argv) < 2 or sys.argv[1] not in COMMANDS:
        print(__doc__.replace(" Standard library only.", ""))
        sys.exit(2)
    sys.exit(COMMANDS[sys.argv[1]](sys.argv[2:]))


if __name__ == "__main__":
    main()
