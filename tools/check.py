"""Every static check, in one go: format, lint, types, import contracts, migrations, docs."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable
BIN = Path(PYTHON).parent


def steps() -> list[tuple[str, list[str]]]:
    """Return (what is checked, command)."""
    django = [PYTHON, "-m", "django"]
    return [
        ("định dạng", [str(BIN / "ruff"), "format", "--check", "."]),
        ("lỗi viết", [str(BIN / "ruff"), "check", "."]),
        ("kiểu", [PYTHON, "-m", "mypy"]),
        ("ranh giới", [str(BIN / "lint-imports"), "--config", ".importlinter"]),
        ("cấu hình", [*django, "check", "--fail-level", "WARNING"]),
        ("chuyển đổi dữ liệu", [*django, "makemigrations", "--check", "--dry-run"]),
        ("triển khai", [*django, "check", "--deploy", "--fail-level", "WARNING"]),
        ("tài liệu", [PYTHON, "tools/check_docs.py"]),
    ]


def main() -> int:
    """Run all checks, print each verdict, and fail when one failed."""
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        for name, command in steps():
            environment = {**os.environ, "NEP_DATA": folder}
            if name == "triển khai":
                environment |= {"NEP_HTTPS": "1", "NEP_SECRET_KEY": os.urandom(40).hex()}
            done = subprocess.run(
                command, cwd=ROOT, env=environment, capture_output=True, text=True
            )
            verdict = "đạt" if done.returncode == 0 else "HỎNG"
            print(f"{name:<20} {verdict}", flush=True)
            if done.returncode:
                failed.append(name)
                print(done.stdout[-6000:] + done.stderr[-3000:])
    print("Mọi kiểm tra đều đạt." if not failed else f"Không đạt: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
